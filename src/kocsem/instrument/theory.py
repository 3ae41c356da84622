"""What is measured, by which theory, and what counts as usable.

In: mappings as they stand in a survey definition. Out: validated, frozen records. A
record knows only itself; what must agree between them is checked in
`kocsem.instrument.agreement`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.dataclasses import dataclass
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.wording import (
    STRICT,
    Code,
    Scale,
    Section,
    Text,
    Words,
    with_short_form,
)

Handling = Literal["drop", "flag", "keep"]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Theory:
    """A theory that constructs come from.

    Attributes
    ----------
    id : str
        Code that constructs refer to.
    name : Text
        Its name.
    source : str
        The publication, cited in full.
    """

    id: Code
    name: Text
    source: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class SourceScale:
    """A published scale of a construct: cited, never copied.

    Attributes
    ----------
    citation : str
        The publication, cited in full; a plain string stands for it alone.
    status : {"verified", "unverified"}
        Whether the publication, or its published abstract, was looked up for this
        citation. No figure of an unverified scale is ever printed.
    note : str, optional
        What to know about it.
    """

    citation: Words
    status: Literal["verified", "unverified"] = "unverified"
    note: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"citation": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow the plain string in the JSON Schema too."""
        words = {"type": "string", "minLength": 1}
        return with_short_form(handler(core_schema), handler, words)


_SHORT_ITEMS = ConfigDict(
    extra="forbid",
    json_schema_extra=lambda schema: schema["properties"].update(
        items={
            "description": "Codes of items without wording (short form)",
            "type": "array",
            "items": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.]*$"},
        }
    ),
)


@dataclass(frozen=True, kw_only=True, config=_SHORT_ITEMS)
class Construct:
    """A latent variable.

    Attributes
    ----------
    id : str
        Code, used as the name in models.
    name : Text
        Name for tables.
    definition : Text, optional
        What it means, in the instrument's own words.
    theory : str, optional
        Code of a theory.
    strand : Text, optional
        The part of that theory, such as the relational side of social capital.
    sections : tuple of str
        Sections of Cai et al. (2025) that it comes from.
    source_scales : tuple of SourceScale
        Published scales that measure it.
    scale : Scale, optional
        Answer scale of its items where it differs from the instrument's.
    level : {"first", "second"}
        Measured by items, or by other constructs, its dimensions.
    kind : {"reflective", "composite"}
        Causes its items, or is made up of them.
    dimensions : tuple of str
        Codes of the first-order constructs of a second-order one, at least two.

    Notes
    -----
    In a file, ``items: [PAR1, PAR2]`` inside a construct is the short form of items
    that have a code and no wording; they end up in ``Instrument.items``.
    """

    id: Code
    name: Text
    definition: Text | None = None
    theory: str | None = None
    strand: Text | None = None
    sections: tuple[Section, ...] = ()
    source_scales: tuple[SourceScale, ...] = ()
    scale: Scale | None = None
    level: Literal["first", "second"] = "first"
    kind: Literal["reflective", "composite"] = "reflective"
    dimensions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_level_needs(self) -> Self:
        if self.level == "first" and self.dimensions:
            said = "only a second-order construct has dimensions; add 'level: second'"
            refuse([Problem(("dimensions",), said)])
        if self.level == "second" and len(set(self.dimensions)) < 2:
            said = "a second-order construct needs two dimensions or more"
            refuse([Problem(("dimensions",), said)])
        return self


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Quality:
    """What counts as a usable answer sheet; a study may override each value.

    Attributes
    ----------
    instructed, infrequency : {"drop", "flag", "keep"}
        What happens to answer sheets that fail an attention check of that kind.
    speed : {"drop", "flag", "keep"}
        What happens to answer sheets that were filled in too fast.
    min_seconds_per_item : float
        Fewer seconds than this per scale row is too fast to have been read; 0 turns
        the rule off.
    straightlining : {"drop", "flag", "keep"}
        What happens to answer sheets with one answer almost throughout.
    max_same_share : float
        Largest share of scale rows that may carry one and the same answer.
    longstring : {"drop", "flag", "keep"}
        What happens to answer sheets with a long run of one answer.
    max_longstring : int, optional
        Longest run of one and the same answer that is still believed; without it no
        run is too long.
    irv : {"drop", "flag", "keep"}
        What happens to answer sheets whose answers hardly vary.
    min_irv : float, optional
        Smallest standard deviation of a respondent's answers that is still believed;
        without it none is too small.
    duplicates : {"drop", "flag", "keep"}
        What happens to sheets with the origin and all answers of an earlier one.
    same_answers : {"drop", "flag", "keep"}, optional
        What happens to sheets with the scale answers of an earlier one, wherever they
        come from; by default flagged, or kept where duplicates are.
    same_origin : {"flag", "keep"}, optional
        Whether sheets with the origin of an earlier one are pointed out; by default
        they are, unless duplicates are kept.
    missing : {"drop", "flag", "keep"}
        What happens to answer sheets with too many unanswered items.
    missing_share : float
        Largest share of model items that may be unanswered.
    contradictions : {"drop", "flag", "keep"}
        What happens to answer sheets that agree, or disagree, with an item and with
        its reverse.
    contradiction_points : int, optional
        Gap between an answer and a reversed one, turned round, from which the two
        contradict each other; by default two less than the scale has points.
    mahalanobis : {"drop", "flag", "keep"}
        What happens to answer sheets that lie far from all others.
    mahalanobis_p : float
        Smallest probability of a squared Mahalanobis distance that is still believed.
    """

    instructed: Handling = "drop"
    infrequency: Handling = "drop"
    speed: Handling = "drop"
    min_seconds_per_item: Annotated[float, Field(ge=0)] = 2.0
    straightlining: Handling = "drop"
    max_same_share: Annotated[float, Field(gt=0, le=1)] = 0.95
    longstring: Handling = "drop"
    max_longstring: Annotated[int, Field(ge=2)] | None = None
    irv: Handling = "flag"
    min_irv: Annotated[float, Field(gt=0)] | None = None
    duplicates: Handling = "drop"
    same_answers: Handling | None = None
    same_origin: Literal["flag", "keep"] | None = None
    missing: Handling = "drop"
    missing_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    contradictions: Handling = "flag"
    contradiction_points: Annotated[int, Field(ge=1)] | None = None
    mahalanobis: Handling = "flag"
    mahalanobis_p: Annotated[float, Field(gt=0, lt=1)] = 0.001


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Provenance:
    """Where the wording comes from and how it may be used.

    Attributes
    ----------
    original_wording : bool
        The items were written for this instrument, not copied from a scale.
    licence : str, optional
        Licence of the wording.
    source : str, optional
        The publication or data set that the instrument rests on.
    note : str, optional
        Anything else a user must know.
    """

    original_wording: bool
    licence: Words | None = None
    source: Words | None = None
    note: Words | None = None
