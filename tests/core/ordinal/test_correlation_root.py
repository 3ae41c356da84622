"""The safeguarded Newton search for many correlations at once."""

import numpy as np
import pytest

from kocsem.core.ordinal.correlation_root import LIMIT, at_limit, correlation_root

ROOT_ATOL = 1e-12


def parabola(centre):
    return lambda rho, rows: (centre[rows] - rho, -np.ones_like(rho))


def bell(centre):
    # gradient of exp(-50 (rho - c)^2): convex away from the top, where Newton fails
    def derivatives(rho, rows):
        gap = rho - centre[rows]
        top = np.exp(-50 * gap**2)
        return -100 * gap * top, (10000 * gap**2 - 100) * top

    return derivatives


@pytest.mark.parametrize("shape", [parabola, bell])
@pytest.mark.parametrize("start", [-5.0, -0.9, 0.0, 0.63, 1.0])
def test_finds_every_maximum(shape, start):
    centre = np.array([-0.95, -0.2, 0.0, 0.5, 0.8])
    found = correlation_root(
        derivatives=shape(centre), start=np.full(centre.size, start)
    )
    np.testing.assert_allclose(found, centre, atol=ROOT_ATOL)
    assert not at_limit(rho=found, information=np.ones(5)).any()


def test_ends_at_the_limit_where_the_likelihood_still_rises():
    found = correlation_root(
        derivatives=parabola(np.array([-2.0, 0.1, 1.5])), start=np.zeros(3)
    )
    told = at_limit(rho=found, information=np.ones(3))
    assert told.tolist() == [True, False, True]
    np.testing.assert_allclose(found[[0, 2]], [-LIMIT, LIMIT], atol=1e-9)


def test_no_problem_has_no_answer():
    found = correlation_root(derivatives=parabola(np.zeros(0)), start=np.zeros(0))
    assert found.shape == (0,)


def test_a_likelihood_that_has_levelled_out_has_no_maximum():
    rho, information = np.array([0.97, 0.97]), np.array([1e-20, 0.5])
    assert at_limit(rho=rho, information=information).tolist() == [True, False]
