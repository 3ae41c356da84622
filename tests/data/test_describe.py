"""Counts, moments, and items that no model can use."""

import numpy as np
import pandas as pd
import pytest

from kocsem.data.describe import check_items, demographics, item_descriptives
from kocsem.instrument.types import Instrument

NAN = np.nan


def test_demographics_count_every_option_and_the_missing(small: Instrument) -> None:
    answers = pd.DataFrame({"GEN": [1, 1, NAN, 1], "YEARS": [30, 31, 32, 33]})
    table = demographics(answers, small)
    assert table.columns.tolist() == ["variable", "code", "n", "percent"]
    assert table["variable"].tolist() == ["GEN"] * 3
    assert table["code"].tolist()[:2] == [1, 2]
    assert table["code"].isna().tolist() == [False, False, True]
    assert table["n"].tolist() == [3, 0, 1]
    assert table["percent"].tolist() == [75.0, 0.0, 25.0]


def test_demographics_without_missing_have_no_such_row(small: Instrument) -> None:
    table = demographics(pd.DataFrame({"GEN": [1.0, 2.0]}), small)
    assert table["code"].tolist() == [1, 2]


def test_several_answers_are_counted_by_respondent(small: Instrument) -> None:
    answers = pd.DataFrame(
        {"CAT_1": [1, 1, NAN], "CAT_2": [1, 0, NAN], "CAT_3": [0, 0, NAN]}
    )
    table = demographics(answers, small)
    assert table["n"].tolist() == [2, 1, 0, 1]
    assert table["percent"].round(1).tolist() == [66.7, 33.3, 0.0, 33.3]


def test_an_option_without_a_column_is_not_counted_as_nobody(small: Instrument) -> None:
    table = demographics(pd.DataFrame({"CAT_1": [1.0, 0.0]}), small)
    assert table[["code", "n"]].to_numpy().tolist() == [[1, 1]]


def test_demographics_may_be_absent(small: Instrument) -> None:
    assert demographics(pd.DataFrame({"A1": [1.0]}), small).empty


def test_moments_are_g1_and_g2_from_their_definition() -> None:
    x = np.array([1.0, 2, 2, 3, 5, 5, 4, 1, 2])
    n, d = len(x), x - x.mean()
    g1 = np.mean(d**3) / np.mean(d**2) ** 1.5
    g2 = np.mean(d**4) / np.mean(d**2) ** 2 - 3
    skew = np.sqrt(n * (n - 1)) / (n - 2) * g1
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)
    row = item_descriptives(pd.DataFrame({"x": [*x, NAN]}), ["x"]).iloc[0]
    assert (row["n"], row["missing"], row["minimum"], row["maximum"]) == (
        9,
        1,
        1.0,
        5.0,
    )
    assert row["mean"] == pytest.approx(25 / 9, rel=1e-12)
    assert row["sd"] == pytest.approx(np.sqrt((d**2).sum() / 8), rel=1e-12)
    assert row["skew"] == pytest.approx(skew, rel=1e-10)
    assert row["kurtosis"] == pytest.approx(kurtosis, rel=1e-10)


@pytest.mark.parametrize(
    ("values", "unknown"),
    [
        ([3.0, 3.0, 3.0, 3.0, 3.0], ["skew", "kurtosis"]),
        ([1.0, 2.0, 4.0], ["kurtosis"]),
        ([1.0, 2.0], ["skew", "kurtosis"]),
        ([1.0], ["sd", "skew", "kurtosis"]),
        ([NAN, NAN], ["mean", "sd", "skew", "kurtosis", "minimum", "maximum"]),
    ],
)
def test_what_does_not_exist_is_missing(
    values: list[float], unknown: list[str]
) -> None:
    row = item_descriptives(pd.DataFrame({"x": values}), ["x"]).iloc[0]
    assert [name for name, value in row.items() if pd.isna(value)] == unknown


@pytest.mark.parametrize(
    ("column", "code", "subject"),
    [
        ([3.0] * 6, "constant-item", "x"),
        ([3.0] * 5 + [NAN], "constant-item", "x"),
        ([NAN] * 6, "empty-item", "x"),
        ([1.0, 2, 3, 4, 5, NAN], "identical-items", "a, x"),
    ],
)
def test_items_that_no_model_can_use(
    column: list[float], code: str, subject: str
) -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, NAN], "x": column})
    (finding,) = check_items(frame, ["a", "x"])
    assert (finding.code, finding.severity, finding.subject) == (code, "error", subject)


@pytest.mark.parametrize(("n", "codes"), [(2, ["fewer-cases-than-items"]), (3, [])])
def test_samples_too_small(n: int, codes: list[str]) -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 1, 5]}).head(n)
    assert [f.code for f in check_items(frame, ["a", "b"])] == codes


def test_good_items_raise_nothing() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 1, 5]})
    assert check_items(frame, ["a", "b"]) == ()
