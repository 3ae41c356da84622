"""Tables that are wider than their page: a rendered table in, its panels out.

A matrix of many constructs, or a column for each of many paths, cannot stand on one
page without breaking numbers. Its columns are shared out among tables that stand below
each other, each with the first column, which names the rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

from kocsem.reporting.render import ShownCell, ShownGroup, ShownTable

_STUB_SHARE = 0.25  # of the page, for words that name the rows and may be broken
_SQUEEZE = 1.05  # widths are estimates: this much too wide is still no reason to split


def panels(
    table: ShownTable, widths: Sequence[float], room: float
) -> tuple[ShownTable, ...]:
    """Split a table whose columns do not fit beside each other.

    Parameters
    ----------
    table : ShownTable
        The rendered table.
    widths : sequence of float
        The least that each column takes; numbers are not broken.
    room : float
        The width of the page, in the same unit.

    Returns
    -------
    tuple of ShownTable
        The table itself when it fits; otherwise its panels, of as equal a number of
        columns as can be. A panel leaves out rows of which it shows nothing.
    """
    stub = min(widths[0], _STUB_SHARE * room)
    if stub + sum(widths[1:]) <= _SQUEEZE * room:
        return (table,)
    last = len(widths)
    edges = [1]
    while edges[-1] < last:
        edges.append(_reach(widths, edges[-1], room - stub))
    even = ceil((last - 1) / (len(edges) - 1))
    spread = [*range(1, last, even), last]
    fits = all(sum(widths[a:b]) <= room - stub for a, b in pairwise(spread))
    return tuple(_panel(table, a, b) for a, b in pairwise(spread if fits else edges))


def _reach(widths: Sequence[float], first: int, room: float) -> int:
    """Return the end of the columns that fit, at least one, from a first one on."""
    end, taken = first + 1, widths[first]
    while end < len(widths) and taken + widths[end] <= room:
        taken += widths[end]
        end += 1
    return end


def _panel(table: ShownTable, first: int, end: int) -> ShownTable:
    """Return a table with the first column and some of the others."""
    kept = (0, *range(first, end))
    groups = [_part(group, kept) for group in table.groups]
    return replace(
        table,
        headings=tuple(table.headings[place] for place in kept),
        groups=tuple(group for group in groups if group.rows),
    )


def _part(group: ShownGroup, kept: Sequence[int]) -> ShownGroup:
    rows = (tuple(row[place] for place in kept) for row in group.rows)
    return replace(group, rows=tuple(row for row in rows if _shows(row)))


def _shows(row: Sequence[ShownCell]) -> bool:
    return any(cell.text for cell in row[1:])
