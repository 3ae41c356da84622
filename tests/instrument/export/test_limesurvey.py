"""The structure file, read as LimeSurvey reads it."""

import re

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.export.registry import survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument
from survey_sites.instruments import ODD_TEXTS, odd_instrument
from survey_sites.limesurvey import imported, lines_of

KOC = load_instrument("koc_core")
KINDS = {"matrix": "F", "single": "L", "multi": "M", "number": "N", "text": "S"}


def _file(instrument: Instrument, languages=("zh", "en")) -> bytes:
    return survey_files(instrument, "limesurvey", languages).files[0].content


@pytest.mark.parametrize("instrument", [KOC, odd_instrument()], ids=lambda i: i.id)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_question_stands_in_every_language(instrument, language):
    asked = imported(_file(instrument), language)
    meant = questionnaire(instrument).entries
    assert [q.kind for q in asked] == [KINDS.get(entry.kind, "X") for entry in meant]
    for taken, entry in zip(asked, meant, strict=True):
        codes = [str(option.code) for option in entry.options]
        rows = codes if entry.kind == "multi" else [row.code for row in entry.rows]
        assert list(taken.rows) == rows
        assert list(taken.answers) == ([] if entry.kind == "multi" else codes)
        assert taken.mandatory == ("N" if entry.kind in ("note", "text") else "Y")
    names = [taken.code for taken in asked]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,19}", name) for name in names)


def test_the_languages_repeat_one_another_line_by_line():
    lines = lines_of(_file(odd_instrument()))

    def skeleton(language):
        return [
            (line["class"], line["type/scale"], line["relevance"], line["mandatory"])
            + ((line["name"],) if line["class"] != "G" else ())
            for line in lines
            if line["language"] == language
        ]

    assert skeleton("zh-Hans") == skeleton("en")
    groups = [line["type/scale"] for line in lines if line["class"] == "G"]
    assert groups == 2 * [f"G{k}" for k in range(1, 6)]


def test_the_settings_name_the_languages():
    def settings(languages):
        lines = lines_of(_file(KOC, languages))
        return {line["name"]: line["text"] for line in lines if line["class"] == "S"}

    found = settings(("en", "zh"))
    assert (found["language"], found["additional_languages"]) == ("en", "zh-Hans")
    assert re.fullmatch(r"[1-9]\d{5}", found["sid"])
    assert settings(("zh",))["additional_languages"] == ""


def test_the_file_keeps_to_tabs_whatever_the_words():
    content = _file(odd_instrument()).decode("utf-8-sig")
    width = content.splitlines()[0].count("\t")
    assert {line.count("\t") for line in content.splitlines()} == {width}
    assert '"' not in content
    assert "{" not in content


def test_words_are_the_same_after_their_entities():
    (matrix,) = [q for q in imported(_file(odd_instrument())) if "A1" in q.rows]
    for code, words in zip(
        [f"A{k}" for k in range(1, len(ODD_TEXTS) + 1)], ODD_TEXTS.values(), strict=True
    ):
        shown = matrix.rows[code].replace("<br />", "\n")
        assert shown.split() == words.split()


def test_skips_are_relevance():
    asked = {taken.code: taken for taken in imported(_file(odd_instrument()))}
    screened = "(SC1.NAOK == '1' or SC1.NAOK == '2') and (SC2.NAOK == '1')"
    assert asked["SC1"].group == asked["SC1"].relevance == "1"
    assert asked["SC2"].relevance == "(SC1.NAOK == '1' or SC1.NAOK == '2')"
    assert asked["AGE"].group == screened
    (matrix,) = [q for q in asked.values() if "A1" in q.rows]
    assert matrix.group == f"{screened} and (TIMES.NAOK == '1' or TIMES.NAOK == '2')"


def _coded(*codes: str, **more) -> Instrument:
    return Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "X", "name": "X"}],
        items=[{"id": c, "construct": "X", "text": f"Row {c}"} for c in codes],
        **more,
    )


@pytest.mark.parametrize("code", ["TR_1", "TR.1", "A" * 21])
def test_codes_that_the_platform_refuses_are_refused(code):
    with pytest.raises(InstrumentError, match=f"which {code} are not"):
        _file(_coded("A1", code))


def test_a_multi_may_screen_on_a_page_that_not_all_see():
    screener = {
        "id": "FOL",
        "kind": "multi",
        "name": "Follows",
        "text": "Whom?",
        "options": ["KOC", "KOL", "None"],
        "accept": [1, 2],
    }
    group = {"id": "GRP", "name": "Group", "text": "Which?", "options": ["a", "b"]}
    blocks = [
        {"id": "ask", "kind": "questions", "items": ["GRP"]},
        {
            "id": "who",
            "kind": "questions",
            "items": ["FOL"],
            "shown_if": {"question": "GRP", "answers": [1]},
        },
        {"id": "rows", "kind": "matrix", "items": ["A1"]},
    ]
    instrument = _coded("A1", screening=[screener], demographics=[group], blocks=blocks)
    (matrix,) = [q for q in imported(_file(instrument)) if q.kind == "F"]
    assert matrix.group == (
        "((is_empty(FOL_1.NAOK) and is_empty(FOL_2.NAOK) and is_empty(FOL_3.NAOK))"
        " or FOL_1.NAOK == 'Y' or FOL_2.NAOK == 'Y')"
    )
    (form,) = survey_files(instrument, "xlsform").files
    assert form.content
    branching = survey_files(instrument, "redcap", ("en",)).files[0].content.decode()
    assert (
        "(([fol(1)] = '0' and [fol(2)] = '0' and [fol(3)] = '0')"
        " or [fol(1)] = '1' or [fol(2)] = '1')"
    ) in branching
