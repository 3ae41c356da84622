"""The rule on Mahalanobis distances: R's hits, the false alarms of normal answers."""

import numpy as np
import pandas as pd
import pytest

from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from screening_cases import OFF, received, simulated, survey

ONLY = ScreeningRules(**OFF | {"mahalanobis": "drop"})


def battery(codes, **more):
    return survey({"A": list(codes)}, **more)


def test_the_hits_are_those_of_r():
    frame, given = simulated()
    found = screen(received(frame), battery(frame), ONLY)
    assert found.dropped["row"].tolist() == [place + 1 for place in given["beyond"]]
    place = given["beyond"][0] - 1
    told = given["told"][place]
    assert found.dropped["detail"][0] == (
        f"D2 = {given['d2'][place]:.2f} over {told} items, above "
        f"{given['limit'][told - 1]:.2f} (p < 0.001)"
    )


def test_turning_items_round_changes_nothing():
    frame, _ = simulated()
    straight = screen(received(frame), battery(frame), ONLY)
    turned = frame.assign(q2=6 - frame["q2"], q7=6 - frame["q7"])
    other = screen(received(turned), battery(frame, reverse=("q2", "q7")), ONLY)
    pd.testing.assert_frame_equal(straight.dropped, other.dropped)


@pytest.mark.parametrize("holes", [0.0, 0.05])
@pytest.mark.parametrize("p", [0.001, 0.02])
def test_false_alarms_of_normal_answers(holes, p):
    # D2 follows chi-square(k); the share of hits has standard error sqrt(p(1-p)/n)
    n, k = 40_000, 10
    rng = np.random.default_rng(11)
    root = rng.normal(size=(k, k)) / 2 + np.eye(k)
    Y = rng.normal(size=(n, k)) @ root + 3
    Y[rng.random(Y.shape) < holes] = np.nan
    frame = pd.DataFrame(Y, columns=[f"q{i}" for i in range(k)])
    rules = ScreeningRules(**OFF | {"mahalanobis": "flag"}, mahalanobis_p=p)
    found = screen(received(frame), battery(frame), rules)
    share = found.reasons["mahalanobis"].mean()
    assert abs(share - p) < 3.5 * np.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"q2": lambda f: f["q1"]}, "singular"),
        ({"q2": lambda f: 3.0}, "singular"),
        ({"q3": lambda f: f["q1"] + f["q2"]}, "singular"),
        ({"q1": lambda f: np.nan}, "0 complete answer sheets are too few"),
    ],
)
def test_a_rule_that_cannot_be_applied_says_so(change, said):
    frame, _ = simulated()
    found = screen(received(frame.assign(**change)), battery(frame), ONLY)
    assert len(found.dropped) == 0
    assert "mahalanobis" not in found.reasons
    (finding,) = found.findings
    assert finding.code == "distances-not-computed"
    assert said in finding.message


@pytest.mark.parametrize(("n", "applied"), [(34, False), (36, True)])
def test_few_sheets_can_never_be_far(n, applied):
    # no D2 exceeds (n - 1)^2 / n; the limit for 12 items is 32.91
    frame, _ = simulated()
    whole = frame.dropna().iloc[:n]
    found = screen(received(whole), battery(frame), ONLY)
    assert ("mahalanobis" in found.reasons) is applied


def test_one_item_has_no_combination():
    found = screen(received([{"q1": 1.0}] * 60), battery(["q1"]), ONLY)
    assert found.findings == ()
    assert found.rules == ()


def test_careless_sheets_that_went_before_do_not_count():
    # thirty that answer at random widen the cloud and hide the one that is far
    rng = np.random.default_rng(8)
    same = rng.normal(size=(150, 1))
    good = 3 + same + 0.3 * rng.normal(size=(150, 5))
    wild = rng.uniform(1, 5, size=(30, 5))
    far = np.array([[3.9, 2.1, 3.9, 2.1, 3.9]])
    frame = pd.DataFrame(np.vstack([good, wild, far]), columns=list("abcde"))
    seconds = [60.0] * 150 + [1.0] * 30 + [60.0]
    rules = ScreeningRules(**OFF | {"mahalanobis": "drop", "speed": "drop"})
    found = screen(received(frame, seconds), battery("abcde"), rules)
    assert not found.reasons.loc[182, "mahalanobis"]
    assert found.dropped.set_index("row").loc[182, "reason"] == "mahalanobis"
