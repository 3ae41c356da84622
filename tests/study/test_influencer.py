"""The influencer data of seminr 2.3.1, from the raw answers to a complete report.

222 consumers on seven points. Expected figures: lavaan by maximum likelihood, semTools,
psych's formulas with the divisor n, and car, all in R; HTMT as seminr prints it.
"""

from pathlib import Path

import pandas as pd
import pytest

import kocsem

FOLDER = Path(__file__).parent / "influencer"
PRINTED = 5.1e-4  # three decimals, rounded

MEASURES = {
    "chisq": 329.580,
    "cfi": 0.947,
    "tli": 0.938,
    "rmsea": 0.084,
    "rmsea_ci_lower": 0.073,
    "rmsea_ci_upper": 0.095,
    "srmr": 0.047,
    "nfi": 0.917,
    "ifi": 0.948,
    "aic": 11859.911,
    "bic": 12002.823,
    "logl": -5887.955,
}

# est, se, z, std, verdict
PATHS = {
    "H1": (-0.009, 0.049, -0.194, -0.010, "not supported"),
    "H2": (0.054, 0.088, 0.610, 0.053, "not supported"),
    "H3": (0.576, 0.073, 7.885, 0.721, "supported"),
}

LOADINGS = {
    "PIC": [0.847, 0.879, 0.775, 0.872, 0.746],
    "PQ": [0.900, 0.873, 0.857, 0.901],
    "PL": [0.940, 0.951, 0.779, 0.810],
    "PI": [0.832, 0.852, 0.848, 0.891, 0.950],
}

ALPHA = {"PIC": 0.91235, "PQ": 0.93419, "PL": 0.92731, "PI": 0.93922}
HTMT = {("PL", "PQ"): 0.755, ("PL", "PI"): 0.815, ("PQ", "PI"): 0.625}
VIF = {"PIC": 1.11298741313, "PQ": 2.06361204602, "PL": 1.97749450281}
FULL_VIF = {
    "PIC": 1.11308852630,
    "PQ": 2.08977564556,
    "PL": 3.14545814749,
    "PI": 2.43346164454,
}


@pytest.fixture(scope="module")
def answers(shared_data):
    file = shared_data / "influencer" / "responses.csv"
    if not file.exists():
        pytest.skip("the influencer answers are not beside the project")
    return file


@pytest.fixture(scope="module")
def study(answers):
    return kocsem.run_study(FOLDER / "study.yaml", data=answers)


@pytest.fixture(scope="module")
def report(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("influencer") / "report"
    study.write(folder)
    return folder


def test_sample_and_degrees_of_freedom(study):
    assert study.nobs == 222
    assert study.structural.fit_measures["df"] == 129
    groups = study.demographics.set_index("code")["n"].to_dict()
    assert groups == {1: 122, 2: 100}


@pytest.mark.parametrize(("name", "printed"), MEASURES.items())
def test_fit_measures(study, name, printed):
    assert study.structural.fit_measures[name] == pytest.approx(printed, abs=PRINTED)


@pytest.mark.parametrize(("name", "printed"), PATHS.items())
def test_paths_and_verdicts(study, name, printed):
    (result,) = (r for r in study.hypotheses if r.hypothesis.id == name)
    got = (result.est, result.se, result.z, result.std)
    assert got == pytest.approx(printed[:4], abs=PRINTED)
    assert result.verdict == printed[4]


def test_explained_variance(study):
    assert study.structural.rsquare["PI"] == pytest.approx(0.578, abs=PRINTED)


@pytest.mark.parametrize(("construct", "printed"), LOADINGS.items())
def test_loadings_and_what_follows_from_them(study, construct, printed):
    rows = study.assessment.loadings.query("construct == @construct")
    assert list(rows["std_all"]) == pytest.approx(printed, abs=PRINTED)
    row = study.assessment.constructs.set_index("construct").loc[construct]
    ave = sum(value**2 for value in printed) / len(printed)
    assert row["ave"] == pytest.approx(ave, abs=1e-3)
    assert row["alpha"] == pytest.approx(ALPHA[construct], abs=5.1e-6)


@pytest.mark.parametrize(("pair", "printed"), HTMT.items())
def test_htmt(study, pair, printed):
    assert study.assessment.htmt.loc[pair] == pytest.approx(printed, abs=PRINTED)


def test_normality(study):
    found = study.normality
    skewness, kurtosis = found.mardia_skewness, found.mardia_kurtosis
    assert (skewness.value, skewness.statistic) == pytest.approx(
        (64.4137497884, 2383.30874217), rel=1e-9
    )
    assert (kurtosis.value, kurtosis.statistic) == pytest.approx(
        (425.738831377, 18.2516538166), rel=1e-9
    )
    assert found.henze_zirkler.value == pytest.approx(1.12285920305987, rel=1e-9)
    assert (found.nobs, found.tested, found.rejected) == (222, 18, 18)
    pi_1 = found.items.set_index("item").loc["pi_1"]
    assert pi_1["skew"] == pytest.approx(1.39223355765, rel=1e-9)
    assert pi_1["w"] == pytest.approx(0.753383971946, rel=1e-9)


def test_collinearity(study):
    predictors = study.collinearity.predictors.set_index("predictor")["vif"]
    constructs = study.collinearity.constructs.set_index("construct")["vif"]
    assert predictors.to_dict() == pytest.approx(VIF, rel=1e-9)
    assert constructs.to_dict() == pytest.approx(FULL_VIF, rel=1e-9)


def test_findings(study):
    assert {finding.code: finding.subject for finding in study.findings} == {
        "construct-not-used": "SIC",
        "rule-not-applied": "speed",
        "flagged-mahalanobis": "rows 19, 36, 41, 60, 61, 101, 103, 128, 133, 188",
        "not-multivariate-normal": "items",
        "poor-fit": "rmsea",
    }


def test_the_reversed_item_is_scored_already(answers, study, tmp_path):
    assert "negative-loading" not in {finding.code for finding in study.findings}
    text = (FOLDER / "influencer.yaml").read_text(encoding="utf-8")
    marked = "items:\n  - {id: pl_1, construct: PL, reverse: true}\n"
    other = text.replace("[pl_1, pl_2,", "[pl_2,") + marked
    (tmp_path / "influencer.yaml").write_text(other, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(
        (FOLDER / "study.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    turned = kocsem.run_study(tmp_path / "study.yaml", data=answers)
    chisq = turned.structural.fit_measures["chisq"]
    assert chisq == pytest.approx(329.580, abs=PRINTED)
    negative = [f.subject for f in turned.findings if f.code == "negative-loading"]
    assert negative == ["pl_2", "pl_3", "pl_4"]


def test_the_report_is_complete(report):
    made = {path.name for path in report.iterdir()}
    assert {
        "report.html",
        "report.docx",
        "report.en.docx",
        "tables.xlsx",
        "tables.en.xlsx",
        "diagram.svg",
        "diagram.en.png",
        "results.json",
    } <= made
    assert "SYNTHETIC.txt" not in made


def test_the_report_prints_the_figures(report):
    page = (report / "report.html").read_text(encoding="utf-8")
    for words in (
        "329.580",
        "0.721",
        "N = 222",
        "喜爱度",
        "Product liking",
        "z = 18.25",
        "HZ = 1.123",
        "3 direct hypotheses tested together (Holm, 1979)",
    ):
        assert words in page


def test_the_report_holds_the_figures_as_data(report):
    (file,) = report.rglob("*collinearity*.csv")
    table = pd.read_csv(file, index_col="variable")
    assert table["full_vif"].to_dict() == pytest.approx(FULL_VIF, rel=1e-9)
    (file,) = report.rglob("*hypotheses*.csv")
    rows = pd.read_csv(file)
    # Holm, by hand: the smallest p times three; the others are above one after that.
    assert rows["pvalue_holm"][2] == pytest.approx(3 * rows["pvalue"][2])
    assert list(rows["pvalue_holm"][:2]) == [1, 1]
