"""Robust indices of ordered items: two ways to write a model have the same ones."""

import numpy as np
import pandas as pd
import pytest

import kocsem

MEASURES = ("cfi_robust", "tli_robust", "rni_robust", "rmsea_robust")
ITEMS = [f"y{k}" for k in range(1, 7)]
MODEL = "f =~ " + " + ".join(ITEMS)


@pytest.fixture(scope="module")
def answers():
    """Three categories in two groups that use the scale differently; one bad pair."""
    rng = np.random.default_rng(5)
    second = np.arange(600) >= 300
    factor, pair = rng.normal(size=600), rng.normal(size=600)
    frame = {"g": np.where(second, "b", "a")}
    for k, item in enumerate(ITEMS):
        y = 0.7 * factor + 0.7 * rng.normal(size=600) + 0.5 * pair * (k < 2)
        y = np.where(second, 1.3 * y + 0.04 * k, y)
        frame[item] = np.digitize(y, [-0.6, 0.7])
    return pd.DataFrame(frame)


@pytest.mark.parametrize("estimator", ["WLSMV", "ULSMV"])
def test_equal_thresholds_that_restrict_nothing_change_no_robust_index(
    answers, estimator
):
    # two equal thresholds an item fix the unit and the origin that a free scale and a
    # free intercept give away (Wu & Estabrook, 2016), so that the models are one
    free, equal = (
        kocsem.cfa(
            MODEL + intercepts,
            answers,
            estimator=estimator,
            ordered=ITEMS,
            group="g",
            group_equal=tied,
        ).fit_measures
        for intercepts, tied in (
            ("", []),
            ("".join(f"\n{item} ~ c(0, NA)*1" for item in ITEMS), ["thresholds"]),
        )
    )
    assert equal["chisq"] == pytest.approx(free["chisq"], rel=1e-8)
    assert equal["df"] == free["df"]
    assert 0 < free["cfi_robust"] < 1
    for name in MEASURES:
        assert equal[name] == pytest.approx(free[name], rel=1e-7), name
