"""A file of answers to a grid of text cells, whatever its format.

In: a CSV (UTF-8, GB 18030 or UTF-16; comma, semicolon or tab), XLSX or XLS file. Out: a
header and rows of stripped strings, with the row numbers that a user sees. The format
is told from the first bytes, not from the file's name.
"""

import csv
import io
import struct
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException

from kocsem.errors import DataError

_SEPARATORS = (",", ";", "\t")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_XLS_ERRORS = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    AssertionError,
    IndexError,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of a file.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    encoding : str
        Encoding of a text file, ``"xlsx"`` or ``"xls"``.
    header : tuple of str
        Headers of row 1.
    numbers : tuple of int
        Row number of each row of answers, as a spreadsheet shows it.
    rows : tuple of tuple of str
        Cells, as many in each row as there are headers.
    short : tuple of int
        Row numbers of rows that ended early; the cells they lack are empty.
    """

    file: str
    encoding: str
    header: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    short: tuple[int, ...] = ()

    def column(self, position: int) -> list[str]:
        """Return the cells of one column.

        Parameters
        ----------
        position : int
            0-based position.

        Returns
        -------
        list of str
            One cell for each row.
        """
        return [row[position] for row in self.rows]


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
    return _table(file, encoding, grid)


def _bytes(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{file}: there is no such file.") from None
    except OSError as failure:
        raise DataError(f"{file}: cannot be read ({failure.strerror}).") from None
    if not content.strip():
        raise DataError(f"{file}: the file is empty.")
    return content


def _decoded(content: bytes, file: Path) -> tuple[str, str]:
    """Decode text; GB 18030 comes after UTF-8, which it would often misread."""
    if content.lstrip()[:1] == b"<":
        raise DataError(
            f"{file}: this is a web page or XML, not a table; open it in a spreadsheet "
            "program and save it as .xlsx or .csv."
        )
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
        if "\0" not in text:
            return text, encoding
    raise DataError(
        f"{file}: the text is neither UTF-8 nor GB 18030; save the file as CSV UTF-8."
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on styles it cannot keep
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True
            )
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
            raise DataError(f"{file}: the workbook is damaged.") from None
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            grid = [
                [_cell(v) for v in row] for row in sheet.iter_rows(values_only=True)
            ]
            if any(any(row) for row in grid):
                return grid
    raise DataError(f"{file}: the workbook holds no table.")


def _xls(content: bytes, file: Path) -> list[list[str]]:
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    except _XLS_ERRORS:
        raise DataError(
            f"{file}: the workbook cannot be read; it is damaged or protected by a "
            "password."
        ) from None
    for sheet in book.sheets():
        if sheet.nrows:
            return [
                [_xls_cell(cell, book.datemode) for cell in sheet.row(i)]
                for i in range(sheet.nrows)
            ]
    raise DataError(f"{file}: the workbook holds no table.")


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


def _table(file: Path, encoding: str, grid: Sequence[Sequence[str]]) -> RawTable:
    filled = [
        (number, tuple(cell.strip() for cell in row))
        for number, row in enumerate(grid, start=1)
        if any(cell.strip() for cell in row)
    ]
    if not filled:
        raise DataError(f"{file}: the file is empty.")
    header = _without_tail(filled[0][1])
    numbers, rows, short = [], [], []
    for number, row in filled[1:]:
        cells = _without_tail(row)
        if len(cells) > len(header):
            raise DataError(
                f"{file}, row {number}: {len(cells)} cells, but the header has "
                f"{len(header)}; look for a separator or a quotation mark in an answer."
            )
        if len(row) < len(header):
            short.append(number)
        numbers.append(number)
        rows.append(cells + ("",) * (len(header) - len(cells)))
    if not rows:
        raise DataError(f"{file}: there is a header but no answer below it.")
    return RawTable(
        file.name, encoding, header, tuple(numbers), tuple(rows), tuple(short)
    )


def _without_tail(cells: Iterable[str]) -> tuple[str, ...]:
    """Drop the empty cells at the end of a row."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
