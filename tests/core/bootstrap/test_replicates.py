"""Blocks of replicates, whoever runs them and whatever is estimated."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from joblib import Parallel, delayed
from numpy.testing import assert_allclose

from bootstrap_cases import BATCH_ATOL, Rows, fitted
from kocsem.core.bootstrap.batched import Bootstrap
from kocsem.core.bootstrap.replicates import (
    Redraw,
    Replicates,
    Status,
    refit,
    replicate,
)
from kocsem.core.bootstrap.resampling import case_units
from kocsem.core.optimiser.optimise import Bounds


def on_joblib(workers, backend, block, numbers):
    """Run blocks as joblib does, with one BLAS thread in each worker."""
    return Parallel(n_jobs=workers, backend=backend, return_as="generator")(
        delayed(block)(own) for own in numbers
    )


def one_by_one(case, **more):
    return Redraw(
        units=case_units(sizes=case.sizes),
        seed=8,
        problem=Rows(case.model, case.groups[0], **more),
        starts=case.model.starts,
        space=case.model.space,
    )


@pytest.fixture(scope="module")
def case():
    return fitted("covariates", (150,))


def same(one, other):
    for name in ("x", "discrepancy", "n", "status"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)


def test_one_by_one_agrees_with_the_batch(case):
    found = replicate(block=one_by_one(case), count=12)
    batch = Bootstrap(case.model, case_units(sizes=case.sizes), seed=8)(range(12))
    assert_allclose(found.x, batch.x, atol=BATCH_ATOL)
    assert_allclose(found.discrepancy, batch.discrepancy, atol=1e-12)
    assert found.converged.all()


@pytest.mark.parametrize("kind", ["one by one", "batch"])
@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_joblib_gives_the_same_numbers(case, backend, kind):
    block = one_by_one(case)
    if kind == "batch":
        block = Bootstrap(case.model, block.units, block.seed)
    alone = replicate(block=block, count=60)
    run = partial(on_joblib, 2, backend)
    same(replicate(block=block, count=60, run=run), alone)


def test_a_pool_gives_the_same_numbers(case):
    block = one_by_one(case)
    with ThreadPoolExecutor(3) as pool:
        shared = replicate(block=block, count=51, run=pool.map)
    same(shared, replicate(block=block, count=51))


def test_progress_is_told_after_every_block(case):
    block = Bootstrap(case.model, case_units(sizes=case.sizes), seed=1)
    made = []
    replicate(block=block, count=120, progress=made.append)
    assert made == [50, 100, 120]


def test_draws_that_cannot_be_fitted_are_counted(case):
    found = replicate(block=one_by_one(case, refused=True), count=30)
    unusable = found.status == Status.UNUSABLE
    assert 0 < found.count(Status.UNUSABLE) < 30
    assert np.isnan(found.x[unusable]).all()
    assert np.isnan(found.discrepancy[unusable]).all()
    assert found.converged.sum() == 30 - unusable.sum()
    assert (found.n == 150).all()


def test_starts_are_tried_in_order(case):
    problem = case.model.problem(case.model.cases.moments.of(0))
    good = case.model.starts[0]
    outside = good.copy()
    outside[case.model.structures[0].diagonal] = -10.0
    found = refit(problem=problem, starts=(outside, good), space=case.model.space)
    assert found.status == Status.CONVERGED
    assert_allclose(found.x, good, atol=BATCH_ATOL)
    nowhere = refit(problem=problem, starts=(outside,), space=case.model.space)
    assert nowhere.status == Status.OUTSIDE
    assert np.isnan(nowhere.x).all()
    assert np.isnan(nowhere.discrepancy)


def test_bounds_are_kept(case):
    good = case.model.starts[0]
    lower = np.full(good.size, -np.inf)
    lower[0] = good[0] + 0.5
    block = one_by_one(case)
    bounded = Redraw(
        **{
            name: getattr(block, name)
            for name in ("units", "seed", "problem", "starts", "space")
        },
        bounds=Bounds(lower=lower, upper=np.full(good.size, np.inf)),
    )
    assert (bounded(range(3)).x[:, 0] >= lower[0] - 1e-12).all()


def test_replicates_know_what_became_of_them():
    status = np.array([0, 0, 1, 2, 3, 3])
    found = Replicates(np.zeros((6, 1)), np.zeros(6), np.zeros(6), status)
    assert [found.count(own) for own in Status] == [2, 1, 1, 2]
    assert np.array_equal(found.converged, status == 0)
