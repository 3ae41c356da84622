"""Sample moments against numpy, and covariances against the data behind them."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.moments import (
    BLOCK_ELEMENTS,
    blocks,
    moments_from_covariance,
    sample_moments,
)


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


@pytest.mark.parametrize("weighted", [False, True])
def test_many_cases_in_blocks(weighted):
    Y = drawn(n=BLOCK_ELEMENTS // 3, p=5, shift=3.0)
    weights = np.random.default_rng(3).integers(1, 4, len(Y)) if weighted else None
    share = None if weights is None else weights.astype(float)
    found = sample_moments(Y=Y, weights=share)
    assert_allclose(found.S, np.cov(Y.T, fweights=weights, bias=True), rtol=1e-11)
    assert_allclose(found.ybar, np.average(Y, axis=0, weights=weights), rtol=1e-12)
    assert found.n == (len(Y) if weights is None else weights.sum())


def test_memory_does_not_grow_with_the_cases():
    Y = drawn(n=4 * BLOCK_ELEMENTS // 5, p=10)
    tracemalloc.start()
    sample_moments(Y=Y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 8 * BLOCK_ELEMENTS < Y.nbytes / 2


@pytest.mark.parametrize(
    ("n", "width"), [(0, 3), (1, 3), (10, BLOCK_ELEMENTS), (7, 2 * BLOCK_ELEMENTS)]
)
def test_blocks_hold_every_case_once(n, width):
    found = list(blocks(n=n, width=width))
    assert_array_equal(np.arange(n), [i for rows in found for i in range(n)[rows]])
    assert all(rows.stop - rows.start <= max(1, 2**20 // width) for rows in found)


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
