"""Table of the same model as a second, independent engine fits it."""

from typing import Any

from kocsem.estimation.cross_check import EngineComparison
from kocsem.reporting.notes import NOTES
from kocsem.reporting.remarks import remark
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number, words
from kocsem.reporting.tables.common import column, records, same
from kocsem.reporting.words import INDICES, LABELS, TITLES
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
        Indices, then parameters; None when the study asked for no cross-check.
    """
    check = analysis.cross_check
    if check is None:
        return None
    indices = tuple(_index(row) for row in records(check.indices))
    parameters = tuple(_parameter(row) for row in records(check.parameters))
    groups = (
        RowGroup(indices, label(LABELS["indices"], "indices")),
        RowGroup(parameters, label(LABELS["parameters"], "parameters")),
    )
    return Table(
        key="cross_check",
        title=TITLES["cross_check"],
        columns=(
            column("parameter", "label"),
            column("own", "estimate"),
            column("other", "estimate"),
            column("difference", "small"),
        ),
        groups=tuple(group for group in groups if group.rows),
        notes=_notes(analysis, check),
        supplementary=True,
    )


def _notes(analysis: Analysis, check: EngineComparison) -> tuple[Note, ...]:
    """Name the engine and the largest difference, or say why there is none."""
    if not check.where:
        return tuple(
            Note(same("{}"), (words(remark(finding)),)) for finding in check.findings
        )
    values = (
        words(f"{check.engine} {check.version}"),
        number(check.largest, "small"),
        words(check.where),
    )
    notes = [Note(NOTES["engine"], values)]
    if check.nobs != analysis.nobs:
        complete = (number(check.nobs, "count"), words(check.engine))
        notes.append(Note(NOTES["engine_complete"], complete))
    return tuple(notes)


def _index(row: dict[str, Any]) -> tuple[Cell, ...]:
    index = str(row["index"])
    name = label(INDICES.get(index) or same(index.upper()), index)
    return (name, *_numbers(row, "value"))


def _parameter(row: dict[str, Any]) -> tuple[Cell, ...]:
    name = f"{row['lhs']} {row['op']} {row['rhs']}".strip()
    return (label(name, name), *_numbers(row, "est"))


def _numbers(row: dict[str, Any], own: str) -> tuple[Cell, ...]:
    return (
        number(row[own], "estimate"),
        number(row["other"], "estimate"),
        number(row["difference"], "small"),
    )
