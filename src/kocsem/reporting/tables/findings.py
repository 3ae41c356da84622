"""Table of all remarks on the data, the model and the results."""

from kocsem.citations import cite
from kocsem.findings import Finding
from kocsem.reporting.remarks import remark, subject_of
from kocsem.reporting.table import BLANK, Cell, RowGroup, Table, label, number, words
from kocsem.reporting.tables.common import column
from kocsem.reporting.words import SEVERITIES, TITLES
from kocsem.study.analysis import Analysis

_GRAVEST_FIRST = ("error", "warning", "info")


def build(analysis: Analysis) -> Table | None:
    """Build the table.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table or None
        One row a remark, the gravest first; None when there is nothing to say.
    """
    found = sorted(
        dict.fromkeys(analysis.findings),
        key=lambda finding: _GRAVEST_FIRST.index(finding.severity),
    )
    if not found:
        return None
    return Table(
        key="findings",
        title=TITLES["findings"],
        columns=(
            column("severity", "label"),
            column("code", "label"),
            column("subject", "text"),
            column("message", "text"),
            column("found", "limit"),
            column("threshold", "limit"),
            column("source", "text"),
        ),
        groups=(RowGroup(tuple(_row(finding) for finding in found)),),
        supplementary=True,
    )


def _row(finding: Finding) -> tuple[Cell, ...]:
    return (
        label(SEVERITIES[finding.severity], finding.severity),
        label(finding.code, finding.code),
        words(subject_of(finding)),
        words(remark(finding)),
        _quantity(finding.value),
        _quantity(finding.threshold),
        words(cite(finding.citation)) if finding.citation else BLANK,
    )


def _quantity(value: float | str | None) -> Cell:
    if value is None:
        return BLANK
    return words(value) if isinstance(value, str) else number(value, "rounded")
