"""MLR, MLM and MLMV against lavaan 0.7, through the public calls."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.errors import DataError, UnsupportedError
from reference.lavaan import HERE, by_key, fitted, reference
from tolerances import INDEX_ATOL, ROBUST_ATOL, ROBUST_RTOL

CASES = [
    "hs_cfa_mlr",
    "hs_cfa_mlm",
    "hs_cfa_mlmv",
    "pd_sem_mlr",
    "pd_sem_mlm",
    "ordered_cfa_mlr_as_continuous",
    "hs_group_metric_mlr",
    "cluster_cfa_mlr",
    "weights_cfa_mlr",
    *(
        f"robust_{kind}_{estimator}"
        for kind in ("covariates", "means", "equal")
        for estimator in ("mlr", "mlm", "mlmv")
    ),
    *(
        f"robust_apart_{test}{means}"
        for test in ("satorra_bentler", "scaled_shifted", "yuan_bentler_mplus")
        for means in ("", "_means")
    ),
]


@pytest.mark.parametrize("table", ["parameters", "standardized"])
@pytest.mark.parametrize("case", CASES)
def test_standard_errors(case, table):
    rows = [r for r in reference(case)[table] if r["op"] not in ("r2", "==")]
    frame = fitted(case).parameters if table == "parameters" else None
    if frame is None:
        frame = fitted(case).standardized()
    theirs, ours = by_key(rows), by_key(frame.to_dict("records"))
    assert theirs.keys() == ours.keys()
    expected = [theirs[k]["se"] for k in theirs]
    assert_allclose(
        [ours[k]["se"] for k in theirs], expected, rtol=ROBUST_RTOL, atol=ROBUST_ATOL
    )


@pytest.mark.parametrize("case", CASES)
def test_fit_measures(case):
    found = fitted(case).fit_measures
    expected = reference(case)["fit_measures"]
    assert {name.replace(".", "_") for name in expected} == set(found)
    for name, value in expected.items():
        ours = found[name.replace(".", "_")]
        assert ours == pytest.approx(
            np.nan if value is None else value,
            rel=ROBUST_RTOL,
            abs=INDEX_ATOL,
            nan_ok=True,
        ), name


def test_se_and_test_can_be_asked_for_separately():
    given = reference("hs_cfa_ml")
    data = pd.read_csv(HERE / "data" / given["data"])
    mixed = kocsem.cfa(given["model"], data, se="robust_sem")
    robust, plain = fitted("hs_cfa_mlm"), fitted("hs_cfa_ml")
    assert_allclose(mixed.parameters["se"], robust.parameters["se"])
    assert dict(mixed.fit_measures) == dict(plain.fit_measures)
    other = kocsem.cfa(given["model"], data, test="satorra_bentler")
    assert_allclose(other.parameters["se"], plain.parameters["se"])
    assert other.fit_measures["chisq_scaled"] == robust.fit_measures["chisq_scaled"]


def test_robust_inference_needs_the_answers():
    names = ["x1", "x2", "x3", "x4"]
    printed = pd.DataFrame(0.5 + 0.5 * np.eye(4), index=names, columns=names)
    with pytest.raises(DataError, match="needs the answers themselves"):
        kocsem.cfa(
            "f =~ x1 + x2 + x3 + x4",
            sample_cov=printed,
            sample_nobs=200,
            estimator="MLR",
        )


def test_unknown_kinds_name_the_choices():
    with pytest.raises(UnsupportedError, match="robust_sem"):
        kocsem.sem("y ~ x", pd.DataFrame(), se="robust.sen")
    with pytest.raises(UnsupportedError, match="MLMV"):
        kocsem.sem("y ~ x", pd.DataFrame(), estimator="MLMX")


#: Scaled chi-square and factor of Holzinger and Swineford's data.
YUAN_BENTLER = (81.92122205257, 1.04131163614)


def test_the_mplus_test_with_plain_standard_errors_uses_expected_information():
    # lavaan 0.7-2: cfa(HS, test = "yuan.bentler.mplus")
    given = reference("hs_cfa_ml")
    data = pd.read_csv(HERE / "data" / given["data"])
    fit = kocsem.cfa(given["model"], data, test="yuan.bentler.mplus")
    assert fit.fit_measures["chisq_scaled"] == pytest.approx(YUAN_BENTLER[0], rel=1e-6)
    factor = fit.fit_measures["chisq_scaling_factor"]
    assert factor == pytest.approx(YUAN_BENTLER[1], rel=1e-6)
