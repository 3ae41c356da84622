"""Chains of paths: who acts on whom, and through whom."""

from itertools import permutations

import pytest

from kocsem.results.chains import PathGraph


def graph(*steps):
    return PathGraph(tuple((step[0], step[1]) for step in steps))


@pytest.mark.parametrize(
    ("steps", "recursive"),
    [
        ((), True),
        (("ab", "bc", "ac"), True),
        (("ab", "cb", "cd"), True),
        (("ab", "ba"), False),
        (("ab", "bc", "ca", "da"), False),
        (("da", "ab", "bc", "cb"), False),
    ],
)
def test_loops_are_found(steps, recursive):
    assert graph(*steps).is_recursive is recursive


def test_what_is_reached():
    made = graph("ab", "bc", "dc", "ce", "ec")
    assert made.variables == ("a", "b", "c", "d", "e")
    assert {k: set(v) for k, v in made.reached_from.items()} == {
        "a": {"b", "c", "e"},
        "b": {"c", "e"},
        "c": {"c", "e"},
        "d": {"c", "e"},
        "e": {"c", "e"},
    }


@pytest.mark.parametrize(
    "steps",
    [
        ("ab", "bc", "cd"),
        ("ab", "ac", "ad", "bc", "bd", "cd"),
        ("ad", "ab", "bd", "ca", "cb"),
        ("ab", "bc", "ca", "cd"),
    ],
)
def test_chains_are_all_there_are(steps):
    # every order of every selection of variables, kept where all its paths exist
    made, names = graph(*steps), sorted({name for step in steps for name in step})
    for start in names:
        expected = {
            order
            for size in range(2, len(names) + 1)
            for order in permutations(names, size)
            if order[0] == start
            and all("".join(order[i : i + 2]) in steps for i in range(size - 1))
        }
        found = list(made.chains_from(start))
        assert len(found) == len(set(found))
        assert set(found) == expected
