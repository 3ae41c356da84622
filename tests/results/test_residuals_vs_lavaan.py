"""Standardised residuals by every estimator against lavaan: reference/residuals.R."""

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from reference.lavaan import HERE

GIVEN = json.loads((HERE / "residuals.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in GIVEN["cases"]}
NOTHING = 1e-5  # raw residuals and errors that only rounding tells from 0


def marked(file):
    """Read answers, with the clusters and weights of residuals.R."""
    data = pd.read_csv(HERE / "data" / file)
    number = np.arange(1, len(data) + 1)
    return data.assign(room=number * 7 % 43, w=1 + number % 5 / 2)


@pytest.mark.parametrize("name", CASES)
def test_residuals_and_their_errors(name):
    case = CASES[name]
    options = {
        key: value.replace(".", "_") if key in ("se", "test") else value
        for key, value in case["options"].items()
    }
    fit = kocsem.sem(case["model"], marked(case["data"]), **options)
    names = case["names"]
    found = [fit.residuals(kind) for kind in ("raw", "standardized")]
    found = [own if "group" in options else {"": own} for own in found]
    expected = [case[kind] for kind in ("raw", "se")]
    expected = [own if "group" in options else {"": own[0]} for own in expected]
    for label in found[0]:
        raw, z, gap, se = (own[label] for own in (*found, *expected))
        gap, se = np.array(gap), np.array(se, dtype=float)
        assert_allclose(raw.loc[names, names], gap, atol=2e-5)
        z = z.loc[names, names].to_numpy()
        free = ~(np.isnan(se) | (se < NOTHING))
        assert (np.isfinite(z) == free)[np.abs(gap) > NOTHING].all()
        assert free.sum() >= 20
        assert_allclose(z[free], (gap / np.where(free, se, 1.0))[free], atol=2e-4)
