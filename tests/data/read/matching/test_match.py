"""Columns are matched by mapping, words, code or likeness, and never in silence."""

from typing import Any

import numpy as np
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.data.types import Responses
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument

ITEMS = {
    "TR1": "我信得过TA的推荐。",
    "TR2": "拿不定主意时，我愿意听TA的意见。",
    "TR3": "TA很少理会粉丝的留言。",
}


@pytest.fixture(scope="module")
def survey() -> Instrument:
    """Three items and two questions."""
    return Instrument(
        id="s",
        version="1",
        title="A survey",
        scale={"points": 3, "anchors": ["不同意", "一般", "同意"]},
        constructs=[{"id": "TR", "name": "Trust"}],
        items=[{"id": c, "construct": "TR", "text": t} for c, t in ITEMS.items()],
        demographics=[
            {"id": "GEN", "name": "性别", "text": "您的性别", "options": ["男", "女"]},
            {
                "id": "CAT",
                "kind": "multi",
                "name": "领域",
                "text": "哪些领域？",
                "options": ["美食", "数码"],
            },
        ],
    )


def _codes(responses: Responses) -> dict[str, list[float]]:
    return {c: responses.answers[c].tolist() for c in responses.answers}


def _uncertain(responses: Responses) -> list[tuple[str, object]]:
    found = [f for f in responses.findings if f.code == "uncertain-column"]
    return [(f.subject, f.value) for f in found]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("我信得过这个TA的推荐。", "TR1"),
        ("拿不定主意的时候，我愿意听TA的意见", "TR2"),
        ("1、她很少理会粉丝的留言", "TR3"),
    ],
)
def test_words_much_alike_are_used_and_shown(
    write_csv: Any, survey: Instrument, header: str, code: str
) -> None:
    headers = [header if c == code else text for c, text in ITEMS.items()]
    responses = read_responses(write_csv([headers, ["1", "2", "3"]]), survey)
    assert _codes(responses) == {"TR1": [1.0], "TR2": [2.0], "TR3": [3.0]}
    assert _uncertain(responses) == [(header, code)]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("我信不过TA的推荐。", "TR1"),  # denies what the item says
        ("TA总会理会粉丝的留言。", "TR3"),  # says what the item denies
        ("我愿意向TA推荐。", "TR1"),  # too far
    ],
)
def test_what_may_mean_something_else_is_not_used(
    write_csv: Any, survey: Instrument, header: str, code: str
) -> None:
    headers = [header if c == code else text for c, text in ITEMS.items()]
    with pytest.raises(DataError, match=f"no column for the items {code}"):
        read_responses(write_csv([headers, ["1", "2", "3"]]), survey)


def test_two_columns_like_one_question_are_not_guessed(
    write_csv: Any, survey: Instrument
) -> None:
    headers = ["我信得过TA推荐", "我信得过TA的推荐吗", ITEMS["TR2"], ITEMS["TR3"]]
    with pytest.raises(DataError, match="no column for the items TR1"):
        read_responses(write_csv([headers, ["1", "1", "2", "3"]]), survey)


@pytest.mark.parametrize(
    "mapping",
    [{"TR1": "q1"}, {"TR1": 1}, {"TR1": " Ｑ1 ".replace("Ｑ", "q")}],
)
def test_a_stated_column_is_used(
    write_csv: Any, survey: Instrument, mapping: dict[str, Any]
) -> None:
    file = write_csv([["q1", "TR2", "TR3"], ["1", "2", "3"]])
    responses = read_responses(file, survey, mapping=mapping)
    assert _codes(responses)["TR1"] == [1.0]
    assert not _uncertain(responses)


def test_what_is_stated_comes_before_what_a_header_tells(
    write_csv: Any, survey: Instrument
) -> None:
    file = write_csv([["TR1", "TR2", "TR3", "x"], ["1", "2", "3", "2"]])
    responses = read_responses(file, survey, mapping={"TR1": "x"})
    assert _codes(responses)["TR1"] == [2.0]


def test_null_refuses_a_likely_column(write_csv: Any, survey: Instrument) -> None:
    file = write_csv([["TR1", "TR2", "TR3", "请问您的性别"], ["1", "2", "3", "1"]])
    guessed = read_responses(file, survey)
    assert _uncertain(guessed) == [("请问您的性别", "GEN")]
    assert guessed.answers["GEN"].tolist() == [1.0]
    refused = read_responses(file, survey, mapping={"GEN": None})
    assert "GEN" not in refused.answers


def test_option_columns_and_roles_can_be_stated(
    write_csv: Any, survey: Instrument
) -> None:
    header = ["TR1", "TR2", "TR3", "eats", "plays", "took", "machine"]
    rows = [["1", "2", "3", "1", "0", "61", "a"], ["1", "1", "1", "0", "1", "9", "a"]]
    mapping: dict[str, Any] = {"CAT_1": "eats", "CAT_2": 5}
    mapping |= {"seconds": "took", "origin": "machine"}
    responses = read_responses(write_csv([header, *rows]), survey, mapping=mapping)
    assert _codes(responses)["CAT_2"] == [0.0, 1.0]
    assert responses.seconds is not None
    assert responses.seconds.tolist() == [61.0, 9.0]
    assert responses.origin is not None
    assert responses.origin.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({"TR9": 1}, "mapping: there is no question TR9; did you mean TR"),
        ({"TR1": 9}, "mapping of TR1: there is no column 9; the file has 4"),
        ({"TR1": 0}, "mapping of TR1: there is no column 0"),
        ({"TR1": "TRR2"}, "no column has the header 'TRR2'; did you mean 'TR2'?"),
        ({"TR1": "zz"}, "no column has the header 'zz'"),
        ({"TR1": "x"}, "columns 1, 4 have this header; give the number"),
        ({"TR1": 1, "GEN": 1}, "column 1 is named for TR1 and for GEN"),
        ({"TR1": [1]}, "mapping.TR1"),
    ],
)
def test_a_mapping_that_cannot_be_meant(
    write_csv: Any, survey: Instrument, mapping: dict[str, Any], expected: str
) -> None:
    file = write_csv([["x", "TR2", "TR3", "x"], ["1", "2", "3", "2"]])
    with pytest.raises(DataError) as caught:
        read_responses(file, survey, mapping=mapping)
    assert expected in str(caught.value)


def test_cells_can_be_given_a_meaning(write_csv: Any, survey: Instrument) -> None:
    rows = [["同意", "还行", "不同意", "男生"], ["说不清", "9", "同意", "女"]]
    file = write_csv([["TR1", "TR2", "TR3", "GEN"], *rows])
    recode = {
        "scale": {"还行": 2, "说不清": None},
        "TR2": {"9": None},
        "GEN": {"男生": 1},
    }
    responses = read_responses(file, survey, recode=recode)
    expected = [[3, 2, 1, 1], [np.nan, np.nan, 3, 2]]
    np.testing.assert_array_equal(responses.answers.to_numpy(), expected)


@pytest.mark.parametrize(
    ("recode", "expected"),
    [
        ({"TR9": {"a": 1}}, "recode: there is no question TR9 with options"),
        ({"GEN": {"男生": 3}}, "GEN: '男生' cannot stand for 3; the codes are 1 to 2"),
        ({"scale": {"还行": 0}}, "scale: '还行' cannot stand for 0"),
    ],
)
def test_meanings_that_cannot_be_meant(
    write_csv: Any, survey: Instrument, recode: dict[str, Any], expected: str
) -> None:
    file = write_csv([["TR1", "TR2", "TR3"], ["1", "2", "3"]])
    with pytest.raises(DataError) as caught:
        read_responses(file, survey, recode=recode)
    assert expected in str(caught.value)


TWICE = {"same": "该博主的内容真实。", "other": "我会买。"}


@pytest.fixture(scope="module")
def twice() -> Instrument:
    """The same rows asked of two creators."""
    items = [
        {"id": f"{c}_{who}", "construct": f"F_{who}", "text": text}
        for who in ("KOC", "KOL")
        for c, text in TWICE.items()
    ]
    return Instrument(
        id="t",
        version="1",
        title="Two creators",
        scale=5,
        constructs=[{"id": f"F_{who}", "name": who} for who in ("KOC", "KOL")],
        items=items,
        blocks=[
            {
                "id": who.lower(),
                "kind": "matrix",
                "text": f"请想着这位{who}",
                "items": [f"{c}_{who}" for c in TWICE],
            }
            for who in ("KOC", "KOL")
        ],
    )


@pytest.mark.parametrize(
    "header",
    [
        [  # the stem stands before the first row only
            *("2、请想着这位KOL—该博主的内容真实。", "2、我会买。"),
            *("1、请想着这位KOC—该博主的内容真实。", "1、我会买。"),
        ],
        ["same_KOL", "other_KOL", "same_KOC", "other_KOC"],
    ],
)
def test_rows_asked_twice_are_told_apart_by_their_stem(
    write_csv: Any, twice: Instrument, header: list[str]
) -> None:
    responses = read_responses(write_csv([header, ["1", "2", "3", "4"]]), twice)
    expected = {"same_KOC": 3, "other_KOC": 4, "same_KOL": 1, "other_KOL": 2}
    assert {c: v[0] for c, v in _codes(responses).items()} == expected


def test_rows_asked_twice_without_a_stem_are_not_guessed(
    write_csv: Any, twice: Instrument
) -> None:
    header = [f"{number}、{text}" for number in (1, 2) for text in TWICE.values()]
    with pytest.raises(DataError, match="none of the 4 headers"):
        read_responses(write_csv([header, ["1", "2", "3", "4"]]), twice)


@pytest.fixture(scope="module")
def alike() -> Instrument:
    """Two questions with the same options among others."""
    options = ["美食", "数码"]
    several = [
        {"id": c, "kind": "multi", "name": c, "text": f"哪些？{c}", "options": options}
        for c in ("X", "Y")
    ]
    single = [
        {"id": f"Q{k}", "name": f"Q{k}", "text": f"第{k}问", "options": ["是", "否"]}
        for k in range(1, 6)
    ]
    return Instrument(
        id="a",
        version="1",
        title="Alike",
        scale=5,
        constructs=[{"id": "T", "name": "T"}],
        items=[{"id": "T1", "construct": "T", "text": "一题"}],
        demographics=[*single[:3], several[0], *single[3:], several[1]],
        blocks=[
            {"id": "t", "kind": "matrix", "items": ["T1"]},
            {
                "id": "d",
                "kind": "questions",
                "items": ["Q1", "Q2", "Q3", "X", "Q4", "Q5", "Y"],
            },
        ],
    )


def _sheets(numbers: dict[str, int]) -> list[list[str]]:
    """Write one sheet by option number, every question under a number."""
    header = [f"{numbers['T1']}、一题"]
    header += [f"{numbers[f'Q{k}']}、第{k}问" for k in range(1, 6)]
    header += [f"{numbers[c]}、({part})" for c in "XY" for part in ("美食", "数码")]
    return [header, ["3", "1", "2", "1", "2", "1", "1", "0", "0", "1"]]


OWN = {"T1": 1, "Q1": 2, "Q2": 3, "Q3": 4, "X": 5, "Q4": 6, "Q5": 7, "Y": 8}


@pytest.mark.parametrize("shift", [0, 2])
def test_numbers_tell_questions_with_the_same_options_apart(
    write_csv: Any, alike: Instrument, shift: int
) -> None:
    numbers = {code: number + shift for code, number in OWN.items()}
    answers = _codes(read_responses(write_csv(_sheets(numbers)), alike))
    chosen = [answers[c] for c in ("X_1", "X_2", "Y_1", "Y_2")]
    assert chosen == [[1.0], [0.0], [0.0], [1.0]]


def test_numbers_that_are_not_the_questionnaires_tell_nothing(
    write_csv: Any, alike: Instrument
) -> None:
    numbers = OWN | {"Q5": 17, "Y": 18}
    responses = read_responses(write_csv(_sheets(numbers)), alike)
    assert not {"X_1", "Y_1"} & set(responses.answers)
    assert "absent-column" in {finding.code for finding in responses.findings}
