"""Several groups at once against each group alone, and results by group."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from estimation.five_points import CALLS, ITEMS, MODEL, answers, called, holed, refused
from kocsem.errors import DataError

SAME_RTOL = 2e-7
SAME_ATOL = 1e-8
LABELS = ("f", "m")
# groups of the same size, so that n - 2 is twice n / 2 - 1 where least squares counts
# so; every answer occurs in both
DATA = {
    holes: pd.concat([frame[frame["sex"] == label][:140] for label in LABELS])
    for holes, frame in ((False, answers()), (True, holed()))
}


def alone(name, label, **options):
    """Fit one group by itself."""
    data = DATA[CALLS[name][0]]
    return called(name, data=data[data["sex"] == label], **options)


@pytest.mark.parametrize("name", CALLS)
def test_groups_with_nothing_in_common_are_fits_apart(name):
    options = {} if "ordered" in CALLS[name][1] else {"meanstructure": True}
    joint = called(name, data=DATA[CALLS[name][0]], group="sex", **options)
    parts = [alone(name, label, **options) for label in LABELS]
    assert joint.groups == LABELS
    assert joint.nobs == sum(part.nobs for part in parts)
    for number, part in enumerate(parts, start=1):
        own = joint.parameters.query(f"group == {number}")
        for column in ("est", "se", "std_lv", "std_all"):
            assert_allclose(own[column], part.parameters[column], SAME_RTOL, SAME_ATOL)
    for measure in ("chisq", "df", "npar", "baseline_chisq", "baseline_df", "logl"):
        if measure in joint.fit_measures:
            expected = sum(part.fit_measures[measure] for part in parts)
            found = joint.fit_measures[measure]
            assert found == pytest.approx(expected, rel=1e-7), measure
    for measure in ("srmr", "gfi_lisrel", "rmr", "crmr"):
        expected = np.mean([part.fit_measures[measure] for part in parts])
        assert joint.fit_measures[measure] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("name", CALLS)
def test_results_come_by_group(name):
    options = {} if "ordered" in CALLS[name][1] else {"meanstructure": True}
    joint = called(name, data=DATA[CALLS[name][0]], group="sex", **options)
    parts = {label: alone(name, label, **options) for label in LABELS}
    for ask in (
        lambda fit: fit.rsquare,
        lambda fit: fit.sample_cov,
        lambda fit: fit.latent_correlations,
        *(
            lambda fit, kind=kind: fit.residuals(kind)
            for kind in ("raw", "cor_bollen", "cor_bentler")
        ),
    ):
        found = ask(joint)
        assert tuple(found) == LABELS
        for label, part in parts.items():
            expected = ask(part)
            assert found[label].index.equals(expected.index)
            assert_allclose(found[label], expected, SAME_RTOL, SAME_ATOL)
    for label, part in parts.items():
        assert_allclose(
            joint.implied[label].cov, part.implied.cov, SAME_RTOL, SAME_ATOL
        )
        assert_allclose(
            joint.implied[label].mean, part.implied.mean, SAME_RTOL, SAME_ATOL
        )


@pytest.mark.parametrize("name", ["ML", "MLR", "GLS", "ULS", "FIML", "WLSMV", "mixed"])
def test_effects_come_by_group(name):
    options = {} if "ordered" in CALLS[name][1] else {"meanstructure": True}
    joint = called(name, data=DATA[CALLS[name][0]], group="sex", **options)
    for number, label in enumerate(LABELS, start=1):
        own = joint.effects().query(f"group == {number}")
        expected = alone(name, label, **options).effects()
        assert list(own["effect"]) == list(expected["effect"])
        for column in ("est", "se", "pvalue"):
            assert_allclose(own[column], expected[column], SAME_RTOL, SAME_ATOL)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("name", ["ML", "GLS", "ULS", "FIML", "weights", "clusters"])
def test_scores_keep_the_index_of_their_rows(name, method):
    holes = CALLS[name][0]
    shuffled = DATA[holes].sample(frac=1, random_state=2)
    joint = called(name, data=shuffled, group="sex", meanstructure=True)
    scores = joint.factor_scores(method)
    assert scores.index.equals(joint.data.index)
    assert sorted(scores.index) == sorted(shuffled.index)
    assert list(scores.columns) == ["TR", "CA"]
    for label in LABELS:
        expected = alone(name, label, meanstructure=True).factor_scores(method)
        assert_allclose(scores.loc[expected.index], expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ["ML", "MLR", "GLS", "FIML", "WLSMV"])
def test_the_order_of_the_groups_is_that_of_their_appearance(name):
    data = DATA[CALLS[name][0]]
    options = {"group": "sex", "group_equal": "loadings"}
    there = called(name, data=data, **options)
    back = called(name, data=data[::-1], **options)
    assert (there.groups, back.groups) == (("f", "m"), ("m", "f"))
    for measure in ("chisq", "df", "cfi", "rmsea", "srmr"):
        assert back.fit_measures[measure] == pytest.approx(
            there.fit_measures[measure], rel=1e-6
        )
    first, second = (
        fit.parameters.query(f"group == {number}")["est"].to_numpy()
        for fit, number in ((there, 1), (back, 2))
    )
    assert_allclose(first, second, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["ML", "GLS", "FIML", "WLSMV", "weights"])
def test_two_halves_that_are_the_same_are_one_group_twice(name):
    data = DATA[CALLS[name][0]]
    twice = pd.concat([data.assign(half="a"), data.assign(half="b")])
    equal = ["loadings", "regressions", "lv_variances"]
    joint = called(name, data=twice, group="half", group_equal=equal)
    options = {} if "ordered" in CALLS[name][1] else {"meanstructure": True}
    single = called(name, data=data, **options)
    for number in (1, 2):
        own = joint.parameters.query(f"group == {number}")
        assert_allclose(own["est"], single.parameters["est"], 1e-6, 1e-7)
    chisq = joint.fit_measures["chisq"]
    assert chisq == pytest.approx(2 * single.fit_measures["chisq"], rel=1e-6)


# ---------------------------------------------------------------- labels

LABELLED = {
    "text": ["a", "b"],
    "numbers": [1, 2],
    "floats": [1.0, 2.0],
    "flags": [True, False],
    "Chinese": ["男", "女"],
    "dates": pd.to_datetime(["2025-01-01", "2025-06-01"]),
}
NAMES = {
    "text": ("a", "b"),
    "numbers": ("1", "2"),
    "floats": ("1", "2"),
    "flags": ("True", "False"),
    "Chinese": ("男", "女"),
    "dates": ("2025-01-01 00:00:00", "2025-06-01 00:00:00"),
}


@pytest.mark.parametrize("kind", LABELLED)
def test_groups_of_any_type(kind):
    values = pd.Series(LABELLED[kind])
    places = np.arange(300) % 2
    data = answers().assign(part=values[places].to_numpy())
    plain = kocsem.sem(MODEL, answers().assign(part=places), group="part")
    for column in (data["part"], data["part"].astype("category")):
        fit = kocsem.sem(MODEL, data.assign(part=column), group="part")
        assert fit.groups == NAMES[kind]
        assert_allclose(fit.parameters["est"], plain.parameters["est"], rtol=1e-10)


def test_rows_without_a_group_are_left_out_and_counted():
    data = answers()
    data["sex"] = data["sex"].where(data.index >= 10)
    for options in ({}, {"missing": "fiml"}, {"ordered": ITEMS, "missing": "pairwise"}):
        fit = kocsem.sem(MODEL, data, group="sex", **options)
        finding = fit.findings[0]
        assert (finding.code, finding.severity) == ("group-unknown", "warning")
        assert finding.value == 10
        assert fit.nobs == 290
        assert len(fit.data) == 290


SINGLE = {
    "one value": ("m", "group='part' has 1 different values"),
    "no value": (None, "group='part' has 0 different values"),
}


@pytest.mark.parametrize(("value", "words"), SINGLE.values(), ids=SINGLE)
@pytest.mark.parametrize("options", [{}, {"missing": "fiml"}, {"ordered": True}])
def test_one_group_is_no_comparison(value, words, options):
    data = answers().assign(part=value)
    words = [words, "two groups or more", "Leave group= out"]
    refused(DataError, words, MODEL, data, group="part", **options)
