"""Workbooks of the old format, written record by record, and what bears their name."""

import struct
from collections.abc import Sequence

import pytest

from kocsem.data.read.cells import RawTable
from kocsem.data.read.table import read_table
from kocsem.errors import DataError

SECTOR = 512
FORMATS = ["General", "yyyy-mm-dd hh:mm:ss", "h:mm:ss", "[h]:mm:ss"]
DATE, CLOCK, DURATION = 1, 2, 3
NOT_AVAILABLE = 42


def record(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack("<HH", kind, len(body)) + body


def words(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def cell(row: int, column: int, value: object) -> bytes:
    """Write a cell; a pair is a number and its format."""
    place = struct.pack("<HH", row, column)
    match value:
        case None:
            return b""
        case bool():
            return record(0x205, place, struct.pack("<HBB", 0, value, 0))
        case "#N/A":
            return record(0x205, place, struct.pack("<HBB", 0, NOT_AVAILABLE, 1))
        case str():
            return record(0x204, place, b"\0\0", words(value, "<H"))
        case (number, shape):
            return record(0x203, place, struct.pack("<Hd", shape, number))
    return record(0x203, place, struct.pack("<Hd", 0, value))


def stream(
    sheets: dict[str, Sequence[Sequence[object]]],
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden_rows: Sequence[int] = (),
    hidden_sheets: Sequence[str] = (),
    before: bytes = b"",
) -> bytes:
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    shapes = b"".join(
        record(0x41E, struct.pack("<H", 164 + i), words(shape, "<H"))
        for i, shape in enumerate(FORMATS)
    )
    font = record(
        0x31, struct.pack("<HHHHHBBBB", 200, 0, 0, 400, 0, 0, 0, 0, 0), b"\0\0"
    )
    looks = b"".join(
        record(0xE0, struct.pack("<HHH", 0, 164 + i, 0), b"\0" * 14)
        for i in range(len(FORMATS))
    )
    bodies = []
    for rows in sheets.values():
        cells = b"".join(
            cell(r, c, value)
            for r, row in enumerate(rows)
            for c, value in enumerate(row)
        )
        lines = b"".join(
            record(0x208, struct.pack("<HHHHHHI", r, 0, 1, 255, 0, 0, 0x20))
            for r in hidden_rows
        )
        ranges = b"".join(struct.pack("<HHHH", *span) for span in merged)
        joined = record(0xE5, struct.pack("<H", len(merged)), ranges) if merged else b""
        start = struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
        bodies.append(record(0x809, start) + lines + cells + joined + record(0x0A))
    head = record(0x809, begin) + before + font + shapes + looks
    names = [
        struct.pack("<BB", name in hidden_sheets, 0)
        + struct.pack("<B", len(name))
        + b"\1"
        + name.encode("utf-16-le")
        for name in sheets
    ]
    offset = len(head) + sum(len(name) + 8 for name in names) + 4
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += record(0x85, struct.pack("<I", offset), name)
        offset += len(body)
    return head + listed + record(0x0A) + b"".join(bodies)


def container(content: bytes, name: str = "Workbook") -> bytes:
    """Put a stream into an OLE container of few sectors."""
    content = content.ljust(4096, b"\0")
    content += b"\0" * (-len(content) % SECTOR)
    count = len(content) // SECTOR
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
        + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    ).ljust(SECTOR, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le")
        none = 0xFFFFFFFF
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(coded) + 2, kind, 1, none, none, child)
            + b"\0" * 36
            + struct.pack("<III", start, size, 0)
        )

    entries = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    entries += entry(name, 2, 0xFFFFFFFF, 2, len(content))
    return header + table + entries.ljust(SECTOR, b"\0") + content


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
