"""The form converts without a remark, and its nodes are the codes."""

import io
import xml.etree.ElementTree as ET

import pytest
from pyxform.xls2xform import convert

from kocsem.errors import InstrumentError
from kocsem.instrument.export.registry import survey_files
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from survey_sites.instruments import odd_instrument
from survey_sites.kobo import sheets_of

KOC = load_instrument("koc_core")
XF = "{http://www.w3.org/2002/xforms}"


def _form(instrument: Instrument, languages=("zh", "en")) -> bytes:
    return survey_files(instrument, "xlsform", languages).files[0].content


def _converted(content: bytes) -> ET.Element:
    warnings: list[str] = []
    result = convert(io.BytesIO(content), warnings=warnings, file_type=".xlsx")
    assert warnings == []
    return ET.fromstring(result.xform)


@pytest.mark.parametrize("instrument", [KOC, odd_instrument()], ids=lambda i: i.id)
@pytest.mark.parametrize("languages", [("zh", "en"), ("en", "zh"), ("en",)])
def test_it_converts_without_a_warning(instrument, languages):
    form = _converted(_form(instrument, languages))
    binds = {
        bind.get("nodeset").rpartition("/")[2]: bind for bind in form.iter(f"{XF}bind")
    }
    assert set(instrument.asked) <= set(binds)
    required = {name for name, bind in binds.items() if bind.get("required")}
    free = {code for code, part in instrument.asked.items() if _is_text(part)}
    assert required == set(instrument.asked) - free
    spoken = [part.get("lang") for part in form.iter(f"{XF}translation")]
    assert sorted(spoken) == sorted(
        {"zh": "中文 (zh)", "en": "English (en)"}[language] for language in languages
    )


def _is_text(part) -> bool:
    return getattr(part, "kind", "") == "text"


def test_a_matrix_is_a_table_of_rows_with_one_list():
    lines = sheets_of(_form(KOC))["survey"]
    place = next(i for i, line in enumerate(lines) if line.get("name") == "content")
    assert lines[place]["appearance"] == "table-list"
    assert (
        lines[place]["relevant"] == "selected(${CONS}, '1') and selected(${SC1}, '1')"
    )
    rows = lines[place + 1 : place + 10]
    codes = [*(f"CA{k}" for k in range(1, 5)), *(f"IQ{k}" for k in range(1, 6))]
    assert [row["name"] for row in rows] == codes
    assert len({row["type"] for row in rows}) == 1


def test_conditions_reach_groups_and_notes():
    form = _converted(_form(odd_instrument()))
    relevant = {
        bind.get("nodeset").rpartition("/")[2]: bind.get("relevant")
        for bind in form.iter(f"{XF}bind")
    }
    assert relevant["A1"] is None
    assert "'2'" in relevant["sc2x1"]
    assert relevant["sc2x1"].count("selected(") == 4
    assert relevant["SC2"].count("selected(") == 2


def test_choices_are_numbered_and_carry_the_labels():
    choices = sheets_of(_form(odd_instrument()))["choices"]
    multi = [line for line in choices if "手机" in line["label::中文 (zh)"]]
    assert [(line["name"], line["label::English (en)"]) for line in multi] == [
        ("2", "Digital | phones")
    ]
    assert {line["name"] for line in choices} == set("1234567")


def test_words_that_look_like_a_formula_or_a_reference_stay_words():
    lines = sheets_of(_form(odd_instrument()))["survey"]
    words = {line.get("name"): line.get("label::中文 (zh)") for line in lines}
    assert words["A12"] == "=1+1"
    assert words["A13"] == "花 $50 还是 $ {x}^2"


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["start", "B"], "cannot have a question start"),
        (["a1", "A1"], "the name a1 differs from it in case only"),
    ],
)
def test_codes_that_the_form_cannot_tell_apart_are_refused(codes, said):
    instrument = Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "X", "name": "X"}],
        items=[{"id": c, "construct": "X", "text": f"Row {c}"} for c in codes],
    )
    with pytest.raises(InstrumentError, match=said):
        _form(instrument)
