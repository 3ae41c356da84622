"""Ordered items: closed forms, the limit of many categories, and other codes."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

import kocsem
from estimation.five_points import ITEMS, MODEL, answers
from sem_cases import by_parameter, values_in_order

SAME_RTOL = 1e-6
SAME_ATOL = 1e-7

# ---------------------------------------------------------------- closed forms

TABLES = {
    "even": (40, 10, 10, 40),
    "skewed": (90, 8, 5, 12),
    "negative": (10, 35, 45, 20),
    "nearly apart": (26, 24, 25, 25),
    "nearly together": (60, 1, 2, 57),
}


def tetrachoric(n00, n01, n10, n11):
    """Solve the tetrachoric correlation of a two-by-two table by its definition."""
    n = n00 + n01 + n10 + n11
    a, b = norm.ppf((n00 + n01) / n), norm.ppf((n00 + n10) / n)

    def gap(rho):
        low = multivariate_normal(cov=[[1, rho], [rho, 1]]).cdf([a, b])
        return low - n00 / n

    return a, b, brentq(gap, -0.9999, 0.9999, xtol=1e-13)


def from_table(n00, n01, n10, n11):
    """Return the answers behind a two-by-two table."""
    cells = [(0, 0)] * n00 + [(0, 1)] * n01 + [(1, 0)] * n10 + [(1, 1)] * n11
    return pd.DataFrame(cells, columns=["a", "b"])


@pytest.mark.parametrize("estimator", ["WLSMV", "ULSMV", "DWLS"])
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_two_items_of_two_answers_are_a_tetrachoric_correlation(table, estimator):
    first, second, rho = tetrachoric(*table)
    fit = kocsem.sem("a ~~ b", from_table(*table), ordered=True, estimator=estimator)
    found = by_parameter(fit.parameters, "est")
    assert found["a", "~~", "b"] == pytest.approx(rho, abs=1e-6)
    assert found["a", "|", "t1"] == pytest.approx(first, abs=1e-9)
    assert found["b", "|", "t1"] == pytest.approx(second, abs=1e-9)
    # the threshold is a normal quantile of a share: its error follows by Delta's method
    n, p = sum(table), (table[0] + table[1]) / sum(table)
    error = np.sqrt(p * (1 - p) / (n - 1)) / norm.pdf(first)
    assert by_parameter(fit.parameters, "se")["a", "|", "t1"] == pytest.approx(error)


def test_one_factor_with_three_ordered_items_by_hand():
    # exactly identified: the loadings reproduce the polychoric correlations
    fit = kocsem.cfa("f =~ t1 + t2 + t3", answers(), ordered=True, std_lv=True)
    R = fit.sample_cov.to_numpy()
    expected = [
        np.sqrt(R[0, 1] * R[0, 2] / R[1, 2]),
        np.sqrt(R[0, 1] * R[1, 2] / R[0, 2]),
        np.sqrt(R[0, 2] * R[1, 2] / R[0, 1]),
    ]
    loadings = fit.parameters.query("op == '=~'")["est"]
    assert_allclose(loadings, expected, rtol=1e-6)
    assert_allclose(fit.rsquare, np.square(expected), rtol=1e-6)


def test_thresholds_are_normal_quantiles_of_the_shares():
    data = answers()
    fit = kocsem.sem(MODEL, data, ordered=True)
    for name in ITEMS:
        shares = data[name].value_counts(normalize=True).sort_index().cumsum()
        own = fit.parameters.query(f"op == '|' and lhs == '{name}'")["est"]
        assert_allclose(own, norm.ppf(shares[:-1]), rtol=1e-9)


def test_many_categories_come_near_the_variable_itself():
    # fifteen categories of a normal variable lose next to nothing of it
    rng = np.random.default_rng(20)
    n = 4000
    f = rng.normal(size=(n, 1))
    loadings = np.array([0.8, 0.7, 0.6, 0.75])
    Y = f * loadings + rng.normal(size=(n, 4)) * np.sqrt(1 - loadings**2)
    data = pd.DataFrame(Y, columns=["a", "b", "c", "d"])
    coarse = data.apply(lambda y: pd.cut(y, 15, labels=False))
    text = "f =~ a + b + c + d"
    exact = kocsem.cfa(text, data).standardized().query("op == '=~'")
    ordered = kocsem.cfa(text, coarse, ordered=True)
    assert {f.code for f in ordered.findings} >= {"many-categories"}
    found = ordered.standardized().query("op == '=~'")
    assert_allclose(found["est_std"], exact["est_std"], atol=0.006)
    assert_allclose(found["se"], exact["se"], rtol=0.1)
    assert_allclose(found["est_std"], loadings, atol=0.03)
    # as few as two answers leave the loadings where they are, with larger errors
    two = kocsem.cfa(text, (data > 0.3).astype(int), ordered=True)
    rough = two.standardized().query("op == '=~'")
    assert_allclose(rough["est_std"], loadings, atol=0.05)
    assert (rough["se"] > 1.3 * exact["se"]).all()


# ---------------------------------------------------------------- other codes

CODES = {
    "from nought": lambda x: x - 1,
    "tens": lambda x: 10 * x,
    "a thousand more": lambda x: x + 1000,
    "uneven": lambda x: x.map({1: -7.5, 2: 0.1, 3: 0.2, 4: 3.0, 5: 9e9}),
    "text": lambda x: x.astype(int).astype(str),
    "Int64": lambda x: x.astype("Int64"),
    "ordered numbers": lambda x: x.astype(
        pd.CategoricalDtype([1, 2, 3, 4, 5], ordered=True)
    ),
    "ordered words": lambda x: pd.Series(
        pd.Categorical.from_codes(
            x.astype(int) - 1,
            ["never", "seldom", "at times", "often", "always"],
            ordered=True,
        ),
        index=x.index,
    ),
}
CALLS = {
    "WLSMV": {"ordered": ITEMS},
    "mixed": {"ordered": ITEMS[:3]},
    "groups": {
        "ordered": ITEMS,
        "group": "sex",
        "group_equal": ["thresholds", "loadings"],
    },
}


def recoded(data, change, items):
    return data.assign(**{name: change(data[name]) for name in items})


@pytest.mark.parametrize("options", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("change", CODES.values(), ids=CODES)
def test_answers_may_be_coded_in_any_way(change, options):
    plain = kocsem.sem(MODEL, answers(), **options)
    data = recoded(answers(), change, options["ordered"])
    fit = kocsem.sem(MODEL, data, **options)
    pd.testing.assert_frame_equal(fit.parameters, plain.parameters)
    own = {key: v for key, v in fit.fit_measures.items() if not np.isnan(v)}
    assert own.items() <= dict(plain.fit_measures).items()


@pytest.mark.parametrize("estimator", ["WLSMV", "ULSMV"])
def test_all_answers_upside_down_turn_the_thresholds_only(estimator):
    options = {"ordered": True, "estimator": estimator}
    plain = kocsem.sem(MODEL, answers(), **options)
    turned = kocsem.sem(MODEL, recoded(answers(), lambda x: 6 - x, ITEMS), **options)
    assert turned.fit_measures == pytest.approx(
        dict(plain.fit_measures), rel=1e-6, abs=1e-8, nan_ok=True
    )
    ours, theirs = turned.parameters, plain.parameters
    for column in ("est", "se"):
        found, expected = values_in_order(
            ours.query("op != '|'"), column, like=theirs.query("op != '|'")
        )
        assert_allclose(found, expected, SAME_RTOL, SAME_ATOL)
    for name in ITEMS:
        own, before = (
            frame.query(f"op == '|' and lhs == '{name}'") for frame in (ours, theirs)
        )
        assert_allclose(own["est"], -before["est"][::-1], rtol=1e-9)
        assert_allclose(own["se"], before["se"][::-1], SAME_RTOL)


def test_one_item_upside_down_turns_its_loading():
    plain = kocsem.sem(MODEL, answers(), ordered=True)
    data = recoded(answers(), lambda x: 6 - x, ["t2"])
    turned = kocsem.sem(MODEL, data, ordered=True)
    assert turned.fit_measures["chisq_scaled"] == pytest.approx(
        plain.fit_measures["chisq_scaled"], rel=1e-6
    )
    loadings = [
        by_parameter(fit.standardized().query("op == '=~'"), "est_std")
        for fit in (turned, plain)
    ]
    for key, expected in loadings[1].items():
        sign = -1 if key[2] == "t2" else 1
        assert loadings[0][key] == pytest.approx(sign * expected, rel=1e-6)


def test_merged_categories_lose_a_threshold_and_keep_the_others():
    data = answers()
    merged = data.assign(t1=data["t1"].replace({2: 1}))
    plain, fewer = (kocsem.sem(MODEL, d, ordered=True) for d in (data, merged))
    own, before = (
        fit.parameters.query("op == '|' and lhs == 't1'") for fit in (fewer, plain)
    )
    assert len(own) == len(before) - 1 == 3
    assert_allclose(own["est"], before["est"][1:], rtol=1e-9)
    (finding,) = [f for f in fewer.findings if f.code == "empty-category"]
    assert (finding.subject, finding.value) == ("t1", 1)
    assert fewer.fit_measures["df"] == plain.fit_measures["df"]


def test_continuous_items_beside_ordered_ones_keep_their_moments():
    data = answers()
    fit = kocsem.sem(MODEL, data, ordered=ITEMS[:3])
    own = ITEMS[3:]
    assert_allclose(fit.sample_cov.loc[own, own], data[own].cov(ddof=0), rtol=1e-9)
    means = fit.parameters.query("op == '~1' and lhs in @own")["est"]
    assert_allclose(means, data[own].mean(), rtol=1e-9)
