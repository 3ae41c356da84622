"""Agreeing with an item and with its reverse."""

import numpy as np
import pytest

from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from screening_cases import OFF, received, survey

NAN = np.nan


def found(answers, points=5, **rules):
    """Screen one sheet with three items, the last of which is reversed."""
    given = survey({"A": ["a1", "a2", "a3"], "B": ["b1"]}, points, reverse=("a3",))
    sheet = dict(zip(("a1", "a2", "a3", "b1"), answers, strict=True))
    wanted = OFF | {"contradictions": "drop"} | rules
    return screen(received([sheet]), given, ScreeningRules(**wanted))


@pytest.mark.parametrize(
    ("points", "answers", "gap"),
    [
        (5, (5, 5, 5, 3), 4),
        (5, (1, 1, 1, 3), 4),
        (5, (4, 3, 5, 3), 3),  # |4 - (6 - 5)| = 3
        (5, (2, 3, 1, 3), 3),
        (5, (4, 4, 4, 3), None),  # |4 - 2| = 2
        (5, (5, 5, 1, 3), None),
        (5, (3, 3, 3, 5), None),
        (5, (5, NAN, NAN, 5), None),
        (5, (NAN, 5, 5, 3), 4),
        (5, (3, 3, 1, 1), None),  # b1 belongs to another construct
        (7, (7, 4, 6, 4), 5),
        (7, (6, 4, 6, 4), None),
        (4, (4, 2, 3, 2), 2),
        (4, (3, 3, 3, 3), None),  # |3 - 2| = 1
        (3, (3, 2, 3, 2), 2),
        (3, (3, 2, 2, 2), None),
        (2, (2, 1, 2, 1), 1),
        (2, (2, 2, 1, 1), None),
    ],
)
def test_the_default_limit(points, answers, gap):
    dropped = found(answers, points).dropped
    if gap is None:
        assert len(dropped) == 0
    else:
        assert dropped["detail"][0].endswith(f", {gap} points apart")


@pytest.mark.parametrize(("limit", "hit"), [(2, True), (3, False), (1, True)])
def test_a_limit_in_points(limit, hit):
    assert len(found((4, 4, 4, 3), contradiction_points=limit).dropped) == hit


def test_the_widest_pair_is_named():
    assert found((4, 5, 5, 3)).dropped["detail"][0] == (
        "a2: answered 5, a3 (reversed): answered 5, 4 points apart"
    )


def test_flagged_by_default_as_a_remark():
    quiet = {k: v for k, v in OFF.items() if k != "contradictions"}
    given = survey({"A": ["a1", "a2"]}, reverse=("a2",))
    result = screen(received([{"a1": 5, "a2": 5}]), given, ScreeningRules(**quiet))
    (finding,) = result.findings
    assert (finding.code, finding.severity) == ("flagged-contradiction", "info")


def test_without_reversed_items_there_is_no_rule():
    given = survey({"A": ["a1", "a2"]})
    rules = ScreeningRules(**OFF | {"contradictions": "drop"})
    result = screen(received([{"a1": 5, "a2": 5}]), given, rules)
    assert (result.rules, result.findings) == ((), ())
