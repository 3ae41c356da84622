"""What 问卷星 makes of the text, and that its answers come back to their codes."""

from pathlib import Path

import pandas as pd
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.errors import InstrumentError
from kocsem.instrument.export.registry import survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument
from survey_sites.instruments import odd_instrument, twin_instrument
from survey_sites.sheets import as_read, made_up
from survey_sites.wenjuanxing import imported, write_answers

KOC = load_instrument("koc_core")
KINDS = {
    "matrix": "矩阵量表题",
    "single": "单选题",
    "multi": "多选题",
    "number": "问答题",
    "text": "问答题",
    "note": "段落说明",
}


def _text(instrument: Instrument, language: str = "zh") -> bytes:
    (file,) = survey_files(instrument, "wenjuanxing", (language,)).files
    return file.content


@pytest.mark.parametrize("instrument", [KOC, odd_instrument()], ids=lambda i: i.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_site_takes_every_question_as_it_is_meant(
    instrument: Instrument, language: str
) -> None:
    taken = imported(_text(instrument, language))
    asked = [entry for entry in taken if entry.kind != "分页栏"]
    pages = questionnaire(instrument).pages
    meant = [entry for page in pages for entry in page.entries]
    assert [entry.kind for entry in asked] == [
        "段落说明",
        *(KINDS[entry.kind] for entry in meant),
    ]
    assert [len(entry.options) for entry in asked[1:]] == [
        len(e.options) for e in meant
    ]
    assert [len(entry.rows) for entry in asked[1:]] == [len(e.rows) for e in meant]
    assert len(taken) - len(asked) == len(pages) - 1


@pytest.mark.parametrize("instrument", [KOC, odd_instrument()], ids=lambda i: i.id)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("coding", ["text", "number"])
@pytest.mark.parametrize("style", ["new", "old"])
def test_answers_come_back_to_their_codes(
    instrument: Instrument, language: str, coding: str, style: str, tmp_path: Path
) -> None:
    answers = made_up(instrument, n=40, seed=3)
    file = tmp_path / "answers.csv"
    file.write_bytes(write_answers(_text(instrument, language), answers, coding, style))
    responses = read_responses(file, instrument)
    assert responses.source.platform == "wenjuanxing"
    pd.testing.assert_frame_equal(
        responses.answers.reset_index(drop=True),
        as_read(instrument, answers),
        check_names=False,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("coding", ["text", "number"])
@pytest.mark.parametrize("style", ["new", "old"])
def test_the_same_words_come_back_by_the_code_before_them(
    language: str, coding: str, style: str, tmp_path: Path
) -> None:
    twins = twin_instrument()
    written = survey_files(twins, "wenjuanxing", (language,))
    answers = made_up(twins, n=20, seed=4)
    file = tmp_path / "answers.csv"
    file.write_bytes(write_answers(written.files[0].content, answers, coding, style))
    read = read_responses(file, twins).answers
    expected = as_read(twins, answers)
    said = [f.subject for f in written.findings if f.code == "same-options"]
    assert said == ["CAT_KOC", "CAT_KOL"]
    pd.testing.assert_frame_equal(
        read.reset_index(drop=True), expected, check_names=False
    )


def test_options_that_begin_with_a_number_get_letters() -> None:
    asked = {entry.stem: entry.options for entry in imported(_text(KOC))}
    assert asked["您的年龄"] == (
        "A.18-25",
        "B.26-30",
        "C.31-35",
        "D.36-45",
        "E.46及以上",
    )
    assert asked["您的性别"] == ("男", "女", "不愿透露")


def test_what_the_text_cannot_say_is_said() -> None:
    found = survey_files(odd_instrument(), "wenjuanxing").findings
    said = {(finding.code, finding.subject): finding.message for finding in found}
    assert "3 (否) lead to the end" in said["screening-by-hand", "SC1"]
    assert "only when question 3 (TIMES) was answered" in said["condition-by-hand", "a"]
    assert "The note SC2" in said["condition-by-hand", "SC2"]
    assert "古怪的问卷" in said["title-by-hand", "odd"]
    assert "数字" in said["number-by-hand", "YEARS"]
    assert "shows 5 answers" in said["no-break-spaces", "a"]


def _single(label: str, text: str = "问题") -> Instrument:
    trust = {"id": "TR", "name": "Trust"}
    return Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[trust],
        items=[{"id": "TR1", "construct": "TR", "text": text}],
        demographics=[
            {"id": "Q1", "name": "Q", "text": "别的", "options": [label, "另一个"]}
        ],
    )


@pytest.mark.parametrize(
    ("label", "text", "said"),
    [
        ("其他____", "问题", "Q1, option 1: 问卷星 reads"),
        ("---", "问题", "Q1, option 1: 问卷星 reads"),
        ("由远→近", "问题", "Q1, option 1: 问卷星 uses →"),
        ("〖其他〗", "问题", "Q1, option 1: 问卷星 uses 〖"),
        ("其他（填空题）", "问题", "Q1, option 1: 问卷星 takes （填空题）"),
        ("是", "您的看法【多选题】", "TR1: 问卷星 takes 【多选题】"),
        ("是", "您对[第三题】的看法", "TR1: 问卷星 takes "),
        ("是", "……", "TR1 has none"),
    ],
)
def test_wording_that_the_site_would_misread_is_refused(
    label: str, text: str, said: str
) -> None:
    with pytest.raises(InstrumentError, match=said):
        _text(_single(label, text))


@pytest.mark.parametrize("label", ["第一次", "基本信息", "①", "一、是", "3C产品和别的"])
def test_a_line_that_may_be_misread_is_named(label: str) -> None:
    found = survey_files(_single(label), "wenjuanxing").findings
    assert [f.subject for f in found if f.code == "doubtful-line"] == ["Q1"]
    assert label in next(f.message for f in found if f.code == "doubtful-line")
