"""Thresholds from margins, and their casewise scores."""

import numpy as np
import pytest
from scipy.stats import norm

from kocsem.core.ordinal.thresholds import (
    EDGE,
    normal_density,
    threshold_edges,
    threshold_scores,
)

MARGINS = ([5.0, 5.0], [1.0, 2.0, 7.0], [30.0, 1.0, 4.0, 4.0, 61.0])


@pytest.mark.parametrize("counts", MARGINS)
def test_edges_cut_the_normal_curve_into_the_proportions(counts):
    counts = np.array(counts)
    edges = threshold_edges(counts=counts)
    assert edges[0] == -EDGE
    assert edges[-1] == EDGE
    np.testing.assert_allclose(np.diff(norm.cdf(edges)), counts / counts.sum(), 1e-12)


@pytest.mark.parametrize("counts", MARGINS)
def test_reversed_categories_change_the_signs(counts):
    counts = np.array(counts)
    np.testing.assert_allclose(
        threshold_edges(counts=counts[::-1]),
        -threshold_edges(counts=counts)[::-1],
        rtol=1e-12,
        atol=1e-15,
    )


@pytest.mark.parametrize("counts", MARGINS)
def test_scores_are_derivatives_of_the_loglikelihood(counts):
    counts = np.array(counts)
    codes = np.repeat(np.arange(counts.size), counts.astype(int))
    edges = threshold_edges(counts=counts)
    found = threshold_scores(codes=codes, counts=counts, edges=edges)
    step = 1e-6
    for a in range(counts.size - 1):
        shift = np.zeros(edges.size)
        shift[a + 1] = step
        up, down = (
            np.log(np.diff(norm.cdf(edges + s)))[codes] for s in (shift, -shift)
        )
        np.testing.assert_allclose(found[a], (up - down) / (2 * step), 1e-6, 1e-8)
    np.testing.assert_allclose(found.sum(axis=1), 0.0, atol=1e-10)


def test_normal_density():
    x = np.array([-1000.0, -1.5, 0.0, 40.0])
    np.testing.assert_allclose(normal_density(x), norm.pdf(x), rtol=1e-13)
