"""Which creators are compared, and whether a respondent rates one or each of them.

In: mappings as they stand in a survey definition. Out: validated, frozen records.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.wording import STRICT, Code, Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Referent:
    """Whom the items are about.

    Attributes
    ----------
    id : str
        Code, which ends the codes of what is asked about this one.
    name : Text
        Short name for tables.
    introduction : Text
        What the respondent reads before rating this one.
    """

    id: Code
    name: Text
    introduction: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Comparison:
    """A comparison of the same items between two creators or more.

    Attributes
    ----------
    design : {"between", "within"}
        Each respondent rates one of them, or each of them.
    referents : tuple of Referent
        Whom the items are about, at least two.
    group : str, optional
        Between: code of the question that says which one; its option k stands for the
        k-th referent.
    order : str, optional
        Within: code of the question that says which one was rated first, coded alike.
    manipulation_checks : tuple of str
        Codes of the questions that tell whether the creators were seen as different.
    asked_of_each : tuple of str
        Codes of the other questions about the creator, which within subjects are asked
        once for each, like all items.
    """

    design: Literal["between", "within"]
    referents: Annotated[tuple[Referent, ...], Field(min_length=2)]
    group: Code | None = None
    order: Code | None = None
    manipulation_checks: tuple[Code, ...] = ()
    asked_of_each: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_design_needs(self) -> Self:
        names = [referent.id for referent in self.referents]
        if len(set(names)) < len(names):
            refuse([Problem(("referents",), "two referents have one code; rename one")])
        if self.design == "between" and self.group is None:
            said = "name the question that says which one a respondent rates"
            refuse([Problem(("group",), said)])
        stray = "order" if self.design == "between" else "group"
        if getattr(self, stray) is not None:
            refuse([Problem((stray,), f"has no place in a {self.design} design")])
        return self

    @property
    def repeated(self) -> tuple[str, ...]:
        """Codes of the questions that within subjects are asked about each."""
        return (*self.manipulation_checks, *self.asked_of_each)
