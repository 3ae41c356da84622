"""The data dictionary, held against REDCap's rules."""

import csv
import io
import re

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.export.registry import survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument
from survey_sites.instruments import odd_instrument
from survey_sites.redcap import choices_of, fields_of

KOC = load_instrument("koc_core")
COLUMNS = [
    *("Variable / Field Name", "Form Name", "Section Header", "Field Type"),
    *("Field Label", "Choices, Calculations, OR Slider Labels", "Field Note"),
    *("Text Validation Type OR Show Slider Number", "Text Validation Min"),
    *("Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)"),
    *("Required Field?", "Custom Alignment", "Question Number (surveys only)"),
    *("Matrix Group Name", "Matrix Ranking?", "Field Annotation"),
]
NAME, TYPE = "Variable / Field Name", "Field Type"
LOGIC = "Branching Logic (Show field only if...)"


def _file(instrument: Instrument, language: str = "zh") -> bytes:
    return survey_files(instrument, "redcap", (language,)).files[0].content


@pytest.mark.parametrize("instrument", [KOC, odd_instrument()], ids=lambda i: i.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_dictionary_keeps_to_the_rules(instrument, language):
    content = _file(instrument, language)
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert head == COLUMNS
    assert {len(row) for row in rows} == {18}
    fields = fields_of(content)
    names = [field[NAME] for field in fields]
    assert (names[0], fields[0][TYPE]) == ("record_id", "text")
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,25}", name) for name in names)
    assert {field["Form Name"] for field in fields} == {instrument.id}
    answered = [field[NAME] for field in fields if field[TYPE] != "descriptive"]
    asked = [c for e in questionnaire(instrument).entries for c in e.codes]
    assert answered[1:] == [code.lower() for code in asked]


def test_options_come_apart_again():
    fields = {field[NAME]: field for field in fields_of(_file(odd_instrument(), "en"))}
    assert fields["cat"][TYPE] == "checkbox"
    assert choices_of(fields["cat"]) == {
        "1": "Food, drink",
        "2": "Digital ｜ phones",
        "3": '"Home"',
        "4": "Other",
    }
    assert list(choices_of(fields["b1"])) == list("1234567")
    assert fields["years"]["Text Validation Type OR Show Slider Number"] == "number"
    assert fields["why"]["Required Field?"] == ""


def test_rows_of_a_matrix_stand_together_under_its_stem():
    fields = [f for f in fields_of(_file(odd_instrument())) if f["Matrix Group Name"]]
    groups = list(dict.fromkeys(field["Matrix Group Name"] for field in fields))
    assert len(groups) == 3
    for group in groups:
        rows = [f for f in fields if f["Matrix Group Name"] == group]
        assert {f["Choices, Calculations, OR Slider Labels"] for f in rows} == {
            rows[0]["Choices, Calculations, OR Slider Labels"]
        }
        headings = [f["Section Header"] for f in rows]
        assert headings == ["您同意吗？"] + [""] * (len(rows) - 1)


def test_skips_are_branching_logic():
    fields = {field[NAME]: field[LOGIC] for field in fields_of(_file(odd_instrument()))}
    screened = "([sc1] = '1' or [sc1] = '2') and ([sc2] = '1')"
    assert fields["sc1"] == ""
    assert fields["sc2"] == "([sc1] = '1' or [sc1] = '2')"
    assert fields["age"] == screened
    assert fields["a7"] == f"{screened} and ([times] = '1' or [times] = '2')"


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["record_id"], "question record_id beside record_id"),
        (["a1", "A1"], "question A1 beside a1"),
        (["A.1"], "cannot name a question A.1"),
        (["A__1"], "cannot name a question A__1"),
        (["A_"], "cannot name a question A_"),
        (["A" * 27], "up to 26 letters"),
    ],
)
def test_codes_that_redcap_refuses_are_refused(codes, said):
    instrument = Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "X", "name": "X"}],
        items=[{"id": c, "construct": "X", "text": f"Row {c}"} for c in codes],
    )
    with pytest.raises(InstrumentError, match=said):
        _file(instrument)


def test_lower_case_is_said():
    found = survey_files(KOC, "redcap").findings
    assert "CONS is written cons" in next(
        finding.message for finding in found if finding.code == "lower-case"
    )
