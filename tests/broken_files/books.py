"""Workbooks of both formats, spoilt in the ways of spreadsheets."""

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from broken_files import xls, xlsx
from broken_files.clean import FIRST, LAST, Case, Rows, clean, csv_of

Sheet = list[list[object]]


def typed(rows: Rows | None = None) -> Sheet:
    """Return rows with answers as numbers, as a spreadsheet has them."""
    head, *sheets = rows or clean()
    return [
        list(head),
        *([int(c) if c.isdigit() and len(c) < 3 else c for c in row] for row in sheets),
    ]


def with_cell(value: object, row: int = 5, place: int = FIRST) -> Sheet:
    made = typed()
    made[row - 1][place] = value
    return made


def with_items(change: Callable[[object], object]) -> Sheet:
    head, *sheets = typed()
    return [
        head,
        *([*r[:FIRST], *map(change, r[FIRST:LAST]), *r[LAST:]] for r in sheets),
    ]


def book(rows: Sheet | None = None, **more: object) -> bytes:
    return xlsx.workbook(xlsx.sheet(rows or typed(), **more))


def old(rows: Sheet | None = None, **more: object) -> bytes:
    return xls.container(xls.stream({"a": rows or typed()}, **more))


def _styled_rows() -> bytes:
    empty = "".join(
        f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(42, 40_000)
    )
    whole = xlsx.sheet(typed()).replace("</sheetData>", f"{empty}</sheetData>")
    return xlsx.workbook(whole)


def _bomb() -> bytes:
    made = io.BytesIO(book())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b" " * (2**27 + 1))
    return made.getvalue()


def _lying() -> bytes:
    """State a small size for a sheet that is large."""
    content = bytearray(book(typed() * 60))
    at = 0
    while (at := content.find(b"PK\1\2", at)) >= 0:
        (length,) = struct.unpack_from("<H", content, at + 28)
        if bytes(content[at + 46 : at + 46 + length]).endswith(b"sheet1.xml"):
            struct.pack_into("<I", content, at + 24, 10)
        at += 4
    return bytes(content)


MERGED = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'
NO_HEADER = [[c if i != FIRST + 1 else None for i, c in enumerate(typed()[0])]]
HIDDEN = [["x"], [1]]
DAMAGED = "the workbook is damaged"


def _both(
    name: str, rows: Sheet, status: int, *words: str, reads: bool = False
) -> dict[str, Case]:
    """Make a case in each format."""
    return {
        f"{name} (xlsx)": Case(
            lambda: book(rows), status, words, "answers.xlsx", reads
        ),
        f"{name} (xls)": Case(lambda: old(rows), status, words, "answers.xls", reads),
    }


def _new(content: Callable[[], bytes], status: int, *words: str, **more: bool) -> Case:
    return Case(content, status, words, "answers.xlsx", **more)


def _old(content: Callable[[], bytes], status: int, *words: str) -> Case:
    return Case(content, status, words, "answers.xls")


BOOKS: dict[str, Case] = {
    **_both("a clean workbook", typed(), 0, "40 answer sheets", reads=True),
    **_both("numbers as text", clean(), 0, reads=True),
    **_both("a cell of text", with_cell("还可以"), 2, "TR1", "row 5", "Correct these"),
    **_both("a boolean cell", with_cell(True), 2, "row 5: 'TRUE' is not one of 1 to 5"),
    **_both("an error", with_cell("#N/A"), 2, "row 5: '#N/A'", "(H5)", "Correct these"),
    **_both("a percentage", with_cell(0.6), 2, "TR1", "row 5: '0.6' is not one of"),
    **_both("a huge number", with_cell(1e308), 2, "TR1", "row 5: "),
    **_both("a phone number", with_cell(13800001111), 2, "TR1", "looks personal"),
    **_both("no header", typed()[1:], 2, "headers in row 1", "Look whether row 1"),
    **_both(
        "a title over the headers", [["问卷"], *typed()], 2, "row 1", "a title it seems"
    ),
    **_both("headers alone", typed()[:1], 2, "there is a header but no answer below"),
    **_both("a blank row over the headers", [[], *typed()], 0),
    **_both(
        "totals", [*typed(), ["合计", *[None] * 6, *[99] * 7]], 2, "row 42", "delete it"
    ),
    **_both("a repeated header", [*typed(), *typed()], 2, "row 42", "delete the row"),
    "dates in an item (xlsx)": _new(
        lambda: xlsx.written(with_cell(datetime(2025, 1, 2))),
        2,
        "TR1",
        "row 5",
        "has turned answers to TR1 into dates",
        "Export the answers once more",
    ),
    "dates in an item (xls)": _old(
        lambda: old(with_cell((45659.0, xls.DATE))),
        2,
        "row 5",
        "has turned answers to TR1 into dates",
    ),
    "merged headers (xlsx)": _new(
        lambda: book([*NO_HEADER, *typed()[1:]], after=MERGED.format("H1:I1")),
        2,
        "no column for the items TR2",
    ),
    "merged answers (xlsx)": _new(
        lambda: book(with_cell(None), after=MERGED.format("H4:H5")),
        1,
        "merged (H4:H5)",
        "only the first",
    ),
    "merged answers (xls)": _old(
        lambda: old(with_cell(None), merged=[(3, 4, FIRST, FIRST)]),
        1,
        "merged (H4:H5)",
    ),
    "two sheets (xlsx)": _new(
        lambda: xlsx.workbook(xlsx.sheet(typed()), xlsx.sheet(HIDDEN)),
        1,
        "'表2' of 2 rows and 1 column",
        reads=True,
    ),
    "answers on the second sheet (xlsx)": _new(
        lambda: xlsx.workbook(
            xlsx.sheet([["说明", "问卷"], ["a", "b"]]), xlsx.sheet(typed())
        ),
        2,
        "none of the 2 headers in row 1",
    ),
    "formulas with their results (xlsx)": _new(
        lambda: book(with_items(lambda c: ("A1", c))),
        0,
        "formulas in 240 cells of columns H",
        reads=True,
    ),
    "formulas without result (xlsx)": _new(
        lambda: book(with_cell(("A1", None))),
        2,
        "1 formula without a saved value (H5)",
        "row 5: ",
    ),
    "thousands of empty rows (xlsx)": _new(
        _styled_rows, 0, "40 answer sheets", reads=True
    ),
    "hidden rows (xlsx)": _new(
        lambda: book(hidden=[3]), 1, "1 row (3) hidden in the sheet", reads=True
    ),
    "a bomb": _new(
        _bomb,
        2,
        "the part sharedStrings.xml would expand to 128 MB",
        "export them as .csv",
    ),
    "a size that lies": _new(_lying, 2, "in sheet1.xml; download or save it again"),
    "cut in half (xlsx)": _new(lambda: book()[:1200], 2, "the archive was cut off"),
    "cut in half (xls)": _old(lambda: old()[:3000], 2, "the workbook cannot be read"),
    "a password of the new format": _new(
        lambda: xls.container(b"", "EncryptedPackage"),
        2,
        "protected by a password",
        "remove the password",
    ),
    "a password of the old format": _old(
        lambda: old(before=xls.record(0x2F, b"\0" * 6)), 2, "password"
    ),
    "a web page that is named a workbook": _old(
        lambda: "<html><table><tr><td>欧阳婉清</td></tr></table></html>".encode(),
        2,
        "this is a web page or XML",
        "Open it in Excel and save it as .xlsx",
    ),
    "a text that is named a workbook": Case(
        lambda: csv_of(clean(), "\t"),
        0,
        ("40 answer sheets",),
        "answers.xls",
        True,
    ),
    "entities (xlsx)": _new(
        lambda: xlsx.workbook(
            '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xlsx.sheet(typed())
        ),
        2,
        "defines entities of its own",
    ),
}


def as_workbook(case: Case) -> Case:
    """Write the rows of a case as a workbook, of which the same is said."""
    stem = case.name.rpartition(".")[0]
    words = tuple(word for word in case.words if "utf-8" not in word)
    return replace(
        case,
        make=lambda: book(typed(case.rows())),
        name=f"{stem}.xlsx",
        words=tuple(word.replace("answers.csv", "answers.xlsx") for word in words),
    )
