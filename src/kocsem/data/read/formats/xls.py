"""XLS workbooks, which old platforms still write, to tables of text.

In: the bytes of an OLE container. Out: the cells of its first sheet with content, and
findings on whatever else it holds. xlrd keeps the errors that cells hold, which
calamine leaves empty; such a file has at most 65,536 rows and 256 columns.
"""

import io
from collections.abc import Hashable, Iterator
from datetime import timedelta
from pathlib import Path

import xlrd

from kocsem.data.read.cells import RawTable
from kocsem.data.read.formats.sheet import Sheet, Tab, column_letters
from kocsem.data.read.formats.words import cell_text
from kocsem.data.read.formats.workbook import choose_tab, sheet_table
from kocsem.errors import DataError

_SAVE = "export the answers as .xlsx or as .csv in UTF-8"
_INSIDE = {
    "EncryptedPackage": (
        "the workbook is protected by a password; open it in Excel, remove the "
        "password and save it"
    ),
    "WordDocument": f"this is a Word document; {_SAVE}",
}


def read_xls(file: Path, content: bytes) -> RawTable:
    """Read a workbook in Excel's old format.

    Parameters
    ----------
    file : Path
        The file, for messages.
    content : bytes
        What it holds.

    Returns
    -------
    RawTable
        The first sheet with content.

    Raises
    ------
    DataError
        If the workbook is damaged, protected or empty.
    """
    for name, what in _INSIDE.items():
        if name.encode("utf-16-le") in content:
            raise DataError(f"{file}: {what}.")
    try:
        book = xlrd.open_workbook(
            file_contents=content,
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
        )
        tabs = {sheet: _tab(sheet) for sheet in book.sheets()}
    except Exception as failure:  # xlrd raises whatever its parsers raise
        raise DataError(f"{file}: {_why(failure)}.") from None
    tab = choose_tab(file, list(tabs.values()))
    sheet = next(sheet for sheet, one in tabs.items() if one is tab)
    return sheet_table(file, "xls", _rows(sheet), tab, list(tabs.values()))


def _why(failure: Exception) -> str:
    if "encrypted" in str(failure):
        return _INSIDE["EncryptedPackage"]
    return (
        "the workbook cannot be read; it is damaged, cut off, protected by a password, "
        f"or no workbook; {_SAVE}"
    )


def _tab(sheet: xlrd.sheet.Sheet) -> Tab:
    """Look through a sheet."""
    found = Sheet()
    for number in range(sheet.nrows):
        values = sheet.row(number)
        filled = [i for i, cell in enumerate(values, 1) if cell.value not in ("", None)]
        if filled:
            found.rows, found.columns = number + 1, max(found.columns, filled[-1])
        for column, cell in enumerate(values, start=1):
            if cell.ctype == xlrd.XL_CELL_ERROR:
                found.marked[f"{column_letters(column)}{number + 1}"] = _error(cell)
    found.merged = [
        f"{column_letters(left + 1)}{top + 1}:{column_letters(right)}{bottom}"
        for top, bottom, left, right in sheet.merged_cells
    ]
    rows, columns = sheet.rowinfo_map.items(), sheet.colinfo_map.items()
    found.hidden_rows = [number + 1 for number, info in rows if info.hidden]
    found.hidden_columns = [number + 1 for number, info in columns if info.hidden]
    return Tab(sheet.name, sheet.visibility == 0, found)


def _rows(sheet: xlrd.sheet.Sheet) -> Iterator[list[Hashable]]:
    for number in range(sheet.nrows):
        yield [_value(sheet, cell) for cell in sheet.row(number)]


def _value(sheet: xlrd.sheet.Sheet, cell: xlrd.sheet.Cell) -> Hashable:
    """Return a cell's value; numbers that are no numbers become text."""
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _moment(sheet.book, cell)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return _error(cell)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(cell.value))
    value: Hashable = cell.value
    return value


def _moment(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    """Write a date, a time of day or a duration."""
    days = cell.value
    shape = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if shape.lower().startswith("[h"):
        return cell_text(timedelta(days=days))
    if days < 0:
        return cell_text(days)
    try:
        moment = xlrd.xldate.xldate_as_datetime(days, book.datemode)
    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
        return cell_text(days)
    return cell_text(moment if days >= 1 else moment.time())


def _error(cell: xlrd.sheet.Cell) -> str:
    return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
