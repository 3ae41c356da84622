"""Table of the items: mean, standard deviation, skewness, kurtosis, range."""

from collections.abc import Iterator
from typing import Any

from kocsem.assessment.records import NormalityTest
from kocsem.citations import cite_inside
from kocsem.findings import Unavailable
from kocsem.reporting.format import Kind
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
from kocsem.reporting.tables.common import (
    column,
    construct_cell,
    keeps_missing,
    records,
)
from kocsem.reporting.words import TITLES
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

#: Sources of the usual and of the strict limits of skewness and kurtosis.
_LIMITS = ("kline-2016", "west-finch-curran-1995")


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
    tested = not analysis.normality.items.empty
    owner = {item.id: item.construct for item in analysis.instrument.items}
    grouped: dict[str, list[tuple[Cell, ...]]] = {}
    for row in records(analysis.descriptives):
        grouped.setdefault(owner.get(row["item"], ""), []).append(_row(row))
    return Table(
        key="descriptives",
        title=TITLES["descriptives" if tested else "descriptives_only"],
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
        notes=(
            Note(NOTES["moments"], tuple(words(cite_inside([key])) for key in _LIMITS)),
            *((Note(NOTES["all_answers"]),) if keeps_missing(analysis) else ()),
            *_normality(analysis),
        ),
    )


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    item = str(row["item"])
    numbers = tuple(number(row[key], kind) for key, kind in _NUMBERS)
    return (label(item, item), *numbers)


def _normality(analysis: Analysis) -> Iterator[Note]:
    """Say what the tests of normality found, of each item and of all together."""
    found = analysis.normality
    if analysis.study.estimation.ordered:
        yield Note(NOTES["ordered_items"])
    if found.tested:
        yield Note(
            NOTES["shapiro_wilk"],
            (
                words(cite_inside(["shapiro-wilk-1965"])),
                number(found.rejected, "count"),
                number(found.tested, "count"),
            ),
        )
    if len(found.items) < 2:
        return
    skewness, kurtosis = found.mardia_skewness, found.mardia_kurtosis
    if isinstance(skewness, Unavailable) or isinstance(kurtosis, Unavailable):
        yield Note(NOTES["no_mardia"])
        return
    yield _mardia(found.nobs, skewness, kurtosis)
    test = found.henze_zirkler
    if isinstance(test, Unavailable):
        yield Note(NOTES["no_henze_zirkler"])
        return
    source = words(cite_inside(["henze-zirkler-1990"]))
    values = (number(test.value, "estimate"), probability(test.pvalue), source)
    yield Note(NOTES["henze_zirkler"], values)


def _mardia(nobs: int, skewness: NormalityTest, kurtosis: NormalityTest) -> Note:
    return Note(
        NOTES["mardia"],
        (
            number(nobs, "count"),
            number(skewness.value, "moment"),
            number(skewness.df, "count"),
            number(skewness.statistic, "moment"),
            probability(skewness.pvalue),
            number(kurtosis.value, "moment"),
            number(kurtosis.expected, "count"),
            number(kurtosis.statistic, "moment"),
            probability(kurtosis.pvalue),
            words(cite_inside(["mardia-1970"])),
        ),
    )
