"""Scores of ordered items at lavaan's moments, and what must hold of a mode.

The references are modes of the densities as tests/reference/ordinal_scores.R writes
them down: factors and continuous answers jointly, ordered ones given both.
"""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from kocsem.core.ordinal.moment_order import moment_order
from kocsem.core.ordinal.scores import (
    JointNormal,
    category_limits,
    likelihood_scorings,
    posterior_scorings,
    scored,
)
from reference.lavaan import HERE

NAN = np.nan
CASES = ("paths", "second", "groups", "holes", "mixed", "residuals", "covariates")
MODE_ATOL = 2e-7  # where numerical derivatives left the reference
INDEPENDENT = CASES[:5]  # items that are, given the factors alone


def groups(case):
    """Return lavaan's groups of a case, with the names of the covariates."""
    body = json.loads((HERE / f"scores_{case}.json").read_text(encoding="utf-8"))
    return [(group, body["covariates"]) for group in body["groups"]]


def parts(group, factors):
    """Return what scores are made of, for some of the factors."""
    latent, m = group["latent"], len(group["latent"])
    p = len(group["items"])
    keep = [*(latent.index(name) for name in factors), *range(m, m + p)]
    levels = np.array([len(t) + 1 if t else 0 for t in group["tau"]])
    order = moment_order(levels=levels)
    tau = np.concatenate([t or [0.0] for t in group["tau"]])
    Y = np.array(group["answers"], dtype=float)
    Y[:, levels > 0] -= 1
    joint = JointNormal(
        m=len(factors),
        mean=np.array(group["mean"])[None, keep],
        cov=np.array(group["cov"])[np.ix_(keep, keep)],
    )
    return {"joint": joint, "Y": Y, "order": order}, tau


def computed(group, covariates, method):
    """Return our scores of one group."""
    if method == "regression":
        given, tau = parts(group, group["latent"])
        scorings = posterior_scorings(**given)
    else:
        given, tau = parts(group, group["direct"])
        at = np.array([group["items"].index(n) for n in covariates], dtype=np.intp)
        scorings = likelihood_scorings(**given, covariates=at)
    return scored(scorings=scorings, Y=given["Y"], order=given["order"], tau=tau)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("case", CASES)
def test_scores_at_the_moments_of_lavaan(case, method):
    for group, covariates in groups(case):
        expected = np.array(group[method], dtype=float)
        found = computed(group, covariates, method)
        assert np.isfinite(expected).any(axis=0).all()
        assert_allclose(found, expected, atol=MODE_ATOL)


@pytest.mark.parametrize("case", INDEPENDENT)
def test_the_slope_of_the_log_posterior_is_zero_at_the_score(case):
    # log p(y | factors) + log p(factors), written without any of the code's steps
    (group, _), *_ = groups(case)
    given, tau = parts(group, group["latent"])
    m, order, Y = given["joint"].m, given["order"], given["Y"]
    mean, cov = given["joint"].mean[0], given["joint"].cov
    loadings = np.linalg.solve(cov[:m, :m], cov[:m, m:]).T
    sd = np.sqrt(np.diag(cov[m:, m:] - loadings @ cov[:m, m:]))
    lower, upper = np.full_like(Y, -np.inf), np.full_like(Y, np.inf)
    at = np.flatnonzero(order.levels)
    lower[:, at], upper[:, at] = category_limits(Y=Y, order=order, tau=tau)

    def log_posterior(f):
        away = f - mean[:m]
        center = mean[m:] + away @ loadings.T
        chance = norm.cdf((upper - center) / sd) - norm.cdf((lower - center) / sd)
        terms = np.where(order.levels > 0, np.log(chance), 0)
        dense = norm.logpdf(Y, center, sd)
        terms += np.where((order.levels > 0) | np.isnan(Y), 0, dense)
        return terms.sum(axis=1) - (away @ np.linalg.inv(cov[:m, :m]) * away).sum(1) / 2

    scores, h = computed(group, [], "regression"), 1e-5
    for k in range(m):
        step = h * np.eye(m)[k]
        slope = (log_posterior(scores + step) - log_posterior(scores - step)) / (2 * h)
        assert_allclose(slope, 0, atol=1e-7)


def one_factor(levels, loadings=(0.8, 0.7, 0.6)):
    """Return one factor of variance 1, thresholds at equal shares."""
    L = np.array(loadings)
    cov = np.block([[np.eye(1), L[None, :]], [L[:, None], np.outer(L, L)]])
    np.fill_diagonal(cov, 1.0)
    order = moment_order(levels=np.array(levels))
    tau = np.concatenate(
        [norm.ppf(np.arange(1, K) / K) if K else [0.0] for K in levels]
    )
    return JointNormal(m=1, mean=np.zeros((1, 1 + L.size)), cov=cov), order, tau


def both(joint, order, tau, Y):
    """Return the modes of the posterior and of the likelihood, shape (2, n)."""
    none = np.zeros(0, dtype=np.intp)
    made = (
        posterior_scorings(joint=joint, Y=Y, order=order),
        likelihood_scorings(joint=joint, Y=Y, order=order, covariates=none),
    )
    return np.array(
        [scored(scorings=one, Y=Y, order=order, tau=tau)[:, 0] for one in made]
    )


def test_one_item_by_hand():
    # the response lies symmetrically around 0: both modes are 0. In the upper of two
    # halves f = L phi(z) / (s Phi(z)) with z = L f / s for the posterior
    joint, order, tau = one_factor([3], [0.8])
    assert_allclose(both(joint, order, tau, np.array([[1.0]])), 0, atol=1e-12)
    joint, order, tau = one_factor([2], [0.8])
    posterior, likelihood = both(joint, order, tau, np.array([[1.0], [0.0]]))
    slope = 0.8 / 0.6
    expected = slope * norm.pdf(slope * posterior[0]) / norm.cdf(slope * posterior[0])
    assert posterior[0] == pytest.approx(expected, abs=1e-10)
    assert posterior[1] == pytest.approx(-posterior[0], abs=1e-10)
    assert np.isnan(likelihood).all()


def test_scores_of_many_categories_are_those_of_continuous_items():
    joint, _, _ = one_factor([0, 0, 0])
    rng = np.random.default_rng(4)
    Y = rng.multivariate_normal(np.zeros(4), joint.cov, size=60)[:, 1:]
    loadings = joint.cov[0, 1:]
    weights = np.linalg.solve(joint.cov[1:, 1:], loadings)
    precision = loadings / (1 - loadings**2)
    expected = [Y @ weights, Y @ precision / (precision @ loadings)]
    for K, atol in ((10, 0.4), (100, 0.1), (1000, 0.02)):
        _, order, tau = one_factor([K] * 3)
        coded = np.stack([np.searchsorted(tau[: K - 1], y) for y in Y.T], axis=1)
        found = both(joint, order, tau, coded.astype(float))
        inner = ((coded > 0) & (coded < K - 1)).all(axis=1)
        assert inner.sum() > 20
        assert_allclose(found[:, inner], np.array(expected)[:, inner], atol=atol)


def test_continuous_items_alone():
    # no ordered answer left: Thurstone's and Bartlett's scores by their formulas
    joint, order, tau = one_factor([0, 4, 0])
    Y = np.array([[1.0, NAN, -0.5], [2.0, NAN, NAN], [NAN, NAN, NAN], [NAN, 0, NAN]])
    found = both(joint, order, tau, Y)
    loadings, rest = np.array([0.8, 0.6]), np.array([0.36, 0.64])
    pull, precision = loadings / rest, loadings**2 / rest
    total = pull @ [1.0, -0.5]
    assert found[0, 0] == pytest.approx(total / (1 + precision.sum()))
    assert found[1, 0] == pytest.approx(total / precision.sum())
    assert_allclose(found[:, 1], [0.8 * 2.0, 2.0 / 0.8])
    assert np.isnan(found[:, 2]).all()
    assert found[0, 3] < 0
    assert np.isnan(found[1, 3])


def test_a_continuous_item_without_residual_variance_is_the_factor():
    joint, order, tau = one_factor([0, 4, 4], [1.0, 0.7, 0.6])
    Y = np.array([[1.3, 0, 2], [-0.4, NAN, 3]])
    scorings = posterior_scorings(joint=joint, Y=Y, order=order)
    found = scored(scorings=scorings, Y=Y, order=order, tau=tau)
    assert_allclose(found[:, 0], Y[:, 0], atol=1e-12)
    with pytest.raises(np.linalg.LinAlgError):
        likelihood_scorings(
            joint=joint, Y=Y, order=order, covariates=np.zeros(0, dtype=np.intp)
        )


def test_factors_need_a_covariance_matrix():
    joint, order, _ = one_factor([0, 4, 4], [1.1, 0.7, 0.6])
    with pytest.raises(np.linalg.LinAlgError, match="negative variance"):
        posterior_scorings(joint=joint, Y=np.array([[1.0, 2, 2]]), order=order)


def test_limits_of_categories():
    order = moment_order(levels=np.array([3, 0, 2]))
    tau = np.array([-1.0, 1.0, 0.0, 0.5])
    Y = np.array([[0, 9, 1], [1, 9, 0], [2, 9, NAN]])
    lower, upper = category_limits(Y=Y, order=order, tau=tau)
    assert lower.tolist() == [[-np.inf, 0.5], [-1, -np.inf], [1, -np.inf]]
    assert upper.tolist() == [[-1, np.inf], [1, 0.5], [np.inf, np.inf]]
