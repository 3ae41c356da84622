"""Which variables of a study are tested for normality, and in which words."""

import numpy as np
import pandas as pd
import pytest

import kocsem
from kocsem.study.normality import study_normality

MODEL = "f =~ a + b + c\ng =~ d + e + h\ng ~ f + z"
NAMES = list("abcdehz")


@pytest.fixture(scope="module")
def data():
    """Draw skewed items and a covariate."""
    rng = np.random.Generator(np.random.PCG64(5))
    common = rng.exponential(size=(400, 1))
    drawn = common + 0.7 * rng.exponential(size=(400, 7))
    return pd.DataFrame(np.ceil(drawn * 2), columns=NAMES)


CASES = [
    ({}, list("abcdeh"), "not-multivariate-normal"),
    ({"estimator": "GLS"}, list("abcdeh"), "not-multivariate-normal"),
    ({"estimator": "MLR"}, list("abcdeh"), "not-normal-but-robust"),
    ({"estimator": "MLR", "missing": "fiml"}, list("abcdeh"), "not-normal-but-robust"),
    ({"ordered": list("abc"), "fixed_x": False}, list("deh"), "not-normal-but-robust"),
    ({"ordered": list("abcdeh"), "fixed_x": False}, [], None),
]


@pytest.mark.parametrize(("options", "tested", "code"), CASES)
def test_what_is_tested(data, options, tested, code):
    rough = data.clip(upper=3) if "ordered" in options else data
    data = data.assign(**{name: rough[name] for name in options.get("ordered", ())})
    found = study_normality(data, kocsem.sem(MODEL, data, **options))
    assert list(found.items["item"]) == tested
    codes = {finding.code for finding in found.findings}
    assert (code in codes) == (code is not None)
    assert not codes & {"not-multivariate-normal", "not-normal-but-robust"} - {code}


def test_the_robust_remark_keeps_the_numbers(data):
    plain = study_normality(data, kocsem.sem(MODEL, data))
    robust = study_normality(data, kocsem.sem(MODEL, data, estimator="MLM"))
    (before,) = (f for f in plain.findings if f.code == "not-multivariate-normal")
    (after,) = (f for f in robust.findings if f.code == "not-normal-but-robust")
    assert after.severity == "info"
    assert "MLM allow for that" in after.message
    for part in ("value", "threshold", "citation", "subject"):
        assert getattr(before, part) == getattr(after, part)
