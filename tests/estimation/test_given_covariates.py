"""What a fit of ordered items given covariates says of moments, against lavaan 0.7.

The cases of tests/reference/conditional.R; parameters, tests and measures are compared
with all other estimators' in test_estimators_vs_lavaan.
"""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.stats import multivariate_normal, norm

import kocsem
from reference.lavaan import HERE, by_key, fitted, reference
from tolerances import INDEX_ATOL, NONCENTRALITY_ATOL, ORDINAL_RTOL, ROBUST_ATOL

CASES = tuple(
    f"conditional_{name}"
    for name in (
        *("wlsmv", "uls", "item", "binary", "mixed", "groups", "groups_equal"),
        *("pairwise", "listwise", "weights", "outcomes"),
    )
)
KINDS = ("raw", "cor_bentler", "cor_bollen", "standardized")
Z_ATOL = 2e-4  # of a z value: its numerator is the difference of nearly equal numbers


def groups(found):
    """Return one result a group."""
    return list(found.values()) if isinstance(found, dict) else [found]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", [*CASES, "conditional_none"])
def test_residuals(case, kind):
    given = reference(case)
    names = given["explained"]
    ours = groups(fitted(case).residuals(kind))
    for frame, expected in zip(ours, given["residuals"][kind], strict=True):
        assert set(frame.index) == set(names)
        found = frame.loc[names, names].to_numpy()
        expected = np.array(expected, dtype=float)
        # lavaan writes 0 where a residual has no standard error
        lost = np.isnan(found)
        assert not lost.any() or kind == "standardized"
        assert_allclose(expected[lost], 0.0, atol=Z_ATOL)
        atol = Z_ATOL if kind == "standardized" else ROBUST_ATOL * 10
        assert_allclose(found[~lost], expected[~lost], rtol=ORDINAL_RTOL, atol=atol)


def scales(fit, names, number):
    """Return the scale of each variable in a group; 1 where it has none."""
    rows = fit.parameters.query("op == '~*~' and group == @number")
    return rows.set_index("lhs").est.reindex(names, fill_value=1.0).to_numpy()


@pytest.mark.parametrize("case", CASES)
def test_implied_moments(case):
    given, fit = reference(case), fitted(case)
    names = [*given["explained"], *given["covariates"]]
    pairs = zip(groups(fit.implied), given["cov"], given["mean"], strict=True)
    for number, (found, cov, mean) in enumerate(pairs, start=1):
        scale = scales(fit, names, number)
        ours = found.cov.loc[names, names] * np.outer(scale, scale)
        assert_allclose(ours, cov, rtol=ORDINAL_RTOL, atol=1e-6)
        same = scale == 1  # lavaan scales the slopes in a mean and not the rest of it
        assert_allclose(
            found.mean[names][same], np.array(mean)[same], rtol=ORDINAL_RTOL, atol=1e-6
        )


@pytest.mark.parametrize("case", CASES)
def test_implied_moments_given_the_covariates(case):
    expected, fit = reference(case), fitted(case)
    names, covariates = expected["explained"], expected["covariates"]
    close = {"rtol": ORDINAL_RTOL, "atol": 1e-6}
    parts = (expected[name] for name in ("slopes", "thresholds"))
    for own, slopes, thresholds in zip(groups(fit.implied), *parts, strict=True):
        assert_allclose(own.given.slopes.loc[names, covariates], slopes, **close)
        order = sorted(own.given.thresholds.index, key=place(names))
        assert_allclose(own.given.thresholds[order], thresholds, **close)
        assert list(own.given.cov.index) == list(own.given.slopes.index)


def place(names):
    """Sort thresholds by their item's place."""
    return lambda text: (names.index(text.split("|")[0]), text)


def test_nothing_is_given_without_covariates():
    data = pd.read_csv(HERE / "data" / "conditional.csv")
    fit = kocsem.cfa("CA =~ c1 + c2 + c3", data, ordered=True)
    assert fit.implied.given is None


FACTORS = "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1\nTR ~ CA + age + female\nCA ~ age"


def test_scale_and_origin_of_a_covariate_do_not_matter():
    data = pd.read_csv(HERE / "data" / "conditional.csv")
    items = ["c1", "c2", "c3", "t1", "t2"]
    fit = kocsem.sem(FACTORS, data, ordered=items)
    moved = data.assign(age=(data["age"] - 40) / 10, female=1 - data["female"])
    other = kocsem.sem(FACTORS, moved, ordered=items)
    for name in ("chisq", "chisq_scaled", "baseline_chisq_scaled", "srmr", "crmr"):
        assert other.fit_measures[name] == pytest.approx(fit.fit_measures[name])
    one, two = (f.parameters.set_index(["lhs", "op", "rhs"]) for f in (fit, other))
    paths = [("TR", "~", "CA"), ("TR", "~", "age"), ("TR", "~", "female")]
    assert_allclose(two.loc[paths, "est"], one.loc[paths, "est"] * [1, 10, -1], 1e-6)
    assert_allclose(two.loc[paths, "z"].abs(), one.loc[paths, "z"].abs(), 1e-6)
    # thresholds are free, and so the sample's: its slopes carry them to the new zero
    ordinal = fit.solution.groups[0].sample.ordinal
    shift = ordinal.slopes[fit.observed.index("c2")] @ [-40, -1]
    found = other.implied.given.thresholds - fit.implied.given.thresholds
    assert_allclose(found[["c2|t1", "c2|t3"]], shift, 1e-6)


def test_a_covariate_of_two_values_compares_two_shares():
    data = pd.read_csv(HERE / "data" / "conditional.csv")
    fit = kocsem.sem("b1 ~ female", data, ordered=True)
    share = data.groupby("female")["b1"].mean()
    row = fit.parameters.set_index(["lhs", "op", "rhs"])["est"]
    below = norm.ppf(1 - share)
    assert row["b1", "|", "t1"] == pytest.approx(below[0])
    assert row["b1", "~", "female"] == pytest.approx(below[0] - below[1])


def test_an_ordered_outcome_that_predicts():
    # what does not depend on the parameterisation, which is lavaan's "theta" here
    given, fit = reference("conditional_chain"), fitted("conditional_chain")
    for name, value in given["fit_measures"].items():
        assert fit.fit_measures[name.replace(".", "_")] == pytest.approx(
            np.nan if value is None else value,
            rel=ORDINAL_RTOL,
            abs=NONCENTRALITY_ATOL if ".ci." in name else INDEX_ATOL,
            nan_ok=True,
        ), name
    rows = by_key([r for r in given["standardized"] if r["op"] != "~*~"])
    ours = by_key(fit.standardized().to_dict("records"))
    for key, row in rows.items():
        assert ours[key]["est_std"] == pytest.approx(row["est.std"], rel=ORDINAL_RTOL)
        assert ours[key]["se"] == pytest.approx(row["se"], rel=ORDINAL_RTOL, abs=1e-6)
    effects = fit.effects(standardized=True).query("kind == 'direct'")
    paths = {key: row["est.std"] for key, row in rows.items() if key[2] == "~"}
    assert len(effects) == len(paths)
    for row in effects.to_dict("records"):
        key = (1, row["outcome"], "~", row["predictor"])
        assert row["est"] == pytest.approx(paths[key], rel=ORDINAL_RTOL)


def test_factor_scores_are_the_mode_given_answers_and_covariates():
    data = pd.read_csv(HERE / "data" / "conditional.csv")
    items = ["c1", "c2", "c3", "t1"]
    text = "CA =~ c1 + c2 + c3\nTR =~ t1 + y1 + y2\nTR ~ CA + female\nCA + c2 ~ age"
    fit = kocsem.sem(text, data, ordered=items)
    scores = fit.factor_scores().to_numpy()
    row = fit.parameters.set_index(["lhs", "op", "rhs"])["est"]
    path, own = row["TR", "~", "CA"], row["CA", "~~", "CA"]
    V = np.array([[own, path * own], [path * own, path**2 * own]])
    V[1, 1] += row["TR", "~~", "TR"]

    def value(f, case):
        level = row["CA", "~", "age"] * case["age"]
        levels = [level, path * level + row["TR", "~", "female"] * case["female"]]
        total = multivariate_normal(levels, V).logpdf(f)
        for j, place in {"y1": 1, "y2": 1, **dict.fromkeys(items, 0), "t1": 1}.items():
            loading = row[("CA", "TR")[place], "=~", j]
            mean = loading * f[place]
            if j.startswith("y"):
                mean += row[j, "~1", ""]
                total += norm.logpdf(case[j], mean, np.sqrt(row[j, "~~", j]))
                continue
            if j == "c2":
                mean += row["c2", "~", "age"] * case["age"]
            edges = [-np.inf, *(row[j, "|", f"t{k}"] for k in (1, 2, 3)), np.inf]
            ends = (np.array(edges) - mean) / np.sqrt(1 - loading**2 * V[place, place])
            code = int(case[j])
            total += np.log(norm.cdf(ends[code]) - norm.cdf(ends[code - 1]))
        return total

    for i in range(0, 12, 3):
        case = data.iloc[i].to_dict()
        best = minimize(lambda f, case=case: -value(f, case), scores[i] + 0.1)
        assert_allclose(scores[i], best.x, atol=5e-5)  # scipy differences it
