"""Likelihood, score and information against scipy, differences and full matrices."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import multivariate_normal

from kocsem.core.maximum_likelihood import (
    conditional_information,
    cross_information,
    evaluate,
    expected_information,
    log_determinant,
    residual_quadratic,
    saturated_loglik,
    score,
    tangents_at,
)
from kocsem.core.moments import SampleMoments
from kocsem.core.structure import Matrices, Structure, Tangents, fill, implied_moments
from sem_cases import MODELS, Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

SEEDS = (1, 2, 3)


def full_jacobian(problem, x):
    """Return d vec(Sigma)/dx and d mu/dx by central differences."""

    def moments(at):
        implied = implied_moments(matrices=fill(structure=problem.structure, x=at))
        return np.concatenate([implied.Sigma.ravel(), implied.mu])

    slope = central_differences(moments, x)
    p = problem.moments.ybar.size
    return slope[: p * p], slope[p * p :]


def full_information(W, first, second, means):
    """Return Delta'(W kron W)Delta / 2, plus the part of the means."""
    total = first[0].T @ np.kron(W, W) @ second[0] / 2
    return total + first[1].T @ W @ second[1] if means else total


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_log_determinant(scale):
    S = scale * Problem("cfa").moments.S
    assert log_determinant(S=S) == pytest.approx(np.linalg.slogdet(S)[1], rel=1e-12)


def test_log_determinant_needs_a_positive_definite_matrix():
    with pytest.raises(np.linalg.LinAlgError):
        log_determinant(S=np.array([[1.0, 2.0], [2.0, 1.0]]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MODELS)
def test_discrepancy_is_twice_the_loss_of_likelihood_per_case(name, seed):
    problem = Problem(name, seed)
    point = problem.at(problem.draw())
    Y, moments = problem.Y, problem.moments
    mean = point.implied.mu if problem.structure.means else moments.ybar
    model = multivariate_normal(mean, point.implied.Sigma).logpdf(Y).sum()
    saturated = multivariate_normal(moments.ybar, moments.S).logpdf(Y).sum()
    assert_allclose(
        point.discrepancy, 2 * (saturated - model) / moments.n, rtol=1e-10, atol=1e-10
    )
    assert_allclose(saturated_loglik(moments=moments), saturated, rtol=1e-12)
    assert_allclose(point.W @ point.implied.Sigma, np.eye(len(mean)), atol=1e-10)


def one_variable(value, mean=0.0, means=False):
    """Return a structure whose only free parameter is a variance or a mean."""
    template = Matrices(
        Lambda=np.zeros((1, 0)),
        Beta=np.zeros((0, 0)),
        Psi=np.zeros((0, 0)),
        Theta=np.array([[value]]),
        nu=np.array([mean]),
        alpha=np.zeros(0),
    )
    zero = np.zeros(1, dtype=np.intp)
    return Structure(template, matrix=zero + 3, row=zero, col=zero, means=means)


@pytest.mark.parametrize(("mean", "means"), [(0, False), (0, True), (2, True)])
def test_discrepancy_of_one_variable_by_hand(mean, means):
    structure = one_variable(1.0, mean, means)
    point = evaluate(
        structure=structure,
        x=np.array([4.0]),
        moments=SampleMoments(S=np.array([[2.0]]), ybar=np.array([5.0]), n=10),
        logdet_S=np.log(2.0),
    )
    gap = (5 - mean) ** 2 / 4 if means else 0
    expected = np.log(4) + 2 / 4 - np.log(2) - 1 + gap
    assert point.discrepancy == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf, -np.inf])
def test_no_point_outside_the_positive_definite_region(value):
    moments = SampleMoments(S=np.array([[2.0]]), ybar=np.zeros(1), n=10)
    structure = one_variable(1.0)
    x = np.array([value])
    assert evaluate(structure=structure, x=x, moments=moments, logdet_S=0.0) is None


def test_no_point_where_a_loop_has_gain_one():
    problem = Problem("loop")
    x = problem.draw()
    x[[0, 2]] = 2.0, 0.5  # y1 ~ y2 and y2 ~ y1
    assert [r.text for r in problem.table.free_rows[:3:2]] == ["y1~y2", "y2~y1"]
    found = evaluate(
        structure=problem.structure, x=x, moments=problem.moments, logdet_S=0.0
    )
    assert found is None


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MODELS)
def test_score_against_differences(name, seed):
    problem = Problem(name, seed)
    x = problem.draw()
    found = score(
        structure=problem.structure,
        point=problem.at(x),
        moments=problem.moments,
        at=problem.tangents(x),
    )
    slope = central_differences(lambda at: np.array(problem.at(at).discrepancy / 2), x)
    assert_allclose(found, slope, rtol=DERIVATIVE_RTOL, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MODELS)
def test_expected_information_against_full_matrices(name, seed):
    problem = Problem(name, seed)
    x = problem.draw()
    W, slope = problem.at(x).W, full_jacobian(problem, x)
    found = expected_information(
        structure=problem.structure, W=W, at=problem.tangents(x)
    )
    expected = full_information(W, slope, slope, problem.structure.means)
    assert_allclose(found, expected, rtol=DERIVATIVE_RTOL, atol=1e-8)


def test_expected_information_is_the_average_of_squared_scores():
    problem = Problem("latent means")
    x = problem.draw()
    point, at = problem.at(x), problem.tangents(x)
    draws = np.random.default_rng(5).multivariate_normal(
        point.implied.mu, point.implied.Sigma, size=200_000, method="cholesky"
    )
    # the score of a case, as d log f / dx by the chain rule over (mu, Sigma)
    gap = (draws - point.implied.mu) @ point.W
    scores = gap @ at.M + (gap @ at.U) * (gap @ at.V) - (at.U * (point.W @ at.V)).sum(0)
    found = expected_information(structure=problem.structure, W=point.W, at=at)
    scale = np.sqrt(np.outer(np.diag(found), np.diag(found)))
    # 200,000 draws: the standard error of a mean of squares is about sqrt(8 / n)
    assert (np.abs(scores.T @ scores / len(draws) - found) / scale).max() < 0.03


def halves(at, k):
    parts = (slice(0, k), slice(k, None))
    return [Tangents(U=at.U[:, s], V=at.V[:, s], M=at.M[:, s]) for s in parts]


@pytest.mark.parametrize("name", ["cfa", "latent means", "second order"])
def test_cross_information_is_a_block_of_the_whole(name):
    problem = Problem(name)
    x = problem.draw()
    W, at, means = problem.at(x).W, problem.tangents(x), problem.structure.means
    whole = expected_information(structure=problem.structure, W=W, at=at)
    first, second = halves(at, 4)
    found = cross_information(W=W, first=first, second=second, means=means)
    assert_allclose(found, whole[:4, 4:], atol=IDENTITY_ATOL)


@pytest.mark.parametrize("given", [(), (0,), (1, 2), (0, 3)])
@pytest.mark.parametrize("name", ["random covariates", "covariates", "path means"])
def test_conditional_information_sets_the_derivatives_of_given_moments_to_zero(
    name, given
):
    problem = Problem(name)
    x = problem.draw()
    W, slope = problem.at(x).W, full_jacobian(problem, x)
    p = W.shape[0]
    known = np.isin(np.arange(p), given)
    slope[0][np.outer(known, known).ravel()] = 0
    slope[1][known] = 0
    means, at = problem.structure.means, problem.tangents(x)
    first, second = halves(at, 3)
    found = conditional_information(
        W=W, first=first, second=second, means=means, given=known
    )
    left, right = [s[:, :3] for s in slope], [s[:, 3:] for s in slope]
    expected = full_information(W, left, right, means)
    assert_allclose(found, expected, rtol=DERIVATIVE_RTOL, atol=1e-8)


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("name", ["cfa", "residual correlations", "latent means"])
def test_residual_quadratic_against_full_matrices(name, restricted):
    problem = Problem(name)
    x = problem.draw()
    point, slope = problem.at(x), full_jacobian(problem, x)
    W, p = point.W, problem.moments.ybar.size
    weight = np.kron(W, W) / 2
    r = (problem.moments.S - point.implied.Sigma).ravel()
    Delta = slope[0]
    if problem.structure.means:
        empty = np.zeros((p, p * p))
        weight = np.block([[weight, empty.T], [empty, W]])
        r = np.concatenate([r, problem.moments.ybar - point.implied.mu])
        Delta = np.vstack(slope)
    K = np.eye(x.size)
    if restricted:
        K = np.delete(K, 0, axis=1)
        K[0, 0] = 1.0  # the first parameter equals the second
    Delta = Delta @ K
    middle = np.linalg.inv(Delta.T @ weight @ Delta)
    residual = weight - weight @ Delta @ middle @ Delta.T @ weight
    total, slope = residual_quadratic(
        point=point,
        moments=problem.moments,
        at=tangents_at(structure=problem.structure, point=point),
        means=problem.structure.means,
    )
    found = total - slope @ K @ middle @ K.T @ slope
    assert found == pytest.approx(r @ residual @ r, rel=1e-6)


def test_residual_quadratic_is_a_sum_of_squares():
    problem = Problem("cfa")
    point = problem.at(problem.draw())
    r = point.W @ (problem.moments.S - point.implied.Sigma)
    total, _ = residual_quadratic(
        point=point,
        moments=problem.moments,
        at=tangents_at(structure=problem.structure, point=point),
        means=problem.structure.means,
    )
    assert total == pytest.approx(np.trace(r @ r) / 2, rel=1e-12)
