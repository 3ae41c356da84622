"""Simple slopes and regions of significance: semTools, lavaan, least squares."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.assessment.conditional import Focus
from kocsem.assessment.moderation import moderation
from kocsem.assessment.simple_slopes import (
    JohnsonNeyman,
    _region,
    johnson_neyman,
    simple_slopes,
)
from kocsem.errors import KocsemError
from moderation_cases import answers, defined, made, reference
from tolerances import ESTIMATE_ATOL

PROBED = [-0.9, 0, 1.1]
Z95 = 1.959963984540054


def probe(case):
    return pd.DataFrame(reference(case)["probe"]["SimpleSlope"])


@pytest.mark.parametrize(
    "case", ["matched_double", "matched_double_mlr", "all_double", "matched_mean"]
)
def test_slopes_are_those_of_probe2waymc(case):
    got = simple_slopes(made(case), values=PROBED)
    for column in ("est", "se"):
        assert_allclose(got[column], probe(case)[column], atol=ESTIMATE_ATOL)
    assert_allclose(got["pvalue"], probe(case)["pvalue"], atol=5e-5)


def test_the_other_variable_can_be_the_moderator():
    got = simple_slopes(made("matched_mean"), "PI", "OC", "TR", PROBED)
    expected = pd.DataFrame(reference("matched_mean")["other"]["SimpleSlope"])
    assert_allclose(got[["est", "se"]], expected[["est", "se"]], atol=ESTIMATE_ATOL)


def test_slopes_of_an_observed_moderator_are_those_of_probe2waymc():
    got = simple_slopes(made("observed_moderator"))
    assert got["level"].tolist() == ["mean - 1 SD", "mean", "mean + 1 SD"]
    w = answers()["w"]
    assert_allclose(got["value"], w.mean() + np.array([-1, 0, 1]) * w.std(ddof=0))
    expected = probe("observed_moderator")
    assert_allclose(got[["est", "se"]], expected[["est", "se"]], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("case", ["matched_residual", "three_way_residual"])
def test_estimates_with_residual_centring_are_those_of_semtools(case):
    if case == "matched_residual":
        got = simple_slopes(made(case), values=PROBED)["est"]
    else:
        rows = ((oc, ca) for ca in (-0.5, 0.7) for oc in (-0.9, 1.1))
        got = [
            simple_slopes(made(case), "PI", "TR", "OC", [oc], {"CA": ca})["est"].item()
            for oc, ca in rows
        ]
    assert_allclose(got, probe(case)["est"], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("held", [-0.5, 0.7])
def test_slopes_of_three_variables_are_those_of_probe3waymc(held):
    got = simple_slopes(
        made("three_way"), "PI", "TR", "OC", values=[-0.9, 1.1], at={"CA": held}
    )
    expected = probe("three_way").query("CA == @held")
    assert_allclose(got["est"], expected["est"], atol=ESTIMATE_ATOL)
    assert_allclose(got["se"], expected["se"], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize(
    ("case", "values"),
    [
        ("matched_double", {"low": -0.9, "mid": 0, "high": 1.1}),
        ("matched_residual", {"low": -0.9, "mid": 0, "high": 1.1}),
        ("matched_std_lv", {"low": -0.9, "mid": 0, "high": 1.1}),
        ("listed_pairs", {"low": -0.9, "mid": 0, "high": 1.1}),
        ("listwise", {"low": -0.9, "mid": 0, "high": 1.1}),
        ("fiml", {"low": -0.9, "mid": 0, "high": 1.1}),
        ("observed_moderator", {"four": 4}),
        ("observed_raw", {"zero": 0, "one": 1}),
        ("observed_centred", {"zero": 0, "one": 1}),
    ],
)
def test_slopes_and_errors_are_those_of_lavaans_definitions(case, values):
    got = simple_slopes(made(case), values=list(values.values()))
    expected = [defined(case)[name] for name in values]
    assert_allclose(got[["est", "se"]], expected, atol=ESTIMATE_ATOL)


def test_a_residual_centred_product_of_three_by_lavaans_definition():
    # the mean of the other two, a parameter, has a part in the standard error
    got = simple_slopes(
        made("three_way_residual"), "PI", "TR", "OC", [1.1], {"CA": 0.7}
    )
    expected = [defined("three_way_residual")["one"]]
    assert_allclose(got[["est", "se"]], expected, atol=ESTIMATE_ATOL)


def test_slopes_do_not_depend_on_how_factors_are_scaled():
    # in units of standard deviations of both variables, at standardised values
    marker, unit = (
        simple_slopes(made(case)) for case in ("matched_double", "matched_std_lv")
    )
    sd = {
        row.lhs: row.est**0.5
        for row in made("matched_double").fit.parameters.itertuples()
        if row.op == "~~" and row.lhs == row.rhs
    }
    # in the second, the residual of PI has unit variance
    scale = sd["TR"] / sd["PI"]
    assert_allclose(marker["est"] * scale, unit["est"], rtol=1e-6)
    assert_allclose(unit["value"], [-1, 0, 1], atol=1e-12)


@pytest.mark.parametrize("centring", ["double_mean", "mean", "none"])
def test_slopes_and_regions_of_least_squares(centring):
    data = answers()
    model = moderation("y ~ w + TR1 + w:TR1 + d", data, centring=centring)
    X = np.column_stack([np.ones(len(data)), data[["w", "TR1", "d"]]])
    X = np.column_stack([X, data["w"] * data["TR1"]])
    b, (rss,), *_ = np.linalg.lstsq(X, data["y"], rcond=None)
    V = np.linalg.inv(X.T @ X) * rss / len(data)
    slopes = simple_slopes(model, moderator="TR1", values=[1, 2.5])
    for value, row in zip([1, 2.5], slopes.itertuples(), strict=True):
        g = np.array([0, 1, 0, 0, value])
        assert row.est == pytest.approx(g @ b, rel=1e-8)
        assert row.se == pytest.approx(np.sqrt(g @ V @ g), rel=1e-6)
    found = johnson_neyman(model, predictor="TR1", moderator="w")
    for bound in found.bounds:
        g = np.array([0, 0, 1, 0, bound])
        assert abs(g @ b) / np.sqrt(g @ V @ g) == pytest.approx(Z95, rel=1e-6)
    assert found.shares == tuple((data["w"] < bound).mean() for bound in found.bounds)
    assert len(found.bounds) == 2


PAIR = "y ~ b1*x + z + b3*x:z"


def region(slope, change, noise=1.0, n=400):
    """Fit a model whose estimates are exactly as given, with z centred."""
    rng = np.random.default_rng(2)
    x, z = rng.normal(size=(2, n))
    z -= z.mean()
    design = np.column_stack([np.ones(n), x, z, x * z])
    e = rng.normal(size=n) * noise
    e -= design @ np.linalg.lstsq(design, e, rcond=None)[0]
    y = slope * x + change * x * z + e
    model = moderation(PAIR, pd.DataFrame({"x": x, "z": z, "y": y}), centring="none")
    return model, johnson_neyman(model)


@pytest.mark.parametrize(
    ("slope", "change", "significant", "bounds"),
    [
        (0.2, 0.3, "outside", 2),
        (0.5, 0.01, "between", 2),
        (5.0, 0.0, "between", 2),
        (0.0, 0.0, "nowhere", 0),
        (0.05, 0.05, "nowhere", 0),
    ],
)
def test_where_a_slope_is_significant(slope, change, significant, bounds):
    model, found = region(slope, change)
    assert (found.significant, len(found.bounds)) == (significant, bounds)
    assert found.bounds == tuple(sorted(found.bounds))
    grid = np.linspace(-60, 60, 2001)
    frame = simple_slopes(model, values=grid)
    inside = np.zeros(grid.size, dtype=bool)
    for lower, upper in found.regions:
        inside |= (grid > lower) & (grid < upper)
    assert_allclose(frame["z"].abs() > Z95, inside)


@pytest.mark.parametrize(
    ("line", "covariance", "bounds", "significant"),
    [
        # (1 + d)^2 against (1 + d^2) / 4: d^2 + 8 d / 3 + 1 = 0
        (
            (1, 1),
            [[1 / 16, 0], [0, 1 / 16]],
            ((-4 - 7**0.5) / 3, (-4 + 7**0.5) / 3),
            "outside",
        ),
        # (3 + d)^2 against 4 d^2
        ((3, 1), [[0, 0], [0, 1]], (-1, 3), "between"),
        # (1 + 2 d)^2 against 4 d^2: 1 + 4 d, one bound only
        ((1, 2), [[0, 0], [0, 1]], (-0.25,), "above"),
        ((1, -2), [[0, 0], [0, 1]], (0.25,), "below"),
        ((2, 0), [[0.5, 0], [0, 0]], (), "everywhere"),
        ((1, 0), [[0.5, 0], [0, 0]], (), "nowhere"),
        ((0, 1), [[0.5, 0], [0, 0.5]], (), "nowhere"),
    ],
)
def test_regions_in_closed_form(line, covariance, bounds, significant):
    found = _region(np.array(line, float), np.array(covariance, float), 2.0)
    assert_allclose(found[0], bounds, rtol=1e-12)
    assert found[1] == significant


@pytest.mark.parametrize(
    ("bounds", "significant", "regions"),
    [
        ((1.0, 2.0), "outside", ((-np.inf, 1.0), (2.0, np.inf))),
        ((1.0, 2.0), "between", ((1.0, 2.0),)),
        ((1.0,), "below", ((-np.inf, 1.0),)),
        ((1.0,), "above", ((1.0, np.inf),)),
        ((), "everywhere", ((-np.inf, np.inf),)),
        ((), "nowhere", ()),
    ],
)
def test_regions_as_intervals(bounds, significant, regions):
    focus = Focus("y", "x", "z")
    found = JohnsonNeyman(focus, 0.95, bounds, (0.5,) * len(bounds), significant)
    assert found.regions == regions


def test_a_change_that_is_known_leaves_no_bound():
    data = region(0.5, 0.0)[0].data.drop(columns="x.z")
    fixed = moderation("y ~ x + z + 0*x:z", data)
    assert johnson_neyman(fixed).significant == "everywhere"
    assert johnson_neyman(fixed).regions == ((-np.inf, np.inf),)
    weak = moderation("y ~ x + z + 0*x:z", region(0.01, 0.0)[0].data[["x", "z", "y"]])
    assert johnson_neyman(weak).significant == "nowhere"
    assert johnson_neyman(weak).regions == ()
    sloped = moderation("y ~ x + z + 0.2*x:z", data, centring="none")
    found = johnson_neyman(sloped)
    se = simple_slopes(sloped, values=[0])["se"].item()
    slope = simple_slopes(sloped, values=[0])["est"].item()
    expected = sorted((sign * Z95 * se - slope) / 0.2 for sign in (-1, 1))
    assert_allclose(found.bounds, expected, rtol=1e-9)
    assert found.significant == "outside"


def test_shares_below_the_bounds_of_a_latent_moderator():
    found = johnson_neyman(made("matched_double"))
    cov = dict(
        zip(
            reference("matched_double")["lv"]["names"],
            reference("matched_double")["lv"]["cov"],
            strict=True,
        )
    )
    sd = cov["OC"]["OC"] ** 0.5
    rng = np.random.default_rng(1)
    drawn = rng.normal(scale=sd, size=400_000)
    assert_allclose(
        found.shares, [(drawn < bound).mean() for bound in found.bounds], atol=0.003
    )


def test_a_wider_level_moves_the_bounds_apart():
    narrow, wide = (
        johnson_neyman(made("observed_moderator"), level=level) for level in (0.9, 0.99)
    )
    assert wide.bounds[0] < narrow.bounds[0] < narrow.bounds[1] < wide.bounds[1]


def test_a_slope_without_standard_error_has_no_region():
    data = answers()
    fixed = moderation("y ~ 0.5*w + d + 0.1*w:d", data)
    slopes = simple_slopes(fixed)
    assert (slopes["se"] == 0).all()
    assert slopes[["z", "pvalue"]].isna().all(axis=None)
    with pytest.raises(KocsemError, match="has no standard error"):
        johnson_neyman(fixed)


@pytest.mark.parametrize("level", [0, 1, 95, "high", True])
def test_a_level_is_between_0_and_1(level):
    with pytest.raises(KocsemError, match="between 0 and 1"):
        johnson_neyman(made("matched_double"), level=level)
