"""Observed information against differences of the score."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.maximum_likelihood import expected_information, score
from kocsem.core.moments import SampleMoments
from kocsem.core.observed import observed_information
from sem_cases import MODELS, Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL


def observed(problem, x, moments=None):
    return observed_information(
        structure=problem.structure,
        point=problem.at(x),
        moments=moments or problem.moments,
        at=problem.tangents(x),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", MODELS)
def test_against_differences_of_the_score(name, seed):
    problem = Problem(name, seed)
    x = problem.draw()
    slope = central_differences(
        lambda at: score(
            structure=problem.structure,
            point=problem.at(at),
            moments=problem.moments,
            at=problem.tangents(at),
        ),
        x,
    )
    assert_allclose(observed(problem, x), slope, rtol=DERIVATIVE_RTOL, atol=1e-7)


@pytest.mark.parametrize("name", MODELS)
def test_symmetric(name):
    problem = Problem(name)
    found = observed(problem, problem.draw())
    assert_allclose(found, found.T, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("name", MODELS)
def test_equals_the_expected_one_where_the_model_fits(name):
    problem = Problem(name)
    x = problem.draw()
    point = problem.at(x)
    perfect = SampleMoments(S=point.implied.Sigma, ybar=point.implied.mu, n=10)
    expected = expected_information(
        structure=problem.structure, W=point.W, at=problem.tangents(x)
    )
    assert_allclose(observed(problem, x, perfect), expected, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("name", ["cfa", "path", "latent means", "second order"])
def test_differs_from_the_expected_one_where_it_does_not(name):
    problem = Problem(name)
    x = problem.draw()
    expected = expected_information(
        structure=problem.structure, W=problem.at(x).W, at=problem.tangents(x)
    )
    assert np.abs(observed(problem, x) - expected).max() > 0.01
