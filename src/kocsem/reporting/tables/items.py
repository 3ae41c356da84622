"""Table of the wording of the items, for the appendix."""

from kocsem.instrument.types import Item
from kocsem.reporting.table import Cell, RowGroup, Table, label, words
from kocsem.reporting.tables.common import column, construct_cell
from kocsem.reporting.words import NO, TITLES, YES
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
        One row an analysed item; None when the instrument holds codes only.
    """
    used = set(analysis.descriptives["item"])
    items = [item for item in analysis.instrument.items if item.id in used]
    if not any(item.text for item in items):
        return None
    by_construct: dict[str, list[Item]] = {}
    for item in items:
        by_construct.setdefault(item.construct, []).append(item)
    return Table(
        key="items",
        title=TITLES["items"],
        columns=(
            column("item", "label"),
            column("wording", "text"),
            column("reverse", "label"),
        ),
        groups=tuple(
            RowGroup(
                tuple(_row(item) for item in members),
                construct_cell(analysis.instrument, code),
            )
            for code, members in by_construct.items()
        ),
        supplementary=True,
    )


def _row(item: Item) -> tuple[Cell, ...]:
    reverse = label(YES, "yes") if item.reverse else label(NO, "no")
    wording = words(item.text) if item.text else words("")
    return (label(item.id, item.id), wording, reverse)
