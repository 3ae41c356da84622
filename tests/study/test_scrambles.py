"""The same answers in another file must give the same study."""

import numpy as np
import pytest

from kocsem.study.analyse import analyse
from small_study import Folder

ROWS = np.random.default_rng(1).permutation(400)
SCRAMBLES = {
    "columns shuffled": lambda f: f.sample(frac=1, axis=1, random_state=2),
    "rows shuffled": lambda f: f.iloc[ROWS],
    "more columns": lambda f: f.assign(remark="好", x9=3, x11=np.arange(len(f))),
    "decimals": lambda f: f.astype(float),
    "lower-case question": lambda f: f.rename(columns={"SEX": "sex"}),
    "another question's labels": lambda f: f.assign(
        SEX=f["SEX"].map({1: "Male", 2: "Female"})
    ),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return analyse(Folder(tmp_path_factory.mktemp("plain")).file)


@pytest.mark.parametrize("scramble", SCRAMBLES.values(), ids=SCRAMBLES)
def test_files(folder, drawn, plain, scramble):
    found = analyse(folder.answers(scramble(drawn)).file)
    assert found.nobs == plain.nobs
    for name in ("chisq", "df", "cfi", "srmr"):
        expected = plain.structural.fit_measures[name]
        assert found.structural.fit_measures[name] == pytest.approx(expected, rel=1e-8)
    for ours, expected in zip(found.hypotheses, plain.hypotheses, strict=True):
        assert ours.hypothesis == expected.hypothesis
        assert ours.verdict == expected.verdict
        for name in ("est", "se", "std"):
            assert getattr(ours, name) == pytest.approx(
                getattr(expected, name), rel=1e-7
            )
    for name in ("measurement", "structural"):
        first, second = getattr(found, name), getattr(plain, name)
        assert list(first.observed) == list(second.observed)
    np.testing.assert_allclose(
        found.assessment.constructs[["alpha", "cr", "ave"]],
        plain.assessment.constructs[["alpha", "cr", "ave"]],
        rtol=1e-8,
    )
    first, second = found.demographics, plain.demographics
    assert list(first["n"]) == list(second["n"])
