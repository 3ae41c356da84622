"""Table of discriminant validity: Fornell-Larcker and HTMT."""

import pandas as pd

from kocsem.citations import cite_inside
from kocsem.instrument.types import Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import (
    BLANK,
    Cell,
    Column,
    Note,
    RowGroup,
    Table,
    label,
    number,
    words,
)
from kocsem.reporting.tables.common import column, construct_cell, records
from kocsem.reporting.words import LABELS, TITLES
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
        Two panels of lower triangles; None with fewer than two constructs.
    """
    correlations = analysis.assessment.correlations
    codes = [str(code) for code in correlations.index]
    if len(codes) < 2:
        return None
    names = tuple(construct_cell(analysis.instrument, code) for code in codes)
    roots = _roots(analysis)
    first = RowGroup(
        _triangle(names, correlations, [roots[code] for code in codes]),
        label(LABELS["fornell_larcker"], "fornell_larcker"),
    )
    htmt = analysis.assessment.htmt.reindex(index=codes, columns=codes)
    second = RowGroup(
        _triangle(names, htmt, [BLANK] * len(codes))[1:], label(LABELS["htmt"], "htmt")
    )
    return Table(
        key="discriminant",
        title=TITLES["discriminant"],
        columns=(
            column("construct", "label"),
            *(Column(code, Text(zh=code, en=code), "bounded") for code in codes),
        ),
        groups=(first, second),
        notes=(
            Note(
                NOTES["discriminant"],
                (
                    words(cite_inside(["fornell-larcker-1981"])),
                    words(cite_inside(["henseler-ringle-sarstedt-2015"])),
                ),
            ),
            *_polychoric(analysis),
        ),
    )


def _polychoric(analysis: Analysis) -> tuple[Note, ...]:
    """Say of ordered items which correlations HTMT rests on."""
    ordered = bool(analysis.study.estimation.ordered)
    return (Note(NOTES["htmt_polychoric"]),) if ordered else ()


def _roots(analysis: Analysis) -> dict[str, Cell]:
    """Return the diagonal: square roots of AVE."""
    reason = NOTES["undefined_whole"]
    return {
        str(row["construct"]): number(
            row["sqrt_ave"], "bounded", bold=True, reason=reason
        )
        for row in records(analysis.assessment.constructs)
    }


def _triangle(
    names: tuple[Cell, ...], values: pd.DataFrame, diagonal: list[Cell]
) -> tuple[tuple[Cell, ...], ...]:
    """Lay out a lower triangle with a given diagonal."""
    matrix = values.to_numpy(dtype=float)
    size = len(names)
    return tuple(
        (
            names[i],
            *(number(matrix[i, j], "bounded") for j in range(i)),
            diagonal[i],
            *(BLANK for _ in range(i + 1, size)),
        )
        for i in range(size)
    )
