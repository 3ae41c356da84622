"""Distances against R's mahalanobis(), a closed form and their definition."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.incomplete.distances import long_distances, squared_distances
from screening_cases import simulated


def complete_moments(Y):
    whole = Y[~np.isnan(Y).any(axis=1)]
    return {"mu": whole.mean(axis=0), "Sigma": np.cov(whole.T)}


def test_every_row_as_in_r():
    frame, given = simulated()
    Y = frame.to_numpy(float)
    moments = complete_moments(Y)
    assert_allclose(moments["mu"], given["mean"], rtol=1e-12)
    assert_allclose(squared_distances(Y=Y, **moments), given["d2"], rtol=1e-10)


def test_rows_beyond_the_limit_as_in_r():
    frame, given = simulated()
    Y = frame.to_numpy(float)
    limits = np.array(given["limit"])[np.array(given["told"]) - 1]
    found = long_distances(Y=Y, limits=limits, **complete_moments(Y))
    beyond = np.flatnonzero(~np.isnan(found))
    assert (beyond + 1).tolist() == given["beyond"]
    assert_allclose(found[beyond], np.array(given["d2"])[beyond], rtol=1e-10)


def test_uncorrelated_variables():
    Y = np.array([[1.0, 2.0, 3.0], [1.0, np.nan, 3.0], [np.nan, np.nan, 3.0]])
    found = squared_distances(Y=Y, mu=np.zeros(3), Sigma=np.diag([1.0, 4.0, 9.0]))
    assert_allclose(found, [3.0, 2.0, 1.0])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_means_in_the_holes_miss_nobody(share):
    # the shortcut of long_distances: whoever is beyond is found, whatever the holes
    rng = np.random.default_rng(4)
    root = rng.normal(size=(7, 7))
    Y = rng.standard_t(4, size=(400, 7)) @ root
    Y[rng.random(Y.shape) < share] = np.nan
    given = {"mu": np.full(7, 0.3), "Sigma": root.T @ root}
    whole = squared_distances(Y=Y, **given)
    for limit in (5.0, 12.0, 30.0):
        found = long_distances(Y=Y, limits=np.full(400, limit), **given)
        with np.errstate(invalid="ignore"):
            assert_allclose(found, np.where(whole > limit, whole, np.nan), rtol=1e-9)


def test_a_row_without_answers_has_no_distance():
    Y = np.array([[np.nan, np.nan], [9.0, 9.0]])
    given = {"mu": np.zeros(2), "Sigma": np.eye(2)}
    assert np.isnan(squared_distances(Y=Y, **given)).tolist() == [True, False]
    assert_allclose(long_distances(Y=Y, limits=np.ones(2), **given), [np.nan, 162.0])


def test_a_singular_covariance_matrix_is_refused():
    with pytest.raises(np.linalg.LinAlgError):
        squared_distances(Y=np.ones((2, 2)), mu=np.zeros(2), Sigma=np.ones((2, 2)))
