"""The table's own bookkeeping: groups, names, numbers, candidates."""

import pytest

from kocsem.model.build import TableOptions, build_table
from kocsem.model.syntax import parse_model
from kocsem.model.table import Parameter

TEXT = "f =~ x1 + a*x2 + c(b, d)*x3\ny ~ f"


def table(groups=2, **options):
    return build_table(parse_model(TEXT), TableOptions(groups=groups, **options))


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_groups_stand_one_after_the_other(groups):
    found = build_table(parse_model("y ~ x"), TableOptions(groups=groups))
    assert found.groups == groups
    parts = [found.of_group(group) for group in range(1, groups + 1)]
    assert tuple(row for part in parts for row in part) == found.rows
    keys = [[row.key for row in part] for part in parts]
    assert all(other == keys[0] for other in keys)
    assert len({row.identity for row in found}) == len(found.rows)


def test_numbers_run_through_the_groups():
    numbers = [row.free for row in table() if row.free]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [row.free for row in table().free_rows] == numbers


def test_names_tell_the_groups_apart():
    names = table(equal=("regressions",)).free_names
    half = len(names) // 2
    assert names[:5] == ("a", "b", ".p4.", "x1~~x1", "x2~~x2")
    assert names[half : half + 5] == ("a", "d", ".p4.", "x1~~x1.g2", "x2~~x2.g2")


def test_indicators_are_listed_once():
    assert table().indicators_of == {"f": ("x1", "x2", "x3")}


def test_a_fixed_candidate_is_set_free_at_the_end_of_its_group():
    found = table()
    marker = next(row for row in found.of_group(1) if row.text == "f=~x1")
    wide = found.with_candidates([marker])
    before, after = found.of_group(1), wide.of_group(1)
    assert [row.text for row in after] == [*(r.text for r in before[1:]), "f=~x1"]
    free = sum(row.free > 0 for row in before)
    assert (after[-1].free, after[-1].fixed) == (free + 1, None)
    assert wide.of_group(2)[0].fixed == 1.0
    assert next(row.free for row in wide.of_group(2) if row.free) == free + 2


def test_candidates_of_both_groups():
    found = table()
    new = [Parameter("x1", "~~", "x3", group=group) for group in (2, 1)]
    wide = found.with_candidates(new)
    free = len(found.free_rows)
    assert [wide.of_group(group)[-1].text for group in (1, 2)] == ["x1~~x3"] * 2
    assert [wide.of_group(g)[-1].free for g in (1, 2)] == [free // 2 + 1, free + 2]
    assert [row.free for row in wide.free_rows] == list(range(1, free + 3))


def test_in_one_group_candidates_come_last():
    found = build_table(parse_model("f =~ x1 + x2 + x3"), TableOptions())
    wide = found.with_candidates((Parameter("x1", "~~", "x2"), found.rows[0]))
    assert wide.free_rows[: len(found.free_rows)] == found.free_rows
    assert [row.text for row in wide.rows[-2:]] == ["x1~~x2", "f=~x1"]
