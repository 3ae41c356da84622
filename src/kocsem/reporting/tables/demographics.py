"""Table of who answered: counts and percentages of each characteristic."""

from typing import Any

from kocsem.instrument.types import Instrument, Question, Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number
from kocsem.reporting.tables.common import column, known, records, same
from kocsem.reporting.words import MISSING_ANSWER, TITLES
from kocsem.study.analysis import Analysis


def build(analysis: Analysis) -> Table | None:
    """Build the table.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One group of rows a characteristic; None when none was asked.
    """
    frame = analysis.demographics
    if frame.empty:
        return None
    questions = _questions(analysis.instrument)
    groups: list[RowGroup] = []
    several = False
    for variable, part in frame.groupby("variable", sort=False):
        question = questions.get(str(variable))
        several |= question is not None and question.kind == "multi"
        heading = label(_name(question, str(variable)), str(variable))
        rows = tuple(_row(question, row) for row in records(part))
        groups.append(RowGroup(rows, heading))
    notes = [Note(NOTES["percent"])]
    if several:
        notes.append(Note(NOTES["multiple"]))
    return Table(
        key="demographics",
        title=TITLES["demographics"],
        columns=(
            column("category", "label"),
            column("n", "count"),
            column("percent", "percent"),
        ),
        groups=tuple(groups),
        notes=tuple(notes),
    )


def _questions(instrument: Instrument) -> dict[str, Question]:
    return {q.id: q for q in (*instrument.demographics, *instrument.screening)}


def _name(question: Question | None, variable: str) -> Text:
    if question is None:
        return same(variable)
    if question.kind == "multi":
        return Text(zh=f"{question.name.zh}†", en=f"{question.name.en}†")
    return question.name


def _row(question: Question | None, row: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        _category(question, row["code"]),
        number(row["n"], "count"),
        number(row["percent"], "percent"),
    )


def _category(question: Question | None, code: Any) -> Cell:
    """Return the words of an option."""
    if not known(code):
        return label(MISSING_ANSWER, "missing")
    plain = f"{code:g}" if isinstance(code, float) else str(code)
    options = question.options if question is not None else ()
    words = {str(option.code): option.label for option in options}
    return label(words.get(plain) or same(plain), plain)
