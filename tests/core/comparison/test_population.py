"""Discrepancies from the moments that another model implies."""

import numpy as np
import pandas as pd
import pytest

import kocsem
from kocsem.core.comparison.population import moments_of, population_discrepancy
from sem_cases import HS, central_differences, holzinger


def ordered_answers():
    """Cut four items into categories: x1 into two, the others into three."""
    data = holzinger()[[f"x{i}" for i in range(1, 7)]]
    for name in ("x1", "x2", "x3", "x4"):
        data[name] = pd.qcut(data[name], 2 if name == "x1" else 3, labels=False)
    return data


FITS = {
    "covariances": lambda: kocsem.cfa(HS, holzinger()),
    "means": lambda: kocsem.cfa(f"{HS}\nvisual ~ sex", holzinger(), meanstructure=True),
    "ordered": lambda: kocsem.cfa(
        "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6",
        ordered_answers(),
        ordered=["x1", "x2", "x3", "x4"],
    ),
}


@pytest.fixture(params=FITS, scope="module")
def group(request):
    (found,) = FITS[request.param]().solution.groups
    return found


def test_a_model_reproduces_what_it_implies(group):
    problem = population_discrepancy(
        structure=group.structure,
        source=group.structure,
        implied=group.implied,
        n=301,
    )
    point = problem.at(group.x)
    assert point.discrepancy == pytest.approx(0, abs=1e-12)
    assert np.abs(problem.derivatives(point).gradient).max() < 1e-10
    away = problem.at(group.x * 1.05)
    assert away.discrepancy > 1e-5


def test_moments_are_differentiated(group):
    moments = moments_of(group.structure)
    problem = population_discrepancy(
        structure=group.structure,
        source=group.structure,
        implied=group.implied,
        n=301,
    )
    numeric = central_differences(
        lambda x: moments.vector(problem.at(x).implied), group.x
    )
    analytic = moments.jacobian(group.implied)
    np.testing.assert_allclose(analytic, numeric, atol=1e-7)
