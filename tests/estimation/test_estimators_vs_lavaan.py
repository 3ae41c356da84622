"""Least squares, ordered items and missing answers against lavaan 0.7.

Through the public calls; the cases and the R scripts that wrote them are in
tests/reference.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reference.lavaan import by_key, fitted, key, reference
from tolerances import (
    INDEX_ATOL,
    LAVAAN_ROUNDING_ROWS,
    MODIFICATION_ATOL,
    MODIFICATION_RTOL,
    NONCENTRALITY_ATOL,
    ORDINAL_RTOL,
    ROBUST_ATOL,
    ROBUST_RTOL,
)

ORDERED = (
    "ordered_cfa_wlsmv",
    "ordered_cfa_dwls",
    "ordered_cfa_ulsmv",
    "ordered_sem_wlsmv",
    "ordered_group_wlsmv",
)
CONDITIONAL = tuple(
    f"conditional_{name}"
    for name in (
        *("wlsmv", "wlsm", "dwls", "ulsmv", "uls"),
        *("item", "binary", "mixed", "groups", "groups_equal"),
        *("pairwise", "listwise", "weights", "outcomes"),
    )
)
CONTINUOUS = (
    "hs_cfa_gls",
    "hs_cfa_uls",
    "hs_cfa_fiml",
    "hs_cfa_fiml_mlr",
    "fiml_cluster",
    "fiml_covariates_ml",
    "fiml_covariates_mlr",
    "fiml_democracy",
    "fiml_equal",
    "fiml_groups",
    "fiml_weights",
)
CASES = (*CONTINUOUS, *ORDERED, *CONDITIONAL)
COLUMNS = ("est", "se", "ci.lower", "ci.upper", "std.lv", "std.all")
INTERVALS = ("rmsea.ci", "gfi.ci")


def rtol(case):
    return ROBUST_RTOL if case in CONTINUOUS else ORDINAL_RTOL


def rows_of(case, table):
    return [r for r in reference(case)[table] if r["op"] not in ("r2", "==")]


def compare(case, rows, frame, columns):
    """Compare columns of one of lavaan's tables with ours; the rows are the same."""
    theirs, ours = by_key(rows), by_key(frame.to_dict("records"))
    assert theirs.keys() == ours.keys()
    for column in columns:
        expected = [theirs[k].get(column) for k in theirs]
        found = [ours[k][column.replace(".", "_")] for k in theirs]
        assert_allclose(
            np.array(found, dtype=float),
            np.array([np.nan if v is None else v for v in expected], dtype=float),
            rtol=rtol(case),
            atol=ROBUST_ATOL,
            err_msg=column,
        )


@pytest.mark.parametrize("case", CASES)
def test_converged(case):
    fit = fitted(case)
    assert fit.converged
    assert fit.nobs == reference(case)["ntotal"]


@pytest.mark.parametrize("case", CASES)
def test_parameters(case):
    compare(case, rows_of(case, "parameters"), fitted(case).parameters, COLUMNS)


@pytest.mark.parametrize("case", CASES)
def test_standardized(case):
    rows = rows_of(case, "standardized")
    compare(case, rows, fitted(case).standardized(), ("est.std", "se"))


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case):
    found = fitted(case).fit_measures
    expected = reference(case)["fit_measures"]
    assert {name.replace(".", "_") for name in expected} == set(found)
    for name, value in expected.items():
        assert found[name.replace(".", "_")] == pytest.approx(
            np.nan if value is None else value,
            rel=rtol(case),
            abs=NONCENTRALITY_ATOL if name.startswith(INTERVALS) else INDEX_ATOL,
            nan_ok=True,
        ), name


@pytest.mark.parametrize("case", CASES)
def test_rsquare(case):
    fit = fitted(case)
    rows = [r for r in reference(case)["parameters"] if r["op"] == "r2"]
    by_label = fit.rsquare if fit.groups else {"": fit.rsquare}
    for number, ours in enumerate(by_label.values(), start=1):
        expected = {r["lhs"]: r["est"] for r in rows if r.get("group", 1) == number}
        assert set(ours.index) == set(expected)
        assert_allclose(ours[list(expected)], list(expected.values()), rtol=rtol(case))


# The model with covariates and holes has candidates about which the data say next to
# nothing (an expected change of 12 standard deviations), where lavaan's number depends
# on where it stopped: fitted to 1e-15 it gives kocsem's 7.43 for speed ~ textual, at
# the stored solution 7.05.
SETTLED = [case for case in CASES if not case.startswith("fiml_covariates")]


@pytest.mark.parametrize("column", ["mi", "epc", "sepc.all"])
@pytest.mark.parametrize("case", SETTLED)
def test_modification_indices(case, column):
    noise = LAVAAN_ROUNDING_ROWS.get(case, set())
    rows = reference(case)["modification_indices"]
    theirs = by_key([row for row in rows if key(row) not in noise])
    own = fitted(case).modification_indices().to_dict("records")
    ours = by_key([row for row in own if key(row) not in noise])
    assert theirs.keys() == ours.keys()
    assert_allclose(
        [ours[k][column.replace(".", "_")] for k in theirs],
        [theirs[k][column] for k in theirs],
        rtol=MODIFICATION_RTOL,
        atol=MODIFICATION_ATOL,
    )
