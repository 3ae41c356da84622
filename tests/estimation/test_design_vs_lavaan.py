"""Weights and clusters, in groups and with each estimator, against lavaan 0.7.

The cases are those of tests/reference/design.R. Weights have mean 1 within each group,
so that a group counts with its rows, whatever its weights add up to.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reference.lavaan import by_key, fitted, reference
from tolerances import (
    INDEX_ATOL,
    NONCENTRALITY_ATOL,
    ORDINAL_RTOL,
    ROBUST_ATOL,
    ROBUST_RTOL,
)

CASES = (
    "design_weights_mlr",
    "design_weights_mlm",
    "design_weights_fiml",
    "design_weights_wlsmv",
    "design_weights_gls",
    "design_weights_gls_groups",
    "design_weights_uls",
    "design_clusters_groups",
    "design_clusters_fiml",
    "design_clusters_weights",
)
INTERVALS = ("rmsea.ci", "gfi.ci")


def rtol(case):
    return ORDINAL_RTOL if "wlsmv" in case else ROBUST_RTOL


@pytest.mark.parametrize("column", ["est", "se", "ci.lower", "std.lv", "std.all"])
@pytest.mark.parametrize("case", CASES)
def test_parameters(case, column):
    rows = reference(case)["parameters"]
    theirs = by_key([row for row in rows if row["op"] not in ("r2", "==")])
    ours = by_key(fitted(case).parameters.to_dict("records"))
    assert theirs.keys() == ours.keys()
    found = [ours[k][column.replace(".", "_")] for k in theirs]
    expected = [theirs[k][column] for k in theirs]
    assert_allclose(found, expected, rtol=rtol(case), atol=ROBUST_ATOL)


def test_a_standardised_latent_response_has_the_scale_one():
    frame = fitted("design_weights_wlsmv").standardized().query("op == '~*~'")
    assert_allclose(frame["est_std"], 1.0, rtol=1e-12)
    assert (frame["se"] == 0).all()


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case):
    fit, theirs = fitted(case), reference(case)["fit_measures"]
    assert fit.nobs == reference(case)["ntotal"]
    for name, value in theirs.items():
        if value is None and "robust" in name:
            continue  # with free scales lavaan reports no robust index
        assert fit.fit_measures[name.replace(".", "_")] == pytest.approx(
            np.nan if value is None else value,
            rel=rtol(case),
            abs=NONCENTRALITY_ATOL if name.startswith(INTERVALS) else INDEX_ATOL,
            nan_ok=True,
        ), name
