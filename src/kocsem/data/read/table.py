"""A file of answers to a grid of text cells, whatever its format.

In: a CSV (UTF-8, GB 18030 or UTF-16; comma, semicolon or tab), XLSX or XLS file. Out: a
header and rows of stripped strings, with the row numbers that a user sees. The format
is told from the first bytes, not from the file's name.
"""

import csv
import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import xlrd

from kocsem.data.read.cells import RawTable, build_table
from kocsem.errors import DataError
from kocsem.instrument.files import read_bytes

_SEPARATORS = (",", ";", "\t")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f]")
_SAVE = "export the answers as .xlsx or as .csv in UTF-8"
_OTHER_FORMATS = {
    b"$FL": "an SPSS file",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{": "JSON",
}


def read_table(path: str | Path) -> RawTable:
    """Read the cells of a CSV, XLSX or XLS file.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    RawTable
        Header and rows; rows without any content are left out.

    Raises
    ------
    DataError
        If the file is missing, empty, damaged, in no known encoding, or has a row with
        more cells than the header.
    """
    file = Path(path)
    content = _bytes(file)
    if content.startswith(_ZIP):
        grid, encoding = _xlsx(content, file), "xlsx"
    elif content.startswith(_OLE):
        grid, encoding = _xls(content, file), "xls"
    else:
        text, encoding = _decoded(content, file)
        grid = _csv(text, file)
    return build_table(file, encoding, grid)


def _bytes(file: Path) -> bytes:
    content = read_bytes(file, DataError)
    if not content.strip():
        raise DataError(f"{file}: the file is empty.")
    for start, what in _OTHER_FORMATS.items():
        if content.startswith(start):
            raise DataError(f"{file}: this is {what}; {_SAVE}.")
    return content


def _decoded(content: bytes, file: Path) -> tuple[str, str]:
    """Decode text; GB 18030 comes after UTF-8, which it would often misread."""
    if content.lstrip()[:1] == b"<":
        raise DataError(f"{file}: this is a web page or XML, not a table; {_SAVE}.")
    candidates: tuple[str, ...] = ("utf-8", "gb18030")
    if content.startswith(_UTF16):
        candidates = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        candidates = ("utf-8-sig",)
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text, encoding
    raise DataError(
        f"{file}: this is neither a workbook nor a text in UTF-8, GB 18030 or UTF-16; "
        f"{_SAVE}."
    )


def _csv(text: str, file: Path) -> list[list[str]]:
    def lines(separator: str) -> Iterator[list[str]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=separator)

    def width(separator: str) -> int:
        return max(len(line) for line in islice(lines(separator), 5))

    try:
        return list(lines(max(_SEPARATORS, key=width)))
    except csv.Error as failure:
        raise DataError(f"{file}: this is no CSV table ({failure}).") from None


def _xlsx(content: bytes, file: Path) -> list[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on styles that are not kept
            grid = _first_filled_sheet(content)
    except Exception as failure:  # openpyxl raises whatever its parsers raise
        if "no valid workbook part" in str(failure):
            raise DataError(f"{file}: this is no workbook; {_SAVE}.") from None
        raise DataError(f"{file}: the workbook is damaged; {_SAVE}.") from None
    if grid is None:
        raise DataError(f"{file}: the workbook holds no table.")
    return grid


def _first_filled_sheet(content: bytes) -> list[list[str]] | None:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        grid = [[_cell(v) for v in row] for row in sheet.iter_rows(values_only=True)]
        if any(any(row) for row in grid):
            return grid
    return None


def _xls(content: bytes, file: Path) -> list[list[str]]:
    try:
        grid = _first_filled_old_sheet(content)
    except Exception:  # xlrd raises whatever its parsers raise
        raise DataError(
            f"{file}: the workbook cannot be read; it is damaged, protected by a "
            f"password, or no workbook; {_SAVE}."
        ) from None
    if grid is None:
        raise DataError(f"{file}: the workbook holds no table.")
    return grid


def _first_filled_old_sheet(content: bytes) -> list[list[str]] | None:
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    for sheet in book.sheets():
        if sheet.nrows:
            return [
                [_xls_cell(cell, book.datemode) for cell in sheet.row(i)]
                for i in range(sheet.nrows)
            ]
    return None


def _xls_cell(cell: Any, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _cell(xlrd.xldate.xldate_as_datetime(cell.value, datemode))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return _cell(cell.value)


def _cell(value: Any) -> str:
    """Write a workbook's cell as the text that a CSV would hold."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
