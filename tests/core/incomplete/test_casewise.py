"""The likelihood of data with holes against scipy, lavaan and differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import multivariate_normal

from kocsem.core.incomplete.casewise import (
    casewise_likelihood,
    casewise_scores,
    loglik_by_case,
    model_scores,
)
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.maximum_likelihood import saturated_loglik
from kocsem.core.moments import sample_moments
from kocsem.core.structure import fill, implied_moments, jacobian, tangents
from missing_cases import (
    HOLED,
    answers,
    holed,
    lavaan,
    located,
    moved,
    stacked,
)
from sem_cases import Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

LAVAAN_RTOL = 1e-11  # the same formula at the same point, written with 15 digits


def lavaans_point():
    given = lavaan("moments")
    patterns = missing_patterns(Y=answers("x1", "x4", "x9").to_numpy())
    at = casewise_likelihood(patterns=patterns, mu=given["mu"], Sigma=given["Sigma"])
    return given, at


@pytest.mark.parametrize("copies", [1, 6])  # by cases, and by rows that stand for them
@pytest.mark.parametrize("name", HOLED)
def test_each_case_has_the_density_of_its_answers(name, copies):
    Y = np.repeat(holed(name), copies, axis=0)
    at = located(Y)
    found = loglik_by_case(at=at)
    for y, value in zip(Y, found, strict=True):
        seen = ~np.isnan(y)
        if not seen.any():
            assert np.isnan(value)
            continue
        density = multivariate_normal(at.mu[seen], at.Sigma[np.ix_(seen, seen)])
        assert_allclose(value, density.logpdf(y[seen]), rtol=1e-12)
    assert_allclose(at.loglik, np.nansum(found), rtol=1e-13)


def test_an_empty_row_has_no_likelihood_and_no_score():
    Y = np.array([[1.0, 2.0], [np.nan, np.nan], [0.0, np.nan]])
    patterns = missing_patterns(Y=Y)
    at = casewise_likelihood(patterns=patterns, mu=np.zeros(2), Sigma=np.eye(2))
    assert_array_equal(np.isnan(loglik_by_case(at=at)), [False, True, False])
    assert_array_equal(casewise_scores(at=at)[1], np.zeros(5))
    # two standard normal densities and one: -(3 log 2 pi + 1 + 4) / 2
    assert_allclose(at.loglik, -(3 * np.log(2 * np.pi) + 5) / 2)


@pytest.mark.parametrize("mu", [np.nan, np.inf])
def test_means_that_are_no_numbers_are_refused(mu):
    patterns = missing_patterns(Y=np.ones((3, 1)))
    with pytest.raises(np.linalg.LinAlgError):
        casewise_likelihood(patterns=patterns, mu=np.array([mu]), Sigma=np.eye(1))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", HOLED)
def test_gradient_against_differences(name, seed):
    at = located(holed(name, seed), seed=seed)
    slope = central_differences(lambda x: moved(at, x).loglik, stacked(at))
    assert_allclose(at.gradient, slope, rtol=DERIVATIVE_RTOL, atol=1e-6)
    assert_allclose(at.Sigma_gradient, at.Sigma_gradient.T, atol=1e-9)


@pytest.mark.parametrize("name", HOLED)
def test_scores_sum_to_the_gradient(name):
    at = located(holed(name))
    total = casewise_scores(at=at).sum(axis=0)
    assert_allclose(total, at.gradient, rtol=1e-10, atol=1e-9)


def test_the_score_of_a_case_is_the_gradient_of_a_sample_of_one():
    at = located(holed("half holes"))
    scores = casewise_scores(at=at)
    for y, score in list(zip(at.patterns.Y, scores, strict=True))[:10]:
        patterns = missing_patterns(Y=y[None])
        if patterns.n:
            one = casewise_likelihood(patterns=patterns, mu=at.mu, Sigma=at.Sigma)
            assert_allclose(score, one.gradient, atol=IDENTITY_ATOL)


def test_likelihood_is_lavaans():
    given, at = lavaans_point()
    assert_allclose(at.loglik, given["loglik"], rtol=LAVAAN_RTOL)
    by_case = loglik_by_case(at=at)[:40]
    assert_allclose(by_case, given["by_case"].astype(float), rtol=LAVAAN_RTOL)


def test_scores_are_lavaans():
    given, at = lavaans_point()
    tolerance = {"rtol": 1e-10, "atol": 1e-10}
    assert_allclose(casewise_scores(at=at)[:40], given["first_scores"], **tolerance)
    assert_allclose(at.gradient, given["gradient"], **tolerance)


def test_complete_data_have_the_likelihood_of_their_moments():
    Y = holed("nothing missing")
    moments = sample_moments(Y=Y)
    at = casewise_likelihood(
        patterns=missing_patterns(Y=Y), mu=moments.ybar, Sigma=moments.S
    )
    assert_allclose(at.loglik, saturated_loglik(moments=moments), rtol=1e-13)
    assert_allclose(at.gradient, 0.0, atol=1e-9)


@pytest.mark.parametrize("name", HOLED)
def test_a_weight_is_a_number_of_copies(name):
    Y = holed(name)
    weights = np.random.default_rng(5).integers(1, 4, len(Y))
    one, many = located(Y, weights.astype(float)), located(np.repeat(Y, weights, 0))
    assert_allclose(one.loglik, many.loglik, rtol=1e-13)
    assert_allclose(one.gradient, many.gradient, rtol=1e-10, atol=1e-9)
    total = weights @ casewise_scores(at=one)
    assert_allclose(total, one.gradient, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("name", HOLED)
def test_order_of_rows_plays_no_part(name):
    Y = holed(name)
    shuffled = np.random.default_rng(4).permutation(len(Y))
    at, other = located(Y), located(Y[shuffled])
    assert_allclose(other.loglik, at.loglik, rtol=1e-13)
    scores = casewise_scores(at=at)[shuffled]
    assert_allclose(casewise_scores(at=other), scores, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", HOLED)
def test_rescaled_items_change_the_likelihood_by_their_scales(name):
    Y = holed(name)
    at, scale = located(Y), np.geomspace(0.01, 100.0, Y.shape[1])
    other = casewise_likelihood(
        patterns=missing_patterns(Y=Y * scale),
        mu=at.mu * scale,
        Sigma=at.Sigma * np.outer(scale, scale),
    )
    logs = (~np.isnan(Y)).sum(axis=0) @ np.log(scale)
    assert_allclose(other.loglik + logs, at.loglik, rtol=1e-12)
    assert_allclose(other.mu_gradient * scale, at.mu_gradient, rtol=1e-8)


@pytest.mark.parametrize("name", ["means", "latent means", "path means"])
def test_model_scores_are_scores_of_the_moments_times_their_slopes(name):
    problem = Problem(name)
    x = problem.draw()
    implied = implied_moments(matrices=fill(structure=problem.structure, x=x))
    Y = problem.Y.copy()
    Y[np.random.default_rng(2).random(Y.shape) < 0.3] = np.nan
    at = casewise_likelihood(
        patterns=missing_patterns(Y=Y), mu=implied.mu, Sigma=implied.Sigma
    )
    D = tangents(structure=problem.structure, implied=implied)
    wanted = casewise_scores(at=at) @ jacobian(tangents=D, means=True)
    assert_allclose(model_scores(at=at, tangents=D), wanted, rtol=1e-9, atol=1e-9)
