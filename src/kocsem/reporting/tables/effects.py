"""Table of direct, indirect and total effects."""

from typing import Any

from kocsem.citations import cite_inside
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import (
    Cell,
    Note,
    RowGroup,
    Table,
    label,
    number,
    stars,
    words,
)
from kocsem.reporting.tables.common import column, known, path_cell, records, same
from kocsem.reporting.words import EFFECTS, TITLES
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
        Effects grouped by predictor and outcome; None when nothing is mediated.
    """
    frame = analysis.effects
    if frame.empty:
        return None
    groups = tuple(
        RowGroup(tuple(_row(analysis, row) for row in records(part)))
        for _, part in frame.groupby(["predictor", "outcome"], sort=False)
    )
    return Table(
        key="effects",
        title=TITLES["effects"],
        columns=(
            column("path", "label"),
            column("effect", "label"),
            column("value", "estimate"),
            column("se", "estimate"),
            column("z", "estimate"),
            column("pvalue", "pvalue"),
            column("lower", "estimate"),
            column("upper", "estimate"),
            column("std", "estimate"),
        ),
        groups=groups,
        notes=(
            Note(NOTES["effects"], (words(cite_inside(["sobel-1982"])),)),
            Note(NOTES["stars"], kind="probability"),
        ),
    )


def _row(analysis: Analysis, row: dict[str, Any]) -> tuple[Cell, ...]:
    kind = str(row["kind"])
    nodes = [row["predictor"], *_mediators(row["mediator"]), row["outcome"]]
    return (
        path_cell(analysis.instrument, nodes),
        label(EFFECTS.get(kind.replace(" ", "_")) or same(kind), kind),
        number(row["est"], "estimate", marks=stars(row["pvalue"])),
        number(row["se"], "estimate"),
        number(row["z"], "estimate"),
        number(row["pvalue"], "pvalue"),
        number(row["ci_lower"], "estimate"),
        number(row["ci_upper"], "estimate"),
        number(row["std"], "estimate"),
    )


def _mediators(mediator: object) -> list[str]:
    """Return the codes between predictor and outcome."""
    if not known(mediator):
        return []
    return [code.strip() for code in str(mediator).split("->")]
