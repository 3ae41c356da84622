"""Three groups of unequal size against lavaan: every number that is given by group."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reference.lavaan import by_key, fitted, key, reference
from tolerances import (
    ESTIMATE_ATOL,
    ESTIMATE_RTOL,
    INDEX_ATOL,
    INDEX_RTOL,
    MODIFICATION_ATOL,
    MODIFICATION_RTOL,
    NONCENTRALITY_ATOL,
    ROUNDING_MI,
    SCORE_ATOL,
    Z_ATOL,
    Z_RTOL,
)

CASES = ("three_groups_cfa", "three_groups_sem", "three_groups_std_lv")
LABELS = ["north", "south", "west"]
INTERVALS = ("rmsea.ci", "gfi.ci")


def ours_and_theirs(frame, rows, column):
    ours, theirs = by_key(frame.to_dict("records")), by_key(rows)
    assert ours.keys() == theirs.keys()
    expected = [theirs[k].get(column) for k in theirs]
    return (
        np.array([ours[k][column.replace(".", "_")] for k in theirs]),
        np.array([np.nan if v is None else v for v in expected], dtype=float),
    )


def parameters_of(case, table):
    return [r for r in reference(case)[table] if r["op"] not in ("r2", "==")]


@pytest.mark.parametrize("case", CASES)
def test_groups(case):
    fit, given = fitted(case), reference(case)
    assert fit.converged
    assert set(fit.groups) == set(given["groups"]) == set(LABELS)
    assert list(fit.groups) == given["groups"]
    sizes = [len(group.cases) for group in fit.solution.sample.groups]
    assert dict(zip(fit.groups, sizes, strict=True)) == {
        "north": 150,
        "south": 95,
        "west": 210,
    }


@pytest.mark.parametrize("column", ["est", "se", "z", "pvalue", "std.lv", "std.all"])
@pytest.mark.parametrize("case", CASES)
def test_parameters(case, column):
    rows = parameters_of(case, "parameters")
    ours, expected = ours_and_theirs(fitted(case).parameters, rows, column)
    test = column in ("z", "pvalue")
    assert_allclose(
        ours,
        expected,
        rtol=Z_RTOL if test else ESTIMATE_RTOL,
        atol=Z_ATOL if test else ESTIMATE_ATOL,
    )


@pytest.mark.parametrize("case", CASES)
def test_means_of_factors(case):
    frame, n = fitted(case).parameters, len(LABELS)
    means = frame.query("op == '~1' and lhs in ['f1', 'f2', 'f3']")
    assert len(means) == 3 * n
    first = means["group"] == 1
    assert (means.loc[first, ["est", "se"]] == 0).all(axis=None)
    assert (means.loc[~first, "se"] > 0).all()


@pytest.mark.parametrize("column", ["est.std", "se"])
@pytest.mark.parametrize("case", CASES)
def test_standardized(case, column):
    rows = parameters_of(case, "standardized")
    ours, expected = ours_and_theirs(fitted(case).standardized(), rows, column)
    assert_allclose(ours, expected, rtol=ESTIMATE_RTOL, atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case):
    found, expected = fitted(case).fit_measures, reference(case)["fit_measures"]
    assert list(found) == [name.replace(".", "_") for name in expected]
    for name, value in expected.items():
        atol = NONCENTRALITY_ATOL if name.startswith(INTERVALS) else INDEX_ATOL
        wanted = np.nan if value is None else value
        ours = found[name.replace(".", "_")]
        assert_allclose(ours, wanted, rtol=INDEX_RTOL, atol=atol, err_msg=name)


@pytest.mark.parametrize("column", ["mi", "epc", "sepc.lv", "sepc.all"])
@pytest.mark.parametrize("case", CASES)
def test_modification_indices(case, column):
    theirs = reference(case)["modification_indices"]
    frame = fitted(case).modification_indices()
    ours = frame[frame["mi"] > ROUNDING_MI]
    theirs = [row for row in theirs if row["mi"] > ROUNDING_MI]
    if column.startswith("sepc"):
        # for a variance lavaan standardises the value that is, not its change
        ours = ours[~((ours["op"] == "~~") & (ours["lhs"] == ours["rhs"]))]
        theirs = [r for r in theirs if not (r["op"] == "~~" and r["lhs"] == r["rhs"])]
    found, expected = ours_and_theirs(ours, theirs, column)
    assert_allclose(found, expected, rtol=MODIFICATION_RTOL, atol=MODIFICATION_ATOL)


@pytest.mark.parametrize("case", CASES)
def test_rsquare(case):
    rows = [r for r in reference(case)["parameters"] if r["op"] == "r2"]
    for number, label in enumerate(fitted(case).groups, start=1):
        expected = {r["lhs"]: r["est"] for r in rows if r["group"] == number}
        ours = fitted(case).rsquare[label]
        assert set(ours.index) == set(expected)
        wanted = list(expected.values())
        assert_allclose(ours[list(expected)], wanted, atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("kind", ["raw", "cor_bollen", "cor_bentler", "standardized"])
@pytest.mark.parametrize("case", CASES)
def test_residuals(case, kind):
    given, names = reference(case), reference(case)["names"]
    found = fitted(case).residuals(kind)
    assert list(found) == given["groups"]
    for label, ours in found.items():
        expected = np.array(given["residuals"][kind][label], dtype=float)
        own = ours.loc[names, names].to_numpy()
        if kind == "standardized":
            # lavaan leaves a residual below 1e-5 as it is, and divides by rounding
            # errors where a residual has no variance
            raw = np.abs(np.array(given["residuals"]["raw"][label], dtype=float))
            none = np.isnan(own)
            assert ((raw < 1e-5) | (np.abs(expected) > 1e6))[none].all()
            own, expected = own[~none & (raw >= 1e-5)], expected[~none & (raw >= 1e-5)]
            assert own.size > 70
        atol = Z_ATOL if kind == "standardized" else ESTIMATE_ATOL
        assert_allclose(own, expected, rtol=Z_RTOL, atol=atol)


@pytest.mark.parametrize("case", CASES)
def test_implied_moments_and_latent_correlations(case):
    given, fit = reference(case), fitted(case)
    names, latents = given["names"], list(fit.latents)
    for label in fit.groups:
        cov, mean = given["implied_cov"][label], given["implied_mean"][label]
        ours = fit.implied[label]
        assert_allclose(ours.cov.loc[names, names], cov, atol=ESTIMATE_ATOL)
        assert_allclose(ours.mean[names], mean, atol=ESTIMATE_ATOL)
        found = fit.latent_correlations[label].loc[latents, latents]
        assert_allclose(found, given["latent"][label], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("case", CASES)
def test_factor_scores(case, method):
    fit, given = fitted(case), reference(case)
    ours, end = fit.factor_scores(method), 0
    for group in fit.solution.sample.groups:
        start, end = end, end + len(group.cases)
        rows = pd.DataFrame(given[method][group.label])
        found = ours.iloc[start:end].head(len(rows))
        assert list(found.index) == list(group.cases.index[: len(rows)])
        assert_allclose(found, rows[list(ours.columns)], atol=SCORE_ATOL)


def test_covariances_of_the_estimates():
    given, fit = reference("three_groups_sem"), fitted("three_groups_sem")
    rows = [row for row in fit.parameters.to_dict("records") if row["op"] != ":="]
    free = [key(row) for row, own in zip(rows, fit.table, strict=True) if own.free]
    at = [free.index(key(row)) for row in given["free"]]
    assert sorted(at) == list(range(len(free)))
    ours = fit.vcov.to_numpy()[np.ix_(at, at)]
    assert_allclose(ours, given["vcov"], rtol=ESTIMATE_RTOL, atol=1e-7)
