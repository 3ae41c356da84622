"""Probabilities of cells against direct integration, however small they are."""

import numpy as np
import pytest
from scipy.special import log_ndtr, logsumexp

from kocsem.core.ordinal.cell_probabilities import FLOOR, SUNK, cell_probabilities
from kocsem.core.ordinal.thresholds import EDGE

CELL_RTOL = 1e-8
NODES, WEIGHTS = np.polynomial.legendre.leggauss(1000)


def integrated(a, b, c, d, rho):
    """Integrate the conditional probability over (a, b), in logarithms throughout."""
    a, b = max(a, -12.0), min(b, 12.0)
    x = (a + b) / 2 + (b - a) / 2 * NODES
    upper, lower = ((edge - rho * x) / np.sqrt(1 - rho**2) for edge in (d, c))
    mirrored = upper + lower > 0
    more = log_ndtr(np.where(mirrored, -lower, upper))
    less = log_ndtr(np.where(mirrored, -upper, lower))
    inside = more + np.log1p(-np.exp(less - more))
    return np.exp(
        logsumexp(inside - x**2 / 2 + np.log(WEIGHTS * (b - a) / 2))
    ) / np.sqrt(2 * np.pi)


@pytest.mark.parametrize("rho", [-0.99, -0.8, -0.6, 0.0, 0.55, 0.9, 0.97, 0.99])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([-1.0, 0.0, 1.5], [-2.0, -0.5, 0.8, 2.2]),
        ([0.3], [-0.4]),
        ([-2.5, -2.4, 2.0], [1.0, 1.01]),
    ],
)
def test_seen_cells_are_exact_to_the_smallest(first, second, rho):
    first, second = ([-EDGE, *inner, EDGE] for inner in (first, second))
    shape = (len(first) - 1, len(second) - 1)
    found = cell_probabilities(
        counts=np.ones((*shape, 1)),
        first=np.array([first]).T,
        second=np.array([second]).T,
        rho=np.array([rho]),
    )[:, :, 0]
    expected = np.array(
        [
            [
                integrated(*first[i : i + 2], *second[j : j + 2], rho)
                for j in range(shape[1])
            ]
            for i in range(shape[0])
        ]
    )
    np.testing.assert_allclose(found, np.maximum(expected, SUNK), rtol=CELL_RTOL)
    assert found.sum() == pytest.approx(1.0, abs=1e-13)


def test_unseen_cells_keep_the_floor():
    counts = np.array([[3.0, 0.0], [0.0, 3.0]])
    found = cell_probabilities(
        counts=counts[:, :, None],
        first=np.array([[-EDGE], [-2.0], [EDGE]]),
        second=np.array([[-EDGE], [2.0], [EDGE]]),
        rho=np.array([0.995]),
    )[:, :, 0]
    assert found[1, 0] > 0.9
    assert found[0, 1] == FLOOR


def test_tables_do_not_disturb_each_other():
    edges = np.array([[-EDGE, -1.0, 0.5, EDGE], [-EDGE, 0.0, 2.0, EDGE]]).T
    rho = np.array([0.98, -0.9])
    counts = np.ones((3, 3, 2))
    together = cell_probabilities(
        counts=counts, first=edges, second=edges[:, ::-1], rho=rho
    )
    for i in range(2):
        alone = cell_probabilities(
            counts=counts[:, :, [i]],
            first=edges[:, [i]],
            second=edges[:, [1 - i]],
            rho=rho[[i]],
        )
        np.testing.assert_allclose(together[:, :, i], alone[:, :, 0], rtol=1e-12)
