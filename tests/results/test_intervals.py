"""Intervals of functions of the estimates: closed forms and bad input."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from kocsem.errors import KocsemError, UnsupportedError
from kocsem.results.intervals import Estimates, Interval, check_level, estimates_of


def solution(x, vcov):
    return SimpleNamespace(
        x=np.array(x, dtype=float),
        vcov=np.array(vcov, dtype=float),
        optimum=SimpleNamespace(converged=True),
    )


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
def test_delta_method_of_a_ratio(level):
    # var(a / b) = va / b^2 + a^2 vb / b^4 - 2 a c / b^3
    a, b, va, vb, c = 2.0, 4.0, 0.04, 0.09, 0.01
    fit = solution([a, b], [[va, c], [c, vb]])
    found = estimates_of(fit, lambda X: X[:, :1] / X[:, 1:], Interval(level=level))
    se = np.sqrt(va / b**2 + a**2 * vb / b**4 - 2 * a * c / b**3)
    assert_allclose(found.est, [0.5])
    assert_allclose(found.se, [se], rtol=1e-13)
    expected = stats.norm.interval(level, loc=0.5, scale=se)
    assert_allclose(found.limits[:, 0], expected, rtol=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_draws_of_a_monotone_function(level):
    # percentiles of exp(x) are exp of the percentiles of x
    wanted = Interval("monte_carlo", level, 200_000, seed=2)
    found = estimates_of(solution([1.0], [[0.25]]), np.exp, wanted)
    expected = np.exp(stats.norm.interval(level, loc=1.0, scale=0.5))
    assert_allclose(found.limits[:, 0], expected, rtol=0.01)
    assert_allclose(found.se, [0.5 * np.e], rtol=1e-13)


def test_no_test_of_what_is_fixed():
    found = Estimates(
        est=np.array([0.5, 1.0]), se=np.array([0.0, 0.5]), limits=np.zeros((2, 2))
    ).frame()
    assert list(found.columns) == ["est", "se", "z", "pvalue", "ci_lower", "ci_upper"]
    assert found.loc[0, ["z", "pvalue"]].isna().all()
    assert found.loc[1, "z"] == 2
    assert found.loc[1, "pvalue"] == pytest.approx(2 * stats.norm.sf(2))


@pytest.mark.parametrize(
    "level", [0, 1, -0.1, 1.5, 95, float("nan"), "0.9", None, True]
)
def test_bad_levels(level):
    with pytest.raises(KocsemError, match="level must be a number between 0 and 1"):
        check_level(level)


@pytest.mark.parametrize(
    ("level", "replicates", "enough"),
    [
        (0.95, 1000, True),
        (0.95, 999, False),
        (0.9, 500, True),
        (0.9, 499, False),
        (0.99, 5000, True),
        (0.99, 4999, False),
        (0.999, 20_000, False),
        (0.95, 0, False),
    ],
)
def test_replicates_must_suffice_for_the_level(level, replicates, enough):
    if enough:
        assert Interval("monte_carlo", level, replicates).replicates == replicates
    else:
        with pytest.raises(KocsemError, match=f"={replicates} draws are too few"):
            Interval("monte_carlo", level, replicates)


def test_the_delta_method_draws_nothing():
    assert Interval("delta", 0.999).level == 0.999


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"replicates": 2000.0}, "replicates must be a whole number"),
        ({"replicates": True}, "replicates must be a whole number"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"seed": None}, "seed must be a whole number"),
        ({"seed": "1"}, "seed must be a whole number"),
    ],
)
def test_bad_draws(options, words):
    with pytest.raises(KocsemError, match=words):
        Interval("monte_carlo", **options)


def test_bad_kind():
    with pytest.raises(UnsupportedError, match="Did you mean 'monte_carlo'"):
        Interval("montecarlo")
