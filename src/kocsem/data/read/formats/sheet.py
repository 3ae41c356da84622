"""What a sheet's XML says beyond the values of its cells.

In: the XML of a worksheet, piece by piece. Out: how far the sheet reaches, and where
there are formulas, errors, merged cells, hidden rows and columns. The values are read
elsewhere; nothing is expanded and no piece is kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from kocsem.errors import DataError

#: Cells that stand out and are kept one by one.
MOST_MARKED = 100_000
#: Rows and columns that a workbook can have.
MOST_ROWS, MOST_COLUMNS = 2**20, 2**14

_WINDOW = 2**16  # bytes in which the last cell of a piece is looked for

_HIDDEN = re.compile(rb'\bhidden\s*=\s*["\'](?:1|true)["\']')
_IS_ERROR, _IS_BOOLEAN = (b'"e"', b"'e'"), (b'"b"', b"'b'")
_ROOT = re.compile(rb"<([\w.-]+:)?worksheet\b")
_LETTERS, _DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"


@dataclass(slots=True)
class Sheet:
    """What was found in a sheet.

    Attributes
    ----------
    rows, columns : int
        How far the cells with content reach.
    formulas : int
        Number of cells with a formula.
    formula_columns : set of str
        Letters of the columns with formulas.
    marked : dict of str to str
        By place, such as ``"B3"``: the text of an error, or `UNCOMPUTED` for a formula
        whose value the file does not hold.
    hidden_rows : list of int
        Row numbers.
    hidden_columns : list of int
        Column numbers from 1 on.
    filtered : bool
        Whether the sheet has a filter.
    merged : list of str
        Ranges such as ``"A1:B2"``.
    booleans : bool
        Whether there are truth values.
    """

    rows: int = 0
    columns: int = 0
    formulas: int = 0
    formula_columns: set[str] = field(default_factory=set)
    marked: dict[str, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    merged: list[str] = field(default_factory=list)
    booleans: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet of a workbook.

    Attributes
    ----------
    name : str
        What stands on its tab.
    visible : bool
        Whether a user sees it.
    sheet : Sheet
        What was found in it.
    """

    name: str
    visible: bool
    sheet: Sheet


#: The text of a cell whose formula was never computed.
UNCOMPUTED = "#FORMULA"


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What to look for, once the prefix of the tags is known."""

    start: re.Pattern[bytes]
    place: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    row: re.Pattern[bytes]
    column: re.Pattern[bytes]
    merged: re.Pattern[bytes]
    formula_tag: bytes
    value_tag: bytes
    filter_tag: bytes


@cache
def _patterns(prefix: bytes) -> _Patterns:
    p = re.escape(prefix)
    formula = rb"<%bf\b(?:[^>]*/>|[^>]*>[^<]*</[^>]*>)\s*" % p
    error = rb'<%bc\b([^>]*\bt\s*=\s*["\']e["\'][^>]*)>\s*(?:%b)?<%bv>([^<]*)<'
    return _Patterns(
        start=re.compile(rb"<%b(?:c|row)[\s>]" % p),
        place=re.compile(
            rb'<%bc\s(?:[^>]*?\s)??r\s*=\s*["\']([A-Z]+[0-9]+)["\'][^>/]*>' % p
        ),
        formula=re.compile(rb"<%bc\b([^>]*)>\s*%b(<%bv\b[^<]*)?" % (p, formula, p)),
        error=re.compile(error % (p, formula, p)),
        row=re.compile(rb"<%brow\b([^>]*)>" % p),
        column=re.compile(rb"<%bcol\b([^>]*)>" % p),
        merged=re.compile(
            rb'<%bmergeCell\s[^>]*?ref\s*=\s*["\']([A-Z]+[0-9]+:[A-Z]+[0-9]+)' % p
        ),
        formula_tag=b"<" + prefix + b"f",
        value_tag=b"<" + prefix + b"v>",
        filter_tag=b"<" + prefix + b"autoFilter",
    )


def scan_sheet(file: Path, parts: Iterable[bytes]) -> Sheet:
    """Look through the XML of a sheet.

    Parameters
    ----------
    file : Path
        The file, for messages.
    parts : iterable of bytes
        The XML, in order.

    Returns
    -------
    Sheet
        What stands out.

    Raises
    ------
    DataError
        If too many cells hold errors or formulas without a value, or cells do not say
        where they stand.
    """
    sheet, rest = Sheet(), iter(parts)
    first = next(rest, b"")
    root = _ROOT.search(first)
    look = _patterns(root.group(1) or b"" if root else b"")
    for text in _uncut(chain([first], rest), look.start):
        places = look.place.findall(text)
        if not places and look.value_tag in text:
            raise _unplaced(file)
        _reach(sheet, places)
        if look.formula_tag in text:
            _formulas(sheet, look.formula.findall(text))
        if b"hidden" in text:
            _hidden(sheet, look.row.findall(text), look.column.findall(text))
        if any(mark in text for mark in _IS_ERROR):
            _errors(sheet, look.error.findall(text))
        sheet.booleans |= any(mark in text for mark in _IS_BOOLEAN)
        sheet.filtered = sheet.filtered or look.filter_tag in text
        sheet.merged += [ref.decode() for ref in look.merged.findall(text)]
        _refuse_too_much(file, sheet)
    if "" in sheet.marked:
        raise _unplaced(file)
    return sheet


def _unplaced(file: Path) -> DataError:
    return DataError(
        f"{file}: the cells of a sheet do not say where they stand; open the file in "
        "Excel and save it again."
    )


def _refuse_too_much(file: Path, sheet: Sheet) -> None:
    if max(len(sheet.marked), len(sheet.merged)) > MOST_MARKED:
        raise DataError(
            f"{file}: more than {MOST_MARKED:,} cells are merged, hold errors or "
            "formulas that were never computed; open the file in Excel and save the "
            "answers as plain values."
        )
    if max(sheet.rows, len(sheet.hidden_rows)) > MOST_ROWS:
        raise DataError(
            f"{file}: a sheet has more than {MOST_ROWS} rows, which no workbook can "
            "have; save it again."
        )


def place_of(reference: str) -> tuple[int, int]:
    """Return the row and the column of a place.

    Parameters
    ----------
    reference : str
        As a spreadsheet shows it.

    Returns
    -------
    tuple of int
        Both from 1 on.

    Examples
    --------
    >>> place_of("C12")
    (12, 3)
    """
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), column_number(letters)


def column_number(letters: str) -> int:
    """Return the number of a column.

    Parameters
    ----------
    letters : str
        Capital letters as a spreadsheet shows them.

    Returns
    -------
    int
        From 1 on.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column.

    Parameters
    ----------
    number : int
        From 1 on.

    Returns
    -------
    str
        Capital letters as a spreadsheet shows them.

    Examples
    --------
    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _uncut(parts: Iterable[bytes], start: re.Pattern[bytes]) -> Iterator[bytes]:
    """Join pieces so that none ends within a cell or a tag."""
    rest = b""
    for part in parts:
        text = rest + part
        window = max(0, len(text) - _WINDOW)
        starts = [match.start() for match in start.finditer(text, window)]
        cut = starts[-1] if starts else max(text.rfind(b"<"), 0)
        rest = text[cut:]
        yield text[:cut]
    yield rest


def _reach(sheet: Sheet, found: list[bytes]) -> None:
    """Extend the sheet to the cells with content."""
    if found:
        places = b" ".join(found)
        columns = set(places.translate(None, _DIGITS).split())
        rows = set(places.translate(None, _LETTERS).split())
        widest = max(column_number(letters.decode()) for letters in columns)
        sheet.columns = max(sheet.columns, widest)
        sheet.rows = max(sheet.rows, *map(int, rows))


def _formulas(sheet: Sheet, found: list[tuple[bytes, bytes]]) -> None:
    for attributes, value in found:
        place = _attribute(attributes, b"r")
        sheet.formulas += 1
        sheet.formula_columns.add(place.rstrip("0123456789"))
        empty_text = value and _attribute(attributes, b"t") == "str"
        if not value.partition(b">")[2] and not empty_text:
            sheet.marked[place] = UNCOMPUTED


def _errors(sheet: Sheet, found: list[tuple[bytes, bytes]]) -> None:
    for attributes, error in found:
        sheet.marked[_attribute(attributes, b"r")] = error.decode("utf-8", "replace")


def _hidden(sheet: Sheet, rows: list[bytes], columns: list[bytes]) -> None:
    for attributes in filter(_HIDDEN.search, rows):
        sheet.hidden_rows.append(_number(attributes, b"r"))
    for attributes in filter(_HIDDEN.search, columns):
        first, last = _number(attributes, b"min"), _number(attributes, b"max")
        sheet.hidden_columns += range(first, min(last, MOST_COLUMNS) + 1)


def _number(attributes: bytes, name: bytes) -> int:
    found = _attribute(attributes, name)
    return int(found) if found.isdecimal() else 0


def _attribute(attributes: bytes, name: bytes) -> str:
    found = re.search(rb'\b%b\s*=\s*["\']([^"\']*)["\']' % name, attributes)
    return found.group(1).decode("utf-8", "replace") if found else ""
