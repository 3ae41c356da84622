"""Probit regressions against independent likelihoods."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import norm

from kocsem.core.ordinal.probit_regression import probit_regression

CUTS = {2: [0.3], 3: [-0.5, 0.8], 5: [-1.4, -0.6, 0.3, 1.5]}


def drawn(K, e, n=250, seed=3):
    """Draw covariates and the categories of what they explain in part."""
    g = np.random.default_rng(seed)
    X = g.normal(size=(e, n))
    latent = np.array([0.6, -0.9])[:e] @ X + g.normal(size=n)
    return np.searchsorted(CUTS[K], latent), X


def loglikelihood(theta, codes, K, X):
    """Evaluate each case by scipy's normal distribution."""
    edges = np.concatenate([[-np.inf], theta[: K - 1], [np.inf]])
    mean = theta[K - 1 :] @ X
    upper, lower = edges[codes + 1] - mean, edges[codes] - mean
    return np.log(np.maximum(norm.cdf(upper) - norm.cdf(lower), 1e-300))


def fitted(codes, K, X, weights=None):
    weights = np.ones(codes.size) if weights is None else weights
    found = probit_regression(codes=codes, K=K, X=X, weights=weights)
    return found, np.concatenate([found.edges[1:-1], found.slopes])


@pytest.mark.parametrize("K", CUTS)
@pytest.mark.parametrize("e", [0, 1, 2])
def test_maximises_an_independent_likelihood(K, e):
    codes, X = drawn(K, e)
    found, theta = fitted(codes, K, X)
    start = np.concatenate([np.linspace(-1, 1, K - 1), np.zeros(e)])
    best = minimize(
        lambda t: -loglikelihood(t, codes, K, X).sum(),
        start,
        bounds=[(-4, 4)] * start.size,
        options={"ftol": 1e-15, "gtol": 1e-8},
    )
    np.testing.assert_allclose(theta, best.x, atol=1e-5)  # scipy differences it
    np.testing.assert_allclose(found.scores.sum(axis=1), 0.0, atol=1e-8)


@pytest.mark.parametrize("K", CUTS)
@pytest.mark.parametrize("e", [0, 2])
def test_scores_are_derivatives_of_the_likelihood(K, e):
    codes, X = drawn(K, e)
    found, theta = fitted(codes, K, X)
    step = 1e-5
    for own, unit in zip(found.scores, np.eye(theta.size), strict=True):
        up, down = (loglikelihood(theta + s * unit, codes, K, X) for s in (step, -step))
        np.testing.assert_allclose(own, (up - down) / (2 * step), rtol=1e-6, atol=1e-8)


def test_weights_count_cases_and_missing_ones_have_no_score():
    codes, X = drawn(3, 2)
    times = np.random.default_rng(5).integers(0, 3, codes.size)
    _, repeated = fitted(np.repeat(codes, times), 3, np.repeat(X, times, axis=1))
    found, weighted = fitted(codes, 3, X, times.astype(float))
    np.testing.assert_allclose(weighted, repeated, rtol=1e-9, atol=1e-11)
    assert not found.scores[:, times == 0].any()


def test_covariates_without_effect_leave_the_thresholds():
    codes, _ = drawn(3, 0)
    balanced = np.tile([[-1.0, 1.0]], codes.size)  # each case once with either value
    found, _ = fitted(np.repeat(codes, 2), 3, balanced)
    alone, _ = fitted(codes, 3, np.zeros((0, codes.size)))
    np.testing.assert_allclose(found.slopes, 0.0, atol=1e-12)
    np.testing.assert_allclose(found.edges, alone.edges)


@pytest.mark.parametrize("K", [2, 3])
def test_a_covariate_that_separates_the_categories_is_refused(K):
    X = np.linspace(-2, 2, 40)[None]
    codes = np.searchsorted(CUTS[K], X[0])
    with pytest.raises(np.linalg.LinAlgError):
        fitted(codes, K, X)


def test_collinear_covariates_are_refused():
    codes, X = drawn(2, 1)
    with pytest.raises(np.linalg.LinAlgError):
        fitted(codes, 2, np.concatenate([X, X]))
