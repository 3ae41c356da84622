"""The cells of a file, column by column, each different text kept once.

In: rows of cells as a file format yields them. Out: a `RawTable`. A hundred thousand
answers hold a few different texts, so that whatever is decided about a cell (its code,
whether it is empty, whether it may be shown) is decided once for each text.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kocsem.errors import DataError
from kocsem.findings import Finding

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]

_CONTROL = re.compile(r"[\0-\x1f\x7f]+")
_BLOCK = 1024  # rows that are turned into columns at a time


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of a file.

    Attributes
    ----------
    words : tuple of str
        The different texts, in order of appearance, without blanks at their ends. They
        may be about persons, so that the record's ``repr`` does not show them.
    codes : int array of shape (n,)
        Which of the texts stands in each row.
    """

    words: tuple[str, ...] = field(repr=False)
    codes: IntArray

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[str]:
        return map(self.words.__getitem__, self.codes.tolist())

    def __getitem__(self, place: int) -> str:
        return self.words[int(self.codes[place])]

    def numbers(self, read: Callable[[str], float | None]) -> FloatArray:
        """Turn every cell into a number, each different text once.

        Parameters
        ----------
        read : callable
            Text to number; None for what is none.

        Returns
        -------
        float array of shape (n,)
            The numbers, NaN for None.
        """
        found = [read(word) for word in self.words]
        values = [np.nan if number is None else number for number in found]
        return np.array(values, dtype=float)[self.codes]

    def where(self, test: Callable[[str], bool]) -> Mask:
        """Find the rows whose text passes a test.

        Parameters
        ----------
        test : callable
            Text to bool.

        Returns
        -------
        bool array of shape (n,)
            One for each row.
        """
        return np.array([test(word) for word in self.words], dtype=bool)[self.codes]

    def renamed(self, rename: Callable[[str], str]) -> "Cells":
        """Return the column with every text replaced.

        Parameters
        ----------
        rename : callable
            Text to text; texts that become alike are kept once.

        Returns
        -------
        Cells
            A new column.
        """
        names = [rename(word) for word in self.words]
        index = {name: code for code, name in enumerate(dict.fromkeys(names))}
        codes = np.array([index[name] for name in names], dtype=np.int32)
        return Cells(tuple(index), codes[self.codes])

    def taken(self, rows: Mask) -> "Cells":
        """Return some rows of the column.

        Parameters
        ----------
        rows : bool array of shape (n,)
            The rows wanted.

        Returns
        -------
        Cells
            A new column, without the texts that are gone.
        """
        kept, codes = np.unique(self.codes[rows], return_inverse=True)
        words = tuple(self.words[code] for code in kept)
        return Cells(words, codes.astype(np.int32))


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of a file.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    encoding : str
        Encoding of a text file, or the kind of file: ``"xlsx"``, ``"xls"``, ``"sav"``,
        ``"por"``, ``"dta"``.
    header : tuple of str
        Header of each column.
    columns : tuple of Cells
        One for each header.
    numbers : int array of shape (n,)
        Row number of each row, as a spreadsheet shows it, the header being a row; in
        files of SPSS and Stata, whose headers are no row, the number of the case.
    short : tuple of int
        Row numbers of rows that ended early; the cells they lack are empty.
    titles : tuple of str
        What each column asks in words, where the file says so apart from the header;
        empty when it does not.
    labels : mapping of int to mapping of str to str
        By position of the column: the label of each code, where the file has them.
    findings : tuple of Finding
        What a reader must know of the file as such.
    """

    file: str
    encoding: str
    header: tuple[str, ...]
    columns: tuple[Cells, ...]
    numbers: IntArray
    short: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()
    labels: Mapping[int, Mapping[str, str]] | None = None
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, place: int) -> tuple[str, ...]:
        """Return the cells of one row.

        Parameters
        ----------
        place : int
            0-based position among the rows.

        Returns
        -------
        tuple of str
            One cell for each header.
        """
        return tuple(column[place] for column in self.columns)

    def taken(self, rows: Mask) -> "RawTable":
        """Return the table with some of its rows.

        Parameters
        ----------
        rows : bool array of shape (n,)
            The rows wanted.

        Returns
        -------
        RawTable
            A new table; row numbers stay.
        """
        if rows.all():
            return self
        numbers = self.numbers[rows]
        return replace(
            self,
            columns=tuple(column.taken(rows) for column in self.columns),
            numbers=numbers,
            short=tuple(sorted(set(self.short) & set(numbers.tolist()))),
        )


class _Index(dict[Hashable, int]):
    """Numbers things in order of appearance."""

    def __missing__(self, key: Hashable) -> int:
        number = self[key] = len(self)
        return number


def build_table(
    file: Path,
    encoding: str,
    rows: Iterable[Sequence[Hashable]],
    text: Callable[[Hashable], str] = str,
) -> RawTable:
    """Gather rows of cells into columns.

    Parameters
    ----------
    file : Path
        The file, for messages.
    encoding : str
        Encoding or kind of the file.
    rows : iterable of sequence of hashable
        All rows from the first of the file on; the first with content is the header.
    text : callable
        Cell to text, called once for each different cell of a column.

    Returns
    -------
    RawTable
        Header and columns; rows without any content are left out.

    Raises
    ------
    DataError
        If there is no row with content but the header, a title stands above the
        header, or a row has more cells than the header.
    """
    filled = _filled(rows, text)
    first = next(filled, None)
    if first is None:
        raise DataError(f"{file}: the file is empty.")
    header = tuple(_CONTROL.sub(" ", text(cell).strip()) for cell in first[1])
    while header and not header[-1]:
        header = header[:-1]
    gathering = _Gathering(file, len(header), text)
    while block := list(islice(filled, _BLOCK)):
        if not gathering.numbers and sum(map(bool, header)) == 1:
            _refuse_title(file, first[0], block[0][1], text)
        gathering.add(block)
    if not gathering.numbers:
        raise DataError(f"{file}: there is a header but no answer below it.")
    return RawTable(
        file.name,
        encoding,
        header,
        gathering.columns(),
        np.array(gathering.numbers, dtype=np.int32),
        tuple(gathering.short),
    )


def _refuse_title(
    file: Path, number: int, below: Sequence[Hashable], text: Callable[[Hashable], str]
) -> None:
    """Refuse a single cell over a row of several: it is no header."""
    if sum(bool(text(cell).strip()) for cell in below if cell is not None) > 1:
        raise DataError(
            f"{file}, row {number}: the row holds a single cell, a title it seems, "
            "which may be merged over the columns. Delete what stands above the "
            "headers and save the file again."
        )


def _filled(
    rows: Iterable[Sequence[Hashable]], text: Callable[[Hashable], str]
) -> Iterator[tuple[int, Sequence[Hashable]]]:
    """Count the rows from 1 and leave out those without content."""
    for number, row in enumerate(rows, start=1):
        if any(cell is not None and text(cell).strip() for cell in row):
            yield number, row


class _Gathering:
    """Columns that grow block by block."""

    def __init__(self, file: Path, width: int, text: Callable[[Hashable], str]) -> None:
        self.file, self.width, self.text = file, width, text
        self.numbers: list[int] = []
        self.short: list[int] = []
        self._indices = [_Index() for _ in range(width)]
        self._codes: list[list[IntArray]] = [[] for _ in range(width)]

    def add(self, block: Sequence[tuple[int, Sequence[Hashable]]]) -> None:
        """Add rows."""
        width = self.width
        rows = [
            row if len(row) == width else self._fitted(number, row)
            for number, row in block
        ]
        self.numbers += [number for number, _ in block]
        for cells, index, codes in zip(
            zip(*rows, strict=True), self._indices, self._codes, strict=True
        ):
            found = map(index.__getitem__, cells)
            codes.append(np.fromiter(found, np.int32, len(cells)))

    def columns(self) -> tuple[Cells, ...]:
        """Return what was gathered."""
        return tuple(
            Cells(
                tuple("" if cell is None else self.text(cell) for cell in index),
                np.concatenate(codes),
            ).renamed(str.strip)
            for index, codes in zip(self._indices, self._codes, strict=True)
        )

    def _fitted(self, number: int, row: Sequence[Hashable]) -> list[Hashable]:
        """Fill a row up to the header's width; refuse cells beyond it."""
        cells = list(row)
        while cells and (cells[-1] is None or not self.text(cells[-1]).strip()):
            cells.pop()
        if len(cells) > self.width:
            raise DataError(
                f"{self.file}, row {number}: {len(cells)} cells, but the header has "
                f"{self.width}; look for a separator or a quotation mark in an answer."
            )
        if len(row) < self.width:
            self.short.append(number)
        return cells + [""] * (self.width - len(cells))
