"""Modes of quadratic forms with probit terms: against another optimiser, and limits."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.optimize import linprog, minimize
from scipy.stats import norm

from kocsem.core.ordinal.probit_mode import (
    ProbitTerms,
    endless,
    log_interval,
    probit_modes,
)
from tolerances import DERIVATIVE_RTOL

INF = np.inf


def drawn(seed, n=40, o=7, r=3, P=1.0, open_ends=0.5):
    """Return random terms whose intervals are open at either end now and then."""
    rng = np.random.default_rng(seed)
    slopes = rng.normal(size=(o, r)) * (rng.random((o, r)) < 0.6)
    middle, half = rng.normal(size=(n, o)), rng.uniform(0.05, 1, (n, o))
    lower, upper = middle - half, middle + half
    ends = rng.random((2, n, o)) < open_ends
    root = rng.normal(size=(int(P * r), r))
    return ProbitTerms(
        lower=np.where(ends[0], -INF, lower),
        upper=np.where(ends[1], INF, upper),
        slopes=slopes,
        precision=root.T @ root,
        pull=rng.normal(size=(n, len(root))) @ root,
    )


@pytest.mark.parametrize("seed", range(3))
def test_modes_are_those_of_another_optimiser(seed):
    terms = drawn(seed)
    modes, exists = probit_modes(terms)
    assert exists.all()

    for i, found in enumerate(modes[:10]):

        def minus(u, i=i):
            mean = terms.slopes @ u
            chance = norm.cdf(terms.upper[i] - mean) - norm.cdf(terms.lower[i] - mean)
            held = u @ terms.precision @ u / 2
            return held - terms.pull[i] @ u - np.log(chance).sum()

        other = minimize(minus, np.zeros(3), method="BFGS", options={"gtol": 1e-9})
        assert_allclose(found, other.x, atol=1e-5)
        assert minus(found) <= other.fun + 1e-12


def test_far_answers_converge():
    # the first step from zero would overshoot by far
    terms = ProbitTerms(
        lower=np.array([[30.0, -INF], [-INF, -40.0], [25.0, 26.0]]),
        upper=np.array([[30.001, 5.0], [-60.0, INF], [INF, 26.5]]),
        slopes=np.array([[2.0], [1.0]]),
        precision=np.array([[0.01]]),
        pull=np.zeros((3, 1)),
    )
    modes, exists = probit_modes(terms)
    assert exists.all()
    for sign in (-1, 1):
        away = log_value(terms, modes + sign * 1e-4)
        assert (away < log_value(terms, modes)).all()


def log_value(terms, u):
    """Return the function, by logarithms of tail probabilities."""
    mean = u @ terms.slopes.T
    low, high = terms.lower - mean, terms.upper - mean
    above = low > 0
    a, b = np.where(above, -high, low), np.where(above, -low, high)
    top = norm.logcdf(b)
    value = top + np.log1p(-np.exp(norm.logcdf(a) - top))
    held = ((terms.pull - u @ terms.precision / 2) * u).sum(axis=1)
    return value.sum(axis=1) + held


@pytest.mark.parametrize(
    ("low", "high"),
    [(-0.5, 0.7), (-1e8, 0.3), (0.2, 1e8), (-9.0, -8.9), (8.9, 9.0), (-12.0, -1.0)],
)
def test_interval_and_derivatives(low, high):
    a, b = max(low, -40), min(high, 40)
    area, _ = quad(norm.pdf, a, b, epsabs=0, epsrel=1e-12, limit=400)
    value, slope, curvature = log_interval(np.array([low]), np.array([high]))
    assert value[0] == pytest.approx(np.log(area), rel=1e-9)
    h = 1e-5
    plus, minus = (
        log_interval(np.array([low - s]), np.array([high - s]))[:2] for s in (h, -h)
    )
    assert slope[0] == pytest.approx((plus[0] - minus[0])[0] / (2 * h), rel=1e-6)
    change = (plus[1] - minus[1])[0] / (2 * h)
    assert curvature[0] == pytest.approx(-change, rel=1e-6, abs=1e-9)


def test_an_open_interval_says_nothing():
    value, slope, curvature = log_interval(np.array([-1e8]), np.array([1e8]))
    assert (value, slope, curvature) == (0, 0, 0)


def rises(terms, i):
    """Say by linear programming which open intervals some direction leads into."""
    o, r = terms.slopes.shape
    rows, owner, equal = [], [], [*terms.precision]
    for j in range(o):
        if np.isfinite(terms.lower[i, j]) and np.isfinite(terms.upper[i, j]):
            equal.append(terms.slopes[j])
        elif np.isfinite(terms.lower[i, j]) or np.isfinite(terms.upper[i, j]):
            sign = 1 if np.isfinite(terms.lower[i, j]) else -1
            rows.append(sign * terms.slopes[j])
            owner.append(j)
    found = np.zeros(o, dtype=bool)
    for row, j in zip(rows, owner, strict=True):
        best = linprog(
            -row,
            A_ub=-np.array(rows),
            b_ub=np.zeros(len(rows)),
            A_eq=np.array(equal) if equal else None,
            b_eq=np.zeros(len(equal)) if equal else None,
            bounds=[(-1, 1)] * r,
        )
        found[j] = -best.fun > 1e-8
    return found


@pytest.mark.parametrize("P", [0.0, 0.4])
@pytest.mark.parametrize(("o", "open_ends"), [(5, 0.5), (8, 0.6), (12, 0.5)])
def test_endless_intervals_are_those_of_linear_programs(o, open_ends, P):
    terms = drawn(7, n=30, o=o, P=P, open_ends=open_ends)
    found = endless(terms)
    assert found.tolist() == [rises(terms, i).tolist() for i in range(30)]
    assert found.any()
    assert not found.any(axis=1).all()


def test_nothing_is_endless_where_the_precision_is_whole():
    assert not endless(drawn(1, open_ends=1.0)).any()


def simple(answers):
    """Return two scores with two items each, and one item of both; ends by signs."""
    signs = np.array(answers)
    return ProbitTerms(
        lower=np.where(signs >= 0, -0.3, -INF) - np.where(signs == 9, INF, 0),
        upper=np.where((signs <= 0) | (signs == 9), 0.4, INF)
        + np.where(signs == 9, INF, 0),
        slopes=np.array([[1.0, 0], [0.8, 0], [0, 1], [0, 2], [1, 1]]),
        precision=np.zeros((2, 2)),
        pull=np.zeros((len(signs), 2)),
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [  # 1 and -1: open above and below; 0: closed; 9: no answer
        ([1, -1, 1, -1, 9], [True, True]),
        ([1, 1, 1, -1, 9], [False, True]),
        ([1, 1, -1, -1, 9], [False, False]),
        ([1, 1, -1, -1, 0], [False, False]),  # along (1, -1)
        ([1, 1, 1, 1, 0], [True, True]),
        ([0, 9, 1, 1, 9], [True, False]),
        ([9, 9, 1, -1, 9], [False, True]),
        ([9, 9, 9, 9, 0], [False, False]),  # their sum only
        ([0, 9, 9, 9, 0], [True, True]),
        ([9, 9, 9, 9, 9], [False, False]),
        ([1, 9, 1, -1, 1], [False, True]),
        ([1, 9, 1, -1, -1], [True, True]),
    ],
)
def test_which_scores_exist(answers, expected):
    modes, exists = probit_modes(simple([answers]))
    assert exists.tolist() == [expected]
    assert np.isfinite(modes).all()


def test_a_score_beside_one_that_rises_for_ever_is_that_of_its_own_items():
    for own in product([1, 0, -1], repeat=2):
        if abs(sum(own)) == 2:
            continue
        together, exists = probit_modes(simple([[1, 1, *own, 1]]))
        alone, _ = probit_modes(simple([[9, 9, *own, 9]]))
        assert exists.tolist() == [[False, True]]
        assert_allclose(together[0, 1], alone[0, 1], rtol=DERIVATIVE_RTOL)
