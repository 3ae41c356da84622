"""Runs, equal answers and variability: by hand, and by R on simulated answers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.data.screening.sameness import longest_run, response_variability
from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from kocsem.data.screening.sheets import Battery
from screening_cases import OFF, columns_of, received, simulated, survey

NAN = np.nan


@pytest.mark.parametrize(
    ("sheet", "run", "same", "irv"),
    [
        ([3, 3, 3, 3, 3, 3], 6, 6, 0.0),
        # mean 3, squares 4 + 1 + 0 + 1 + 4 = 10, over 4: 2.5
        ([1, 2, 3, 4, 5], 1, 1, 2.5**0.5),
        ([1, 5, 1, 5], 1, 2, (16 / 3) ** 0.5),
        ([2, 2, 4, 4, 4, 2], 3, 3, 1.2**0.5),
        ([4, 4, NAN, 4, 4], 2, 4, 0.0),
        ([NAN, 2, NAN, 4], 1, 1, 2**0.5),
        ([5, NAN, NAN], 1, 1, NAN),
        ([7, 7, 1, 7, 7, 7], 3, 5, 6**0.5),
    ],
)
def test_by_hand(sheet, run, same, irv):
    columns = columns_of(sheet)
    battery = Battery(dict(enumerate(columns)))
    assert longest_run(columns).tolist() == [run]
    assert battery.most_same.tolist() == [same]
    assert_allclose(response_variability(columns), [irv], rtol=1e-12)


def test_as_in_r():
    frame, given = simulated()
    columns = [frame[code].to_numpy(np.float32) for code in frame.columns]
    battery = Battery(dict(zip(frame.columns, columns, strict=True)))
    assert battery.told.tolist() == given["told"]
    assert battery.most_same.tolist() == given["same"]
    assert longest_run(columns).tolist() == given["run"]
    assert_allclose(response_variability(columns), given["irv"], rtol=1e-12)


SURVEY = survey({"A": [f"a{i}" for i in range(1, 9)]})
SHEETS = received(
    [
        dict(zip((f"a{i}" for i in range(1, 9)), answers, strict=True))
        for answers in (
            [1, 2, 3, 4, 5, 4, 3, 2],
            [3, 3, 3, 3, 3, 3, 4, 4],
            [2, 2, 2, 2, 2, 2, 2, 2],
            [NAN, NAN, NAN, NAN, 4, 4, 4, 4],
        )
    ]
)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"straightlining": "drop"}, {4: "one answer in 8 of 8 scale rows"}),
        (
            {"straightlining": "drop", "max_same_share": 0.7},
            {
                3: "one answer in 6 of 8 scale rows",
                4: "one answer in 8 of 8 scale rows",
            },
        ),
        (
            {"longstring": "drop", "max_longstring": 6},
            {4: "one answer in 8 scale rows in a row"},
        ),
        (
            {"longstring": "drop", "max_longstring": 5},
            {
                3: "one answer in 6 scale rows in a row",
                4: "one answer in 8 scale rows in a row",
            },
        ),
        ({"longstring": "drop"}, {}),
        ({"irv": "drop", "min_irv": 0.4}, {4: "SD of the answers 0.000"}),
        (
            {"irv": "drop", "min_irv": 0.5},
            {3: "SD of the answers 0.463", 4: "SD of the answers 0.000"},
        ),
        ({"irv": "drop"}, {}),
    ],
)
def test_what_goes_and_why(rules, expected):
    # row 5 answers four rows: too few to show a pattern, and never hit
    found = screen(SHEETS, SURVEY, ScreeningRules(**(OFF | rules))).dropped
    assert dict(zip(found["row"], found["detail"], strict=True)) == expected


def test_variability_is_flagged_unless_told_otherwise():
    rules = {key: value for key, value in OFF.items() if key != "irv"}
    found = screen(SHEETS, SURVEY, ScreeningRules(**rules, min_irv=0.4))
    assert len(found.dropped) == 0
    (finding,) = found.findings
    assert (finding.code, finding.subject) == ("flagged-irv", "row 4")
    assert finding.citation == "dunn-2018"


@pytest.mark.parametrize("rows", [1, 4])
def test_short_batteries_show_no_pattern(rows):
    codes = [f"a{i}" for i in range(rows)]
    given = received([dict.fromkeys(codes, 3.0)] * 2)
    rules = ScreeningRules(
        **OFF | {"straightlining": "drop", "longstring": "drop", "irv": "drop"},
        max_longstring=2,
        min_irv=1,
    )
    found = screen(given, survey({"A": codes}), rules)
    assert len(found.dropped) == 0
    assert {rule.reason for rule in found.rules} == set()
