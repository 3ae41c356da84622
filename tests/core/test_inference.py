"""Identification, constrained inverses and the delta method, by other routes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import null_space

from kocsem.core.inference import (
    complex_jacobian,
    constrained_inverse,
    delta_covariance,
    identification,
    is_identified,
    standard_errors,
)


def information(k=5, seed=0):
    A = np.random.default_rng(seed).normal(size=(k, 3 * k))
    return A @ A.T


R = np.array([[1.0, -1, 0, 0, 0], [0, 0, 1, 2, -1]])


@pytest.mark.parametrize("scale", [1.0, 1e3])
def test_constrained_inverse_is_the_block_of_silveys_matrix(scale):
    scaled = np.diag([1.0, 1.0, scale, 1 / scale, 1.0])
    info = scaled @ information() @ scaled
    bordered = np.block([[info, R.T], [R, np.zeros((2, 2))]])
    found = constrained_inverse(information=info, K=null_space(R))
    assert_allclose(found, np.linalg.inv(bordered)[:5, :5], rtol=1e-6, atol=1e-9)
    assert_allclose(R @ found, 0, atol=1e-9)


def test_constrained_inverse_does_not_depend_on_the_basis():
    K = null_space(R)
    turned = K @ np.random.default_rng(1).normal(size=(3, 3))
    first, second = (
        constrained_inverse(information=information(), K=basis) for basis in (K, turned)
    )
    assert_allclose(first, second, rtol=1e-10, atol=1e-12)


def test_constrained_inverse_without_constraints_is_the_inverse():
    found = constrained_inverse(information=information(), K=np.eye(5))
    assert_allclose(found, np.linalg.inv(information()), rtol=1e-10)


def test_constrained_inverse_keeps_scales_far_apart():
    scale = np.array([1e-8, 1e8, 1.0, 1e5, 1e-5])
    info = information() * np.outer(scale, scale)
    found = constrained_inverse(information=info, K=np.eye(5))
    expected = np.linalg.inv(information()) / np.outer(scale, scale)
    assert_allclose(found, expected, rtol=1e-9)


def test_everything_fixed_leaves_no_covariance():
    found = constrained_inverse(information=information(), K=np.zeros((5, 0)))
    assert_allclose(found, np.zeros((5, 5)))


def test_singular_information_has_no_inverse():
    with pytest.raises(np.linalg.LinAlgError):
        constrained_inverse(information=np.ones((2, 2)), K=np.eye(2))


def test_the_weakest_direction_is_found():
    # the sum of the first two is known, their difference is not
    info = np.array([[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 5.0]])
    found = identification(information=info, K=np.eye(3))
    assert found.smallest == pytest.approx(0, abs=1e-12)
    assert_allclose(np.abs(found.direction), [1, 1, 0], atol=1e-12)
    assert found.direction[0] * found.direction[1] < 0


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_identification_does_not_depend_on_the_scale(scale):
    change = np.array([scale, 1.0, 1.0, 1.0, 1.0])
    info = information() * np.outer(change, change)
    expected = identification(information=information(), K=np.eye(5)).smallest
    found = identification(information=info, K=np.eye(5)).smallest
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_constraint_can_identify():
    info = np.ones((2, 2))
    K = np.array([[1.0], [1.0]])
    assert identification(information=info, K=np.eye(2)).smallest < 1e-12
    assert identification(information=info, K=K).smallest == pytest.approx(1.0)
    assert not is_identified(information=info, K=np.eye(2), bound=1e-6)
    assert is_identified(information=info, K=K, bound=1e-6)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9, 0.999, 1 - 1e-5, 1 - 1e-8, 1.0])
def test_the_cheap_bound_never_promises_too_much(rho):
    info = np.array([[1.0, rho], [rho, 1.0]])  # smallest eigenvalue 1 - rho
    for bound in (1e-6, 1e-3, 0.3):
        if is_identified(information=info, K=np.eye(2), bound=bound):
            assert 1 - rho > bound
        else:
            assert 1 - rho <= 2 * bound  # two parameters: the trace is at most double


@pytest.mark.parametrize("info", [np.diag([1.0, 0.0]), np.diag([1.0, -1.0])])
def test_a_parameter_without_information_is_not_identified(info):
    assert not is_identified(information=info, K=np.eye(2), bound=1e-12)


def test_a_variable_without_information_is_the_weakest_direction():
    found = identification(information=np.diag([1.0, 0.0]), K=np.eye(2))
    assert found.smallest == 0
    assert_allclose(np.abs(found.direction), [0, 1])


def test_nothing_free_is_identified():
    none = np.zeros((3, 0))
    assert is_identified(information=np.zeros((3, 3)), K=none, bound=0.5)
    assert identification(information=np.zeros((3, 3)), K=none).smallest == 1.0


FUNCTIONS = {
    "product": (lambda x: x[:1] * x[1:2], [[2.0, 0.5, 0.0]]),
    "ratio": (lambda x: x[:1] / x[1:2], [[0.5, -0.125, 0.0]]),
    "root and log": (
        lambda x: np.array([np.sqrt(x[1]), np.log(x[2])]),
        [[0, 0.5 / np.sqrt(2), 0], [0, 0, 0.25]],
    ),
    "power": (lambda x: x[2:] ** 3, [[0.0, 0.0, 48.0]]),
    "constant": (lambda x: np.ones(1, dtype=x.dtype), [[0.0, 0.0, 0.0]]),
}


@pytest.mark.parametrize(("function", "expected"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_complex_jacobian_is_exact(function, expected):
    found = complex_jacobian(function=function, x=np.array([0.5, 2.0, 4.0]))
    assert_allclose(found, expected, rtol=1e-15, atol=1e-15)


def test_complex_jacobian_leaves_the_point_alone():
    x = np.array([0.5, 2.0])
    complex_jacobian(function=lambda at: at**2, x=x)
    assert x.dtype == float
    assert_allclose(x, [0.5, 2.0])


def test_complex_jacobian_without_parameters():
    found = complex_jacobian(function=lambda x: np.ones(2), x=np.zeros(0))
    assert found.shape == (2, 0)


def test_delta_covariance_of_a_product_is_sobels():
    a, b, va, vb = 0.4, 0.7, 0.01, 0.04
    found = delta_covariance(jacobian=np.array([[b, a]]), vcov=np.diag([va, vb]))
    assert_allclose(found, [[b**2 * va + a**2 * vb]], rtol=1e-15)


def test_standard_errors_away_from_an_optimum_do_not_exist():
    covariance = np.diag([4.0, -1e-20, -1.0])
    settled = standard_errors(covariance=covariance, settled=True)
    assert_allclose(settled, [2.0, 0.0, 0.0])
    stopped = standard_errors(covariance=covariance, settled=False)
    assert_allclose(stopped, [2.0, np.nan, np.nan])
