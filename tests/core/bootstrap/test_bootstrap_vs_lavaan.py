"""Draws whose rows lavaan was given too; limits of R's boot package and of lavaan."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from bootstrap_cases import Case, cells_of, equal, whole
from kocsem.core.bootstrap.batched import Jackknife, MaximumLikelihood
from kocsem.core.bootstrap.bollen_stine import bootstrap_p_value, transformed
from kocsem.core.bootstrap.intervals import (
    acceleration,
    bca_interval,
    infinitesimal_deviations,
    jackknife_deviations,
    percentile_interval,
)
from kocsem.core.bootstrap.replicates import replicate
from kocsem.core.bootstrap.resampling import case_units
from kocsem.core.bootstrap.samples import gather_cases, resampled
from kocsem.core.moments import SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.structure import Matrix
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model
from tolerances import INDEX_RTOL

REFERENCE = Path(__file__).parents[2] / "reference"

# boot sorts and interpolates as we do: rounding of fifteen digits is all that is left
LIMIT_RTOL = 1e-11
# lavaan's optimum of a draw leaves up to this, in chi-square its square
DRAW_ATOL = 1e-6


def read(name):
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def key(group, lhs, op, rhs):
    """Identify a parameter; a covariance is the same either way round."""
    return group, op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs))


def starts(structure, S, ybar):
    """Start where every factor has half the variance of its first item."""
    matrix, row = structure.matrix, structure.row
    items = np.minimum(row, ybar.size - 1)
    variances = np.where(matrix == Matrix.THETA, np.diag(S)[items] / 2, 0.5)
    x = np.where(matrix == Matrix.LAMBDA, 1.0, 0.0)
    x = np.where(structure.diagonal, variances, x)
    return np.where(matrix == Matrix.NU, ybar[items], x)


def fitted(given):
    """Fit the full sample of a case; return it with the names of its parameters."""
    data = pd.read_csv(REFERENCE / "data" / given["data"])
    options = given.get("options") or {}
    means = "group" in options or options.get("meanstructure", False)
    table = build_table(
        parse_model(given["model"]), TableOptions(meanstructure=bool(means))
    )
    Y = data[list(table.variables.observed)].to_numpy(float)
    labels = data[options["group"]] if "group" in options else np.zeros(len(data))
    groups = tuple(Y[labels == own] for own in pd.unique(labels))
    layout = lay_out(table, {row.key: 0.0 for row in table if row.exogenous})
    structure, count = layout.structure, len(groups)
    held = equal(structure.k, count, [Matrix.LAMBDA], structure.matrix)
    cases = gather_cases(groups=groups)
    model = MaximumLikelihood(
        structures=(structure,) * count,
        cells=(cells_of(layout, table),) * count,
        space=held if count > 1 else whole(structure.k),
        starts=(
            np.concatenate(
                [starts(structure, own.S, own.ybar) for own in cases.moments.of(0)]
            ),
        ),
        cases=cases,
    )
    found = Case(model, groups).fit(*groups)
    assert found.converged
    names = [
        key(group, row.lhs, row.op, row.rhs)
        for group in range(1, count + 1)
        for row in table.free_rows
    ]
    order = [np.flatnonzero(labels == own) for own in pd.unique(labels)]
    return replace(model, starts=(found.point.x,)), names, np.concatenate(order)


def counts_of(rows, order):
    """Count how often each case, in the order of the groups, is in every sample."""
    counts = [np.bincount(own, minlength=order.size)[order] for own in np.array(rows)]
    return np.array(counts, dtype=float)


@pytest.mark.parametrize("name", ["cfa", "covariates", "groups"])
def test_lavaan_finds_the_same_in_the_same_rows(name):
    given = read(f"bootstrap_draws_{name}")
    model, names, order = fitted(given)
    counts = counts_of(given["rows"], order)
    found = model.fit(resampled(cases=model.cases, multiplicities=counts))
    assert found.converged.all()
    at = {own: place for place, own in enumerate(names)}
    places = [at[key(**row)] for row in given["parameters"]]
    assert sorted(places) == list(range(len(names)))
    wanted = np.array(given["est"])
    assert_allclose(found.x[:, places], wanted, rtol=DRAW_ATOL, atol=DRAW_ATOL)
    assert_allclose(found.n * found.discrepancy, given["chisq"], rtol=INDEX_RTOL)


def test_lavaan_draws_the_same_from_transformed_data():
    given = read("bootstrap_bollen_stine")
    model, _, order = fitted(given)
    problem = model.problem(model.cases.moments.of(0))
    point = problem.at(model.starts[0])
    n = model.cases.sizes[0]
    assert n * point.discrepancy == pytest.approx(given["chisq"], rel=INDEX_RTOL)
    Y = model.cases.centred[:, : model.cases.p]
    implied = point.parts[0].implied
    Z = transformed(Y=Y, Sigma=implied.Sigma, mu=np.zeros(model.cases.p))
    own = replace(model, cases=gather_cases(groups=[Z]))
    counts = counts_of(given["rows"], order)
    found = own.fit(resampled(cases=own.cases, multiplicities=counts))
    statistics = found.n * found.discrepancy
    assert_allclose(statistics, given["draws"], rtol=INDEX_RTOL)
    share = bootstrap_p_value(
        statistic=given["chisq"], replicates=np.array(given["draws"])
    )
    assert share == bootstrap_p_value(statistic=given["chisq"], replicates=statistics)


@pytest.fixture(scope="module")
def limits():
    return read("bootstrap_limits")


def pairs(found):
    return np.column_stack([found.lower, found.upper])


def test_percentile_limits(limits):
    t = np.array(limits["t"])
    for level, boot, lavaan in zip(
        limits["levels"], limits["perc"], limits["lavaan_perc"], strict=True
    ):
        found = pairs(percentile_interval(replicates=t, level=level))
        assert_allclose(found, boot, rtol=LIMIT_RTOL)
        assert_allclose(found, lavaan, rtol=LIMIT_RTOL)


def test_bca_limits(limits):
    t, t0 = np.array(limits["t"]), np.array(limits["t0"])
    moved = acceleration(deviations=np.array(limits["jackknife"]))
    assert np.abs(moved).max() > 0.01
    for level, boot, simple in zip(
        limits["levels"], limits["bca"], limits["bca_simple"], strict=True
    ):
        corrected, plain = (
            pairs(bca_interval(replicates=t, estimate=t0, acceleration=a, level=level))
            for a in (moved, np.zeros(t0.size))
        )
        assert_allclose(corrected, boot, rtol=LIMIT_RTOL)
        assert_allclose(plain, simple, rtol=LIMIT_RTOL)


def test_deviations_are_those_of_the_jackknife(limits):
    # boot's values are (n - 1)(estimate - value), ours about their own mean
    values = np.array(limits["t0"]) - np.array(limits["jackknife"]) / (
        limits["rows"] - 1
    )
    strata = np.zeros(limits["rows"], dtype=np.intp)
    found = jackknife_deviations(left_out=values, strata=strata)
    boot = np.array(limits["jackknife"])
    wanted = (boot - boot.mean(axis=0)) / (limits["rows"] - 1)
    assert_allclose(found, wanted, atol=1e-12)


def casewise_scores(model):
    """Compute minus the gradient that every case has on its own."""
    point = model.problem(model.cases.moments.of(0)).at(model.starts[0]).parts[0]
    p = model.cases.p
    return np.array(
        [
            -NormalTheory(
                model.structures[0],
                SampleMoments(S=np.outer(y, y), ybar=np.zeros(p), n=1),
            )
            .derivatives(point)
            .gradient
            for y in model.cases.centred[:, :p]
        ]
    )


def test_both_jackknives():
    model, _, _ = fitted(read("bootstrap_draws_cfa"))
    units = case_units(sizes=model.cases.sizes)
    n = units.size
    R = np.triu(model.factor)
    by_scores = infinitesimal_deviations(
        scores=casewise_scores(model), inverse=np.linalg.inv(R.T @ R), units=units
    )
    step = 1e-3
    weights = 1 + step * np.vstack([np.eye(n), -np.eye(n)])
    moved = model.fit(resampled(cases=model.cases, multiplicities=weights)).x
    by_weight = (moved[:n] - moved[n:]) / (2 * step)
    assert_allclose(by_scores / n, by_weight, atol=1e-7)
    left_out = replicate(block=Jackknife(model, units), count=n)
    by_refit = jackknife_deviations(left_out=left_out.x, strata=units.stratum)
    assert_allclose(
        acceleration(deviations=by_refit), acceleration(deviations=by_scores), atol=0.01
    )
