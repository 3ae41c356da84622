"""Parameters that are equal across groups: what must agree by algebra."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from sem_cases import HS, holzinger

SAME_RTOL = 1e-7
SCHOOLS = ("Pasteur", "Grant-White")
COLUMNS = ("est", "se", "z", "pvalue", "std_lv", "std_all")
ROBUST = ("MLR", "MLM", "MLMV")
EQUAL = {
    "nothing": (),
    "loadings": ("loadings",),
    "intercepts too": ("loadings", "intercepts"),
}
STRUCTURE = f"{HS}\nspeed ~ visual + textual"
COVARIATES = f"{HS}\nvisual + textual + speed ~ ageyr + sex"


def chisq(fit):
    return fit.fit_measures["chisq"]


def in_schools(text, data, **options):
    return kocsem.sem(text, data, group="school", **options)


def assert_same_fit(first, second, *, but=(), rtol=SAME_RTOL):
    """Hold all parameters and measures of two fits to each other."""
    ours, theirs = first.parameters, second.parameters
    pd.testing.assert_frame_equal(
        ours[["lhs", "op", "rhs", "group"]], theirs[["lhs", "op", "rhs", "group"]]
    )
    for column in COLUMNS:
        assert_allclose(ours[column], theirs[column], rtol=rtol, atol=1e-7)
    assert first.fit_measures.keys() == second.fit_measures.keys()
    for name, value in second.fit_measures.items():
        if name not in but:
            found = first.fit_measures[name]
            assert_allclose(found, value, rtol=rtol, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("text", [HS, STRUCTURE, COVARIATES])
@pytest.mark.parametrize("estimator", ["ML", *ROBUST])
def test_groups_with_nothing_in_common_are_separate_fits(text, estimator):
    data = holzinger()
    together = in_schools(text, data, estimator=estimator)
    apart = [
        kocsem.sem(text, own, meanstructure=True, estimator=estimator)
        for _, own in data.groupby("school", sort=False)
    ]
    for number, fit in enumerate(apart, start=1):
        ours = together.parameters.query("group == @number").reset_index(drop=True)
        pd.testing.assert_frame_equal(
            ours.drop(columns="group"),
            fit.parameters.drop(columns="group"),
            rtol=1e-6,
            atol=1e-7,
        )
        for kind in ("raw", "cor_bollen", "cor_bentler"):
            found = together.residuals(kind)[SCHOOLS[number - 1]]
            assert_allclose(found, fit.residuals(kind), atol=1e-7)
        assert_allclose(together.rsquare[SCHOOLS[number - 1]], fit.rsquare, rtol=1e-6)
    for name in ("chisq", "df", "npar", "logl", "unrestricted_logl", "baseline_chisq"):
        total = sum(fit.fit_measures[name] for fit in apart)
        assert together.fit_measures[name] == pytest.approx(total, rel=1e-8)
    shares = [fit.nobs / 301 for fit in apart]
    for name in ("srmr", "gfi_lisrel"):
        mean = sum(
            share * fit.fit_measures[name]
            for share, fit in zip(shares, apart, strict=True)
        )
        assert together.fit_measures[name] == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize("equal", EQUAL.values(), ids=EQUAL)
def test_groups_that_are_copies_are_one_group(equal):
    """Two equal groups: the estimates of one, twice its chi-square."""
    data = holzinger()
    twice = pd.concat([data.assign(half="a"), data.assign(half="b")])
    fit = kocsem.cfa(HS, twice, group="half", group_equal=equal)
    one = kocsem.cfa(HS, data, meanstructure=True)
    assert chisq(fit) == pytest.approx(2 * chisq(one), rel=1e-8)
    keys = ["lhs", "op", "rhs"]
    expected = one.parameters.set_index(keys)["est"]
    for _, own in fit.parameters.groupby("group"):
        assert_allclose(
            own.set_index(keys)["est"], expected[own.set_index(keys).index], atol=1e-7
        )


@pytest.mark.parametrize("equal", EQUAL.values(), ids=EQUAL)
@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLMV"])
def test_names_of_groups_are_names(equal, estimator):
    data, other = holzinger(), holzinger()
    other["school"] = other["school"].map({"Pasteur": 7, "Grant-White": -1.5})
    fits = [
        in_schools(HS, frame, group_equal=equal, estimator=estimator)
        for frame in (data, other)
    ]
    assert fits[0].groups == SCHOOLS
    assert fits[1].groups == ("7", "-1.5")
    assert_same_fit(fits[1], fits[0], rtol=1e-12)


@pytest.mark.parametrize("equal", EQUAL.values(), ids=EQUAL)
@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLMV"])
def test_the_order_of_rows_within_groups_plays_no_part(equal, estimator):
    data = holzinger()
    rng = np.random.default_rng(5)
    mixed = data.iloc[[0, *(1 + rng.permutation(300))]]  # the first group stays first
    fits = [
        in_schools(HS, frame, group_equal=equal, estimator=estimator)
        for frame in (data, mixed)
    ]
    assert_same_fit(fits[1], fits[0])
    scores = [fit.factor_scores().sort_index() for fit in fits]
    assert_allclose(scores[1], scores[0], atol=1e-7)


@pytest.mark.parametrize(
    "equal", [(), ("loadings",), ("loadings", "residuals", "lv_variances")]
)
@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLMV"])
def test_the_order_of_groups_only_numbers_them(equal, estimator):
    data = holzinger()
    first, second = (
        in_schools(HS, frame, group_equal=equal, estimator=estimator)
        for frame in (data, data[::-1])
    )
    assert second.groups == first.groups[::-1]
    swapped = second.parameters.assign(group=3 - second.parameters["group"])
    keys = ["group", "lhs", "op", "rhs"]
    ours, theirs = swapped.set_index(keys), first.parameters.set_index(keys)
    for column in COLUMNS:
        assert_allclose(ours.loc[theirs.index, column], theirs[column], atol=1e-7)
    for name, value in first.fit_measures.items():
        assert_allclose(second.fit_measures[name], value, rtol=SAME_RTOL, atol=1e-7)


def test_the_other_group_as_reference_only_moves_the_means():
    """With equal intercepts the second group's factor means turn their signs."""
    data = holzinger()
    first, second = (
        in_schools(HS, frame, group_equal=("loadings", "intercepts"))
        for frame in (data, data[::-1])
    )
    assert chisq(second) == pytest.approx(chisq(first), rel=1e-8)
    means = "op == '~1' and group == 2 and lhs in ['visual', 'textual', 'speed']"
    ours, theirs = (fit.parameters.query(means)["est"] for fit in (second, first))
    assert_allclose(ours, -theirs, rtol=1e-6)


@pytest.mark.parametrize("equal", EQUAL.values(), ids=EQUAL)
@pytest.mark.parametrize("estimator", ["ML", *ROBUST])
def test_the_scale_of_items_leaves_tests_alone(equal, estimator):
    data, other = holzinger(), holzinger()
    # a positive factor and a shift of each item, the same in both groups
    for i in range(1, 10):
        other[f"x{i}"] = other[f"x{i}"] * 10.0 ** (i % 4 - 2) + 3 * i
    fits = [
        in_schools(HS, frame, group_equal=equal, estimator=estimator)
        for frame in (data, other)
    ]
    tests = [
        name for name in fits[0].fit_measures if "chisq" in name or "rmsea" in name
    ]
    for name in (*tests, "srmr", "cfi", "df"):
        found = [fit.fit_measures[name] for fit in fits]
        assert_allclose(found[1], found[0], rtol=1e-6, err_msg=name)
    std = [fit.standardized().query("op != '~1'")["est_std"] for fit in fits]
    assert_allclose(std[1], std[0], atol=1e-6)


def test_a_factors_scale_leaves_the_ladder_alone():
    for equal in EQUAL.values():
        marker, variance = (
            in_schools(HS, holzinger(), group_equal=equal, std_lv=std_lv)
            for std_lv in (False, True)
        )
        assert chisq(variance) == pytest.approx(chisq(marker), rel=1e-8)
        assert variance.solution.df == marker.solution.df


def test_labels_are_group_equal_by_hand():
    tied = HS
    for i in (2, 3, 5, 6, 8, 9):
        tied = tied.replace(f"x{i}", f"c(l{i}, l{i})*x{i}")
    first = in_schools(HS, holzinger(), group_equal="loadings")
    second = in_schools(tied, holzinger())
    assert_same_fit(second, first, rtol=1e-8)


def test_lines_are_labels():
    pairs = (2, 3, 5, 6, 8, 9)
    tied = HS
    for i in pairs:
        tied = tied.replace(f"x{i}", f"c(l{i}, m{i})*x{i}")
    lines = "\n".join(f"l{i} == m{i}" for i in pairs)
    first = in_schools(HS, holzinger(), group_equal="loadings")
    second = in_schools(f"{tied}\n{lines}", holzinger())
    assert_same_fit(second, first, rtol=1e-8)


def test_equal_in_all_but_one_is_group_partial():
    partial = in_schools(
        HS, holzinger(), group_equal="loadings", group_partial="visual =~ x2"
    )
    by_hand = HS
    for i in (3, 5, 6, 8, 9):
        by_hand = by_hand.replace(f"x{i}", f"c(l{i}, l{i})*x{i}")
    assert_same_fit(in_schools(by_hand, holzinger()), partial, rtol=1e-8)
