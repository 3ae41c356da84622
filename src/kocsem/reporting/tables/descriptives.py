"""Table of the items: mean, standard deviation, skewness, kurtosis, range."""

from typing import Any

from kocsem.citations import cite
from kocsem.reporting.format import Kind
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number, words
from kocsem.reporting.tables.common import column, construct_cell, records
from kocsem.reporting.words import NOTES, TITLES
from kocsem.study.analysis import Analysis

_NUMBERS: tuple[tuple[str, Kind], ...] = (
    ("n", "count"),
    ("missing", "count"),
    ("mean", "moment"),
    ("sd", "moment"),
    ("skew", "moment"),
    ("kurtosis", "moment"),
    ("minimum", "count"),
    ("maximum", "count"),
)


def build(analysis: Analysis) -> Table:
    """Build the table.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table
        One row an item, grouped by construct.
    """
    owner = {item.id: item.construct for item in analysis.instrument.items}
    grouped: dict[str, list[tuple[Cell, ...]]] = {}
    for row in records(analysis.descriptives):
        grouped.setdefault(owner.get(row["item"], ""), []).append(_row(row))
    return Table(
        key="descriptives",
        title=TITLES["descriptives"],
        columns=(
            column("item", "label"),
            *(column(key, kind) for key, kind in _NUMBERS),
        ),
        groups=tuple(
            RowGroup(
                tuple(rows),
                construct_cell(analysis.instrument, code) if code else None,
            )
            for code, rows in grouped.items()
        ),
        notes=(Note(NOTES["moments"], (words(cite("kline-2016")),)),),
    )


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    item = str(row["item"])
    numbers = tuple(number(row[key], kind) for key, kind in _NUMBERS)
    return (label(item, item), *numbers)
