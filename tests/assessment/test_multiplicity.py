"""Holm's adjustment: R's p.adjust, and what stays outside the family."""

import pytest

from kocsem.assessment.multiplicity import adjust_holm, multiplicity_findings
from kocsem.assessment.records import HypothesisResult
from kocsem.citations import cite
from kocsem.instrument.types import Hypothesis

# p.adjust(p, "holm") in R 4.2
ADJUSTED = [
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    ([0.02, 0.03, 0.04], [0.06, 0.06, 0.06]),
    ([0.6, 0.7], [1.0, 1.0]),
    ([0.03], [0.03]),
    ([0.0, 0.5], [0.0, 0.5]),
    (
        # Four paths of a study of privacy and trust, by lavaan.
        [7.01403227947e-05, 7.55617790560e-13, 1.24373843964e-05, 0.206663228081],
        [1.402806455894e-04, 3.02247116224e-12, 3.73121531892e-05, 0.206663228081],
    ),
]


def result(pvalue, path="A -> B", verdict=None, name="H1"):
    significant = pvalue is not None and pvalue < 0.05
    return HypothesisResult(
        hypothesis=Hypothesis(id=name, path=path, sign="+", statement="A raises B."),
        kind="direct" if path.count("->") == 1 else "indirect",
        est=0.3,
        se=0.1,
        z=3.0,
        pvalue=pvalue,
        ci_lower=0.1,
        ci_upper=0.5,
        std=0.3,
        verdict=verdict or ("supported" if significant else "not supported"),
        reason="It was tested.",
    )


@pytest.mark.parametrize(("pvalues", "expected"), ADJUSTED)
def test_agrees_with_r(pvalues, expected):
    got = adjust_holm([result(p) for p in pvalues])
    assert [r.pvalue_holm for r in got] == pytest.approx(expected, rel=1e-9)
    assert [r.pvalue for r in got] == pvalues


def test_the_family_is_the_direct_hypotheses_that_were_tested():
    results = [
        result(0.04),
        result(None, verdict="not tested"),
        result(0.001, "A -> B -> C"),
        result(0.03),
    ]
    got = adjust_holm(results)
    assert [r.pvalue_holm for r in got] == [0.06, None, None, 0.06]


@pytest.mark.parametrize("results", [[], [result(0.001, "A -> B -> C")]])
def test_no_family(results):
    assert adjust_holm(results) == tuple(results)
    assert multiplicity_findings(results) == ()


def test_verdicts_stay():
    before = [result(0.03), result(0.04, verdict="contrary"), result(0.2)]
    after = adjust_holm(before)
    assert [r.verdict for r in after] == ["supported", "contrary", "not supported"]


def test_what_does_not_outlast_the_adjustment_is_a_finding():
    results = adjust_holm(
        [
            result(0.001, name="H1"),
            result(0.02, name="H2"),
            result(0.03, name="H3", verdict="contrary"),
            result(0.3, name="H4"),
        ]
    )
    found = multiplicity_findings(results)
    assert [(f.subject, f.value, f.threshold) for f in found] == [
        ("H2", 0.06, 0.05),
        ("H3", 0.06, 0.05),
    ]
    assert "among the 4 direct hypotheses" in found[0].message
    assert "(p = 0.020)" in found[0].message
    assert {f.code for f in found} == {"not-significant-after-holm"}
    assert cite(found[0].citation) == "Holm (1979)"


@pytest.mark.parametrize(("alpha", "subjects"), [(0.05, ["H2"]), (0.1, [])])
def test_the_level_is_that_of_the_verdicts(alpha, subjects):
    results = adjust_holm(
        [
            result(0.001, name="H1"),
            result(0.03, name="H2"),
            result(0.04, name="H3", verdict="not supported"),
        ]
    )
    found = multiplicity_findings(results, alpha)
    assert [f.subject for f in found] == subjects
