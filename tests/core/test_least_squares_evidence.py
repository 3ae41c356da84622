"""The evidence of least squares: sums over groups against matrices of all groups."""

import numpy as np
import pytest
from scipy.linalg import block_diag
from scipy.stats import wishart

from kocsem.core.evidence import Inference
from kocsem.core.inference import constrained_inverse
from kocsem.core.least_squares import GeneralisedLeastSquares, LeastSquares
from kocsem.core.least_squares_evidence import (
    least_squares_evidence,
    mean_variance_adjusted,
    normal_covariance,
)
from kocsem.core.moment_structure import CovarianceStructure
from kocsem.core.moments import SampleMoments
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.scaling import satorra_bentler, scaled_shifted
from ordinal_cases import ordinal_case
from sem_cases import Problem


def random_gamma(q, seed):
    A = np.random.default_rng(seed).normal(size=(q, 2 * q))
    return A @ A.T / q


def groups(diagonal):
    """Return three groups: evidence, Jacobian, weight and Gamma of each."""
    found = []
    for seed, (name, n) in enumerate([("means", 90.0), ("means", 210.0)]):
        problem = Problem(name, seed)
        stacked = CovarianceStructure(problem.structure)
        sample = stacked.sample(problem.moments)
        weight = random_gamma(sample.size, seed + 5)
        found.append((stacked, problem.draw(), sample, weight, n))
    case = ordinal_case("mixed")
    stacked = OrdinalStructure(case.structure)
    sample = np.zeros(stacked.order.size)
    found.append((stacked, case.x, sample, random_gamma(sample.size, 9), 150.0))
    for seed, (stacked, x, sample, weight, n) in enumerate(found):
        used = np.diag(weight).copy() if diagonal else weight
        discrepancy = LeastSquares(stacked, sample, used, n)
        point = discrepancy.at(x)
        Gamma = random_gamma(sample.size, seed)
        yield (
            least_squares_evidence(
                discrepancy=discrepancy, point=point, Gamma=Gamma, count=sample.size
            ),
            stacked.jacobian(point.implied),
            np.diag(used) if diagonal else used,
            Gamma,
        )


@pytest.mark.parametrize("diagonal", [True, False])
def test_traces_equal_those_of_the_matrices_of_all_groups(diagonal):
    evidence, jacobians, weights, gammas = zip(*groups(diagonal), strict=True)
    n = np.array([part.n for part in evidence])
    shares = n / n.sum()
    k = sum(part.expected.shape[0] for part in evidence)
    K = np.random.default_rng(2).normal(size=(k, k - 4))  # four equality constraints
    Delta = block_diag(*jacobians)
    V = block_diag(*(s * v for s, v in zip(shares, weights, strict=True)))
    Gamma = block_diag(*(g / s for s, g in zip(shares, gammas, strict=True)))
    E = constrained_inverse(information=Delta.T @ V @ Delta, K=K)
    UG = (V - V @ Delta @ E @ Delta.T @ V) @ Gamma
    parts, df = Inference(evidence, K), 50
    trace, squared = np.trace(UG), np.trace(UG @ UG)
    assert satorra_bentler(parts, df=df).factor == pytest.approx(trace / df)
    shifted = scaled_shifted(parts, df=df)
    assert shifted.factor == pytest.approx(np.sqrt(squared / df))
    assert shifted.shift == pytest.approx(df - trace * np.sqrt(df / squared))
    adjusted = mean_variance_adjusted(parts)
    assert adjusted.df == pytest.approx(trace**2 / squared)
    assert adjusted.factor == pytest.approx(squared / trace)


def test_what_needs_gamma_does_not_exist_without_it():
    problem = Problem("means")
    gls = GeneralisedLeastSquares(problem.structure, problem.moments).explicit()
    found = least_squares_evidence(
        discrepancy=gls, point=gls.at(problem.draw()), Gamma=None, count=20
    )
    assert np.isnan([found.trace, found.trace_squared, found.saturated_trace]).all()
    for part in (found.middle, found.twice, found.meat):
        assert np.isnan(part).all()
        assert part.shape == found.expected.shape
    assert np.isfinite(found.expected).all()
    assert np.isfinite(found.observed).all()
    assert (found.n, found.count) == (problem.moments.n, 20)


def test_a_weight_that_is_right_leaves_nothing_to_scale():
    # with Gamma the inverse of V, U Gamma is a projection: its trace is df
    problem = Problem("means")
    gls = GeneralisedLeastSquares(problem.structure, problem.moments).explicit()
    Gamma = np.linalg.inv(gls.weight)
    evidence = least_squares_evidence(
        discrepancy=gls, point=gls.at(problem.draw()), Gamma=Gamma, count=20
    )
    df = gls.sample.size - gls.k
    parts = Inference((evidence,), np.eye(gls.k))
    assert satorra_bentler(parts, df=df).factor == pytest.approx(1.0)
    assert mean_variance_adjusted(parts).df == pytest.approx(df)


@pytest.mark.parametrize("means", [True, False])
def test_the_weight_of_gls_inverts_the_normal_covariance(means):
    problem = Problem("means" if means else "cfa")
    none = np.zeros(problem.moments.ybar.size, dtype=bool)
    gls = GeneralisedLeastSquares(problem.structure, problem.moments).explicit()
    Gamma = normal_covariance(moments=problem.moments, given=none, means=means)
    np.testing.assert_allclose(
        Gamma @ gls.weight, np.eye(gls.sample.size), rtol=0, atol=1e-9
    )


def test_the_normal_covariance_is_the_spread_of_covariance_matrices():
    S = np.array([[2.0, 0.6, 0.3], [0.6, 1.0, -0.4], [0.3, -0.4, 1.5]])
    moments = SampleMoments(S=S, ybar=np.zeros(3), n=50)
    draws = wishart(df=50, scale=S / 50).rvs(20000, random_state=1)
    spread = 50 * np.cov(draws[:, *np.tril_indices(3)].T)
    found = normal_covariance(moments=moments, given=np.zeros(3, bool), means=False)
    # 20,000 draws know a covariance to 1 % of the deviations' product; six of these
    scale = np.sqrt(np.outer(np.diag(found), np.diag(found)))
    assert (np.abs(spread - found) / scale).max() < 0.06


def test_conditioning_leaves_what_covariates_do_not_explain():
    # the inverse of Gamma given x is a block of the inverse of Gamma
    problem = Problem("cfa")
    moments, p = problem.moments, 6
    given = np.arange(p) >= 4
    whole = normal_covariance(moments=moments, given=~given & False, means=True)
    partly = normal_covariance(moments=moments, given=given, means=True)
    row, col = np.tril_indices(p)
    open_ = np.concatenate([~given, ~(given[row] & given[col])])
    at = np.ix_(open_, open_)
    np.testing.assert_allclose(
        np.linalg.inv(partly[at]), np.linalg.inv(whole)[at], rtol=1e-8, atol=1e-10
    )
    np.testing.assert_allclose(partly[~open_], 0.0, atol=1e-12)
