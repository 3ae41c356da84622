"""Factor scores: the formulas by hand, and what must hold in larger models."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.errors import DataError, EstimationError, UnsupportedError

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
