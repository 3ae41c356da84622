"""Table of how many answer sheets came in, were left out and why, and are analysed."""

from kocsem.instrument.types import Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.table import Cell, Note, RowGroup, Table, label, number
from kocsem.reporting.tables.common import column
from kocsem.reporting.words import TITLES
from kocsem.study.analysis import Analysis

_NOBODY = Text(zh="没有回收样本。", en="No answer sheet was received.")


def build(analysis: Analysis) -> Table:
    """Build the table.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Returns
    -------
    Table
        One row a step; the share refers to the answer sheets received.
    """
    flow = analysis.screening.flow
    received = flow[0].n if flow else 0

    def share(n: int) -> Cell:
        value = 100 * n / received if received else None
        return number(value, "percent", reason=_NOBODY)

    ends = (0, len(flow) - 1)
    rows = tuple(
        (
            label(step.label, step.reason, bold=place in ends),
            number(step.n, "count"),
            share(step.n),
        )
        for place, step in enumerate(flow)
    )
    return Table(
        key="sample_flow",
        title=TITLES["sample_flow"],
        columns=(
            column("step", "label"),
            column("n", "count"),
            column("share", "percent"),
        ),
        groups=(RowGroup(rows),),
        notes=(Note(NOTES["flow"]),),
    )
