"""A study by MLR prints the scaled test and the robust indices."""

import pytest

from kocsem.assessment.criteria import CRITERIA
from kocsem.instrument.bundled import bundled
from kocsem.reporting.result import run_study

STUDY = f"""
study: robust
instrument: koc_core
data: {{file: '{bundled("koc_core_demo.csv").as_posix()}'}}
estimation: {{estimator: MLR}}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    file = tmp_path_factory.mktemp("robust") / "study.yaml"
    file.write_text(STUDY, encoding="utf-8")
    return run_study(file)


def test_indices_are_the_robust_ones(result):
    measures = result.structural.fit_measures
    judged = {index.index: index.value for index in result.indices}
    assert set(judged) == {criterion.index for criterion in CRITERIA}
    for name in ("cfi", "tli", "rmsea"):
        assert judged[name] == measures[f"{name}_robust"] != measures[name]
    ratio = measures["chisq_scaled"] / measures["df"]
    assert judged["chisq_df"] == pytest.approx(ratio)
    assert judged["srmr"] == measures["srmr"]


def test_hypotheses_use_the_robust_standard_errors(result):
    frame = result.structural.parameters.set_index(["lhs", "op", "rhs"])
    direct = next(h for h in result.hypotheses if h.hypothesis.id == "H1")
    assert direct.se == frame.loc[("TR", "~", "CA"), "se"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Yuan-Bentler scaling"), ("zh", "Yuan-Bentler校正")],
)
def test_the_fit_table_says_what_it_prints(result, language, words):
    shown = {table.key: table for table in result.tables(language)}
    notes = " ".join(note.text for note in shown["fit_indices"].notes)
    factor = result.structural.fit_measures["chisq_scaling_factor"]
    assert words in notes
    assert f"{factor:.3f}" in notes


def test_a_plain_study_has_no_such_note(tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text(STUDY.replace("MLR", "ML"), encoding="utf-8")
    shown = {t.key: t for t in run_study(file).tables("en")}
    notes = " ".join(note.text for note in shown["fit_indices"].notes)
    assert "scaled" not in notes
