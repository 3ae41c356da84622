"""Instructed and infrequency items apart, screeners, blanks."""

import numpy as np
import pandas as pd
import pytest

from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from screening_cases import OFF, received, survey

NAN = np.nan
CHECKS = [
    {"id": "I1", "kind": "instructed", "accept": [4]},
    {"id": "F1", "kind": "infrequency", "accept": [1, 2]},
    {"id": "I2", "kind": "instructed", "accept": [1]},
]
SURVEY = survey({"A": ["a1", "a2"]}, attention=CHECKS)
FRAME = pd.DataFrame(
    [
        (4, 1, 1),
        (4, 2, 1),
        (3, 1, 1),
        (4, 3, 1),
        (5, 5, 2),
        (4, NAN, 1),
        (NAN, 3, 1),
    ],
    columns=["I1", "F1", "I2"],
).assign(a1=3, a2=2)


def screened(frame=FRAME, **rules):
    both = {"instructed": "drop", "infrequency": "drop"}
    return screen(received(frame), SURVEY, ScreeningRules(**OFF | both | rules))


def test_each_kind_has_its_own_reason():
    found = screened()
    assert list(found.dropped.itertuples(index=False, name=None)) == [
        (4, "instructed", "I1: answered 3"),
        (5, "infrequency", "F1: answered 3"),
        (6, "instructed", "I1: answered 5"),
        (8, "infrequency", "F1: answered 3"),
    ]
    assert [(s.reason, s.n) for s in found.flow] == [
        *[("received", 7), ("instructed", 2), ("infrequency", 2), ("kept", 3)],
    ]
    assert found.reasons.loc[6].to_dict() == {"instructed": True, "infrequency": True}


def test_a_blank_check_is_pointed_out():
    (finding,) = screened().findings
    assert (finding.code, finding.subject) == ("flagged-attention", "row 7")


@pytest.mark.parametrize(
    ("rules", "dropped", "codes"),
    [
        ({"instructed": "flag"}, [5, 6, 8], {"flagged-instructed"}),
        ({"instructed": "keep", "infrequency": "keep"}, [], set()),
        ({"attention": ("F1",)}, [5, 6, 8], set()),
        ({"attention": ()}, [], set()),
    ],
)
def test_handling_of_each_kind(rules, dropped, codes):
    found = screened(**rules)
    assert found.dropped["row"].tolist() == dropped
    assert {f.code for f in found.findings} - {"flagged-attention"} == codes


def test_a_missing_column_is_told_and_the_other_check_counts():
    found = screened(FRAME.drop(columns="I1"))
    assert found.dropped["row"].tolist() == [5, 6, 8]
    assert found.dropped["detail"].tolist()[1] == "I2: answered 2"
    (told,) = (f for f in found.findings if f.code == "rule-not-applied")
    assert told.message.endswith("the answer to I1.")
