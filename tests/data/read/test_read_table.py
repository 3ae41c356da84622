"""Every file format gives the same cells; what cannot be read says why."""

from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from kocsem.data.read.cells import RawTable
from kocsem.data.read.table import read_table
from kocsem.errors import DataError

ROWS = [["编号", "题、目", "c"], ["1", "同意", "x,y;z"], ["2", "", "“引号”"]]


def rows_of(table: RawTable) -> list[tuple[str, ...]]:
    return [table.row(place) for place in range(len(table))]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(write_csv, encoding, told, separator) -> None:  # type: ignore[no-untyped-def]
    table = read_table(write_csv(ROWS, encoding, separator))
    assert table.encoding == told
    assert [list(table.header), *map(list, rows_of(table))] == ROWS
    assert table.numbers.tolist() == [2, 3]


def test_commas_in_the_words_are_no_separators(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('"a, b, c";"d, e";f\n1;2;3\n', encoding="utf-8")
    assert read_table(file).header == ("a, b, c", "d, e", "f")


def test_a_workbook_gives_the_text_that_a_csv_would(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("empty", 0)
    sheet = book["Sheet"]
    sheet.append(["n", "half", "when", "clock", "took", "word", "none"])
    when = datetime(2025, 9, 1, 12, 30)
    sheet.append([4, 2.5, when, time(0, 3, 32), timedelta(seconds=3725), " 是 ", None])
    file = tmp_path / "answers.csv"  # the name does not decide
    book.save(file)
    table = read_table(file)
    assert table.encoding == "xlsx"
    expected = ("4", "2.5", "2025-09-01T12:30:00", "00:03:32", "1:02:05", "是", "")
    assert rows_of(table) == [expected]


def test_empty_lines_are_skipped_and_numbers_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n\n1,2\n,\n3,4\n", encoding="utf-8")
    assert read_table(file).numbers.tolist() == [3, 5]


def test_a_cell_over_two_lines_is_one_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n"one\ntwo",2\n3,4\n', encoding="utf-8")
    table = read_table(file)
    assert table.row(0) == ("one\ntwo", "2")
    assert table.numbers.tolist() == [2, 3]


def test_a_trailing_comma_is_no_column(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b,\n1,2,\n", encoding="utf-8")
    assert read_table(file).header == ("a", "b")


def test_short_rows_are_filled_and_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b,c\n1,2,3\n1\n", encoding="utf-8")
    table = read_table(file)
    assert table.row(1) == ("1", "", "")
    assert table.short == (3,)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        (b"a,b\n", "there is a header but no answer below it"),
        (b"a,b\n1,2,3\n", "row 2: 3 cells, but the header has 2"),
        (b"\xff\xff\x00a", "neither a workbook nor a text in UTF-8"),
        (b"a,b\n\x00,1\n", "neither a workbook nor a text in UTF-8"),
        (b"a,b\n\x1f,1\n", "neither a workbook nor a text in UTF-8"),
        (b"%PDF-1.4\n", "this is a PDF file"),
        (b"$FL2@(#) SPSS DATA FILE", "the SPSS file cannot be read"),
        (b"\x89PNG\r\n", "this is a picture"),
        (b'{"a": 1}', "this is JSON"),
        (b"PK\x03\x04rubbish", "the workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook cannot be read"),
        (b"<html><table></table></html>", "this is a web page or XML"),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table(file)
    assert expected in str(caught.value)
    assert str(file) in str(caught.value)


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="holds no table"):
        read_table(tmp_path / "a.xlsx")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path)
