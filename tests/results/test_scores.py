"""Factor scores: the formulas by hand, and what must hold in larger models."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from estimation.five_points import ITEMS, MODEL, answers, holed
from kocsem.errors import DataError, EstimationError, UnsupportedError
from reference.lavaan import HERE, reference
from tolerances import ESTIMATE_ATOL

FACTORS = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\n"
SECOND = FACTORS + "h =~ c1 + c2 + c3\nt =~ f + g + h\n"


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(11)
    z = rng.normal(3.0, 1.0, 250)
    top = 0.5 * z + rng.normal(size=250)
    frame = {"z": z}
    for letter in "abc":
        factor = 0.7 * top + rng.normal(size=250)
        for i in range(3):
            noise = rng.normal(size=250)
            frame[f"{letter}{i + 1}"] = 5 + (1 - 0.2 * i) * factor + noise
    frame["y"] = 2.0 + 0.6 * top + rng.normal(size=250)
    index = pd.Index([f"r{i}" for i in range(250)])
    return pd.DataFrame(frame, index=index)


def matrices(fit):
    """Read Lambda, Psi and Theta of a factor model off its parameter frame."""
    items, factors = list(fit.observed), list(fit.latents)
    Lambda = pd.DataFrame(0.0, index=items, columns=factors)
    Psi = pd.DataFrame(0.0, index=factors, columns=factors)
    Theta = pd.DataFrame(0.0, index=items, columns=items)
    for row in fit.parameters.itertuples():
        if row.op == "=~":
            Lambda.loc[row.rhs, row.lhs] = row.est
        elif row.op == "~~":
            target = Psi if row.lhs in factors else Theta
            target.loc[row.lhs, row.rhs] = target.loc[row.rhs, row.lhs] = row.est
    return Lambda.to_numpy(), Psi.to_numpy(), Theta.to_numpy()


@pytest.mark.parametrize("extra", ["", "a1 ~~ b1", "f =~ b2"])
@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_factor_model_by_hand(data, extra, method):
    fit = kocsem.cfa(FACTORS + extra, data)
    Lambda, Psi, Theta = matrices(fit)
    centred = (data - data.mean())[list(fit.observed)].to_numpy()
    if method == "regression":
        weights = Psi @ Lambda.T @ np.linalg.inv(Lambda @ Psi @ Lambda.T + Theta)
    else:
        precision = np.linalg.inv(Theta)
        weights = np.linalg.inv(Lambda.T @ precision @ Lambda) @ Lambda.T @ precision
    scores = fit.factor_scores(method)
    assert_allclose(scores, centred @ weights.T, atol=1e-9)


def test_scores_keep_index_and_names(data):
    scores = kocsem.cfa(FACTORS, data).factor_scores()
    assert scores.index.equals(data.index)
    assert list(scores.columns) == ["f", "g"]


WITH_OBSERVED = {
    "covariate": FACTORS + "f ~ z\ng ~ f",
    "outcome": FACTORS + "y ~ f + z",
    "observed cause": FACTORS + "y ~ z\nf ~ y\ng ~ f + z",
    "second order": SECOND + "t ~ z",
    "no regression": FACTORS,
}


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("model", WITH_OBSERVED.values(), ids=WITH_OBSERVED)
def test_scores_do_not_need_a_mean_structure(data, model, method):
    plain = kocsem.sem(model, data).factor_scores(method)
    means = kocsem.sem(model, data, meanstructure=True).factor_scores(method)
    assert_allclose(plain, means, atol=1e-8)


@pytest.mark.parametrize("model", WITH_OBSERVED.values(), ids=WITH_OBSERVED)
def test_regression_scores_are_the_best_linear_prediction(data, model):
    # Var(score) = Cov(score, factor) for the implied moments
    fit = kocsem.sem(model, data)
    group = fit.solution.groups[0]
    implied = group.implied
    at = [group.layout.factors.index(name) for name in fit.latents]
    scores = fit.factor_scores().to_numpy()
    cases = data[list(fit.observed)].to_numpy()
    weights, *_ = np.linalg.lstsq(cases - cases.mean(0), scores - scores.mean(0))
    spread = weights.T @ implied.Sigma @ weights
    assert_allclose(spread, weights.T @ implied.C[at].T, atol=1e-8)


@pytest.mark.parametrize("model", WITH_OBSERVED.values(), ids=WITH_OBSERVED)
def test_bartlett_scores_are_unbiased(data, model):
    # Cov(score, factor) = Var(factor): each score has slope 1 on its own factor
    fit = kocsem.sem(model, data)
    group = fit.solution.groups[0]
    implied = group.implied
    at = [group.layout.factors.index(name) for name in fit.latents]
    scores = fit.factor_scores("bartlett").to_numpy()
    cases = data[list(fit.observed)].to_numpy()
    weights, *_ = np.linalg.lstsq(cases - cases.mean(0), scores - scores.mean(0))
    covariance = np.diag(weights.T @ implied.C[at].T)
    assert_allclose(covariance, np.diag(implied.Phi)[at], rtol=1e-8)


def test_bartlett_scores_of_a_second_order_factor_have_its_scale(data):
    scores = kocsem.sem(SECOND, data).factor_scores("bartlett")
    assert scores["t"].std() < 5


def test_a_factor_that_is_another_has_its_scores(data):
    scores = kocsem.sem(FACTORS + "t =~ 1*f", data).factor_scores("bartlett")
    assert_allclose(scores["t"], scores["f"], atol=1e-9)


def test_bartlett_scores_that_do_not_exist(data):
    fit = kocsem.sem(FACTORS + "g ~ f\ng ~~ 0*g", data)
    with pytest.raises(EstimationError, match=r"f, g is determined.*regression scores"):
        fit.factor_scores("bartlett")


def test_no_scores_from_a_covariance_matrix(data):
    fit = kocsem.cfa(FACTORS, sample_cov=data.cov(), sample_nobs=250)
    with pytest.raises(DataError, match="need the answers themselves"):
        fit.factor_scores()


def test_no_scores_without_factors(data):
    with pytest.raises(DataError, match="no latent variable"):
        kocsem.sem("y ~ z", data).factor_scores()


def test_unknown_method(data):
    with pytest.raises(UnsupportedError, match="Did you mean 'bartlett'"):
        kocsem.cfa(FACTORS, data).factor_scores("bartlet")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("EBM", "regression"), ("ML", "bartlett"), ("Ml", "Bartlett")],
)
@pytest.mark.parametrize("ordered", [None, True])
def test_lavaans_names_of_the_methods(theirs, ours, ordered):
    fit = kocsem.sem(MODEL, answers(), ordered=ordered)
    named, plain = fit.factor_scores(theirs), fit.factor_scores(ours)
    pd.testing.assert_frame_equal(named, plain)
    assert not named.equals(fit.factor_scores("ml" if theirs == "EBM" else "ebm"))


# ---------------------------------------------------------------- ordered items

LAVAAN = ("paths", "second", "groups", "holes", "mixed", "residuals", "covariates")


@pytest.mark.parametrize("case", LAVAAN)
def test_scores_of_ordered_items_are_lavaans(case):
    # tests/reference/ordinal_scores.R, for the first rows of each group
    given = reference(f"scores_{case}")
    options = {name.replace(".", "_"): v for name, v in given["options"].items()}
    options.pop("conditional_x", None)  # ours have one way
    data = pd.read_csv(HERE / "data" / given["data"])
    fit = kocsem.sem(given["model"], data, **options)
    for method, factors in (("regression", "latent"), ("bartlett", "direct")):
        scores, begin = fit.factor_scores(method), 0
        for group, own in zip(given["groups"], fit.solution.groups, strict=True):
            expected = np.array(group[method], dtype=float)
            found = scores[begin : begin + len(expected)][group[factors]]
            assert_allclose(found, expected, atol=ESTIMATE_ATOL)
            begin += len(own.sample.cases)


def five_points(**options):
    """Fit the model of two factors to ordered answers."""
    return kocsem.sem(MODEL, answers(), ordered=ITEMS, **options)


def test_modes_of_the_likelihood_are_further_out():
    regression, bartlett = (five_points().factor_scores(m) for m in ("EBM", "ML"))
    there = bartlett.notna().all(axis=1)
    assert (~there).any()
    assert (bartlett[there].std() > 1.1 * regression[there].std()).all()
    correlation = np.corrcoef(bartlett[there]["TR"], regression[there]["TR"])
    assert correlation[0, 1] > 0.95


def test_answers_at_one_end_have_no_mode_of_the_likelihood():
    scores = five_points().factor_scores("bartlett")
    data = answers()
    for factor, items in (("TR", ITEMS[:3]), ("CA", ITEMS[3:])):
        ends = (data[items] == 1).all(axis=1) | (data[items] == 5).all(axis=1)
        assert ends.any()
        assert scores[factor].isna().equals(ends)


def test_what_categories_are_called_does_not_matter():
    data = answers()
    other = data.assign(**{name: data[name] ** 3 - 7 for name in ITEMS})
    for method in ("regression", "bartlett"):
        first, second = (
            kocsem.sem(MODEL, frame, ordered=ITEMS).factor_scores(method)
            for frame in (data, other)
        )
        pd.testing.assert_frame_equal(first, second)


def test_turned_scales_turn_the_scores():
    data = answers()
    first = five_points().factor_scores("bartlett")
    turned = kocsem.sem(MODEL, 6 - data[ITEMS], ordered=ITEMS)
    assert_allclose(turned.factor_scores("bartlett"), -first, atol=1e-6)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_groups_without_anything_in_common_are_scored_apart(method):
    data = answers()
    joint = five_points(group="sex").factor_scores(method)
    for label in data["sex"].unique():
        own = data[data["sex"] == label]
        alone = kocsem.sem(MODEL, own, ordered=ITEMS).factor_scores(method)
        assert_allclose(joint.loc[own.index], alone, atol=1e-6)


def test_rows_with_holes_are_scored_by_what_they_answered():
    data = holed(0.3).set_axis([f"sheet {i}" for i in range(300)], axis=0)
    fit = kocsem.sem(MODEL, data, ordered=ITEMS, missing="pairwise")
    regression, bartlett = fit.factor_scores(), fit.factor_scores("bartlett")
    assert regression.index.equals(fit.data.index)
    assert np.isfinite(regression).all(axis=None)
    silent = data[ITEMS[:3]].isna().all(axis=1)
    assert silent.any()
    assert bartlett["TR"][silent].isna().all()
    slope = fit.parameters.query("op == '~'")["est"].item()
    scores = regression[silent]
    assert_allclose(scores["TR"], slope * scores["CA"], rtol=1e-9)


def test_a_factor_measured_by_factors_has_a_posterior_mode_only(data):
    coded = data.round().clip(3, 7)
    fit = kocsem.sem(SECOND, coded, ordered=[n for n in coded if n not in "zy"])
    regression, bartlett = fit.factor_scores(), fit.factor_scores("bartlett")
    assert bartlett["t"].isna().all()
    assert bartlett[["f", "g", "h"]].notna().mean().min() > 0.8
    # given its factors it is what a regression on them foretells
    cov = pd.DataFrame(fit.solution.groups[0].implied.Phi, fit.latents, fit.latents)
    slopes = np.linalg.solve(cov.iloc[:3, :3], cov.iloc[:3, 3])
    assert_allclose(regression["t"], regression[["f", "g", "h"]] @ slopes, atol=1e-9)


def test_a_factor_that_determines_another():
    fit = kocsem.sem(MODEL + "\nTR ~~ 0*TR", answers(), ordered=ITEMS)
    scores = fit.factor_scores()
    slope = fit.parameters.query("op == '~'")["est"].item()
    assert_allclose(scores["TR"], slope * scores["CA"], atol=1e-9)
    with pytest.raises(EstimationError, match=r"TR, CA is determined.*regression"):
        fit.factor_scores("bartlett")


REFUSED = {
    "residual covariance": (
        MODEL + "\nt1 ~~ c1",
        ITEMS,
        UnsupportedError,
        r"t1 and c1 are not\. Leave out",
    ),
    "chain": (
        "CA =~ c1 + c2 + c3\nt1 ~ CA\nt2 ~ t1 + CA",
        ITEMS[:2],
        UnsupportedError,
        "t1 and t2 are not",
    ),
    "no residual variance": (
        "CA =~ 1*c1 + c2 + c3\nCA ~~ 1.2*CA",
        ITEMS[3:],
        EstimationError,
        "c1 has no residual variance left",
    ),
    "continuous without residual variance": (
        "CA =~ c1 + c2 + c3\nc1 ~~ -0.1*c1",
        ITEMS[4:],
        EstimationError,
        r"do not exist here: .*negative.*fit\.findings",
    ),
    "thresholds": (
        "CA =~ c1 + c2 + c3\nc1 | 0.5*t1 + 0.1*t2",
        ITEMS[3:],
        EstimationError,
        "thresholds of c1 do not ascend",
    ),
}


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, method):
    model, ordered, error, message = REFUSED[name]
    fit = kocsem.sem(model, answers(), ordered=ordered)
    with pytest.raises(error, match=message):
        fit.factor_scores(method)


def test_items_that_share_a_covariate_need_its_answer():
    data = holed().assign(age=lambda frame: frame["age"].mask(frame.index == 7))
    model = MODEL + "\nt1 ~ age\nc1 ~ age"
    ages = {"ordered": ITEMS, "missing": "pairwise", "fixed_x": False}
    fit = kocsem.sem(model, data, **ages)
    with pytest.raises(UnsupportedError, match="t1 and c1 are not"):
        fit.factor_scores()
    rest = kocsem.sem(model, data.drop(index=7), **ages)
    assert np.isfinite(rest.factor_scores()).all(axis=None)


def test_an_item_without_residual_variance_is_its_factor():
    data = answers()
    model = MODEL + "\nAGE =~ 1*age\nage ~~ 0*age\nTR ~ AGE"
    fit = kocsem.sem(model, data, ordered=ITEMS)
    expected = data["age"] - data["age"].mean()
    assert_allclose(fit.factor_scores()["AGE"], expected, atol=1e-9)
    with pytest.raises(EstimationError, match=r"no residual.*Ask for regression"):
        fit.factor_scores("bartlett")
