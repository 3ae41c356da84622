"""Limits from draws: normal theory, percentiles by hand, bad input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.assessment.simple_slopes import simple_slopes
from kocsem.errors import KocsemError
from kocsem.results.intervals import Interval
from moderation_cases import made
from tolerances import IDENTITY_ATOL


def test_limits_of_draws():
    model = made("matched_double")
    delta = simple_slopes(model)
    drawn = simple_slopes(model, interval=Interval("monte_carlo", seed=4))
    again = simple_slopes(model, interval=Interval("monte_carlo", seed=4))
    pd.testing.assert_frame_equal(drawn, again)
    limits = ["ci_lower", "ci_upper"]
    # a slope is linear in the parameters, so that its draws are normal
    assert_allclose(drawn[limits], delta[limits], atol=0.005)
    assert_allclose(drawn["se"], delta["se"], atol=IDENTITY_ATOL)
    names = list(model.fit.table.free_names)
    b, g = names.index("PI~TR"), names.index("PI~TR.OC")
    rng = np.random.default_rng(8)
    draws = model.fit.solution.x + rng.exponential(size=(500, len(names)))
    given = simple_slopes(model, values=[0.5], interval=draws)
    expected = np.quantile(draws[:, b] + 0.5 * draws[:, g], [0.025, 0.975])
    assert_allclose(given[limits].iloc[0], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("draws", "message"),
    [
        ("bca", "a matrix of numbers.*not str"),
        ([1.0] * 30, r"shape \(30,\)"),
        (np.ones((99, 3)), r"shape \(99, 3\).*30 free"),
        (np.ones((30, 99)), r"shape \(30, 99\)"),
        (np.ones((39, 30)), "39 draws are too few"),
        (np.full((99, 30), np.nan), "draws that are no numbers"),
    ],
)
def test_draws_that_are_none(draws, message):
    with pytest.raises(KocsemError, match=message):
        simple_slopes(made("matched_double"), interval=draws)
