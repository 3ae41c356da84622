"""Effects of products: lavaan's implied covariances, least squares."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.assessment.interaction_effects import interaction_effects
from kocsem.assessment.moderation import moderation
from kocsem.results.intervals import Interval
from moderation_cases import answers, made, reference
from tolerances import ESTIMATE_ATOL


def lavaans_covariances():
    held = reference("matched_double")["lv"]
    return pd.DataFrame(held["cov"], index=held["names"])[held["names"]]


def test_effects_of_a_latent_product_by_lavaans_numbers():
    (row,) = interaction_effects(made("matched_double")).itertuples()
    expected = next(
        p
        for p in reference("matched_double")["parameters"]
        if (p["lhs"], p["rhs"]) == ("PI", "TR.OC")
    )
    assert row.est == pytest.approx(expected["est"], abs=ESTIMATE_ATOL)
    assert row.se == pytest.approx(expected["se"], abs=ESTIMATE_ATOL)
    cov = lavaans_covariances()
    sd = np.sqrt(np.diag(cov))
    assert row.std == pytest.approx(
        expected["est"] * sd[0] * sd[1] / sd[3], abs=ESTIMATE_ATOL
    )

    def explained(*predictors):
        names = list(predictors)
        with_outcome = cov.loc[names, "PI"]
        return with_outcome @ np.linalg.solve(cov.loc[names, names], with_outcome)

    gain = explained("TR", "OC", "TR.OC") - explained("TR", "OC")
    assert row.delta_rsquare == pytest.approx(
        gain / cov.loc["PI", "PI"], abs=ESTIMATE_ATOL
    )


def test_effects_do_not_depend_on_the_scale_of_factors():
    columns = ["std", "delta_rsquare"]
    marker, unit = (
        interaction_effects(made(case))[columns].to_numpy()
        for case in ("matched_double", "matched_std_lv")
    )
    assert_allclose(marker, unit, rtol=1e-6)


@pytest.mark.parametrize("centring", ["none", "double_mean"])
def test_effects_of_observed_products_by_least_squares(centring):
    data = answers()
    for y, z in (("y", "d"), ("OC1", "TR1")):
        model = moderation(f"{y} ~ w + {z} + w:{z}", data, centring=centring)
        (row,) = interaction_effects(model).itertuples()
        assert (row.outcome, row.product) == (y, f"w:{z}")
        full = np.column_stack([np.ones(420), data["w"], data[z], data["w"] * data[z]])
        least, most = (
            1
            - np.linalg.lstsq(X, data[y], rcond=None)[1][0] / 420 / data[y].var(ddof=0)
            for X in (full[:, :3], full)
        )
        assert row.delta_rsquare == pytest.approx(most - least, rel=1e-6)
        b = np.linalg.lstsq(full, data[y], rcond=None)[0][3]
        assert row.est == pytest.approx(b, rel=1e-8)
        sd = data[["w", y, z]].std(ddof=0)
        ratio = sd["w"] * sd[z] / sd[y]
        assert row.std == pytest.approx(b * ratio, rel=1e-6)


def test_a_product_fixed_at_zero_explains_nothing():
    (row,) = interaction_effects(
        moderation("y ~ w + d + 0*w:d", answers())
    ).itertuples()
    assert (row.est, row.se, row.std, row.delta_rsquare) == (0, 0, 0, 0)
    assert np.isnan([row.z, row.pvalue]).all()


def test_limits_can_be_those_of_draws():
    drawn, delta = (
        interaction_effects(made("matched_std_lv"), interval)
        for interval in (Interval("monte_carlo"), None)
    )
    limits = ["ci_lower", "ci_upper"]
    assert_allclose(drawn[limits], delta[limits], atol=0.02)
    assert (drawn[limits] != delta[limits]).all(axis=None)
