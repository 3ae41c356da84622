"""XLSX and XLSM workbooks to tables of text.

In: an archive whose parts are a workbook's. Out: the cells of its first sheet with
content, and findings on whatever else it holds. Every part is measured before the
library for workbooks, which keeps a sheet in memory, sees it.
"""

import io
import posixpath
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from xml.etree import ElementTree

import python_calamine

from kocsem.data.read.cells import RawTable
from kocsem.data.read.formats.archive import Archive, pieces
from kocsem.data.read.formats.sheet import Sheet, Tab, place_of, scan_sheet
from kocsem.data.read.formats.words import cell_text
from kocsem.data.read.formats.workbook import choose_tab, sheet_table
from kocsem.data.read.privacy import shown_header
from kocsem.errors import DataError

#: The part by which a workbook is told.
WORKBOOK = "xl/workbook.xml"
#: Bytes of a sheet's XML, of any other part, and of all parts together.
MOST_SHEET, MOST_PART, MOST_ALL = 2**30, 2**27, 2**31
#: Cells of the rectangle that a sheet's content spans.
MOST_CELLS = 20_000_000

_RELATIONS = "xl/_rels/workbook.xml.rels"
_OTHER_TEXT = (b"\xff\xfe", b"\xfe\xff", b"\0")
_SAVE = "open it in Excel and save it again"


def read_xlsx(archive: Archive) -> RawTable:
    """Read a workbook.

    Parameters
    ----------
    archive : Archive
        The workbook.

    Returns
    -------
    RawTable
        The first sheet with content.

    Raises
    ------
    DataError
        If the workbook is damaged, too large or empty.
    """
    file = archive.file
    total = sum(info.file_size for info in archive.members.values())
    if total > MOST_ALL:
        raise DataError(
            f"{file}: the workbook would expand to {total / 2**20:,.0f} MB, more than "
            f"{MOST_ALL // 2**20} MB; it was not unpacked. Export the answers as .csv."
        )
    tabs = _tabs(archive)
    tab = choose_tab(file, tabs)
    _refuse_reach(archive, tab)
    rows = _completed(_rows(archive, tab), tab.sheet)
    return sheet_table(file, "xlsx", rows, tab, tabs)


def _rows(archive: Archive, tab: Tab) -> Iterator[Sequence[Hashable]]:
    """Give the values of a sheet, from its first row and column on."""
    try:
        # a file is read from the disk, which spares a copy of it in memory
        source = io.BytesIO(archive.content) if archive.is_member else archive.file
        book = python_calamine.load_workbook(source)
        sheet = book.get_sheet_by_name(tab.name)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a failure within the library is no Exception
        raise DataError(f"{archive.file}: the workbook is damaged; {_SAVE}.") from None
    rows = sheet.iter_rows()  # rows above content included
    if sheet.start and sheet.start[1]:  # columns before it not
        before = [""] * sheet.start[1]
        return ([*before, *row] for row in rows)
    return rows


def _completed(
    rows: Iterable[Sequence[Hashable]], sheet: Sheet
) -> Iterator[Sequence[Hashable]]:
    """Put in errors and open formulas; tell truth values from numbers."""
    marked: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for place, text in sheet.marked.items():
        row_number, column = place_of(place)
        marked[row_number][column - 1] = text
    number = 0
    for number, row in enumerate(rows, start=1):
        cells = row
        if sheet.booleans:
            cells = [cell_text(c) if isinstance(c, bool) else c for c in cells]
        yield _with(cells, marked[number]) if number in marked else cells
    for beyond in range(number + 1, max(marked, default=0) + 1):
        yield _with((), marked.get(beyond, {}))


def _with(row: Sequence[Hashable], texts: dict[int, str]) -> Sequence[Hashable]:
    cells = [*row, *[""] * (max(texts, default=-1) + 1 - len(row))]
    for column, text in texts.items():
        cells[column] = text
    return cells


def _tabs(archive: Archive) -> tuple[Tab, ...]:
    """List the sheets, once every part of the workbook has been measured."""
    file = archive.file
    for name in (WORKBOOK, _RELATIONS):
        if name not in archive.members:
            raise DataError(f"{file}: the workbook is damaged; {_SAVE}.")
    try:
        book = ElementTree.fromstring(_small(archive, WORKBOOK))
        links = ElementTree.fromstring(_small(archive, _RELATIONS))
    except ElementTree.ParseError:
        raise DataError(f"{file}: the workbook is damaged; {_SAVE}.") from None
    parts = {
        link.get("Id", ""): _path(link.get("Target", ""))
        for link in links
        if link.get("Type", "").endswith("/worksheet")
    }
    listed = [
        (tag.get("name", ""), tag.get("state", "visible") == "visible", parts[link])
        for tag in book.iter()
        if tag.tag.endswith("}sheet") and (link := _link(tag)) in parts
    ]
    sheets = {part for _, _, part in listed}
    for name in archive.members:
        if name not in sheets:
            for _ in _plain(archive, name, MOST_PART):
                pass
    return tuple(
        Tab(name, visible, scan_sheet(file, _plain(archive, part, MOST_SHEET)))
        for name, visible, part in listed
    )


def _path(target: str) -> str:
    """Name the part that a workbook's link leads to."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _link(tag: ElementTree.Element) -> str:
    return next((v for k, v in tag.attrib.items() if k.endswith("}id")), "")


def _small(archive: Archive, name: str) -> bytes:
    return b"".join(_plain(archive, name, MOST_PART))


def _plain(archive: Archive, name: str, most: int) -> Iterator[bytes]:
    """Unpack a part; XML that defines entities or is no UTF-8 is refused."""
    if name not in archive.members:
        raise DataError(f"{archive.file}: the workbook is damaged; {_SAVE}.")
    text = name.endswith((".xml", ".rels"))
    before = b""
    for piece in pieces(archive, name, most):
        if text and not before and piece.startswith(_OTHER_TEXT):
            raise DataError(f"{archive.file}: a part is not in UTF-8; {_SAVE}.")
        if text and b"<!DOCTYPE" in before + piece:
            raise DataError(
                f"{archive.file}: the workbook defines entities of its own, which no "
                f"spreadsheet program writes; {_SAVE}."
            )
        before = piece[-16:]
        yield piece


def _refuse_reach(archive: Archive, tab: Tab) -> None:
    """Refuse a sheet too large to be kept in memory."""
    sheet = tab.sheet
    if sheet.rows * sheet.columns > MOST_CELLS:
        raise DataError(
            f"{archive.file}: the sheet {shown_header(tab.name)} reaches to row "
            f"{sheet.rows:,} and column {sheet.columns:,}, which is more than "
            f"{MOST_CELLS:,} cells. Delete the rows and columns beyond the answers, or "
            "save it as .csv in UTF-8."
        )
