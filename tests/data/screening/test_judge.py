"""Every rule by itself, and the same rules in order."""

import numpy as np
import pandas as pd
import pytest

from kocsem.data.screening.counts import count_reasons
from kocsem.data.screening.judge import judge_sheets, left_by, sift
from kocsem.data.screening.order import POPULATION, QUALITY
from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from screening_cases import OFF, received, survey

SCREENER = {
    "id": "SC",
    "name": "Q",
    "text": "Q",
    "options": ["Yes", "No"],
    "accept": [1],
}
CODES = [f"a{i}" for i in range(12)]
SURVEY = survey({"A": CODES}, screening=[SCREENER])
ONE = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
TWO = [2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3]
FLAT = [3] * 12
#: Answers, seconds, origin, screener.
SHEETS = [
    (ONE, 9, 0, 1),  # row 2: too fast
    (ONE, 90, 0, 1),  # row 3: repeats row 2
    (ONE, 90, 0, 1),  # row 4: repeats row 2
    (TWO, 90, 1, 2),  # row 5: outside the population
    (TWO, 90, 1, 1),  # row 6: repeats row 5, who does not count
    (FLAT, 9, 2, 1),  # row 7: too fast and straight-lined
    (FLAT, 90, 3, 2),  # row 8: outside and straight-lined
]
RULES = ScreeningRules(
    **OFF | {"speed": "drop", "straightlining": "drop", "duplicates": "drop"}
)


@pytest.fixture(scope="module")
def responses():
    answers, seconds, origin, screener = zip(*SHEETS, strict=True)
    frame = pd.DataFrame(answers, columns=CODES).assign(SC=screener)
    return received(frame, seconds, origin)


@pytest.fixture(scope="module")
def judged(responses):
    return judge_sheets(responses, SURVEY, RULES)


def rows(mask):
    return (np.flatnonzero(mask) + 2).tolist()


def test_every_rule_by_itself(responses):
    reasons = screen(responses, SURVEY, RULES).reasons
    assert reasons.index.tolist() == list(range(2, 9))
    assert {name: rows(reasons[name]) for name in reasons} == {
        "screener": [5, 8],
        "speed": [2, 7],
        "straightlining": [7, 8],
        "duplicate": [3, 4],
    }


def test_in_order_the_first_of_those_left_stays(responses):
    dropped = screen(responses, SURVEY, RULES).dropped
    assert list(dropped.itertuples(index=False, name=None)) == [
        (2, "speed", "9 s, under 24 s for 12 scale rows"),
        (4, "duplicate", "same origin and answers as row 3"),
        (5, "screener", "SC: answered 2"),
        (7, "speed", "9 s, under 24 s for 12 scale rows"),
        (8, "screener", "SC: answered 2"),
    ]


@pytest.mark.parametrize(
    ("drop", "left"),
    [
        ((), [2, 3, 4, 6, 7]),
        (("speed",), [3, 4, 6]),
        (("straightlining",), [2, 3, 4, 6]),
        (("duplicate",), [2, 6, 7]),
        (("speed", "duplicate"), [3, 6]),
        (("straightlining", "duplicate"), [2, 6]),
        (("speed", "straightlining", "duplicate"), [3, 6]),
    ],
)
def test_any_choice_of_rules(judged, drop, left):
    assert rows(left_by(judged, drop)) == left
    assert rows(sift(judged, drop).left) == left


def test_a_choice_is_what_a_study_with_these_rules_keeps(judged, responses):
    # the other way: rules that are switched off in the study itself
    off = ScreeningRules(**OFF | {"speed": "drop", "duplicates": "drop"})
    kept = screen(responses, SURVEY, off).kept.answers.index
    assert rows(left_by(judged, ("speed", "duplicate"))) == kept.tolist()


def test_counts(responses):
    counts = count_reasons(screen(responses, SURVEY, RULES)).set_index("reason")
    assert counts.loc["screener"].tolist() == [2, 1, 1, 2]
    assert counts.loc["speed"].tolist() == [2, 1, 1, 2]
    assert counts.loc["straightlining"].tolist() == [2, 0, 2, 0]
    assert counts.loc["duplicate"].tolist() == [2, 2, 0, 1]
    assert counts.columns.tolist() == ["hits", "alone", "shared", "dropped"]


def test_rules_in_force_name_limit_and_source(responses):
    found = {rule.reason: rule for rule in screen(responses, SURVEY, RULES).rules}
    assert list(found) == ["screener", "speed", "straightlining", "duplicate"]
    assert found["speed"].limit.en == "under 2 s per scale row"
    assert found["speed"].citations == ("huang-2012",)
    assert {rule.handling for rule in found.values()} == {"drop"}


def test_every_rule_has_its_key_once():
    reasons = [rule.reason for rule in (*POPULATION, *QUALITY)]
    assert len(set(reasons)) == len(reasons) == 14


def test_no_sheet_at_all():
    nobody = received(pd.DataFrame(columns=[*CODES, "SC"]), [], [])
    found = screen(nobody, SURVEY, RULES)
    assert [step.n for step in found.flow] == [0, 0, 0, 0, 0, 0]
    assert len(found.reasons) == 0


@pytest.mark.parametrize("columns", [[*CODES, "SC"], ["SC"]])
def test_no_sheet_at_all_with_every_rule(columns):
    every = ScreeningRules(max_longstring=8, min_irv=0.4)
    nobody = received(pd.DataFrame(columns=columns), [], [])
    assert len(screen(nobody, SURVEY, every).kept.answers) == 0


def test_a_file_without_scale_rows(responses):
    bare = received(responses.answers[["SC"]].reset_index(drop=True), [9] * 7, [0] * 7)
    every = ScreeningRules(max_longstring=8, min_irv=0.4)
    found = screen(bare, SURVEY, every)
    assert found.dropped["row"].tolist() == [3, 4, 5, 6, 7, 8]
    assert set(found.dropped["reason"]) == {"screener", "duplicate"}
