import numpy as np
import pandas as pd
import pytest

from kocsem.findings import Unavailable
from kocsem.instrument.types import Text
from kocsem.reporting.table import (
    NO_NUMBER,
    Column,
    RowGroup,
    Table,
    interval,
    number,
    stars,
    words,
)

HEADING = Text(zh="数", en="Number")


@pytest.mark.parametrize("value", [None, float("nan"), np.inf, pd.NA, np.nan, "x"])
def test_no_number_is_an_empty_cell_with_a_reason(value):
    cell = number(value, "estimate")
    assert cell.value is None
    assert cell.reason == NO_NUMBER


@pytest.mark.parametrize("value", [np.float64(0.25), np.int64(3), 2, 0, -1.5])
def test_number_keeps_its_value(value):
    assert number(value, "estimate").value == float(value)


def test_count_is_whole():
    assert repr(number(200.0, "count").value) == "200"


def test_unavailable_keeps_its_reason():
    cell = number(Unavailable("One item only."), "bounded", marks="***")
    assert (cell.value, cell.reason, cell.marks) == (None, "One item only.", "")


@pytest.mark.parametrize(
    ("lower", "upper", "value"),
    [
        (0.1, 0.2, (0.1, 0.2)),
        (np.float64(-1), 1, (-1.0, 1.0)),
        (0.1, float("nan"), None),
        (None, 0.2, None),
        (Unavailable("No data."), 0.2, None),
    ],
)
def test_interval(lower, upper, value):
    assert interval(lower, upper).value == value


@pytest.mark.parametrize(
    ("pvalue", "marks"),
    [
        (0.0, "***"),
        (0.00099, "***"),
        (0.001, "**"),
        (0.0099, "**"),
        (0.01, "*"),
        (0.0499, "*"),
        (0.05, ""),
        (1, ""),
        (float("nan"), ""),
        (None, ""),
    ],
)
def test_stars(pvalue, marks):
    assert stars(pvalue) == marks


def test_every_row_is_as_long_as_the_head():
    with pytest.raises(ValueError, match="Table t has 1 columns but a row of 2"):
        Table(
            "t",
            HEADING,
            (Column("n", HEADING),),
            (RowGroup(((words("a"), words("b")),)),),
        )


def test_numbered_leaves_the_table_alone():
    table = Table("t", HEADING, (Column("n", HEADING),), ())
    assert table.numbered("S1").number == "S1"
    assert table.number == ""
