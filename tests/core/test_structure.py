"""Implied moments by hand, and their derivatives against differences."""

from dataclasses import fields

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.inference import complex_jacobian
from kocsem.core.structure import (
    Matrices,
    Matrix,
    Structure,
    fill,
    implied_moments,
    jacobian,
    tangents,
)
from sem_cases import MODELS, Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

SEEDS = (1, 2, 3)


def stacked_moments(structure, x, means):
    """Return (mu, vech Sigma) or vech Sigma, by rows of the lower triangle."""
    implied = implied_moments(matrices=fill(structure=structure, x=x))
    half = implied.Sigma[np.tril_indices(implied.Sigma.shape[0])]
    return np.concatenate([implied.mu, half]) if means else half


def two_factors(Beta=0.5):
    """Return g = Beta f + d with two items each, everything by hand."""
    return Matrices(
        Lambda=np.array([[1.0, 0], [2, 0], [0, 1], [0, 3]]),
        Beta=np.array([[0.0, 0], [Beta, 0]]),
        Psi=np.diag([4.0, 1.0]),
        Theta=np.diag([1.0, 2.0, 3.0, 4.0]),
        nu=np.array([0.0, 1.0, 0.0, -1.0]),
        alpha=np.array([2.0, 3.0]),
    )


def test_implied_moments_by_hand():
    # var f = 4, cov(f, g) = 2, var g = .25 * 4 + 1 = 2; means 2 and 3 + .5 * 2
    found = implied_moments(matrices=two_factors())
    assert_allclose(found.Phi, [[4, 2], [2, 2]])
    assert_allclose(
        found.Sigma,
        [[5, 8, 2, 6], [8, 18, 4, 12], [2, 4, 5, 6], [6, 12, 6, 22]],
    )
    assert_allclose(found.eta, [2, 4])
    assert_allclose(found.mu, [2, 5, 4, 11])
    assert_allclose(found.L, [[1, 0], [2, 0], [0.5, 1], [1.5, 3]])
    assert_allclose(found.C, [[4, 8, 2, 6], [2, 4, 2, 6]])
    assert_allclose(found.A, [[1, 0], [0.5, 1]])


def test_a_loop_is_its_infinite_series():
    Beta = np.array([[0.0, 0.4], [0.3, 0.0]])
    base = two_factors()
    found = implied_moments(
        matrices=Matrices(base.Lambda, Beta, base.Psi, base.Theta, base.nu, base.alpha)
    )
    series = sum(np.linalg.matrix_power(Beta, power) for power in range(60))
    assert_allclose(found.A, series, rtol=1e-12)
    assert_allclose(found.Phi, series @ base.Psi @ series.T, rtol=1e-12)


def test_a_loop_of_gain_one_has_no_moments():
    base = two_factors()
    Beta = np.array([[0.0, 2.0], [0.5, 0.0]])
    with pytest.raises(np.linalg.LinAlgError):
        implied_moments(
            matrices=Matrices(
                base.Lambda, Beta, base.Psi, base.Theta, base.nu, base.alpha
            )
        )


def one_of_each():
    """Return a structure with one free element in every matrix."""
    return Structure(
        template=two_factors(),
        matrix=np.array([0, 1, 2, 3, 3, 4, 5]),
        row=np.array([1, 1, 1, 3, 2, 0, 1]),
        col=np.array([0, 0, 0, 3, 0, 0, 0]),
        means=True,
    )


def test_fill_places_each_parameter_once_and_symmetric_ones_twice():
    structure = one_of_each()
    found = fill(structure=structure, x=np.array([11.0, 12, 13, 14, 15, 16, 17]))
    base = two_factors()
    changed = {
        "Lambda": {(1, 0): 11},
        "Beta": {(1, 0): 12},
        "Psi": {(1, 0): 13, (0, 1): 13},
        "Theta": {(3, 3): 14, (2, 0): 15, (0, 2): 15},
        "nu": {(0,): 16},
        "alpha": {(1,): 17},
    }
    for name, places in changed.items():
        expected = getattr(base, name).copy()
        for place, value in places.items():
            expected[place] = value
        assert_array_equal(getattr(found, name), expected)


def test_fill_leaves_the_template_alone():
    structure = one_of_each()
    fill(structure=structure, x=np.full(7, 99.0))
    for name in ("Lambda", "Beta", "Psi", "Theta", "nu", "alpha"):
        assert_array_equal(
            getattr(structure.template, name), getattr(two_factors(), name)
        )


def test_fill_takes_complex_numbers():
    found = fill(structure=one_of_each(), x=np.full(7, 1 + 2j))
    assert found.Psi[0, 1] == 1 + 2j
    assert found.Psi[0, 0] == 4


def test_variances_are_known_by_their_place():
    assert_array_equal(one_of_each().diagonal, [0, 0, 0, 1, 0, 0, 0])
    assert one_of_each().k == 7


@pytest.mark.parametrize("means", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MODELS)
def test_jacobian_against_differences(name, seed, means):
    problem = Problem(name, seed)
    x = problem.draw()
    expected = central_differences(
        lambda at: stacked_moments(problem.structure, at, means), x
    )
    assert_allclose(
        jacobian(tangents=problem.tangents(x), means=means),
        expected,
        rtol=DERIVATIVE_RTOL,
        atol=1e-8,
    )


@pytest.mark.parametrize("name", MODELS)
def test_jacobian_against_the_complex_step(name):
    problem = Problem(name)
    x = problem.draw()
    expected = complex_jacobian(
        function=lambda at: stacked_moments(problem.structure, at, True), x=x
    )
    assert_allclose(
        jacobian(tangents=problem.tangents(x), means=True), expected, atol=IDENTITY_ATOL
    )


@pytest.mark.parametrize("name", MODELS)
def test_each_free_parameter_of_the_table_has_one_place(name):
    structure = Problem(name).structure
    places = list(zip(structure.matrix, structure.row, structure.col, strict=True))
    assert len(set(places)) == len(places)


def test_tangents_of_a_model_without_free_parameters():
    base = one_of_each()
    none = np.zeros(0, dtype=np.intp)
    structure = Structure(base.template, none, none, none, means=True)
    implied = implied_moments(matrices=fill(structure=structure, x=np.zeros(0)))
    found = tangents(structure=structure, implied=implied)
    assert jacobian(tangents=found, means=True).shape == (14, 0)


def test_the_order_of_the_matrices_is_that_of_the_record():
    assert [m.name for m in Matrix] == [f.name.upper() for f in fields(Matrices)]
