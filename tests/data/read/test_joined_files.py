"""Rows that are no answer sheets, and stretches that no respondents leave open."""

import numpy as np
import pytest

from broken_files.clean import ANSWERS, FIRST, INSTRUMENT, clean, csv_of
from kocsem.data.read.responses import read_responses
from kocsem.errors import DataError
from kocsem.instrument.load import load_instrument

WIDTH = len(clean()[0])


@pytest.fixture
def read(tmp_path):
    """Read rows as an export of the questionnaire."""

    def read_rows(rows, **more):
        (tmp_path / "probe.yaml").write_text(INSTRUMENT, encoding="utf-8")
        (tmp_path / "answers.csv").write_bytes(csv_of(rows))
        instrument = load_instrument(tmp_path / "probe.yaml")
        return read_responses(tmp_path / "answers.csv", instrument, **more)

    return read_rows


def told(responses, code):
    return [(f.subject, f.value) for f in responses.findings if f.code == code]


def row(first, answers):
    return [first, *[""] * (FIRST - 1), *[answers] * 7, ""]


@pytest.mark.parametrize(
    "word",
    ["合计", "总计：", "平均分", "标准差", "Total", "Grand Total", "MEAN", "Std. Dev."],
)
@pytest.mark.parametrize("answers", ["", "2", "99"])
def test_totals_are_refused_whatever_they_amount_to(read, word, answers):
    with pytest.raises(DataError, match=r"row 42: the row holds totals"):
        read([*clean(), row(word, answers)])


@pytest.mark.parametrize("word", ["总分", "summary", "合计表", "41"])
def test_other_words_are_no_totals(read, word):
    assert len(read([*clean(), row(word, "2")]).answers) == 41


def test_a_word_for_totals_behind_the_answers_is_an_answer_sheet(read):
    rows = [[*cells, "Total" if i else "备注"] for i, cells in enumerate(clean())]
    assert len(read(rows).answers) == 40


@pytest.mark.parametrize("kept", [range(WIDTH), range(0, WIDTH, 2), range(7, WIDTH)])
def test_half_of_the_headers_are_a_repeated_header(read, kept):
    head = clean()[0]
    again = [head[i] if i in kept else "" for i in range(WIDTH)]
    with pytest.raises(DataError, match=r"row 12: the row repeats the headers"):
        read([*clean()[:11], again, *clean()[11:]])


def test_rows_without_answer_are_counted(read):
    rows = [*clean(), *(row(f"备注{i}", "(跳过)") for i in range(10))]
    responses = read(rows)
    assert told(responses, "row-without-answer") == [("answers.csv", 10)]
    (finding,) = (f for f in responses.findings if f.code == "row-without-answer")
    assert "10 rows (42, 43, 44, 45, 46, 47, 48, 49 ...)" in finding.message


@pytest.mark.parametrize(
    ("header", "count"), [("序号", 3), ("编号", 3), ("Response ID", 3), ("总分", None)]
)
def test_repeated_numbers(read, header, count):
    rows = [*clean(), *clean()[1:4]]
    rows[0][0] = header
    expected = [("answers.csv", count)] if count else []
    assert told(read(rows), "repeated-number") == expected


def test_empty_numbers_repeat_none(read):
    rows = [clean()[0], *(["", *r[1:]] for r in clean()[1:])]
    assert told(read(rows), "repeated-number") == []


@pytest.mark.parametrize(("length", "found"), [(19, False), (20, True), (39, True)])
def test_a_stretch_without_answer(read, length, found):
    rows = clean()
    for cells in rows[1 : length + 1]:
        cells[FIRST] = ""
    expected = [("TR1", length)] if found else []
    assert told(read(rows), "unanswered-stretch") == expected


def test_sheets_that_broke_off_leave_no_stretch(read):
    rows = clean()
    for cells in rows[11:]:
        cells[FIRST : FIRST + 3] = ["", "", ""]
    assert told(read(rows), "unanswered-stretch") == []


def shifted(times, by, cells):
    """Copy the answers, and move those of the scale by a number within it."""
    rows = [list(r) for r in [clean()[0], *clean()[1:] * times]]
    for number, r in enumerate(rows[1:], start=1):
        r[0] = str(number)
        for place in range(FIRST, FIRST + 6):
            r[place] = str(min(max(int(r[place]) + by, cells[0]), cells[1]))
    return rows


@pytest.mark.parametrize(
    ("times", "by", "cells", "end"),
    [(3, 1, (2, 5), 1), (3, -1, (1, 4), 5), (3, 0, (1, 5), None), (1, 1, (2, 5), None)],
)
def test_an_end_that_nobody_chose(read, times, by, cells, end):
    expected = [("TR1, TR2, TR3, PI1, PI2, PI3", end)] if end else []
    assert told(read(shifted(times, by, cells)), "end-never-chosen") == expected


def test_the_clean_file_gives_none_of_these(read):
    responses = read(clean())
    np.testing.assert_array_equal(
        responses.answers[list(ANSWERS)].to_numpy(), ANSWERS.to_numpy()
    )
    assert {f.code for f in responses.findings} == {"personal-column"}
