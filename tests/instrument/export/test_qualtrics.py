"""What Qualtrics makes of the text."""

import pytest

from kocsem.instrument.export.registry import survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument
from survey_sites.instruments import odd_instrument, twin_instrument
from survey_sites.qualtrics import imported

KINDS = {
    "matrix": "Matrix",
    "single": "MC:SingleAnswer:Vertical",
    "multi": "MC:MultipleAnswer:Vertical",
    "number": "TE:SingleLine",
    "text": "TE:Essay",
    "note": "DB",
}


def _text(instrument: Instrument, language: str = "en") -> bytes:
    return survey_files(instrument, "qualtrics", (language,)).files[0].content


@pytest.mark.parametrize(
    "instrument", [load_instrument("koc_core"), odd_instrument()], ids=lambda i: i.id
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_platform_takes_every_question_as_it_is_meant(instrument, language):
    _, *asked = imported(_text(instrument, language))
    meant = questionnaire(instrument).entries
    assert [entry.kind for entry in asked] == [KINDS[entry.kind] for entry in meant]
    for taken, entry in zip(asked, meant, strict=True):
        assert len(taken.stem) == 1
        codes = [option.code for option in entry.options]
        if entry.kind == "matrix":
            assert list(taken.answers) == codes
            assert list(taken.choices) == list(range(1, len(entry.rows) + 1))
        else:
            assert list(taken.choices) == codes
            assert taken.name == entry.code or entry.kind == "note"
    assert len({entry.name for entry in asked}) == len(asked)


def test_signs_of_the_format_are_made_safe():
    content = _text(odd_instrument(), "zh").decode()
    assert "花 $50 还是 $ {x}^2" in content
    assert "x ＜ 3 & y ＞ 2 ＜b＞bold＜/b＞" in content
    assert "第一行 第二行" in content


def test_the_name_of_a_matrix_is_no_code():
    items = [{"id": f"TR_{k}", "construct": "TR", "text": f"Row {k}"} for k in (2, 1)]
    instrument = Instrument(
        id="s",
        version="1",
        title="A [[odd]] title",
        scale=5,
        constructs=[{"id": "TR", "name": "Trust"}],
        items=items,
        blocks=[{"id": "TR", "kind": "matrix", "items": ["TR_2", "TR_1"]}],
    )
    (matrix,) = imported(_text(instrument))
    columns = {f"{matrix.name}_{row}" for row in matrix.choices}
    assert not columns & set(instrument.asked)


def test_what_the_text_cannot_say_is_said():
    found = survey_files(odd_instrument(), "qualtrics", ("en",)).findings
    said = {(finding.code, finding.subject): finding.message for finding in found}
    assert "the answers 3 (No) lead to the end" in said["screening-by-hand", "SC1"]
    assert "was answered 2 (1-2)" in said["condition-by-hand", "SC2"]
    assert "An odd survey" in said["title-by-hand", "odd"]
    assert "Force response" in said["required-by-hand", "odd"]
    assert "by their words" in said["rows-by-words", "odd"]
    assert "Number" in said["number-by-hand", "YEARS"]


def test_the_same_words_get_the_code_before_them():
    rows = [
        words
        for entry in imported(_text(twin_instrument()))
        if entry.kind == "Matrix"
        for words in entry.choices.values()
    ]
    assert rows == [
        "T2_KOC. Is frank.",
        "T1_KOC. Tells the truth.",
        "T2_KOL. Is frank.",
        "T1_KOL. Tells the truth.",
    ]
    found = survey_files(twin_instrument(), "qualtrics").findings
    assert "codes-before-words" in {finding.code for finding in found}
