"""The baseline model by closed forms."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.moments import SampleMoments
from kocsem.core.structure import fill, implied_moments
from missing_cases import somewhere

MU, SIGMA = somewhere(4)
MOMENTS = SampleMoments(S=SIGMA, ybar=MU, n=50)


def implied(given, covariates, means):
    structure = independence_structure(
        moments=MOMENTS,
        given=np.isin(np.arange(4), given),
        covariates=np.isin(np.arange(4), covariates),
        means=means,
    )
    x = independence_estimates(structure=structure, moments=MOMENTS)
    return structure, implied_moments(matrices=fill(structure=structure, x=x))


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize(
    ("given", "covariates", "free"),
    [
        ([], [], 4),
        ([2, 3], [2, 3], 2),
        ([], [2, 3], 5),
        ([1], [1], 3),
        ([], [0, 1, 3], 7),
        ([3], [1, 3], 4),
    ],
)
def test_moments_of_the_baseline(given, covariates, free, means):
    structure, found = implied(given, covariates, means)
    together = np.isin(np.arange(4), covariates)
    wanted = np.where(np.outer(together, together) | np.eye(4, dtype=bool), SIGMA, 0.0)
    assert_allclose(found.Sigma, wanted, rtol=1e-14)
    assert structure.k == free + (4 - len(given) if means else 0)
    assert structure.means == means
    if means:
        assert_array_equal(found.mu, MU)
