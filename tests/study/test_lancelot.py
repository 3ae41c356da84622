"""A serial mediation on mixed scales: privacy concern, trust, risk, intention.

1,090 respondents (cSEM); concern has five points, all else seven. Expected figures:
lavaan by maximum likelihood, and car, both in R.
"""

from pathlib import Path

import pytest

import kocsem

FOLDER = Path(__file__).parent / "lancelot"
EXACT = 2e-5  # est, se and std: six decimals of lavaan's default convergence

MEASURES = {
    "chisq": 60.789816,
    "cfi": 0.996158,
    "tli": 0.994439,
    "rmsea": 0.023457,
    "srmr": 0.020600,
}

# est, se, std, verdict
EFFECTS = {
    "H1": (-0.266365, 0.066996, -0.134518, "supported"),
    "H2": (0.623838, 0.062598, 0.353963, "supported"),
    "H3": (-0.213784, 0.029821, -0.240192, "supported"),
    "H4": (0.492135, 0.028664, 0.550817, "supported"),
    "H5": (-0.149215, 0.034147, -0.148646, "supported"),
    "H6": (-0.070306, 0.055675, -0.039739, "not supported"),
    "H7": (0.031900, 0.008236, 0.035703, "supported"),
    "H8": (-0.008497, 0.003025, -0.004803, "supported"),
}

# p.adjust(p, "holm") over the six paths
HOLM = {"H1": 1.40280645589e-04, "H5": 3.73121531892e-05, "H6": 0.206663228081}

VIF = {
    ("TRUST", "PRIV"): 1.0,
    ("RISK", "PRIV"): 1.01244970755,
    ("RISK", "TRUST"): 1.01244970755,
    ("INT", "TRUST"): 1.06217436101,
    ("INT", "RISK"): 1.17137407736,
    ("INT", "PRIV"): 1.11802973352,
}


@pytest.fixture(scope="module")
def study(shared_data):
    file = shared_data / "lancelot" / "responses.csv"
    if not file.exists():
        pytest.skip("the privacy answers are not beside the project")
    return kocsem.run_study(FOLDER / "study.yaml", data=file)


def of(study, name):
    (result,) = (r for r in study.hypotheses if r.hypothesis.id == name)
    return result


def test_sample_and_degrees_of_freedom(study):
    assert study.nobs == 1090
    assert study.structural.fit_measures["df"] == 38


@pytest.mark.parametrize(("name", "expected"), MEASURES.items())
def test_fit_measures(study, name, expected):
    assert study.structural.fit_measures[name] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("name", "expected"), EFFECTS.items())
def test_paths_and_chains(study, name, expected):
    result = of(study, name)
    got = (result.est, result.se, result.std)
    assert got == pytest.approx(expected[:3], abs=EXACT)
    assert result.verdict == expected[3]


@pytest.mark.parametrize(("name", "expected"), HOLM.items())
def test_adjusted_p_values(study, name, expected):
    assert of(study, name).pvalue_holm == pytest.approx(expected, rel=1e-4)


def test_chains_are_outside_the_family(study):
    assert of(study, "H7").pvalue_holm is of(study, "H8").pvalue_holm is None


@pytest.mark.parametrize(
    ("outcome", "expected"), [("TRUST", 0.018), ("RISK", 0.206), ("INT", 0.385)]
)
def test_explained_variance(study, outcome, expected):
    assert study.structural.rsquare[outcome] == pytest.approx(expected, abs=5.1e-4)


def test_each_construct_keeps_its_own_scale(study):
    largest = study.descriptives.set_index("item")["maximum"]
    assert (largest.filter(like="privcon") == 5).all()
    assert (largest.drop(largest.filter(like="privcon").index) == 7).all()


def test_normality_and_collinearity(study):
    kurtosis = study.normality.mardia_kurtosis
    assert kurtosis.statistic == pytest.approx(58.5143192840, rel=1e-9)
    skewness = study.normality.mardia_skewness
    assert skewness.statistic == pytest.approx(2761.4988334693, rel=1e-9)
    found = study.collinearity.predictors.set_index(["outcome", "predictor"])["vif"]
    assert found.to_dict() == pytest.approx(VIF, rel=1e-9)
    assert "not-multivariate-normal" in {finding.code for finding in study.findings}


def test_the_report_shows_the_serial_mediation(study, tmp_path):
    study.write(tmp_path / "report", formats=["html", "csv"])
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    for words in (
        "60.790",
        "Privacy concern → Trust → Perceived risk → Adoption intention",
        "隐私关注 → 信任 → 感知风险 → 采纳意愿",
        "−0.008",
    ):
        assert words in page
