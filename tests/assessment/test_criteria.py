"""Fit indices held against their criteria."""

import pytest

from kocsem import citations
from kocsem.assessment.criteria import CRITERIA, fit_findings, judge
from kocsem.assessment.records import Threshold
from kocsem.findings import Unavailable

GOOD = {
    "chisq": 50.0,
    "df": 40,
    "cfi": 0.98,
    "tli": 0.97,
    "rmsea": 0.03,
    "srmr": 0.04,
    "gfi_lisrel": 0.95,
    "agfi_lisrel": 0.93,
    "nfi": 0.94,
    "ifi": 0.98,
}


def judged(**changes):
    return {result.index: result for result in judge({**GOOD, **changes})}


@pytest.mark.parametrize(
    ("index", "value", "verdict"),
    [
        ("cfi", 0.95, "good"),
        ("cfi", 0.9499, "acceptable"),
        ("cfi", 0.90, "acceptable"),
        ("cfi", 0.8999, "poor"),
        ("tli", 1.02, "good"),
        ("rmsea", 0.06, "good"),
        ("rmsea", 0.08, "acceptable"),
        ("rmsea", 0.0801, "poor"),
        ("srmr", 0.08, "good"),
        ("srmr", 0.081, "poor"),
        ("gfi_lisrel", 0.90, "acceptable"),
        ("gfi_lisrel", 0.901, "good"),
        ("agfi_lisrel", 0.80, "poor"),
        ("nfi", 0.90, "poor"),
        ("ifi", 0.91, "good"),
    ],
)
def test_verdict(index, value, verdict):
    assert judged(**{index: value})[index].verdict == verdict


@pytest.mark.parametrize(
    ("chisq", "value", "verdict"),
    [
        (119.9, 2.9975, "good"),
        (120.0, 3.0, "acceptable"),
        (200.0, 5.0, "poor"),
    ],
)
def test_ratio_of_chisq_to_df(chisq, value, verdict):
    ratio = judged(chisq=chisq)["chisq_df"]
    assert (ratio.value, ratio.verdict) == (value, verdict)


def test_a_saturated_model_is_not_judged():
    results = judged(df=0, chisq=0.0, cfi=1.0)
    assert {result.verdict for result in results.values()} == {None}
    assert results["chisq_df"].value is None
    assert results["cfi"].value == 1.0
    assert "no degrees of freedom" in results["cfi"].reason


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not among the fit measures"),
        (float("nan"), "cannot be computed"),
        (Unavailable("Not with this engine."), "Not with this engine."),
    ],
)
def test_an_index_that_does_not_exist_has_a_reason(value, words):
    result = judged(cfi=value)["cfi"]
    assert (result.value, result.verdict) == (None, None)
    assert words in result.reason


def test_the_table_has_every_criterion_once_with_known_sources():
    names = [criterion.index for criterion in CRITERIA]
    assert len(set(names)) == len(names)
    for criterion in CRITERIA:
        assert citations.cite_all(criterion.citations)


def test_only_poor_fit_is_a_finding():
    results = judge({**GOOD, "rmsea": 0.12, "cfi": 0.92, "srmr": 0.10})
    findings = fit_findings(results, "the model")
    assert [(f.code, f.subject, f.threshold) for f in findings] == [
        ("poor-fit", "rmsea", "<= 0.08"),
        ("poor-fit", "srmr", "<= 0.08"),
    ]
    assert findings[0].message.startswith("rmsea of the model is 0.120;")


@pytest.mark.parametrize(
    ("relation", "below", "at", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
    ],
)
def test_threshold(relation, below, at, above):
    threshold = Threshold(relation, 0.5)
    assert [threshold.met_by(x) for x in (0.4, 0.5, 0.6)] == [below, at, above]
    assert str(threshold) == f"{relation} 0.5"
