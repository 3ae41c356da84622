"""The encoding of a text that a survey platform wrote.

In: bytes. Out: UTF-8, UTF-16 or GB 18030, or an error that names the first line that
does not fit. GB 18030 comes after UTF-8, which it would often misread; a file that is
in part one and in part the other is refused.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from kocsem.errors import DataError

#: Bytes of a line: a row of answers has some thousand.
MOST_LINE = 2**24

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_FROM_IDEOGRAPHS = "\u2000"  # where the characters begin that Chinese needs
_PIECE = 2**20
_SAVE = "export the answers as .xlsx or as .csv in UTF-8"


def encoding_of(file: Path, content: bytes) -> str:
    """Tell the encoding of a text.

    Parameters
    ----------
    file : Path
        The file, for messages.
    content : bytes
        What it holds.

    Returns
    -------
    str
        ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"`` or ``"gb18030"``.

    Raises
    ------
    DataError
        If it is none of them, mixes two, holds characters that no text has, or ends
        within a character; the message names the line.
    """
    if content.startswith(_UTF16):
        candidate = "utf-16"
    elif content.startswith(codecs.BOM_UTF8):
        candidate = "utf-8-sig"
    else:
        candidate = "utf-8"
    marked_only = candidate == "utf-16" and b"\0" not in content  # not even a comma
    bad = 1 if marked_only else _misfit(file, content, candidate)
    if bad is None:
        return candidate
    if candidate == "utf-16":
        raise DataError(
            f"{file}, line {bad}: the text is cut off or no UTF-16; {_SAVE}."
        )
    _refuse_mixture(file, content)
    if candidate == "utf-8" and _misfit(file, content, "gb18030") is None:
        return "gb18030"
    raise DataError(
        f"{file}, line {bad}: this is neither a workbook nor a text in UTF-8, GB 18030 "
        f"or UTF-16; {_SAVE}."
    )


def _misfit(file: Path, content: bytes, encoding: str) -> int | None:
    """Return the first line that is not in an encoding."""
    decode = codecs.getincrementaldecoder(encoding)().decode
    newline = _newline(content, encoding)
    line, length = 1, 0
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        try:
            text = decode(piece, start + _PIECE >= len(content))
        except UnicodeDecodeError as failure:
            line += failure.object.count(newline, 0, failure.start)
            if failure.reason == "unexpected end of data":
                raise DataError(
                    f"{file}, line {line}: the file ends within a character; it was "
                    "cut off. Export or download the answers again."
                ) from None
            return line
        if found := _NO_TEXT.search(text):
            line += text.count("\n", 0, found.start())
            raise DataError(
                f"{file}, line {line}: there is a character that no text has; this is "
                "neither a workbook nor a text in UTF-8, GB 18030 or UTF-16, or it was "
                f"damaged; {_SAVE}."
            )
        line += text.count("\n")
        breaks = max(text.rfind("\n"), text.rfind("\r"))
        length = length + len(text) if breaks < 0 else len(text) - breaks
        if length > MOST_LINE:
            raise DataError(
                f"{file}, line {line}: the line is longer than {MOST_LINE:,} "
                f"characters; this is no table of answers. Otherwise {_SAVE}."
            )
    return None


def _newline(content: bytes, encoding: str) -> bytes:
    if encoding != "utf-16":
        return b"\n"
    return b"\n\0" if content.startswith(codecs.BOM_UTF16_LE) else b"\0\n"


def _refuse_mixture(file: Path, content: bytes) -> None:
    """Refuse a text of which some lines are UTF-8 and others are not."""
    first: bool | None = None
    for number, line in _foreign_lines(content):
        kind = _is_utf8(line)
        if kind is None:
            continue
        if first is None:
            first = kind
        if kind != first:
            before, now = ("UTF-8", "GB 18030") if first else ("GB 18030", "UTF-8")
            raise DataError(
                f"{file}, line {number}: the text changes its encoding, from {before} "
                f"to {now} or to damaged characters; it would be misread. Files were "
                "joined or edited in two programs: export the answers again, or join "
                "them in Excel and save as .xlsx."
            )


def _foreign_lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with more than ASCII, and their numbers."""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if _BEYOND_ASCII.search(line):
            yield number, line


def _is_utf8(line: bytes) -> bool | None:
    """Tell whether a line is UTF-8; None where it could be both."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True if any(char >= _FROM_IDEOGRAPHS for char in text) else None
