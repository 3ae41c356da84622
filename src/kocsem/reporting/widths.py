"""How wide the columns of a printed table are: a rendered table in, widths out.

Word and LaTeX ask for the widths of columns whose words are broken into lines. A width
is counted in halves of a Chinese character; the caller knows the size of its type.
"""

import re
from collections.abc import Mapping, Sequence
from math import sqrt

from kocsem.reporting.layout import text_width
from kocsem.reporting.render import ShownTable

_SHORT = 12  # words that fit into so little room are not broken
_FEW = 6  # Chinese breaks between any two characters; fewer than three look odd
_WORD = re.compile(r"（?[!-,.-~]+-?）?")  # what no line may break
_LONG_WORD = 20  # a longer word, such as the name of a file, may be broken


def natural_widths(table: ShownTable) -> list[int]:
    """Return what each column takes when nothing but its heading is broken.

    Parameters
    ----------
    table : ShownTable
        The rendered table.

    Returns
    -------
    list of int
        Half-widths, one number a column.
    """
    longest = [_longest_word(heading.text) for heading in table.headings]
    for group in table.groups:
        for row in group.rows:
            for place, cell in enumerate(row):
                shown = text_width(cell.text) + len(cell.marks) + len(cell.letter)
                longest[place] = max(longest[place], shown)
    return longest


def firm_columns(table: ShownTable) -> list[bool]:
    """Tell which columns hold numbers or short words, which are never broken.

    Parameters
    ----------
    table : ShownTable
        The rendered table.

    Returns
    -------
    list of bool
        One a column.
    """
    return [
        heading.align == "center" or length <= _SHORT
        for heading, length in zip(table.headings, natural_widths(table), strict=True)
    ]


def least_widths(table: ShownTable) -> list[int]:
    """Return what the longest word of each column takes, within reason.

    Parameters
    ----------
    table : ShownTable
        The rendered table.

    Returns
    -------
    list of int
        Half-widths, one number a column.
    """
    least = [_longest_word(heading.text) for heading in table.headings]
    for group in table.groups:
        for row in group.rows:
            for place, cell in enumerate(row):
                words = map(text_width, _WORD.findall(cell.text))
                longest = max(words, default=0 if cell.text.isascii() else _FEW)
                least[place] = max(least[place], min(longest, _LONG_WORD))
    return least


def _longest_word(heading: str) -> int:
    """Return the width of what cannot be broken in a heading; Chinese breaks in two."""
    capitals = sum(map(str.isupper, heading)) // 2  # RMSEA takes more than its letters
    widest = max(map(text_width, heading.split(" "))) + capitals
    return widest if heading.isascii() else max((widest + 1) // 2, min(widest, 10))


def share_width(
    wanted: Sequence[float],
    firm: Sequence[bool],
    room: float,
    least: Sequence[float] | None = None,
) -> list[float]:
    """Share out a width among columns.

    Parameters
    ----------
    wanted : sequence of float
        What each column would take on one line.
    firm : sequence of bool
        Whether a column's content cannot be broken into lines.
    room : float
        The width there is.
    least : sequence of float, optional
        What the longest word of each column takes.

    Returns
    -------
    list of float
        Widths that add up to `room`. Firm columns get what they want, as do loose ones
        that are short; the others share what is left by the square root of what they
        want, so that a column of sentences is wider than one of words, and words stay
        whole. Room to spare, and a lack of room, is shared in proportion.

    Examples
    --------
    >>> share_width([1.0, 16.0, 4.0, 1.0], [False, False, False, True], 8.0)
    [1.0, 4.0, 2.0, 1.0]
    """
    fixed = sum(w for w, keep in zip(wanted, firm, strict=True) if keep)
    loose = [place for place, keep in enumerate(firm) if not keep]
    if not loose or fixed > 0.8 * room or sum(wanted) <= room:
        return [w * room / sum(wanted) for w in wanted]
    floor = [
        min(w, low) for w, low in zip(wanted, least or [0.0] * len(wanted), strict=True)
    ]
    widths, left = list(wanted), room - fixed
    while loose:
        needed = sum(floor[place] for place in loose)
        if needed >= left:
            return _spread(widths, {p: floor[p] * left / needed for p in loose})
        scale = left / sum(sqrt(wanted[place]) for place in loose)
        shares = {place: scale * sqrt(wanted[place]) for place in loose}
        settled = {p: floor[p] for p in loose if shares[p] < floor[p]}
        settled = settled or {p: wanted[p] for p in loose if wanted[p] <= shares[p]}
        widths = _spread(widths, settled or shares)
        left -= sum(settled.values())
        loose = [place for place in loose if place not in settled] if settled else []
    return widths


def _spread(widths: Sequence[float], new: Mapping[int, float]) -> list[float]:
    """Return widths with some of them replaced."""
    return [new.get(place, width) for place, width in enumerate(widths)]
