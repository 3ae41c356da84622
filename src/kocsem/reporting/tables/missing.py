"""Table of missing answers: how many by item, how many patterns, Little's test."""

from collections.abc import Iterator
from typing import Any

from kocsem.citations import cite_inside
from kocsem.data.coverage import covered_pairs
from kocsem.data.missing import MissingReport
from kocsem.findings import Unavailable
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import (
    Cell,
    Note,
    RowGroup,
    Table,
    label,
    number,
    probability,
    words,
)
from kocsem.reporting.tables.common import column, complete_sheets, records
from kocsem.reporting.words import TITLES
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
        One row a variable of the model; None when no answer is missing.
    """
    report = analysis.missing
    if report is None:
        return None
    return Table(
        key="missing",
        title=TITLES["missing"],
        columns=(
            column("item", "label"),
            column("answered", "count"),
            column("missing", "count"),
            column("missing_percent", "percent"),
        ),
        groups=(RowGroup(tuple(_row(row) for row in records(report.items))),),
        notes=tuple(_notes(report)),
        supplementary=True,
    )


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    item = str(row["item"])
    return (
        label(item, item),
        number(row["n"], "count"),
        number(row["missing"], "count"),
        number(row["percent"], "percent"),
    )


def _notes(report: MissingReport) -> Iterator[Note]:
    """Count sheets and patterns, name the worst pair, give Little's test."""
    counts = (report.nobs, complete_sheets(report), len(report.patterns))
    yield Note(NOTES["missing"], tuple(number(n, "count") for n in counts))
    pairs = covered_pairs(report.coverage, 1.0)
    if pairs:
        first, second, share = pairs[0]
        values = (words(first), words(second), number(100 * share, "percent"))
        yield Note(NOTES["coverage"], values)
    test = report.mcar
    if isinstance(test, Unavailable) or not test.df:
        yield Note(NOTES["no_little"])
        return
    yield Note(
        NOTES["little"],
        (
            number(test.df, "count"),
            number(test.chisq, "moment"),
            probability(test.pvalue),
            words(cite_inside(["little-1988"])),
        ),
    )
