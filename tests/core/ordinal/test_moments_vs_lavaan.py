"""Thresholds, correlations and Gamma against lavaan 0.7."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from kocsem.core.ordinal.moments import ordinal_moments

REFERENCE = Path(__file__).parents[2] / "reference"
HEAVY = ("weights", "mixed_weights", "mixed_frequencies", "weighted_holes")
GIVEN = ("given", "given_holes", "given_weights")
CASES = ("levels", "mixed", "zero", "holes", "mixed_holes", *HEAVY, *GIVEN)

# lavaan's nlminb stops at a relative change of 1e-10 in the likelihood: its polychoric
# correlations (Newton) come out to 1e-8, its polyserial ones (quasi-Newton) to 3e-7.
MOMENT_RTOL = 5e-7
MOMENT_ATOL = 1e-8
GAMMA_RTOL = 1e-6  # of the square root of the product of the two variances


@cache
def case(name):
    """Return what lavaan found, the data, and what kocsem finds."""
    given = json.loads((REFERENCE / f"ordinal_{name}.json").read_text(encoding="utf-8"))
    frame = pd.read_csv(REFERENCE / "data" / given["data"])
    levels = np.array(given["levels"])
    Y = frame.to_numpy(dtype=float) - (levels > 0)
    weights = np.array(given["weights"]) if "weights" in given else None
    found = ordinal_moments(
        Y=Y,
        levels=levels,
        covariates=frame.columns.get_indexer(given.get("covariates", [])),
        weights=weights,
        frequencies="frequencies" in given,
    )
    return given, Y, found


@pytest.mark.parametrize("name", CASES)
def test_moments(name):
    given, _, found = case(name)
    np.testing.assert_allclose(
        found.vector, given["vector"], rtol=MOMENT_RTOL, atol=MOMENT_ATOL
    )


@pytest.mark.parametrize("name", CASES)
def test_gamma(name):
    given, _, found = case(name)
    q = found.order.size
    expected = np.zeros((q, q))
    expected[np.tril_indices(q)] = given["gamma"]
    scale = np.sqrt(np.diag(expected))
    gap = np.tril(found.Gamma - expected) / np.outer(scale, scale)
    assert np.abs(gap).max() < GAMMA_RTOL


@pytest.mark.parametrize("name", CASES)
def test_names_stand_in_lavaans_order(name):
    given, _, found = case(name)
    order = found.order
    columns = pd.read_csv(REFERENCE / "data" / given["data"]).columns
    names = [
        f"{columns[j]}|t{k}" if k else f"{columns[j]}~1"
        for j, k in zip(order.variable, order.level, strict=True)
    ]
    names += [
        f"{columns[j]}~{columns[order.covariates[x]]}"
        for j, x in zip(order.sloped, order.slope_on, strict=True)
    ]
    names += [f"{columns[j]}~~{columns[j]}" for j in order.continuous]
    names += [
        f"{columns[i]}~~{columns[j]}"
        for i, j in zip(order.first, order.second, strict=True)
    ]
    assert names == given["names"]


def test_polyserial_likelihood_is_no_lower_than_lavaans():
    given, Y, found = case("mixed")
    levels, order = found.order.levels, found.order

    def loglikelihood(i, j, rho):
        z = (Y[:, i] - Y[:, i].mean()) / Y[:, i].std()
        tau = [-np.inf, *found.tau[order.variable == j], np.inf]
        upper, lower = (
            (np.take(tau, Y[:, j].astype(int) + k) - rho * z) / np.sqrt(1 - rho**2)
            for k in (1, 0)
        )
        return np.log(norm.cdf(upper) - norm.cdf(lower)).sum()

    for row, (i, j) in enumerate(zip(order.first, order.second, strict=True)):
        if (levels[i] > 0) == (levels[j] > 0):
            continue
        i, j = (i, j) if levels[i] == 0 else (j, i)
        theirs = given["vector"][order.univariate + row] / Y[:, i].std()
        gain = loglikelihood(i, j, found.R[i, j]) - loglikelihood(i, j, theirs)
        assert gain > -1e-11
