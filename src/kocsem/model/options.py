"""The options of a fit, checked once, where the user's call enters.

In: the keyword arguments of sem() and cfa(). Out: one frozen `Options`. An option that
kocsem knows but does not offer yet is an `UnsupportedError`, never ignored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from kocsem.errors import KocsemError, UnsupportedError

Engine = Literal["kocsem", "semopy"]
Choice = TypeVar("Choice", bound=str)

ENGINES: tuple[Engine, ...] = ("kocsem", "semopy")
MISSING = ("listwise", "pairwise", "fiml")
FULL_INFORMATION = ("fiml", "ml", "direct")  # lavaan's words for one thing

_NOT_OFFERED: Mapping[str, tuple[Any, ...]] = {"bootstrap": (None,)}


@dataclass(frozen=True, slots=True)
class Estimator:
    """What an estimator's name stands for.

    Attributes
    ----------
    discrepancy : {"ML", "GLS", "ULS", "DWLS"}
        What is minimised.
    se : str
        Kind of standard errors.
    test : str
        Kind of test.
    """

    discrepancy: str
    se: str
    test: str


#: The estimators of continuous items, by lavaan's names and with its defaults.
ESTIMATORS: Mapping[str, Estimator] = {
    "ML": Estimator("ML", "standard", "standard"),
    "MLR": Estimator("ML", "robust_huber_white", "yuan_bentler_mplus"),
    "MLM": Estimator("ML", "robust_sem", "satorra_bentler"),
    "MLMV": Estimator("ML", "robust_sem", "scaled_shifted"),
    "GLS": Estimator("GLS", "standard", "standard"),
    "ULS": Estimator("ULS", "robust_sem_nt", "standard"),
    "WLSMV": Estimator("DWLS", "robust_sem", "scaled_shifted"),
    "WLSM": Estimator("DWLS", "robust_sem", "satorra_bentler"),
    "DWLS": Estimator("DWLS", "robust_sem", "standard"),
    "ULSMV": Estimator("ULS", "robust_sem", "scaled_shifted"),
    "ULSM": Estimator("ULS", "robust_sem", "satorra_bentler"),
}
STANDARD_ERRORS = ("standard", "robust_sem", "robust_sem_nt", "robust_huber_white")
TESTS = ("standard", "satorra_bentler", "scaled_shifted", "yuan_bentler_mplus")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked of a fit.

    Attributes
    ----------
    estimator : str
        A key of `ESTIMATORS`.
    discrepancy : {"ML", "GLS", "ULS", "DWLS"}
        What is minimised.
    se : str
        Kind of standard errors.
    test : str
        Kind of test of the model.
    engine : {"kocsem", "semopy"}
        Who minimises the discrepancy.
    missing : str
        ``"listwise"``, ``"pairwise"`` or ``"fiml"``.
    ordered : bool
        Whether there are ordered items.
    std_lv, meanstructure, fixed_x : bool
        As in lavaan.
    group, cluster, weights : str or None
        Columns of the data that say how the rows came about.
    bounds : str
        A key of `kocsem.model.bounds.PROFILES`, or ``"none"``.
    """

    estimator: str = "ML"
    discrepancy: str = "ML"
    se: str = "standard"
    test: str = "standard"
    engine: Engine = "kocsem"
    missing: str = "listwise"
    ordered: bool = False
    std_lv: bool = False
    meanstructure: bool = False
    fixed_x: bool = True
    group: str | None = None
    cluster: str | None = None
    weights: str | None = None
    bounds: str = "none"

    @property
    def robust(self) -> bool:
        """Whether inference needs the cases, not only their moments."""
        return (self.se, self.test) != ("standard", "standard")

    @property
    def moment_based(self) -> bool:
        """Whether inference needs the asymptotic covariance of the moments."""
        shifted = self.test in ("satorra_bentler", "scaled_shifted")
        return self.se == "robust_sem" or shifted


def resolve(
    *,
    estimator: str | None,
    se: str | None,
    test: str | None,
    missing: str,
    engine: str,
    columns: Mapping[str, str | None],
    flags: Mapping[str, object],
) -> Options:
    """Check the choices of a call and fill in what they imply.

    Parameters
    ----------
    estimator, se, test, missing, engine : str
        As in `kocsem.sem`. Without an estimator it is WLSMV for ordered items and else
        ML.
    columns : mapping
        Columns of the data for ``group``, ``cluster`` and ``weights``, or None.
    flags : mapping
        ``ordered``, ``std_lv``, ``fixed_x`` and ``meanstructure``, the last None for
        the default.

    Returns
    -------
    Options
        With clusters or weights, ML is followed by the inference of MLR, and clusters
        bring a mean structure, as in lavaan; weights make the inference of GLS and ULS
        robust as well.

    Raises
    ------
    UnsupportedError
        When a choice is not offered.
    KocsemError
        When a flag is neither True nor False.
    """
    ordered = bool(flags["ordered"])
    if estimator is None:
        estimator = "WLSMV" if ordered else "ML"
    estimator = recognise("estimator", estimator, tuple(ESTIMATORS))
    missing = recognise("missing", missing, (*MISSING, *FULL_INFORMATION))
    missing = "fiml" if missing in FULL_INFORMATION else missing
    chosen = _defaults(estimator, ordered, columns)
    means = flags["meanstructure"]
    if means is None:
        means = bool(columns["cluster"])
    options = Options(
        estimator=estimator,
        discrepancy=chosen.discrepancy,
        ordered=ordered,
        se=chosen.se if se is None else recognise("se", se, STANDARD_ERRORS),
        test=chosen.test if test is None else recognise("test", test, TESTS),
        engine=recognise("engine", engine, ENGINES),
        missing=missing,
        std_lv=check_flag("std_lv", flags["std_lv"]),
        meanstructure=check_flag("meanstructure", means)
        or missing == "fiml"
        or ordered,
        # least squares takes covariates as random, as in lavaan
        fixed_x=check_flag("fixed_x", flags["fixed_x"])
        and (chosen.discrepancy == "ML" or ordered),
        group=columns["group"],
        cluster=columns["cluster"],
        weights=columns["weights"],
    )
    _check_together(options)
    return options


def _defaults(
    estimator: str, ordered: bool, columns: Mapping[str, str | None]
) -> Estimator:
    """Return what an estimator stands for, given how the rows came about."""
    chosen = ESTIMATORS[estimator]
    if estimator == "ML" and (columns["cluster"] or columns["weights"]):
        return ESTIMATORS["MLR"]
    if estimator == "ULS" and ordered:
        return replace(chosen, se="robust_sem")
    if estimator in ("GLS", "ULS") and columns["weights"]:
        return replace(chosen, se="robust_sem", test="satorra_bentler")
    return chosen


def _check_together(options: Options) -> None:
    """Refuse choices that exclude each other."""
    asked = f"estimator={options.estimator!r}, se={options.se!r}, test={options.test!r}"
    for applies, reason in (*_about_items(options), *_about_rows(options)):
        if applies:
            raise UnsupportedError(f"{asked} {reason}.")


def _about_items(options: Options) -> tuple[tuple[bool, str], ...]:
    """List what excludes each other for ordered and for continuous items."""
    likelihood, ordered = options.discrepancy == "ML", options.ordered
    scores = options.se == "robust_huber_white" or options.test == "yuan_bentler_mplus"
    return (
        (
            options.missing == "pairwise" and not ordered,
            "do not go with missing='pairwise', which is for ordered items",
        ),
        (
            ordered and (likelihood or options.discrepancy == "GLS"),
            "treat items as continuous; for ordered items ask for WLSMV",
        ),
        (
            options.discrepancy == "DWLS" and not ordered,
            "are for ordered items; name them in ordered=",
        ),
        (scores and not likelihood, "do not go together: only ML has casewise scores"),
        (
            options.se == "robust_sem_nt" and (likelihood or ordered),
            "do not go together: robust_sem_nt is for ULS of continuous items",
        ),
    )


def _about_rows(options: Options) -> tuple[tuple[bool, str], ...]:
    """List what excludes each other for how the rows came about, and the engine."""
    likelihood, fiml = options.discrepancy == "ML", options.missing == "fiml"
    semopy = options.engine == "semopy"
    return (
        (
            fiml and (options.moment_based or not likelihood),
            "need complete rows; with missing='fiml' ask for ML or MLR",
        ),
        (
            semopy and (fiml or not likelihood),
            "are kocsem's own; engine='semopy' fits complete rows by ML only",
        ),
        (
            semopy and bool(options.group or options.cluster or options.weights),
            "come from kocsem with group=, cluster= and sampling_weights=; "
            "engine='semopy' fits one group of rows that count alike",
        ),
        (
            bool(options.cluster) and (not likelihood or options.moment_based),
            "do not know of clusters; with cluster= ask for MLR",
        ),
        (
            bool(options.weights) and fiml and options.se == "standard",
            "do not know of weights; with sampling_weights= ask for MLR",
        ),
    )


def as_names(name: str, given: object) -> tuple[str, ...]:
    """Read a list of words, or a single one.

    Parameters
    ----------
    name : str
        The option.
    given : object
        What the user gave.

    Returns
    -------
    tuple of str
        Empty for None.

    Raises
    ------
    KocsemError
        When it holds something else than text.
    """
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    words = tuple(given) if isinstance(given, Iterable) else (given,)
    if all(isinstance(word, str) for word in words):
        return words
    raise KocsemError(f"{name} takes a list of texts, not {given!r}.")


def recognise(name: str, value: str, choices: tuple[Choice, ...]) -> Choice:
    """Check a choice by name, whatever its case and with dots for underscores.

    Parameters
    ----------
    name : str
        The option.
    value : str
        What the user gave, such as lavaan's ``"robust.sem"``.
    choices : tuple of str
        What is offered, in its one spelling.

    Returns
    -------
    str
        The value in its one spelling.

    Raises
    ------
    UnsupportedError
        When the value is not among the choices.
    """
    if isinstance(value, str):
        spelling = {choice.casefold(): choice for choice in choices}
        value = spelling.get(value.replace(".", "_").casefold(), value)
    return choose(name, value, choices)


def choose(name: str, value: str, choices: tuple[Choice, ...]) -> Choice:
    """Check a choice by name.

    Parameters
    ----------
    name : str
        The option.
    value : str
        What the user gave.
    choices : tuple of str
        What is offered, in its one spelling.

    Returns
    -------
    str
        The value.

    Raises
    ------
    UnsupportedError
        When the value is not among the choices.
    """
    for choice in choices:
        if isinstance(value, str) and value == choice:
            return choice
    spelling = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(str(value).casefold(), spelling, n=1, cutoff=0.5)
    hint = f" Did you mean {spelling[near[0]]!r}?" if near else ""
    offered = ", ".join(repr(choice) for choice in choices)
    raise UnsupportedError(
        f"{name}={value!r} is not offered; the choices are: {offered}.{hint}"
    )


def refuse_unoffered(given: Mapping[str, Any]) -> None:
    """Refuse arguments that are part of the interface but not offered yet.

    Parameters
    ----------
    given : mapping
        Argument names and values.

    Raises
    ------
    UnsupportedError
        Naming the first argument that asks for something not offered.
    """
    for name, neutral in _NOT_OFFERED.items():
        value = given.get(name)
        if not any(value is n or (value == n) is True for n in neutral):
            raise UnsupportedError(
                f"{name}={value!r} is not offered here; ask the fit: fit.bootstrap()."
            )


def check_flag(name: str, value: object) -> bool:
    """Check a yes/no option.

    Parameters
    ----------
    name : str
        The option.
    value : object
        What the user gave.

    Returns
    -------
    bool
        The value.

    Raises
    ------
    KocsemError
        When the value is neither True nor False.
    """
    if isinstance(value, bool):
        return value
    raise KocsemError(f"{name} must be True or False, not {value!r}.")
