"""GLS and ULS: closed forms, the limit of large samples, and models that must agree."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from estimation.five_points import ITEMS, MODEL, answers
from sem_cases import HS, by_parameter, holzinger

ESTIMATORS = ("GLS", "ULS")
THREE = ["t1", "t2", "t3"]

# ---------------------------------------------------------------- closed forms


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_one_factor_with_three_items_by_hand(estimator):
    data = answers()
    S = data[THREE].cov().to_numpy()  # least squares divides by n - 1
    fit = kocsem.cfa("f =~ t1 + t2 + t3", data, estimator=estimator)
    found = by_parameter(fit.parameters, "est")
    variance = S[0, 1] * S[0, 2] / S[1, 2]
    assert found["f", "~~", "f"] == pytest.approx(variance, rel=1e-8)
    assert found["f", "=~", "t2"] == pytest.approx(S[1, 2] / S[0, 2], rel=1e-8)
    assert found["f", "=~", "t3"] == pytest.approx(S[1, 2] / S[0, 1], rel=1e-8)
    assert found["t1", "~~", "t1"] == pytest.approx(S[0, 0] - variance, rel=1e-8)
    assert fit.fit_measures["df"] == 0
    assert fit.fit_measures["chisq"] == pytest.approx(0, abs=1e-8)


def test_ordinary_least_squares_of_a_scale_by_hand():
    # ULS of equal variances and covariances averages them: a closed form
    data = answers()[ITEMS]
    S, p = data.cov().to_numpy(), len(ITEMS)
    below = np.tril_indices(p, -1)
    loadings = " + ".join(f"1*{name}" for name in ITEMS)
    residuals = "\n".join(f"{name} ~~ r*{name}" for name in ITEMS)
    fit = kocsem.cfa(f"f =~ {loadings}\n{residuals}", data, estimator="ULS")
    found = by_parameter(fit.parameters, "est")
    # vech counts each covariance once, and each variance once
    covariance = S[below].mean()
    assert found["f", "~~", "f"] == pytest.approx(covariance, rel=1e-9)
    total = np.trace(S) / p
    assert found["t1", "~~", "t1"] == pytest.approx(total - covariance, rel=1e-9)


def test_generalised_least_squares_of_a_scale_by_hand():
    # linear in its parameters: b = (D'VD)^-1 D'Vs with V from S^-1
    data = answers()[ITEMS]
    S, p, n = data.cov().to_numpy(), len(ITEMS), len(data)
    loadings = " + ".join(f"1*{name}" for name in ITEMS)
    residuals = "\n".join(f"{name} ~~ r*{name}" for name in ITEMS)
    fit = kocsem.cfa(f"f =~ {loadings}\n{residuals}", data, estimator="GLS")
    W = np.linalg.inv(S)
    basis = [np.ones((p, p)), np.eye(p)]
    A = np.array([[np.trace(W @ a @ W @ b) for a in basis] for b in basis]) / 2
    right = np.array([np.trace(W @ a) for a in basis]) / 2
    expected = np.linalg.solve(A, right)
    found = by_parameter(fit.parameters, "est")
    assert found["f", "~~", "f"] == pytest.approx(expected[0], rel=1e-9)
    assert found["t1", "~~", "t1"] == pytest.approx(expected[1], rel=1e-9)
    gap = np.eye(p) - W @ (expected[0] * basis[0] + expected[1] * basis[1])
    chisq = (n - 1) * np.trace(gap @ gap) / 2
    assert fit.fit_measures["chisq"] == pytest.approx(chisq, rel=1e-9)
    errors = np.sqrt(np.diag(np.linalg.inv(A)) / (n - 1))
    se = by_parameter(fit.parameters, "se")
    assert se["f", "~~", "f"] == pytest.approx(errors[0], rel=1e-9)
    assert se["t1", "~~", "t1"] == pytest.approx(errors[1], rel=1e-9)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_regression_is_ordinary_least_squares(estimator):
    data = answers()
    fit = kocsem.sem("t1 ~ c1 + age", data, estimator=estimator, meanstructure=True)
    X = np.column_stack([np.ones(len(data)), data[["c1", "age"]]])
    slopes, rest, *_ = np.linalg.lstsq(X, data["t1"], rcond=None)
    found = by_parameter(fit.parameters, "est")
    assert found["t1", "~1", ""] == pytest.approx(slopes[0], rel=1e-7)
    assert found["t1", "~", "c1"] == pytest.approx(slopes[1], rel=1e-7)
    assert found["t1", "~", "age"] == pytest.approx(slopes[2], rel=1e-7)
    residual = rest[0] / (len(data) - 1)
    assert found["t1", "~~", "t1"] == pytest.approx(residual, rel=1e-7)


# ---------------------------------------------------------------- large samples


def test_generalised_least_squares_nears_maximum_likelihood():
    # both are efficient: the gap shrinks with n, faster than the errors do
    rng = np.random.default_rng(8)
    n = 20_000
    f = rng.normal(size=(n, 2)) @ np.array([[1.0, 0.5], [0.0, 0.8]])
    Y = np.hstack([f[:, [i // 3]] * (1 - 0.1 * i) for i in range(6)])
    data = pd.DataFrame(Y + rng.normal(size=(n, 6)), columns=ITEMS)
    ml, gls, uls = (
        kocsem.sem(MODEL, data, estimator=name) for name in ("ML", "GLS", "ULS")
    )
    expected, se = ml.parameters["est"], ml.parameters["se"]
    assert (gls.parameters["est"] - expected).abs().max() < 0.1 * se.max()
    assert_allclose(gls.parameters["se"], se, rtol=0.01)
    chisq = ml.fit_measures["chisq"]
    assert gls.fit_measures["chisq"] == pytest.approx(chisq, abs=0.1)
    # ULS is consistent, and less precise
    assert (uls.parameters["est"] - expected).abs().max() < 4 * se.max()
    wider = uls.parameters["se"] / se
    assert (wider[se > 0] > 0.99).all()
    assert wider.max() > 1.005


def test_scaled_tests_of_generalised_least_squares_near_those_of_mlm():
    # with heavy tails the scaling factor is a property of the data, not of F
    rng = np.random.default_rng(9)
    n = 20_000
    f = rng.normal(size=(n, 1))
    Y = f * np.array([1.0, 0.8, 0.9, 0.7]) + rng.normal(size=(n, 4))
    Y = Y * rng.uniform(0.2, 2.0, size=(n, 1))
    data = pd.DataFrame(Y, columns=["a", "b", "c", "d"])
    mlm, gls = (
        kocsem.cfa(
            "f =~ a + b + c + d",
            data.assign(w=1.0),
            estimator=name,
            sampling_weights="w",
        )
        for name in ("MLM", "GLS")
    )
    assert gls.options.test == "satorra_bentler"
    factors = [f.fit_measures["chisq_scaling_factor"] for f in (gls, mlm)]
    assert factors[0] == pytest.approx(factors[1], rel=0.02)
    assert factors[1] > 1.3
    assert_allclose(gls.parameters["se"], mlm.parameters["se"], rtol=0.02)


# ---------------------------------------------------------------- agreement


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_scale_of_a_factor_is_a_convention(estimator):
    marker, unit = (
        kocsem.cfa(HS, holzinger(), estimator=estimator, std_lv=flag)
        for flag in (False, True)
    )
    assert unit.fit_measures == pytest.approx(
        dict(marker.fit_measures), rel=1e-6, abs=1e-8
    )
    for column in ("est_std", "se"):
        found = by_parameter(unit.standardized(), column)
        for key, value in by_parameter(marker.standardized(), column).items():
            assert found[key] == pytest.approx(value, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("text", [MODEL, "t1 ~ c1 + c2\nt2 ~ t1", f"{MODEL}\nTR ~ age"])
def test_free_means_leave_the_covariance_part_as_it_is(text, estimator):
    without, given = (
        kocsem.sem(text, answers(), estimator=estimator, meanstructure=flag)
        for flag in (False, True)
    )
    for name in ("chisq", "df", "cfi", "rmsea"):
        expected = without.fit_measures[name]
        assert given.fit_measures[name] == pytest.approx(expected, rel=1e-7, abs=1e-9)
    own = given.parameters.query("op != '~1'")
    for column in ("est", "se"):
        found, expected = (
            by_parameter(own, column),
            by_parameter(without.parameters, column),
        )
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_twice_the_rows_change_the_divisor_only(estimator):
    data = answers()
    twice = pd.concat([data, data])
    once, double = (
        kocsem.sem(MODEL, frame, estimator=estimator) for frame in (data, twice)
    )
    found, expected = double.parameters["std_all"], once.parameters["std_all"]
    assert_allclose(found, expected, rtol=1e-7)
    ratio = double.fit_measures["chisq"] / once.fit_measures["chisq"]
    assert ratio == pytest.approx(599 / 299, rel=1e-7)


def test_estimates_of_uls_are_those_of_ulsm():
    for data, options in ((answers(), {}), (answers(), {"ordered": ITEMS})):
        plain, scaled = (
            (
                kocsem.sem(MODEL, data, estimator=name, **options)
                for name in ("ULS", "ULSM")
            )
            if options
            else (
                kocsem.sem(MODEL, data, estimator="ULS", test=test, se="robust.sem")
                for test in ("standard", "satorra.bentler")
            )
        )
        assert_allclose(plain.parameters["est"], scaled.parameters["est"], rtol=1e-12)
        assert_allclose(plain.parameters["se"], scaled.parameters["se"], rtol=1e-12)
        assert "chisq_scaled" in scaled.fit_measures
        assert "chisq_scaled" not in plain.fit_measures
