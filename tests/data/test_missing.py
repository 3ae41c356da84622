"""The report on missing answers by hand, against published values, and bad input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.core.incomplete.mcar import McarTest
from kocsem.data.missing import missing_report
from kocsem.errors import DataError
from kocsem.findings import Unavailable
from missing_cases import REFERENCE

NAN = np.nan


def small():
    """Return six rows: one empty, two that left out b, one that left out a and c."""
    return pd.DataFrame(
        {
            "a": [1, 2, NAN, NAN, 5, 4],
            "b": [2, NAN, NAN, 3, NAN, 1],
            "c": [4, 1, NAN, NAN, 2, 5],
        },
        index=[2, 3, 4, 5, 6, 7],
    )


def codes(report):
    return [finding.code for finding in report.findings]


def finding(report, code):
    (found,) = [f for f in report.findings if f.code == code]
    return found


def test_items_by_hand():
    found = missing_report(small())
    assert found.nobs == 5
    assert found.items.to_dict("list") == {
        "item": ["a", "b", "c"],
        "n": [4, 3, 4],
        "missing": [1, 2, 1],
        "percent": [20.0, 40.0, 20.0],
    }


def test_coverage_by_hand():
    found = missing_report(small()).coverage
    assert list(found.index) == list(found.columns) == ["a", "b", "c"]
    assert_allclose(found, [[0.8, 0.4, 0.8], [0.4, 0.6, 0.4], [0.8, 0.4, 0.8]])


def test_patterns_by_hand():
    found = missing_report(small()).patterns
    assert found.to_dict("list") == {
        "n": [2, 2, 1],
        "percent": [40.0, 40.0, 20.0],
        "holes": [0, 1, 2],
        "missing": ["", "b", "a, c"],
    }


def test_items_are_looked_at_in_the_order_asked_for():
    found = missing_report(small(), ["c", "a"])
    assert list(found.items["item"]) == ["c", "a"]
    assert list(found.patterns["missing"]) == [""]
    assert found.nobs == 4
    assert finding(found, "rows-without-answers").value == 2


def test_the_frame_is_left_alone():
    frame = small()
    missing_report(frame)
    pd.testing.assert_frame_equal(frame, small())


def test_air_quality_as_published():
    # the example in the documentation of naniar::mcar_test
    frame = pd.read_csv(REFERENCE / "data" / "airquality.csv")
    found = missing_report(frame)
    assert round(found.mcar.chisq, 1) == 35.1
    assert found.mcar.df == 14
    assert round(found.mcar.pvalue, 5) == 0.00142
    said = finding(found, "not-missing-completely-at-random")
    assert said.value == found.mcar.pvalue
    assert said.threshold == 0.05
    assert said.citation == "little-1988"
    assert "chi-square = 35.1" in said.message


def test_holes_by_chance_are_no_finding():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(200, 4))
    values[rng.random(values.shape) < 0.1] = NAN
    found = missing_report(pd.DataFrame(values))
    assert isinstance(found.mcar, McarTest)
    assert list(found.coverage) == ["0", "1", "2", "3"]
    assert found.findings == ()


def wide(n=100):
    values = np.random.default_rng(2).normal(size=(n, 3))
    return pd.DataFrame(values, columns=["a", "b", "c"])


def test_items_never_answered_together():
    frame = wide()
    frame.loc[:49, "a"] = frame.loc[50:, "b"] = NAN
    found = missing_report(frame)
    assert codes(found) == ["never-answered-together"]
    assert finding(found, "never-answered-together").subject == "a with b"
    assert isinstance(found.mcar, Unavailable)
    assert "a and b were never answered together" in found.mcar.reason


@pytest.mark.parametrize(("together", "low"), [(9, True), (10, False)])
def test_coverage_below_a_tenth(together, low):
    frame = wide()
    frame.loc[: 49 - together, "a"] = frame.loc[50:, "b"] = NAN
    found = missing_report(frame)
    assert ("low-coverage" in codes(found)) == low
    if low:
        said = finding(found, "low-coverage")
        assert said.subject == "a with b"
        assert said.value == together / 100
        assert said.threshold == 0.1
        assert "9.0%" in said.message


def unanswered(frame):
    frame["b"] = NAN


def constant(frame):
    frame["b"] = np.where(frame["b"] > 0, 3.0, NAN)


def total(frame):
    frame["b"] = frame["a"] + frame["c"]
    frame.loc[:9, "c"] = NAN


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(unanswered, "Nobody answered: b"), (constant, "Constant: b"), (total, "b")],
)
def test_without_a_covariance_matrix_there_is_no_test(spoil, words):
    frame = wide()
    frame.loc[:4, "a"] = NAN
    spoil(frame)
    found = missing_report(frame)
    assert isinstance(found.mcar, Unavailable)
    assert words in found.mcar.reason
    assert ("empty-item" in codes(found)) == (spoil is unanswered)
    assert "never-answered-together" not in codes(found)


def test_nothing_missing_leaves_nothing_to_test():
    found = missing_report(wide())
    assert isinstance(found.mcar, Unavailable)
    assert "nothing to test" in found.mcar.reason
    assert found.findings == ()
    assert found.patterns.to_dict("list") == {
        "n": [100],
        "percent": [100.0],
        "holes": [0],
        "missing": [""],
    }


def text(frame):
    return frame.assign(a="often")


def twice(frame):
    return frame.set_axis(["a", "a", "c"], axis="columns")


@pytest.mark.parametrize(
    ("data", "items", "words"),
    [
        (wide().to_numpy(), None, "must be a pandas DataFrame, not ndarray"),
        (wide(), "a", "takes a list of columns"),
        (wide(), ["a", "B"], "nearest column: b"),
        (wide(), ["a", "c", "a"], "names a more than once"),
        (wide(), [], "no item to look at"),
        (pd.DataFrame(), None, "no item to look at"),
        (text(wide()), None, "Column a holds text: 'often'"),
        (twice(wide()), ["a"], "more than one column named a"),
        (wide() * NAN, None, "no answer to a, b, c"),
        (wide().iloc[:0], None, "no answer to a, b, c"),
    ],
)
def test_bad_input(data, items, words):
    with pytest.raises(DataError, match=words):
        missing_report(data, items)
