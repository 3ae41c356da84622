"""A table wider than its page stands in panels; nothing of it is lost."""

from itertools import pairwise

import pytest

from kocsem.reporting.panels import panels
from kocsem.reporting.render import ShownCell, ShownGroup, ShownHeading, ShownTable


def cell(text, align="center"):
    return ShownCell(text=text, marks="", letter="", align=align, bold=False)


def table_of(groups, columns):
    return ShownTable(
        key="t",
        number="Table 1",
        title="T",
        headings=tuple(ShownHeading(name, "center", False) for name in columns),
        groups=tuple(
            ShownGroup(label, tuple(tuple(map(cell, row)) for row in rows))
            for label, rows in groups.items()
        ),
        notes=(),
        language="en",
        style="apa",
        supplementary=False,
    )


def wide(count):
    """Build a table whose cells say where they belong."""
    columns = ["rule", *(f"c{n}" for n in range(1, count + 1))]
    rows = [[f"r{m}", *(f"r{m}c{n}" for n in range(1, count + 1))] for m in range(3)]
    return table_of({"": rows[:1], "More": rows[1:]}, columns)


def names(table):
    return [heading.text for heading in table.headings]


@pytest.mark.parametrize("count", range(1, 24))
@pytest.mark.parametrize("room", [4, 9, 10.5, 100])
@pytest.mark.parametrize("uneven", [False, True])
def test_every_cell_stands_in_one_panel(count, room, uneven):
    table = wide(count)
    widths = [1.0, *(1 + n % 3 if uneven else 1.0 for n in range(count))]
    parts = panels(table, widths, room)
    assert [name for part in parts for name in names(part)[1:]] == names(table)[1:]
    for part in parts:
        assert names(part)[0] == "rule"
        assert [group.label for group in part.groups] == ["", "More"]
        for group in part.groups:
            for row in group.rows:
                shown = [c.text for c in row]
                expected = [shown[0] + name for name in names(part)[1:]]
                assert shown[1:] == expected
    ends = [0]
    for part in parts:
        ends.append(ends[-1] + len(names(part)) - 1)
    taken = [sum(widths[1 + a : 1 + b]) for a, b in pairwise(ends)]
    assert len(parts) == 1 or all(
        used <= room - 1 or len(names(part)) == 2
        for used, part in zip(taken, parts, strict=True)
    )


@pytest.mark.parametrize(
    ("count", "room", "sizes"),
    [
        (5, 6.0, [5]),
        (5, 5.8, [5]),  # within the error of an estimate
        (5, 5.5, [3, 2]),
        (16, 8.0, [6, 6, 4]),
        (22, 12.0, [11, 11]),
        (2, 1.5, [1, 1]),
    ],
)
def test_columns_are_shared_out_evenly(count, room, sizes):
    parts = panels(wide(count), [1.0] * (count + 1), room)
    assert [len(names(part)) - 1 for part in parts] == sizes


def test_long_words_before_the_rows_leave_room_for_numbers():
    parts = panels(wide(6), [50.0, *[1.0] * 6], 8.0)
    assert [len(names(part)) - 1 for part in parts] == [6]


def test_a_panel_leaves_out_what_it_does_not_show():
    rows = [["a", "1", ""], ["b", "", ""], ["c", "", "2"]]
    parts = panels(table_of({"G": rows[:1], "H": rows[1:]}, ["", "x", "y"]), [1] * 3, 2)
    shown = [
        {group.label: [row[0].text for row in group.rows] for group in part.groups}
        for part in parts
    ]
    assert shown == [{"G": ["a"]}, {"H": ["c"]}]
