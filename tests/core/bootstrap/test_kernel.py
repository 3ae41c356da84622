"""The compiled derivatives against those that the rest of core computes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from bootstrap_cases import equal, fitted
from kocsem.core.bootstrap.compiled import compiled
from kocsem.core.bootstrap.kernel import bend, curve, evaluate, slope
from kocsem.core.bootstrap.packed import scratch
from kocsem.core.structure import Matrix
from sem_cases import MODELS

GROUPS = dict.fromkeys(MODELS, (60,)) | {
    "path": (60, 40),
    "covariates": (50, 60),
    "latent means": (40, 40, 50),
}


@compiled
def derivatives(model, at, x, moments, shares, misfit):
    """Fill the gradient and the Hessian of all groups; return the discrepancy."""
    value = evaluate(model, at, x, moments, shares)
    for group in range(shares.size):
        slope(model, at, group, shares[group])
        curve(model, at, group, shares[group], misfit)
        if misfit != 0.0:
            bend(model, at, group, shares[group])
    return value


@pytest.mark.parametrize("name", GROUPS)
def test_derivatives(name):
    sizes = GROUPS[name]
    case = fitted(name, sizes, seed=2)
    model, (n,) = case.model, case.model.cases.moments.n
    moments = model.cases.moments.moments[0]
    at = scratch(structures=model.structures, free=model.space.K.shape[1])
    for cell in (model.packed.given_cell, model.packed.given_mirror):
        at.matrices[cell] = moments[model.packed.given_source]
    x = model.starts[0] + np.random.default_rng(1).normal(0, 0.02, model.starts[0].size)
    problem = model.problem(model.cases.moments.of(0))
    point = problem.at(x)
    wanted = problem.derivatives(point)
    for misfit, information in ((1.0, wanted.observed()), (0.0, wanted.expected())):
        value = derivatives(model.packed, at, x, moments, n / n.sum(), misfit)
        assert_allclose(at.gradient, wanted.gradient, atol=1e-12)
        assert_allclose(at.hessian, information, atol=1e-11)
    p = case.groups[0].shape[1]
    known = sum(
        size / sum(sizes) * (np.linalg.slogdet(own.S)[1] + p)
        for size, own in zip(sizes, model.cases.moments.of(0), strict=True)
    )
    dummies = at.gap.shape[1] - p
    assert value - known - dummies == pytest.approx(point.discrepancy, abs=1e-12)


def test_a_loop_without_an_inverse_is_no_point():
    case = fitted("loop", (60,))
    model, moments = case.model, case.model.cases.moments.moments[0]
    at = scratch(structures=model.structures, free=model.space.K.shape[1])
    x = model.starts[0].copy()
    x[model.structures[0].matrix == Matrix.BETA] = 1.0
    value = derivatives(model.packed, at, x, moments, np.ones(1), 1.0)
    assert not np.isfinite(value)


def test_groups_do_not_touch_each_other():
    case = fitted("cfa", (60, 50), space=lambda s: equal(s.k, 2, [0], s.matrix))
    model, moments = case.model, case.model.cases.moments.moments[0]
    at = scratch(structures=model.structures, free=model.space.K.shape[1])
    shares = np.array([60, 50]) / 110
    derivatives(model.packed, at, model.starts[0], moments, shares, 1.0)
    k = model.structures[0].k
    assert not at.hessian[:k, k:].any()
    assert at.hessian[k:, k:].any()
