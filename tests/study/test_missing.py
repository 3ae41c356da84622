"""What missing answers mean, by the way they are treated."""

import numpy as np
import pandas as pd
import pytest

from kocsem.core.incomplete.mcar import McarTest
from kocsem.study.missing import missing_findings, study_missing


def answers(by_chance):
    """Draw three items; holes in the last one fall by chance, or on high scorers."""
    rng = np.random.Generator(np.random.PCG64(3))
    drawn = rng.normal(size=(300, 3)) + rng.normal(size=(300, 1))
    frame = pd.DataFrame(drawn, columns=["a", "b", "c"])
    holes = rng.random(300) < 0.3 if by_chance else frame["a"] > 0.6
    return frame.assign(c=frame["c"].mask(holes))


def test_complete_answers_have_no_report():
    assert study_missing(answers(True), ["a", "b"]) is None
    assert list(missing_findings(None, "listwise")) == []


def test_the_report_is_about_the_models_variables():
    frame = answers(True).assign(d=np.nan)
    report = study_missing(frame, ["a", "c"])
    assert list(report.items["item"]) == ["a", "c"]
    assert report.items["missing"].sum() == frame["c"].isna().sum()


@pytest.mark.parametrize(
    ("missing", "code", "severity", "words"),
    [
        (
            "listwise",
            "not-missing-completely-at-random",
            "warning",
            "ask for missing='fiml'",
        ),
        ("fiml", "missing-at-random-assumed", "info", "All answers were kept"),
        ("pairwise", "pairwise-needs-mcar", "warning", "'missing: fiml'"),
    ],
)
def test_a_test_that_rejects_is_a_finding(missing, code, severity, words):
    report = study_missing(answers(False), ["a", "b", "c"])
    assert isinstance(report.mcar, McarTest)
    (finding,) = missing_findings(report, missing)
    assert (finding.code, finding.severity) == (code, severity)
    assert finding.value == report.mcar.pvalue < finding.threshold
    assert words in finding.message


@pytest.mark.parametrize("missing", ["listwise", "fiml", "pairwise"])
def test_holes_by_chance_are_none(missing):
    report = study_missing(answers(True), ["a", "b", "c"])
    assert report.mcar.pvalue > 0.05
    assert list(missing_findings(report, missing)) == []
