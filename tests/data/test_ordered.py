"""Ordered items: their categories and codes, and what makes their moments useless."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.data.checks import numeric_columns
from kocsem.data.group_sample import Rows
from kocsem.data.ordered import code_ordered, ordinal_group
from kocsem.errors import DataError

NAMES = ["a", "b", "c"]


def answers(n=60, points=4):
    rng = np.random.default_rng(7)
    f = rng.normal(size=(n, 1))
    scores = f + rng.normal(size=(n, 3))
    edges = np.quantile(scores, np.linspace(0, 1, points + 1)[1:-1])
    return pd.DataFrame(np.searchsorted(edges, scores) + 1.0, columns=NAMES)


def changed(**columns):
    return answers().assign(**columns)


A = answers()["a"]
WORDS = np.array(["never", "seldom", "often", "always"])
ORDER = pd.CategoricalDtype(WORDS, ordered=True)


# ---------------------------------------------------------------- codes

CODES = {
    "floats": A,
    "integers": A.astype(int),
    "nullable": A.astype("Int64"),
    "text": A.astype(int).astype(str),
    "from nought": A - 1,
    "tens": 10 * A,
    "far apart": A.map({1: -5.0, 2: 0.5, 3: 7.0, 4: 1e6}),
    "ordered words": pd.Series(WORDS[A.astype(int) - 1]).astype(ORDER),
    "ordered numbers": A.astype(pd.CategoricalDtype([1, 2, 3, 4], ordered=True)),
    "ordered objects": pd.Series(
        pd.Categorical(WORDS[A.astype(int) - 1], categories=WORDS, ordered=True)
    ),
}


@pytest.mark.parametrize("column", CODES.values(), ids=CODES)
def test_codes_run_from_nought_whatever_the_answers_are_called(column):
    found = code_ordered(changed(a=column), NAMES)
    assert found.levels == (("a", 4), ("b", 4), ("c", 4))
    assert_array_equal(found.frame["a"], A - 1)
    assert_array_equal(found.frame["b"], answers()["b"] - 1)
    assert found.frame.dtypes.astype(str).eq("float64").all()


def test_the_order_is_that_of_the_categories_not_of_the_numbers():
    backwards = A.astype(pd.CategoricalDtype([4, 3, 2, 1], ordered=True))
    found = code_ordered(changed(a=backwards), NAMES)
    assert_array_equal(found.frame["a"], 4 - A)
    assert found.findings == ()


HOLES = {
    "nan": A.where(A.index > 4),
    "NA": A.astype("Int64").where(A.index > 4),
    "None": A.astype(object).where(A.index > 4, None),
    "category": A.where(A.index > 4).astype(
        pd.CategoricalDtype([1, 2, 3, 4], ordered=True)
    ),
}


@pytest.mark.parametrize("column", HOLES.values(), ids=HOLES)
def test_missing_answers_stay_missing(column):
    found = code_ordered(changed(a=column), NAMES).frame
    assert_array_equal(found["a"], (A - 1).where(A.index > 4))
    assert found["b"].notna().all()


def test_other_columns_and_the_index_are_left_alone():
    index = [f"r{i % 7}" for i in range(60)]
    frame = changed(age=30, note="x").set_axis(index, axis=0)
    before = frame.copy()
    found = code_ordered(frame, ["b"])
    pd.testing.assert_frame_equal(frame, before)
    assert found.frame.index.equals(frame.index)
    assert set(found.frame.columns) == set(frame.columns)
    for name in ("a", "c", "age", "note"):
        pd.testing.assert_series_equal(found.frame[name], frame[name])
    assert_array_equal(found.frame["b"], frame["b"] - 1)


EMPTY = {
    "a gap in numbers": (A.replace({2: 1}), 1, "2"),
    "two gaps": (A.map({1: 1, 2: 3, 3: 6, 4: 6}), 3, "2, 4, 5"),
    "a category at the end": (
        A.astype(pd.CategoricalDtype([1, 2, 3, 4, 5], ordered=True)),
        1,
        "5",
    ),
    "a word": (
        pd.Series(WORDS[A.astype(int) - 1]).replace({"seldom": "never"}).astype(ORDER),
        1,
        "seldom",
    ),
}


@pytest.mark.parametrize(("column", "count", "names"), EMPTY.values(), ids=EMPTY)
def test_categories_that_nobody_chose_are_reported(column, count, names):
    found = code_ordered(changed(a=column), NAMES)
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("empty-category", "warning")
    assert (finding.subject, finding.value) == ("a", count)
    assert f"Nobody chose {names} of a" in finding.message
    used = len(set(column.dropna()))
    assert found.levels[0] == ("a", used)
    assert sorted(found.frame["a"].unique()) == list(range(used))


def test_answers_between_whole_numbers_have_no_gaps():
    assert code_ordered(changed(a=A / 2), NAMES).findings == ()


@pytest.mark.parametrize(("points", "many"), [(12, False), (13, True), (40, True)])
def test_an_item_with_many_answers_is_reported(points, many):
    found = code_ordered(answers(400, points), ["a"])
    assert [f.code for f in found.findings] == ["many-categories"] * many
    for finding in found.findings:
        assert (finding.subject, finding.value, finding.threshold) == ("a", points, 12)
        assert "leave it out of ordered=" in finding.message


BAD = {
    "one answer": (changed(a=3.0), ["a has 1 different answers", "two categories"]),
    "no answer": (changed(a=np.nan), ["a has 0 different answers"]),
    "text": (
        changed(a=WORDS[A.astype(int) - 1]),
        ["Column a holds text", "row 0", "Recode"],
    ),
    "categories without an order": (
        changed(a=A.astype("category")),
        ["a is a categorical without an order", "Give its categories an order"],
    ),
    "a missing column": (
        answers().rename(columns={"a": "A"}),
        ["no column for a (nearest column: A)"],
    ),
    "a column twice": (
        pd.concat([answers(), answers()[["a"]]], axis=1),
        ["more than one column named a"],
    ),
    "dates": (
        changed(a=pd.date_range("2025-01-01", periods=60)),
        ["a (datetime64", "Recode"],
    ),
    "infinity": (changed(a=A.where(A.index > 0, np.inf)), ["Infinite values in a"]),
}


@pytest.mark.parametrize(("frame", "words"), BAD.values(), ids=BAD)
def test_what_holds_no_categories(frame, words):
    with pytest.raises(DataError) as caught:
        code_ordered(frame, NAMES)
    for word in words:
        assert word in str(caught.value)


# ---------------------------------------------------------------- moments


def moments(frame, ordered=NAMES, label=""):
    """Compute the moments of coded answers as those of one group."""
    coding = code_ordered(frame, ordered)
    cases = numeric_columns(coding.frame, list(frame.columns))
    rows = Rows(label=label, cases=cases, weights=None, clusters=None)
    return ordinal_group(coding.levels)(rows)


def test_thresholds_are_normal_quantiles_of_the_shares():
    from scipy.stats import norm

    found = moments(answers())
    shares = answers()["a"].value_counts(normalize=True).sort_index().cumsum()
    order = found.ordinal.order
    own = found.ordinal.tau[order.variable == 0]
    assert_allclose(own, norm.ppf(shares[:-1]), rtol=1e-10)
    assert found.moments.n == 60
    assert_allclose(np.diag(found.moments.S), 1.0)


def test_empty_cells_are_counted():
    frame = answers(30, 5)
    tables = [
        pd.crosstab(frame[i], frame[j]).reindex(range(1, 6), columns=range(1, 6)) == 0
        for i, j in (("a", "b"), ("a", "c"), ("b", "c"))
    ]
    pairs = sum(bool(table.any(axis=None)) for table in tables)
    assert pairs > 0
    (finding,) = moments(frame).findings
    assert (finding.code, finding.value) == ("empty-cells", pairs)


TWO = changed(b=(answers()["b"] > 2).astype(float))
APART = changed(a=A.where(A.index < 30), b=A.where(A.index >= 30))
USELESS = {
    "a perfect pair": (changed(b=A), NAMES, ["perfect correlation of a and b"]),
    "a perfect pair upside down": (
        changed(b=5 - A),
        NAMES,
        ["perfect correlation of a and b", "Take one of the items out"],
    ),
    "a coarser copy": (
        changed(b=(A > 2).astype(float)),
        NAMES,
        ["perfect correlation of a and b", "collapse"],
    ),
    "never answered together": (
        APART,
        NAMES,
        ["Nobody", "answered both a and b", "Take one of the items out"],
    ),
    "two values": (
        TWO,
        ["a", "c"],
        ["b takes two values only", "Name it in ordered="],
    ),
    "a constant covariate": (changed(b=2.0), ["a", "c"], ["Constant", ": b"]),
}


@pytest.mark.parametrize(("frame", "ordered", "words"), USELESS.values(), ids=USELESS)
@pytest.mark.parametrize("label", ["", "west"])
def test_moments_that_do_not_exist(frame, ordered, words, label):
    with pytest.raises(DataError) as caught:
        moments(frame, ordered, label)
    for word in words:
        assert word in str(caught.value)
    assert (" in group west" in str(caught.value)) == bool(label)


def test_a_category_that_a_group_lacks():
    coding = code_ordered(answers(), NAMES)
    rows = Rows(
        label="west",
        cases=coding.frame[coding.frame["a"] < 3],
        weights=None,
        clusters=None,
    )
    words = "a has 4 categories, but only 3 .* in group west. Collapse"
    with pytest.raises(DataError, match=words):
        ordinal_group(coding.levels)(rows)


def test_clusters_are_not_offered():
    coding = code_ordered(answers(), NAMES)
    rows = Rows(
        label="",
        cases=coding.frame,
        weights=None,
        clusters=np.arange(60) // 2,
    )
    with pytest.raises(DataError, match=r"cluster= is not offered.*MLR"):
        ordinal_group(coding.levels)(rows)
