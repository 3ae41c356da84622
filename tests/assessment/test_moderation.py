"""Models with products: semTools with lavaan, identities, a known truth, bad input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.assessment.moderation import moderation
from kocsem.assessment.simple_slopes import simple_slopes
from kocsem.errors import DataError, ModelSyntaxError, UnsupportedError
from moderation_cases import (
    CASES,
    OPENNESS,
    THREE,
    TRUST,
    TWO_WAY,
    answers,
    made,
    reference,
)
from tolerances import ESTIMATE_ATOL, INDEX_RTOL, ROBUST_ATOL, ROBUST_RTOL


def keyed(lhs, op, rhs):
    return (op, *(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)))


@pytest.mark.parametrize("case", CASES)
def test_every_parameter_is_lavaans(case):
    expected = {
        keyed(row["lhs"], row["op"], row["rhs"]): (row["est"], row["se"])
        for row in reference(case)["parameters"]
        if row["op"] != ":="
    }
    frame = made(case).fit.parameters
    got = {
        keyed(row.lhs, row.op, row.rhs): (row.est, row.se) for row in frame.itertuples()
    }
    assert set(got) == set(expected)
    for key, (est, se) in expected.items():
        assert got[key][0] == pytest.approx(est, abs=ESTIMATE_ATOL), key
        robust = case in ("matched_double_mlr", "fiml")
        close = {"abs": ROBUST_ATOL, "rel": ROBUST_RTOL} if robust else {"abs": 1e-6}
        assert got[key][1] == pytest.approx(se, **close), key


@pytest.mark.parametrize("case", CASES)
def test_the_test_of_the_model_is_lavaans(case):
    measures = made(case).fit.fit_measures
    assert measures["df"] == reference(case)["df"]
    assert measures["chisq"] == pytest.approx(
        reference(case)["chisq"], rel=INDEX_RTOL, abs=1e-9
    )


@pytest.mark.parametrize("case", ["all_double", "three_way_residual"])
def test_the_text_that_was_fitted_is_the_whole_model(case):
    own = made(case)
    again = kocsem.sem(own.model, own.data)
    assert_allclose(again.solution.x, own.fit.solution.x, rtol=1e-12)


def test_products_and_what_measures_them_are_named():
    (product,) = made("observed_moderator").products
    assert (product.text, product.name) == ("TR:w", "TR.w")
    assert [made.name for made in product.indicators] == ["TR1.w", "TR2.w", "TR3.w"]
    assert product.centres == {"w": pytest.approx(answers()["w"].mean())}
    assert {"TR1.w", "TR2.w", "TR3.w", "y"} < set(made("observed_moderator").data)


def test_rows_with_holes_are_reported():
    (finding,) = (
        f for f in made("listwise").fit.findings if f.code == "listwise-deletion"
    )
    assert finding.value == 420 - reference("listwise")["nobs"] == 5


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        ("matched_double", ["products-not-normal"]),
        ("matched_double_mlr", []),
        ("matched_residual", ["products-not-normal", "residual-centring-normality"]),
    ],
)
def test_findings(case, codes):
    assert [finding.code for finding in made(case).findings] == codes


def simulated(n, seed):
    rng = np.random.default_rng(seed)
    trust, open_ = np.linalg.cholesky([[1, 0.4], [0.4, 1]]) @ rng.normal(size=(2, n))
    intent = 0.4 * trust + 0.3 * open_ + 0.25 * trust * open_
    intent += 0.7 * rng.normal(size=n)
    factors = {"TR": trust, "OC": open_, "PI": intent}
    return pd.DataFrame(
        {
            f"{name}{i}": factor + 0.6 * rng.normal(size=n)
            for name, factor in factors.items()
            for i in (1, 2, 3)
        }
    )


TRUTH = [0.4, 0.3, 0.25]


@pytest.mark.parametrize(
    "options",
    [{}, {"pairing": "all"}, {"centring": "mean"}, {"centring": "residual"}],
    ids=str,
)
def test_a_known_truth_is_found(options):
    model = moderation(THREE + TWO_WAY, simulated(40_000, seed=7), **options)
    paths = model.fit.parameters.query("lhs == 'PI' and op == '~'")
    # standard errors are near 0.006
    assert_allclose(paths["est"], TRUTH, atol=0.02)


def test_bias_is_small_in_samples_of_a_study():
    paths, covered = [], 0
    for seed in range(60):
        fit = moderation(
            THREE + TWO_WAY, simulated(400, seed=seed), estimator="MLR"
        ).fit
        rows = fit.parameters.query("lhs == 'PI' and op == '~'")
        paths.append(rows["est"])
        covered += ((rows["ci_lower"] < TRUTH) & (rows["ci_upper"] > TRUTH)).sum()
    mean, error = np.mean(paths, axis=0), np.std(paths, axis=0) / np.sqrt(60)
    assert (np.abs(mean - TRUTH) < 3 * error).all()
    assert 0.88 < covered / 180 < 0.99


def test_three_way_products_need_their_error_covariances():
    # the error e of an item covaries with that of e z w, by var(e) E(zw)
    rng = np.random.default_rng(5)
    n = 20_000
    x, z, w = np.linalg.cholesky(0.6 * np.eye(3) + 0.4) @ rng.normal(size=(3, n))
    y = 0.4 * x + 0.2 * x * z + 0.1 * x * w + 0.1 * x * z * w + rng.normal(size=n)
    data = pd.DataFrame(
        {
            f"{name}{i}": factor + 0.6 * rng.normal(size=n)
            for name, factor in {"x": x, "z": z, "w": w}.items()
            for i in (1, 2)
        }
    ).assign(y=y)
    text = (
        "x =~ x1 + x2\nz =~ z1 + z2\nw =~ w1 + w2\n"
        "y ~ x + z + w + x:z + x:w + z:w + x:z:w"
    )
    double, residual = (
        moderation(text, data, centring=c) for c in ("double_mean", "residual")
    )
    for model in (double, residual):
        measures = model.fit.fit_measures
        assert measures["rmsea"] < 0.01
        slopes = simple_slopes(model, "y", "x", "z", values=[-1, 1], at={"w": 1})
        assert_allclose(slopes["est"], [0.2, 0.8], atol=0.05)


def test_the_order_of_a_product_and_its_labels_do_not_matter():
    first = moderation(THREE + "PI ~ TR + OC + g*TR:OC\ntwice := 2*g", answers())
    second = moderation(THREE + "PI ~ TR + OC + OC:TR", answers())
    assert first.fit.fit_measures["chisq"] == pytest.approx(
        second.fit.fit_measures["chisq"], rel=1e-9
    )
    assert second.products[0].text == "OC:TR"


def test_the_pairs_of_a_single_product_can_be_listed_by_themselves():
    text, options = CASES["listed_pairs"]
    (pairs,) = options["pairing"].values()
    model = moderation(text, answers(), pairing=pairs)
    assert model.model == made("listed_pairs").model


def test_user_lines_on_products_are_kept():
    plain = made("matched_double").fit.fit_measures
    text = THREE + TWO_WAY + "TR:OC ~~ 0*TR\nTR1.OC1 ~~ TR2.OC2"
    model = moderation(text, answers())
    assert "TR.OC ~~ 0*TR" in model.model
    assert model.fit.fit_measures["df"] == plain["df"]  # one fixed, one free


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"group": "d"}, UnsupportedError, "several groups"),
        ({"sampling_weights": "w"}, UnsupportedError, "sampling weights"),
        ({"ordered": True}, UnsupportedError, "ordered items"),
        ({"ordered": ["TR1"]}, UnsupportedError, "ordered items"),
        ({"sample_cov": pd.DataFrame()}, DataError, "covariance matrix"),
        ({"centring": "none"}, UnsupportedError, "TR:OC has a latent part"),
        ({"centring": "Z"}, UnsupportedError, "'double_mean'"),
        ({"pairing": "some"}, UnsupportedError, "'matched', 'all'"),
        ({"pairing": {"OC:TR": []}}, ModelSyntaxError, "'OC:TR'.*paired for: TR:OC"),
        ({"pairing": {"TR:OC": []}}, DataError, "empty"),
        ({"pairing": {"TR:OC": [("TR1", "PI1")]}}, DataError, "one of OC1, OC2"),
        ({"pairing": {"TR:OC": [("TR1", "OC1")]}}, DataError, "TR1.OC1 alone"),
    ],
    ids=str,
)
def test_options_that_cannot_be_met(options, error, message):
    with pytest.raises(error, match=message):
        moderation(THREE + TWO_WAY, answers(), **options)


SECOND_ORDER = THREE + "G =~ TR + OC + PI\nCA =~ CA1 + CA2 + CA3\n"


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (THREE + "PI ~ TR + OC", ModelSyntaxError, "names no product"),
        (TRUST + "y ~ TR + Z + TR:Z", DataError, "no column for Z"),
        (TRUST + "y ~ TR + TR2 + TR:TR2", DataError, "TR2 stands in the product"),
        (
            TRUST + "OC =~ OC1 + OC2\ny ~ TR + OC + TR:OC",
            DataError,
            r"3 \(TR1, TR2, TR3\) and 2 \(OC1, OC2\)",
        ),
        (SECOND_ORDER + "y ~ G + CA + G:CA", UnsupportedError, "TR, which is latent"),
    ],
)
def test_texts_that_cannot_be_fitted(text, error, message):
    with pytest.raises(error, match=message):
        moderation(text, answers())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([[1.0]], "DataFrame, not list"),
        (answers().assign(TR1="often"), "TR1 holds text: 'often'"),
        (answers().assign(TR1=4), "TR1 has no two different"),
        (answers().head(9), "9 complete rows are too few for 12 variables"),
        (answers().head(0), "no two different answers"),
        (answers().rename(columns={"OC2": "oc2"}), r"OC2 \(nearest column: oc2\)"),
        (answers().assign(**{"TR1.OC1": 1.0}), "would be called TR1.OC1"),
    ],
)
def test_data_that_cannot_carry_a_product(data, message):
    with pytest.raises(DataError, match=message):
        moderation(THREE + TWO_WAY, data)


def test_residual_centring_of_observed_variables_is_refused():
    with pytest.raises(UnsupportedError, match="w:d is a product of observed"):
        moderation("y ~ w + d + w:d", answers(), centring="residual")


def test_a_covariate_of_an_observed_moderator_keeps_its_covariances():
    # d and w are correlated: without their covariances the model could not fit
    model = moderation(
        TRUST + OPENNESS + "y ~ TR + w + d + TR:w + OC + OC:d", answers()
    )
    frame = model.fit.parameters
    pairs = {frozenset(p) for p in frame.query("op == '~~'")[["lhs", "rhs"]].to_numpy()}
    for pair in ("w d", "w TR", "w OC", "w TR.w", "w OC.d", "d TR", "d OC.d", "d TR.w"):
        assert frozenset(pair.split()) in pairs, pair
