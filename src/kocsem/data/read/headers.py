"""What headers of every platform have in common: codes, stems with parts, fixed names.

In: a header, or the words that a file has for a column apart from it. Out: the ways in
which it can be read, and the role of a column that is about the answer sheet.
"""

import re
from collections.abc import Callable, Mapping

from kocsem.data.read.cells import RawTable
from kocsem.data.read.platform import Column, Reading, Role
from kocsem.data.read.text import label_key

_OPTION = re.compile(r"^(.+?)[_.\[(](\d+)[\])]?$")
_BRACKETS = {"(": ")", "[": "]"}


def code_readings(header: str) -> tuple[Reading, ...]:
    """Read a header as a code or words, and as a code with an option.

    Parameters
    ----------
    header : str
        Such as ``"CA1"`` or ``"CAT_3"``; a code before words is found by the matching.

    Returns
    -------
    tuple of Reading
        The header as a whole, then its parts.
    """
    readings = [Reading(header)]
    if option := _OPTION.match(header):
        readings.append(Reading(option[1], option[2]))
    return tuple(readings)


def split_readings(words: str, separator: str) -> tuple[Reading, ...]:
    """Read words as a stem and a part, at every place where they may be divided.

    Parameters
    ----------
    words : str
        Such as ``"Which fields? - Food"``.
    separator : str
        Pattern of what stands between stem and part.

    Returns
    -------
    tuple of Reading
        The longest part first.
    """
    return tuple(
        Reading(words[: found.start()].strip(), words[found.end() :].strip())
        for found in re.finditer(separator, words)
    )


def bracket_readings(words: str, bracket: str) -> tuple[Reading, ...]:
    """Read words as a stem and a part in brackets at their end.

    Parameters
    ----------
    words : str
        Such as ``"Which fields? [Food]"``; a part may itself hold brackets.
    bracket : {"(", "["}
        The opening bracket.

    Returns
    -------
    tuple of Reading
        The shortest part first.
    """
    if not words.endswith(_BRACKETS[bracket]):
        return ()
    starts = [place for place, char in enumerate(words) if char == bracket]
    return tuple(
        Reading(words[:start].strip(), words[start + 1 : -1])
        for start in reversed(starts)
    )


def is_named(table: RawTable, roles: Mapping[str, Role], least: int) -> bool:
    """Tell whether a file holds several of a platform's fixed headers.

    Parameters
    ----------
    table : RawTable
        The file.
    roles : mapping of str to role
        The fixed headers, as `label_key` writes them.
    least : int
        How many of them tell the platform.

    Returns
    -------
    bool
        True when there are that many.
    """
    return len(roles.keys() & {label_key(name) for name in table.header}) >= least


def lay_out(
    table: RawTable,
    roles: Mapping[str, Role],
    read: Callable[[str, str], tuple[Reading, ...]],
) -> tuple[Column, ...]:
    """Give every column its role, and its readings where it may hold answers.

    Parameters
    ----------
    table : RawTable
        The file.
    roles : mapping of str to role
        The fixed headers, as `label_key` writes them; a column without header is
        ignored.
    read : callable
        Header and title to readings; the title is empty where the file has none.

    Returns
    -------
    tuple of Column
        One for each header.
    """
    titles = table.titles or ("",) * len(table.header)
    columns = []
    for position, pair in enumerate(zip(table.header, titles, strict=True)):
        header, title = pair
        role = roles.get(label_key(header)) if header else "ignored"
        readings = () if role else read(header, title)
        columns.append(Column(position, header, role or "question", readings=readings))
    return tuple(columns)
