"""Models that must agree: by algebra, by ordinary regression, by another input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from sem_cases import HS, PD, by_parameter, democracy, holzinger, values_in_order

SAME_RTOL = 1e-7
SAME_ATOL = 1e-8
ITEMS = [f"x{i}" for i in range(1, 10)]


def chisq(fit):
    return fit.fit_measures["chisq"]


def assert_same_column(first, second, column, atol=SAME_ATOL):
    ours, expected = values_in_order(first, column, like=second)
    assert_allclose(ours, expected, rtol=SAME_RTOL, atol=atol, err_msg=column)


def value(fit, lhs, op, rhs="", column="est"):
    return by_parameter(fit.parameters, column)[lhs, op, rhs]


# ---------------------------------------------------------------- input

MODELS = {
    "cfa": (HS, holzinger, {}),
    "sem": (PD, democracy, {}),
    "path": ("x9 ~ x1 + x5\nx5 ~ x1", holzinger, {}),
    "covariates": (f"{HS}\nvisual ~ ageyr + sex\nspeed ~ visual", holzinger, {}),
    "random covariates": (f"{HS}\nvisual ~ sex", holzinger, {"fixed_x": False}),
    "second order": (f"{HS}\ng =~ visual + textual + speed", holzinger, {}),
}


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize(("text", "read", "options"), MODELS.values(), ids=MODELS)
def test_moments_are_as_good_as_data(text, read, options, means):
    data = read()
    numbers = data.select_dtypes("number")
    raw = kocsem.sem(text, data, meanstructure=means, **options)
    printed = kocsem.sem(
        text,
        sample_cov=numbers.cov(),
        sample_nobs=len(data),
        sample_mean=numbers.mean() if means else None,
        meanstructure=means,
        **options,
    )
    assert printed.fit_measures.keys() == raw.fit_measures.keys()
    for name, number in raw.fit_measures.items():
        found = printed.fit_measures[name]
        assert_allclose(found, number, rtol=SAME_RTOL, atol=1e-9, err_msg=name)
    for column in ("est", "se", "pvalue", "std_all"):
        assert_same_column(printed.parameters, raw.parameters, column)
    assert_same_column(
        printed.modification_indices(), raw.modification_indices(), "mi", atol=1e-6
    )


def test_means_that_the_model_does_not_use_change_nothing():
    data = holzinger()[ITEMS]
    without, given = (
        kocsem.cfa(HS, sample_cov=data.cov(), sample_nobs=301, sample_mean=means)
        for means in (None, data.mean())
    )
    assert chisq(given) == chisq(without)


@pytest.mark.parametrize(("text", "read", "options"), MODELS.values(), ids=MODELS)
def test_free_means_leave_the_covariance_part_as_it_is(text, read, options):
    without, given = (
        kocsem.sem(text, read(), meanstructure=means, **options)
        for means in (False, True)
    )
    assert chisq(given) == pytest.approx(chisq(without), rel=1e-9)
    assert given.fit_measures["df"] == without.fit_measures["df"]
    for column in ("est", "se", "std_all"):
        assert_same_column(
            given.parameters.query("op != '~1'"), without.parameters, column
        )


def test_free_means_are_the_samples():
    fit = kocsem.cfa(HS, holzinger(), meanstructure=True)
    data = holzinger()
    for name in ITEMS:
        assert value(fit, name, "~1") == pytest.approx(data[name].mean(), rel=1e-9)
        error = data[name].std(ddof=0) / np.sqrt(301)
        # with a saturated mean part the error is that of the implied variance
        implied = np.sqrt(fit.implied.cov.loc[name, name] / 301)
        assert implied == pytest.approx(error, rel=1e-6)
        assert value(fit, name, "~1", column="se") == pytest.approx(implied, rel=1e-7)


def test_latent_means_and_marker_intercepts_are_two_ways_to_say_the_same():
    items = kocsem.cfa(HS, holzinger(), meanstructure=True)
    latent = kocsem.cfa(
        f"{HS}\nvisual ~ 1\ntextual ~ 1\nspeed ~ 1\nx1 ~ 0*1\nx4 ~ 0*1\nx7 ~ 0*1",
        holzinger(),
    )
    assert chisq(latent) == pytest.approx(chisq(items), rel=1e-9)
    for factor, marker in (("visual", "x1"), ("textual", "x4"), ("speed", "x7")):
        for column in ("est", "se"):
            expected = value(items, marker, "~1", column=column)
            found = value(latent, factor, "~1", column=column)
            assert found == pytest.approx(expected, rel=1e-7)
    shift = value(latent, "visual", "=~", "x2") * value(latent, "visual", "~1")
    expected = value(items, "x2", "~1") - shift
    assert value(latent, "x2", "~1") == pytest.approx(expected, rel=1e-6)


# ---------------------------------------------------------------- scaling of factors

FACTORS = {
    "marker": (HS, {}),
    "std_lv": (HS, {"std_lv": True}),
    "variances by hand": (
        HS.replace("=~ x", "=~ NA*x")
        + "\nvisual ~~ 1*visual\ntextual ~~ 1*textual\nspeed ~~ 1*speed",
        {},
    ),
    "other markers": (
        "visual =~ NA*x1 + 1*x2 + x3\ntextual =~ NA*x4 + x5 + 1*x6\n"
        "speed =~ NA*x7 + 1*x8 + x9",
        {},
    ),
    "a marker of 3": (HS.replace("=~ x", "=~ 3*x"), {}),
    "a factor turned round": (HS.replace("visual =~ x1", "visual =~ -1*x1"), {}),
    "effect coding": (
        "visual =~ NA*x1 + a*x1 + b*x2 + c*x3\ntextual =~ x4 + x5 + x6\n"
        "speed =~ x7 + x8 + x9\na + b + c == 3",
        {},
    ),
}


@pytest.mark.parametrize(("text", "options"), FACTORS.values(), ids=FACTORS)
def test_the_scale_of_a_factor_is_a_convention(text, options):
    plain = kocsem.cfa(HS, holzinger())
    fit = kocsem.cfa(text, holzinger(), **options)
    assert chisq(fit) == pytest.approx(chisq(plain), rel=1e-9)
    assert fit.fit_measures["df"] == 24
    for column in ("est_std", "se"):
        found = by_parameter(fit.standardized(), column)
        for key, number in by_parameter(plain.standardized(), column).items():
            assert abs(found[key]) == pytest.approx(abs(number), rel=1e-6, abs=1e-9)
    assert_allclose(fit.implied.cov, plain.implied.cov, rtol=1e-7)
    assert_allclose(fit.rsquare, plain.rsquare, rtol=1e-6)


def test_scaling_in_a_structural_model():
    marker, unit = (kocsem.sem(PD, democracy(), std_lv=flag) for flag in (False, True))
    assert chisq(unit) == pytest.approx(chisq(marker), rel=1e-9)
    for column in ("est_std", "se"):
        assert_same_column(unit.standardized(), marker.standardized(), column, 1e-7)


# ---------------------------------------------------------------- saturated models

SATURATED = {
    "three indicators": "f =~ x1 + x2 + x3",
    "regression": "x9 ~ x1 + x5",
    "mediation": "x9 ~ x1 + x5\nx5 ~ x1",
    "two outcomes": "x8 + x9 ~ x1 + x5",
    "covariances": "x1 ~~ x2 + x3\nx2 ~~ x3",
    "a single variance": "x1 ~~ x1",
    "chain": "x1 ~ x2 + x3 + x4\nx2 ~ x3 + x4\nx3 ~ x4",
}


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("text", SATURATED.values(), ids=SATURATED)
def test_a_saturated_model_reproduces_the_sample(text, means):
    fit = kocsem.sem(text, holzinger(), meanstructure=means)
    assert fit.fit_measures["df"] == 0
    assert chisq(fit) == pytest.approx(0, abs=1e-8)
    assert np.isnan(fit.fit_measures["pvalue"])
    assert_allclose(fit.implied.cov, fit.sample_cov, rtol=1e-7, atol=1e-8)
    assert_allclose(fit.residuals("raw"), 0, atol=1e-8)
    assert fit.fit_measures["srmr"] == pytest.approx(0, abs=1e-8)
    names = list(fit.observed)
    assert_allclose(fit.implied.mean, holzinger()[names].mean(), rtol=1e-9)


ARROWS = [
    "textual ~ visual\nspeed ~ visual + textual",
    "visual ~ textual\nspeed ~ visual + textual",
    "visual ~ speed\ntextual ~ visual + speed",
    "speed ~ textual\nvisual ~ speed + textual",
    "textual ~ visual\nspeed ~ visual\ntextual ~~ speed",
]


@pytest.mark.parametrize("arrows", ARROWS)
def test_arrows_of_a_saturated_structure_cannot_be_told_apart(arrows):
    plain = kocsem.cfa(HS, holzinger())
    fit = kocsem.sem(f"{HS}\n{arrows}", holzinger())
    assert chisq(fit) == pytest.approx(chisq(plain), rel=1e-9)
    assert fit.fit_measures["df"] == 24
    order = list(plain.latents)
    assert_allclose(
        fit.latent_correlations.loc[order, order], plain.latent_correlations, rtol=1e-6
    )
    loadings = [f.standardized().query("op == '=~'") for f in (fit, plain)]
    for column in ("est_std", "se"):
        assert_same_column(*loadings, column, atol=1e-7)


def test_three_first_order_factors_under_one_are_three_correlated_ones():
    plain = kocsem.cfa(HS, holzinger())
    above = kocsem.cfa(f"{HS}\ng =~ visual + textual + speed", holzinger())
    assert chisq(above) == pytest.approx(chisq(plain), rel=1e-9)
    assert above.fit_measures["df"] == 24
    loadings = by_parameter(above.standardized(), "est_std")
    r = plain.latent_correlations
    for a, b in (("visual", "textual"), ("visual", "speed"), ("textual", "speed")):
        product = loadings["g", "=~", a] * loadings["g", "=~", b]
        assert product == pytest.approx(r.loc[a, b], rel=1e-6)


def test_a_reversed_regression_has_the_same_fit():
    there = kocsem.sem("x5 ~ x1\nx9 ~ x5", holzinger(), fixed_x=False)
    back = kocsem.sem("x1 ~ x5\nx5 ~ x9", holzinger(), fixed_x=False)
    assert chisq(there) == pytest.approx(chisq(back), rel=1e-9)
    assert there.fit_measures["df"] == back.fit_measures["df"] == 1


# ---------------------------------------------------------------- ordinary regression


def regression(data, outcome, predictors):
    """Return intercept and slopes, ML residual variance, ML standard errors."""
    X = np.column_stack([np.ones(len(data)), data[predictors]])
    y = data[outcome].to_numpy()
    slopes = np.linalg.lstsq(X, y, rcond=None)[0]
    variance = np.mean((y - X @ slopes) ** 2)
    errors = np.sqrt(variance * np.diag(np.linalg.inv(X.T @ X)))
    return slopes, variance, errors


@pytest.mark.parametrize("fixed_x", [True, False])
def test_a_path_model_is_ordinary_regression(fixed_x):
    data = holzinger()
    text = "x5 ~ x1 + x2\nx9 ~ x5 + x1 + x2"
    fit = kocsem.sem(text, data, meanstructure=True, fixed_x=fixed_x)
    for outcome, predictors in (("x5", ["x1", "x2"]), ("x9", ["x5", "x1", "x2"])):
        slopes, variance, errors = regression(data, outcome, predictors)
        names = [("~1", ""), *(("~", name) for name in predictors)]
        for (op, rhs), slope, error in zip(names, slopes, errors, strict=True):
            assert value(fit, outcome, op, rhs) == pytest.approx(slope, rel=1e-8)
            assert value(fit, outcome, op, rhs, "se") == pytest.approx(error, rel=1e-8)
        assert value(fit, outcome, "~~", outcome) == pytest.approx(variance, rel=1e-9)
        error = variance * np.sqrt(2 / len(data))
        found = value(fit, outcome, "~~", outcome, "se")
        assert found == pytest.approx(error, rel=1e-8)
        share = 1 - variance / data[outcome].var(ddof=0)
        assert fit.rsquare[outcome] == pytest.approx(share, rel=1e-8)


def test_an_overidentified_path_model_is_regression_equation_by_equation():
    data = holzinger()
    fit = kocsem.sem("x5 ~ x1\nx9 ~ x5", data)
    residual = {}
    for outcome, predictor in (("x5", "x1"), ("x9", "x5")):
        slopes, variance, _ = regression(data, outcome, [predictor])
        assert value(fit, outcome, "~", predictor) == pytest.approx(slopes[1], rel=1e-8)
        residual[outcome] = variance
    # the likelihood ratio of x9 on x5 against x9 on x5 and x1
    wider = regression(data, "x9", ["x5", "x1"])[1]
    expected = 301 * np.log(residual["x9"] / wider)
    assert chisq(fit) == pytest.approx(expected, rel=1e-8)


def test_a_covariance_model_of_independence_by_hand():
    data = holzinger()[["x1", "x2", "x3"]]
    fit = kocsem.sem("x1 ~~ 0*x2 + 0*x3\nx2 ~~ 0*x3", data)
    expected = -len(data) * np.log(np.linalg.det(data.corr()))
    assert chisq(fit) == pytest.approx(expected, rel=1e-10)
    assert fit.fit_measures["df"] == 3
    assert fit.fit_measures["baseline_chisq"] == pytest.approx(expected, rel=1e-10)


def test_one_factor_with_three_items_by_hand():
    data = holzinger()
    S = data[["x4", "x5", "x6"]].cov(ddof=0).to_numpy()
    fit = kocsem.cfa("f =~ x4 + x5 + x6", data)
    variance = S[0, 1] * S[0, 2] / S[1, 2]
    assert value(fit, "f", "~~", "f") == pytest.approx(variance, rel=1e-7)
    assert value(fit, "f", "=~", "x5") == pytest.approx(S[1, 2] / S[0, 2], rel=1e-7)
    assert value(fit, "x4", "~~", "x4") == pytest.approx(S[0, 0] - variance, rel=1e-7)


# ---------------------------------------------------------------- nested models


def test_a_fixed_covariance_costs_what_its_modification_index_says():
    tied = kocsem.cfa(f"{HS}\nx7 ~~ 0*x8", holzinger())
    plain = kocsem.cfa(HS, holzinger())
    assert chisq(tied) == pytest.approx(chisq(plain), rel=1e-9)
    found = by_parameter(tied.modification_indices(), "mi")["x7", "~~", "x8"]
    expected = by_parameter(plain.modification_indices(), "mi")["x7", "~~", "x8"]
    assert found == pytest.approx(expected, rel=1e-7)


def test_chi_square_falls_with_every_free_parameter():
    texts = [HS, f"{HS}\nx7 ~~ x8", f"{HS}\nx7 ~~ x8\nvisual =~ x9"]
    values = [chisq(kocsem.cfa(text, holzinger())) for text in texts]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 3


def test_twice_the_sample_is_twice_the_chi_square():
    data = holzinger()[ITEMS]
    once, twice = kocsem.cfa(HS, data), kocsem.cfa(HS, pd.concat([data, data]))
    assert chisq(twice) == pytest.approx(2 * chisq(once), rel=1e-9)
    assert_same_column(twice.parameters, once.parameters, "est")
    smaller = twice.parameters.assign(se=twice.parameters["se"] * np.sqrt(2))
    assert_same_column(smaller, once.parameters, "se")


def test_rows_with_holes_are_as_good_as_absent():
    data = holzinger()
    data.loc[data.index % 5 == 0, "x1"] = np.nan
    holes, absent = kocsem.cfa(HS, data), kocsem.cfa(HS, data.dropna(subset=["x1"]))
    assert_same_column(holes.parameters, absent.parameters, "est")
    assert holes.nobs == absent.nobs == 240
    assert [f.code for f in holes.findings] == ["listwise-deletion"]


def test_cfa_is_sem():
    first, second = kocsem.cfa(HS, holzinger()), kocsem.sem(HS, holzinger())
    pd.testing.assert_frame_equal(first.parameters, second.parameters)


def test_a_single_indicator_is_the_variable_itself():
    data = holzinger()
    latent = kocsem.sem("a =~ x1\nb =~ x5\nc =~ x9\nb ~ a\nc ~ a + b", data)
    plain = kocsem.sem("x5 ~ x1\nx9 ~ x1 + x5", data, fixed_x=False)
    for (lhs, rhs), (outcome, predictor) in {
        ("b", "a"): ("x5", "x1"),
        ("c", "a"): ("x9", "x1"),
        ("c", "b"): ("x9", "x5"),
    }.items():
        for column in ("est", "se", "std_all"):
            found = value(latent, lhs, "~", rhs, column)
            expected = value(plain, outcome, "~", predictor, column)
            assert found == pytest.approx(expected, rel=1e-8)


def test_everything_fixed_at_the_estimates_leaves_the_same_chi_square():
    free = kocsem.cfa("f =~ x1 + x2 + x3 + x4", holzinger())
    lines = [f"{r.lhs} {r.op} {r.est!r}*{r.rhs}" for r in free.parameters.itertuples()]
    fit = kocsem.cfa("\n".join(lines), holzinger())
    assert fit.converged
    assert chisq(fit) == pytest.approx(chisq(free), rel=1e-10)
    assert fit.fit_measures["df"] == 10
    assert (fit.parameters["se"] == 0).all()
    assert fit.vcov.shape == (0, 0)
