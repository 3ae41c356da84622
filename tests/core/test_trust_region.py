"""The step within a ball: optimality conditions, whatever the Hessian."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.trust_region import bounded_step


def hessian(curvature, seed=0):
    """Return a symmetric matrix with the given eigenvalues in a random position."""
    size = len(curvature)
    axes, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    return (axes * np.array(curvature)) @ axes.T


def quadratic(gradient, H, step):
    return float(gradient @ step + 0.5 * step @ H @ step)


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
    found = bounded_step(gradient=GRADIENT, hessian=H, radius=radius)
    assert np.linalg.norm(found.step) <= radius * (1 + 1e-6)
    assert found.gain == pytest.approx(-quadratic(GRADIENT, H, found.step), rel=1e-9)
    others = np.random.default_rng(1).normal(size=(2000, 3))
    others *= radius / np.linalg.norm(others, axis=1, keepdims=True)
    others *= np.random.default_rng(2).uniform(0, 1, size=(2000, 1)) ** (1 / 3)
    lowest = min(quadratic(GRADIENT, H, other) for other in others)
    assert -found.gain <= lowest + 1e-6 * abs(lowest)


def test_newton_step_inside_the_ball():
    H = hessian([1.0, 2.0, 5.0])
    found = bounded_step(gradient=GRADIENT, hessian=H, radius=10.0)
    assert found.interior
    assert_allclose(found.step, -np.linalg.solve(H, GRADIENT), rtol=1e-12)


def test_a_long_newton_step_is_cut_to_the_radius():
    H = hessian([1e-3, 2.0, 5.0])
    found = bounded_step(gradient=GRADIENT, hessian=H, radius=0.5)
    assert not found.interior
    assert np.linalg.norm(found.step) == pytest.approx(0.5, rel=1e-6)


def test_a_saddle_is_left_even_without_slope():
    found = bounded_step(
        gradient=np.zeros(3), hessian=np.diag([2.0, -0.5, 1.0]), radius=0.2
    )
    assert not found.interior
    assert_allclose(np.abs(found.step), [0, 0.2, 0], atol=1e-12)
    assert found.gain == pytest.approx(0.5 * 0.5 * 0.2**2)


def test_a_flat_direction_without_slope_is_not_followed():
    found = bounded_step(
        gradient=np.array([1.0, 0.0]), hessian=np.diag([2.0, 0.0]), radius=3.0
    )
    assert found.interior
    assert_allclose(found.step, [-0.5, 0.0], atol=1e-9)
