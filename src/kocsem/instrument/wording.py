"""Words in two languages, answer scales, and the small types every part is made of.

In: strings and mappings as they stand in a survey definition. Out: validated, frozen
records; one plain string stands for both languages, one number for a bare scale.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from kocsem.instrument.problems import Problem, refuse

#: Every record of a file refuses keys that it does not know.
STRICT = ConfigDict(extra="forbid")

Language = Literal["zh", "en"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$", description="A short code")
]
Section = Annotated[
    str, Field(pattern=r"^\d+(\.\d+)*$", description="A section of Cai et al. (2025)")
]


def with_short_form(
    schema: JsonSchemaValue, handler: GetJsonSchemaHandler, short: JsonSchemaValue
) -> JsonSchemaValue:
    """Write into a definition that a short form may stand for the record.

    Parameters
    ----------
    schema : dict
        The JSON Schema of the record, as `handler` made it.
    handler : GetJsonSchemaHandler
        pydantic's handler.
    short : dict
        The JSON Schema of the short form.

    Returns
    -------
    dict
        `schema`, whose definition now allows either.
    """
    full = handler.resolve_ref_schema(schema)
    record = dict(full)
    full.clear()
    full.update(
        title=record.pop("title"),
        description=record.pop("description"),
        anyOf=[short, record],
    )
    return schema


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Text:
    """The same words in Chinese and in English; one plain string stands for both.

    Attributes
    ----------
    zh, en : str
        The words; never empty.

    Examples
    --------
    >>> Text(zh="信任", en="Trust").get("en")
    'Trust'
    """

    zh: Words
    en: Words

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"zh": value, "en": value} if isinstance(value, str) else value

    def get(self, language: Language) -> str:
        """Return the words in one language.

        Parameters
        ----------
        language : {"zh", "en"}
            The language wanted.

        Returns
        -------
        str
            The words.
        """
        return self.zh if language == "zh" else self.en

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow the plain string in the JSON Schema too."""
        return with_short_form(
            handler(core_schema), handler, {"type": "string", "minLength": 1}
        )


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Scale:
    """An answer scale with codes 1 to `points` in display order.

    Attributes
    ----------
    points : int
        Number of answer categories, 2 to 11; a plain number stands for a scale
        without worded categories.
    anchors : tuple of Text
        The words of every category, or empty where they are not known.
    """

    points: Annotated[int, Field(ge=2, le=11)]
    anchors: tuple[Text, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return {"points": value} if is_number else value

    @model_validator(mode="after")
    def _one_anchor_a_point(self) -> Self:
        if self.anchors and len(self.anchors) != self.points:
            said = f"{len(self.anchors)} anchors for {self.points} points"
            refuse([Problem(("anchors",), f"{said}; give one anchor for each point")])
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow the plain number in the JSON Schema too."""
        number = {"type": "integer", "minimum": 2, "maximum": 11}
        return with_short_form(handler(core_schema), handler, number)
