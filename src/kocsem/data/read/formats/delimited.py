"""Texts with separators (CSV, TSV) to tables.

In: text in UTF-8, GB 18030 or UTF-16; comma, semicolon or tab. Out: its cells, read as
a stream. A quotation mark that swallows rows, or one that is never closed, is an error
that names the row in which it opens.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kocsem.data.read.cells import RawTable, build_table
from kocsem.data.read.formats.encoding import encoding_of
from kocsem.data.read.formats.words import counted, listed
from kocsem.errors import DataError
from kocsem.findings import Finding

#: Columns that a table may have, as in a workbook.
MOST_COLUMNS = 16_384

_SEPARATORS = (",", ";", "\t")
_DECLARED = re.compile(r"sep=(.)\r?\n?")
_LOOKED_AT = 5
_WIDE = 8  # from so many columns on, swallowed rows cannot be an answer's own commas


def read_delimited(file: Path, content: bytes) -> RawTable:
    """Read a text with separators.

    Parameters
    ----------
    file : Path
        The file, for messages.
    content : bytes
        What it holds.

    Returns
    -------
    RawTable
        Its cells.

    Raises
    ------
    DataError
        If the encoding or the quotation marks are wrong.
    """
    encoding = encoding_of(file, content)
    records = _Records(file, content, encoding)
    table = build_table(file, encoding, records)
    return replace(table, findings=tuple(records.remarks()))


class _Records:
    """The rows of a text, checked one by one."""

    def __init__(self, file: Path, content: bytes, encoding: str) -> None:
        self.file, self.content, self.encoding = file, content, encoding
        self.broken: list[int] = []
        first = next(self._lines(), "")
        self.declared = _DECLARED.fullmatch(first)
        self.separator = (
            self.declared.group(1)
            if self.declared
            else max(_SEPARATORS, key=self._width)
        )

    def __iter__(self) -> Iterator[list[str]]:
        lines = self._lines()
        number = read = width = 0
        if self.declared:
            next(lines)
            number = 1
            yield []
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        try:
            for row in reader:
                number += 1
                width = width or (len(row) if any(row) else 0)
                if reader.line_num > read + 1:
                    self._refuse_swallowed(number, row, width)
                if len(row) > MOST_COLUMNS:
                    self._refuse_width(number, len(row))
                read = reader.line_num
                yield row
        except csv.Error as failure:
            raise DataError(self._why(failure, number + 1)) from None

    def remarks(self) -> Iterator[Finding]:
        """Remark on cells that may have swallowed rows."""
        if self.broken:
            message = (
                f"{self.file.name}: rows {listed(self.broken)} hold an answer with "
                "line breaks and as many separators as rows have; look whether a "
                "quotation mark in it swallowed the rows below."
            )
            yield Finding(
                "line-breaks", "warning", self.file.name, message, len(self.broken)
            )

    def _lines(self) -> Iterator[str]:
        return io.TextIOWrapper(
            io.BytesIO(self.content), encoding=self.encoding, newline=""
        )

    def _width(self, separator: str) -> int:
        reader = csv.reader(self._lines(), delimiter=separator)
        try:
            return max(len(row) for row in islice(reader, _LOOKED_AT))
        except csv.Error:
            return 0

    def _refuse_swallowed(self, number: int, row: list[str], width: int) -> None:
        """Look for rows within a cell, by their separators."""
        for column, cell in enumerate(row, start=1):
            breaks = len(cell.splitlines()) - 1
            if breaks < 1 or width < 2:
                continue
            if cell.count(self.separator) < breaks * (width - 1):
                continue
            if width < _WIDE:
                self.broken.append(number)
                continue
            raise DataError(
                f"{self.file}, row {number}, column {column}: a quotation mark opens "
                f"in this cell and swallows {counted(breaks, 'row')} below. Delete or "
                "double the mark in the answer, or export the answers as .xlsx."
            )

    def _refuse_width(self, number: int, width: int) -> None:
        raise DataError(
            f"{self.file}, row {number}: {width:,} cells, more than the "
            f"{MOST_COLUMNS:,} columns that a table may have. Export only the columns "
            "of the questionnaire."
        )

    def _why(self, failure: csv.Error, number: int) -> str:
        where = f"{self.file}, row {number}"
        if "unexpected end" in str(failure):
            return (
                f"{where}: a quotation mark opens in this row and is never closed: "
                "the file was cut off, or the mark belongs to an answer. Export the "
                "answers again, or delete or double the mark."
            )
        if "field larger" in str(failure):
            return (
                f"{where}: a cell has more than {csv.field_size_limit():,} characters; "
                "a quotation mark in this row may be missing its end."
            )
        if "expected after" in str(failure):
            return (
                f"{where}: text follows the closing quotation mark of a cell, so that "
                "it is unclear where the cell ends. Double the marks within the "
                "answer, or export the answers as .xlsx."
            )
        return f"{where}: this is no CSV table ({failure})."
