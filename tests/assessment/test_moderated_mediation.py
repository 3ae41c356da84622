"""Moderated mediation: lavaan's ``:=``, least squares, known distributions of draws."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats

from kocsem.assessment.moderated_mediation import (
    conditional_indirect_effects,
    index_of_moderated_mediation,
)
from kocsem.assessment.moderation import moderation
from kocsem.errors import KocsemError
from kocsem.results.intervals import Interval
from moderation_cases import CASES, answers, defined, made
from tolerances import ESTIMATE_ATOL

PROBED = {"low": -0.9, "mid": 0, "high": 1.1}
LIMITS = ["ci_lower", "ci_upper"]


@pytest.mark.parametrize("case", ["first_stage", "second_stage", "both_stages"])
def test_conditional_indirect_effects_are_lavaans(case):
    got = conditional_indirect_effects(
        made(case), "PI", "CA", values=list(PROBED.values())
    )
    expected = [defined(case)[name] for name in PROBED]
    assert_allclose(got[["est", "se"]], expected, atol=ESTIMATE_ATOL)
    assert set(got["kind"]) == {"indirect"}
    assert set(got["moderator"]) == {"OC"}


@pytest.mark.parametrize(
    ("case", "terms", "moderated"),
    [
        ("first_stage", ["index"], "CA -> TR"),
        ("second_stage", ["index"], "TR -> PI"),
        ("both_stages", ["linear", "quadratic"], "CA -> TR; TR -> PI"),
    ],
)
def test_the_index_is_lavaans(case, terms, moderated):
    got = index_of_moderated_mediation(made(case), "PI", "CA")
    assert got["term"].tolist() == terms
    assert set(got["moderated"]) == {moderated}
    expected = [defined(case)[term] for term in terms]
    assert_allclose(got[["est", "se"]], expected, atol=ESTIMATE_ATOL)


def paths_data():
    rng = np.random.default_rng(11)
    n = 500
    x, w = rng.normal(loc=[[1], [3]], size=(2, n))
    m = 0.4 * x + 0.2 * w + 0.3 * x * w + rng.normal(size=n)
    k = 0.5 * x + rng.normal(size=n)
    y = 0.3 * m + 0.2 * k + 0.1 * w + 0.25 * m * w + 0.1 * x + rng.normal(size=n)
    return pd.DataFrame({"x": x, "w": w, "m": m, "k": k, "y": y})


BOTH = "m ~ x + w + x:w\nk ~ x\ny ~ m + k + w + x + m:w"


def coefficients(data, outcome, *terms):
    X = np.column_stack([data.eval(term).to_numpy() for term in terms])
    X = np.column_stack([X, np.ones(len(X))])
    return np.linalg.lstsq(X, data[outcome], rcond=None)[0]


@pytest.mark.parametrize("centring", ["none", "mean", "double_mean"])
def test_effects_along_several_chains_by_least_squares(centring):
    data = paths_data()
    model = moderation(BOTH, data, centring=centring)
    a, _, aw, _ = coefficients(data, "m", "x", "w", "x*w")
    b, c, _, _, bw, _ = coefficients(data, "y", "m", "k", "w", "x", "m*w")
    (d, _) = coefficients(data, "k", "x")
    got = conditional_indirect_effects(model, "y", "x", values=[2.0, 5.0])
    indirect = [(a + aw * w) * (b + bw * w) for w in (2, 5)]
    assert got["mediator"].tolist() == ["m", "m", "k", "k", "", ""]
    assert got["kind"].tolist() == ["indirect"] * 4 + ["total indirect"] * 2
    expected = [*indirect, c * d, c * d, *(i + c * d for i in indirect)]
    assert_allclose(got["est"], expected, rtol=1e-7)
    index = index_of_moderated_mediation(model, "y", "x")
    mean = data["w"].mean()
    linear = (a + aw * mean) * bw + aw * (b + bw * mean)
    assert_allclose(index["est"], [linear, aw * bw], rtol=1e-7)


def test_the_linear_term_is_the_difference_over_equal_distances():
    model = moderation(BOTH, paths_data())
    mean = paths_data()["w"].mean()
    at = conditional_indirect_effects(model, "y", "x", values=[mean - 2, mean + 2])
    linear = index_of_moderated_mediation(model, "y", "x")["est"][0]
    assert at["est"][1] - at["est"][0] == pytest.approx(4 * linear, rel=1e-9)


def test_a_second_moderator_is_held():
    data = paths_data().assign(v=np.arange(500) % 7)
    model = moderation("m ~ x + w + x:w\ny ~ m + v + m:v + x", data, centring="none")
    _, _, aw, _ = coefficients(data, "m", "x", "w", "x*w")
    b, _, bv, _, _ = coefficients(data, "y", "m", "v", "m*v", "x")
    for value in (None, 6):
        at = None if value is None else {"v": value}
        got = index_of_moderated_mediation(model, "y", "x", "w", at)
        held = data["v"].mean() if value is None else value
        assert got["est"].item() == pytest.approx(aw * (b + bv * held), rel=1e-7)
    with pytest.raises(KocsemError, match="choose moderator= among w, v"):
        index_of_moderated_mediation(model, "y", "x")


def product_quantiles(mean, covariance, probabilities):
    """Quantiles of the product of two correlated normal variables, by integration."""
    (a, b), sd = mean, np.sqrt(np.diag(covariance))
    slope = covariance[0, 1] / covariance[0, 0]
    left = np.sqrt(covariance[1, 1] - slope * covariance[0, 1])
    grid = np.linspace(a - 8 * sd[0], a + 8 * sd[0], 20_001)
    density = stats.norm.pdf(grid, a, sd[0])
    centre = b + slope * (grid - a)

    def below(q):
        bound = np.divide(q, grid, out=np.zeros_like(grid), where=grid != 0)
        inside = stats.norm.cdf(np.sign(grid) * (bound - centre) / left)
        return integrate.simpson(density * inside, x=grid)

    values = np.linspace(a * b - 8 * np.prod(sd) - 1, a * b + 8 * np.prod(sd) + 1, 801)
    return np.interp(probabilities, [below(q) for q in values], values)


def test_monte_carlo_limits_are_those_of_a_product_of_normal_variables():
    model = made("second_stage")
    names = list(model.fit.table.free_names)
    at = [names.index("TR~CA"), names.index("PI~TR.OC")]
    expected = product_quantiles(
        model.fit.solution.x[at],
        model.fit.vcov.to_numpy()[np.ix_(at, at)],
        [0.025, 0.975],
    )
    many = Interval("monte_carlo", replicates=200_000, seed=3)
    index = index_of_moderated_mediation(model, "PI", "CA", interval=many)
    assert_allclose(index[LIMITS].iloc[0], expected, atol=5e-4)
    delta = index_of_moderated_mediation(model, "PI", "CA")
    assert np.abs(delta[LIMITS].iloc[0] - expected).max() > 1e-3
    assert index["se"].item() == delta["se"].item()


def test_draws_are_repeated_by_their_seed():
    model = made("both_stages")
    first, same, other = (
        conditional_indirect_effects(
            model, "PI", "CA", interval=Interval("monte_carlo", seed=seed)
        )
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, same)
    assert (first[LIMITS] != other[LIMITS]).all(axis=None)


def test_bootstrap_draws_give_their_percentiles():
    model = made("second_stage")
    names = list(model.fit.table.free_names)
    draws = []
    rng = np.random.default_rng(6)
    for _ in range(40):
        sample = answers().iloc[rng.integers(420, size=420)].reset_index(drop=True)
        draws.append(moderation(CASES["second_stage"][0], sample).fit.solution.x)
    drawn = np.array(draws)
    a, g = names.index("TR~CA"), names.index("PI~TR.OC")
    got = index_of_moderated_mediation(model, "PI", "CA", interval=drawn)
    expected = np.quantile(drawn[:, a] * drawn[:, g], [0.025, 0.975])
    assert_allclose(got[LIMITS].iloc[0], expected, rtol=1e-12)


def test_a_predictor_can_moderate_its_own_mediator():
    data = paths_data()
    model = moderation("m ~ x\ny ~ m + x + x:m", data, centring="none")
    (a, _), (b, _, c, _) = (
        coefficients(data, "m", "x"),
        coefficients(data, "y", "m", "x", "x*m"),
    )
    got = conditional_indirect_effects(model, "y", "x", values=[2])
    assert got["est"].item() == pytest.approx(a * (b + 2 * c), rel=1e-7)


LOOP = "m ~ x + 0.2*y\ny ~ 0.5*m + w + m:w"


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (BOTH, ("y", "X"), "'X' is no variable.*x"),
        (BOTH, ("Y", "x"), "'Y' is no variable"),
        (BOTH, ("y", "m"), "No chain of two paths.*from m to y"),
        (BOTH, ("x", "y"), "No chain of two paths.*from y to x"),
        (BOTH, ("y", "x", "k"), "'k' moderates no path between x and y"),
        ("m ~ x; y ~ m + x + w; z ~ x + w + x:w", ("y", "x"), "Nothing moderates"),
        (LOOP, ("y", "x"), "form a loop"),
    ],
)
def test_what_has_no_indirect_effect(text, arguments, message):
    data = paths_data().assign(z=np.arange(500) % 11)
    model = moderation(text, data)
    for function in (conditional_indirect_effects, index_of_moderated_mediation):
        with pytest.raises(KocsemError, match=message):
            function(model, *arguments)


def test_shorter_chains_come_first():
    data = paths_data()
    model = moderation("m ~ x\nk ~ m\ny ~ k + m + w + m:w", data)
    got = conditional_indirect_effects(model, "y", "x", values=[3])
    assert got["mediator"].tolist() == ["m", "m -> k", ""]
    index = index_of_moderated_mediation(model, "y", "x")
    assert index["mediator"].tolist() == ["m"]


def test_a_path_fixed_at_zero_is_no_chain():
    model = moderation(BOTH.replace("k ~ x", "k ~ 0*x"), paths_data())
    got = conditional_indirect_effects(model, "y", "x")
    assert set(got["mediator"]) == {"m"}
