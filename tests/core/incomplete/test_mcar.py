"""Little's test against published values, lavaan's moments and a closed form."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from kocsem.core.incomplete.mcar import little_mcar
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.incomplete.saturated import saturated_moments
from missing_cases import ITEMS, REFERENCE, answers, holed, lavaan


def little(Y):
    return little_mcar(saturated=saturated_moments(patterns=missing_patterns(Y=Y)))


def test_air_quality_as_published():
    # the example in the documentation of naniar::mcar_test
    found = little(pd.read_csv(REFERENCE / "data" / "airquality.csv").to_numpy(float))
    assert round(found.chisq, 1) == 35.1
    assert found.df == 14
    assert round(found.pvalue, 5) == 0.00142


def test_from_lavaans_moments():
    given = lavaan("saturated")
    found = little(answers(*ITEMS).to_numpy())
    assert_allclose(found.chisq, given["little_chisq"], rtol=1e-8)
    assert found.df == given["little_df"]
    assert_allclose(found.pvalue, given["little_pvalue"], rtol=1e-6)


def test_holes_in_one_of_two_variables():
    # With y2 missing for the first m cases, d squared compares the means of y1:
    # m (n - m) / n (ybar_a - ybar_b)^2 / s^2, on one degree of freedom.
    rng = np.random.default_rng(2)
    Y = rng.normal(size=(50, 2)) + rng.normal(size=(50, 1))
    Y[:18, 1] = np.nan
    gap = Y[:18, 0].mean() - Y[18:, 0].mean()
    chisq = 18 * 32 / 50 * gap**2 / Y[:, 0].var()
    found = little(Y)
    assert_allclose(found.chisq, chisq, rtol=1e-8)
    assert found.df == 1
    assert_allclose(found.pvalue, chi2.sf(chisq, 1), rtol=1e-7)


@pytest.mark.parametrize("leading", [0, 3])
def test_a_single_pattern_leaves_nothing_to_test(leading):
    Y = holed("nothing missing")
    Y[:leading] = np.nan
    found = little(Y)
    assert found.df == 0
    assert_allclose(found.chisq, 0.0, atol=1e-18)
    assert np.isnan(found.pvalue)


def test_order_and_scale_play_no_part():
    Y = holed("few holes")
    found = little(Y)
    other = little(Y[::-1, ::-1] * [10.0, 0.1, 3.0] + 5.0)
    assert_allclose(other.chisq, found.chisq, rtol=1e-8)
    assert other.df == found.df


def test_holes_that_depend_on_the_answers_are_found():
    rng = np.random.default_rng(6)
    Y = rng.normal(size=(300, 3)) + rng.normal(size=(300, 1))
    Y[np.argsort(Y[:, 0])[:100], 2] = np.nan
    assert little(Y).pvalue < 1e-12


def test_holes_by_chance_are_rejected_one_time_in_twenty():
    rng = np.random.default_rng(6)
    rejected = 0
    for _ in range(200):
        Y = rng.normal(size=(200, 3)) + rng.normal(size=(200, 1))
        Y[rng.permutation(200)[:70], 2] = np.nan
        rejected += little(Y).pvalue < 0.05
    assert 2 <= rejected <= 21  # 99.9 % of the binomial distribution
