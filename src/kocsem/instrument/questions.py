"""All that a respondent answers, and the blocks that put it in order.

In: mappings as they stand in a survey definition. Out: validated, frozen records. A
record knows only itself; what must agree between them is checked in
`kocsem.instrument.agreement`.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import ArgsKwargs

from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.wording import STRICT, Code, Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Item:
    """An indicator of a construct.

    Attributes
    ----------
    id : str
        Code, used as the column name.
    construct : str
        Code of the construct it measures.
    text : Text, optional
        Its wording; None when only the code is known.
    reverse : bool
        Worded against the construct, so that it must be recoded.
    optional : bool
        Asked, but in the model only when a study includes it.
    """

    id: Code
    construct: str
    text: Text | None = None
    reverse: bool = False
    optional: bool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MarkerItem:
    """An item with no theoretical tie to the constructs, for common-method checks.

    Attributes
    ----------
    id : str
        Code.
    text : Text, optional
        Its wording.
    """

    id: Code
    text: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Option:
    """One answer category of a question.

    Attributes
    ----------
    code : int
        Its number in display order, from 1.
    label : Text
        What the respondent reads.
    """

    code: Annotated[int, Field(ge=1)]
    label: Text


def _allow_bare_labels(schema: dict[str, Any]) -> None:
    """Write into the JSON Schema that an option may be its label alone."""
    words = {"type": "string", "minLength": 1}
    label = {
        "type": "object",
        "properties": {"zh": words, "en": words},
        "required": ["zh", "en"],
        "additionalProperties": False,
    }
    options = schema["properties"]["options"]
    options["items"] = {"anyOf": [words, label, options["items"]]}


_BARE_LABELS = ConfigDict(extra="forbid", json_schema_extra=_allow_bare_labels)


@dataclass(frozen=True, kw_only=True, config=_BARE_LABELS)
class Question:
    """A question that is not a scale item: demographics, covariates.

    Attributes
    ----------
    id : str
        Code.
    kind : {"single", "multi", "number", "text"}
        One option, several options, a number, or free text (never read).
    name : Text
        Short name for tables.
    text : Text
        What the respondent reads.
    options : tuple of Option
        Categories in display order, codes 1 to k; in a file a label alone will do.
    """

    id: Code
    kind: Literal["single", "multi", "number", "text"] = "single"
    name: Text
    text: Text
    options: tuple[Option, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _number_bare_labels(cls, value: Any) -> Any:
        if isinstance(value, ArgsKwargs):
            return ArgsKwargs(value.args, _with_codes(value.kwargs or {}))
        return _with_codes(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> Self:
        refuse(_option_problems(self))
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names of its answers: one, or one for each option of a multi."""
        if self.kind == "text":
            return ()
        if self.kind == "multi":
            return tuple(f"{self.id}_{option.code}" for option in self.options)
        return (self.id,)


@dataclass(frozen=True, kw_only=True, config=_BARE_LABELS)
class Screener(Question):
    """A question that decides whether a respondent belongs to the study.

    Attributes
    ----------
    accept : tuple of int
        Option codes that let the respondent in.
    consent : bool
        Asks for the respondent's consent.
    """

    consent: bool = False
    accept: Annotated[tuple[int, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _accepts_its_own_options(self) -> Self:
        codes = {option.code for option in self.options}
        stray = [code for code in self.accept if code not in codes]
        if stray:
            said = f"{_listed(stray)} is no option code of {self.id}"
            refuse([Problem(("accept",), f"{said}; its codes are {_listed(codes)}")])
        return self


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AttentionCheck:
    """A row of the battery that only an attentive reader answers as it asks.

    Attributes
    ----------
    id : str
        Code.
    kind : {"instructed", "infrequency"}
        Asks for one answer, or states what cannot be true.
    text : Text, optional
        Its wording.
    accept : tuple of int
        Codes of the scale that pass.
    """

    id: Code
    kind: Literal["instructed", "infrequency"]
    text: Text | None = None
    accept: Annotated[tuple[int, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Condition:
    """An earlier answer on which something depends.

    Attributes
    ----------
    question : str
        Code of a question with one answer.
    answers : tuple of int
        Its option codes under which the condition holds.
    """

    question: str
    answers: Annotated[tuple[int, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Block:
    """A stretch of the questionnaire, in the order that a respondent meets it.

    Attributes
    ----------
    id : str
        Code.
    kind : {"questions", "matrix", "note"}
        Single questions, one matrix whose rows share the scale, or words only.
    text : Text, optional
        The stem of a matrix, or the words of a note.
    items : tuple of str
        Codes of its rows or questions, in order.
    shown_if : Condition, optional
        The earlier answer on which it depends whether a respondent meets it.
    """

    id: Code
    kind: Literal["questions", "matrix", "note"]
    text: Text | None = None
    items: tuple[str, ...] = ()
    shown_if: Condition | None = None

    @model_validator(mode="after")
    def _holds_what_its_kind_needs(self) -> Self:
        if self.kind == "note" and self.items:
            refuse([Problem(("items",), "a note holds words only; remove its items")])
        if self.kind != "note" and not self.items:
            refuse([Problem(("items",), "list the codes of its questions in order")])
        if self.kind == "note" and self.text is None:
            refuse([Problem(("text",), "a note needs its words")])
        return self


def _with_codes(value: Mapping[str, Any]) -> dict[str, Any]:
    """Give options that are bare labels their position as code."""
    options = value.get("options")
    if not isinstance(options, list | tuple):
        return dict(value)
    return {
        **value,
        "options": [
            option if _is_coded(option) else {"code": position, "label": option}
            for position, option in enumerate(options, start=1)
        ],
    }


def _is_coded(option: object) -> bool:
    has_keys = isinstance(option, Mapping) and bool({"code", "label"} & set(option))
    return has_keys or isinstance(option, Option)


def _listed(values: Iterable[int]) -> str:
    return ", ".join(str(value) for value in sorted(values))


def _option_problems(question: Question) -> list[Problem]:
    """Hold the options against the kind: choices need them, coded 1 to k."""
    codes = [option.code for option in question.options]
    if question.kind in ("number", "text"):
        if codes:
            return [Problem(("options",), f"a {question.kind} question has none")]
        return []
    if len(codes) < 2:
        return [Problem(("options",), f"a {question.kind} question needs at least two")]
    if codes != list(range(1, len(codes) + 1)):
        said = f"codes {codes} must be 1 to {len(codes)} in display order"
        return [Problem(("options",), f"{said}, as survey platforms number them")]
    return []
