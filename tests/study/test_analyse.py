"""Whole studies, from files on disk to an analysis."""

from dataclasses import replace

import numpy as np
import pytest

from kocsem.errors import (
    DataError,
    IdentificationError,
    KocsemError,
    ModelSyntaxError,
    StudyError,
)
from kocsem.estimation.cross_check import cross_check
from kocsem.study.analyse import STEPS, analyse

# Standardised effects of the population that the answers are drawn from.
TRUTH = {"H1": 0.6, "H2": 0.6, "H3": 0.36}

# The population of the demo answers: std of the paths and of the chains.
DEMO_TRUTH = {
    "H1": 0.34,
    "H2": 0.24,
    "H3": 0.28,
    "H4": 0.50,
    "H5a": 0.17,
    "H5b": 0.12,
    "H5c": 0.14,
}


def codes(analysis):
    return {finding.code for finding in analysis.findings}


def flow(analysis):
    return {step.reason: step.n for step in analysis.screening.flow}


def test_a_study_finds_the_population(folder):
    analysis = analyse(folder.file)
    assert analysis.nobs == 400
    assert flow(analysis)["kept"] == 400
    assert analysis.measurement.fit_measures["df"] == 24
    assert analysis.structural.fit_measures["df"] == 25
    assert analysis.structural.fit_measures["pvalue"] > 0.01
    for result in analysis.hypotheses:
        assert result.verdict == "supported"
        assert result.std == pytest.approx(TRUTH[result.hypothesis.id], abs=0.12)
    # Rounding to seven points costs a little of the loading of .8.
    np.testing.assert_allclose(analysis.assessment.loadings["std_all"], 0.79, atol=0.1)
    assert list(analysis.effects["kind"]) == ["indirect", "total"]
    assert analysis.cross_check is None


def test_all_parts_speak_of_the_same_sheets(folder, drawn):
    drawn.loc[[0, 1], "x1"] = None
    drawn.loc[2, "y3"] = None
    drawn.loc[3, "x4"] = None
    analysis = analyse(folder.answers(drawn).file)
    assert flow(analysis)["incomplete"] == 3
    assert analysis.nobs == analysis.measurement.nobs == flow(analysis)["kept"] == 397
    assert set(analysis.descriptives["n"]) == {397}
    assert analysis.demographics["n"].sum() == 397
    incomplete = analysis.screening.dropped
    assert list(incomplete["row"]) == [2, 3, 4]
    assert list(incomplete["detail"]) == ["x1 unanswered"] * 2 + ["y3 unanswered"]
    assert "incomplete-left-out" in codes(analysis)


def test_an_included_reversed_item_is_turned_round(folder):
    analysis = analyse(folder.study("items: {include: [x4]}").file)
    std = analysis.assessment.loadings.set_index("item")["std_all"]
    assert std["x4"] == pytest.approx(0.79, abs=0.07)
    assert "negative-loading" not in codes(analysis)


def test_progress_is_told_step_by_step(folder):
    told = []
    analyse(folder.file, progress=lambda *step: told.append(step))
    assert told == [
        *((step, done, len(STEPS)) for done, step in enumerate(STEPS)),
        ("done", len(STEPS), len(STEPS)),
    ]


def test_other_answers_can_be_given(folder, drawn):
    folder.answers(drawn.iloc[:150], "less.csv")
    assert analyse(folder.file, data=folder.path / "less.csv").nobs == 150


def test_the_same_study_gives_the_same_numbers(folder):
    one, other = analyse(folder.file), analyse(folder.file)
    assert one.structural.parameters.equals(other.structural.parameters)
    assert one.findings == other.findings


@pytest.mark.parametrize(
    "study",
    [
        "model: y1 ~ m1 + x1",
        "model: |\n  m1 ~ x1\n  y1 ~ m1",
        "model: Y ~ X + SEX",
        "hypotheses: []",
        "model: |\n  T =~ X + M + Y",
        "model: |\n  M ~ a*X\n  Y ~ b*M\n  ab := a*b\n  x1 ~~ x2",
        "measurement: |\n  X =~ x1 + x2\n  M =~ m1 + m2 + m3\n  Y =~ y1 + y2 + y3",
        "estimation: {std_lv: true, meanstructure: true}",
        "items: {exclude: [x3]}",
    ],
)
def test_every_kind_of_model_runs(folder, study):
    analysis = analyse(folder.study(study).file)
    assert analysis.nobs == 400
    assert analysis.structural.converged
    assert (
        analysis.structural.fit_measures["df"]
        >= analysis.measurement.fit_measures["df"]
    )
    assert len(analysis.indices) == len(analysis.measurement_indices)
    assert all(result.reason for result in analysis.hypotheses)


MIXED = """hypotheses:
  - {id: H1, path: X -> M, sign: "+", statement: X raises M.}
  - {id: H2, path: X x M -> Y, sign: "?", statement: M carries X to Y by degrees.}
  - {id: H3, about: [X, Y], statement: X counts more than Y.}
  - {id: H4, path: M -> Y, sign: "+", statement: M raises Y.}
"""


def test_hypotheses_that_are_no_path_are_listed_as_not_tested(folder):
    analysis = analyse(folder.study(MIXED).file)
    made = [(r.hypothesis.id, r.kind, r.verdict) for r in analysis.hypotheses]
    assert made == [
        ("H1", "direct", "supported"),
        ("H2", "moderation", "not tested"),
        ("H3", "statement", "not tested"),
        ("H4", "direct", "supported"),
    ]
    moderation, statement = analysis.hypotheses[1:3]
    assert "interaction" in moderation.reason
    assert "statement without a path" in statement.reason
    for result in (moderation, statement):
        numbers = (result.est, result.se, result.z, result.pvalue, result.std)
        assert numbers == (None,) * 5
        assert result.pvalue_holm is None


def test_a_path_model_has_no_measurement(folder):
    analysis = analyse(folder.study("model: |\n  m1 ~ x1\n  y1 ~ m1").file)
    assert analysis.assessment.loadings.empty
    assert analysis.measurement is analysis.structural
    assert "no-measurement" in codes(analysis)
    assert [result.verdict for result in analysis.hypotheses] == ["not tested"] * 3
    assert list(analysis.effects["mediator"]) == ["m1", ""]


def test_without_a_structure_the_cfa_is_the_model(folder):
    analysis = analyse(folder.study("hypotheses: []").file)
    assert analysis.structural is analysis.measurement
    assert analysis.effects.empty
    assert analysis.hypotheses == ()


def test_an_instrument_without_hypotheses_takes_the_studys_model(folder):
    folder.instrument().study("model: |\n  M ~ X\n  Y ~ M")
    analysis = analyse(folder.file)
    assert analysis.hypotheses == ()
    assert list(analysis.effects["mediator"]) == ["M", ""]


ESTIMATIONS = [
    "missing: fiml",
    "estimator: MLR, missing: fiml",
    "estimator: MLMV",
    "estimator: GLS",
    "estimator: ULS",
    "ordered: true",
    "ordered: true, missing: pairwise, estimator: WLSM",
    "ordered: true, estimator: DWLS",
    "ordered: [m1, m2, m3], estimator: ULSMV",
]


def with_holes(drawn):
    """Take one answer in a hundred away."""
    holes = np.random.default_rng(2).random(drawn.shape) < 0.01
    return drawn.mask(holes & (drawn.columns != "SEX"))


@pytest.mark.parametrize("estimation", ESTIMATIONS)
def test_every_estimator_finds_the_population(folder, drawn, estimation):
    answers = with_holes(drawn)
    folder.answers(answers).study(f"estimation: {{{estimation}}}")
    analysis = analyse(folder.file)
    kept = "fiml" in estimation or "pairwise" in estimation
    complete = answers.drop(columns="x4").dropna()
    assert analysis.nobs == (400 if kept else len(complete))
    assert analysis.missing.patterns["n"].iloc[0] == len(complete)
    assert analysis.structural.converged
    for result in analysis.hypotheses:
        assert result.verdict == "supported"
        assert result.std == pytest.approx(TRUTH[result.hypothesis.id], abs=0.14)


@pytest.mark.parametrize("estimation", ESTIMATIONS)
def test_every_estimator_takes_an_observed_predictor(folder, drawn, estimation):
    answers = with_holes(drawn)
    folder.answers(answers)
    folder.study(f"model: |\n  M ~ x4\n  Y ~ M\nestimation: {{{estimation}}}")
    analysis = analyse(folder.file)
    paths = analysis.structural.parameters.query("op == '~'")
    np.testing.assert_allclose(paths["std_all"], [0.48, 0.6], atol=0.1)
    needed = ["m1", "m2", "m3", "y1", "y2", "y3", "x4"]
    known = "fiml" in estimation or "pairwise" in estimation
    kept = answers["x4"].notna().sum() if known else len(answers[needed].dropna())
    assert analysis.nobs == analysis.measurement.nobs == kept
    assert "x4" not in analysis.normality.items["item"].tolist()


@pytest.mark.parametrize("missing", ["fiml", "listwise"])
def test_a_cross_check_uses_complete_sheets(folder, drawn, missing):
    answers = with_holes(drawn)
    folder.answers(answers)
    folder.study(f"estimation: {{missing: {missing}, cross_check: true}}")
    check = analyse(folder.file).cross_check
    assert check.nobs == len(answers.drop(columns="x4").dropna())
    assert check.findings == ()
    assert check.largest < 1e-3


def test_what_cannot_be_cross_checked_is_said(folder):
    folder.study("estimation: {ordered: true, cross_check: true}")
    check = analyse(folder.file).cross_check
    assert [finding.code for finding in check.findings] == ["estimator-not-compared"]
    assert check.parameters.empty


@pytest.mark.parametrize("engine", ["kocsem", "semopy"])
def test_both_engines_agree(folder, engine):
    more = f"model: Y ~ X\nestimation: {{engine: {engine}, cross_check: true}}"
    check = analyse(folder.study(more).file).cross_check
    assert check.engine == {"kocsem": "semopy", "semopy": "kocsem"}[engine]
    assert check.findings == ()
    assert check.parameters["difference"].abs().max() < 1e-4
    assert check.indices["difference"].abs().max() < 1e-4
    assert list(check.indices["index"]) == ["chisq", "cfi", "tli", "rmsea", "srmr"]


def test_engines_that_disagree_are_a_finding(folder, monkeypatch):
    fit = analyse(folder.study("model: Y ~ X").file).structural
    other = analyse(folder.study("model: Y ~ 0*X").file).structural
    x = fit.solution.x.copy()
    x[0] += 0.05
    moved = fit.solution.problem.at(x)
    second = replace(
        other,
        solution=replace(
            fit.solution, optimum=replace(fit.solution.optimum, point=moved)
        ),
    )
    monkeypatch.setattr("kocsem.estimation.cross_check.fit_table", lambda *_: second)
    (finding,) = cross_check(fit).findings
    assert finding.code == "engines-disagree"
    assert finding.subject == "X=~x2"
    assert finding.value > 0.01


def test_a_failing_engine_is_a_finding(folder, monkeypatch):
    fit = analyse(folder.study("model: Y ~ X").file).structural

    def fail(*_):
        raise KocsemError("It cannot.")

    monkeypatch.setattr("kocsem.estimation.cross_check.fit_table", fail)
    check = cross_check(fit)
    assert check.parameters.empty
    assert check.indices.empty
    assert [finding.code for finding in check.findings] == ["no-cross-check"]


@pytest.mark.parametrize(
    ("study", "error", "words"),
    [
        ("model: Y ~ income", ModelSyntaxError, "There is no variable income; known: "),
        ("model: |\n  Y ~ X\n  y4 ~~ y1", ModelSyntaxError, r"y4; did you mean y\d\?"),
        (
            "measurement: |\n  X =~ x1 + x2\nmodel: X ~~ X",
            IdentificationError,
            "The measurement model: ",
        ),
        (
            "screening: {consent: CONS}",
            StudyError,
            "study.yaml: screening.consent: the instrument has no such question CONS",
        ),
    ],
)
def test_what_cannot_be_fitted_is_named(folder, study, error, words):
    text = "study: s\ninstrument: small.yaml\ndata: {file: answers.csv}\n"
    with pytest.raises(error, match=words):
        analyse(folder.study(study, text=text).file)


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("x1", 4, "Everyone answered 4 to x1"),
        ("x1", "x2", "x1 and x2 hold the same answers"),
        ("x1", None, "nobody answered x1"),
    ],
)
def test_answers_that_no_model_can_use(folder, drawn, column, values, words):
    drawn[column] = drawn[values] if isinstance(values, str) else values
    with pytest.raises(DataError, match=words):
        analyse(folder.answers(drawn).file)


def test_too_few_answers(folder, drawn):
    with pytest.raises(DataError, match="n = 5 for 9 items"):
        analyse(folder.answers(drawn.iloc[:5]).file)


def test_the_bundled_study(demo):
    assert demo.structural.fit_measures["df"] == 143
    assert demo.measurement.fit_measures["df"] == 142
    chisq = demo.structural.fit_measures["chisq"]
    assert chisq >= demo.measurement.fit_measures["chisq"] - 1e-6
    assert flow(demo)["received"] - len(demo.screening.dropped) == demo.nobs == 420
    assert demo.cross_check.nobs == len(demo.structural.data.dropna()) < demo.nobs
    for result in demo.hypotheses:
        assert result.verdict == "supported"
        assert result.std == pytest.approx(DEMO_TRUTH[result.hypothesis.id], abs=0.15)
    assert demo.cross_check.findings == ()
    assert {result.verdict for result in demo.indices} <= {"good", "acceptable"}


def test_the_bundled_study_measures_well(demo):
    constructs = demo.assessment.constructs.set_index("construct")
    assert (constructs[["alpha", "cr"]] > 0.8).all(axis=None)
    assert (constructs["ave"] > 0.5).all()
    assert list(constructs.index) == ["CA", "IQ", "AL", "TR", "PI"]


@pytest.fixture(scope="module")
def demo():
    return analyse("koc_core_study")
