"""A published study from its raw answers: the authors' printed lavaan results.

Answers and print-out: 272 young consumers in Hanoi, 2021 (MIT licence).
"""

from pathlib import Path

import pytest

from kocsem.study.analyse import analyse

ANSWERS = Path(__file__).parents[3] / "shared" / "data" / "hanoi" / "responses.csv"

INSTRUMENT = """
id: hanoi
version: "1"
title: Parasocial interaction and impulse buying
scale: 5
constructs:
  - {id: PAR, name: Parasocial interaction, items: [PAR1, PAR2, PAR3]}
  - {id: INT, name: Social interaction, items: [INT1, INT2, INT3]}
  - {id: HED, name: Hedonic motive, items: [HED1, HED2, HED3]}
  - {id: CON, name: Self-control, items: [CON1, CON2, CON3]}
  - {id: URG, name: Urge to buy, items: [URG1, URG2, URG3]}
hypotheses:
  - {id: H1, path: PAR -> URG, sign: "+", statement: PAR raises URG.}
  - {id: H2, path: INT -> URG, sign: "+", statement: INT raises URG.}
  - {id: H3, path: HED -> URG, sign: "?", statement: HED changes URG.}
  - {id: H4, path: CON -> URG, sign: "-", statement: CON lowers URG.}
"""

STUDY = """
study: hanoi
instrument: hanoi.yaml
screening: {straightlining: keep, duplicates: keep}
"""

MEASURES = {
    "chisq": 189.193,
    "cfi": 0.933,
    "tli": 0.911,
    "rmsea": 0.071,
    "rmsea_ci_lower": 0.058,
    "rmsea_ci_upper": 0.084,
    "srmr": 0.067,
    "aic": 8832.328,
    "bic": 8976.560,
}

# est, se, z, std, verdict under the signs above
PATHS = {
    "H1": (1.230, 0.287, 4.290, 0.490, "supported"),
    "H2": (-0.319, 0.114, -2.797, -0.229, "contrary"),
    "H3": (0.370, 0.090, 4.093, 0.331, "supported"),
    "H4": (0.211, 0.151, 1.395, 0.105, "not supported"),
}


@pytest.fixture(scope="module")
def hanoi(tmp_path_factory):
    if not ANSWERS.exists():
        pytest.skip("the Hanoi answers are not beside the project")
    folder = tmp_path_factory.mktemp("hanoi")
    (folder / "hanoi.yaml").write_text(INSTRUMENT, encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return analyse(folder / "study.yaml", data=ANSWERS)


def test_sample_and_degrees_of_freedom(hanoi):
    assert hanoi.nobs == 272
    assert hanoi.structural.fit_measures["df"] == 80


@pytest.mark.parametrize(("name", "printed"), MEASURES.items())
def test_fit_measures(hanoi, name, printed):
    assert hanoi.structural.fit_measures[name] == pytest.approx(printed, abs=5.1e-4)


@pytest.mark.parametrize(("name", "printed"), PATHS.items())
def test_paths_and_verdicts(hanoi, name, printed):
    (result,) = (r for r in hanoi.hypotheses if r.hypothesis.id == name)
    got = (result.est, result.se, result.z, result.std)
    assert got == pytest.approx(printed[:4], abs=5.1e-4)
    assert result.verdict == printed[4]


def test_explained_variance(hanoi):
    assert hanoi.structural.rsquare["URG"] == pytest.approx(0.441, abs=5.1e-4)


def test_a_saturated_structure_reports_its_fit_once(hanoi):
    # All constructs covary in one way or another, so the SEM is the CFA rewritten.
    poor = [f.subject for f in hanoi.findings if f.code == "poor-fit"]
    assert poor == ["nfi"]
