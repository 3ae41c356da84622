"""Workbooks give the cells that a CSV would; whatever else they hold is told."""

import tracemalloc
from datetime import date, datetime, time, timedelta

import pytest

from broken_files.xlsx import OFFICE, PACKAGE, sheet, workbook, written
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
        file = tmp_path / "answers.xlsx"
        file.write_bytes(content)
        return read_table(file)

    return read_bytes


def cells(table: RawTable) -> list[tuple[str, ...]]:
    return [table.header, *(table.row(place) for place in range(len(table)))]


PLAIN = sheet(ROWS)
STYLED = '<c r="ZZ{0}" s="1"/>'
SAME = {
    "as openpyxl writes it": written(ROWS),
    "in few words": workbook(PLAIN),
    "numbers as text": workbook(sheet([[str(c) for c in row] for row in ROWS])),
    "with a prefix before every tag": workbook(
        PLAIN.replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
        .replace("xmlns=", "xmlns:x=")
    ),
    "styles before places": workbook(PLAIN.replace('<c r="', '<c s="0" r="')),
    "single quotation marks": workbook(PLAIN.replace('"', "'")),
    "tags on lines of their own": workbook(PLAIN.replace("<c ", "\n<c ")),
    "a sheet of nothing before it": workbook(sheet([]), PLAIN),
    "a sheet of empty cells before it": workbook(
        sheet([]).replace(
            "<sheetData>", '<sheetData><row r="1"><c r="A1" s="1"/></row>'
        ),
        PLAIN,
    ),
    "a part named from the root": workbook(
        PLAIN,
        **{
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Type="{OFFICE}/worksheet" '
            'Target="/xl/worksheets/sheet1.xml"/></Relationships>'
        },
    ),
    "cells with a style but no value far out": workbook(
        PLAIN.replace("</row>", '<c r="XFD1" s="1"/></row>', 1)
    ),
    "a dimension that lies": workbook(
        PLAIN.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    ),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_the_same_cells_come_from_every_writing(read, content) -> None:  # type: ignore[no-untyped-def]
    table = read(content)
    assert cells(table) == EXPECTED
    assert table.numbers.tolist() == [2, 3, 4]
    assert not table.findings


def test_a_table_may_begin_anywhere(read) -> None:  # type: ignore[no-untyped-def]
    shifted = [[], [], *([None, None, *row] for row in ROWS)]
    table = read(workbook(sheet(shifted)))
    assert [row[2:] for row in cells(table)] == EXPECTED
    assert table.numbers.tolist() == [4, 5, 6]


VALUES = [
    (4.0, "4"),
    (-0.0, "0"),
    (0.1, "0.1"),
    (True, "TRUE"),
    (False, "FALSE"),
    (1, "1"),
    (0, "0"),
    (datetime(2025, 9, 1, 12, 30), "2025-09-01T12:30:00"),
    (date(2025, 1, 2), "2025-01-02"),
    (time(0, 3, 32), "00:03:32"),
    (timedelta(hours=30, seconds=5), "30:00:05"),
    (" 是 ", "是"),
    ("1-2", "1-2"),
    ("<&>", "<&>"),
    ("一\n二", "一\n二"),
]


def test_every_kind_of_value_is_the_text_of_a_csv(read) -> None:  # type: ignore[no-untyped-def]
    table = read(written([["v", "n"], *([value, 9] for value, _ in VALUES)]))
    assert list(table.columns[0]) == [text for _, text in VALUES]


def findings(table: RawTable) -> dict[str, tuple[str, str]]:
    return {f.code: (f.severity, f.message) for f in table.findings}


MERGED = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'
FORMULA = [*ROWS[:2], [2, ("B2", 4), ("C2", "同意")], [3, ("1+1", 2), ("A1", "")]]
TOLD = {
    "two sheets": (
        workbook(PLAIN, sheet([["x"], [1]]), sheet([])),
        EXPECTED,
        {"other-sheets": ("warning", "'表2' of 2 rows and 1 column")},
    ),
    "a hidden sheet first": (
        workbook(sheet([["x"], [1]]), PLAIN, states=["hidden", "visible"]),
        EXPECTED,
        {"other-sheets": ("warning", "'表1' (hidden) of 2 rows and 1 column")},
    ),
    "only a hidden sheet": (
        workbook(sheet([]), PLAIN, states=["visible", "veryHidden"]),
        EXPECTED,
        {"hidden-sheet": ("warning", "the sheet '表2' was read, which is hidden")},
    ),
    "merged answers": (
        workbook(sheet([*ROWS[:3], [3, 1, None]], after=MERGED.format("C3:C4"))),
        [*EXPECTED[:3], ("3", "1", "")],
        {"merged-answers": ("warning", "merged (C3:C4); only the first")},
    ),
    "formulas with their values": (
        workbook(sheet(FORMULA)),
        [*EXPECTED[:2], ("2", "4", "同意"), ("3", "2", "")],
        {"formula-cells": ("info", "formulas in 4 cells of columns B, C;")},
    ),
    "formulas that were never computed": (
        written([*ROWS[:3], [3, "=B2", "=SUM(A2:B2)"], ["=A4+1", 1, 2]]),
        [*EXPECTED[:3], ("3", "#FORMULA", "#FORMULA"), ("#FORMULA", "1", "2")],
        {
            "formula-cells": ("info", "formulas in 3 cells of columns A, B, C;"),
            "uncomputed-formula": ("warning", "3 formulas without a saved value (B4, "),
        },
    ),
    "errors": (
        workbook(sheet([*ROWS[:3], [3, "#N/A", 2], [4, 1, "#DIV/0!"]])),
        [*EXPECTED[:3], ("3", "#N/A", "2"), ("4", "1", "#DIV/0!")],
        {"error-cells": ("warning", "2 cells with an error such as #N/A (B4, C5)")},
    ),
    "rows hidden by hand": (
        workbook(sheet(ROWS, hidden=[3])),
        EXPECTED,
        {"hidden-rows": ("warning", "1 row (3) hidden in the sheet; hidden rows are")},
    ),
    "rows hidden by a filter": (
        workbook(sheet(ROWS, after='<autoFilter ref="A1:C4"/>', hidden=[2, 4])),
        EXPECTED,
        {"hidden-rows": ("warning", "2 rows (2, 4) hidden by a filter; hidden rows")},
    ),
    "hidden columns": (
        workbook(
            sheet(ROWS, before='<cols><col min="2" max="999999999" hidden="1"/></cols>')
        ),
        EXPECTED,
        {"hidden-columns": ("info", "columns B, C are hidden")},
    ),
}


@pytest.mark.parametrize(("content", "expected", "told"), TOLD.values(), ids=TOLD)
def test_what_a_reader_must_know_is_told(read, content, expected, told) -> None:  # type: ignore[no-untyped-def]
    table = read(content)
    assert cells(table) == expected
    found = findings(table)
    assert found.keys() == told.keys()
    for code, (severity, words) in told.items():
        assert found[code][0] == severity
        assert words in found[code][1]


def test_merged_headers_name_the_columns_without_one(read) -> None:  # type: ignore[no-untyped-def]
    rows = [["编号", "CA1", None, "CA2"], [1, 2, 3, 4]]
    table = read(workbook(sheet(rows, after=MERGED.format("B1:C1"))))
    assert table.header == ("编号", "CA1", "", "CA2")
    ((severity, message),) = findings(table).values()
    assert severity == "warning"
    assert "headers are merged (B1:C1)" in message
    assert "columns C have none" in message


def test_places_are_right_across_the_pieces_of_a_large_sheet(read) -> None:  # type: ignore[no-untyped-def]
    rows: list[list[object]] = [["编号", "CA1", "CA2"]]
    rows += [[n, ("A1", n % 5 + 1), "同意" * 20] for n in range(2, 12_001)]
    for number in range(1000, 12_001, 1000):
        rows[number - 1][2] = "#N/A"
    table = read(workbook(sheet(rows)))
    assert "formulas in 11,999 cells" in findings(table)["formula-cells"][1]
    assert table.numbers[table.columns[2].where(lambda w: w == "#N/A")].tolist() == [
        *range(1000, 12_001, 1000)
    ]
    assert table.columns[1][10_998] == "1"


ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]>'.format("a" * 100)
REFUSED = {
    "cut in half": (workbook(PLAIN)[:900], "the archive was cut off"),
    "no sheet": (workbook(), "the workbook holds no table"),
    "empty sheets": (workbook(sheet([]), sheet([])), "the workbook holds no table"),
    "a header alone": (workbook(sheet(ROWS[:1])), "there is a header but no answer"),
    "a title over the headers": (
        workbook(sheet([["问卷"], *ROWS], after=MERGED.format("A1:C1"))),
        "row 1: the row holds a single cell, a title it seems",
    ),
    "a sheet that is missing": (
        workbook(PLAIN, **{"xl/worksheets/sheet1.xml": None}),
        "the workbook is damaged; open it in Excel and save it again",
    ),
    "links that are missing": (
        workbook(PLAIN, **{"xl/_rels/workbook.xml.rels": None}),
        "the workbook is damaged",
    ),
    "XML that breaks off": (workbook(PLAIN[:300]), "the workbook is damaged"),
    "a list of sheets that breaks off": (
        workbook(PLAIN, **{"xl/workbook.xml": "<workbook><sheets>"}),
        "the workbook is damaged",
    ),
    "entities in the list of sheets": (
        workbook(PLAIN, **{"xl/workbook.xml": ENTITY + "<workbook/>"}),
        "the workbook defines entities of its own",
    ),
    "entities in a sheet": (workbook(ENTITY + PLAIN), "defines entities of its own"),
    "entities behind a long comment": (
        workbook(f"<!--{'x' * (2**20 - 10)}-->{ENTITY}{PLAIN}"),
        "defines entities of its own",
    ),
    "a sheet in UTF-16": (workbook(PLAIN.encode("utf-16")), "a part is not in UTF-8"),
    "two cells at the ends of the sheet": (
        workbook(
            PLAIN.replace(
                "</sheetData>", '<row r="1048576">{}</row></sheetData>'
            ).format('<c r="XFD1048576"><v>1</v></c>')
        ),
        "reaches to row 1,048,576 and column 16,384, which is more than 20,000,000",
    ),
    "cells without places": (
        workbook(
            sheet([["a", "b"], [1, 2]])
            .replace(' r="A', ' x="A')
            .replace(' r="B', ' x="B')
        ),
        "the cells of a sheet do not say where they stand",
    ),
    "an error without a place": (
        workbook(sheet([["a", "b"], [1, "#N/A"]]).replace(' r="B2"', "")),
        "the cells of a sheet do not say where they stand",
    ),
    "a row beyond the last": (
        workbook(PLAIN.replace('"A4"', '"A9999999"')),
        "more than 1048576 rows",
    ),
}


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_damage_is_named(read, content, expected) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError) as caught:
        read(content)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "part", "expected"),
    [
        (
            "MOST_PART",
            "xl/sharedStrings.xml",
            "sharedStrings.xml would expand to 32 MB",
        ),
        ("MOST_SHEET", "xl/worksheets/sheet1.xml", "sheet1.xml would expand to 32 MB"),
        ("MOST_ALL", "xl/media/film.mp4", "the workbook would expand to 32 MB"),
    ],
)
def test_what_is_too_large_is_not_unpacked(  # type: ignore[no-untyped-def]
    read, monkeypatch, limit, part, expected
) -> None:
    monkeypatch.setattr(f"kocsem.data.read.formats.xlsx.{limit}", 2**20)
    content = workbook(PLAIN, **{part: b"0" * 2**25})
    tracemalloc.start()
    with pytest.raises(DataError, match=expected):
        read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * 2**20
