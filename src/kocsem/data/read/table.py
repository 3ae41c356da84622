"""A file of answers to a table of text cells, whatever its format.

In: a file that a survey platform, a spreadsheet or a statistics program wrote, alone or
in a zip archive. Out: a header and columns of stripped strings, with the row numbers
that a user sees. The format is told from the first bytes, not from the file's name.
"""

from pathlib import Path

from kocsem.data.read.cells import RawTable
from kocsem.data.read.formats.archive import (
    Archive,
    base_name,
    open_archive,
    whole,
)
from kocsem.data.read.formats.delimited import read_delimited
from kocsem.data.read.formats.labelled import is_labelled, read_labelled
from kocsem.data.read.formats.words import listed
from kocsem.data.read.formats.xls import read_xls
from kocsem.data.read.formats.xlsx import WORKBOOK, read_xlsx
from kocsem.errors import DataError
from kocsem.instrument.files import read_bytes

_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
_SAVE = "export the answers as .xlsx or as .csv in UTF-8"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_FORMATS = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text of a word processor",
    b"{": "JSON",
    b"[{": "JSON",
    b"Rar!": "an archive; unpack it, or",
    b"7z\xbc\xaf": "an archive; unpack it, or",
    b"\x1f\x8b": "an archive; unpack it, or",
    b"HEADER RECORD*****": "a SAS file",
    b"\0" * 12 + b"\xc2\xea\x81": "a SAS file",
    b"SQLite format 3": "a database",
    b"MIME-Version:": "a web page",
    b"From: <Saved by": "a web page",
}
_OTHER_ARCHIVES = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "content.xml": "an OpenDocument file",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
}


def read_table(path: str | Path) -> RawTable:
    """Read the cells of a file of answers.

    Parameters
    ----------
    path : str or Path
        A text with separators (CSV, TSV), a workbook (XLSX, XLSM, XLS), a file of SPSS
        (SAV, ZSAV, POR) or Stata (DTA), or a zip archive with one of them.

    Returns
    -------
    RawTable
        Header and rows; rows without any content are left out.

    Raises
    ------
    DataError
        If the file is missing, empty, damaged, in another format or encoding, or has a
        row with more cells than the header.
    """
    file = Path(path)
    content = read_bytes(file, DataError)
    if not content.startswith(_ZIP):
        return _read(file, content)
    archive = open_archive(file, content)
    if WORKBOOK in archive.members:
        return read_xlsx(archive)
    return _read_single(archive)


def _read(file: Path, content: bytes) -> RawTable:
    """Read a file that is no archive."""
    if is_labelled(content):
        return read_labelled(file, content)
    if content.startswith(_OLE):
        return read_xls(file, content)
    start = content[:4096].removeprefix(_BYTE_ORDER_MARK).lstrip()
    for begin, what in _OTHER_FORMATS.items():
        if start.startswith(begin):
            raise DataError(f"{file}: this is {what}; {_SAVE}.")
    if start.replace(b"\0", b"").removeprefix(b"\xff\xfe").startswith(b"<"):
        raise DataError(
            f"{file}: this is a web page or XML, not a table, whatever its name says. "
            f"Open it in Excel and save it as .xlsx, or {_SAVE}."
        )
    if not start and not content.strip().removeprefix(_BYTE_ORDER_MARK).strip():
        raise DataError(f"{file}: the file is empty.")
    return read_delimited(file, content)


def _read_single(archive: Archive) -> RawTable:
    """Read the one file that an archive holds."""
    file = archive.file
    for name, what in _OTHER_ARCHIVES.items():
        if name in archive.members:
            raise DataError(f"{file}: this is {what}; {_SAVE}.")
    names = [name for name in archive.members if not _is_clutter(name)]
    if len(names) != 1:
        found = listed([base_name(name) for name in names]) or "no file"
        raise DataError(
            f"{file}: the archive holds {found}; it must hold one file of answers. "
            "Unpack it and name that file."
        )
    inner = file.with_name(f"{file.name} ({base_name(names[0])})")
    content = whole(archive, names[0])
    if not content.startswith(_ZIP):
        return _read(inner, content)
    book = open_archive(inner, content, is_member=True)
    if WORKBOOK not in book.members:
        raise DataError(
            f"{file}: the archive holds an archive; unpack both and name the file of "
            "answers."
        )
    return read_xlsx(book)


def _is_clutter(name: str) -> bool:
    """Tell what macOS adds to archives."""
    return name.startswith("__MACOSX/") or base_name(name).startswith(".")
