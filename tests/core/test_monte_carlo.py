"""Monte-Carlo draws and limits, and the distribution of a product of two normals."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats

from kocsem.core.monte_carlo import normal_draws, percentile_limits
from tolerances import IDENTITY_ATOL

MEAN = np.array([1.0, -2.0, 0.5])
ROOT = np.array([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [-0.3, 0.4, 2.0]])
COVARIANCE = ROOT @ ROOT.T


def draw(mean, covariance, replicates=20_000, seed=1):
    return normal_draws(
        mean=np.asarray(mean, dtype=float),
        covariance=np.asarray(covariance, dtype=float),
        replicates=replicates,
        generator=np.random.default_rng(seed),
    )


def test_moments_are_those_asked_for():
    draws = draw(MEAN, COVARIANCE, 200_000)
    z = (draws.mean(axis=0) - MEAN) / np.sqrt(np.diag(COVARIANCE) / 200_000)
    assert np.abs(z).max() < 4
    variance = np.outer(np.diag(COVARIANCE), np.diag(COVARIANCE)) + COVARIANCE**2
    z = (np.cov(draws.T) - COVARIANCE) / np.sqrt(variance / 200_000)
    assert np.abs(z).max() < 4


def test_draws_are_normal():
    draws = draw(MEAN, COVARIANCE)
    distances = np.einsum(
        "ij,jk,ik->i", draws - MEAN, np.linalg.inv(COVARIANCE), draws - MEAN
    )
    assert stats.kstest(distances, "chi2", args=(3,)).pvalue > 0.001


def test_a_seed_gives_the_same_draws():
    assert (draw(MEAN, COVARIANCE, 50) == draw(MEAN, COVARIANCE, 50)).all()
    assert (draw(MEAN, COVARIANCE, 50) != draw(MEAN, COVARIANCE, 50, seed=2)).any()


CONSTRAINTS = [
    # x0 = x1
    ([0.4, 0.4, 1.0], [[1, 0], [1, 0], [0, 1]], [[1, -1, 0]]),
    # x2 = 3 - 2 x0
    ([1.0, 5.0, 1.0], [[1, 0], [0.5, 2], [-2, 0]], [[2, 0, 1]]),
    # all fixed
    ([1.0, 2.0, 3.0], [[0, 0], [0, 0], [0, 0]], np.eye(3)),
]


@pytest.mark.parametrize(("mean", "K", "A"), CONSTRAINTS)
@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_draws_obey_linear_constraints(mean, K, A, size):
    K, A = np.asarray(K, dtype=float), np.asarray(A, dtype=float)
    draws = draw(mean, size**2 * K @ [[0.5, 0.2], [0.2, 0.3]] @ K.T, 500)
    gap = np.abs((draws - mean) @ A.T).max()
    assert gap <= IDENTITY_ATOL * size
    assert (np.abs(draws - mean).max() > 0.1 * size) == K.any()


def test_draws_follow_the_scale_of_a_parameter():
    scale = np.array([1e-6, 1.0, 1e5])
    rescaled = draw(scale * MEAN, np.outer(scale, scale) * COVARIANCE, 100)
    assert_allclose(rescaled / scale, draw(MEAN, COVARIANCE, 100), rtol=1e-9)


def test_no_parameter():
    assert draw([], np.zeros((0, 0)), 7).shape == (7, 0)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_limits_interpolate_between_draws(level):
    # the values 0, 1, ..., 1000: a share s lies at 1000 s
    draws = np.random.default_rng(1).permutation(np.arange(1001.0))[:, None] * [
        1.0,
        -2.0,
    ]
    tail = 1000 * (1 - level) / 2
    lower, upper = percentile_limits(draws=draws, level=level)
    assert_allclose(lower, [tail, -2 * (1000 - tail)], rtol=1e-12)
    assert_allclose(upper, [1000 - tail, -2 * tail], rtol=1e-12)


def test_draws_without_a_value_do_not_count():
    draws = np.tile(np.arange(101.0)[:, None], 3)
    draws[50:, 1] = np.nan
    draws[:, 2] = np.nan
    limits = percentile_limits(draws=draws, level=0.9)
    assert_allclose(limits[:, 0], [5, 95])
    assert_allclose(limits[:, 1], [2.45, 46.55])
    assert np.isnan(limits[:, 2]).all()


def product_below(q, a, b, sd_a, sd_b):
    """P(XY < q) of independent normals, by quadrature over X."""

    def at(x):
        below = stats.norm.cdf(np.sign(x) * (q / x - b) / sd_b)
        return below * stats.norm.pdf(x, a, sd_a)

    edges = [a - 9 * sd_a, 0.0, a + 9 * sd_a]
    parts = [
        integrate.quad(at, *ends, epsabs=1e-10, limit=200)[0]
        for ends in pairwise(edges)
        if ends[0] < ends[1]
    ]
    return sum(parts)


@pytest.mark.parametrize(
    ("a", "b", "sd_a", "sd_b"),
    [(0.4, 0.3, 0.1, 0.15), (2.0, -1.0, 1.0, 0.8), (0.1, 0.05, 0.3, 0.2)],
)
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_limits_of_a_product_of_two_normals(a, b, sd_a, sd_b, level):
    # the shares of the exact distribution beyond Monte-Carlo limits
    replicates = 100_000
    draws = draw([a, b], np.diag([sd_a**2, sd_b**2]), replicates)
    limits = percentile_limits(draws=draws.prod(axis=1, keepdims=True), level=level)
    tail = (1 - level) / 2
    error = np.sqrt(tail * (1 - tail) / replicates)
    lower, upper = (product_below(q, a, b, sd_a, sd_b) for q in limits[:, 0])
    assert abs(lower - tail) < 4 * error
    assert abs(1 - upper - tail) < 4 * error
