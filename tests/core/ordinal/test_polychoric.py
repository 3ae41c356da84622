"""Polychoric correlations against closed forms and an independent likelihood."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from kocsem.core.ordinal.polychoric import (
    fill_empty_cell,
    polychoric,
    table_correlations,
)
from kocsem.core.ordinal.thresholds import threshold_edges

RHO_ATOL = 1e-9  # rounding of the gradient over its slope
SCIPY_ATOL = 1e-5  # scipy's minimiser sees the likelihood, flat at its top

SQUARE = [[40, 20, 5], [18, 30, 22], [4, 16, 45]]
OBLONG = [[30, 12, 4, 1], [10, 25, 20, 9]]
FALLING = [[1, 3, 14], [2, 12, 6], [17, 4, 0], [9, 1, 0]]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(300)
TABLES = (SQUARE, OBLONG, FALLING)

# Eight cases near one diagonal of 200 near the other: a floor under the probability of
# a cell, in place of the probability, would leave a second maximum at -0.97.
OUTLYING = [[1, 4], [4, 163], [4, 1], [21, 2]]


def estimated(table, start=0.0):
    counts = np.array(table, dtype=float)
    return polychoric(
        counts=counts[:, :, None],
        first=threshold_edges(counts=counts.sum(axis=1))[:, None],
        second=threshold_edges(counts=counts.sum(axis=0))[:, None],
        start=np.array([start]),
    )


def loglikelihood(table, rho, shift_first=(), shift_second=()):
    """Sum the logarithms of the probabilities of the cells."""
    table = np.array(table, dtype=float)
    return float(
        (table * np.log(rectangles(table, rho, shift_first, shift_second))).sum()
    )


def rectangles(table, rho, shift_first=(), shift_second=()):
    """Integrate the second variable given the first, over the cells of a table."""
    margins = [
        norm.ppf(np.cumsum(table.sum(axis=axis))[:-1] / table.sum()) for axis in (1, 0)
    ]
    h, k = (
        np.concatenate([[-9.0], m + (np.array(s) if len(s) else 0.0), [9.0]])
        for m, s in zip(margins, (shift_first, shift_second), strict=True)
    )
    width = (h + 9.0)[:, None]
    x = (NODES + 1) / 2 * width - 9.0
    below = norm.cdf((k - rho * x[:, :, None]) / np.sqrt(1 - rho**2))
    grid = ((norm.pdf(x) * WEIGHTS * width / 2)[:, :, None] * below).sum(axis=1)
    return np.diff(np.diff(grid, axis=0), axis=1)


@pytest.mark.parametrize(
    ("agree", "differ"), [(2, 1), (30, 11), (1, 40), (25, 25), (7, 2)]
)
def test_median_splits_have_a_closed_form(agree, differ):
    # Brown and Benedetti (1977), equation 2
    found = estimated([[agree, differ], [differ, agree]]).rho[0]
    share = agree / (2 * (agree + differ))
    assert found == pytest.approx(-np.cos(2 * np.pi * share), abs=RHO_ATOL)


@pytest.mark.parametrize("table", [[[8, 12], [20, 30]], [[2, 4, 6], [3, 6, 9]]])
def test_independent_margins_are_uncorrelated(table):
    assert estimated(table, start=0.4).rho[0] == pytest.approx(0.0, abs=RHO_ATOL)


@pytest.mark.parametrize("table", TABLES)
def test_maximises_an_independent_likelihood(table):
    best = minimize_scalar(
        lambda rho: -loglikelihood(table, rho),
        bounds=(-0.98, 0.98),
        method="bounded",
        options={"xatol": 1e-8},
    )
    assert estimated(table).rho[0] == pytest.approx(best.x, abs=SCIPY_ATOL)


@pytest.mark.parametrize("table", [*TABLES, OUTLYING])
@pytest.mark.parametrize("start", [-0.9, 0.3, 0.9, 5.0])
def test_the_start_does_not_matter(table, start):
    found = estimated(table, start=start).rho[0]
    assert found == pytest.approx(estimated(table).rho[0], abs=RHO_ATOL)


@pytest.mark.parametrize("table", TABLES)
def test_reversed_categories_change_the_sign(table):
    turned = [row[::-1] for row in table]
    found, other = estimated(table), estimated(turned)
    assert other.rho[0] == pytest.approx(-found.rho[0], abs=RHO_ATOL)
    np.testing.assert_allclose(other.score, -found.score[:, ::-1], 1e-6, 1e-9)


@pytest.mark.parametrize("table", TABLES)
def test_transposed_tables_swap_the_parts(table):
    found, other = estimated(table), estimated(np.transpose(table))
    assert other.rho[0] == pytest.approx(found.rho[0], abs=RHO_ATOL)
    np.testing.assert_allclose(other.cross_first, found.cross_second, rtol=1e-8)


@pytest.mark.parametrize("table", TABLES)
def test_scores_are_derivatives_of_the_likelihood(table):
    found = estimated(table)
    rho, step = found.rho[0], 1e-5
    counts = np.array(table, dtype=float)

    def slope(shifts):
        up, down = (
            np.log(rectangles(counts, rho + s * r, s * a, s * b))
            for s in (step, -step)
            for r, a, b in [shifts]
        )
        return (up - down) / (2 * step)

    K, L = counts.shape
    none = np.zeros(K - 1), np.zeros(L - 1)
    score = slope((1.0, *none))
    np.testing.assert_allclose(found.score[:, :, 0], score, rtol=1e-6, atol=1e-6)
    for a in range(K - 1):
        by_first = slope((0.0, np.eye(K - 1)[a], none[1]))
        expected = (counts * score * by_first).sum()
        assert found.cross_first[a, 0] == pytest.approx(expected, rel=1e-5, abs=1e-5)
    for b in range(L - 1):
        by_second = slope((0.0, none[0], np.eye(L - 1)[b]))
        expected = (counts * score * by_second).sum()
        assert found.cross_second[b, 0] == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(
    ("table", "filled"),
    [
        ([[0, 4], [6, 9]], [[0.5, 3.5], [5.5, 9.5]]),
        ([[5, 4], [6, 0]], [[5.5, 3.5], [5.5, 0.5]]),
        ([[5, 0], [6, 3]], [[4.5, 0.5], [6.5, 2.5]]),
        ([[5, 2], [0, 3]], [[4.5, 2.5], [0.5, 2.5]]),
        ([[5, 2], [1, 3]], [[5, 2], [1, 3]]),
        ([[5, 0], [0, 3]], [[5, 0], [0, 3]]),
        ([[5, 0, 1], [2, 1, 3]], [[5, 0, 1], [2, 1, 3]]),
    ],
)
def test_one_half_goes_into_a_single_empty_cell(table, filled):
    found = fill_empty_cell(counts=np.array(table, dtype=float)[:, :, None])
    assert found[:, :, 0].tolist() == filled


@pytest.mark.parametrize(
    ("table", "rho"), [([[5, 0], [0, 3]], 1.0), ([[0, 5], [3, 0]], -1.0)]
)
def test_two_empty_cells_are_a_perfect_correlation(table, rho):
    found = estimated(table)
    assert found.rho[0] == rho
    assert found.boundary[0]
    assert found.empty[0]


@pytest.mark.parametrize(
    "table",
    [
        [[9, 0, 0], [0, 4, 0], [0, 0, 7]],
        [[31, 0], [28, 0], [85, 0], [35, 21]],
        [[2, 3, 0, 0, 0], [0, 8, 1, 1, 5]],
        [[1, 6], [0, 1], [0, 1], [0, 11]],
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_staircase_has_no_maximum_inside(table, sign):
    found = estimated([row[::sign] for row in table])
    assert found.boundary[0]
    assert found.rho[0] == pytest.approx(sign * 0.9999, abs=1e-12)


@pytest.mark.parametrize(("table", "empty"), [(SQUARE, False), (FALLING, True)])
def test_empty_cells_are_told(table, empty):
    assert estimated(table).empty.tolist() == [empty]


def test_outlying_cases_leave_one_maximum():
    assert estimated(OUTLYING).rho[0] == pytest.approx(-0.780228, abs=1e-6)  # lavaan


@pytest.mark.parametrize("table", TABLES)
def test_codes_correlate_as_if_listed(table):
    counts = np.array(table)
    first, second = np.indices(counts.shape).reshape(2, -1)
    listed = np.repeat([first, second], counts.ravel(), axis=1)
    found = table_correlations(counts=counts[:, :, None].astype(float))
    assert found[0] == pytest.approx(np.corrcoef(listed)[0, 1], abs=1e-14)


def test_codes_that_do_not_vary_are_not_correlated():
    table = np.array([[3.0, 4.0], [0.0, 0.0]])[:, :, None]
    assert table_correlations(counts=table).tolist() == [0.0]
