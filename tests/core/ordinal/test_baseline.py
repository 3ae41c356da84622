"""The baseline of ordered items: margins as they are, correlations of 0."""

import numpy as np
import pytest

from kocsem.core.least_squares import LeastSquares
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.ordinal.baseline import (
    ordinal_independence,
    ordinal_independence_estimates,
)
from kocsem.core.ordinal.moment_order import moment_order
from kocsem.core.ordinal.moments import ordinal_moments
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Problem
from kocsem.core.structure import fill, implied_moments


def moments_of(levels, covariates=(), n=80, seed=2):
    g = np.random.default_rng(seed)
    latent = g.normal(size=(n, 1)) + g.normal(size=(n, levels.size))
    ranks = latent.argsort(axis=0).argsort(axis=0)
    codes = np.floor(ranks * np.where(levels > 0, levels, 1) / n)
    return ordinal_moments(
        Y=np.where(levels > 0, codes, latent),
        levels=levels,
        covariates=np.array(covariates, dtype=int),
    )


@pytest.mark.parametrize(
    ("levels", "covariates"),
    [([3, 2, 4], []), ([0, 3, 2, 0], []), ([2, 0], []), ([0, 3, 0, 2, 0], [2, 4])],
)
def test_margins_are_reproduced_and_pairs_are_not_correlated(levels, covariates):
    levels = np.array(levels)
    moments = moments_of(levels, covariates)
    structure = ordinal_independence(order=moments.order)
    stacked = OrdinalStructure(structure)
    x = ordinal_independence_estimates(moments=moments)
    assert x.size == structure.k == moments.order.univariate
    implied = implied_moments(matrices=fill(structure=structure, x=x))
    found, t = stacked.vector(implied), moments.order.univariate
    np.testing.assert_allclose(found[:t], moments.vector[:t], rtol=1e-14)
    np.testing.assert_allclose(found[t:], 0.0, atol=1e-15)
    left = np.diag(stacked.given_covariates(implied).Sigma)
    np.testing.assert_allclose(left, np.diag(moments.S), atol=1e-15)


@pytest.mark.parametrize("levels", [[3, 2, 4], [0, 3, 2, 0]])
def test_they_minimise_a_diagonal_discrepancy_and_start_any_other(levels):
    moments = moments_of(np.array(levels))
    structure = ordinal_independence(order=moments.order)
    start = ordinal_independence_estimates(moments=moments)
    space = AffineSpace(np.eye(start.size), np.zeros(start.size))
    for weight, steps in (
        (1 / np.diag(moments.Gamma), 0),
        (np.linalg.inv(moments.Gamma), 1),
    ):
        discrepancy = LeastSquares(
            OrdinalStructure(structure), moments.vector, weight, moments.n
        )
        found = minimise(
            problem=Problem((discrepancy,), (1.0,)), start=start, space=space
        )
        assert found.converged
        assert found.iterations == steps


def test_parameters_are_thresholds_means_variances():
    structure = ordinal_independence(order=moment_order(levels=np.array([3, 0, 2])))
    assert [which.name for which in structure.places] == ["THETA", "NU", "TAU"]
    assert structure.row.tolist() == [0, 1, 3, 1, 1]
    assert structure.ordered.items.tolist() == [0, 2]
