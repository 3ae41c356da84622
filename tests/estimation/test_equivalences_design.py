"""Sampling weights and clusters against the same rows counted in other ways."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from estimation.five_points import ITEMS, MODEL, answers, holed

SAME_RTOL = 1e-7
SAME_ATOL = 1e-9


def weighted(holes=False):
    """Return answers with weights of several kinds."""
    rng = np.random.default_rng(5)
    data = holed() if holes else answers()
    return data.assign(
        same=7.5,
        ten=10 * data["w"],
        times=rng.integers(1, 4, len(data)),
    )


WEIGHTED = {
    "MLR": (False, {"estimator": "MLR"}),
    "means": (False, {"estimator": "MLR", "meanstructure": True}),
    "MLM": (False, {"estimator": "MLM"}),
    "MLMV": (False, {"estimator": "MLMV"}),
    "FIML": (True, {"estimator": "MLR", "missing": "fiml"}),
    "WLSMV": (False, {"ordered": ITEMS}),
    "ULSMV": (False, {"ordered": ITEMS, "estimator": "ULSMV"}),
    "mixed": (False, {"ordered": ITEMS[:3]}),
    "pairwise": (True, {"ordered": ITEMS, "missing": "pairwise"}),
    "GLS": (False, {"estimator": "GLS", "se": "robust_sem", "test": "satorra_bentler"}),
    "ULS": (False, {"estimator": "ULS", "se": "robust_sem", "test": "satorra_bentler"}),
}
LISREL = ("gfi_lisrel", "agfi_lisrel", "pgfi")
GROUPS = {"one group": {}, "two groups": {"group": "sex", "group_equal": "loadings"}}


def assert_same_fit(first, second, but=()):
    for column in ("est", "se", "pvalue", "std_all"):
        found, expected = first.parameters[column], second.parameters[column]
        assert_allclose(found, expected, SAME_RTOL, SAME_ATOL, err_msg=column)
    found, expected = (
        {name: value for name, value in fit.fit_measures.items() if name not in but}
        for fit in (first, second)
    )
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
@pytest.mark.parametrize(("holes", "options"), WEIGHTED.values(), ids=WEIGHTED)
def test_equal_weights_are_no_weights(holes, options, groups):
    data, options = weighted(holes), options | groups
    without = kocsem.sem(MODEL, data, **options)
    fit = kocsem.sem(MODEL, data, sampling_weights="same", **options)
    # with holes lavaan holds LISREL's GFI to other moments if there are weights
    assert_same_fit(fit, without, but=LISREL if holes else ())
    assert fit.nobs == 300


@pytest.mark.parametrize(("holes", "options"), WEIGHTED.values(), ids=WEIGHTED)
def test_the_scale_of_the_weights_does_not_matter(holes, options):
    once, tenfold = (
        kocsem.sem(MODEL, weighted(holes), sampling_weights=w, **options)
        for w in ("w", "ten")
    )
    assert_same_fit(tenfold, once)


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_only_the_weights_within_a_group_count(estimator):
    data = weighted()
    data["uneven"] = data["w"] * np.where(data["sex"] == "m", 5.0, 1.0)
    even, uneven = (
        kocsem.sem(
            MODEL,
            data,
            sampling_weights=name,
            estimator=estimator,
            group="sex",
            group_equal="loadings",
        )
        for name in ("w", "uneven")
    )
    assert_same_fit(uneven, even)


@pytest.mark.parametrize("name", ["MLR", "means", "MLM", "FIML", "ULSMV"])
def test_whole_weights_are_repeated_rows_to_the_estimates(name):
    holes, options = WEIGHTED[name]
    data = weighted(holes)
    rows = data.loc[data.index.repeat(data["times"])].reset_index(drop=True)
    by_weight = kocsem.sem(MODEL, data, sampling_weights="times", **options)
    by_row = kocsem.sem(MODEL, rows, **options)
    for column in ("est", "std_all"):
        found, expected = by_weight.parameters[column], by_row.parameters[column]
        assert_allclose(found, expected, 1e-6, 1e-7)
    assert by_weight.nobs == 300
    assert by_row.nobs == data["times"].sum()
    # F is the same, its multiple is not
    ratio = by_row.fit_measures["chisq"] / by_weight.fit_measures["chisq"]
    cases = [fit.solution.cases for fit in (by_row, by_weight)]
    assert ratio == pytest.approx(cases[0] / cases[1], rel=1e-7)


@pytest.mark.parametrize("name", ["GLS", "ULS"])
def test_whole_weights_are_repeated_rows_but_for_n_less_one(name):
    _, options = WEIGHTED[name]
    data = weighted()
    rows = data.loc[data.index.repeat(data["times"])].reset_index(drop=True)
    by_weight = kocsem.sem(MODEL, data, sampling_weights="times", **options)
    by_row = kocsem.sem(MODEL, rows, **options)
    found, expected = by_weight.parameters["std_all"], by_row.parameters["std_all"]
    assert_allclose(found, expected, 1e-7, 1e-8)
    n, m = by_weight.nobs, by_row.nobs
    scale = n / (n - 1) / (m / (m - 1))
    variances = [f.parameters.query("op == '~~'")["est"] for f in (by_weight, by_row)]
    assert_allclose(variances[0], variances[1] * scale, rtol=1e-7)


@pytest.mark.parametrize("name", ["MLR", "GLS", "FIML", "WLSMV", "pairwise"])
@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
def test_a_weight_of_zero_leaves_the_row_out(name, groups):
    holes, options = WEIGHTED[name]
    data, options = weighted(holes), options | groups | {"sampling_weights": "w"}
    data.loc[data.index < 10, "w"] = 0.0
    zero = kocsem.sem(MODEL, data, **options)
    absent = kocsem.sem(MODEL, data[10:], **options)
    assert_same_fit(zero, absent)
    assert zero.nobs == len(zero.data) == 290
    finding = next(f for f in zero.findings if f.code == "zero-weight")
    assert (finding.subject, finding.value, finding.severity) == ("w", 10, "info")
    assert finding.message.startswith("10 of 300 rows have the weight 0")


# ---------------------------------------------------------------- clusters


@pytest.mark.parametrize("options", [{}, {"missing": "fiml"}, {"estimator": "MLR"}])
def test_clusters_of_one_are_no_clusters_but_for_a_factor(options):
    data = answers().assign(person=[f"p{i}" for i in range(300)])
    apart = kocsem.sem(MODEL, data, cluster="person", **options)
    robust = kocsem.sem(
        MODEL, data, meanstructure=True, **(options | {"estimator": "MLR"})
    )
    assert_allclose(apart.parameters["est"], robust.parameters["est"], rtol=1e-9)
    assert_allclose(apart.vcov, robust.vcov * 300 / 299, rtol=1e-9, atol=1e-15)
    ratio = (
        apart.fit_measures["chisq_scaling_factor"]
        / robust.fit_measures["chisq_scaling_factor"]
    )
    assert ratio == pytest.approx(300 / 299, rel=1e-9)


def test_repeated_respondents_are_one_cluster():
    # each row three times, with its copies in one cluster: the errors stay, but for
    # c / (c - 1), while robust errors of independent rows fall by the root of 3
    data = answers()
    thrice = pd.concat([data] * 3, ignore_index=True)
    thrice["person"] = np.tile(np.arange(300), 3)
    together = kocsem.sem(MODEL, thrice, cluster="person")
    apart = kocsem.sem(MODEL, thrice, estimator="MLR", meanstructure=True)
    once = kocsem.sem(MODEL, data, estimator="MLR", meanstructure=True)
    assert_allclose(together.parameters["est"], once.parameters["est"], 1e-7, 1e-8)
    assert_allclose(together.vcov, once.vcov * 300 / 299, rtol=1e-6, atol=1e-12)
    assert_allclose(apart.vcov, once.vcov / 3, rtol=1e-6, atol=1e-12)


def test_only_what_is_together_matters_not_what_it_is_called():
    data = answers()
    names = {
        "numbers": data["koc"],
        "text": "KOC " + data["koc"].astype(str),
        "floats": data["koc"] / 7,
        "category": data["koc"].astype("category"),
        "another order": 100 - data["koc"],
    }
    plain = kocsem.sem(MODEL, data, cluster="koc")
    for column in names.values():
        fit = kocsem.sem(MODEL, data.assign(koc=column), cluster="koc")
        assert_allclose(fit.vcov, plain.vcov, rtol=1e-10)
    shuffled = data.sample(frac=1, random_state=4)
    fit = kocsem.sem(MODEL, shuffled, cluster="koc")
    assert_allclose(fit.vcov, plain.vcov, rtol=1e-7, atol=1e-12)


def test_equal_weights_and_clusters_are_clusters_alone():
    data = weighted()
    for options in ({}, {"missing": "fiml"}, {"group": "sex"}):
        both = kocsem.sem(
            MODEL, data, cluster="koc", sampling_weights="same", **options
        )
        assert_same_fit(both, kocsem.sem(MODEL, data, cluster="koc", **options))
