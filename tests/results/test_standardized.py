"""The standardised solution: definitions, scale, and parameters that share a label."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.core.inference import delta_covariance
from kocsem.results.standardized import standardized_function

MODEL = "f =~ a1 + l*a2 + l*a3\ng =~ b1 + b2 + b3\ng ~ p*f + z\ny ~ g\ntwo := p*l"


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    z = rng.normal(size=300)
    f = rng.normal(size=300)
    g = 0.5 * f + 0.4 * z + rng.normal(size=300)
    frame = {"z": z, "y": 0.5 * g + rng.normal(size=300)}
    for name, factor in (("a", f), ("b", g)):
        for i in range(3):
            frame[f"{name}{i + 1}"] = (i + 1) * (factor + rng.normal(size=300))
    return pd.DataFrame(frame)


@pytest.fixture(scope="module")
def fit(data):
    return kocsem.sem(MODEL, data)


def cell(frame, lhs, op, rhs, column):
    found = frame[(frame.lhs == lhs) & (frame.op == op) & (frame.rhs == rhs)]
    assert len(found) == 1
    return found[column].item()


def test_a_definition_takes_the_first_parameter_with_the_label(fit):
    frame = fit.standardized()
    first = cell(frame, "f", "=~", "a2", "est_std")
    assert first != pytest.approx(cell(frame, "f", "=~", "a3", "est_std"), abs=1e-3)
    path = cell(frame, "g", "~", "f", "est_std")
    assert cell(frame, "two", ":=", "p*l", "est_std") == pytest.approx(first * path)
    assert cell(fit.parameters, "two", ":=", "p*l", "std_all") == pytest.approx(
        first * path
    )


@pytest.mark.parametrize("metric", ["std_all", "std_lv"])
def test_parameters_show_the_standardised_solution(fit, metric):
    assert_allclose(
        fit.parameters[metric], fit.standardized(metric)["est_std"], rtol=1e-14
    )


def test_standardised_loading_by_hand(fit, data):
    variance = cell(fit.parameters, "f", "~~", "f", "est")
    total = fit.implied.cov.loc["a2", "a2"]
    expected = cell(fit.parameters, "f", "=~", "a2", "est") * np.sqrt(variance / total)
    assert cell(fit.standardized(), "f", "=~", "a2", "est_std") == pytest.approx(
        expected, rel=1e-12
    )


def test_standardised_path_by_hand(fit, data):
    explained = cell(fit.parameters, "g", "~", "z", "est")
    variance = fit.solution.groups[0].implied.Phi[1, 1]
    expected = explained * data["z"].std(ddof=0) / np.sqrt(variance)
    assert cell(fit.standardized(), "g", "~", "z", "est_std") == pytest.approx(
        expected, rel=1e-12
    )


def test_residual_covariances_become_correlations_of_residuals(data):
    frame = kocsem.sem("f =~ a1 + a2 + a3 + b1 + b2\na1 ~~ a2", data).parameters
    expected = cell(frame, "a1", "~~", "a2", "est") / np.sqrt(
        cell(frame, "a1", "~~", "a1", "est") * cell(frame, "a2", "~~", "a2", "est")
    )
    assert cell(frame, "a1", "~~", "a2", "std_all") == pytest.approx(expected)


def test_standard_errors_are_the_delta_method_by_differences(fit):
    solution, step = fit.solution, 1e-6
    x = solution.x
    function = standardized_function(solution, "std_all")
    step = 1e-6
    slope = np.stack(
        [
            (function(solution.x + step * e) - function(solution.x - step * e))
            / (2 * step)
            for e in np.eye(x.size)
        ],
        axis=1,
    )
    covariance = delta_covariance(jacobian=slope, vcov=solution.vcov)
    expected = np.sqrt(np.maximum(np.diag(covariance), 0))
    assert_allclose(fit.standardized()["se"], expected, atol=1e-7)
