"""Full information and pairwise moments, where nothing is missing and where much is."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import multivariate_normal

import kocsem
from estimation.five_points import ITEMS, MODEL, answers, holed
from sem_cases import central_differences, values_in_order

SAME_RTOL = 1e-7
SAME_ATOL = 1e-8
COVARIATE = f"{MODEL}\nTR ~ age"

# ---------------------------------------------------------------- nothing missing

DESIGNS = {
    "one group": (MODEL, {}),
    "fixed covariate": (COVARIATE, {}),
    "free covariate": (COVARIATE, {"fixed_x": False}),
    "groups": (MODEL, {"group": "sex"}),
    "equal groups": (
        MODEL,
        {"group": "sex", "group_equal": ["loadings", "intercepts"]},
    ),
    "weights": (MODEL, {"sampling_weights": "w"}),
    "clusters": (MODEL, {"cluster": "koc"}),
    "a latent mean": (f"{MODEL}\nTR ~ 1\nt1 ~ 0*1", {}),
}
# lavaan's GFI is by Browne's statistic without holes, by the ordinary one with holes
OWN_WAY = ("gfi", "gfi_ci_lower", "gfi_ci_upper")


def pair(model, options, estimator):
    """Fit the same complete rows by full information and by their moments."""
    given = options | {"estimator": estimator}
    return (
        kocsem.sem(model, answers(), missing="fiml", **given),
        kocsem.sem(model, answers(), meanstructure=True, **given),
    )


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize(("model", "options"), DESIGNS.values(), ids=DESIGNS)
def test_full_information_of_complete_rows_is_maximum_likelihood(
    model, options, estimator
):
    full, moments = pair(model, options, estimator)
    assert full.nobs == moments.nobs == 300
    assert full.findings == moments.findings
    for name, expected in moments.fit_measures.items():
        if name not in OWN_WAY and "robust" not in name:
            found = full.fit_measures[name]
            assert_allclose(
                found, expected, rtol=SAME_RTOL, atol=SAME_ATOL, err_msg=name
            )
    columns = ["est", "std_all"]
    if estimator == "MLR" or "cluster" in options or "sampling_weights" in options:
        columns += ["se", "pvalue"]
    for column in columns:
        found, expected = full.parameters[column], moments.parameters[column]
        assert_allclose(found, expected, rtol=SAME_RTOL, atol=SAME_ATOL)
    assert_allclose(full.factor_scores(), moments.factor_scores(), atol=1e-7)
    bartlett = [fit.factor_scores("bartlett") for fit in (full, moments)]
    assert_allclose(*bartlett, atol=1e-7)


@pytest.mark.parametrize("design", sorted(DESIGNS.keys() - {"weights", "clusters"}))
def test_robust_indices_of_complete_rows_are_the_plain_ones(design):
    full, _ = pair(*DESIGNS[design], "ML")
    for name in ("cfi", "tli", "rni", "rmsea", "rmsea_ci_upper", "gfi"):
        expected = full.fit_measures[name]
        assert full.fit_measures[f"{name}_robust"] == pytest.approx(expected, abs=1e-7)


def test_standard_errors_come_from_the_observed_information():
    text = "f =~ t1 + t2 + t3"
    data = answers()[["t1", "t2", "t3"]]
    fit = kocsem.sem(text, data, missing="fiml")
    x = fit.parameters.query("se > 0")["est"].to_numpy()
    Y = data.to_numpy()

    def loglik(x):  # loadings, residual variances, the factor's, intercepts
        loadings = np.array([1.0, x[0], x[1]])
        Sigma = x[5] * np.outer(loadings, loadings) + np.diag(x[2:5])
        return multivariate_normal(x[6:9], Sigma).logpdf(Y).sum()

    assert loglik(x) == pytest.approx(fit.fit_measures["logl"], rel=1e-10)
    hessian = central_differences(
        lambda at: central_differences(loglik, at, step=1e-3), x, step=1e-3
    )
    expected = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    found = fit.parameters.query("se > 0")["se"]
    assert_allclose(found, expected, rtol=1e-4)


# ---------------------------------------------------------------- with holes


def test_a_row_without_answers_is_as_good_as_absent():
    data = holed()
    hollow = data.copy()
    hollow.loc[len(hollow)] = np.nan
    with_row, without = (
        kocsem.sem(MODEL, frame, missing="fiml") for frame in (hollow, data)
    )
    pd.testing.assert_frame_equal(with_row.parameters, without.parameters)
    assert with_row.nobs == without.nobs == 300
    (finding,) = with_row.findings
    assert (finding.code, finding.value) == ("rows-without-answers", 1)
    assert len(with_row.factor_scores()) == 300


def test_an_item_that_is_missing_at_random_costs_precision_only():
    # the complete items say what they said; the other loses a share of its rows
    data = answers(3000)
    data["t3"] = data["t3"].where(np.arange(3000) % 3 > 0)
    full, complete = (
        kocsem.sem(MODEL, frame, missing="fiml")
        for frame in (data, answers(3000)[[*ITEMS]])
    )
    own, whole = (
        fit.parameters.set_index(["lhs", "op", "rhs"]) for fit in (full, complete)
    )
    wider = own["se"] / whole["se"]
    assert wider[("TR", "=~", "t3")] == pytest.approx(np.sqrt(1.5), rel=0.1)
    assert wider[("t3", "~1", "")] > 1.1
    assert wider[("CA", "=~", "c2")] == pytest.approx(1, abs=0.01)
    assert abs(own["est"] - whole["est"]).max() < 0.1


def test_factor_scores_of_rows_with_holes():
    data = holed(0.3).set_axis([f"sheet {i}" for i in range(300)], axis=0)
    fit = kocsem.sem(MODEL, data, missing="fiml")
    for method in ("regression", "bartlett"):
        scores = fit.factor_scores(method)
        assert list(scores.columns) == ["TR", "CA"]
        assert scores.index.equals(fit.data.index)
    regression = fit.factor_scores()
    assert np.isfinite(regression).all(axis=None)
    # who left out all items of an outcome has the score that its predictor foretells
    silent = data[ITEMS[:3]].isna().all(axis=1)
    assert silent.any()
    slope = fit.parameters.query("op == '~'")["est"].item()
    scores = regression[silent]
    assert_allclose(scores["TR"], slope * scores["CA"], rtol=1e-9)


def test_scores_of_complete_rows_follow_the_formula_when_others_have_holes():
    data = holed()
    fit = kocsem.sem(MODEL, data, missing="fiml")
    Sigma, mean = fit.implied.cov, fit.implied.mean
    Lambda, Psi = np.zeros((6, 2)), np.zeros((2, 2))
    p = fit.parameters.set_index(["lhs", "op", "rhs"])["est"]
    for i, item in enumerate(ITEMS):
        factor = "TR" if item[0] == "t" else "CA"
        Lambda[i, int(factor == "CA")] = p[factor, "=~", item]
    slope, ca = p["TR", "~", "CA"], p["CA", "~~", "CA"]
    Psi[1, 1], Psi[0, 1] = ca, slope * ca
    Psi[1, 0], Psi[0, 0] = Psi[0, 1], slope**2 * ca + p["TR", "~~", "TR"]
    weights = np.linalg.solve(Sigma, Lambda @ Psi)
    whole = data[ITEMS].notna().all(axis=1)
    expected = (data.loc[whole, ITEMS] - mean) @ weights
    assert_allclose(fit.factor_scores()[whole], expected, atol=1e-9)


# ---------------------------------------------------------------- pairwise

ORDERED_CALLS = {
    "WLSMV": {},
    "ULSMV": {"estimator": "ULSMV"},
    "groups": {"group": "sex", "group_equal": ["thresholds", "loadings"]},
    "weights": {"sampling_weights": "w"},
    "mixed": {"ordered": ITEMS[:3]},
}


@pytest.mark.parametrize("options", ORDERED_CALLS.values(), ids=ORDERED_CALLS)
def test_pairwise_without_holes_is_listwise(options):
    given = {"ordered": True} | options
    pairs, rows = (
        kocsem.sem(MODEL, answers(), missing=missing, **given)
        for missing in ("pairwise", "listwise")
    )
    pd.testing.assert_frame_equal(pairs.parameters, rows.parameters)
    assert pairs.fit_measures == pytest.approx(dict(rows.fit_measures), nan_ok=True)


def test_pairwise_uses_every_pair_of_answers():
    # an item that half the rows left out, and rows with nothing else missing
    data = answers()
    data["t3"] = data["t3"].where(data.index % 2 > 0)
    fit = kocsem.sem(MODEL, data, ordered=True, missing="pairwise")
    others = [name for name in ITEMS if name != "t3"]
    whole = kocsem.sem(
        "TR =~ t1 + t2\nCA =~ c1 + c2 + c3\nTR ~ CA", data[others], ordered=True
    )
    half = kocsem.sem(MODEL, data.dropna(), ordered=True)
    assert fit.nobs == 300
    assert half.nobs == 150
    R = fit.sample_cov
    assert_allclose(R.loc[others, others], whole.sample_cov, atol=1e-9)
    assert_allclose(R.loc["t3"], half.sample_cov.loc["t3"], atol=0.15)
    own, expected = values_in_order(
        fit.parameters.query("op == '|' and lhs != 't3'"),
        "est",
        like=whole.parameters.query("op == '|'"),
    )
    assert_allclose(own, expected, atol=1e-9)
