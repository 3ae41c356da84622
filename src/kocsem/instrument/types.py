"""The survey definition as one frozen record.

In: the mapping read from ``surveys/*.yaml``. Out: an `Instrument` in which every code
is unique and every reference leads somewhere. The parts stand in `wording`,
`questions`, `theory`, `hypothesis` and `comparison`, and are offered from here as well.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import ArgsKwargs

from kocsem.instrument.agreement import (
    Asked,
    asked_with_path,
    disagreements,
    unknown,
)
from kocsem.instrument.comparison import Comparison, Referent
from kocsem.instrument.hypothesis import Hypothesis, HypothesisKind
from kocsem.instrument.problems import Problem, refuse
from kocsem.instrument.questions import (
    AttentionCheck,
    Block,
    Condition,
    Item,
    MarkerItem,
    Option,
    Question,
    Screener,
)
from kocsem.instrument.theory import (
    Construct,
    Handling,
    Provenance,
    Quality,
    SourceScale,
    Theory,
)
from kocsem.instrument.wording import STRICT, Code, Language, Scale, Text, Words

__all__ = [
    "AttentionCheck",
    "Block",
    "Comparison",
    "Condition",
    "Construct",
    "Handling",
    "Hypothesis",
    "HypothesisKind",
    "Instrument",
    "Item",
    "Language",
    "MarkerItem",
    "Option",
    "Provenance",
    "Quality",
    "Question",
    "Referent",
    "Scale",
    "Screener",
    "SourceScale",
    "Text",
    "Theory",
]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Instrument:
    """A questionnaire: what is measured, how it is asked, and what is expected.

    Attributes
    ----------
    id, version : str
        Name and version of the instrument.
    title : Text
        Title as the respondent reads it.
    introduction : Text, optional
        What the respondent reads first.
    theories : tuple of Theory
        Theories that the constructs come from.
    scale : Scale
        Answer scale of all rows unless a construct has its own.
    constructs, items : tuple of Construct, tuple of Item
        The measurement model.
    marker : tuple of MarkerItem
        Rows for common-method checks.
    screening, attention : tuple of Screener, tuple of AttentionCheck
        Who and which answer sheets belong to the study.
    demographics : tuple of Question
        Characteristics of the respondent, covariates included.
    blocks : tuple of Block
        The questionnaire in order; empty when the order is not known.
    hypotheses : tuple of Hypothesis
        What the study expects.
    comparison : Comparison, optional
        Which creators are compared, where the items are about more than one.
    quality : Quality
        Defaults of the data screening.
    provenance : Provenance, optional
        Where the wording comes from.

    Examples
    --------
    >>> trust = {"id": "TR", "name": "Trust", "items": ["TR1", "TR2", "TR3"]}
    >>> survey = Instrument(
    ...     id="s", version="1", title="A survey", scale=5, constructs=[trust]
    ... )
    >>> [item.id for item in survey.items_of("TR")]
    ['TR1', 'TR2', 'TR3']
    """

    id: Code
    version: Words
    title: Text
    introduction: Text | None = None
    provenance: Provenance | None = None
    theories: tuple[Theory, ...] = ()
    scale: Scale
    constructs: tuple[Construct, ...]
    items: tuple[Item, ...] = ()
    marker: tuple[MarkerItem, ...] = ()
    screening: tuple[Screener, ...] = ()
    attention: tuple[AttentionCheck, ...] = ()
    demographics: tuple[Question, ...] = ()
    blocks: tuple[Block, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    comparison: Comparison | None = None
    quality: Quality = Quality()

    @model_validator(mode="before")
    @classmethod
    def _gather_short_items(cls, value: Any) -> Any:
        if isinstance(value, ArgsKwargs):
            return ArgsKwargs(value.args, _with_short_items(value.kwargs or {}))
        return _with_short_items(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        refuse(disagreements(self))
        return self

    def construct(self, construct: str) -> Construct:
        """Return a construct by its code.

        Parameters
        ----------
        construct : str
            Code of the construct.

        Returns
        -------
        Construct
            The record.

        Raises
        ------
        KeyError
            If the instrument has no such construct.
        """
        for candidate in self.constructs:
            if candidate.id == construct:
                return candidate
        raise KeyError(unknown(construct, "construct", (c.id for c in self.constructs)))

    def items_of(self, construct: str, include: Iterable[str] = ()) -> tuple[Item, ...]:
        """Return the items of a construct, in order.

        Parameters
        ----------
        construct : str
            Code of the construct.
        include : iterable of str
            Codes of optional items that are wanted as well.

        Returns
        -------
        tuple of Item
            Its regular items and the optional ones named in `include`; a second-order
            construct has none.

        Raises
        ------
        KeyError
            If the instrument has no such construct.
        """
        self.construct(construct)
        wanted = set(include)
        return tuple(
            item
            for item in self.items
            if item.construct == construct and (not item.optional or item.id in wanted)
        )

    def scale_of(self, row: str) -> Scale:
        """Return the answer scale of an item, a marker item or an attention check.

        Parameters
        ----------
        row : str
            Code of the row.

        Returns
        -------
        Scale
            The construct's own scale if it has one, else the instrument's.

        Raises
        ------
        KeyError
            If no row of the battery has that code.
        """
        for item in self.items:
            if item.id == row:
                return self.construct(item.construct).scale or self.scale
        if row in self.likert_rows:
            return self.scale
        raise KeyError(unknown(row, "scale row", self.likert_rows))

    @property
    def asked(self) -> Mapping[str, Asked]:
        """All that is asked, by code, in the questionnaire's order."""
        by_code = {part.id: part for _, part in asked_with_path(self)}
        ordered = [code for block in self.blocks for code in block.items]
        return {code: by_code[code] for code in ordered or by_code}

    @property
    def likert_rows(self) -> tuple[str, ...]:
        """Codes of items, marker items and attention checks, in order."""
        asked = self.asked.items()
        return tuple(code for code, part in asked if not isinstance(part, Question))

    @property
    def known_columns(self) -> tuple[str, ...]:
        """Columns that a frame of answers can have, in order.

        A question with several answers has one 0/1 column for each option
        (``CAT_1``, ``CAT_2`` ...); free text has none.
        """
        columns: list[str] = []
        for code, part in self.asked.items():
            columns += part.columns if isinstance(part, Question) else (code,)
        return tuple(columns)


def _with_short_items(value: Mapping[str, Any]) -> dict[str, Any]:
    """Move ``constructs[].items`` (codes only) to the end of ``items``."""
    if "instrument" in value and "constructs" not in value:
        refuse([Problem((), "this is a study file, not a survey definition")])
    constructs, short = [], []
    for construct in value.get("constructs") or ():
        plain = construct
        if isinstance(construct, Mapping) and "items" in construct:
            plain = {key: part for key, part in construct.items() if key != "items"}
            codes = construct["items"]
            short += [
                {"id": code, "construct": construct.get("id")}
                for code in (codes if isinstance(codes, list | tuple) else [codes])
            ]
        constructs.append(plain)
    if not short:
        return dict(value)
    items = [*(value.get("items") or ()), *short]
    return {**value, "constructs": constructs, "items": items}
