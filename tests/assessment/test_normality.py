"""Normality: Fisher's setosa in R, closed forms, and data that have no test."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest
from scipy import linalg

from kocsem import citations
from kocsem.assessment.normality import (
    assess_normality,
    mardia_kurtosis,
    mardia_skewness,
)
from kocsem.findings import Unavailable

# R's iris[1:50, 1:4], in millimetres.
SETOSA = """
51 35 14 2, 49 30 14 2, 47 32 13 2, 46 31 15 2, 50 36 14 2, 54 39 17 4, 46 34 14
3, 50 34 15 2, 44 29 14 2, 49 31 15 1, 54 37 15 2, 48 34 16 2, 48 30 14 1, 43 30
11 1, 58 40 12 2, 57 44 15 4, 54 39 13 4, 51 35 14 3, 57 38 17 3, 51 38 15 3, 54
34 17 2, 51 37 15 4, 46 36 10 2, 51 33 17 5, 48 34 19 2, 50 30 16 2, 50 34 16 4,
52 35 15 2, 52 34 14 2, 47 32 16 2, 48 31 16 2, 54 34 15 4, 52 41 15 1, 55 42 14
2, 49 31 15 2, 50 32 12 2, 55 35 13 2, 49 36 14 1, 44 30 13 2, 51 34 15 2, 50 35
13 3, 45 23 13 3, 44 32 13 2, 50 35 16 6, 51 38 19 4, 48 30 14 3, 51 38 16 2, 46
32 14 2, 53 37 15 2, 50 33 14 2
"""

# The print-out of package MVN in Korkmaz, Goksuluk & Zararsiz (2014), The R Journal
# 6(2), who use the divisor n; computed again by Mardia's formulas in R 4.2.
MVN = {
    "mardia_skewness": (3.079721342356, 25.66434451963, 20, 0.177185884468),
    "mardia_kurtosis": (26.53765616144, 1.294992237116, None, 0.1953229),
    "henze_zirkler": (0.9488453160016629, 0.9488453160016629, None, 0.0499535561792),
}

# psych::mardia (2.2.9), which divides the covariances by n - 1.
PSYCH = {"skewness": 2.898609089654328, "kurtosis": 25.486764977446686}

# shapiro.test, psych::skew(type = 2), psych::kurtosi(type = 2).
UNIVARIATE = {
    "sl": (0.120086985995, -0.252688796224, 0.977698549846, 0.459513151806),
    "sw": (0.0411665197123, 0.954703262777, 0.971719519887, 0.271526393904),
    "pl": (0.106393899698, 1.02157610658, 0.954976785022, 0.0548114671464),
    "pw": (1.25386137035, 1.71913024892, 0.799764457583, 8.65857280190e-07),
}


@pytest.fixture(scope="module")
def setosa():
    text = StringIO(SETOSA.strip().replace("\n", " ").replace(", ", "\n"))
    return pd.read_csv(text, sep=" ", names=list(UNIVARIATE)).astype(float)


@pytest.fixture(scope="module")
def found(setosa):
    return assess_normality(setosa, list(setosa))


def factorial(n):
    """Return the four corners of a square, each n / 4 times."""
    corners = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    return np.tile(corners, (n // 4, 1))


def one_of(n):
    """Return answers that are all alike but one: G1 is the root of n, and G2 is n."""
    return pd.DataFrame({"a": [0.0] * (n - 1) + [1.0]})


def seen(findings):
    return {f.code: (f.severity, f.threshold, f.citation) for f in findings}


@pytest.mark.parametrize(("test", "printed"), MVN.items())
def test_multivariate_tests_agree_with_mvn(test, printed, found):
    value, statistic, df, pvalue = printed
    got = getattr(found, test)
    assert got.value == pytest.approx(value, rel=1e-9)
    assert got.statistic == pytest.approx(statistic, rel=1e-9)
    assert got.df == df
    assert got.pvalue == pytest.approx(pvalue, rel=1e-6)


def test_the_other_divisor_gives_the_coefficients_of_psych(setosa):
    X, shrink = setosa.to_numpy(), 49 / 50
    skewness, kurtosis = mardia_skewness(X).value, mardia_kurtosis(X).value
    assert skewness * shrink**3 == pytest.approx(PSYCH["skewness"], rel=1e-12)
    assert kurtosis * shrink**2 == pytest.approx(PSYCH["kurtosis"], rel=1e-12)


@pytest.mark.parametrize(("item", "printed"), UNIVARIATE.items())
def test_each_item_agrees_with_r(item, printed, found):
    row = found.items.set_index("item").loc[item]
    got = row[["skew", "kurtosis", "w", "pvalue"]]
    # R and scipy approximate the distribution of W alike, to nine digits or so.
    np.testing.assert_allclose(got.to_numpy(float), printed, rtol=1e-6)


def test_items_are_counted(found):
    assert (found.nobs, found.tested, found.rejected) == (50, 4, 1)
    assert found.findings == ()


def test_skewness_is_the_mean_over_all_pairs(setosa):
    X = setosa.to_numpy()[:12, :3]
    centred = X - X.mean(axis=0)
    inverse = np.linalg.inv(centred.T @ centred / 12)
    pairs = [(a @ inverse @ b) ** 3 for a in centred for b in centred]
    assert mardia_skewness(X).value == pytest.approx(np.mean(pairs), rel=1e-10)


@pytest.mark.parametrize("n", [8, 64, 400])
def test_corners_of_a_square(n):
    # Every corner lies at the squared distance 2, so b2 = 4 where 8 is expected.
    skewness, kurtosis = mardia_skewness(factorial(n)), mardia_kurtosis(factorial(n))
    assert skewness.value == pytest.approx(0, abs=1e-12)
    assert (kurtosis.value, kurtosis.expected) == pytest.approx((4, 8))
    assert kurtosis.statistic == pytest.approx(-np.sqrt(n) / 2)


def test_one_variable_has_the_moments_of_a_single_item():
    # 1, 2, 3, 6: central moments 3.5, 4.5 and 24.5
    X = np.array([[1.0], [2.0], [3.0], [6.0]])
    assert mardia_skewness(X).value == pytest.approx(4.5**2 / 3.5**3)
    assert mardia_kurtosis(X).value == pytest.approx(24.5 / 3.5**2)


def test_units_do_not_matter(setosa, found):
    turned = setosa.to_numpy() @ linalg.hadamard(4) * [1, 10, 0.01, 5] + 7
    again = assess_normality(pd.DataFrame(turned, columns=list("abcd")), list("abcd"))
    for test in MVN:
        value = getattr(found, test).value
        assert getattr(again, test).value == pytest.approx(value, rel=1e-8)


def test_incomplete_sheets_count_only_for_single_items(setosa):
    holed = setosa.copy()
    holed.loc[[0, 1], "sl"] = np.nan
    holed.loc[1, "pw"] = np.nan
    found, rest = assess_normality(holed, list(holed)), setosa.iloc[2:]
    complete = assess_normality(rest, list(rest))
    assert found.nobs == complete.nobs == 48
    assert found.mardia_kurtosis == complete.mardia_kurtosis
    assert found.henze_zirkler == complete.henze_zirkler
    got = found.items.set_index("item")["w"]
    assert got["sw"] == pytest.approx(UNIVARIATE["sw"][2], rel=1e-9)
    assert got["sl"] == complete.items.set_index("item")["w"]["sl"]


def test_integers_of_pandas_are_read(setosa, found):
    whole = assess_normality(setosa.astype("Int64"), list(setosa))
    assert whole.mardia_skewness == found.mardia_skewness


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"a": [1.0, 2, 3, 5, 4]}), "One item"),
        (pd.DataFrame({"a": [1.0, 2, 4, 3], "b": [2.0, 4, 8, 6]}), "singular"),
        (pd.DataFrame({"a": [1.0, 2, 4, 3], "b": [3.0] * 4}), "singular"),
        (pd.DataFrame({"a": [1.0, 2], "b": [2.0, 1]}), "singular"),
        (pd.DataFrame({"a": [1.0, 2, 4], "b": [np.nan] * 3}), "singular"),
    ],
)
def test_data_without_a_multivariate_test(frame, reason):
    found = assess_normality(frame, list(frame))
    for test in MVN:
        assert isinstance(getattr(found, test), Unavailable)
        assert reason in getattr(found, test).reason


@pytest.mark.parametrize(("n", "p"), [(3001, 2), (5001, 2), (100, 61)])
def test_more_than_henze_and_zirkler_can_take(n, p):
    drawn = np.random.Generator(np.random.PCG64(5)).normal(size=(n, p))
    frame = pd.DataFrame(drawn, columns=[f"x{i}" for i in range(p)])
    found = assess_normality(frame, list(frame))
    assert "up to 3000 answer sheets and 60 items" in found.henze_zirkler.reason
    assert 0 < found.mardia_skewness.pvalue < 1
    assert found.tested == (0 if n > 5000 else p)


@pytest.mark.parametrize(
    "values",
    [[1.0, 2, 4], [3.0, 3, 3, 3, 3], [np.nan] * 5, [1.0, 2, 5, np.nan, np.nan]],
)
def test_items_without_a_test_of_their_own(values):
    found = assess_normality(pd.DataFrame({"a": values}), ["a"])
    assert found.items[["w", "pvalue"]].isna().all(axis=None)
    assert (found.tested, found.rejected) == (0, 0)


WEST, KLINE = "west-finch-curran-1995", "kline-2016"


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (
            8,
            {
                "high-skewness": ("info", 2.0, WEST),
                "high-kurtosis": ("info", 7.0, WEST),
            },
        ),
        (
            12,
            {
                "high-skewness": ("warning", 3.0, KLINE),
                "high-kurtosis": ("warning", 10.0, KLINE),
            },
        ),
        (5, {"high-skewness": ("info", 2.0, WEST)}),
        (3, {}),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_limits_of_an_item(n, expected, sign):
    found = assess_normality(sign * one_of(n), ["a"])
    assert seen(found.findings) == expected
    for finding in found.findings:
        size = np.sqrt(n) if finding.code == "high-skewness" else n
        assert abs(finding.value) == pytest.approx(size)
        assert finding.subject == "a"


@pytest.mark.parametrize(("n", "codes"), [(64, []), (400, ["not-multivariate-normal"])])
def test_limit_of_the_critical_ratio(n, codes):
    frame = pd.DataFrame(factorial(n), columns=["a", "b"])
    findings = assess_normality(frame, ["a", "b"]).findings
    assert [finding.code for finding in findings] == codes
    assert [finding.value for finding in findings] == pytest.approx(
        [-10.0] * len(codes)
    )


def test_findings_cite_known_works():
    frame = pd.DataFrame(factorial(400), columns=["a", "b"])
    cited = [assess_normality(frame, ["a", "b"]), assess_normality(one_of(12), ["a"])]
    for finding in (finding for found in cited for finding in found.findings):
        assert citations.cite(finding.citation)
