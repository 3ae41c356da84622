"""Workbooks of the old format, written record by record, and what bears their name."""

import pytest

from broken_files.xls import CLOCK, DATE, DURATION, container, record, stream
from kocsem.data.read.cells import RawTable
from kocsem.data.read.table import read_table
from kocsem.errors import DataError

ROWS = [["编号", "CA1", "CA2"], [1, 4, 5], [2, "同意", 3.5], [3, 1, 2]]
EXPECTED = [
    ("编号", "CA1", "CA2"),
    ("1", "4", "5"),
    ("2", "同意", "3.5"),
    ("3", "1", "2"),
]


@pytest.fixture
def read(tmp_path):  # type: ignore[no-untyped-def]
    def read_bytes(content: bytes) -> RawTable:
        file = tmp_path / "answers.xls"
        file.write_bytes(content)
        return read_table(file)

    return read_bytes


def cells(table: RawTable) -> list[tuple[str, ...]]:
    return [table.header, *(table.row(place) for place in range(len(table)))]


def test_cells_are_read(read) -> None:  # type: ignore[no-untyped-def]
    table = read(container(stream({"a": ROWS})))
    assert cells(table) == EXPECTED
    assert (table.encoding, table.findings) == ("xls", ())


def test_every_kind_of_value_is_the_text_of_a_csv(read) -> None:  # type: ignore[no-untyped-def]
    values = {
        (45901.5, DATE): "2025-09-01T12:00:00",
        (45659.0, DATE): "2025-01-02",
        (0.5, CLOCK): "12:00:00",
        (1.25, DURATION): "30:00:00",
        (-1.0, DATE): "-1",
        True: "TRUE",
        2: "2",
        " 是 ": "是",
    }
    rows = [["v", "n"], *([value, 9] for value in values), [1, 9]]
    table = read(container(stream({"a": rows})))
    assert list(table.columns[0]) == [*values.values(), "1"]


TOLD = {
    "two sheets": (
        {"sheets": {"a": ROWS, "b": [["x"]]}},
        EXPECTED,
        {"other-sheets": "'b' of 1 row and 1 column"},
    ),
    "a hidden sheet first": (
        {"sheets": {"a": [["x"]], "b": ROWS}, "hidden_sheets": ["a"]},
        EXPECTED,
        {"other-sheets": "'a' (hidden) of 1 row"},
    ),
    "merged answers": (
        {"sheets": {"a": [*ROWS[:3], [3, 1, None]]}, "merged": [(2, 3, 2, 2)]},
        [*EXPECTED[:3], ("3", "1", "")],
        {"merged-answers": "merged (C3:C4); only the first"},
    ),
    "hidden rows": (
        {"sheets": {"a": ROWS}, "hidden_rows": [2]},
        EXPECTED,
        {"hidden-rows": "1 row (3) hidden"},
    ),
    "errors": (
        {"sheets": {"a": [*ROWS[:3], [3, "#N/A", 2]]}},
        [*EXPECTED[:3], ("3", "#N/A", "2")],
        {"error-cells": "1 cell with an error such as #N/A (B4)"},
    ),
}


@pytest.mark.parametrize(("parts", "expected", "told"), TOLD.values(), ids=TOLD)
def test_what_a_reader_must_know_is_told(read, parts, expected, told) -> None:  # type: ignore[no-untyped-def]
    table = read(container(stream(**parts)))
    assert cells(table) == expected
    found = {finding.code: finding.message for finding in table.findings}
    assert found.keys() == told.keys()
    assert all(words in found[code] for code, words in told.items())


PAGE = "<html><table><tr><td>编号</td></tr></table></html>"
WHOLE = container(stream({"a": [*ROWS, *([n, 1, "好" * 90] for n in range(4, 90))]}))
REFUSED = {
    "a web page": (PAGE.encode(), "this is a web page or XML"),
    "a web page with blanks before it": (
        b"\r\n  " + PAGE.encode(),
        "this is a web page",
    ),
    "a web page in UTF-16": (PAGE.encode("utf-16"), "this is a web page or XML"),
    "a web page with a mark": (PAGE.encode("utf-8-sig"), "this is a web page or XML"),
    "a workbook in XML": (b'<?xml version="1.0"?><Workbook/>', "this is a web page"),
    "a web page in one file": (b"MIME-Version: 1.0\r\n", "this is a web page"),
    "a password of the new format": (
        container(b"", "EncryptedPackage"),
        "protected by a password; open it in Excel, remove the password",
    ),
    "a password of the old format": (
        container(stream({"a": ROWS}, before=record(0x2F, b"\0" * 6))),
        "password",
    ),
    "a Word document": (container(b"", "WordDocument"), "this is a Word document"),
    "no sheet with content": (container(stream({"a": []})), "holds no table"),
    "cut off": (WHOLE[:-1500], "the workbook cannot be read; it is damaged, cut off"),
    "cut off near the start": (WHOLE[:700], "the workbook cannot be read"),
    "a title over the headers": (
        container(stream({"a": [["问卷"], *ROWS]})),
        "row 1: the row holds a single cell, a title it seems",
    ),
}


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_workbook_is_named(read, content, expected) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError) as caught:
        read(content)
    assert expected in str(caught.value)


def test_a_text_with_tabs_is_read_under_this_name(read) -> None:  # type: ignore[no-untyped-def]
    lines = ["\t".join(row) for row in EXPECTED]
    assert cells(read("\n".join(lines).encode("gbk"))) == EXPECTED
