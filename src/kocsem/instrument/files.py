"""A file that a user named to its bytes or its text, or to one plain sentence.

In: a path. Out: what the file holds. A path that leads to nothing, to a folder or to a
file that may not be read is told apart, with the likeliest name that was meant.
"""

import codecs
from pathlib import Path

from kocsem.errors import KocsemError
from kocsem.instrument.nearest import nearest

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_NAMES = 500


def read_bytes(file: Path, error: type[KocsemError]) -> bytes:
    """Read a file whole.

    Parameters
    ----------
    file : Path
        The file.
    error : type
        Class of the error to raise.

    Returns
    -------
    bytes
        What it holds.

    Raises
    ------
    KocsemError
        Of class `error`, if there is no such file, it is a folder, or it may not be
        read.
    """
    if file.is_dir():
        raise error(f"{file}: this is a folder, which cannot be read; name a file.")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise error(absent(file)) from None
    except OSError as failure:
        raise error(f"{file}: cannot be read ({failure.strerror}).") from None


def absent(file: Path) -> str:
    """Say that there is no such file, and which one may have been meant.

    Parameters
    ----------
    file : Path
        A path that leads to nothing.

    Returns
    -------
    str
        A sentence with the path.
    """
    folder = file.parent
    if not folder.is_dir():
        return f"{file}: there is no such file, nor is there a folder {folder}."
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        names = []
    near = nearest(file.name, sorted(names)[:_MOST_NAMES])
    meant = f"; did you mean {near}?" if near else "."
    return f"{file}: there is no such file{meant}"


def read_text(file: Path, error: type[KocsemError]) -> str:
    """Read a text that people write by hand: UTF-8, or UTF-16 with its mark.

    Parameters
    ----------
    file : Path
        The file.
    error : type
        Class of the error to raise.

    Returns
    -------
    str
        The text, without a byte-order mark.

    Raises
    ------
    KocsemError
        Of class `error`, if the file cannot be read or is in another encoding; the
        message names the first line that is wrong.
    """
    content = read_bytes(file, error)
    encoding = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as failure:
        raise error(_not_utf8(file, content, failure.start)) from None


def _not_utf8(file: Path, content: bytes, position: int) -> str:
    """Say where a text is not UTF-8, and what it may be instead."""
    if b"\0" in content:
        return f"{file}: this is no text; name a file in YAML."
    line = content.count(b"\n", 0, position) + 1
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        found = "is not UTF-8"
    else:
        found = "is not UTF-8 but seems to be GB 18030 (ANSI of a Chinese Windows)"
    return (
        f"{file}, line {line}: the text {found}. Save the file as UTF-8 "
        "(记事本：另存为，编码选 UTF-8)."
    )
