"""The likelihood of data with holes against scipy, lavaan and differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import multivariate_normal

from kocsem.core.casewise import (
    casewise_loglik,
    casewise_scores,
    loglik_by_case,
    moment_gradient,
)
from kocsem.core.maximum_likelihood import saturated_loglik
from kocsem.core.moments import sample_moments
from kocsem.core.patterns import missing_patterns
from missing_cases import HOLED, answers, holed, lavaan, somewhere, unvech, vech
from sem_cases import central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

LAVAAN_RTOL = 1e-11  # the same formula at the same point, written with 15 digits


def setting(name, seed=0):
    """Return data with their patterns and a point, by keyword."""
    Y = holed(name, seed)
    mu, Sigma = somewhere(Y.shape[1], seed)
    return Y, {"patterns": missing_patterns(Y=Y), "mu": mu, "Sigma": Sigma}


def lavaan_setting():
    given = lavaan("moments")
    Y = answers("x1", "x4", "x9").to_numpy()
    at = {"mu": given["mu"], "Sigma": given["Sigma"]}
    return given, Y, {"patterns": missing_patterns(Y=Y), **at}


@pytest.mark.parametrize("name", HOLED)
def test_each_case_has_the_density_of_its_answers(name):
    Y, at = setting(name)
    found = loglik_by_case(Y=Y, **at)
    for y, value in zip(Y, found, strict=True):
        seen = ~np.isnan(y)
        if not seen.any():
            assert np.isnan(value)
            continue
        density = multivariate_normal(at["mu"][seen], at["Sigma"][np.ix_(seen, seen)])
        assert_allclose(value, density.logpdf(y[seen]), rtol=1e-12)
    assert_allclose(casewise_loglik(**at), np.nansum(found), rtol=1e-13)


def test_an_empty_row_has_no_likelihood_and_no_score():
    Y = np.array([[1.0, 2.0], [np.nan, np.nan], [0.0, np.nan]])
    at = {"patterns": missing_patterns(Y=Y), "mu": np.zeros(2), "Sigma": np.eye(2)}
    assert_array_equal(np.isnan(loglik_by_case(Y=Y, **at)), [False, True, False])
    assert_array_equal(casewise_scores(Y=Y, **at)[1], np.zeros(5))
    # two standard normal densities and one: -(3 log 2 pi + 1 + 4) / 2
    assert_allclose(casewise_loglik(**at), -(3 * np.log(2 * np.pi) + 5) / 2)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", HOLED)
def test_gradient_against_differences(name, seed):
    _, at = setting(name, seed)
    p = at["mu"].size

    def value(moments):
        Sigma = unvech(moments[p:], p)
        return casewise_loglik(patterns=at["patterns"], mu=moments[:p], Sigma=Sigma)

    found = moment_gradient(**at)
    slope = central_differences(value, np.concatenate([at["mu"], vech(at["Sigma"])]))
    # a covariance stands in Sigma twice
    twice = vech(2 * found.Sigma - np.diag(np.diag(found.Sigma)))
    tolerance = {"rtol": DERIVATIVE_RTOL, "atol": 1e-6}
    assert_allclose(np.concatenate([found.mu, twice]), slope, **tolerance)
    assert_array_equal(found.Sigma, found.Sigma.T)
    assert_allclose(found.loglik, casewise_loglik(**at), rtol=1e-14)


@pytest.mark.parametrize("name", HOLED)
def test_scores_sum_to_the_gradient(name):
    Y, at = setting(name)
    gradient, total = moment_gradient(**at), casewise_scores(Y=Y, **at).sum(axis=0)
    twice = vech(2 * gradient.Sigma - np.diag(np.diag(gradient.Sigma)))
    assert_allclose(total, np.concatenate([gradient.mu, twice]), rtol=1e-10, atol=1e-9)


def test_the_score_of_a_case_is_the_gradient_of_a_sample_of_one():
    Y, at = setting("half holes")
    scores = casewise_scores(Y=Y, **at)
    for y, score in list(zip(Y, scores, strict=True))[:10]:
        one = {**at, "patterns": missing_patterns(Y=y[None])}
        if not one["patterns"].n:
            continue
        gradient = moment_gradient(**one)
        twice = vech(2 * gradient.Sigma - np.diag(np.diag(gradient.Sigma)))
        alone = np.concatenate([gradient.mu, twice])
        assert_allclose(score, alone, atol=IDENTITY_ATOL)


def test_likelihood_is_lavaans():
    given, Y, at = lavaan_setting()
    assert_allclose(casewise_loglik(**at), given["loglik"], rtol=LAVAAN_RTOL)
    by_case = loglik_by_case(Y=Y, **at)[:40]
    assert_allclose(by_case, given["by_case"].astype(float), rtol=LAVAAN_RTOL)


def test_scores_are_lavaans():
    given, Y, at = lavaan_setting()
    scores = casewise_scores(Y=Y, **at)
    tolerance = {"rtol": 1e-10, "atol": 1e-10}
    assert_allclose(scores[:40], given["first_scores"], **tolerance)
    assert_allclose(scores.sum(axis=0), given["gradient"], **tolerance)


def test_complete_data_have_the_likelihood_of_their_moments():
    Y = holed("nothing missing")
    moments = sample_moments(Y=Y)
    patterns = missing_patterns(Y=Y)
    value = casewise_loglik(patterns=patterns, mu=moments.ybar, Sigma=moments.S)
    assert_allclose(value, saturated_loglik(moments=moments), rtol=1e-13)
    gradient = moment_gradient(patterns=patterns, mu=moments.ybar, Sigma=moments.S)
    assert_allclose(gradient.mu, 0.0, atol=1e-9)
    assert_allclose(gradient.Sigma, 0.0, atol=1e-9)


@pytest.mark.parametrize("name", HOLED)
def test_order_of_rows_plays_no_part(name):
    Y, at = setting(name)
    shuffled = np.random.default_rng(4).permutation(Y.shape[0])
    other = {**at, "patterns": missing_patterns(Y=Y[shuffled])}
    assert_allclose(casewise_loglik(**other), casewise_loglik(**at), rtol=1e-13)
    scores = casewise_scores(Y=Y, **at)[shuffled]
    assert_allclose(casewise_scores(Y=Y[shuffled], **other), scores, rtol=1e-12)


@pytest.mark.parametrize("name", HOLED)
def test_rescaled_items_change_the_likelihood_by_their_scales(name):
    Y, at = setting(name)
    scale = np.geomspace(0.01, 100.0, Y.shape[1])
    other = {
        "patterns": missing_patterns(Y=Y * scale),
        "mu": at["mu"] * scale,
        "Sigma": at["Sigma"] * np.outer(scale, scale),
    }
    jacobian = (~np.isnan(Y)).sum(axis=0) @ np.log(scale)
    value = casewise_loglik(**other) + jacobian
    assert_allclose(value, casewise_loglik(**at), rtol=1e-12)
    gradient = moment_gradient(**other)
    assert_allclose(gradient.mu * scale, moment_gradient(**at).mu, rtol=1e-8)
