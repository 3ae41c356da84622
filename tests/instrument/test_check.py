"""What is remarked on an instrument before it is fielded, and what is not."""

from functools import cache
from typing import Any

import pytest

from kocsem.findings import Finding, worst
from kocsem.instrument import load
from kocsem.instrument.bands import band_findings
from kocsem.instrument.check import SECONDS_PER_ROW, check_instrument
from kocsem.instrument.types import Instrument, Question

load_instrument = cache(load.load_instrument)

ANCHORS = [{"zh": "不", "en": "No"}, {"zh": "是", "en": "Yes"}]


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def survey(texts: dict[str, tuple[str, str]], **changes: Any) -> Instrument:
    """Make an instrument of items named by construct and number."""
    codes = list(dict.fromkeys(code[0] for code in texts))
    keys: dict[str, Any] = {
        "id": "s",
        "version": "1",
        "title": both("问卷", "Survey"),
        "scale": {"points": 2, "anchors": ANCHORS},
        "constructs": [{"id": c, "name": both("构念", "Construct")} for c in codes],
        "items": [
            {"id": code, "construct": code[0], "text": both(*words)}
            for code, words in texts.items()
        ],
        "attention": [
            {"id": "ZZ", "kind": "instructed", "text": both("选", "Do"), "accept": [1]}
        ],
        "marker": [{"id": "MV", "text": both("雨", "Rain")}],
    }
    return Instrument(**{**keys, **changes})


PLAIN = {
    "A1": ("甲乙丙", "Apples fall"),
    "A2": ("丁戊己", "Birds sing"),
    "A3": ("庚辛壬", "Clouds drift"),
}


def found(instrument: Instrument, code: str) -> list[Finding]:
    return [f for f in check_instrument(instrument) if f.code == code]


@pytest.mark.parametrize(
    "name",
    ["koc_core", "koc_extended", "koc_extended_short", "koc_kol", "koc_kol_within"],
)
def test_bundled_instruments_give_no_warning(name: str) -> None:
    assert worst(check_instrument(load_instrument(name))) == "info"


def test_a_plain_instrument_is_only_counted() -> None:
    made = [(f.code, f.severity) for f in check_instrument(survey(PLAIN))]
    assert made == [("reversed-items", "info"), ("questionnaire-length", "info")]


def test_fewer_than_three_items_in_the_model() -> None:
    texts = {**PLAIN, "B1": ("子", "One"), "B2": ("丑", "Two")}
    (finding,) = found(survey(texts), "few-items")
    assert (finding.severity, finding.subject, finding.value) == ("warning", "B", 2)
    assert "B has two items in the model" in finding.message


@pytest.mark.parametrize(
    ("reverse", "value", "words"),
    [
        ([], 0, "No item in the model"),
        (["A1"], 1, "A single one cannot carry"),
        (["A1", "A3"], 2, "A1, A3; recoded"),
    ],
)
def test_reversed_items(reverse: list[str], value: int, words: str) -> None:
    items = [
        {"id": c, "construct": "A", "text": both(*w), "reverse": c in reverse}
        for c, w in PLAIN.items()
    ]
    (finding,) = found(survey(PLAIN, items=items), "reversed-items")
    assert finding.value == value
    assert words in finding.message
    assert ("single one" in finding.message) == (value == 1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Trust in creators"}, [("title", "Chinese")]),
        ({"title": both("信任", "信任")}, [("title", "English")]),
        ({"title": "KOC 2025"}, []),
        (
            {"scale": {"points": 2, "anchors": ["No", "Yes"]}},
            [("scale", "Chinese")],
        ),
        (
            {
                "demographics": [
                    {
                        "id": "SEX",
                        "name": both("性别", "Sex"),
                        "text": both("性别", "Sex"),
                        "options": ["Male", "Female"],
                    }
                ]
            },
            [("SEX", "Chinese")],
        ),
        (
            {
                "demographics": [
                    {
                        "id": "AGE",
                        "name": both("年龄", "Age"),
                        "text": both("年龄", "Age"),
                        "options": ["18-25", "26-30"],
                    }
                ]
            },
            [],
        ),
    ],
)
def test_one_plain_string_is_no_translation(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    made = found(survey(PLAIN, **changes), "untranslated")
    assert [(f.subject, f.message.split(": ")[0].split()[-1]) for f in made] == expected
    assert {f.severity for f in made} <= {"warning"}


@pytest.mark.parametrize(
    ("a1", "a2", "expected"),
    [
        (("同一句", "One"), ("同一句", "Two"), ["A1, A2"]),
        (("甲", "Same"), ("乙", "Same"), ["A1, A2"]),
        (("甲", "One"), ("乙", "Two"), []),
    ],
)
def test_rows_with_the_same_words(
    a1: tuple[str, str], a2: tuple[str, str], expected: list[str]
) -> None:
    texts = {**PLAIN, "A1": a1, "A2": a2}
    made = found(survey(texts), "same-words")
    assert [(f.subject, f.severity) for f in made] == [
        (subject, "warning") for subject in expected
    ]


def test_options_with_the_same_words() -> None:
    options = [both("是", "Yes"), both("否", "No"), both("是", "Maybe")]
    asked = {"id": "Q", "name": both("问", "Q"), "text": both("问", "Q")}
    made = found(
        survey(PLAIN, demographics=[{**asked, "options": options}]), "same-words"
    )
    assert [f.subject for f in made] == ["Q=1, Q=3"]


@pytest.mark.parametrize(("length", "count"), [(30, 0), (31, 1)])
def test_an_item_longer_than_thirty_characters(length: int, count: int) -> None:
    texts = {**PLAIN, "A1": ("长" * length + "。", "Long")}
    assert len(found(survey(texts), "long-item")) == count


@pytest.mark.parametrize(
    ("zh", "en", "signs"),
    [
        ("博主专业并且热情", "The creator is an expert and warm", "并且, and"),
        ("博主专业或热情", "Expert or warm", "或, or"),
        ("画面和声音都好", "Picture, sound", "和"),
        ("处境和我差不多", "Much like mine", ""),
        ("表达自然，没有包装", "Plain", "two clauses"),
        ("有需要时，我会考虑", "When needed I would", ""),
        ("如果出错，我会原谅", "I would forgive", ""),
        ("博主的品牌有趣", "The brand is handy; fun", ";"),
        ("博主热情", "Understanding ordinary words", ""),
    ],
)
def test_items_that_may_ask_two_things(zh: str, en: str, signs: str) -> None:
    made = found(survey({**PLAIN, "A1": (zh, en)}), "may-ask-two-things")
    assert [f.message.split("A1 ")[1] for f in made] == [f"({signs})."] * bool(signs)


CAUSE = {"path": "A -> T", "sign": "+", "statement": both("甲", "A")}
ONWARD = {"id": "H2", "path": "T -> P", "sign": "+", "statement": both("乙", "B")}
TRUST = {
    "T1": ("值得托付", "Reliable"),
    "T2": ("令人安心", "Calming"),
    "T3": ("可靠", "Dependable"),
    "P1": ("打算购买", "Intend"),
}


@pytest.mark.parametrize(
    ("first", "severity", "value"),
    [
        (
            ("真诚可靠", "Depends on nobody"),
            "warning",
            "Chinese: 可靠; English: depend",
        ),
        (("真诚可靠", "Honest"), "info", "Chinese: 可靠"),
        (("真诚", "Relies"), None, None),
        (("真诚", "Reliability"), "info", "English: reliab"),
    ],
)
def test_words_shared_by_a_cause_and_trust(
    first: tuple[str, str], severity: str | None, value: str | None
) -> None:
    texts = {**PLAIN, **TRUST, "A1": first}
    made = found(
        survey(texts, hypotheses=[{"id": "H1", **CAUSE}, ONWARD]), "shared-wording"
    )
    shown = [(f.subject, f.severity, f.value) for f in made]
    assert shown == ([("A -> T", severity, value)] if severity else [])


def test_words_shared_with_a_last_outcome_or_by_all_are_the_topic() -> None:
    alike = {
        **PLAIN,
        **TRUST,
        "P1": ("可靠", "Dependable"),
        "A1": ("可靠", "Dependable"),
    }
    hypotheses = [{"id": "H1", **CAUSE}, ONWARD]
    assert found(survey(alike, hypotheses=hypotheses), "shared-wording") == []
    last = {**PLAIN, **TRUST, "P1": ("可靠", "Dependable")}
    assert found(survey(last, hypotheses=hypotheses), "shared-wording") == []


def test_words_of_the_dimensions_count_for_second_order_trust() -> None:
    texts = {**PLAIN, **TRUST, "A1": ("真诚可靠", "Depends")}
    constructs = [
        {"id": code, "name": both("构念", "Construct")} for code in ("A", "T", "P")
    ]
    whole = {"id": "W", "name": both("总体", "Whole"), "level": "second"}
    made = survey(
        texts,
        constructs=[*constructs, {**whole, "dimensions": ["T", "P"]}],
        hypotheses=[
            {"id": "H1", **CAUSE, "path": "A -> W"},
            {**ONWARD, "path": "W -> P"},
        ],
    )
    assert [f.subject for f in found(made, "shared-wording")] == ["A -> W"]


def question(*labels: Any) -> Question:
    return Question(id="Q", name="Q", text="Q?", options=list(labels))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (["18-25", "26-30", "31-35"], []),
        (["18-25", "25-30"], ["overlapping-bands"]),
        (["18-25", "20-30"], ["overlapping-bands"]),
        (["18-25", "27-30"], ["gap-between-bands"]),
        (["18岁以下", "18-25岁", "26岁及以上"], []),
        (["18岁及以下", "18-25岁"], ["overlapping-bands"]),
        (["under 18", "18 to 25", "over 25"], []),
        (["18-25", "25 and over"], ["overlapping-bands"]),
        (["18-25", "27 or more"], ["gap-between-bands"]),
        (["under 17", "18-25"], ["gap-between-bands"]),
        (["0次", "1-2次", "3-5次", "5次以上"], []),
        (["3000元及以下", "3001-6000元", "6001元及以上"], []),
        (["1小时以下", "1-2小时", "2-4小时"], ["touching-bands"]),
        (["1-2 hours", "3-4 hours", "6-8 hours"], ["gap-between-bands"]),
        (["6-12个月", "1-3年"], ["touching-bands"]),
        (["6-12个月", "2-3年"], []),
        (["6-11个月", "3-5年"], ["gap-between-bands"]),
        (["1千-1万", "1万-10万", "不清楚"], ["touching-bands"]),
        (["26-30", "18-25"], []),
        (["一线", "二线", "2"], []),
        (["5", "5"], []),
        ([both("18-25", "18-25"), both("25-30", "26-30")], ["overlapping-bands"]),
        ([both("18-25", "18-25"), both("26-30", "25-30")], ["overlapping-bands"]),
    ],
)
def test_bands_of_numbers(labels: list[Any], codes: list[str]) -> None:
    assert [f.code for f in band_findings([question(*labels)])] == codes


def test_a_question_with_several_answers_has_no_bands() -> None:
    several = Question(
        id="Q", kind="multi", name="Q", text="Q?", options=["1-3", "2-4"]
    )  # type: ignore[arg-type]
    assert list(band_findings([several])) == []


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"attention": []}, "no-attention-check", "warning"),
        ({"marker": []}, "no-marker", "info"),
        ({"scale": 5}, "no-anchors", "warning"),
    ],
)
def test_what_a_questionnaire_lacks(
    changes: dict[str, Any], code: str, severity: str
) -> None:
    (finding,) = found(survey(PLAIN, **changes), code)
    assert finding.severity == severity


def test_length_in_rows_and_minutes() -> None:
    (finding,) = found(load_instrument("koc_extended"), "questionnaire-length")
    assert finding.value == 77
    assert SECONDS_PER_ROW == 5
    assert "about 6 minutes at 5 seconds a row" in finding.message


def test_codes_alone_are_checked_for_what_they_show() -> None:
    made = Instrument(
        id="s",
        version="1",
        title="Codes",
        scale=7,
        constructs=[{"id": "A", "name": "Alpha", "items": ["a1", "a2", "a3"]}],
    )  # type: ignore[arg-type, list-item]
    codes = [(f.code, f.severity) for f in check_instrument(made)]
    assert codes == [("reversed-items", "info"), ("no-wording", "info")]
