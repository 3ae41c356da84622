"""Saturated and independent moments: closed forms, lavaan, and bad data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.incomplete import saturated as module
from kocsem.core.incomplete.casewise import casewise_likelihood
from kocsem.core.incomplete.casewise_information import observed_moment_information
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.incomplete.saturated import (
    independence_loglik,
    independence_moments,
    saturated_moments,
)
from kocsem.core.maximum_likelihood import saturated_loglik
from kocsem.core.moments import sample_moments
from missing_cases import HOLED, ITEMS, answers, holed, lavaan

NAN = np.nan
LAVAAN_LOGLIK_RTOL = 1e-10
LAVAAN_MOMENT_RTOL = 1e-8  # lavaan's EM was driven to steps of 1e-14


def estimated(Y):
    return saturated_moments(patterns=missing_patterns(Y=Y))


def test_moments_are_lavaans():
    given = lavaan("saturated")
    found = estimated(answers(*ITEMS).to_numpy())
    assert found.converged
    assert_allclose(found.loglik, given["loglik"], rtol=LAVAAN_LOGLIK_RTOL)
    assert_allclose(found.moments.ybar, given["mu"], rtol=LAVAAN_MOMENT_RTOL)
    assert_allclose(found.moments.S, given["Sigma"], rtol=LAVAAN_MOMENT_RTOL)
    assert found.moments.n == 301


def test_complete_data_need_no_iteration():
    Y = holed("nothing missing")
    moments, found = sample_moments(Y=Y), estimated(Y)
    assert found.iterations == 1
    assert_allclose(found.moments.ybar, moments.ybar, rtol=1e-12)
    assert_allclose(found.moments.S, moments.S, rtol=1e-10)
    assert_allclose(found.loglik, saturated_loglik(moments=moments), rtol=1e-13)


@pytest.mark.parametrize("name", HOLED)
def test_the_gradient_is_zero_and_the_likelihood_as_reported(name):
    found = estimated(holed(name, 3))
    at = found.likelihood
    deviation = np.sqrt(np.diag(at.Sigma))
    assert found.converged
    assert_allclose(at.mu_gradient * deviation, 0.0, atol=1e-7)
    unit = np.outer(deviation, deviation)
    assert_allclose(at.Sigma_gradient * unit, 0.0, atol=1e-7)
    again = casewise_likelihood(
        patterns=at.patterns, mu=found.moments.ybar, Sigma=found.moments.S
    )
    assert_allclose(found.loglik, again.loglik, rtol=1e-13)


@pytest.mark.parametrize("name", HOLED)
def test_newton_ends_where_em_ends(name, monkeypatch):
    Y = holed(name)
    fast = estimated(Y)
    monkeypatch.setattr(module, "LARGEST_NEWTON", 0)
    slow = estimated(Y)
    assert slow.converged
    assert fast.iterations <= slow.iterations
    assert_allclose(fast.loglik, slow.loglik, rtol=1e-12)
    assert_allclose(fast.moments.ybar, slow.moments.ybar, atol=1e-6)
    assert_allclose(fast.moments.S, slow.moments.S, atol=1e-6)


def test_a_weight_is_a_number_of_copies():
    Y = holed("few holes")
    weights = np.random.default_rng(5).integers(1, 4, len(Y))
    patterns = missing_patterns(Y=Y, weights=weights.astype(float))
    one, many = (
        saturated_moments(patterns=patterns),
        estimated(np.repeat(Y, weights, 0)),
    )
    assert_allclose(one.loglik, many.loglik, rtol=1e-13)
    assert_allclose(one.moments.ybar, many.moments.ybar, rtol=1e-9)
    assert_allclose(one.moments.S, many.moments.S, rtol=1e-9)
    assert one.moments.n == weights.sum()


def test_many_holes_converge():
    # information is kept while it serves; here it must be renewed
    rng = np.random.default_rng(11)
    Y = rng.normal(size=(120, 6)) + rng.normal(size=(120, 1))
    Y[rng.random(Y.shape) < 0.5] = NAN
    found = estimated(Y)
    assert found.converged
    assert found.iterations < 60
    assert_allclose(found.likelihood.gradient, 0.0, atol=1e-5)


def test_where_the_likelihood_is_not_concave_scoring_goes_on():
    # with 60 % of the answers missing EM alone would need hundreds of steps
    rng = np.random.default_rng(2)
    Y = 0.7 * rng.normal(size=(300, 1)) + 0.7 * rng.normal(size=(300, 12))
    Y[rng.random(Y.shape) < 0.6] = NAN
    patterns = missing_patterns(Y=Y)
    early = saturated_moments(patterns=patterns, max_iterations=module.EM_STEPS)
    information = observed_moment_information(at=early.likelihood)
    assert np.linalg.eigvalsh(information).min() < 0
    found = saturated_moments(patterns=patterns)
    assert found.converged
    assert found.iterations < 25
    assert_allclose(found.likelihood.gradient, 0.0, atol=1e-4)


def test_giving_up_is_said():
    patterns = missing_patterns(Y=holed("half holes"))
    found = saturated_moments(patterns=patterns, max_iterations=2)
    assert not found.converged
    assert found.iterations == 2


def test_monotone_holes_by_factored_regressions():
    # y1 answered by all, y2 by the first 40, y3 by the first 25: each is regressed on
    # the ones before it among those who answered it (Anderson, 1957).
    rng = np.random.default_rng(7)
    Y = rng.normal(size=(60, 3)) @ np.array([[1.0, 0.8, 0.3], [0, 1, 0.5], [0, 0, 1]])
    Y[40:, 1] = Y[25:, 2] = NAN
    mu, Sigma = np.array([Y[:, 0].mean()]), np.array([[Y[:, 0].var()]])
    for k, answered in ((1, 40), (2, 25)):
        design = np.column_stack([np.ones(answered), Y[:answered, :k]])
        slope = np.linalg.lstsq(design, Y[:answered, k], rcond=None)[0]
        residual = Y[:answered, k] - design @ slope
        across = Sigma @ slope[1:]
        variance = residual @ residual / answered + slope[1:] @ across
        mu = np.append(mu, slope[0] + slope[1:] @ mu)
        Sigma = np.block([[Sigma, across[:, None]], [across[None], variance]])
    found = estimated(Y)
    assert_allclose(found.moments.ybar, mu, atol=1e-9)
    assert_allclose(found.moments.S, Sigma, atol=1e-9)


def test_a_variable_in_one_pattern_only():
    # only the last pattern has y3: the other two variables are estimated as if it
    # did not exist, and y3 by its regression on both.
    rng = np.random.default_rng(8)
    Y = rng.normal(size=(70, 3)) + rng.normal(size=(70, 1))
    Y[:20, 0] = Y[20:30, 1] = Y[:50, 2] = NAN
    found, without = estimated(Y).moments, estimated(Y[:, :2]).moments
    assert_allclose(found.ybar[:2], without.ybar, atol=1e-9)
    assert_allclose(found.S[:2, :2], without.S, atol=1e-9)
    design = np.column_stack([np.ones(20), Y[50:, :2]])
    slope = np.linalg.lstsq(design, Y[50:, 2], rcond=None)[0]
    assert_allclose(found.ybar[2], slope @ [1.0, *without.ybar], atol=1e-9)
    assert_allclose(found.S[2, :2], slope[1:] @ without.S, atol=1e-9)


@pytest.mark.parametrize("name", HOLED)
def test_order_of_rows_and_of_items_plays_no_part(name):
    Y = holed(name)
    rng = np.random.default_rng(9)
    rows, items = rng.permutation(Y.shape[0]), rng.permutation(Y.shape[1])
    found, other = estimated(Y), estimated(Y[rows][:, items])
    assert_allclose(other.loglik, found.loglik, rtol=1e-12)
    ybar, S = found.moments.ybar[items], found.moments.S[np.ix_(items, items)]
    assert_allclose(other.moments.ybar, ybar, atol=1e-8)
    assert_allclose(other.moments.S, S, atol=1e-8)


@pytest.mark.parametrize("name", HOLED)
def test_moments_follow_the_scales_of_the_items(name):
    Y = holed(name)
    scale, shift = np.geomspace(1e-4, 1e4, Y.shape[1]), np.arange(Y.shape[1]) * 10.0
    found, other = estimated(Y), estimated(Y * scale + shift)
    S, ybar = other.moments.S, other.moments.ybar
    deviation = np.sqrt(np.diag(found.moments.S))
    assert_allclose((ybar - shift) / scale, found.moments.ybar, atol=1e-7)
    unit = np.outer(deviation, deviation)
    back = S / np.outer(scale, scale)
    assert_allclose(back / unit, found.moments.S / unit, atol=1e-7)
    logs = (~np.isnan(Y)).sum(axis=0) @ np.log(scale)
    assert_allclose(other.loglik + logs, found.loglik, rtol=1e-12)
    assert abs(other.iterations - found.iterations) <= 1  # up to rounding


def test_empty_rows_are_as_if_not_there():
    Y = holed("few holes")
    longer = np.vstack([np.full((1, 3), NAN), Y, np.full((2, 3), NAN)])
    assert_array_equal(estimated(longer).moments.S, estimated(Y).moments.S)


def test_items_never_answered_together_leave_a_ridge():
    Y = holed("few holes")
    Y[::2, 0] = Y[1::2, 1] = NAN
    patterns = missing_patterns(Y=Y)
    assert patterns.coverage[0, 1] == 0
    found = saturated_moments(patterns=patterns)
    assert found.converged
    # the likelihood does not know the covariance of the two, near this one
    nudge = np.zeros((3, 3))
    nudge[0, 1] = nudge[1, 0] = 1e-3
    moved = casewise_likelihood(
        patterns=patterns, mu=found.moments.ybar, Sigma=found.moments.S + nudge
    )
    assert_allclose(moved.loglik, found.loglik, rtol=1e-13)


def constant(Y):
    Y[:, 0] = np.where(np.isnan(Y[:, 0]), NAN, 0.1)


def total(Y):
    Y[:, 0] = Y[:, 1] + Y[:, 2]


def unanswered(Y):
    Y[:, 1] = NAN


def empty(Y):
    Y[:] = NAN


def single(Y):
    Y[1:] = NAN


def scarce(Y):
    Y[3:] = NAN


@pytest.mark.parametrize("spoil", [constant, total, unanswered, empty, single, scarce])
@pytest.mark.parametrize("name", ["few holes", "nothing missing"])
def test_no_estimate_is_an_error_that_says_what_to_do(name, spoil):
    Y = holed(name)
    spoil(Y)
    with pytest.raises(np.linalg.LinAlgError, match="items that are constant"):
        estimated(Y)


def test_independent_moments_by_hand():
    Y = np.array([[1.0, NAN], [3.0, 2.0], [5.0, 6.0], [NAN, NAN], [NAN, 4.0]])
    patterns = missing_patterns(Y=Y)
    found = independence_moments(patterns=patterns)
    assert found.n == 4
    assert_allclose(found.ybar, [3, 4])
    assert_allclose(found.S, np.diag([8 / 3, 8 / 3]))
    # two variables, each with three answers and variance 8/3
    each = -3 / 2 * (np.log(2 * np.pi) + np.log(8 / 3) + 1)
    assert_allclose(independence_loglik(patterns=patterns), 2 * each, rtol=1e-14)


def test_baseline_is_lavaans():
    given = lavaan("saturated")
    patterns = missing_patterns(Y=answers(*ITEMS).to_numpy())
    gain = saturated_moments(patterns=patterns).loglik - independence_loglik(
        patterns=patterns
    )
    # lavaan's own saturated likelihood stops at steps of 1e-5
    assert_allclose(2 * gain, given["baseline_chisq"], rtol=1e-7)


def test_covariates_stay_correlated_in_the_baseline():
    given = lavaan("saturated")
    patterns = missing_patterns(Y=answers(*ITEMS).to_numpy())
    covariates = np.arange(9) >= 6
    found = independence_moments(patterns=patterns, covariates=covariates)
    block = estimated(answers(*ITEMS[6:]).to_numpy()).moments
    assert_allclose(found.S[6:, 6:], block.S, atol=1e-9)
    assert_allclose(found.ybar[6:], block.ybar, atol=1e-9)
    assert_array_equal(found.S[:6, 6:], 0.0)
    assert_array_equal(found.S[:6, :6], np.diag(np.diag(found.S)[:6]))
    value = independence_loglik(patterns=patterns, covariates=covariates)
    assert_allclose(value, given["baseline_block_loglik"], rtol=LAVAAN_LOGLIK_RTOL)


def test_a_baseline_of_covariates_alone_is_saturated():
    patterns = missing_patterns(Y=holed("half holes"))
    everything = np.ones(4, dtype=bool)
    value = independence_loglik(patterns=patterns, covariates=everything)
    assert_allclose(value, saturated_moments(patterns=patterns).loglik, rtol=1e-13)


@pytest.mark.parametrize("which", [[0], [1], []])
def test_one_covariate_is_correlated_with_nothing(which):
    patterns = missing_patterns(Y=holed("few holes"))
    covariates = np.isin(np.arange(3), which)
    plain = independence_moments(patterns=patterns)
    found = independence_moments(patterns=patterns, covariates=covariates)
    assert_array_equal(found.S, plain.S)
    assert_array_equal(found.ybar, plain.ybar)
