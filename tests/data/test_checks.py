"""The columns of a model as floats: a copy of their own, and no column twice."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from kocsem.data.checks import FIRST, check_cases, numeric_columns
from kocsem.errors import DataError

NAMES = ["a", "b", "c", "d"]


def floats(n=5):
    return pd.DataFrame(np.random.default_rng(6).normal(size=(n, 4)), columns=NAMES)


FRAMES = {
    "one block": floats(),
    "column by column": pd.DataFrame(dict(floats().items())),
    "integers too": floats().assign(b=range(5)),
    "masked": floats().astype("Float64"),
    "text": floats().assign(c=["1", "2", "3", "4", "5"]),
    "other columns between": floats().assign(e="x")[["a", "e", "b", "c", "d"]],
}
CHOICES = [NAMES, ["b", "c"], ["d", "c", "b", "a"], ["d", "a", "c"], ["b"]]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("names", CHOICES, ids="".join)
def test_later_changes_of_the_frame_do_not_reach_the_columns(frame, names):
    frame = frame.copy()
    found = numeric_columns(frame, names)
    expected = frame[names].astype(float).to_numpy(copy=True)
    for name in NAMES:
        frame.loc[:, name] = frame[name].iloc[::-1].to_numpy()
    assert_array_equal(found.to_numpy(), expected)
    assert list(found.columns) == names


ROWS = {"at once": 0, "after the first answers": FIRST, "at the last row": 199}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_columns_that_differ_somewhere_are_no_twins(row):
    frame = floats(200)
    frame["d"] = frame["b"]
    with pytest.raises(DataError, match="b and d hold identical answers in group x"):
        check_cases(frame, " in group x")
    frame.loc[row, "d"] += 1.0
    check_cases(frame)


def test_twins_are_found_among_columns_that_begin_alike():
    frame = floats(200)
    frame.loc[: FIRST + 1, :] = 1.0
    check_cases(frame)
    frame["d"] = frame["c"]
    with pytest.raises(DataError, match="c and d hold identical answers"):
        check_cases(frame)
