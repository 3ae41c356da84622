"""Exports of every layout give the same answers; wrong ones say what is wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from pydantic import TypeAdapter

from kocsem.data.read.responses import read_responses
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument

NAN = np.nan
COLUMNS = [
    "SC",
    "A1",
    "A2",
    "B1",
    "B2",
    "AT",
    "GEN",
    "CAT_1",
    "CAT_2",
    "CAT_3",
    "YEARS",
]
EXPECTED = [
    [1, 3, 2, 1, 2, 3, 2, 1, 0, 1, 30],
    [2, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
    [1, 1, 3, NAN, 1, 3, 1, 0, 1, 0, 41],
]
META = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
META_CELLS = [
    ["1", "2025/9/1 12:00:00", "212秒", "微信", "链接", "9.9.9.9(广东-广州)"],
    ["2", "2025/9/1 12:05:00", "8秒", "微信", "链接", "9.9.9.8(北京-北京)"],
    ["3", "2025/9/1 12:09:00", "3分2秒", "链接", "无", "9.9.9.9(广东-广州)"],
]
WJX_NUMBER = [
    [
        *META,
        *[
            "1、您关注KOC吗？",
            "2、请作答—TA说实话。",
            "2、TA有话直说。 ",
            "2、我会买。",
            "2、B2",
        ],
        *["2、AT", "3、您的性别 ", "4、(美食)", "4、(数码(含手机))", "4、(其他)"],
        *["5、您多大？", "6、为什么？", "总分"],
    ],
    [
        *META_CELLS[0],
        *["1", "3", "2", "1", "2", "3", "2", "1", "0", "1", "30", "好", "9"],
    ],
    [
        *META_CELLS[1],
        *["2", "-3", "-3", "-3", "-3", "-3", "-3", "-3", "-3", "-3", "-3", "-3", "0"],
    ],
    [
        *META_CELLS[2],
        *["1", "1", "3", "-2", "1", "3", "1", "0", "1", "0", "41", "-2", "8"],
    ],
]
WJX_OLD = [
    [
        *META,
        *[
            "1．您关注KOC吗?",
            "第2题(TA说实话。)",
            "第2题(TA有话直说。)",
            "第2题(我会买。)",
        ],
        *[
            "第2题(B2)",
            "第2题(AT)",
            "3：您的性别",
            "第4题(美食)",
            "第4题(数码(含手机))",
        ],
        *["第4题(其他)", "5、您多大？"],
    ],
    *[row[:-2] for row in WJX_NUMBER[1:]],
]
WJX_TEXT = [
    [
        *META,
        *[
            "1、您关注ＫＯＣ吗",
            "2、请作答—TA说实话。",
            "2、TA有话直说。",
            "2、我会买。",
            "2、B2",
        ],
        *[
            "2、AT",
            "3、您的性别",
            "4、哪些领域？（可多选）",
            "5、您多大？",
            "6、为什么？",
        ],
    ],
    [
        *META_CELLS[0],
        *["是", "同意", "一般", "不同意", "一般", "同意"],
        *["B.女", "美食┋其他〖宠物┋鱼〗", "30", "好"],
    ],
    [*META_CELLS[1], "否", *["（跳过）"] * 9],
    [
        *META_CELLS[2],
        *["是", "不同意", "同意", "(空)", "不同意", "同意"],
        *["A.男", "数码（含手机）", "41", "(空)"],
    ],
]
PLAIN_CODES = [
    [*COLUMNS, "seconds", "ip"],
    ["1", "3", "2", "1", "2", "3", "2", "1", "0", "1", "30", "212", "9.9.9.9"],
    ["2", *["NA"] * 10, "8", "9.9.9.8"],
    ["1", "1", "3", "", "1", "3", "1", "0", "1", "0", "41", "182", "9.9.9.9"],
]
PLAIN_ENGLISH = [
    [
        *["Do you follow a KOC?", "A1: This KOC tells the truth.", "This KOC is frank"],
        *["I would buy", "b2", "at", "Gender", "CAT", "Your age?", "How old are you?"],
        *["seconds", "ip"],
    ],
    [
        *["Yes", "Agree", "Neither", "Disagree", "Neither", "Agree", "Female"],
        *["Food; Other", "", "30", "212", "9.9.9.9"],
    ],
    ["No", *[""] * 9, "8", "9.9.9.8"],
    [
        *["Yes", "Disagree", "Agree", ".", "Disagree", "Agree", "Male"],
        *["2", "", "41", "182", "9.9.9.9"],
    ],
]
LAYOUTS = {
    "number": (WJX_NUMBER, "wenjuanxing", "number"),
    "old": (WJX_OLD, "wenjuanxing", "number"),
    "text": (WJX_TEXT, "wenjuanxing", "text"),
    "codes": (PLAIN_CODES, "plain", "number"),
    "english": (PLAIN_ENGLISH, "plain", "text"),
}


def check(responses: Any) -> None:
    assert list(responses.answers.columns) == COLUMNS
    np.testing.assert_array_equal(responses.answers.to_numpy(), EXPECTED)
    assert list(responses.answers.index) == [2, 3, 4]
    assert responses.answers.index.name == "row"
    assert list(responses.seconds) == [212.0, 8.0, 182.0]
    assert list(responses.origin) == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_layouts_agree(
    write_csv: Any, small: Instrument, layout: str, encoding: str
) -> None:
    rows, platform, coding = LAYOUTS[layout]
    responses = read_responses(write_csv(rows, encoding), small)
    check(responses)
    assert (responses.source.platform, responses.source.coding) == (platform, coding)
    assert (responses.source.rows, responses.source.columns) == (3, len(rows[0]))


def test_a_workbook_reads_alike(tmp_path: Path, small: Instrument) -> None:
    book = openpyxl.Workbook()
    for row in WJX_NUMBER:
        book.active.append([int(c) if c.lstrip("-").isdigit() else c for c in row])
    book.save(tmp_path / "a.xlsx")
    check(read_responses(tmp_path / "a.xlsx", small))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_order_of_columns_does_not_matter(
    write_csv: Any, small: Instrument, layout: str
) -> None:
    rows = [list(reversed(row)) for row in LAYOUTS[layout][0]]
    check(read_responses(write_csv(rows), small))


def test_no_personal_data_in_anything_read(write_csv: Any, small: Instrument) -> None:
    header = [*WJX_NUMBER[0], "7、您的手机号", "8、姓名", "昵称"]
    rows = [[*row, "13800001111", "张三", "小红"] for row in WJX_NUMBER[1:]]
    responses = read_responses(write_csv([header, *rows]), small)
    everything = repr(responses) + responses.answers.to_csv()
    for secret in ("13800001111", "张三", "小红", "9.9.9", "广东", "微信"):
        assert secret not in everything
    assert {f.subject for f in responses.findings if f.code == "personal-column"} == {
        "7、您的手机号",
        "8、姓名",
    }


def test_unknown_columns_are_reported_with_the_nearest_open_question(
    write_csv: Any, small: Instrument
) -> None:
    rows = [[*row, "5", "6"] for row in PLAIN_CODES]
    rows[0] = [*["Q_B2" if h == "B2" else h for h in rows[0][:-2]], "CAT_4", "zzz"]
    near, others = [
        f
        for f in read_responses(write_csv(rows), small).findings
        if "unknown" in f.code
    ]
    assert (near.code, near.severity) == ("unknown-column", "warning")
    assert near.message == "column 5 ('Q_B2') answers no question; did you mean B2?"
    assert (others.code, others.severity) == ("unknown-columns", "info")
    assert "'CAT_4', 'zzz'" in others.message


def test_what_is_not_needed_may_be_absent(write_csv: Any, small: Instrument) -> None:
    rows = [row[1:4] for row in PLAIN_CODES]
    responses = read_responses(write_csv(rows), small)
    assert list(responses.answers.columns) == ["A1", "A2", "B1"]
    assert responses.seconds is None
    assert responses.origin is None
    absent, unanswered = responses.findings
    assert absent.code == "absent-column"
    assert absent.subject == "SC, B2, AT, GEN, CAT, YEARS"
    assert (unanswered.code, unanswered.value) == ("row-without-answer", 1)


def test_absent_items_are_an_error(write_csv: Any, small: Instrument) -> None:
    rows = [[row[1], *row[4:]] for row in PLAIN_CODES]
    rows[0][0] = "A9"
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(rows), small)
    message = str(caught.value)
    assert "no column for the items A1, A2, B1;" in message
    assert "column 1 ('A9') answers no question; did you mean A" in message


def change(rows: list[list[str]], row: int, code: str, cell: str) -> list[list[str]]:
    changed = [list(cells) for cells in rows]
    changed[row][COLUMNS.index(code)] = cell
    return changed


@pytest.mark.parametrize(
    ("code", "cell", "expected"),
    [
        ("A1", "5", "A1, row 2: '5' is not one of 1 to 3"),
        ("A1", "2.5", "A1, row 2: '2.5' is not one of 1 to 3"),
        ("A1", "-3", "A1, row 2: '-3' is not one of 1 to 3"),
        ("A1", "agreed", "A1, row 2: 'agreed' is not one of 1 to 3"),
        ("A1", "x" * 99, "A1, row 2: (a text of 99 characters) is not one of 1 to 3"),
        ("A1", "13800001111", "A1, row 2: (a value that looks personal) is not"),
        ("GEN", "3", "GEN, row 2: '3' is not one of 1 to 2"),
        ("YEARS", "thirty", "YEARS, row 2: (a text of 6 characters) is not a number"),
        ("CAT_2", "2", "CAT_2, row 2: '2' is neither 0, 1 nor the option"),
    ],
)
def test_cells_that_are_no_answer(
    write_csv: Any, small: Instrument, code: str, cell: str, expected: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(change(PLAIN_CODES, 1, code, cell)), small)
    assert str(caught.value).startswith("answers.csv: 1 cell is no answer.")
    assert expected in str(caught.value)


def test_an_unknown_option_of_several(write_csv: Any, small: Instrument) -> None:
    rows = [list(row) for row in WJX_TEXT]
    rows[1][13] = "美食┋游泳"
    with pytest.raises(DataError, match="5 characters\\) holds what is no option"):
        read_responses(write_csv(rows), small)


def test_text_coded_items_name_the_column(write_csv: Any, small: Instrument) -> None:
    rows = [list(row) for row in WJX_TEXT]
    rows[1][8] = "还行"
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(rows), small)
    expected = "A2, column '2、TA有话直说。', row 2: (a text of 2 characters) is no opt"
    assert expected in str(caught.value)


def test_many_misfits_are_summed_up(write_csv: Any, small: Instrument) -> None:
    rows = [["A1", "A2", "B1"], *[["3", "1", "2"]] * 10, *[["9", "1", "2"]] * 8]
    rows += [[f"w{i}", "1", "2"] for i in range(12)]
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(rows), small)
    message = str(caught.value)
    assert "20 cells are no answer" in message
    assert "A1, rows 12, 13, 14, 15, 16 and 3 more: '9'" in message
    assert "and 3 more\n" in message


def zero_based(top: str) -> list[list[str]]:
    return [["A1", "A2", "B1"], ["0", "1", top], ["1", "2", "0"], ["2", "0", "1"]]


def test_codes_from_zero_name_their_cause(write_csv: Any, small: Instrument) -> None:
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(zero_based("2")), small)
    assert "first_code: 0" in str(caught.value)
    assert "按序号" in str(caught.value)


def test_a_stray_zero_is_not_taken_for_the_first_code(
    write_csv: Any, small: Instrument
) -> None:
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(zero_based("3")), small)
    assert "first_code" not in str(caught.value)


def test_first_code_shifts_scale_rows(write_csv: Any, small: Instrument) -> None:
    file = write_csv(zero_based("2"))
    answers = read_responses(file, small, first_code=0).answers
    assert answers.to_numpy().tolist() == [[1, 2, 3], [2, 3, 1], [3, 1, 2]]


def test_first_code_by_question(write_csv: Any, small: Instrument) -> None:
    rows = [["A1", "A2", "B1", "GEN"], ["1", "2", "3", "0"], ["3", "2", "1", "1"]]
    answers = read_responses(write_csv(rows), small, first_code={"GEN": 0}).answers
    assert list(answers["GEN"]) == [1.0, 2.0]
    assert list(answers["A1"]) == [1.0, 3.0]


def test_a_longer_scale_names_its_cause(write_csv: Any, small: Instrument) -> None:
    rows = [["A1", "A2", "B1", "B2", "AT"], ["7", "6", "5", "7", "6"], ["1"] * 5]
    with pytest.raises(DataError, match="a scale with more points"):
        read_responses(write_csv(rows), small)


def test_a_wrong_platform_is_named(write_csv: Any, small: Instrument) -> None:
    with pytest.raises(DataError, match="The header looks like platform wenjuanxing"):
        read_responses(write_csv(WJX_NUMBER), small, platform="plain")


def test_options_without_a_column_are_told(write_csv: Any, small: Instrument) -> None:
    rows = [[*row[:8], *row[9:]] for row in PLAIN_CODES]
    responses = read_responses(write_csv(rows), small)
    assert [f.subject for f in responses.findings] == ["CAT_2"]


def test_answers_that_mean_two_things_are_told(write_csv: Any) -> None:
    question = {"id": "N", "name": "N", "text": "How many?", "options": ["2", "1", "3"]}
    survey = TypeAdapter(Instrument).validate_python(
        {
            "id": "s",
            "version": "1",
            "title": "S",
            "scale": 3,
            "constructs": [{"id": "A", "name": "A", "items": ["A1"]}],
            "demographics": [question],
        }
    )
    file = write_csv([["A1", "N"], ["1", "1"], ["3", "2"]])
    responses = read_responses(file, survey)
    assert [f.code for f in responses.findings] == ["ambiguous-coding"]
    assert list(responses.answers["N"]) == [1.0, 2.0]
    assert read_responses(file, survey, coding="number").findings == ()


def test_two_columns_for_one_question(write_csv: Any, small: Instrument) -> None:
    rows = [[*row, row[1]] for row in PLAIN_CODES]
    with pytest.raises(DataError) as caught:
        read_responses(write_csv(rows), small)
    expected = "columns 2 ('A1') and 14 ('A1') both answer A1; remove or rename one"
    assert expected in str(caught.value)


def test_numbers_and_texts_in_one_file(write_csv: Any, small: Instrument) -> None:
    rows = [["A1", "A2", "B1", "GEN"], ["1", "2", "3", "女"], ["3", "2", "1", "男"]]
    responses = read_responses(write_csv(rows), small)
    assert responses.source.coding == "mixed"
    assert list(responses.answers["GEN"]) == [2.0, 1.0]


def test_the_caller_may_insist(write_csv: Any, small: Instrument) -> None:
    file = write_csv(WJX_TEXT)
    with pytest.raises(DataError, match="'同意' is not one of 1 to 3"):
        read_responses(file, small, coding="number")
    check(read_responses(file, small, platform="wenjuanxing", coding="text"))


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (
            {"platform": "wenjuanxin"},
            "no platform wenjuanxin; did you mean wenjuanxing",
        ),
        ({"coding": "txt"}, "no coding txt; did you mean text"),
        ({"first_code": {"GENN": 0}}, "no question GENN; did you mean GEN"),
    ],
)
def test_unknown_options(
    write_csv: Any, small: Instrument, option: dict[str, Any], expected: str
) -> None:
    with pytest.raises(DataError, match=expected):
        read_responses(write_csv(PLAIN_CODES), small, **option)


def test_unread_durations_and_short_rows_are_told(
    write_csv: Any, small: Instrument
) -> None:
    rows = [list(row) for row in WJX_NUMBER]
    rows[1][2] = "很快"
    rows[3] = rows[3][:-2]
    responses = read_responses(write_csv(rows), small)
    assert [f.code for f in responses.findings] == ["short-row", "unread-duration"]
    assert "in 1 rows (2)" in responses.findings[1].message
    assert "很快" not in responses.findings[1].message
    assert list(responses.seconds.isna()) == [True, False, False]  # type: ignore[union-attr]


def test_options_that_name_no_question_are_not_guessed(
    write_csv: Any, small: Instrument
) -> None:
    rows = [list(row) for row in WJX_NUMBER]
    rows[0] = [h.replace("(其他)", "(游泳)") for h in rows[0]]
    responses = read_responses(write_csv(rows), small)
    (strays,) = [f for f in responses.findings if f.code == "unknown-columns"]
    assert strays.value == 3
    assert "CAT_1" not in responses.answers


def test_a_choice_left_blank_among_ticks_is_not_chosen(
    write_csv: Any, small: Instrument
) -> None:
    rows = [
        ["A1", "A2", "B1", "CAT_1", "CAT_2", "CAT_3"],
        ["1", "2", "3", "美食", "", "其他"],
        ["1", "2", "3", "", "", ""],
    ]
    answers = read_responses(write_csv(rows), small).answers
    expected = pd.DataFrame([[1.0, 0.0, 1.0], [NAN] * 3]).to_numpy()
    np.testing.assert_array_equal(answers.filter(like="CAT").to_numpy(), expected)


@pytest.mark.parametrize(
    "cell", ["2025-01-02", "2025/1/2", "1月2日", "2025-01-02T00:00"]
)
def test_answers_turned_into_dates_are_recognised(
    write_csv: Any, small: Instrument, cell: str
) -> None:
    rows = [["A1", "A2", "B1"], ["1", "2", "3"], ["1", cell, "3"]]
    with pytest.raises(DataError, match="has turned answers to A2 into dates"):
        read_responses(write_csv(rows), small)
