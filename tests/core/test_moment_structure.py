"""Stacked moments of continuous items against their own differences."""

import numpy as np
import pytest

from kocsem.core.inference import complex_jacobian
from kocsem.core.moment_structure import CovarianceStructure
from kocsem.core.structure import fill, implied_moments
from sem_cases import MODELS, Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL


def implied_at(structure, x):
    return implied_moments(matrices=fill(structure=structure, x=x))


@pytest.mark.parametrize("name", MODELS)
def test_jacobian_against_the_complex_step(name):
    problem = Problem(name)
    moments, x = CovarianceStructure(problem.structure), problem.draw()
    expected = complex_jacobian(
        function=lambda at: moments.vector(implied_at(problem.structure, at)), x=x
    )
    found = moments.jacobian(implied_at(problem.structure, x))
    np.testing.assert_allclose(found, expected, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("name", MODELS)
def test_bend_against_differences_of_the_gradient(name):
    problem = Problem(name)
    moments, x = CovarianceStructure(problem.structure), problem.draw()
    q = moments.sample(problem.moments).size
    pull = np.random.default_rng(3).normal(size=q)

    def gradient(at):
        return moments.jacobian(implied_at(problem.structure, at)).T @ pull

    np.testing.assert_allclose(
        moments.bend(implied_at(problem.structure, x), pull),
        central_differences(gradient, x),
        rtol=DERIVATIVE_RTOL,
        atol=1e-7,
    )


@pytest.mark.parametrize("name", ["cfa", "means"])
def test_the_sample_is_stacked_like_the_model(name):
    problem = Problem(name)
    moments, means = CovarianceStructure(problem.structure), problem.structure.means
    p = problem.moments.ybar.size
    found = moments.sample(problem.moments)
    assert found.size == p * (p + 1) // 2 + (p if means else 0)
    assert found[-1] == problem.moments.S[-1, -1]
    assert found[0] == (problem.moments.ybar[0] if means else problem.moments.S[0, 0])
