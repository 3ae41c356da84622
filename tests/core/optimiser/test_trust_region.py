"""The step within a ball: optimality conditions, whatever the Hessian."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.optimiser.trust_region import Quadratic, bounded_step


def hessian(curvature, seed=0):
    """Return a symmetric matrix with the given eigenvalues in a random position."""
    size = len(curvature)
    axes, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    return (axes * np.array(curvature)) @ axes.T


def quadratic(gradient, H, step):
    return float(gradient @ step + 0.5 * step @ H @ step)


def best(gradient, H, radius):
    found = Quadratic.of(gradient=np.asarray(gradient), hessian=H)
    return bounded_step(quadratic=found, radius=radius)


HESSIANS = {
    "convex": [1.0, 2.0, 5.0],
    "stiff": [1e-6, 1.0, 1e4],
    "flat": [0.0, 1.0, 2.0],
    "saddle": [-1.0, 0.5, 2.0],
    "hill": [-3.0, -2.0, -1.0],
}
GRADIENT = np.array([0.3, -1.0, 0.2])


@pytest.mark.parametrize("radius", [1e-3, 0.1, 1.0, 30.0])
@pytest.mark.parametrize("curvature", HESSIANS.values(), ids=HESSIANS)
def test_no_point_of_the_ball_is_lower(curvature, radius):
    H = hessian(curvature)
    found = best(GRADIENT, H, radius)
    assert np.linalg.norm(found.step) <= radius * (1 + 1e-6)
    others = np.random.default_rng(1).normal(size=(2000, 3))
    others *= radius / np.linalg.norm(others, axis=1, keepdims=True)
    others *= np.random.default_rng(2).uniform(0, 1, size=(2000, 1)) ** (1 / 3)
    lowest = min(quadratic(GRADIENT, H, other) for other in others)
    assert quadratic(GRADIENT, H, found.step) <= lowest + 1e-6 * abs(lowest)


def test_newton_step_inside_the_ball():
    H = hessian([1.0, 2.0, 5.0])
    found = best(GRADIENT, H, 10.0)
    assert found.interior
    assert_allclose(found.step, -np.linalg.solve(H, GRADIENT), rtol=1e-12)


def test_a_long_newton_step_is_cut_to_the_radius():
    H = hessian([1e-3, 2.0, 5.0])
    found = best(GRADIENT, H, 0.5)
    assert not found.interior
    assert np.linalg.norm(found.step) == pytest.approx(0.5, rel=1e-6)


def test_a_saddle_is_left_even_without_slope():
    H = np.diag([2.0, -0.5, 1.0])
    found = best(np.zeros(3), H, 0.2)
    assert not found.interior
    assert_allclose(np.abs(found.step), [0, 0.2, 0], atol=1e-12)
    assert quadratic(np.zeros(3), H, found.step) == pytest.approx(-0.5 * 0.5 * 0.2**2)


def test_a_flat_direction_without_slope_is_not_followed():
    found = best([1.0, 0.0], np.diag([2.0, 0.0]), 3.0)
    assert found.interior
    assert_allclose(found.step, [-0.5, 0.0], atol=1e-9)


@pytest.mark.parametrize("curvature", HESSIANS.values(), ids=HESSIANS)
def test_the_fall_is_that_of_the_quadratic(curvature):
    H = hessian(curvature)
    step = np.array([0.2, 0.5, -0.7])
    found = Quadratic.of(gradient=GRADIENT, hessian=H).fall(step)
    assert found == pytest.approx(-quadratic(GRADIENT, H, step), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_a_slope_beyond_all_curvature_is_cut_to_the_radius(seed):
    # then the shift is the length of the slope over the radius, but for rounding
    gradient = 1e32 * np.random.default_rng(seed).normal(size=3)
    curvature = np.array([-2.75e16, -1.0, 3.0])
    found = Quadratic(slope=gradient, curvature=curvature, axes=np.eye(3))
    step = bounded_step(quadratic=found, radius=0.3).step
    np.testing.assert_allclose(
        step, -0.3 * gradient / np.linalg.norm(gradient), rtol=1e-6
    )
