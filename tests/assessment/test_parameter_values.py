"""Parameters and moments at many vectors: the fit's own, and finite differences."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.assessment.parameter_values import ParameterValues
from kocsem.core.effects import batch_jacobian
from moderation_cases import made
from reference.lavaan import fitted
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

FITS = (
    *("hs_cfa_ml", "hs_cfa_ml_means", "pd_sem_ml_equal_defined", "hs_second_order_ml"),
    *("hs_covariates_fixedx", "extra_mimic_means", "extra_latent_means"),
    *("extra_nonrecursive", "extra_second_order"),
)


@pytest.mark.parametrize("case", FITS)
def test_implied_moments_are_those_of_the_fit(case):
    fit = fitted(case)
    values = ParameterValues(fit)
    (implied,) = values.covariances(values.x, fit.observed)
    assert_allclose(implied, fit.implied.cov, atol=IDENTITY_ATOL, rtol=1e-10)
    assert_allclose(values.means[list(fit.observed)], fit.implied.mean, rtol=1e-10)
    (latent,) = values.covariances(values.x, fit.latents)
    sd = np.sqrt(np.diag(latent))
    assert_allclose(latent / np.outer(sd, sd), fit.latent_correlations, atol=1e-10)
    assert_allclose(values.deviations[list(fit.latents)], sd, rtol=1e-12)


def test_every_parameter_at_other_values():
    fit = made("three_way_residual").fit
    values = ParameterValues(fit)
    X = np.random.default_rng(1).normal(size=(3, values.x.size))
    for row in fit.table:
        key = (row.lhs, row.op, row.rhs)
        assert key in values
        expected = X[:, row.free - 1] if row.free else np.full(3, row.fixed or 0.0)
        assert_allclose(values.at(X, key), expected)
    assert ("PI", "~", "nobody") not in values


def test_derivatives_of_covariances():
    fit = made("both_stages").fit
    values = ParameterValues(fit)
    x = fit.solution.x

    def chosen(X):
        return values.covariances(X, ["PI", "CA.OC"])[:, 0]

    analytic = batch_jacobian(function=chosen, x=x)
    step = 1e-6
    moved = [chosen(x + sign * step * np.eye(x.size)) for sign in (1, -1)]
    numeric = (moved[0] - moved[1]).T / (2 * step)
    assert_allclose(analytic, numeric, rtol=DERIVATIVE_RTOL, atol=1e-8)


def test_latent_means_follow_from_the_paths():
    rng = np.random.default_rng(2)
    f = rng.normal(1, 1, size=900)
    g = 0.5 * f + rng.normal(3, 1, size=900)
    data = pd.DataFrame(
        {
            f"{k}{i}": v + rng.normal(size=900)
            for k, v in {"f": f, "g": g}.items()
            for i in "123"
        }
    )
    text = "f =~ f1 + f2 + f3\ng =~ g1 + g2 + g3\ng ~ f\nf1 + g1 ~ 0*1\nf + g ~ NA*1"
    values = ParameterValues(kocsem.sem(text, data))
    # the markers have no intercept, so that factors have their means
    assert_allclose(values.means[["f", "g"]], data[["f1", "g1"]].mean(), atol=1e-8)
