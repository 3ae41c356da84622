"""Every result of every kind of fit: it exists, or an error says why it does not."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from estimation.five_points import CALLS, ITEMS, MODEL, answers, called, holed
from kocsem.core.optimiser.optimise import search
from kocsem.errors import IdentificationError
from kocsem.estimation import pipeline
from kocsem.results import scaled

ORDERED = [name for name, (_, options) in CALLS.items() if "ordered" in options]
CONTINUOUS = [name for name in CALLS if name not in ORDERED]
RESIDUALS = ("raw", "cor_bollen", "cor_bentler", "standardized")


def each(result):
    """Return a result by group as a list, that of one group as well."""
    return list(result.values()) if isinstance(result, dict) else [result]


def assert_complete(fit):
    """Ask a fit for everything; only what is documented may be missing."""
    names, p = list(fit.observed), len(fit.observed)
    given = fit.table.variables.exogenous if fit.table.variables.ordered else ()
    explained = [name for name in names if name not in given]
    k = len(fit.vcov)
    groups = max(len(fit.groups), 1)
    for frame in (fit.parameters, fit.standardized(), fit.standardized("std_lv")):
        value = "est" if "est" in frame else "est_std"
        assert np.isfinite(frame[[value, "se", "ci_lower", "ci_upper"]]).all(axis=None)
        tested = frame["se"] > 0
        assert (frame["z"].notna() == tested).all()
        assert frame["pvalue"].dropna().between(0, 1).all()
    V = fit.vcov.to_numpy()
    assert V.shape == (k, k)
    assert_allclose(V, V.T, rtol=1e-12)
    assert np.linalg.eigvalsh(V)[0] > -1e-10
    assert fit.fit_measures["chisq"] >= 0
    assert fit.reported_measures.keys() == fit.fit_measures.keys()
    index = fit.modification_indices()
    assert (index["mi"] >= 0).all()
    assert set(index["group"]) <= set(range(1, groups + 1))
    for result in (fit.implied, fit.sample_cov, fit.rsquare, fit.latent_correlations):
        assert len(each(result)) == groups
    for kind in RESIDUALS:
        for matrix in each(fit.residuals(kind)):
            assert list(matrix.index) == list(matrix.columns) == explained
            assert_allclose(matrix, matrix.T, rtol=1e-9, atol=1e-12)
    for implied in each(fit.implied):
        assert implied.cov.shape == (p, p)
        assert np.linalg.eigvalsh(implied.cov)[0] > 0
        assert list(implied.mean.index) == names
    effects = fit.effects()
    assert list(effects["group"].unique()) == list(range(1, groups + 1))
    assert np.isfinite(effects[["est", "se"]]).all(axis=None)


@pytest.mark.parametrize("groups", [{}, {"group": "sex", "group_equal": "loadings"}])
@pytest.mark.parametrize("name", CALLS)
def test_everything_can_be_asked_for(name, groups):
    fit = called(name, **groups)
    assert fit.converged
    assert {f.severity for f in fit.findings} <= {"info"}
    assert_complete(fit)
    assert len(fit.data) == fit.nobs
    for method in ("regression", "bartlett"):
        scores = fit.factor_scores(method)
        assert scores.shape == (fit.nobs, 2)
        assert len(scores.dropna()) > 0.8 * fit.nobs
        assert np.isfinite(scores.dropna()).all(axis=None)


@pytest.mark.parametrize("groups", [{}, {"group": "sex", "group_equal": "loadings"}])
@pytest.mark.parametrize("name", ORDERED)
def test_everything_can_be_asked_for_given_covariates(name, groups):
    fit = called(name, model=f"{MODEL}\nTR ~ age + w\nCA ~ age", **groups)
    assert fit.converged
    assert {f.severity for f in fit.findings} <= {"info"}
    assert_complete(fit)
    for implied in each(fit.implied):
        assert list(implied.given.slopes.columns) == ["age", "w"]
        assert implied.given.cov.shape == (6, 6)
    one = {"group": fit.groups[0]} if fit.groups else {}
    assert kocsem.assess(fit, **one).constructs["cr"].between(0, 1).all()


# ---------------------------------------------------------------- nothing to test

FACTOR = "TR =~ t1 + t2 + t3"
SATURATED = [
    *((name, FACTOR) for name in CALLS),
    *((name, "t1 ~ t2 + t3\nt2 ~ t3") for name in CONTINUOUS),
    *((name, "t1 ~~ t2 + t3\nt2 ~~ t3") for name in CONTINUOUS),
    *((name, "t1 ~ age\nt2 ~ age\nt3 ~ age") for name in ORDERED),
]


@pytest.mark.parametrize(("name", "text"), SATURATED)
def test_no_degrees_of_freedom(name, text):
    options = {}
    if name in ORDERED:
        options["ordered"] = ITEMS[: 2 if name == "mixed" else 3]
    fit = called(name, model=text, **options)
    measures, index = fit.fit_measures, fit.modification_indices()
    assert fit.converged
    assert measures["df"] == 0
    assert measures["chisq"] == pytest.approx(0, abs=1e-7)
    assert np.isnan(measures["pvalue"])
    assert measures.get("chisq_scaled", 0.0) == pytest.approx(0, abs=1e-7)
    assert np.isnan(measures.get("chisq_scaling_factor", np.nan))
    assert fit.reported_measures == measures
    assert measures["srmr"] == pytest.approx(0, abs=1e-5)
    assert_allclose(fit.residuals("raw"), 0, atol=1e-5)
    assert index.empty or index["mi"].abs().max() < 1e-4
    assert np.isfinite(fit.parameters["se"]).all()


# ---------------------------------------------------------------- not identified

ALL = " + ".join(ITEMS)
UNDETERMINED = {
    "too many parameters": ("TR =~ t1 + t2", ["free parameters", "df = -1"]),
    "no scale": ("TR =~ NA*t1 + t2 + t3 + c1", ["cannot tell", "TR~~TR"]),
    "a second-order factor over two": (
        "TR =~ t1 + t2 + t3\nCA =~ c1 + c2 + c3\ntop =~ TR + CA",
        ["cannot tell", "top"],
    ),
    "one factor twice": (
        f"TR =~ {ALL}\nCA =~ c3 + t1 + t2 + t3 + c1 + c2",
        ["cannot tell", "=~"],
    ),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("text", "words"), UNDETERMINED.values(), ids=UNDETERMINED)
def test_what_is_not_identified_is_refused(name, text, words):
    options = {}
    if name in ORDERED:
        options["ordered"] = [i for i in CALLS[name][1]["ordered"] if i in text]
    with pytest.raises(IdentificationError, match="not identified") as caught:
        called(name, model=text, **options)
    for word in words:
        assert word in str(caught.value)


# ---------------------------------------------------------------- not converged


@pytest.mark.parametrize("limit", [0, 1])
@pytest.mark.parametrize("name", CALLS)
def test_a_fit_that_did_not_converge_says_so_and_answers(name, limit, monkeypatch):
    monkeypatch.setattr(pipeline, "search", partial(search, max_iterations=limit))
    fit = called(name)
    assert not fit.converged
    finding = next(f for f in fit.findings if f.code == "not-converged")
    assert finding.severity == "error"
    assert "no number of this fit may be used" in finding.message
    assert fit.parameters["est"].notna().all()
    assert not fit.standardized().empty
    assert not fit.effects().empty
    assert fit.modification_indices()["mi"].notna().any()
    assert fit.fit_measures["df"] == 8
    for kind in RESIDUALS:
        assert fit.residuals(kind).shape == (6, 6)


# ---------------------------------------------------------------- odd solutions


def three_items(signs, n=200):
    """Return three items whose correlations have these signs."""
    rng = np.random.default_rng(2)
    R = np.eye(3)
    for (i, j), sign in zip([(0, 1), (0, 2), (1, 2)], signs, strict=True):
        R[i, j] = R[j, i] = 0.3 * sign
    return pd.DataFrame(
        rng.multivariate_normal(np.zeros(3), R, n), columns=["a", "b", "c"]
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"estimator": "MLR"},
        {"estimator": "GLS"},
        {"estimator": "ULS"},
        {"missing": "fiml"},
    ],
    ids=str,
)
def test_a_negative_factor_variance_is_a_finding_and_no_crash(options):
    # one factor cannot make an odd number of negative correlations
    fit = kocsem.cfa("f =~ a + b + c", three_items((1, 1, -1)), **options)
    assert fit.converged
    codes = {f.code for f in fit.findings if f.severity == "error"}
    assert "negative-variance" in codes
    standardized = fit.standardized()
    loadings = standardized["op"] == "=~"
    assert standardized.loc[loadings, "est_std"].isna().all()
    assert fit.latent_correlations.isna().all(axis=None)
    assert np.isfinite(fit.parameters["est"]).all()


@pytest.mark.parametrize(("slope", "negative"), [(0.05, True), (0.0, False)])
def test_least_squares_may_leave_the_covariance_matrices(slope, negative):
    # a mediator of little variance between two variables that are close
    names = ["m", "x", "z"]
    printed = pd.DataFrame(
        [
            [0.1, 0.1, slope],
            [0.1, 0.65, -0.3 - 2 * slope],
            [slope, -0.3 - 2 * slope, 0.41],
        ],
        index=names,
        columns=names,
    )
    fit = kocsem.sem(
        "m ~ z\nx ~ m", sample_cov=printed, sample_nobs=100, estimator="ULS"
    )
    assert fit.converged
    assert [f.code for f in fit.findings] == ["negative-variance"]
    assert np.linalg.eigvalsh(fit.implied.cov)[0] < 0
    assert (np.diag(fit.implied.cov)[0] < 0) == negative
    measures = fit.fit_measures
    assert np.isfinite([measures[name] for name in ("chisq", "srmr", "rmr")]).all()
    # Browne's statistic at the implied moments does not exist, nor a root of them
    gone = ("gfi", "gfi_ci_lower", "gfi_ci_upper")
    assert np.isnan([measures[name] for name in gone]).all()
    assert np.isnan(measures["crmr"]) == negative
    assert fit.residuals("cor_bollen").isna().any(axis=None) == negative
    assert fit.standardized()["est_std"].isna().any() == negative


@pytest.mark.parametrize(
    "options",
    [
        {"missing": "fiml"},
        {"estimator": "GLS", "meanstructure": True},
        {"cluster": "koc"},
    ],
    ids=str,
)
def test_covariances_alone_with_their_means(options):
    data = holed() if "missing" in options else answers()
    fit = kocsem.sem("t1 ~~ t2\nt3 ~~ t3", data, **options)
    assert fit.converged
    assert fit.fit_measures["df"] == 2
    assert np.isfinite(fit.parameters["se"]).all()


SCALED = {
    "MLR": ("MLR", True),
    "MLM": ("MLM", True),
    "MLMV": ("MLMV", True),
    "FIML MLR": ("FIML MLR", False),
    "WLSMV": ("WLSMV", False),
    "ULSM": ("ULSM", False),
}


@pytest.mark.parametrize(("name", "robust"), SCALED.values(), ids=SCALED)
def test_a_test_whose_scale_is_not_positive_does_not_exist(name, robust, monkeypatch):
    def broken(scale):
        return lambda *given, **more: replace(scale(*given, **more), factor=-0.1)

    own = {test: broken(scale) for test, scale in scaled.SCALINGS.items()}
    monkeypatch.setattr(scaled, "SCALINGS", own)
    name_of_mlr = "yuan_bentler_mplus"
    monkeypatch.setattr(scaled, name_of_mlr, broken(getattr(scaled, name_of_mlr)))
    measures = called(name).fit_measures
    endings = ("_scaled", "_robust") if robust else ("_scaled",)
    gone = [key for key in measures if key.endswith(endings) and "df" not in key]
    assert len(gone) > 10
    assert np.isnan([measures[key] for key in gone]).all()
    assert np.isfinite([measures["chisq"], measures["cfi"], measures["srmr"]]).all()
