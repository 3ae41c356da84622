"""How a study's model is fitted: the key ``estimation`` of a study file.

In: what stands below the key. Out: a frozen `Estimation`. Which choices go together is
known to `kocsem.model.options` alone; here its answer gets a place in the file.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator
from pydantic.dataclasses import dataclass

from kocsem.errors import UnsupportedError
from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.wording import STRICT, Code
from kocsem.model.options import Options, resolve
from kocsem.study.later import refuse_later_choice, refuse_later_keys

Estimator = Literal[
    "ML",
    "MLR",
    "MLM",
    "MLMV",
    "GLS",
    "ULS",
    "WLSMV",
    "WLSM",
    "DWLS",
    "ULSMV",
    "ULSM",
]
Missing = Literal["listwise", "fiml", "pairwise"]

Items = Annotated[tuple[Code, ...], Field(min_length=1)]


def _kind(value: object) -> str:
    """Tell a list of items from a plain yes or no."""
    return "items" if isinstance(value, list | tuple) else "all"


Ordered = Annotated[
    Annotated[bool, Tag("all")] | Annotated[Items, Tag("items")], Discriminator(_kind)
]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Estimation:
    """How the model is fitted.

    Attributes
    ----------
    estimator : str, optional
        ``"ML"``, the default, or ``"GLS"`` or ``"ULS"``; ``"MLR"``, ``"MLM"`` and
        ``"MLMV"`` with robust standard errors and tests; for ordered items
        ``"WLSMV"``, their default, ``"WLSM"``, ``"DWLS"``, ``"ULSMV"``, ``"ULSM"``,
        ``"ULS"``.
    engine : {"kocsem", "semopy"}
        Which program minimises the discrepancy.
    missing : {"listwise", "fiml", "pairwise"}
        Answer sheets with an unanswered model item are left out, and counted; or they
        are kept, by full-information maximum likelihood (ML, MLR), or pair by pair
        (ordered items).
    ordered : bool or tuple of str
        Items whose answers are ordered categories and not numbers; true for all items
        that the model explains.
    fixed_x : bool
        Keep the moments of observed predictors at the sample's; false models them as
        continuous variables.
    std_lv : bool
        Scale latent variables by variance 1 in place of a loading of 1.
    meanstructure : bool
        Estimate intercepts.
    cross_check : bool
        Fit the model with the second engine as well and compare.

    Examples
    --------
    >>> Estimation(ordered=True).options.estimator
    'WLSMV'
    """

    estimator: Estimator | None = None
    engine: Literal["kocsem", "semopy"] = "kocsem"
    missing: Missing = "listwise"
    ordered: Ordered = False
    fixed_x: bool = True
    std_lv: bool = False
    meanstructure: bool = False
    cross_check: bool = False

    _later_keys = model_validator(mode="before")(refuse_later_keys)
    _later_choices = field_validator("estimator", "missing", mode="before")(
        refuse_later_choice
    )

    @field_validator("ordered", mode="before")
    @classmethod
    def _true_or_items(cls, value: Any) -> Any:
        if isinstance(value, bool | list | tuple) and value != []:
            return value
        raise ValueError("must be true, or a list with the codes of the ordered items")

    @model_validator(mode="after")
    def _choices_go_together(self) -> Self:
        try:
            _ = self.options
        except UnsupportedError as error:
            refuse([Problem((_odd_one(self),), str(error).removesuffix("."))])
        return self

    @property
    def options(self) -> Options:
        """What the choices stand for, defaults filled in."""
        return resolve(
            estimator=self.estimator,
            se=None,
            test=None,
            missing=self.missing,
            engine=self.engine,
            columns={"group": None, "cluster": None, "weights": None},
            flags={
                "ordered": bool(self.ordered),
                "std_lv": self.std_lv,
                "meanstructure": self.meanstructure,
                "fixed_x": self.fixed_x,
            },
        )


def _odd_one(estimation: Estimation) -> str:
    """Name the key that stands out among choices that exclude each other."""
    usual = {"missing": "listwise", "engine": "kocsem", "estimator": None}
    return next(
        (key for key, value in usual.items() if getattr(estimation, key) != value),
        "ordered",
    )
