"""What every column of a frame of answers means.

In: an instrument. Out: one `Variable` for each column that a frame of answers can have,
in its order, with all that a reader of the data needs to know about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kocsem.instrument.questionnaire import Entry, Page, Row, questionnaire
from kocsem.instrument.types import (
    AttentionCheck,
    Condition,
    Construct,
    Instrument,
    Item,
    MarkerItem,
    Question,
    Screener,
    Text,
)

VariableRole = Literal["item", "marker", "attention", "screener", "demographic"]
Measurement = Literal["ordinal", "categorical", "binary", "numeric"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a variable.

    Attributes
    ----------
    code : int
        The number in the data.
    label : Text
        What it stands for.
    """

    code: int
    label: Text


_TICKED = (
    Value(0, Text(zh="未选", en="not ticked")),
    Value(1, Text(zh="选中", en="ticked")),
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of a frame of answers.

    Attributes
    ----------
    code : str
        Name of the column.
    number : int
        Number of its question in the questionnaire.
    role : {"item", "marker", "attention", "screener", "demographic"}
        What it is for.
    measurement : {"ordinal", "categorical", "binary", "numeric"}
        What its values are.
    label : Text
        A short name: of a question its own, of a row its wording.
    question : Text
        What the respondent read.
    stem : Text or None
        What stood above it: the stem of a matrix, or a question with several answers.
    values : tuple of Value
        Values and their labels; empty for a number.
    construct : Construct or None
        What an item measures.
    reverse : bool
        Worded against the construct; recoded before analysis.
    optional : bool
        In the model only when a study includes it.
    accept : tuple of int
        Values that let a respondent in, or pass a check; empty when all do.
    shown_if : Condition or None
        The earlier answer on which it depends whether it is asked.
    """

    code: str
    number: int
    role: VariableRole
    measurement: Measurement
    label: Text
    question: Text
    stem: Text | None = None
    values: tuple[Value, ...] = ()
    construct: Construct | None = None
    reverse: bool = False
    optional: bool = False
    accept: tuple[int, ...] = ()
    shown_if: Condition | None = None


def variables(instrument: Instrument) -> tuple[Variable, ...]:
    """Describe every column that a frame of answers can have.

    Parameters
    ----------
    instrument : Instrument
        What is asked.

    Returns
    -------
    tuple of Variable
        In the order of ``instrument.known_columns``; free text has none.

    Raises
    ------
    InstrumentError
        If a row has no wording.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> [(v.code, v.role) for v in variables(load_instrument("koc_core"))][3:6]
    [('SC3', 'demographic'), ('CA1', 'item'), ('CA2', 'item')]
    """
    pages = questionnaire(instrument).pages
    return tuple(v for page in pages for v in _on_page(instrument, page))


def _on_page(instrument: Instrument, page: Page) -> Iterator[Variable]:
    for entry in page.entries:
        if entry.kind == "matrix":
            for row in entry.rows:
                yield _row(instrument, page, entry, row)
        elif entry.kind not in ("note", "text"):
            part = instrument.asked[entry.code]
            if isinstance(part, Question):
                yield from _of_question(page, entry, part)
            else:
                yield _row(instrument, page, entry, Row(entry.code, entry.text))


def _row(instrument: Instrument, page: Page, entry: Entry, row: Row) -> Variable:
    """Describe a row of the scale, in a matrix or alone."""
    part = instrument.asked[row.code]
    item = part if isinstance(part, Item) else None
    role: VariableRole = "attention"
    if item:
        role = "item"
    elif isinstance(part, MarkerItem):
        role = "marker"
    return Variable(
        code=row.code,
        number=entry.number,
        role=role,
        measurement="ordinal",
        label=row.text,
        question=row.text,
        stem=entry.text if entry.kind == "matrix" else None,
        values=_values(entry),
        construct=instrument.construct(item.construct) if item else None,
        reverse=item is not None and item.reverse,
        optional=item is not None and item.optional,
        accept=part.accept if isinstance(part, AttentionCheck) else (),
        shown_if=page.shown_if,
    )


def _of_question(page: Page, entry: Entry, part: Question) -> Iterator[Variable]:
    """Describe a question; of several answers each has a column."""
    screens = isinstance(part, Screener)
    plain = Variable(
        code=entry.code,
        number=entry.number,
        role="screener" if screens else "demographic",
        measurement="numeric" if entry.kind == "number" else "categorical",
        label=part.name,
        question=entry.text,
        values=_values(entry),
        accept=entry.accept,
        shown_if=page.shown_if,
    )
    if entry.kind != "multi":
        yield plain
        return
    for option, column in zip(entry.options, part.columns, strict=True):
        yield replace(
            plain,
            code=column,
            measurement="binary",
            label=_joined(part.name, option.label),
            question=option.label,
            stem=entry.text,
            values=_TICKED,
        )


def _values(entry: Entry) -> tuple[Value, ...]:
    return tuple(Value(option.code, option.label) for option in entry.options)


def _joined(one: Text, two: Text) -> Text:
    return Text(zh=f"{one.zh}：{two.zh}", en=f"{one.en}: {two.en}")
