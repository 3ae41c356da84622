"""Alpha, composite reliability, AVE against hand-worked and published numbers.

The Holzinger-Swineford and Political Democracy values are those of semTools 0.5-6;
loadings are lavaan's estimates.
"""

import numpy as np
import pandas as pd
import pingouin
import pytest

from kocsem.assessment.reliability import (
    alpha_interval,
    average_variance_extracted,
    composite_reliability,
    cronbach_alpha,
)

HOLZINGER = {
    "visual": [0.7718802, 0.4236006, 0.5811324],
    "textual": [0.8515823, 0.8550654, 0.8380101],
    "speed": [0.5695148, 0.7230442, 0.6650094],
}

# Political Democracy: dem60 =~ y1 + y2 + y3 + y4; y2 ~~ y4, factor variance 1.
DEM60 = [2.32605985731, 2.56765116498, 2.47671367653, 2.60374456894]
DEM60_STD = [0.892866878030, 0.654891913155, 0.759974014287, 0.782595586923]
DEM60_ERRORS = np.diag([1.376, 8.779, 4.487, 4.290])
DEM60_COVARYING = DEM60_ERRORS + np.array(
    [[0, 0, 0, 0], [0, 0, 0, 2.696], [0, 0, 0, 0], [0, 2.696, 0, 0]]
)


@pytest.mark.parametrize(
    ("S", "expected"),
    [
        ([[1, 0.5], [0.5, 1]], 2 / 3),
        ([[2, 0], [0, 3]], 0.0),
        ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 1.0),
        ([[4, 2, 2], [2, 4, 2], [2, 2, 4]], 0.75),
        ([[1, -0.5], [-0.5, 1]], -2.0),
    ],
)
def test_alpha(S, expected):
    assert cronbach_alpha(S) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(("n", "k"), [(12, 2), (50, 4), (300, 7)])
def test_alpha_and_interval_agree_with_pingouin(n, k):
    rng = np.random.Generator(np.random.PCG64(n))
    answers = pd.DataFrame(rng.normal(size=(n, 1)) + rng.normal(size=(n, k)))
    alpha = cronbach_alpha(np.cov(answers.T))
    expected, rounded = pingouin.cronbach_alpha(answers)
    assert alpha == pytest.approx(expected, rel=1e-12)
    assert alpha_interval(alpha=alpha, k=k, n=n) == pytest.approx(rounded, abs=5.1e-4)


@pytest.mark.parametrize(
    ("construct", "cr", "ave"),
    [
        ("visual", 0.6258, 0.3710),
        ("textual", 0.8850, 0.7195),
        ("speed", 0.6914, 0.4298),
    ],
)
def test_holzinger(construct, cr, ave):
    loadings = HOLZINGER[construct]
    assert composite_reliability(loadings) == pytest.approx(cr, abs=5e-5)
    assert average_variance_extracted(loadings) == pytest.approx(ave, abs=5e-5)


@pytest.mark.parametrize(
    ("loadings", "errors", "expected"),
    [
        (DEM60_STD, None, 0.8577),
        (DEM60, DEM60_ERRORS, 0.8401),
        (DEM60, DEM60_COVARYING, 0.8035),
    ],
)
def test_error_covariances_count_twice(loadings, errors, expected):
    assert composite_reliability(loadings, errors) == pytest.approx(expected, abs=5e-5)


def test_uncorrelated_errors_of_standardised_items_change_nothing():
    loadings = np.array([0.9, 0.7, 0.4])
    errors = np.diag(1 - loadings**2)
    expected = composite_reliability(loadings)
    assert composite_reliability(loadings, errors) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("loading", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("k", [2, 3, 10])
def test_equal_loadings_follow_spearman_brown(loading, k):
    ave = average_variance_extracted([loading] * k)
    expected = k * ave / (1 + (k - 1) * ave)
    assert composite_reliability([loading] * k) == pytest.approx(expected, rel=1e-12)
