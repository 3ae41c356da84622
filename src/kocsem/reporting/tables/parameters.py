"""Tables of every parameter of the two models, for the appendix."""

from typing import Any

from kocsem.reporting.format import Kind
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number
from kocsem.reporting.tables.common import column, known, records
from kocsem.reporting.words import NOTES, OPERATORS, TITLES
from kocsem.results.fit import Fit
from kocsem.study.analysis import Analysis

_NUMBERS: tuple[tuple[str, str, Kind], ...] = (
    ("est", "estimate", "estimate"),
    ("se", "se", "estimate"),
    ("z", "z", "estimate"),
    ("pvalue", "pvalue", "pvalue"),
    ("ci_lower", "lower", "estimate"),
    ("ci_upper", "upper", "estimate"),
    ("std_all", "std_all", "estimate"),
)
_TESTS = ("se", "z", "pvalue", "ci_lower", "ci_upper")


def build_measurement(analysis: Analysis) -> Table | None:
    """Build the table of the measurement model.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row a parameter; None when the structural model is the same.
    """
    if analysis.measurement is analysis.structural:
        return None
    return _build(analysis.measurement, "parameters_measurement")


def build_structural(analysis: Analysis) -> Table:
    """Build the table of the structural model.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table
        One row a parameter.
    """
    return _build(analysis.structural, "parameters_structural")


def _build(fit: Fit, key: str) -> Table:
    grouped: dict[str, list[tuple[Cell, ...]]] = {}
    for row in records(fit.parameters):
        grouped.setdefault(str(row["op"]), []).append(_row(row))
    return Table(
        key=key,
        title=TITLES[key],
        columns=(
            column("lhs", "label"),
            column("op", "label"),
            column("rhs", "label"),
            *(column(heading, kind) for _, heading, kind in _NUMBERS),
        ),
        groups=tuple(
            RowGroup(tuple(rows), label(OPERATORS[op], op) if op in OPERATORS else None)
            for op, rows in grouped.items()
        ),
        notes=(Note(NOTES["parameters"]),),
        supplementary=True,
    )


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    fixed = not known(row["z"])
    ends = tuple(label(str(row[key]), str(row[key])) for key in ("lhs", "op", "rhs"))
    numbers = tuple(
        number(
            None if fixed and key in _TESTS else row[key],
            kind,
            reason=NOTES["fixed"] if key in _TESTS else NOTES["no_std"],
        )
        for key, _, kind in _NUMBERS
    )
    return (*ends, *numbers)
