"""Tables of every parameter of the two models, for the appendix."""

from typing import Any

from kocsem.instrument.types import Text
from kocsem.reporting.format import Kind
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number
from kocsem.reporting.tables.common import column, known, records
from kocsem.reporting.words import OPERATORS, TITLES
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
_COLUMNS = (
    column("lhs", "label"),
    column("op", "label"),
    column("rhs", "label"),
    *(column(heading, kind) for _, heading, kind in _NUMBERS),
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


def build_thresholds(analysis: Analysis) -> Table | None:
    """Build the table of thresholds, for the files of numbers.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row a threshold; None without ordered items.
    """
    rows = records(analysis.structural.parameters)
    thresholds = tuple(_row(row) for row in rows if row["op"] == "|")
    if not thresholds:
        return None
    return Table(
        key="thresholds",
        title=TITLES["thresholds"],
        columns=_COLUMNS,
        groups=(RowGroup(thresholds),),
        supplementary=True,
        data_only=True,
    )


def _aside(row: dict[str, Any]) -> bool:
    """Return whether a parameter is of no interest to the reader of a paper.

    Thresholds and scales of ordered items have a table of their own, or are 1; a mean
    that is fixed at 0 identifies the model.
    """
    if known(row["z"]):
        return bool(row["op"] == "|")
    return row["op"] in ("|", "~*~") or (row["op"] == "~1" and not row["est"])


def _build(fit: Fit, key: str) -> Table:
    rows = list(records(fit.parameters))
    ordered = {row["lhs"] for row in rows if row["op"] == "|"}
    hidden = {row["op"] for row in rows if _aside(row)}
    grouped: dict[str, list[tuple[Cell, ...]]] = {}
    for row in rows:
        if _aside(row):
            continue
        implied = row["op"] == "~~" and row["lhs"] == row["rhs"] in ordered
        reason = NOTES["implied" if implied else "fixed"]
        grouped.setdefault(str(row["op"]), []).append(_row(row, reason))
    return Table(
        key=key,
        title=TITLES[key],
        columns=_COLUMNS,
        groups=tuple(
            RowGroup(tuple(rows), label(OPERATORS[op], op) if op in OPERATORS else None)
            for op, rows in grouped.items()
        ),
        notes=(
            Note(NOTES["parameters"]),
            *((Note(NOTES["identification"]),) if "~1" in hidden else ()),
            *((Note(NOTES["thresholds"]),) if ordered else ()),
        ),
        supplementary=True,
    )


def _row(row: dict[str, Any], untested: Text = NOTES["fixed"]) -> tuple[Cell, ...]:
    fixed = not known(row["z"])
    ends = tuple(label(str(row[key]), str(row[key])) for key in ("lhs", "op", "rhs"))
    numbers = tuple(
        number(
            None if fixed and key in _TESTS else row[key],
            kind,
            reason=untested if key in _TESTS else NOTES["no_std"],
        )
        for key, _, kind in _NUMBERS
    )
    return (*ends, *numbers)
