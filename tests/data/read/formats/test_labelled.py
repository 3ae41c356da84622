"""Files of SPSS and Stata: codes stay codes, labels and declared missings are kept."""

import datetime as dt
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from kocsem.data.read.cells import RawTable
from kocsem.data.read.table import read_table
from kocsem.errors import DataError

ANSWERS = pd.DataFrame(
    {
        "ID": [1.0, 2.0, 3.0],
        "CA1": [4.0, None, 2.5],
        "S": ["好 ", "x", ""],
        "D": [dt.date(2025, 1, 2), None, dt.date(2025, 3, 4)],
    }
)
TITLES = ["编号", "TA说实话。", "", "日期"]
LABELS: dict[str, dict[Any, str]] = {"CA1": {1.0: "不同意", 4.0: "同意"}}
EXPECTED = [
    ("1", "4", "好", "2025-01-02"),
    ("2", "", "x", ""),
    ("3", "2.5", "", "2025-03-04"),
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a frame with a writer of pyreadstat and return the path."""

    def made(
        writer: Callable[..., None],
        frame: pd.DataFrame = ANSWERS,
        name: str = "a.bin",
        **options: Any,
    ) -> Path:
        writer(frame, str(tmp_path / name), **options)
        return tmp_path / name

    return made


def rows(table: RawTable) -> list[tuple[str, ...]]:
    return [table.row(place) for place in range(len(table))]


KINDS: dict[str, tuple[Callable[..., None], str, dict[str, Any]]] = {
    "sav": (pyreadstat.write_sav, "sav", {}),
    "sav packed by rows": (pyreadstat.write_sav, "sav", {"row_compress": True}),
    "zsav": (pyreadstat.write_sav, "sav", {"compress": True}),
    "dta of Stata 14": (pyreadstat.write_dta, "dta", {"version": 14}),
    "dta of Stata 15": (pyreadstat.write_dta, "dta", {"version": 15}),
}


@pytest.mark.parametrize(("writer", "kind", "options"), KINDS.values(), ids=KINDS)
def test_names_labels_and_codes_are_read(write, writer, kind, options) -> None:  # type: ignore[no-untyped-def]
    labels = LABELS if kind == "sav" else {"ID": {1: "一", 2: "二"}}
    path = write(writer, column_labels=TITLES, variable_value_labels=labels, **options)
    table = read_table(path)
    assert table.header == ("ID", "CA1", "S", "D")
    assert rows(table) == EXPECTED
    assert table.numbers.tolist() == [1, 2, 3]  # cases, as the data view counts them
    assert table.titles == tuple(TITLES)
    expected = {1: {"1": "不同意", "4": "同意"}} if kind == "sav" else None
    assert table.labels == (expected or {0: {"1": "一", "2": "二"}})
    assert (table.encoding, table.short, table.findings) == (kind, (), ())


def test_a_file_without_labels_has_none(write) -> None:  # type: ignore[no-untyped-def]
    table = read_table(write(pyreadstat.write_sav))
    assert (table.titles, table.labels) == ((), None)


def test_a_por_file_tells_no_missing_codes(write) -> None:  # type: ignore[no-untyped-def]
    table = read_table(write(pyreadstat.write_por, ANSWERS[["ID", "CA1"]]))
    assert table.header == ("ID", "CA1")
    assert rows(table) == [row[:2] for row in EXPECTED]
    assert [finding.code for finding in table.findings] == ["declared-missing"]


def test_declared_missing_codes_of_spss_are_empty_and_named(write) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame(
        {
            "A": [4.0, -3.0, 99.0, 5.0],
            "B": [-3.0, 1.0, 90.0, 2.0],
            "C": ["x", "y", "z", "x"],
        }
    )
    spans = {"A": [-3, {"lo": 90, "hi": 99}], "C": ["x"]}
    table = read_table(write(pyreadstat.write_sav, frame, missing_ranges=spans))
    assert [list(column) for column in table.columns] == [
        ["4", "", "", "5"],
        ["-3", "1", "90", "2"],
        ["", "y", "z", ""],
    ]
    (finding,) = table.findings
    assert (finding.code, finding.severity) == ("declared-missing", "info")
    assert (finding.value, finding.message.count("B (")) == (4, 0)
    assert "A ('-3', '99')" in finding.message


def test_missing_letters_of_stata_are_empty_and_named(write) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"A": [1, "a", 3], "B": [1, 2, 3]})
    path = write(pyreadstat.write_dta, frame, missing_user_values={"A": ["a"]})
    table = read_table(path)
    assert rows(table) == [("1", "1"), ("", "2"), ("3", "3")]
    assert "in 1 cell of A (.a), count as empty" in table.findings[0].message


#: 2025-09-21 in seconds since 14 October 1582, which is 12,219,379,200 before 1970.
SPSS_DAY = 12_219_379_200 + 1_758_412_800


@pytest.mark.parametrize(
    ("writer", "shape", "number", "expected"),
    [
        (pyreadstat.write_sav, "DATE11", SPSS_DAY, "2025-09-21"),
        (pyreadstat.write_sav, "ADATE10", SPSS_DAY, "2025-09-21"),
        (pyreadstat.write_sav, "DATETIME20", SPSS_DAY + 3601, "2025-09-21T01:00:01"),
        (pyreadstat.write_sav, "TIME8", 3661, "1:01:01"),
        (pyreadstat.write_sav, "TIME8", 90_000, "25:00:00"),
        (pyreadstat.write_sav, "F8.2", 90_000, "90000"),
        (pyreadstat.write_sav, "DATE11", 1e14, "100000000000000"),
        (pyreadstat.write_dta, "%td", 24_005, "2025-09-21"),
        (pyreadstat.write_dta, "%tc", 2_074_032_001_000, "2025-09-21T00:00:01"),
        (pyreadstat.write_dta, "%tcHH:MM:SS", 90_000_000, "25:00:00"),
        (pyreadstat.write_dta, "%9.0g", 24_005, "24005"),
    ],
)
def test_dates_and_durations(write, writer, shape, number, expected) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"V": [float(number)], "N": [1.0]})
    table = read_table(write(writer, frame, variable_format={"V": shape}))
    assert rows(table) == [(expected, "1")]


def test_empty_cases_are_left_out_and_numbers_kept(write) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"A": [1.0, None, 3.0], "S": ["x", "", "z"]})
    table = read_table(write(pyreadstat.write_sav, frame))
    assert table.numbers.tolist() == [1, 3]
    assert rows(table) == [("1", "x"), ("3", "z")]


INK, HAN, SAME = "AAAAAA", "BBBB", "CCCC"  # as many bytes as their Chinese in GBK
CHINESE = {INK: "您好吗", HAN: "男女", SAME: "同意"}
LATIN = {INK: "Größen", HAN: "hôte", SAME: "Grün"}


def in_words(content: bytes, words: dict[str, str], encoding: str) -> bytes:
    for placeholder, text in words.items():
        content = content.replace(placeholder.encode(), text.encode(encoding))
    return content


def undeclared(content: bytes, page: int) -> bytes:
    """Take the name of the encoding out of a SAV file; set its number."""
    name = content.index(struct.pack("<IIII", 7, 20, 1, 5))
    number = content.index(struct.pack("<IIII", 7, 3, 4, 8)) + 44
    changed = content[: name + 4] + struct.pack("<I", 99) + content[name + 8 :]
    return changed[:number] + struct.pack("<I", page) + changed[number + 4 :]


@pytest.mark.parametrize(
    ("page", "words", "encoding", "assumed"),
    [
        (936, CHINESE, "gbk", False),
        (54936, CHINESE, "gb18030", False),
        (65001, CHINESE, "gbk", True),
        (1252, CHINESE, "gbk", True),
        (2, CHINESE, "gbk", True),
        (1252, LATIN, "cp1252", False),
    ],
)
def test_chinese_of_an_old_windows(write, page, words, encoding, assumed) -> None:  # type: ignore[no-untyped-def]
    path = write(
        pyreadstat.write_sav,
        pd.DataFrame({"ID": [1.0, 2.0], "S": [HAN, "x"]}),
        column_labels=[INK, "s"],
        variable_value_labels={"ID": {1.0: SAME}},
    )
    content = in_words(undeclared(path.read_bytes(), page), words, encoding)
    path.write_bytes(content)
    table = read_table(path)
    assert rows(table) == [("1", words[HAN]), ("2", "x")]
    assert table.titles == (words[INK], "s")
    assert table.labels == {0: {"1": words[SAME]}}
    assert [f.code for f in table.findings] == ["assumed-encoding"] * assumed


def test_chinese_of_an_old_stata(write) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"ID": [1, 2], "S": [HAN, "x"]})
    path = write(pyreadstat.write_dta, frame, column_labels=[INK, "s"], version=10)
    path.write_bytes(in_words(path.read_bytes(), CHINESE, "gbk"))
    table = read_table(path)
    assert rows(table) == [("1", "男女"), ("2", "x")]
    assert table.titles == ("您好吗", "s")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
@pytest.mark.parametrize(
    ("writer", "program", "options"),
    [
        (pyreadstat.write_sav, "SPSS", {}),
        (pyreadstat.write_sav, "SPSS", {"compress": True}),
        (pyreadstat.write_por, "SPSS", {}),
        (pyreadstat.write_dta, "Stata", {"version": 10}),
    ],
)
def test_a_file_that_was_cut_off(write, writer, program, options, share) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({f"V{n}": [float(n)] * 200 for n in range(9)})
    path = write(writer, frame, **options)
    content = path.read_bytes()
    path.write_bytes(content[: max(200, int(share * len(content)))])
    with pytest.raises(DataError) as caught:
        read_table(path)
    assert f"the {program} file cannot be read; it is damaged or cut" in str(
        caught.value
    )


@pytest.mark.parametrize(
    "frame", [ANSWERS[:0], pd.DataFrame({"A": [None, None], "S": ["", ""]})]
)
def test_a_file_without_answers_is_refused(write, frame) -> None:  # type: ignore[no-untyped-def]
    frame = frame.astype({"A": float}) if "A" in frame else frame[["ID", "S"]]
    with pytest.raises(DataError, match=r"holds (no case|only empty cases)"):
        read_table(write(pyreadstat.write_sav, frame))
