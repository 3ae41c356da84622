"""The main result under other rules, held against fits to rows chosen by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.data.read.responses import read_responses
from kocsem.study import sensitivity
from kocsem.study.analyse import analyse
from kocsem.study.plan import plan_study
from kocsem.study.sensitivity import changes, screening_sensitivity
from small_study import STUDY, Folder, draw

ITEMS = [f"{name}{i}" for name in "xmy" for i in (1, 2, 3)]
MODEL = "X =~ x1+x2+x3\nM =~ m1+m2+m3\nY =~ y1+y2+y3\nM ~ X\nY ~ M"
RULES = (
    "{straightlining: drop, missing_share: 0.4, duplicates: keep, mahalanobis: keep, "
    "contradictions: keep, irv: flag, min_irv: 0.45"
)
OLD = "{straightlining: keep, duplicates: keep, missing_share: 1"


def study(more="", rules=RULES):
    return STUDY.replace(OLD, rules + more).replace(
        "data:", "estimation: {missing: fiml}\ndata:"
    )


def spoilt():
    """Return answers of which 30 are straight-lined, 20 half empty, 10 hardly vary."""
    frame = draw().astype(float)
    frame.loc[:29, [*ITEMS, "x4"]] = np.repeat(
        [[7.0] * 10, [1.0] * 10, [4.0] * 10], 10, axis=0
    )
    frame.loc[30:49, ITEMS[:6]] = np.nan
    frame.loc[50:59, [*ITEMS, "x4"]] = [4, 4, 5, 4, 4, 4, 5, 4, 4, 4]
    return frame


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return Folder(tmp_path_factory.mktemp("sensitivity")).answers(spoilt())


@pytest.fixture(scope="module")
def analysis(folder):
    return analyse(folder.study(text=study()).file)


def without(*parts):
    """Return the answers without some of the spoilt ones, chosen by hand."""
    frame = spoilt()
    places = {
        "straight": frame.index[:30],
        "half": frame.index[30:50],
        "flat": frame.index[frame[[*ITEMS, "x4"]].std(axis=1) < 0.45],
    }
    gone = {row for part in parts for row in places[part]}
    return frame.drop(index=list(gone))


def test_processes_change_nothing(folder, analysis, monkeypatch):
    monkeypatch.setattr(sensitivity, "_MANY", 1)
    plan = plan_study(folder.study(text=study()).file)
    own = analysis.sensitivity
    found = screening_sensitivity(plan, analysis.responses, analysis.structural)
    assert [v.scenario for v in found.variants] == [v.scenario for v in own.variants]
    for one, other in zip(found.variants, own.variants, strict=True):
        pd.testing.assert_frame_equal(one.outcome.paths, other.outcome.paths)
        assert one.outcome.hypotheses == other.outcome.hypotheses
        assert (one.dropped, one.outcome.cfi) == (other.dropped, other.outcome.cfi)


@pytest.mark.parametrize(
    ("kind", "reason", "parts"),
    [
        ("population", "", ()),
        ("only", "straightlining", ("straight",)),
        ("only", "missing", ("half",)),
        ("all", "", ("straight", "half")),
        ("without", "straightlining", ("half",)),
        ("without", "missing", ("straight",)),
        ("also", "irv", ("straight", "half", "flat")),
    ],
)
def test_a_choice_is_a_fit_to_the_rows_that_it_keeps(analysis, kind, reason, parts):
    (variant,) = (
        v
        for v in analysis.sensitivity.variants
        if (v.scenario.kind, v.scenario.reason) == (kind, reason)
    )
    frame = without(*parts)
    assert variant.dropped == 400 - len(frame)
    fit = kocsem.sem(MODEL, frame, missing="fiml")
    outcome = variant.outcome
    assert outcome.nobs == fit.nobs == len(frame)
    assert_allclose(outcome.cfi, fit.fit_measures["cfi_robust"], rtol=1e-7)
    assert_allclose(outcome.rmsea, fit.fit_measures["rmsea_robust"], rtol=1e-6)
    paths = fit.parameters.query("op == '~'").set_index(["rhs", "lhs"])
    for row in outcome.paths.itertuples():
        own = paths.loc[(row.predictor, row.outcome)]
        found = [row.est, row.se, row.z, row.pvalue, row.std]
        expected = own[["est", "se", "z", "pvalue", "std_all"]].astype(float)
        assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_the_choices_in_order(analysis):
    assert [
        (v.scenario.kind, v.scenario.reason) for v in analysis.sensitivity.variants
    ] == [
        ("population", ""),
        ("only", "straightlining"),
        ("only", "missing"),
        ("all", ""),
        ("without", "straightlining"),
        ("without", "missing"),
        ("also", "irv"),
    ]
    assert analysis.sensitivity.paths == (("X", "M"), ("M", "Y"))


def test_the_study_s_own_line_is_the_study_s_result(analysis):
    own = analysis.sensitivity.study.outcome
    assert own.hypotheses == tuple(
        replace(result, pvalue_holm=None) for result in analysis.hypotheses
    )
    assert own.nobs == analysis.nobs


@pytest.mark.parametrize(
    "text",
    [
        study(", sensitivity: false"),
        study(rules="{straightlining: keep, duplicates: keep, missing_share: 1, "
              "mahalanobis: keep, contradictions: keep"),
    ],
    ids=["not wanted", "nobody hit"],
)  # fmt: skip
def test_without_a_sensitivity_analysis(folder, text):
    file = folder.study(text=text).file
    assert analyse(file).sensitivity is None


@pytest.mark.parametrize(
    ("slow", "said"), [(6, "singular"), (0, "No answer sheet is left.")]
)
def test_what_cannot_be_fitted_says_why(folder, slow, said):
    # all but a few sheets are too fast: flagged in the study, gone in its last line
    folder.answers(draw())
    rules = "{straightlining: keep, duplicates: keep, mahalanobis: keep, speed: flag"
    plan = plan_study(folder.study(text=study(rules=rules)).file)
    responses = read_responses(plan.data_file, plan.instrument)
    seconds = pd.Series([100.0] * slow + [1.0] * (400 - slow), responses.answers.index)
    structural = kocsem.sem(MODEL, draw().astype(float), missing="fiml")
    found = screening_sensitivity(plan, replace(responses, seconds=seconds), structural)
    last = found.variants[-1]
    assert (last.scenario.kind, last.scenario.reason) == ("also", "speed")
    assert last.dropped == 400 - slow
    assert said in last.outcome.failure
    assert (last.outcome.nobs, len(last.outcome.paths)) == (None, 0)
    assert np.isnan([last.outcome.cfi, last.outcome.rmsea]).all()
    assert changes(found) == ()


def test_a_model_that_does_not_converge_says_so(folder, monkeypatch):
    def stopped(plan, scored):
        return SimpleNamespace(converged=False)

    monkeypatch.setattr(sensitivity, "fit_structural", stopped)
    folder.answers(spoilt())
    plan = plan_study(folder.study(text=study()).file)
    responses = read_responses(plan.data_file, plan.instrument)
    structural = kocsem.sem(MODEL, without("straight", "half"), missing="fiml")
    found = screening_sensitivity(plan, responses, structural)
    failures = {v.outcome.failure for v in found.variants if v is not found.study}
    assert failures == {"The optimisation stopped before it converged."}
    assert found.study.outcome.failure == ""


def test_a_verdict_that_depends_on_the_rules_is_a_finding(folder):
    # 150 sheets of one answer throughout carry all of X's effect on M
    rng = np.random.default_rng(3)
    frame = draw(n=300).astype(float)
    frame[["m1", "m2", "m3"]] = (
        frame[["m1", "m2", "m3"]].sample(frac=1, random_state=rng).to_numpy()
    )
    level = rng.integers(1, 8, size=(150, 1))
    frame.loc[:149, [*ITEMS, "x4"]] = np.repeat(level, 10, axis=1)
    folder.answers(frame)
    analysis = analyse(folder.study(text=study()).file)
    found = changes(analysis.sensitivity)
    change = next(c for c in found if c.hypothesis == "H1")
    assert (change.study, change.other) == ("not supported", "supported")
    kinds = {(v.scenario.kind, v.scenario.reason) for v in change.variants}
    assert ("population", "") in kinds
    assert ("without", "straightlining") in kinds
    assert ("only", "straightlining") not in kinds
    finding = next(
        f
        for f in analysis.findings
        if (f.code, f.subject) == ("verdict-depends-on-screening", "H1")
    )
    assert finding.severity == "warning"
    assert finding.message.startswith("H1 is not supported, but supported under")
