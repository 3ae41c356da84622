"""Careless respondents of several kinds, planted among honest ones, are found."""

import numpy as np
import pandas as pd
import pytest

from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from screening_cases import OFF, received, survey

FACTORS, ITEMS, HONEST, EACH = 5, 5, 600, 40
CODES = {f"F{f}": [f"F{f}_{i}" for i in range(ITEMS)] for f in range(FACTORS)}
REVERSED = tuple(codes[-1] for codes in CODES.values())
SURVEY = survey(CODES, points=7, reverse=REVERSED)
K = FACTORS * ITEMS
WANTED = {
    **{"straightlining": "flag", "longstring": "flag", "irv": "flag"},
    **{"contradictions": "flag", "mahalanobis": "flag"},
}
RULES = ScreeningRules(**OFF | WANTED, max_longstring=9, min_irv=0.5)


def honest(rng, n):
    """Draw answers of attentive respondents; the last item of each factor is turned."""
    root = np.linalg.cholesky(0.6 * np.eye(FACTORS) + 0.4)
    factors = rng.normal(size=(n, FACTORS)) @ root.T
    scores = 0.8 * np.repeat(factors, ITEMS, axis=1) + 0.6 * rng.normal(size=(n, K))
    scores[:, ITEMS - 1 :: ITEMS] *= -1
    return np.clip(np.round(4 + 1.2 * scores), 1, 7)


def straight(rng, n):
    """One answer throughout."""
    return np.repeat(rng.integers(1, 8, size=(n, 1)), K, axis=1).astype(float)


def gives_up(rng, n):
    """Attentive first, one answer from the second half on."""
    answers = honest(rng, n)
    answers[:, K // 2 :] = rng.integers(3, 6, size=(n, 1))
    return answers


def near_midpoint(rng, n):
    """The midpoint, now and then a point beside it."""
    return 4 + (rng.random((n, K)) < 0.12) * rng.choice([-1.0, 1.0], size=(n, K))


def at_random(rng, n):
    """Any answer, whatever the question."""
    return rng.integers(1, 8, size=(n, K)).astype(float)


def blind_to_reversal(rng, n):
    """Strong agreement with everything, reversed items included."""
    return rng.integers(6, 8, size=(n, K)).astype(float)


@pytest.fixture(scope="module")
def flagged():
    """Return the share of each kind of respondent that each rule hits."""
    rng = np.random.default_rng(20260601)
    kinds = (straight, gives_up, near_midpoint, at_random, blind_to_reversal)
    parts = [honest(rng, HONEST), *(kind(rng, EACH) for kind in kinds)]
    names = ["honest"] * HONEST + [k.__name__ for k in kinds for _ in range(EACH)]
    frame = pd.DataFrame(np.vstack(parts), columns=SURVEY.likert_rows)
    reasons = screen(received(frame), SURVEY, RULES).reasons
    return reasons.groupby(np.array(names)).mean()


@pytest.mark.parametrize(
    ("kind", "rule", "least"),
    [
        ("straight", "straightlining", 1.0),
        ("straight", "longstring", 1.0),
        ("straight", "irv", 1.0),
        ("gives_up", "longstring", 1.0),
        ("near_midpoint", "irv", 0.95),
        ("at_random", "mahalanobis", 0.5),
        ("at_random", "contradiction", 0.8),
        ("blind_to_reversal", "contradiction", 1.0),
    ],
)
def test_sensitivity(flagged, kind, rule, least):
    assert flagged.loc[kind, rule] >= least


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ("straightlining", 0.0),
        ("longstring", 0.005),
        ("irv", 0.005),
        ("contradiction", 0.05),
        ("mahalanobis", 0.02),
    ],
)
def test_honest_respondents_are_left_alone(flagged, rule, most):
    assert flagged.loc["honest", rule] <= most


def test_what_one_rule_cannot_see_another_does(flagged):
    assert flagged.loc["gives_up", "straightlining"] == 0
    assert flagged.loc["at_random", ["straightlining", "longstring", "irv"]].max() == 0
