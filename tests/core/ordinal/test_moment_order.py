"""The places of the moments in the stacked vector."""

import numpy as np
import pytest

from kocsem.core.ordinal.moment_order import moment_order


@pytest.mark.parametrize(
    ("levels", "variable", "level"),
    [
        ([2], [0], [1]),
        ([0], [0], [0]),
        ([0, 3, 0, 2], [0, 1, 1, 2, 3], [0, 1, 2, 0, 1]),
        ([4, 4], [0, 0, 0, 1, 1, 1], [1, 2, 3, 1, 2, 3]),
    ],
)
def test_thresholds_and_means_alternate(levels, variable, level):
    order = moment_order(levels=np.array(levels))
    assert order.variable.tolist() == variable
    assert order.level.tolist() == level
    assert [variable.index(j) for j in range(len(levels))] == order.begin.tolist()


def test_variances_follow_and_then_pairs_column_by_column():
    order = moment_order(levels=np.array([0, 3, 0]))
    assert order.continuous.tolist() == [0, 2]
    assert order.owner.tolist() == [0, 1, 1, 2, 0, 2]
    assert order.variance_at.tolist() == [4, -1, 5]
    assert list(zip(order.first, order.second, strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert (order.univariate, order.size) == (6, 9)


def test_covariates_have_no_moments_but_slopes_on_them():
    order = moment_order(levels=np.array([0, 0, 3, 0, 2]), covariates=np.array([1, 3]))
    assert order.variable.tolist() == [0, 2, 2, 4]
    assert order.explained.tolist() == [0, 2, 4]
    assert order.sloped.tolist() == [0, 2, 4, 0, 2, 4]
    assert order.slope_on.tolist() == [0, 0, 0, 1, 1, 1]
    assert order.slope_at.tolist() == [[4, 7], [-1, -1], [5, 8], [-1, -1], [6, 9]]
    assert order.variance_at.tolist() == [10, -1, -1, -1, -1]
    assert list(zip(order.first, order.second, strict=True)) == [(0, 2), (0, 4), (2, 4)]
    assert (order.univariate, order.size) == (11, 14)


def test_thirty_five_point_items_have_555_moments():
    assert moment_order(levels=np.full(30, 5)).size == 120 + 435
