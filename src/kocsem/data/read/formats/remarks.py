"""What a reader must know of a sheet beside its cells.

In: what was found in a workbook's sheets. Out: findings on merged cells, formulas,
errors, hidden rows and columns, and on sheets that were not read.
"""

import re
from collections.abc import Iterator, Sequence

from kocsem.data.read.formats.sheet import (
    UNCOMPUTED,
    Sheet,
    Tab,
    column_letters,
    column_number,
)
from kocsem.data.read.formats.words import counted, listed
from kocsem.data.read.privacy import shown_header
from kocsem.findings import Finding

_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def workbook_remarks(
    file: str, tab: Tab, tabs: Sequence[Tab], first: int
) -> Iterator[Finding]:
    """Remark on a workbook.

    Parameters
    ----------
    file : str
        Name of the file.
    tab : Tab
        The sheet that was read.
    tabs : sequence of Tab
        All sheets.
    first : int
        Row number of the headers.

    Yields
    ------
    Finding
        One for each kind of remark.
    """
    yield from _sheets(file, tab, tabs)
    yield from _merged(file, tab.sheet, first)
    yield from _marked(file, tab.sheet)
    yield from _hidden(file, tab.sheet, first)


def _sheets(file: str, tab: Tab, tabs: Sequence[Tab]) -> Iterator[Finding]:
    others = [one for one in tabs if one is not tab and one.sheet.columns]
    if others:
        sizes = [
            f"{shown_header(one.name)}{'' if one.visible else ' (hidden)'} of "
            f"{counted(one.sheet.rows, 'row')} and "
            f"{counted(one.sheet.columns, 'column')}"
            for one in others
        ]
        message = (
            f"{file}: only the sheet {shown_header(tab.name)} was read; there is "
            f"content too in {listed(sizes)}. If the answers are there, move that "
            "sheet to the front or save it as a file of its own."
        )
        yield Finding("other-sheets", "warning", file, message, len(others))
    if not tab.visible:
        message = (
            f"{file}: the sheet {shown_header(tab.name)} was read, which is hidden; no "
            "visible sheet has content."
        )
        yield Finding("hidden-sheet", "warning", file, message)


def _merged(file: str, sheet: Sheet, first: int) -> Iterator[Finding]:
    header, body = [], []
    rows: set[int] = set()
    columns: set[int] = set()
    for ref, (left, top, right, bottom) in _corners(sheet.merged):
        if top <= first:
            header.append(ref)
            columns |= set(range(left + 1, right + 1))
        if bottom > first:
            body.append(ref)
            rows |= set(range(max(top, first + 1), bottom + 1))
    if header:
        lost = listed([column_letters(column) for column in sorted(columns)])
        message = (
            f"{file}: headers are merged ({listed(header)}); only the first column of "
            f"each has a header{f', columns {lost} have none' if columns else ''}. "
            "Unmerge them and give every column its own header."
        )
        yield Finding("merged-header", "warning", file, message, len(header))
    if body:
        message = (
            f"{file}: cells below the headers are merged ({listed(body)}); only the "
            f"first of each holds the answer, the others count as empty. Unmerge rows "
            f"{listed(sorted(rows))} and fill every cell."
        )
        yield Finding("merged-answers", "warning", file, message, len(body))


def _marked(file: str, sheet: Sheet) -> Iterator[Finding]:
    open_ = [place for place, text in sheet.marked.items() if text == UNCOMPUTED]
    errors = [place for place, text in sheet.marked.items() if text != UNCOMPUTED]
    if sheet.formulas:
        numbers = sorted(map(column_number, sheet.formula_columns))
        columns = listed([column_letters(number) for number in numbers])
        message = (
            f"{file}: there are formulas in {counted(sheet.formulas, 'cell')} of "
            f"columns {columns}; the values that were saved with them are read."
        )
        yield Finding("formula-cells", "info", file, message, sheet.formulas)
    if open_:
        message = (
            f"{file}: {counted(len(open_), 'formula')} without a saved value "
            f"({listed(open_)}); the cells are read as {UNCOMPUTED}, which is no "
            "answer. Open the file in Excel and save it."
        )
        yield Finding("uncomputed-formula", "warning", file, message, len(open_))
    if errors:
        message = (
            f"{file}: {counted(len(errors), 'cell')} with an error such as #N/A "
            f"({listed(errors)}); it is read as it stands, which is no answer."
        )
        yield Finding("error-cells", "warning", file, message, len(errors))


def _hidden(file: str, sheet: Sheet, first: int) -> Iterator[Finding]:
    rows = [row for row in sheet.hidden_rows if first < row <= sheet.rows]
    if rows:
        how = "by a filter" if sheet.filtered else "in the sheet"
        message = (
            f"{file}: {counted(len(rows), 'row')} ({listed(rows)}) hidden {how}; "
            "hidden rows are read too. Delete them if they do not belong to the "
            "answers."
        )
        yield Finding("hidden-rows", "warning", file, message, len(rows))
    columns = [number for number in sheet.hidden_columns if number <= sheet.columns]
    if columns:
        names = listed([column_letters(number) for number in columns])
        message = f"{file}: columns {names} are hidden in the sheet; they are read too."
        yield Finding("hidden-columns", "info", file, message, len(columns))


def _corners(
    merged: Sequence[str],
) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """Give the left, top, right and bottom of ranges."""
    for ref in merged:
        if found := _RANGE.fullmatch(ref):
            left, top, right, bottom = found.groups()
            yield (
                ref,
                (column_number(left), int(top), column_number(right), int(bottom)),
            )
