"""The optimiser: where it stops, what it refuses, what it makes of hard cases."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from kocsem.core.maximum_likelihood import score, tangents_at
from kocsem.core.moments import SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.problem import Problem as Joint
from kocsem.core.structure import Matrices, Structure
from sem_cases import Problem


def whole(k):
    return AffineSpace(K=np.eye(k), offset=np.zeros(k))


def fitting(name, seed=0, n=200):
    """Return a problem whose sample is near the model, and the parameters behind it."""
    problem = Problem(name, seed)
    x = problem.draw()
    implied = problem.at(x).implied
    draws = np.random.default_rng(seed).multivariate_normal(
        implied.mu, implied.Sigma, size=n, method="cholesky"
    )
    S, ybar = np.cov(draws.T, bias=True), draws.mean(axis=0)
    problem.moments = SampleMoments(S=S, ybar=ybar, n=n)
    return problem, x


def single(problem):
    """Return what is minimised: one group."""
    return joint(problem.structure, problem.moments)


def joint(*parts):
    """Return what is minimised, from structures and moments in turn."""
    groups = [
        NormalTheory(structure=structure, moments=moments)
        for structure, moments in zip(parts[::2], parts[1::2], strict=True)
    ]
    total = sum(moments.n for moments in parts[1::2])
    return Joint(
        groups=tuple(groups),
        shares=tuple(moments.n / total for moments in parts[1::2]),
    )


def solve(problem, start, **options):
    options.setdefault("space", whole(start.size))
    return minimise(problem=single(problem), start=start, **options)


# the moments of fixed covariates are those of another sample in these problems,
# so models with them are left to the tests of whole fits
MODELS = [
    "cfa",
    "std_lv",
    "residual correlations",
    "latent means",
    "random covariates",
    "path means",
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", MODELS)
def test_agrees_with_a_general_optimiser(name, seed):
    problem, x = fitting(name, seed)
    found = solve(problem, x)
    assert found.converged
    general = minimize(
        lambda at: problem.at(at).discrepancy,
        found.point.x * 1.001,
        method="BFGS",
        options={"gtol": 1e-7},
    )
    # gradients by differences leave 1e-5 in the estimates, its square in the value
    assert found.point.discrepancy <= general.fun + 1e-12
    assert_allclose(found.point.x, general.x, atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_vanishes(name):
    problem, x = fitting(name)
    point = solve(problem, x).point.parts[0]
    gradient = score(
        structure=problem.structure,
        point=point,
        moments=problem.moments,
        at=tangents_at(structure=problem.structure, point=point),
    )
    assert np.abs(gradient).max() < 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_the_start_does_not_matter(seed):
    problem, x = fitting("residual correlations")
    away = x + np.random.default_rng(seed).uniform(-0.1, 0.1, x.size)
    assert_allclose(
        solve(problem, away).point.x, solve(problem, x).point.x, rtol=1e-7, atol=1e-8
    )


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_too_few_iterations_are_not_convergence(limit):
    problem, x = fitting("cfa")
    found = solve(problem, x, max_iterations=limit)
    assert not found.converged
    assert found.iterations == limit
    assert found.point.discrepancy <= problem.at(x).discrepancy


def test_each_iteration_brings_the_discrepancy_down():
    problem, x = fitting("residual correlations")
    values = [
        solve(problem, x, max_iterations=limit).point.discrepancy for limit in range(6)
    ]
    assert all(after <= before for before, after in pairwise(values))
    assert values[-1] < values[0]


@pytest.mark.parametrize("value", [-5.0, np.nan, np.inf])
def test_a_start_outside_the_parameter_space_gives_nothing(value):
    problem, x = fitting("cfa")
    x[np.flatnonzero(problem.structure.diagonal)[0]] = value
    assert solve(problem, x) is None


def test_a_sample_that_is_not_positive_definite_is_the_callers_error():
    problem, x = fitting("cfa")
    problem.moments = replace(problem.moments, S=np.ones_like(problem.moments.S))
    with pytest.raises(np.linalg.LinAlgError):
        solve(problem, x)


def test_everything_fixed():
    problem, x = fitting("cfa")
    space = AffineSpace(K=np.zeros((x.size, 0)), offset=x)
    found = solve(problem, np.zeros(x.size), space=space)
    assert found.converged
    assert found.iterations == 0
    assert_allclose(found.point.x, x)
    assert found.point.discrepancy == problem.at(x).discrepancy


def test_constraints_hold_at_every_step():
    problem, x = fitting("cfa")
    K = np.delete(np.eye(x.size), 0, axis=1)
    K[0, 0] = 2.0  # the first is twice the second, plus one
    offset = np.eye(x.size)[0]
    space = AffineSpace(K=K, offset=offset)
    for limit in (1, 3, 100):
        found = solve(problem, x, space=space, max_iterations=limit).point.x
        assert found[0] == pytest.approx(2 * found[1] + 1, abs=1e-12)


def test_a_constraint_costs_likelihood():
    problem, x = fitting("cfa")
    space = AffineSpace(K=np.delete(np.eye(x.size), 0, axis=1), offset=np.zeros(x.size))
    free, held = solve(problem, x), solve(problem, x, space=space)
    assert held.converged
    assert held.point.x[0] == 0
    assert held.point.discrepancy > free.point.discrepancy


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_rescaled_items_take_the_same_steps(scale):
    problem, x = fitting("path means")
    found = solve(problem, x)
    change = np.full(len(problem.layout.observed), scale)
    problem.moments = replace(
        problem.moments,
        S=problem.moments.S * np.outer(change, change),
        ybar=problem.moments.ybar * change,
    )
    power = np.where(problem.structure.diagonal, 2, 0)
    power = np.where(problem.structure.matrix >= 4, 1, power)
    again = solve(problem, x * scale**power)
    assert again.iterations == found.iterations
    assert_allclose(again.point.x, found.point.x * scale**power, rtol=1e-9)


def unidentified():
    """Return a variance that is the sum of two parameters: singular information."""
    template = Matrices(
        Lambda=np.ones((1, 1)),
        Beta=np.zeros((1, 1)),
        Psi=np.zeros((1, 1)),
        Theta=np.zeros((1, 1)),
        nu=np.zeros(1),
        alpha=np.zeros(1),
    )
    zeros = np.zeros(2, dtype=np.intp)
    return Structure(template, np.array([2, 3]), zeros, zeros, means=False)


def test_singular_information_is_no_hindrance():
    moments = SampleMoments(S=np.array([[9.0]]), ybar=np.zeros(1), n=50)
    found = minimise(
        problem=joint(unidentified(), moments),
        start=np.array([1.0, 1.0]),
        space=whole(2),
    )
    assert found.converged
    assert found.point.x.sum() == pytest.approx(9.0, rel=1e-8)
    assert found.point.discrepancy == pytest.approx(0.0, abs=1e-14)


SPACES = {
    "whole": whole(3),
    "shifted": AffineSpace(K=np.eye(3), offset=np.array([1.0, 2.0, 3.0])),
    "plane": AffineSpace(
        K=np.array([[1.0, 0], [1, 0], [0, 2]]), offset=np.array([0.0, 1, 0])
    ),
}


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_coordinates_and_points_are_inverse(space):
    z = np.random.default_rng(0).normal(size=space.K.shape[1])
    assert_allclose(space.coordinates(space.point(z)), z, atol=1e-14)
    assert_allclose(space.point(z), space.offset + space.K @ z)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_gradient_and_information_are_carried_over(space):
    g = np.array([1.0, -2.0, 3.0])
    info = np.diag([1.0, 2.0, 3.0])
    assert_allclose(space.gradient(g), space.K.T @ g)
    assert_allclose(space.information(info), space.K.T @ info @ space.K)


def test_a_start_off_the_constraints_is_moved_to_the_nearest_point():
    space = SPACES["plane"]
    x = space.point(space.coordinates(np.array([0.0, 3.0, 4.0])))
    assert_allclose(x, [1.0, 2.0, 4.0])
