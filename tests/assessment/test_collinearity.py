"""Variance inflation: R's mtcars, exact correlations, and variables that are one."""

import numpy as np
import pandas as pd
import pytest
from scipy import linalg

from kocsem import citations
from kocsem.assessment.collinearity import (
    assess_collinearity,
    composites,
    variance_inflation,
)
from kocsem.estimation.run import cfa, sem

# R's mtcars: displacement, horse power, weight.
CARS = """160 110 2.62, 160 110 2.875, 108 93 2.32, 258 110 3.215, 360 175 3.44,
225 105 3.46, 360 245 3.57, 146.7 62 3.19, 140.8 95 3.15, 167.6 123 3.44,
167.6 123 3.44, 275.8 180 4.07, 275.8 180 3.73, 275.8 180 3.78, 472 205 5.25,
460 215 5.424, 440 230 5.345, 78.7 66 2.2, 75.7 52 1.615, 71.1 65 1.835,
120.1 97 2.465, 318 150 3.52, 304 150 3.435, 350 245 3.84, 400 175 3.845,
79 66 1.935, 120.3 91 2.14, 95.1 113 1.513, 351 264 3.17, 145 175 2.77,
301 335 3.57, 121 109 2.78"""

# car::vif(lm(mpg ~ disp + hp + wt, mtcars))
CAR = {"disp": 7.32451715036342, "hp": 2.73663269169124, "wt": 4.84461752591880}

MODEL = "A =~ 1*a\nB =~ 1*b\nY =~ 1*y\nY ~ A + B"


def exact(shared, n=80):
    """Return a and b that share a proportion of variance, and y that has .01 of a."""
    u, v, w = np.tile(linalg.hadamard(8)[:, 1:4].T, n // 8).astype(float)
    b = np.sqrt(shared) * u + np.sqrt(1 - shared) * v
    return pd.DataFrame({"a": u, "b": b, "y": 0.1 * u + np.sqrt(0.99) * w})


def drawn(n=300, seed=3):
    """Return three items each of three constructs that overlap."""
    rng = np.random.Generator(np.random.PCG64(seed))
    common = rng.normal(size=n)
    columns = {}
    for name in "xmy":
        factor = common + rng.normal(size=n)
        for i in (1, 2, 3):
            columns[f"{name}{i}"] = factor + rng.normal(size=n)
    return pd.DataFrame(columns)


THREE = "X =~ x1 + x2 + x3\nM =~ m1 + m2 + m3\nY =~ y1 + y2 + y3\n"


def inverse_diagonal(frame):
    """Return the diagonal of the inverse correlations, which is the VIF."""
    return np.diag(np.linalg.inv(frame.corr().to_numpy()))


def factors(frame, *by):
    return frame.set_index(list(by))["vif"].to_dict()


def test_agrees_with_car():
    rows = [row.split() for row in CARS.replace("\n", " ").split(", ")]
    cars = pd.DataFrame(rows, columns=list(CAR), dtype=float)
    got = variance_inflation(cars)
    assert got.to_dict() == pytest.approx(CAR, rel=1e-10)
    shifted = variance_inflation(cars * [1e-6, 1, 1e6] + 1000)
    assert shifted.to_dict() == pytest.approx(CAR, rel=1e-6)


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.75, 0.9, 0.9999])
def test_two_predictors_share_variance(shared):
    got = variance_inflation(exact(shared)[["a", "b"]])
    assert list(got) == pytest.approx([1 / (1 - shared)] * 2, rel=1e-8)


def test_a_single_predictor_is_not_inflated():
    assert variance_inflation(exact(0.5)[["a"]])["a"] == pytest.approx(1)


@pytest.mark.parametrize(
    "frame",
    [
        exact(0.5).assign(b=lambda d: 3 - 2 * d["a"])[["a", "b"]],
        exact(0.5).assign(b=lambda d: d["a"] + 1e-9 * d["y"])[["a", "b"]],
        exact(0.5).assign(c=lambda d: d["a"] + d["b"])[["a", "b", "c"]],
        exact(0.5).assign(b=4.0)[["a", "b"]],
        exact(0.5)[["a", "b"]].iloc[:2],
    ],
)
def test_variables_that_depend_on_each_other(frame):
    assert variance_inflation(frame).isna().all()


def test_composites_are_means_of_means():
    answers = pd.DataFrame({"a": [1.0, 2], "b": [3.0, 5], "c": [7.0, 1], "z": [9, 8]})
    indicators = {"P": ["a", "b"], "Q": ["c"], "H": ["P", "Q"]}
    got = composites(answers, indicators, ["H", "P", "z"])
    assert got.to_dict("list") == {"H": [4.5, 2.25], "P": [2, 3.5], "z": [9, 8]}


def test_predictors_of_each_outcome_and_all_constructs():
    data = drawn()
    found = assess_collinearity(data, sem(f"{THREE}M ~ X\nY ~ M + X", data))
    means = pd.DataFrame({name: data.filter(like=name).mean(axis=1) for name in "xmy"})
    both = inverse_diagonal(means[["m", "x"]])
    assert factors(found.predictors, "outcome", "predictor") == pytest.approx(
        {("M", "X"): 1.0, ("Y", "M"): both[0], ("Y", "X"): both[1]}
    )
    every = dict(zip("XMY", inverse_diagonal(means), strict=True))
    assert factors(found.constructs, "construct") == pytest.approx(every)
    assert found.findings == ()


def test_incomplete_sheets_are_left_out():
    data = drawn()
    fit = sem(f"{THREE}Y ~ M + X", data)
    holed = data.copy()
    holed.loc[:9, "x1"] = np.nan
    got = assess_collinearity(holed, fit)
    pd.testing.assert_frame_equal(
        got.constructs, assess_collinearity(data.iloc[10:], fit).constructs
    )


@pytest.mark.parametrize(
    ("structure", "predictors", "constructs"),
    [
        ("", [], ["X", "M", "Y"]),
        ("H =~ X + M + Y", [], []),
        ("H =~ X + M\nH ~ Y", [("H", "Y")], ["Y", "H"]),
        ("Y ~ 0*X + M", [("Y", "M")], ["X", "M", "Y"]),
        ("Y ~ 1*X + M", [("Y", "X"), ("Y", "M")], ["X", "M", "Y"]),
    ],
)
def test_who_is_in(structure, predictors, constructs):
    data = drawn()
    found = assess_collinearity(data, sem(THREE + structure, data))
    pairs = zip(found.predictors["outcome"], found.predictors["predictor"], strict=True)
    assert list(pairs) == predictors
    assert sorted(found.constructs["construct"]) == sorted(constructs)


def test_observed_predictors_stand_for_themselves():
    data = drawn().assign(AGE=lambda d: d["x1"] ** 2 + 2 * d["m1"])
    found = assess_collinearity(data, sem(f"{THREE}Y ~ X + AGE", data))
    means = pd.DataFrame({"X": data.filter(like="x").mean(axis=1), "AGE": data["AGE"]})
    expected = inverse_diagonal(means)
    assert list(found.predictors["vif"]) == pytest.approx(list(expected))
    assert "AGE" not in list(found.constructs["construct"])


def test_one_construct_has_no_full_test():
    data = drawn()[["x1", "x2", "x3"]]
    found = assess_collinearity(data, cfa("X =~ x1 + x2 + x3", data))
    assert found.predictors.empty
    assert found.constructs.empty
    assert list(found.constructs.columns) == ["construct", "vif"]


KOCK, HAIR = "kock-2015", "hair-risher-sarstedt-ringle-2019"
BOTH_FULL = [("high-full-vif", name, "warning", 5.0, HAIR) for name in "AB"]


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        (0.5, []),
        (0.75, [("high-full-vif", name, "info", 3.3, KOCK) for name in "AB"]),
        (
            0.9,
            [
                ("high-vif", "A -> Y", "warning", 5.0, HAIR),
                ("high-vif", "B -> Y", "warning", 5.0, HAIR),
                *BOTH_FULL,
            ],
        ),
    ],
)
def test_limits(shared, expected):
    data = exact(shared)
    found = assess_collinearity(data, sem(MODEL, data))
    seen = [
        (f.code, f.subject, f.severity, f.threshold, f.citation) for f in found.findings
    ]
    assert seen == expected
    for finding in found.findings:
        assert citations.cite(finding.citation)
        assert f"{finding.value:.3f}" in finding.message


def test_predictors_that_are_one_variable():
    data = exact(0.5)
    fit = sem(MODEL, data)
    found = assess_collinearity(data.assign(b=data["a"]), fit)
    assert [(f.code, f.subject) for f in found.findings] == [
        ("no-vif", "Y"),
        ("no-vif", "constructs"),
    ]
    assert found.predictors["vif"].isna().all()
    assert found.constructs["vif"].isna().all()
