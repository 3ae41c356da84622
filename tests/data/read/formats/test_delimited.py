"""Texts with separators: every damage is named, and what is read is read right."""

import time
from pathlib import Path

import pytest

from kocsem.data.read.cells import RawTable
from kocsem.data.read.table import read_table
from kocsem.errors import DataError

HEADER = "编号,性别,满意吗,a,b,c,d,e,f"
WIDTH = 9


def row(number: int, words: str = "男") -> str:
    return f"{number},{words},{number % 5 + 1},1,2,3,4,5,6"


def text(*rows: str, end: str = "\n") -> str:
    return end.join([HEADER, *rows]) + end


CLEAN = text(*(row(n) for n in range(1, 7)))


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def read_bytes(content: bytes) -> RawTable:
        file = tmp_path / "answers.csv"
        file.write_bytes(content)
        return read_table(file)

    return read_bytes


def cells(table: RawTable) -> list[tuple[str, ...]]:
    return [table.header, *(table.row(place) for place in range(len(table)))]


EXPECTED = [tuple(line.split(",")) for line in CLEAN.splitlines()]

SAME = {
    "lone carriage returns": CLEAN.replace("\n", "\r").encode(),
    "both kinds of line ends": CLEAN.replace("\n", "\r\n").encode(),
    "no line end at the end": CLEAN.rstrip("\n").encode(),
    "five thousand empty lines below": CLEAN.encode() + b"\n" * 5000,
    "five thousand rows of commas below": CLEAN.encode() + b",,,,,,,,\r\n" * 5000,
    "empty lines above": b"\n\n" + CLEAN.encode(),
    "every cell in quotation marks": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in CLEAN.splitlines()
    ).encode(),
    "a separator declared as Excel does": b"sep=;\r\n"
    + CLEAN.replace(",", ";").encode(),
    "UTF-16 with the high byte first": b"\xfe\xff" + CLEAN.encode("utf-16-be"),
    "UTF-16 with the low byte first": b"\xff\xfe" + CLEAN.encode("utf-16-le"),
    "GBK": CLEAN.encode("gbk"),
    "a mark of UTF-8": CLEAN.encode("utf-8-sig"),
    "tabs": CLEAN.replace(",", "\t").encode("gb18030"),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_the_same_cells_come_from_every_writing(read, content) -> None:  # type: ignore[no-untyped-def]
    table = read(content)
    assert cells(table) == EXPECTED
    assert not table.findings


def test_a_declared_separator_counts_as_a_row(read) -> None:  # type: ignore[no-untyped-def]
    assert read(b"sep=;\na;b\n1;2\n").numbers.tolist() == [3]


KEPT = {
    "a separator in quotes": ('"1,5"', "1,5"),
    "marks doubled": ('"他说""好"""', '他说"好"'),
    "marks within a cell without any": ('5"屏', '5"屏'),
    "a line break in quotes": ('"很好\n真的"', "很好\n真的"),
    "commas and a line break": ('"好,真好\n买,再买"', "好,真好\n买,再买"),
    "an empty cell in quotes": ('""', ""),
    "an apostrophe": ("it's", "it's"),
    "a tab in a cell": ("a\tb", "a\tb"),
    "an emoji": ("好😀", "好😀"),
}


@pytest.mark.parametrize(("written", "meant"), KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_an_answer_is_kept_as_it_was_given(read, written, meant, encoding) -> None:  # type: ignore[no-untyped-def]
    table = read(text(row(1), row(2, written), row(3)).encode(encoding))
    assert table.columns[1][1] == meant
    assert table.columns[0][2] == "3"
    assert table.numbers.tolist() == [2, 3, 4]


def swallowed(first: str, last: str) -> bytes:
    return text(row(1), first, row(3), last, row(5)).encode()


UTF8, GBK = CLEAN.encode(), CLEAN.encode("gbk")
REFUSED = {
    "UTF-8, then GBK": (UTF8 + row(7).encode("gbk"), "line 8: the text changes its"),
    "GBK, then UTF-8": (GBK + row(7).encode(), "line 8: the text changes its encoding"),
    "a mark of UTF-8, then GBK": (b"\xef\xbb\xbf" + UTF8 + GBK, "line 8: the text"),
    "one damaged character": (UTF8 + b"7,\xe7\x94,1\n" + UTF8, "line 8"),
    "UTF-8 cut within a character": (
        b"a,b\n1,2\n3," + "好".encode()[:2],
        "line 3: the file ends within a character; it was cut off",
    ),
    "UTF-16 cut within a character": (
        CLEAN.encode("utf-16")[:-1],
        "line 7: the text is cut off",
    ),
    "UTF-16 of the other order cut within a character": (
        b"\xfe\xff" + CLEAN.encode("utf-16-be")[:-1],
        "line 7: the text is cut off",
    ),
    "a zero byte": (UTF8 + b"7,\0,1\n", "line 8: there is a character that no text"),
    "zero bytes where a disk was full": (UTF8 + b"\0" * 4096, "line 8"),
    "UTF-16 without its mark": ("a,b\n1,2\n".encode("utf-16-le"), "line 1"),
    "cut off within a quoted cell": (
        text(row(1), '2,"很')[:-1].encode(),
        "row 3: a quotation mark opens in this row and is never closed",
    ),
    "never closed in the middle": (
        text(row(1), '2,"很好,3,1,2,3,4,5,6', row(3), row(4)).encode(),
        "row 3: a quotation mark opens in this row and is never closed",
    ),
    "never closed in the header": (
        b'"a,b\n1,2\n3,4\n',
        "row 1: a quotation mark opens in this row and is never closed",
    ),
    "two stray marks in one column": (
        swallowed('2,"很好,3,1,2,3,4,5,6', '4,很好",3,1,2,3,4,5,6'),
        "row 3, column 2: a quotation mark opens in this cell and swallows 2 rows",
    ),
    "two stray marks, the later further right": (
        swallowed('2,"很好,3,1,2,3,4,5,6', '4,很好,3,1,2,3,4,5",6'),
        "row 3, column 2: a quotation mark opens in this cell and swallows 2 rows",
    ),
    "two stray marks, the later further left": (
        swallowed('2,很好,3,1,"2,3,4,5,6', '4,很好",3,1,2,3,4,5,6'),
        "row 3: 12 cells, but the header has 9",
    ),
    "text behind a closing mark": (
        text(row(1), '2,"他说"好"",3,1,2,3,4,5,6').encode(),
        "row 3: text follows the closing quotation mark",
    ),
    "a cell of a million characters": (
        text(row(1), row(2, "好" * 1_000_000)).encode(),
        "row 3: a cell has more than 131,072 characters",
    ),
    "a separator without quotes": (
        text(row(1), row(2, "好,真好")).encode(),
        "row 3: 10 cells, but the header has 9; look for a separator",
    ),
    "too many columns": (
        b",".join(b"c%d" % n for n in range(100_000)) + b"\n1\n",
        "row 1: 100,000 cells, more than the 16,384 columns",
    ),
    "one line without an end": (b"a" * 17_000_000, "line 1: the line is longer than"),
}


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_damage_is_named_with_its_place(read, content, expected) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError) as caught:
        read(content)
    assert expected in str(caught.value)


def test_a_narrow_table_is_read_and_its_line_breaks_are_told(read) -> None:  # type: ignore[no-untyped-def]
    table = read(b'a,b,c\n1,"x,y,z\nw",3\n4,5,6\n')
    assert cells(table)[1:] == [("1", "x,y,z\nw", "3"), ("4", "5", "6")]
    (finding,) = table.findings
    assert (finding.code, finding.severity) == ("line-breaks", "warning")
    assert "rows 2 hold" in finding.message


def test_a_message_shows_no_answer(read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError) as caught:
        read(text(row(1), '2,"李雷 13800000000').encode())
    assert "李雷" not in str(caught.value)
    assert "138" not in str(caught.value)


def test_time_grows_with_the_rows(read) -> None:  # type: ignore[no-untyped-def]
    def seconds(rows: int) -> float:
        content = text(*(row(n, f'"好\n{n}"') for n in range(rows))).encode()
        start = time.process_time()
        assert len(read(content)) == rows
        return time.process_time() - start

    seconds(100)
    assert seconds(16_000) < 8 * seconds(4_000) + 0.2
