"""Sample moments against numpy, and covariances against the data behind them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.moments import moments_from_covariance, sample_moments


def drawn(n=40, p=4, scale=1.0, shift=0.0):
    rng = np.random.default_rng(2)
    return shift + scale * (rng.normal(size=(n, p)) @ rng.normal(size=(p, p)))


@pytest.mark.parametrize(("scale", "shift"), [(1, 0), (1e3, 5), (1e-3, 5), (1, 1e6)])
def test_divisor_is_n(scale, shift):
    Y = drawn(scale=scale, shift=shift)
    found = sample_moments(Y=Y)
    assert_allclose(found.S, np.cov(Y.T, bias=True), rtol=1e-9, atol=1e-12 * scale**2)
    assert_allclose(found.ybar, np.mean(Y, axis=0), rtol=1e-14)
    assert found.n == 40


def test_by_hand():
    found = sample_moments(Y=np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 8.0]]))
    assert_allclose(found.S, [[8 / 3, 4.0], [4.0, 8.0]], rtol=1e-15)
    assert_allclose(found.ybar, [3.0, 4.0], rtol=1e-15)


def test_exactly_symmetric():
    S = sample_moments(Y=drawn(p=7)).S
    assert_array_equal(S, S.T)


def test_the_data_are_left_alone():
    Y = drawn()
    before = Y.copy()
    sample_moments(Y=Y)
    assert_array_equal(Y, before)


@pytest.mark.parametrize("layout", ["C", "F"])
def test_memory_order_does_not_matter(layout):
    Y = drawn()
    expected = sample_moments(Y=Y).S
    assert_allclose(sample_moments(Y=np.array(Y, order=layout)).S, expected, rtol=1e-14)


def test_a_covariance_matrix_gives_the_moments_of_its_data():
    Y = drawn()
    raw = sample_moments(Y=Y)
    found = moments_from_covariance(unbiased=np.cov(Y.T), n=40, ybar=Y.mean(axis=0))
    assert_allclose(found.S, raw.S, rtol=1e-12)
    assert_allclose(found.ybar, raw.ybar, rtol=1e-14)
    assert found.n == raw.n


def test_unknown_means_are_zeros():
    found = moments_from_covariance(unbiased=np.eye(3), n=10)
    assert_array_equal(found.ybar, np.zeros(3))
    assert_allclose(found.S, 0.9 * np.eye(3), rtol=1e-15)


def test_rounded_triangles_are_averaged():
    printed = np.array([[1.0, 0.30], [0.32, 1.0]])
    assert_allclose(
        moments_from_covariance(unbiased=printed, n=100).S,
        0.99 * np.array([[1.0, 0.31], [0.31, 1.0]]),
        rtol=1e-14,
    )
