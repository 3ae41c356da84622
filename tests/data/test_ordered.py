"""Answers to ordered items as codes: categories, holes, what no code can be made of."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from kocsem.data.group_sample import Rows
from kocsem.data.ordered import code_ordered, ordinal_group
from kocsem.errors import DataError

NAN = float("nan")
MOOD = pd.CategoricalDtype(["bad", "fair", "good", "great"], ordered=True)


def answers(**columns):
    frame = pd.DataFrame(
        {"a": [1, 2, 3, 3], "b": [5, 1, 5, 1], "age": [20, 30, 40, 50]}
    )
    return frame.assign(**columns)


CODED = {
    "whole numbers": ([1, 2, 3, 3], [0, 1, 2, 2], 3, 0),
    "a gap": ([1, 5, 1, 2], [0, 2, 0, 1], 3, 2),
    "no whole numbers": ([0.5, 1.5, 9.5, 0.5], [0, 1, 2, 0], 3, 0),
    "below zero": ([-2, -1, -1, -2], [0, 1, 1, 0], 2, 0),
    "a hole": ([2, NAN, 1, 2], [1, NAN, 0, 1], 2, 0),
    "a masked hole": (pd.array([2, None, 1, 2], "Int64"), [1, NAN, 0, 1], 2, 0),
    "text that is numbers": (["2", "3", "2", "2"], [0, 1, 0, 0], 2, 0),
    "true and false": ([True, False, True, False], [1, 0, 1, 0], 2, 0),
    "categories": (
        pd.Categorical(["good", "bad", None, "fair"], dtype=MOOD),
        [2, 0, NAN, 1],
        3,
        1,
    ),
    "a category without answers": (
        pd.Categorical(["great", "bad", "bad", "great"], dtype=MOOD),
        [1, 0, 0, 1],
        2,
        2,
    ),
}


@pytest.mark.parametrize(
    ("given", "codes", "levels", "unused"), CODED.values(), ids=CODED
)
def test_codes(given, codes, levels, unused):
    found = code_ordered(answers(a=given), ["a", "b"])
    assert_array_equal(found.frame["a"], np.array(codes, dtype=float))
    assert found.levels == (("a", levels), ("b", 2))
    assert [f.value for f in found.findings if f.subject == "a"] == [unused] * (
        unused > 0
    )


def test_categories_that_nobody_chose_are_named():
    found = code_ordered(answers(a=pd.Categorical([*"bbdd"], [*"abcd"], True)), ["a"])
    assert "Nobody chose a, c of a" in found.findings[0].message


@pytest.mark.parametrize("index", [[0, 1, 2, 3], [7, 7, 7, 7], [*"dcba"]])
def test_rows_and_other_columns_stay_as_they_are(index):
    frame = answers().set_index(pd.Index(index))
    before = frame.copy()
    found = code_ordered(frame, ["b", "a", "b"]).frame
    assert found.index.equals(frame.index)
    assert_array_equal(found["age"], [20, 30, 40, 50])
    assert_array_equal(found["b"], [1.0, 0, 1, 0])
    pd.testing.assert_frame_equal(frame, before)


BAD = {
    "no such column": (answers(), ["a", "c"], "no column for c"),
    "one answer": (answers(a=3), ["a"], "a has 1 different answers"),
    "no answer": (answers(a=NAN), ["a"], "a has 0 different answers"),
    "words": (answers(a=["x", "y", "x", "y"]), ["a"], "Column a holds text"),
    "no order": (
        answers(a=pd.Categorical([*"xyxy"])),
        ["a"],
        "a is a categorical without an order",
    ),
    "a column twice": (
        pd.concat([answers(), answers()[["a"]]], axis=1),
        ["a"],
        "more than one column named a",
    ),
    "categories twice": (
        pd.concat(
            [answers()[["b"]], *[answers(a=pd.Categorical([*"xyxy"]))] * 2], axis=1
        ),
        ["a"],
        "more than one column named a",
    ),
}


@pytest.mark.parametrize(("frame", "names", "words"), BAD.values(), ids=BAD)
def test_frames_without_ordered_items(frame, names, words):
    with pytest.raises(DataError, match=words):
        code_ordered(frame, names)


LACKING = {
    "a category": ([[0, 1], [2, 2], [0, 1], [0, 2]], "x has 3 .* only 2 of them"),
    "the last": ([[0, 1], [1, 2], [0, 1], [0, 2]], "x has 3 .* only 2 of them"),
    "all with a hole": ([[0, 1], [1, 2], [NAN, 1], [0, 2]], "only 2 of them"),
    "a spread": ([[0, 1], [1, 1], [2, 1], [0, 1]], "Constant in group 1: y"),
    "a spread with a hole": ([[0, 1], [1, NAN], [2, 1], [0, 1]], "Constant in group 1"),
    "every answer": ([[0, NAN], [1, NAN], [2, NAN], [0, NAN]], "Constant in group 1"),
}


@pytest.mark.parametrize(("cases", "words"), LACKING.values(), ids=LACKING)
def test_groups_that_lack(cases, words):
    frame = pd.DataFrame(cases, columns=["x", "y"], dtype=float)
    rows = Rows(label="1", cases=frame, weights=None, clusters=None)
    with pytest.raises(DataError, match=words):
        ordinal_group([("x", 3)])(rows)
