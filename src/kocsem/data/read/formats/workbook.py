"""The sheets of a workbook, old or new, to a table.

In: what was found in its sheets and the cells of one of them. Out: a table with the
findings that its reader must know.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kocsem.data.read.cells import RawTable, build_table
from kocsem.data.read.formats.remarks import workbook_remarks
from kocsem.data.read.formats.sheet import Tab
from kocsem.data.read.formats.words import cell_text
from kocsem.errors import DataError


def choose_tab(file: Path, tabs: Sequence[Tab]) -> Tab:
    """Choose the sheet to read.

    Parameters
    ----------
    file : Path
        The file, for messages.
    tabs : sequence of Tab
        All sheets of the workbook.

    Returns
    -------
    Tab
        The first with content that a user sees, or else the first with content.

    Raises
    ------
    DataError
        If no sheet has content.
    """
    filled = [tab for tab in tabs if tab.sheet.columns]
    visible = [tab for tab in filled if tab.visible]
    if not filled:
        raise DataError(f"{file}: the workbook holds no table.")
    return (visible or filled)[0]


def sheet_table(
    file: Path,
    kind: str,
    rows: Iterable[Sequence[Hashable]],
    tab: Tab,
    tabs: Sequence[Tab],
) -> RawTable:
    """Gather the cells of a sheet.

    Parameters
    ----------
    file : Path
        The file, for messages.
    kind : str
        ``"xlsx"`` or ``"xls"``.
    rows : iterable of sequence of hashable
        The rows of the sheet from its first on.
    tab : Tab
        The sheet.
    tabs : sequence of Tab
        All sheets.

    Returns
    -------
    RawTable
        Its cells as a CSV would hold them, and findings.

    Raises
    ------
    DataError
        As `build_table`.
    """
    headed = _Headed(rows)
    table = build_table(file, kind, headed, cell_text)
    remarks = workbook_remarks(file.name, tab, tabs, headed.first)
    return replace(table, findings=tuple(remarks))


class _Headed:
    """Rows of which the first with content has been looked at; it is row `first`."""

    def __init__(self, rows: Iterable[Sequence[Hashable]]) -> None:
        self._rows = iter(rows)
        self._seen: list[Sequence[Hashable]] = []
        self.first = 0
        for number, row in enumerate(self._rows, start=1):
            self._seen.append(row)
            if any(cell_text(cell).strip() for cell in row):
                self.first = number
                break

    def __iter__(self) -> Iterator[Sequence[Hashable]]:
        yield from self._seen
        yield from self._rows
