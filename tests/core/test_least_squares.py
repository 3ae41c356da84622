"""The least-squares discrepancies: derivatives, closed forms, and how they agree."""

import numpy as np
import pytest

from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.least_squares import (
    GeneralisedLeastSquares,
    LeastSquares,
    residual_statistic,
    unbiased,
    weighted,
)
from kocsem.core.moment_structure import CovarianceStructure
from kocsem.core.moments import SampleMoments
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Problem as Joint
from kocsem.core.structure import Matrix, fill, implied_moments
from ordinal_cases import KINDS, ordinal_case
from sem_cases import MODELS, Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

N = 200.0


def positive(q, seed=0):
    """Return a well-conditioned weight matrix."""
    A = np.random.default_rng(seed).normal(size=(q, 2 * q))
    return A @ A.T / (2 * q)


def discrepancies():
    """Return one discrepancy of every kind with a point at which to look."""
    for name in ("cfa", "latent means", "loop", "second order"):
        problem = Problem(name)
        structure, moments = problem.structure, problem.moments
        stacked = CovarianceStructure(structure)
        sample = stacked.sample(moments)
        kinds = {
            "gls": GeneralisedLeastSquares(structure=structure, moments=moments),
            "uls": LeastSquares(stacked, sample, np.ones(sample.size), N),
            "wls": LeastSquares(stacked, sample, positive(sample.size), N),
        }
        for kind, found in kinds.items():
            yield pytest.param(found, problem.draw(), id=f"{kind} {name}")
    for kind in KINDS:
        case = ordinal_case(kind)
        stacked = OrdinalStructure(case.structure)
        g = np.random.default_rng(4)
        sample = g.normal(size=stacked.order.size) / 2
        weight = g.uniform(0.5, 2.0, sample.size)
        found = LeastSquares(stacked, sample, weight, N)
        yield pytest.param(found, case.x, id=f"dwls {kind}")


EVERY = list(discrepancies())


@pytest.mark.parametrize(("discrepancy", "x"), EVERY)
def test_gradient_against_differences(discrepancy, x):
    expected = central_differences(lambda at: discrepancy.at(at).discrepancy / 2, x)
    found = discrepancy.derivatives(discrepancy.at(x)).gradient
    np.testing.assert_allclose(found, expected, rtol=DERIVATIVE_RTOL, atol=1e-7)


@pytest.mark.parametrize(("discrepancy", "x"), EVERY)
def test_hessian_against_differences_of_the_gradient(discrepancy, x):
    expected = central_differences(
        lambda at: discrepancy.derivatives(discrepancy.at(at)).gradient, x
    )
    found = discrepancy.derivatives(discrepancy.at(x)).observed()
    np.testing.assert_allclose(found, expected, rtol=DERIVATIVE_RTOL, atol=2e-7)
    np.testing.assert_allclose(found, found.T, atol=IDENTITY_ATOL)


@pytest.mark.parametrize(("discrepancy", "x"), EVERY)
def test_both_kinds_of_information_agree_where_the_fit_is_perfect(discrepancy, x):
    implied = implied_moments(matrices=fill(structure=structure_of(discrepancy), x=x))
    if isinstance(discrepancy, GeneralisedLeastSquares):
        perfect = SampleMoments(S=positive_definite(implied), ybar=implied.mu, n=N)
        same = GeneralisedLeastSquares(discrepancy.structure, perfect)
    else:
        sample = discrepancy.moments.vector(implied)
        same = LeastSquares(discrepancy.moments, sample, discrepancy.weight, N)
    here = same.at(x)
    assert here.discrepancy == pytest.approx(0.0, abs=1e-20)
    found = same.derivatives(here)
    np.testing.assert_allclose(found.gradient, 0.0, atol=1e-12)
    np.testing.assert_allclose(found.observed(), found.expected(), atol=IDENTITY_ATOL)


def structure_of(discrepancy):
    if isinstance(discrepancy, GeneralisedLeastSquares):
        return discrepancy.structure
    return discrepancy.moments.structure


def positive_definite(implied):
    """Return Sigma, which GLS must be able to invert."""
    assert np.linalg.eigvalsh(implied.Sigma)[0] > 0
    return implied.Sigma


@pytest.mark.parametrize("name", MODELS)
def test_gls_with_its_weight_as_a_matrix_is_the_same(name):
    problem = Problem(name)
    gls = GeneralisedLeastSquares(problem.structure, problem.moments)
    explicit, x = gls.explicit(), problem.draw()
    ours, theirs = gls.at(x), explicit.at(x)
    assert ours.discrepancy == pytest.approx(theirs.discrepancy, rel=1e-10)
    first, second = gls.derivatives(ours), explicit.derivatives(theirs)
    for left, right in (
        (first.gradient, second.gradient),
        (first.expected(), second.expected()),
        (first.observed(), second.observed()),
    ):
        scale = np.abs(right).max()
        np.testing.assert_allclose(left, right, rtol=0, atol=1e-11 * scale)


def test_gls_of_independent_variables_has_a_closed_form():
    # (W o W) d = diag W solves for the variances d
    moments = Problem("cfa").moments
    p = moments.ybar.size
    none = np.zeros(p, dtype=bool)
    structure = independence_structure(
        moments=moments, given=none, covariates=none, means=False
    )
    found = fitted(
        GeneralisedLeastSquares(structure, moments),
        independence_estimates(structure=structure, moments=moments),
    )
    W = np.linalg.inv(moments.S)
    variances = np.linalg.solve(W * W, np.diag(W))
    np.testing.assert_allclose(found.point.x, variances, rtol=1e-10)
    value = (1 - 1 / moments.n) * (p - np.diag(W) @ variances) / 2
    assert found.point.discrepancy == pytest.approx(value, rel=1e-10)
    assert found.iterations == 1


def fitted(discrepancy, start):
    """Minimise the discrepancy of one group without constraints."""
    found = minimise(
        problem=Joint((discrepancy,), (1.0,)),
        start=start,
        space=AffineSpace(np.eye(start.size), np.zeros(start.size)),
    )
    assert found.converged
    return found


def simulated(text="cfa", n=2000, seed=3):
    """Draw moments of a sample from a model, so that it fits well."""
    problem = Problem(text)
    x = problem.draw()
    implied = implied_moments(matrices=fill(structure=problem.structure, x=x))
    Y = np.random.default_rng(seed).multivariate_normal(implied.mu, implied.Sigma, n)
    S = np.cov(Y.T)
    return problem.structure, SampleMoments(S=S, ybar=Y.mean(axis=0), n=n), x


def test_the_residual_statistic_of_gls_is_its_own():
    structure, moments, x = simulated()
    gls = GeneralisedLeastSquares(structure, moments)
    best = fitted(gls, x).point
    found = residual_statistic(
        problem=Joint((gls,), (1.0,)), x=best.x, K=np.eye(x.size), n=moments.n
    )
    assert found == pytest.approx(moments.n * best.discrepancy, rel=1e-9)


def test_the_residual_statistic_by_the_orthogonal_complement():
    # Browne (1984), equation 2.20a as printed: (n - 1) r'C (C' Gamma C)^-1 C'r
    structure, moments, x = simulated()
    gls = GeneralisedLeastSquares(structure, moments)
    explicit = gls.explicit()
    stacked = CovarianceStructure(structure)
    uls = LeastSquares(stacked, explicit.sample, np.ones(explicit.sample.size), N)
    best = fitted(uls, x).point
    Delta = stacked.jacobian(best.parts[0].implied)
    C = np.linalg.svd(Delta)[0][:, x.size :]
    r = explicit.sample - stacked.vector(best.parts[0].implied)
    inner = C.T @ np.linalg.inv(explicit.weight) @ C
    expected = (moments.n - 1) * (C.T @ r) @ np.linalg.solve(inner, C.T @ r)
    found = residual_statistic(
        problem=Joint((gls,), (1.0,)), x=best.x, K=np.eye(x.size), n=moments.n
    )
    assert found == pytest.approx(expected, rel=1e-8)


def test_no_residual_statistic_where_there_are_no_moments():
    problem = Problem("loop")
    gls = GeneralisedLeastSquares(problem.structure, problem.moments)
    found = residual_statistic(
        problem=Joint((gls,), (1.0,)), x=gain_of_one(problem), K=np.eye(gls.k), n=N
    )
    assert np.isnan(found)


def gain_of_one(problem):
    """Return a point at which I - Beta is singular."""
    x, structure = problem.draw(), problem.structure
    at, row, col = structure.places[Matrix.BETA]
    x[at] = 0.0
    loop = [
        a for a, i, j in zip(at, row, col, strict=True) if (i, j) in ((0, 1), (1, 0))
    ]
    x[loop] = 1.0
    return x


@pytest.mark.parametrize("kind", ["gls", "uls"])
def test_no_point_where_a_loop_has_a_gain_of_one(kind):
    problem = Problem("loop")
    stacked = CovarianceStructure(problem.structure)
    sample = stacked.sample(problem.moments)
    found = {
        "gls": GeneralisedLeastSquares(problem.structure, problem.moments),
        "uls": LeastSquares(stacked, sample, np.ones(sample.size), N),
    }[kind]
    assert found.at(gain_of_one(problem)) is None


@pytest.mark.parametrize("scale", [0.0, -0.5])
def test_no_point_where_a_scale_is_not_positive(scale):
    case = ordinal_case("scales")
    stacked = OrdinalStructure(case.structure)
    sample = np.zeros(stacked.order.size)
    found = LeastSquares(stacked, sample, np.ones(sample.size), N)
    x = case.x.copy()
    x[case.structure.places[Matrix.DELTA][0][0]] = scale
    assert found.at(x) is None


def test_a_singular_covariance_matrix_has_no_inverse_but_a_discrepancy():
    problem = Problem("cfa")
    stacked = CovarianceStructure(problem.structure)
    sample = stacked.sample(problem.moments)
    here = LeastSquares(stacked, sample, np.ones(sample.size), N).at(
        np.zeros(problem.structure.k)
    )
    assert np.isnan(here.W).all()
    assert here.discrepancy == pytest.approx((1 - 1 / N) * (sample**2).sum())


@pytest.mark.parametrize(("discrepancy", "x"), EVERY)
def test_the_inverse_is_that_of_the_implied_matrix(discrepancy, x):
    here = discrepancy.at(x)
    np.testing.assert_allclose(
        here.W @ here.implied.Sigma, np.eye(len(here.W)), atol=1e-8
    )


def test_units_do_not_matter_to_gls():
    structure, moments, x = simulated()
    unit = np.where(np.arange(6) == 1, 1000.0, 1.0)
    other = SampleMoments(
        S=moments.S * np.outer(unit, unit), ybar=moments.ybar * unit, n=moments.n
    )
    first = fitted(GeneralisedLeastSquares(structure, moments), x)
    moved = x.copy()
    for which, power in ((Matrix.LAMBDA, 1), (Matrix.THETA, 2)):
        at, row, _ = structure.places[which]
        moved[at] *= unit[row] ** power
    second = fitted(GeneralisedLeastSquares(structure, other), moved)
    assert second.point.discrepancy == pytest.approx(first.point.discrepancy, rel=1e-9)


def test_unbiased_moments_are_numpys():
    Y = np.random.default_rng(0).normal(size=(20, 3))
    biased = SampleMoments(S=np.cov(Y.T, bias=True), ybar=Y.mean(axis=0), n=20)
    np.testing.assert_allclose(unbiased(moments=biased).S, np.cov(Y.T), rtol=1e-13)


@pytest.mark.parametrize("shape", [(4,), (4, 3)])
def test_a_diagonal_weight_is_a_matrix_without_the_rest(shape):
    of = np.random.default_rng(0).normal(size=shape)
    diagonal = np.array([1.0, 2.0, 0.5, 3.0])
    found = weighted(weight=diagonal, of=of)
    np.testing.assert_array_equal(found, weighted(weight=np.diag(diagonal), of=of))
