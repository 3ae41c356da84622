"""Every number of a complete-data ML fit against lavaan 0.7, through the public calls.

The cases, the data and the R scripts that wrote them are in tests/reference.
"""

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reference.lavaan import (
    EXTRA_CASES,
    GROUP_CASES,
    HARD_CASES,
    HERE,
    ML_CASES,
    by_key,
    fitted,
    key,
    reference,
)
from tolerances import (
    ESTIMATE_ATOL,
    ESTIMATE_RTOL,
    INDEX_ATOL,
    INDEX_RTOL,
    LAVAAN_ROUNDING_ROWS,
    MODIFICATION_ATOL,
    MODIFICATION_RTOL,
    NONCENTRALITY_ATOL,
    ROUNDING_MI,
    SCORE_ATOL,
    Z_ATOL,
    Z_RTOL,
)

CASES = (*ML_CASES, *EXTRA_CASES, *GROUP_CASES, *HARD_CASES)
FIT_MEASURES = list(reference("hs_cfa_ml")["fit_measures"])
INTERVALS = {"rmsea.ci.lower", "rmsea.ci.upper", "gfi.ci.lower", "gfi.ci.upper"}
PARAMETERS = ("est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.lv", "std.all")
STANDARDIZED = ("est.std", "se", "z", "pvalue", "ci.lower", "ci.upper")
TESTS = ("z", "pvalue")


def python_name(name):
    """Return lavaan's name of a number as kocsem writes it."""
    return name.replace(".", "_")


def paired(rows, frame, column):
    """Line up one of lavaan's columns with ours; the rows must be the same."""
    theirs, ours = by_key(rows), by_key(frame.to_dict("records"))
    assert theirs.keys() == ours.keys()
    expected = [theirs[k].get(column) for k in theirs]
    expected = np.array([np.nan if v is None else v for v in expected], dtype=float)
    return np.array([ours[k][python_name(column)] for k in theirs]), expected


def estimated(case, table):
    """Return lavaan's rows without R-squares and equality constraints."""
    return [r for r in reference(case)[table] if r["op"] not in ("r2", "==")]


@pytest.mark.parametrize("case", CASES)
def test_converged(case):
    assert fitted(case).converged


@pytest.mark.parametrize("case", CASES)
def test_nobs(case):
    assert fitted(case).nobs == reference(case)["ntotal"]


@pytest.mark.parametrize("column", PARAMETERS)
@pytest.mark.parametrize("case", CASES)
def test_parameters(case, column):
    rows = estimated(case, "parameters")
    ours, expected = paired(rows, fitted(case).parameters, column)
    rtol = Z_RTOL if column in TESTS else ESTIMATE_RTOL
    atol = Z_ATOL if column in TESTS else ESTIMATE_ATOL
    assert_allclose(ours, expected, rtol=rtol, atol=atol)


@pytest.mark.parametrize("case", CASES)
def test_labels(case):
    frame = fitted(case).parameters
    ours = {key(row): row["label"] for row in frame.to_dict("records")}
    expected = {key(r): r.get("label", "") for r in estimated(case, "parameters")}
    if not fitted(case).groups:  # in one group .p1. stands for a == line
        expected = {k: "" if v.startswith(".p") else v for k, v in expected.items()}
    assert ours == expected


@pytest.mark.parametrize("column", STANDARDIZED)
@pytest.mark.parametrize("case", CASES)
def test_standardized(case, column):
    rows = estimated(case, "standardized")
    ours, expected = paired(rows, fitted(case).standardized(), column)
    rtol = Z_RTOL if column in TESTS else ESTIMATE_RTOL
    atol = Z_ATOL if column in TESTS else ESTIMATE_ATOL
    assert_allclose(ours, expected, rtol=rtol, atol=atol)


@pytest.mark.parametrize("case", CASES)
def test_rsquare(case):
    fit = fitted(case)
    rows = [r for r in reference(case)["parameters"] if r["op"] == "r2"]
    by_label = fit.rsquare if fit.groups else {"": fit.rsquare}
    for number, ours in enumerate(by_label.values(), start=1):
        expected = {r["lhs"]: r["est"] for r in rows if r.get("group", 1) == number}
        assert set(ours.index) == set(expected)
        assert_allclose(
            ours[list(expected)], list(expected.values()), atol=ESTIMATE_ATOL
        )


@pytest.mark.parametrize("name", FIT_MEASURES)
@pytest.mark.parametrize("case", CASES)
def test_fit_measure(case, name):
    expected = reference(case)["fit_measures"][name]
    ours = fitted(case).fit_measures[python_name(name)]
    atol = NONCENTRALITY_ATOL if name in INTERVALS else INDEX_ATOL
    expected = np.nan if expected is None else expected
    assert_allclose(ours, expected, rtol=INDEX_RTOL, atol=atol)


@pytest.mark.parametrize("case", CASES)
def test_fit_measures_are_lavaans(case):
    expected = [python_name(name) for name in reference(case)["fit_measures"]]
    assert list(fitted(case).fit_measures) == expected


def modification_rows(case, rows, fixed):
    """Drop rows that say nothing: rounding noise, and moments of fixed covariates.

    Freeing the latter brings exactly nothing; whether lavaan lists one depends on the
    scale of the variable.
    """
    noise = LAVAAN_ROUNDING_ROWS.get(case, set())
    kept = []
    for row in rows:
        given = row["op"] == "~~" and {row["lhs"], row["rhs"]} <= fixed
        if given:
            assert row["mi"] < ROUNDING_MI
        elif key(row) not in noise:
            kept.append(row)
    return kept


def is_variance(row):
    return row["op"] == "~~" and row["lhs"] == row["rhs"]


@pytest.mark.parametrize("column", ["mi", "epc", "sepc.lv", "sepc.all"])
@pytest.mark.parametrize("case", [*ML_CASES, *EXTRA_CASES, *GROUP_CASES])
def test_modification_indices(case, column):
    fit = fitted(case)
    fixed = {row.lhs for row in fit.table if row.exogenous}
    theirs = modification_rows(
        case, reference(case)["modification_indices"] or [], fixed
    )
    ours = modification_rows(case, fit.modification_indices().to_dict("records"), fixed)
    assert by_key(ours).keys() == by_key(theirs).keys()
    if column.startswith("sepc"):
        # for a variance lavaan standardises the value that is, not its change
        theirs = [row for row in theirs if not is_variance(row)]
        ours = [row for row in ours if not is_variance(row)]
    found, expected = paired(theirs, pd.DataFrame(ours), column)
    assert_allclose(found, expected, rtol=MODIFICATION_RTOL, atol=MODIFICATION_ATOL)


@pytest.mark.parametrize("case", CASES)
def test_modification_indices_are_sorted(case):
    assert fitted(case).modification_indices()["mi"].is_monotonic_decreasing


@pytest.mark.parametrize("kind", ["raw", "cor_bentler", "cor_bollen", "standardized"])
def test_residuals(kind):
    expected = np.array(json.loads((HERE / "hs_residuals.json").read_text())[kind])
    ours = fitted("hs_cfa_ml").residuals(kind)
    if kind == "standardized":
        # a residual that must be zero has no standard error: lavaan prints 0 or
        # rounding noise there, kocsem an empty cell
        expected = np.where(ours.isna(), np.nan, expected)
        assert np.diag(ours.isna()).all()
        assert not ours.isna().to_numpy()[np.triu_indices(9, 1)].any()
    atol = Z_ATOL if kind == "standardized" else ESTIMATE_ATOL
    assert_allclose(ours, expected, rtol=Z_RTOL, atol=atol)
    assert list(ours.index) == list(ours.columns) == [f"x{i}" for i in range(1, 10)]


def test_implied_covariances():
    expected = np.array(json.loads((HERE / "hs_residuals.json").read_text())["implied"])
    assert_allclose(fitted("hs_cfa_ml").implied.cov, expected, atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_factor_scores(method):
    rows = json.loads((HERE / "hs_factor_scores.json").read_text())[method]
    ours = fitted("hs_cfa_ml").factor_scores(method)
    assert_allclose(ours, pd.DataFrame(rows)[list(ours.columns)], atol=SCORE_ATOL)


def extra(case, name):
    """Return a part of a case that only the extra cases have, with its order."""
    return reference(case)[name], reference(case)["names"]


KINDS = ("raw", "cor_bentler", "cor_bollen", "standardized")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", EXTRA_CASES)
def test_residuals_of_larger_models(case, kind):
    matrices, names = extra(case, "residuals")
    expected = np.array(matrices[kind], dtype=float)
    ours = fitted(case).residuals(kind).loc[names, names].to_numpy()
    if kind == "standardized":
        # where a moment must fit, lavaan divides rounding by rounding
        must_fit = np.abs(np.array(matrices["raw"], dtype=float)) < ESTIMATE_ATOL
        assert must_fit[np.isnan(ours)].all()
        expected = np.where(np.isnan(ours), np.nan, expected)
    atol = Z_ATOL if kind == "standardized" else ESTIMATE_ATOL
    assert_allclose(ours, expected, rtol=Z_RTOL, atol=atol)


@pytest.mark.parametrize("case", EXTRA_CASES)
def test_implied_moments_of_larger_models(case):
    expected, names = extra(case, "implied_cov")
    implied = fitted(case).implied
    assert_allclose(implied.cov.loc[names, names], expected, atol=ESTIMATE_ATOL)
    if means := reference(case)["implied_mean"]:
        assert_allclose(implied.mean[names], means, atol=ESTIMATE_ATOL)


# y2 ~ y1 + f2: lavaan treats the observed y1 as a factor without an item there, which
# leaves f2 without the information in y2
OTHER_BARTLETT = {"extra_mixed_fixedx": ["f2"], "extra_mixed_freex_means": ["f2"]}


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("case", EXTRA_CASES)
def test_factor_scores_of_larger_models(case, method):
    rows = reference(case)[method]
    if not rows:
        pytest.skip("no latent variables")
    ours = fitted(case).factor_scores(method).head(len(rows))
    expected = pd.DataFrame(rows)[list(ours.columns)]
    if method == "bartlett":
        other = list(OTHER_BARTLETT.get(case, ()))
        ours, expected = ours.drop(columns=other), expected.drop(columns=other)
    assert_allclose(ours, expected, atol=SCORE_ATOL)
