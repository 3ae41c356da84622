"""Origin, answers, or both: who repeats an earlier sheet."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from kocsem.data.screening.duplicates import repeats
from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from screening_cases import OFF, received, survey

NAN = np.nan
CODES = [f"a{i}" for i in range(12)]
SURVEY = survey({"A": CODES})
ONE = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
TWO = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 3]
FLAT = [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]
HOLE = [1, NAN, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
HALF = [1, 2, 3, *[NAN] * 9]


def hits(answers, origin, survey=SURVEY):
    """Return the rows that each of the three rules hits."""
    frame = pd.DataFrame(answers, columns=list(survey.likert_rows))
    rules = ScreeningRules(
        **OFF | {"duplicates": "flag", "same_answers": "flag", "same_origin": "flag"}
    )
    found = screen(received(frame, origin=origin), survey, rules).reasons
    return {name: found.index[found[name]].tolist() for name in found}


@pytest.mark.parametrize(
    ("answers", "origin", "duplicate", "same_answers", "same_origin"),
    [
        ([ONE, ONE], [0, 0], [3], [3], [3]),
        ([ONE, ONE], [0, 1], [], [3], []),
        ([ONE, TWO], [0, 0], [], [], [3]),
        ([ONE, TWO, ONE, ONE], [0, 1, 0, 0], [4, 5], [4, 5], [4, 5]),
        ([ONE, ONE], [NAN, NAN], [], [3], []),
        ([HOLE, HOLE, ONE], [0, 0, 1], [3], [3], [3]),
        ([FLAT, FLAT], [0, 0], [3], [], [3]),
        ([HALF, HALF], [0, 0], [3], [], [3]),
        ([ONE, TWO], [0, 1], [], [], []),
    ],
)
def test_three_rules(answers, origin, duplicate, same_answers, same_origin):
    assert hits(answers, origin) == {
        "duplicate": duplicate,
        "same_answers": same_answers,
        "same_origin": same_origin,
    }


@pytest.mark.parametrize(
    ("rows", "points", "sheets", "found"),
    [
        # chance pairs: n (n - 1) / 2 / points^rows, against .001
        (10, 5, 60, True),  # 1770 / 9765625 = .00018
        (10, 5, 180, False),  # 16110 / 9765625 = .0016
        (10, 7, 180, True),  # 16110 / 282475249
        (5, 5, 3, True),  # 3 / 3125 = .00096
        (5, 5, 4, False),  # 6 / 3125 = .0019
    ],
)
def test_equal_answers_count_when_chance_can_hardly_make_them(
    rows, points, sheets, found
):
    codes = [f"a{i}" for i in range(rows)]
    given = survey({"A": codes}, points=points)
    answers = [[1 + (i * j) % 5 for j in range(1, rows + 1)] for i in (1, 1)]
    others = [[1 + (s >> j) % 2 for j in range(rows)] for s in range(1, sheets - 1)]
    unique = [[*o[:-1], 5] for o in others]
    found_rows = hits([*answers, *unique], None, given)["same_answers"]
    assert (3 in found_rows) is found


def test_answers_on_the_respondent_count_with_the_origin_only():
    question = {"id": "SEX", "name": "Sex", "text": "Sex?", "options": ["M", "F"]}
    given = survey({"A": CODES}, demographics=[question])
    frame = pd.DataFrame([ONE, ONE], columns=CODES).assign(SEX=[1, 2])
    rules = ScreeningRules(**OFF | {"duplicates": "flag", "same_answers": "flag"})
    found = screen(received(frame, origin=[0, 0]), given, rules).reasons
    assert found.loc[3].to_dict() == {"duplicate": False, "same_answers": True}


def test_an_origin_alone_never_drops():
    with pytest.raises(ValidationError, match="flag"):
        ScreeningRules(same_origin="drop")


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ({}, {"flagged-same-answers", "flagged-same-origin"}),
        ({"duplicates": "keep"}, set()),
        ({"duplicates": "keep", "same_answers": "flag"}, {"flagged-same-answers"}),
        ({"same_origin": "keep"}, {"flagged-same-answers"}),
    ],
)
def test_what_is_spoken_of_by_default(rules, codes):
    quiet = {k: v for k, v in OFF.items() if not k.startswith(("dup", "same"))}
    frame = pd.DataFrame([ONE, ONE, TWO], columns=CODES)
    given = received(frame, origin=[0, 1, 0])
    found = screen(given, SURVEY, ScreeningRules(**quiet, **rules))
    assert {f.code for f in found.findings} == codes
    assert len(found.dropped) == 0


def test_rows_that_only_share_a_key_do_not_repeat():
    columns = [np.array([1.0, 2.0, 1.0]), np.array([5.0, 5.0, 5.0])]
    later, first = repeats(columns, np.ones(3, dtype=bool), np.zeros(3))
    assert (later.tolist(), first.tolist()) == ([2], [0])


def test_nobody_to_compare():
    none = np.zeros(3, dtype=bool)
    later, first = repeats([np.zeros(3)], none, np.zeros(3))
    assert later.size == first.size == 0
