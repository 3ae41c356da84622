"""Moments of ordered items by hand, and their derivatives against differences."""

import numpy as np
import pytest

from kocsem.core.inference import complex_jacobian
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.structure import Matrix, Structure, fill, implied_moments
from ordinal_cases import KINDS, ordinal_case
from sem_cases import central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

SEEDS = (1, 2, 3)


def stacked(moments, x):
    """Return the moments at a point, real or complex."""
    implied = implied_moments(matrices=fill(structure=moments.structure, x=x))
    return moments.vector(implied)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_jacobian_against_the_complex_step(kind, seed):
    case = ordinal_case(kind, seed)
    moments = OrdinalStructure(case.structure)
    implied = implied_moments(matrices=fill(structure=case.structure, x=case.x))
    expected = complex_jacobian(function=lambda x: stacked(moments, x), x=case.x)
    np.testing.assert_allclose(
        moments.jacobian(implied), expected, rtol=0, atol=IDENTITY_ATOL
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_bend_against_differences_of_the_gradient(kind, seed):
    case = ordinal_case(kind, seed)
    moments = OrdinalStructure(case.structure)
    pull = np.random.default_rng(seed).normal(size=moments.order.size)

    def gradient(x):
        implied = implied_moments(matrices=fill(structure=case.structure, x=x))
        return moments.jacobian(implied).T @ pull

    implied = implied_moments(matrices=fill(structure=case.structure, x=case.x))
    bent = moments.bend(implied, pull)
    np.testing.assert_allclose(bent, bent.T, atol=IDENTITY_ATOL)
    np.testing.assert_allclose(
        bent, central_differences(gradient, case.x), rtol=DERIVATIVE_RTOL, atol=1e-7
    )


def test_moments_by_hand():
    # thresholds -1 and .5 of a mean .2 on a scale of 2; a covariance of .3
    case = ordinal_case("scales")
    x = case.x.copy()
    which = case.structure.matrix
    x[which == Matrix.LAMBDA] = 0.5
    x[which == Matrix.PSI], x[which == Matrix.ALPHA] = 0.6, 0.2
    x[which == Matrix.DELTA], x[which == Matrix.NU] = 2.0, 0.0
    at = case.structure.places[Matrix.TAU][0]
    x[at[:2]] = -1.0, 0.5
    moments = OrdinalStructure(case.structure)
    found = stacked(moments, x)
    assert found[:2] == pytest.approx([2 * (-1.0 - 0.2), 2 * (0.5 - 0.2)])
    assert found[moments.order.univariate] == pytest.approx(2 * 2 * 0.5 * 0.6)


def test_continuous_items_keep_means_and_variances():
    case = ordinal_case("mixed")
    moments = OrdinalStructure(case.structure)
    implied = implied_moments(matrices=fill(structure=case.structure, x=case.x))
    order, found = moments.order, moments.vector(implied)
    assert found[order.begin[[0, 4]]] == pytest.approx(-implied.mu[[0, 4]])
    assert found[order.variance_at[[0, 4]]] == pytest.approx(
        np.diag(implied.Sigma)[[0, 4]]
    )
    pair = np.flatnonzero((order.first == 0) & (order.second == 4))[0]
    assert found[order.univariate + pair] == pytest.approx(implied.Sigma[0, 4])


def test_only_what_is_left_of_outcomes_reaches_other_moments():
    # z ~ y: cov(y, z) is the path times var y, and var y is 1 however strong the path
    # from f to y; with the residual variance of y held still it would change
    case = ordinal_case("chain")
    moments = OrdinalStructure(case.structure)
    implied = implied_moments(matrices=fill(structure=case.structure, x=case.x))
    order, path = moments.order, 1
    pair = order.univariate + np.flatnonzero((order.first == 2) & (order.second == 3))
    assert moments.jacobian(implied)[pair[0], path] == pytest.approx(0.0, abs=1e-14)
    assert stacked(moments, case.x)[pair[0]] == pytest.approx(case.x[2])


def test_moments_given_covariates_are_those_of_a_regression():
    case = ordinal_case("given", seed=4)
    moments = OrdinalStructure(case.structure)
    implied = implied_moments(matrices=fill(structure=case.structure, x=case.x))
    order, found, scale = moments.order, moments.vector(implied), implied.delta
    x, y = order.covariates, order.explained
    slopes = np.linalg.solve(implied.Sigma[np.ix_(x, x)], implied.Sigma[x][:, y])
    left = implied.Sigma[np.ix_(y, y)] - implied.Sigma[y][:, x] @ slopes
    level = implied.mu[y] - implied.mu[x] @ slopes
    np.testing.assert_allclose(found[order.slopes], (slopes * scale[y]).ravel())
    np.testing.assert_allclose(found[order.variances], np.diag(left)[[1, 4]])
    pairs = (left * np.outer(scale[y], scale[y]))[np.triu_indices(y.size, 1)]
    np.testing.assert_allclose(found[order.univariate :], pairs)
    height = scale[order.variable] * (implied.tau - level[order.variable])
    np.testing.assert_allclose(found[: order.variable.size], height)
    ordered = order.levels[y] > 0
    np.testing.assert_allclose(np.diag(left)[ordered], scale[y][ordered] ** -2)


def test_a_structure_without_ordered_items_is_refused():
    own = ordinal_case("factors").structure
    plain = Structure(own.template, own.matrix, own.row, own.col, means=True)
    with pytest.raises(ValueError, match="no ordered items"):
        OrdinalStructure(plain).order  # noqa: B018 - the property is the subject
