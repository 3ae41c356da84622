"""Effects and hypotheses: products by hand, and lavaan's ``:=`` on the Hanoi data."""

from pathlib import Path as File

import numpy as np
import pandas as pd
import pytest

from kocsem.assessment import hypotheses as tests_of
from kocsem.assessment.effects import (
    COLUMNS,
    effect_findings,
    effects,
    has_inference,
    paths_of,
)
from kocsem.estimation.run import sem
from kocsem.instrument.types import Hypothesis

HANOI = File(__file__).parents[3] / "shared" / "data" / "hanoi" / "responses.csv"

# Correlations of four observed variables; ML estimates of a recursive path model are
# the least-squares ones, so products can be worked out from the normal equations.
NAMES = ["x", "m", "n", "y"]
R = pd.DataFrame(
    [
        [1, 0.5, 0.4, 0.3],
        [0.5, 1, 0.45, 0.6],
        [0.4, 0.45, 1, 0.35],
        [0.3, 0.6, 0.35, 1],
    ],
    index=NAMES,
    columns=NAMES,
)


def fit_of(model):
    return sem(model, sample_cov=R, sample_nobs=200)


def regress(outcome, *predictors):
    names = list(predictors)
    solution = np.linalg.solve(R.loc[names, names], R.loc[names, outcome])
    return dict(zip(names, solution, strict=True))


@pytest.fixture(scope="module")
def serial():
    return fit_of("m ~ a*x\nn ~ b*m + e*x\ny ~ c*n + 0.25*x")


def named(fit, *labels):
    """Return estimates and covariance matrix of labelled parameters."""
    frame, vcov = fit.parameters.set_index("label"), fit.vcov
    return frame.loc[list(labels), "est"], vcov.loc[list(labels), list(labels)]


def test_product_of_two_is_sobels(serial):
    effect = paths_of(serial).effect([("x", "m", "n")])
    (a, b), V = named(serial, "a", "b")
    assert effect.est == pytest.approx(a * b, rel=1e-12)
    # Sobel (1982), with the covariance of the two paths
    variance = b**2 * V.loc["a", "a"] + a**2 * V.loc["b", "b"]
    variance += 2 * a * b * V.loc["a", "b"]
    assert effect.se**2 == pytest.approx(variance, rel=1e-10)
    assert effect.z == pytest.approx(effect.est / effect.se, rel=1e-12)
    assert effect.ci_upper == pytest.approx(effect.est + 1.959964 * effect.se)


def test_product_of_three(serial):
    effect = paths_of(serial).effect([("x", "m", "n", "y")])
    (a, b, c), V = named(serial, "a", "b", "c")
    gradient = np.array([b * c, a * c, a * b])
    assert effect.est == pytest.approx(a * b * c, rel=1e-12)
    assert effect.se**2 == pytest.approx(gradient @ V @ gradient, rel=1e-10)
    std = serial.parameters.set_index("label")["std_all"]
    assert effect.std == pytest.approx(std["a"] * std["b"] * std["c"], rel=1e-10)


def test_a_sum_of_chains_counts_their_covariance(serial):
    effect = paths_of(serial).effect([("x", "n"), ("x", "m", "n")])
    (a, b, e), V = named(serial, "a", "b", "e")
    gradient = np.array([b, a, 1.0])
    assert effect.est == pytest.approx(a * b + e, rel=1e-12)
    assert effect.se**2 == pytest.approx(gradient @ V @ gradient, rel=1e-10)


def test_a_label_used_twice_is_one_parameter():
    fit = fit_of("m ~ a*x\nn ~ a*m\ny ~ n")
    a = fit.parameters.query("label == 'a'").iloc[0]
    effect = paths_of(fit).effect([("x", "m", "n")])
    assert effect.est == pytest.approx(a["est"] ** 2)
    assert effect.se == pytest.approx(2 * a["est"] * a["se"])  # d(a^2)/da = 2 a


def test_a_fixed_path_has_no_inference(serial):
    effect = paths_of(serial).effect([("x", "y")])
    assert effect.est == 0.25
    assert not has_inference(effect)
    assert np.isnan([effect.z, effect.pvalue, effect.ci_lower, effect.ci_upper]).all()
    frame = effects(serial).query("predictor == 'x' and outcome == 'y'")
    direct = frame.set_index("kind").loc["direct"]
    assert direct["est"] == 0.25
    assert direct[["se", "z", "pvalue", "ci_lower", "ci_upper"]].isna().all()


def test_paths_are_those_of_the_parameters(serial):
    frame = serial.parameters.query("op == '~'").set_index(["rhs", "lhs"])
    table = paths_of(serial).table
    assert list(table) == list(frame.index)
    for step, path in table.items():
        assert path.est == pytest.approx(frame.loc[step, "est"], rel=1e-12)
        assert path.std == pytest.approx(frame.loc[step, "std_all"], rel=1e-10)
    free = [path.free for path in table.values()]
    assert [number > 0 for number in free] == [True, True, True, True, False]
    names = [serial.table.free_rows[number - 1].label for number in free[:4]]
    assert names == ["a", "b", "e", "c"]


def test_decomposition_of_a_path_model():
    frame = effects(fit_of("m ~ x\nn ~ x + m\ny ~ x + m + n"))
    m, n, y = regress("m", "x"), regress("n", "x", "m"), regress("y", "x", "m", "n")
    got = frame[(frame["outcome"] == "y") & (frame["predictor"] == "x")]
    expected = [
        ("direct", "", y["x"]),
        ("indirect", "m", m["x"] * y["m"]),
        ("indirect", "n", n["x"] * y["n"]),
        ("indirect", "m -> n", m["x"] * n["m"] * y["n"]),
        ("total indirect", "", 0.3 - y["x"]),
        ("total", "", 0.3),
    ]
    assert list(zip(got["kind"], got["mediator"], strict=True)) == [
        e[:2] for e in expected
    ]
    np.testing.assert_allclose(got["est"], [e[2] for e in expected], atol=1e-6)
    # Variables of equal variance: standardised and raw effects are the same.
    np.testing.assert_allclose(got["std"], got["est"], atol=1e-6)


def test_pairs_without_a_chain_are_not_listed():
    frame = effects(fit_of("m ~ x\ny ~ m"))
    assert (
        list(zip(frame["predictor"], frame["outcome"], strict=True)) == [("x", "y")] * 2
    )
    assert list(frame["kind"]) == ["indirect", "total"]


@pytest.mark.parametrize("model", ["y ~ x + m", "f =~ x + m + n + y"])
def test_no_mediation_gives_an_empty_table(model):
    frame = effects(fit_of(model))
    assert frame.empty
    assert tuple(frame.columns) == COLUMNS


def test_a_feedback_loop_is_a_finding():
    fit = fit_of("y ~ m + x\nm ~ a*y + n\na == 0.1")
    assert effects(fit).empty
    assert [finding.code for finding in effect_findings(fit)] == ["feedback-loop"]
    assert effect_findings(fit_of("m ~ x\ny ~ m")) == ()


DEFINED = """
PAR ~ a*INT + b*HED
CON ~ c*INT
URG ~ d*PAR + e*CON + g*INT
i1 := a*d
i2 := c*e
ti := a*d + c*e
tot := a*d + c*e + g
hi := b*d
"""

# lavaan 0.6-14: predictor, mediator, kind -> name, est, se, std
LAVAAN = {
    ("INT", "PAR", "indirect"): ("i1", 0.2419574, 0.0915905, 0.1744335),
    ("INT", "CON", "indirect"): ("i2", 0.0890910, 0.0356930, 0.0642281),
    ("INT", "", "total indirect"): ("ti", 0.3310485, 0.0995577, 0.2386615),
    ("INT", "", "total"): ("tot", 0.1014080, 0.1094452, 0.0731077),
    ("HED", "PAR", "indirect"): ("hi", 0.2598662, 0.0669083, 0.2366687),
}


@pytest.fixture(scope="module")
def hanoi():
    if not HANOI.exists():
        pytest.skip("the Hanoi answers are not beside the project")
    constructs = ("PAR", "INT", "HED", "CON", "URG")
    measured = "".join(f"{c} =~ {c}1 + {c}2 + {c}3\n" for c in constructs)
    return sem(measured + DEFINED, pd.read_csv(HANOI))


@pytest.mark.parametrize(("key", "expected"), LAVAAN.items())
def test_hanoi_against_lavaan(hanoi, key, expected):
    frame = effects(hanoi).set_index(["predictor", "mediator", "kind"])
    row = frame.loc[key]
    name, est, se, std = expected
    # lavaan's default stopping point leaves about 1e-5.
    assert row["est"] == pytest.approx(est, abs=2e-5)
    assert row["se"] == pytest.approx(se, abs=2e-5)
    assert row["std"] == pytest.approx(std, abs=2e-5)
    defined = hanoi.parameters.set_index("lhs").loc[name]
    for column in ("est", "se", "z", "pvalue", "ci_lower", "ci_upper"):
        assert row[column] == pytest.approx(defined[column], rel=1e-8)


VERDICTS = [
    ("x -> m", "+", "supported", "direct"),
    ("x -> m", "-", "contrary", "direct"),
    ("x -> m", "?", "supported", "direct"),
    ("x -> y", "+", "not supported", "direct"),
    ("m -> y", "+", "supported", "direct"),
    ("x -> m -> y", "+", "supported", "indirect"),
    ("x -> m -> y", "-", "contrary", "indirect"),
    ("x -> n", "+", "not tested", "direct"),
    ("x -> n -> y", "+", "not tested", "indirect"),
    ("y -> x", "+", "not tested", "direct"),
]


@pytest.fixture(scope="module")
def mediation():
    return fit_of("m ~ x\ny ~ m + x")


@pytest.mark.parametrize(("path", "sign", "verdict", "kind"), VERDICTS)
def test_hypothesis(mediation, path, sign, verdict, kind):
    hypothesis = Hypothesis(id="H1", path=path, sign=sign, statement="It does.")
    (result,) = tests_of.judge_hypotheses(mediation, [hypothesis])
    assert (result.verdict, result.kind) == (verdict, kind)
    assert result.hypothesis is hypothesis
    assert (result.est is None) is (verdict == "not tested")
    assert result.reason.endswith(".")


def test_a_direct_hypothesis_shows_the_row_of_the_path(mediation):
    frame = mediation.parameters
    row = frame[(frame["lhs"] == "y") & (frame["rhs"] == "m")].iloc[0]
    hypothesis = Hypothesis(id="H1", path="m -> y", sign="+", statement="It does.")
    (result,) = tests_of.judge_hypotheses(mediation, [hypothesis])
    for column in ("est", "se", "z", "pvalue", "ci_lower", "ci_upper"):
        assert getattr(result, column) == pytest.approx(row[column], rel=1e-9)
    assert result.std == pytest.approx(row["std_all"])


def test_a_fixed_path_is_not_tested():
    fit = fit_of("m ~ 0.5*x\ny ~ m")
    hypothesis = Hypothesis(id="H1", path="x -> m", sign="+", statement="It does.")
    (result,) = tests_of.judge_hypotheses(fit, [hypothesis])
    assert (result.verdict, result.est, result.se) == ("not tested", 0.5, None)
    assert "no standard error" in result.reason


@pytest.mark.parametrize(
    ("alpha", "verdict"), [(0.05, "supported"), (1e-9, "not supported")]
)
def test_the_level_is_the_callers(mediation, alpha, verdict):
    hypothesis = Hypothesis(id="H1", path="x -> m -> y", sign="+", statement="It does.")
    (result,) = tests_of.judge_hypotheses(mediation, [hypothesis], alpha=alpha)
    assert result.verdict == verdict


def test_chains_come_shortest_first():
    frame = effects(fit_of("m ~ x\nn ~ x + m\ny ~ x + m + n"))
    frame = frame[(frame["outcome"] == "y") & (frame["kind"] == "indirect")]
    assert list(frame["mediator"]) == ["m", "n", "m -> n", "n"]


def test_a_group_of_its_own():
    rng = np.random.default_rng(5)
    data = pd.DataFrame(rng.normal(size=(120, 3)), columns=["x", "m", "y"])
    data["g"] = np.repeat(["one", "two"], 60)
    data["m"] += np.where(data["g"] == "one", 0.2, 0.8) * data["x"]
    data["y"] += 0.5 * data["m"]
    both = sem("m ~ x\ny ~ m + x", data, group="g")
    for number, name in enumerate(["one", "two"], start=1):
        alone = sem("m ~ x\ny ~ m + x", data[data["g"] == name])
        pd.testing.assert_frame_equal(
            effects(both, number), effects(alone), rtol=1e-7, atol=1e-9
        )
