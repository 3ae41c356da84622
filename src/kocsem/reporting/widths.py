"""How wide the columns of a printed table are: a rendered table in, widths out.

Word and LaTeX ask for the widths of columns whose words are broken into lines. A width
is counted in halves of a Chinese character; the caller knows the size of its type.
"""

from collections.abc import Sequence

from kocsem.reporting.layout import text_width
from kocsem.reporting.render import ShownTable

_SHORT = 12  # words that fit into so little room are not broken


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


def _longest_word(heading: str) -> int:
    """Return the width of what cannot be broken in a heading; Chinese breaks in two."""
    widest = max(map(text_width, heading.split(" ")))
    return widest if heading.isascii() else max((widest + 1) // 2, min(widest, 10))


def share_width(
    wanted: Sequence[float], firm: Sequence[bool], room: float
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

    Returns
    -------
    list of float
        Widths that add up to `room`. Firm columns and short ones get what they want,
        the longest are cut to one and the same width; room to spare, and a lack of
        room for the firm columns, is shared in proportion.

    Examples
    --------
    >>> share_width([1.0, 6.0, 4.0, 1.0], [False, False, False, True], 8.0)
    [1.0, 3.0, 3.0, 1.0]
    """
    fixed = sum(w for w, keep in zip(wanted, firm, strict=True) if keep)
    loose = sorted(w for w, keep in zip(wanted, firm, strict=True) if not keep)
    if not loose or fixed > 0.8 * room or sum(wanted) <= room:
        return [w * room / sum(wanted) for w in wanted]
    left = room - fixed
    for place, width in enumerate(loose):
        cut = left / (len(loose) - place)
        if width > cut:
            break
        left -= width
    return [w if keep else min(w, cut) for w, keep in zip(wanted, firm, strict=True)]
