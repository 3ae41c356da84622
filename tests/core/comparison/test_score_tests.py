"""Score tests where they are exact: a discrepancy that is quadratic."""

import numpy as np
import pytest
import scipy.linalg
from numpy.testing import assert_allclose

from kocsem.core.comparison.score_tests import Slope, released_directions, score_test
from tolerances import IDENTITY_ATOL

N = 250.0


class Quadratic:
    """Half a discrepancy (x - b)'I(x - b) / 2, minimised where R x = 0."""

    def __init__(self, seed=0, k=6, constraints=3):
        rng = np.random.default_rng(seed)
        root = rng.normal(size=(k, 2 * k))
        self.information = root @ root.T / k
        self.best, self.R = rng.normal(size=k), rng.normal(size=(constraints, k))
        self.rng = rng

    def optimum(self, R):
        """Return the smallest half discrepancy where R x = 0, and where it is."""
        K = scipy.linalg.null_space(R) if R.size else np.eye(self.best.size)
        gap = K.T @ self.information @ self.best
        x = K @ np.linalg.solve(K.T @ self.information @ K, gap)
        away = x - self.best
        return float(away @ self.information @ away) / 2, x

    def slope(self, meat=None):
        _, x = self.optimum(self.R)
        return Slope(
            gradient=self.information @ (x - self.best),
            expected=self.information,
            information=self.information,
            meat=meat,
            K=scipy.linalg.null_space(self.R),
            n=N,
        )


RELEASED = [[1, 1, 1], [1, 0, 0], [0, 1, 1], [0, 0, 1]]


@pytest.mark.parametrize("released", RELEASED)
@pytest.mark.parametrize("seed", range(3))
def test_the_score_test_is_the_fall_of_a_quadratic_discrepancy(seed, released):
    problem, released = Quadratic(seed), np.array(released, dtype=bool)
    before, x = problem.optimum(problem.R)
    after, moved = problem.optimum(problem.R[~released])
    found = score_test(
        problem.slope(),
        directions=released_directions(R=problem.R, released=released),
    )
    assert found.chisq == pytest.approx(N * 2 * (before - after), rel=1e-9)
    assert found.df == released.sum()
    assert_allclose(found.change, moved - x, atol=IDENTITY_ATOL)
    assert found.traces is None
    assert np.isnan(found.generalized)


def test_robust_versions_are_the_plain_one_where_the_meat_is_the_information():
    problem = Quadratic()
    opened = released_directions(R=problem.R, released=np.array([True, False, True]))
    found = score_test(problem.slope(problem.information), directions=opened)
    assert_allclose((found.traces.first, found.traces.second), (2, 2), rtol=1e-9)
    assert found.generalized == pytest.approx(found.chisq, rel=1e-9)


def test_robust_versions_by_dense_matrices():
    """A J A' and A J B J A' of Satorra (2000), all constraints released."""
    problem = Quadratic()
    root = problem.rng.normal(size=(6, 9))
    meat, A = root @ root.T, problem.R
    J = np.linalg.inv(problem.information)
    slope = problem.slope(meat)
    opened = released_directions(R=A, released=np.ones(3, dtype=bool))
    found = score_test(slope, directions=opened)
    UG = A @ J @ meat @ J @ A.T @ np.linalg.inv(A @ J @ A.T)
    assert found.traces.first == pytest.approx(np.trace(UG), rel=1e-9)
    assert found.traces.second == pytest.approx(np.trace(UG @ UG), rel=1e-9)
    v = A @ J @ slope.gradient
    expected = N * v @ np.linalg.solve(A @ J @ meat @ J @ A.T, v)
    assert found.generalized == pytest.approx(expected, rel=1e-9)


def test_a_constraint_that_others_imply_opens_nothing():
    problem = Quadratic()
    problem.R = np.vstack([problem.R, problem.R[0] - problem.R[1]])
    for number, opens in ((0, 0), (2, 1), (3, 0)):
        released = np.arange(4) == number
        opened = released_directions(R=problem.R, released=released)
        found = score_test(problem.slope(), directions=opened)
        assert (opened.shape[1], found.df) == (opens, opens)
        assert (found.chisq > 0) == bool(opens)
    opened = released_directions(R=problem.R, released=np.ones(4, dtype=bool))
    found = score_test(problem.slope(), directions=opened)
    assert found.df == 3
    assert_allclose(found.change, problem.best - problem.optimum(problem.R)[1])


def test_a_direction_without_information_is_no_degree_of_freedom():
    """Only the sum of the last two parameters is identified once they are free."""
    problem = Quadratic(k=4, constraints=1)
    onto = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1]])
    small = problem.information[:3, :3]
    problem.information = onto.T @ small @ onto
    problem.R = np.array([[0.0, 1.0, 0, 0], [0.0, 0, 1.0, -1.0]])
    slope = problem.slope()
    opened = released_directions(R=problem.R, released=np.ones(2, dtype=bool))
    found = score_test(slope, directions=opened)
    alone = score_test(slope, directions=opened[:, :1])
    assert found.df == alone.df == 1
    assert found.chisq == pytest.approx(alone.chisq, rel=1e-9)
    assert_allclose(found.change[:2], alone.change[:2], atol=IDENTITY_ATOL)
    assert np.isnan(found.change[2:]).all()


def test_there_is_no_test_by_information_that_is_not_positive():
    problem = Quadratic()
    slope = problem.slope(problem.information)
    away = Slope(
        gradient=slope.gradient,
        expected=slope.expected,
        information=slope.information - 9 * problem.R.T @ problem.R,
        meat=slope.meat,
        K=slope.K,
        n=slope.n,
    )
    opened = released_directions(R=problem.R, released=np.ones(3, dtype=bool))
    found = score_test(away, directions=opened)
    assert np.isnan((found.chisq, found.generalized, *found.change)).all()
    assert found.df == 3
