"""Residuals: definitions that can be written down, and what must hold of any model.

The numbers of lavaan are compared in tests/estimation.
"""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    x = rng.normal(2.0, 1.0, 150)
    m = 0.5 * x + rng.normal(size=150)
    y = 0.4 * m + 0.2 * x + rng.normal(size=150)
    w = 0.3 * y + 0.3 * m + rng.normal(size=150)
    return pd.DataFrame({"x": x, "m": m, "y": y, "w": w})


ONE_DEGREE = {
    "fixed covariate": ("m ~ x\ny ~ m", {}),
    "free covariate": ("m ~ x\ny ~ m", {"fixed_x": False}),
    "two covariates": ("y ~ m + x\nw ~ y + m", {}),
    "means": ("m ~ x\ny ~ m", {"meanstructure": True}),
    "factor": ("f =~ x + m + y + w\nx ~~ m", {}),
}


@pytest.mark.parametrize(("model", "options"), ONE_DEGREE.values(), ids=ONE_DEGREE)
def test_one_degree_of_freedom_leaves_one_size(data, model, options):
    # the residuals then lie on a line, so each is the same multiple of its own error
    fit = kocsem.sem(model, data, **options)
    assert fit.fit_measures["df"] == 1
    z = np.abs(fit.residuals("standardized").to_numpy())
    z = z[np.isfinite(z)]
    assert z.size
    assert_allclose(z, z[0], rtol=1e-6)


def test_a_restricted_mean_has_a_share_in_the_error(data):
    # with an intercept held, covariances are missed in order to reach the mean; the
    # squared mean residual is what bends the line
    z = np.abs(kocsem.sem("y ~ m + x\ny ~ 0*1", data).residuals("standardized"))
    outcome = z["y"].to_numpy()
    assert_allclose(outcome, outcome[0], rtol=0.02)


def test_a_moment_that_must_fit_has_no_standardized_residual(data):
    residuals = kocsem.sem("m ~ x\ny ~ m", data).residuals("standardized")
    assert np.isnan(residuals.loc["x", "x"])
    assert np.isnan(residuals.loc["m", "x"])
    assert np.isfinite(residuals.loc["y", "x"])
