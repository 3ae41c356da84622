"""Keys, numbers, durations and what a message may show."""

import math

import numpy as np
import pytest

from kocsem.data.read.cells import Cells
from kocsem.data.read.duration import seconds_in
from kocsem.data.read.privacy import asks_who, origin_numbers, shown, shown_header
from kocsem.data.read.text import label_key, number_in, words_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("您的性别：", " 您 的性别 "),
        ("ＴＡ会回复。", "TA会回复"),
        ("本题请选择“同意”。", '本题请选择"同意"'),
        ("Which fields? (several)", "which fields（several）"),
    ],
)
def test_the_same_words_have_one_key(one: str, other: str) -> None:
    assert words_key(one) == words_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.男", "男"),
        ("B、女", "女"),
        ("其他〖宠物┋鱼〗", "其他"),
        ("非常 同意 ", "非常同意"),
        ("1—2次", "1-2次"),
        ("30~34岁", "30～34岁"),
        ("服饰・汉服", "服饰·汉服"),
        ("AGREE", "Agree"),
        ("（跳过）", "(跳过)"),
    ],
)
def test_variants_of_a_label_have_one_key(one: str, other: str) -> None:
    assert label_key(one) == label_key(other)


@pytest.mark.parametrize(("one", "other"), [("<3", ">3"), ("1-2", "12"), ("+", "-")])
def test_signs_tell_labels_apart(one: str, other: str) -> None:
    assert label_key(one) != label_key(other)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("4", 4.0),
        (" ４ ", 4.0),
        ("4.0", 4.0),
        ("-3", -3.0),
        (".5", 0.5),
        ("1e2", 100.0),
        ("", None),
        ("4分", None),
        ("nan", None),
        ("inf", None),
        ("1_000", None),
        ("1,5", None),
        ("٤", None),
    ],
)
def test_numbers(cell: str, number: float | None) -> None:
    assert number_in(cell) == number


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("212秒", 212.0),
        ("212", 212.0),
        ("２１２ 秒", 212.0),
        ("3分32秒", 212.0),
        ("3分钟32秒", 212.0),
        ("3分钟", 180.0),
        ("1小时2分3秒", 3723.0),
        ("1小时3秒", 3603.0),
        ("1天", 86400.0),
        ("00:03:32", 212.0),
        ("0:03:32", 212.0),
        ("03:32", 212.0),
        ("1:02:03", 3723.0),
        ("3 min 32 s", 212.0),
        ("3 minutes 32 seconds", 212.0),
        ("1h 2m 3s", 3723.0),
        ("12.5 s", 12.5),
        ("", None),
        ("-5", None),
        ("很快", None),
        ("3分32", None),
        ("秒", None),
        ("1:2:3:4", None),
    ],
)
def test_durations(cell: str, seconds: float | None) -> None:
    assert seconds_in(cell) == seconds


@pytest.mark.parametrize(
    "header",
    [
        "5、您的姓名",
        "手机号码",
        "微信号",
        "openid",
        "您的邮箱：",
        "E-mail",
        "IP",
        "来自IP",
    ],
)
def test_personal_columns_are_known_by_their_header(header: str) -> None:
    assert asks_who(header)


@pytest.mark.parametrize(
    "header", ["您的性别", "PI1", "tips", "关注时长", "IQ1", "surname_known"]
)
def test_other_columns_are_not_personal(header: str) -> None:
    assert not asks_who(header)


@pytest.mark.parametrize(
    "cell", ["13800001111", "a@b.cn", "10.0.0.1(广东)", "x 1234567", "fe80:1:ab:"]
)
def test_personal_values_are_not_shown(cell: str) -> None:
    assert cell not in shown(cell)


def test_long_values_are_cut() -> None:
    assert shown("好" * 100, ["好" * 99]) == repr("好" * 23 + "…")


def test_words_that_are_like_no_label_may_be_a_name() -> None:
    assert shown("李雷", ["同意", "Agree"]) == "(a text of 2 characters)"
    assert shown("Agre", ["同意", "Agree"]) == "'Agre'"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("1、您的性别", "'1、您的性别'"),
        ("self_influencer_connection_1", "'self_influencer_connection_1'"),
        ("13800001111", "(a value that looks personal)"),
        ("138-0000-1111", "(a value that looks personal)"),
        ("oAbC1dEfGhIjKlMnOpQrStUv", "(a value that looks personal)"),
        ("10.1.2.3(北京)", "(a value that looks personal)"),
    ],
)
def test_headers_of_a_file_without_headers(header: str, expected: str) -> None:
    assert shown_header(header) == expected


def test_origins_are_numbers_only() -> None:
    words = ("q(广东-广州)", "q(北京)", "", "r", "(上海)", "q（天津）")
    numbers = origin_numbers(Cells(words, np.arange(6, dtype=np.int32)))
    expected = [0.0, 0.0, math.nan, 1.0, math.nan, 0.0]
    np.testing.assert_array_equal(numbers, expected)
