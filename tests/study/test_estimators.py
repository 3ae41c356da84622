"""The bundled answers by every kind of estimator; numbers against lavaan and psych."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kocsem.instrument.bundled import bundled
from kocsem.study.analyse import analyse
from tolerances import ORDINAL_RTOL, ROBUST_ATOL, ROBUST_RTOL

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "study_estimators.json").read_text(encoding="utf-8"))
STUDY = f"""
study: estimators
instrument: koc_core
data: {{file: '{bundled("koc_core_demo.csv").as_posix()}'}}
model: |
  TR ~ CA + IQ + AL
  PI ~ TR + CA + IQ
"""
CASES = {
    "mlr_fiml": "{estimator: MLR, missing: fiml}",
    "wlsmv_listwise": "{ordered: true}",
    "wlsmv_pairwise": "{ordered: true, missing: pairwise}",
}
PRINTED = {
    "chisq": "chisq.scaled",
    "pvalue": "pvalue.scaled",
    "cfi": "cfi.robust",
    "tli": "tli.robust",
    "rmsea": "rmsea.robust",
    "rmsea_ci_upper": "rmsea.ci.upper.robust",
    "nfi": "nfi.scaled",
    "ifi": "ifi.scaled",
    "srmr": "srmr",
}


@pytest.fixture(scope="module", params=CASES)
def case(request, tmp_path_factory):
    file = tmp_path_factory.mktemp("study") / "study.yaml"
    file.write_text(f"{STUDY}estimation: {CASES[request.param]}\n", encoding="utf-8")
    return analyse(file), REFERENCE[request.param], request.param


def closeness(name):
    rtol = ORDINAL_RTOL if name.startswith("wlsmv") else ROBUST_RTOL
    return {"rtol": rtol, "atol": ROBUST_ATOL if rtol == ROBUST_RTOL else ORDINAL_RTOL}


def test_the_answers_are_those_that_lavaan_had(case):
    analysis, _, name = case
    given = pd.read_csv(FOLDER / "data" / "koc_demo_scored.csv", index_col="row")
    if name.endswith("listwise"):
        given = given.dropna()
    kept = analysis.screening.kept.answers
    np.testing.assert_array_equal(kept.index, given.index)
    np.testing.assert_array_equal(kept[list(given)], given)


def test_all_parts_speak_of_the_same_sheets(case):
    analysis, reference, _ = case
    flow = {step.reason: step.n for step in analysis.screening.flow}
    nobs = reference["nobs"]
    assert analysis.nobs == analysis.measurement.nobs == flow["kept"] == nobs
    assert flow["received"] - len(analysis.screening.dropped) == nobs
    described = analysis.descriptives
    assert set(described["n"] + described["missing"]) == {nobs}
    people = analysis.demographics.query("variable == 'GEN'")["n"].sum()
    assert people == nobs


def test_estimates_and_standard_errors(case):
    analysis, reference, name = case
    expected = pd.DataFrame(reference["parameters"])
    keys = ["lhs", "op", "rhs"]
    found = analysis.structural.parameters.merge(expected, on=keys, suffixes=("", "_r"))
    assert len(found) == len(expected)
    for column, other in (("est", "est_r"), ("se", "se_r"), ("std_all", "std.all")):
        np.testing.assert_allclose(found[column], found[other], **closeness(name))


@pytest.mark.parametrize("index", PRINTED)
def test_what_a_paper_prints(case, index):
    analysis, reference, name = case
    expected = reference["fit_measures"][PRINTED[index]]
    found = analysis.structural.reported_measures[index]
    np.testing.assert_allclose(found, expected, **closeness(name))
    judged = {result.index: result.value for result in analysis.indices}
    assert judged.get(index, found) == found


def test_explained_variance(case):
    analysis, reference, name = case
    for outcome, expected in reference["rsquare"].items():
        found = analysis.structural.rsquare[outcome]
        np.testing.assert_allclose(found, expected, **closeness(name))


def test_alpha_of_ordered_items(case):
    analysis, _, name = case
    rows = analysis.assessment.constructs.set_index("construct")
    assert ("ordinal_alpha" in rows) == name.startswith("wlsmv")
    if not name.startswith("wlsmv"):
        return
    for construct, expected in REFERENCE[name.replace("wlsmv", "alpha")].items():
        found = rows.loc[construct]
        for column in ("alpha", "lower", "upper"):
            key = column if column == "alpha" else f"alpha_{column}"
            assert found[key] == pytest.approx(expected[column], rel=1e-9)
        assert found["ordinal_alpha"] == pytest.approx(
            expected["ordinal"], rel=ORDINAL_RTOL
        )


def test_normality_is_asked_of_numbers_only(case):
    analysis, _, name = case
    codes = {finding.code for finding in analysis.findings}
    assert "not-multivariate-normal" not in codes
    assert analysis.normality.items.empty == name.startswith("wlsmv")
    assert ("not-normal-but-robust" in codes) == (name == "mlr_fiml")


def test_missing_answers_are_those_of_the_sheets_that_screening_keeps(case):
    report = case[0].missing
    assert report.nobs == 420
    assert report.items["missing"].sum() == 84
    assert report.patterns["n"].iloc[0] == 345
