"""A codebook describes every column that a frame of answers can have, and no other."""

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from docx import Document
from kocsem.data.read.wenjuanxing import WENJUANXING

from kocsem.instrument.export.codebook import variables
from kocsem.instrument.export.codebook_target import CODEBOOK
from kocsem.instrument.export.codebook_words import RULES
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from odd_survey import ODD

KOC = load_instrument("koc_core")
PLAIN = Instrument(
    id="s",
    version="1",
    title="t",
    scale=7,
    constructs=[{"id": "TR", "name": "Trust"}],
    items=[{"id": "TR1", "construct": "TR", "text": "Row", "reverse": True}],
    attention=[{"id": "AT", "kind": "instructed", "text": "Seven", "accept": [7]}],
    marker=[{"id": "MV", "text": "Rain"}],
    blocks=[
        {"id": "alone", "kind": "questions", "items": ["TR1"]},
        {"id": "rest", "kind": "matrix", "items": ["AT", "MV"]},
    ],
)


def files(instrument, languages=("zh", "en")):
    written = CODEBOOK.write(instrument, languages)
    return {Path(file.name).suffix: file.content for file in written}


def table(instrument, languages=("zh", "en")):
    text = files(instrument, languages)[".csv"].decode("utf-8-sig")
    return {row["code"]: row for row in csv.DictReader(StringIO(text))}


@pytest.mark.parametrize("instrument", [KOC, ODD, PLAIN], ids=lambda i: i.id)
def test_the_columns_are_those_of_a_frame(instrument):
    codes = tuple(variable.code for variable in variables(instrument))
    assert codes == instrument.known_columns
    assert tuple(table(instrument)) == instrument.known_columns


def test_four_files_and_always_the_same_bytes():
    written = CODEBOOK.write(KOC, ("zh", "en"))
    assert [file.name for file in written] == [
        "koc_core.codebook.docx",
        "koc_core.codebook.html",
        "koc_core.codebook.csv",
        "koc_core.codebook.xml",
    ]
    assert written == CODEBOOK.write(KOC, ("zh", "en"))
    assert CODEBOOK.limits(KOC, ("zh",)) == ()


@pytest.mark.parametrize(
    ("code", "role", "measurement", "construct", "reversed_", "optional"),
    [
        ("CONS", "screener", "categorical", "", "0", "0"),
        ("SC2", "demographic", "categorical", "", "0", "0"),
        ("CA1", "item", "ordinal", "CA", "0", "0"),
        ("IQ5", "item", "ordinal", "IQ", "1", "1"),
        ("PI4", "item", "ordinal", "PI", "0", "1"),
        ("MV2", "marker", "ordinal", "", "0", "0"),
        ("AT1", "attention", "ordinal", "", "0", "0"),
        ("CAT_10", "demographic", "binary", "", "0", "0"),
    ],
)
def test_what_a_column_is_for(code, role, measurement, construct, reversed_, optional):
    row = table(KOC)[code]
    found = [
        row[k] for k in ("role", "measurement", "construct", "reversed", "optional")
    ]
    assert found == [role, measurement, construct, reversed_, optional]


def test_words_and_values_in_both_languages():
    row = table(KOC)["IQ5"]
    assert row["number"] == "5"
    assert row["question_zh"] == "TA很少理会粉丝的留言。"
    assert row["stem_en"] == "Please answer from what you know of this KOC"
    assert row["construct_name_zh"] == "互动质量"
    assert row["values_en"] == (
        "1 = Strongly disagree; 2 = Disagree; 3 = Neither; 4 = Agree; "
        "5 = Strongly agree"
    )
    assert row["remarks_zh"] == (
        "反向题：分析前换算为 6 − x; 备选题：仅在研究指定时进入模型"
    )
    several = table(KOC)["CAT_10"]
    assert several["label_en"] == "Field of the KOC: Other"
    assert several["values_zh"] == "0 = 未选; 1 = 选中"
    assert table(KOC)["CONS"]["remarks_en"] == "1 may go on"
    assert table(KOC)["AT2"]["remarks_en"] == "1, 2 passes"


def test_odd_columns():
    rows = table(ODD)
    assert rows["AGEY"]["measurement"] == "numeric"
    assert rows["AGEY"]["values_en"] == ""
    assert rows["AGEY"]["remarks_en"] == "asked only if GRP = 2, 3"
    assert rows["TR2"]["remarks_zh"].startswith("反向题：分析前换算为 6 − x")
    assert rows["EL2"]["values_zh"].endswith("10 = 10; 11 = 11")
    assert rows["EL2"]["question_en"] == "eleven 😀"
    assert rows["CAT_2"]["question_en"] == 'C "D"'


def test_a_row_that_stands_alone_is_still_an_item():
    row = table(PLAIN)["TR1"]
    assert (row["role"], row["stem_zh"], row["remarks_en"]) == (
        "item",
        "",
        "reversed: recoded as 8 − x before analysis",
    )


def test_one_language_alone():
    header = next(iter(table(KOC, ("en",)).values()))
    assert not [name for name in header if name.endswith("_zh")]


def test_marks_of_missing_answers_are_those_that_are_read():
    for mark in ("-3", "-2"):
        assert mark in WENJUANXING.empty
        assert all(mark in words for words in (RULES[1].zh, RULES[1].en))


@pytest.mark.parametrize("instrument", [KOC, ODD], ids=lambda i: i.id)
def test_the_document_names_every_column(instrument):
    document = Document(BytesIO(files(instrument)[".docx"]))
    tables = {t.cell(0, 1).text: t for t in document.tables}
    codes = [row.cells[0].text for row in tables["题号 / No."].rows]
    assert codes == ["编码 / Code", *instrument.known_columns]
    for found in document.tables:
        assert "w:tblHeader" in found.rows[0]._tr.xml


def test_the_document_describes_constructs():
    document = Document(BytesIO(files(KOC)[".docx"]))
    (trust,) = [
        [cell.text for cell in row.cells]
        for row in document.tables[1].rows
        if row.cells[0].text == "TR"
    ]
    assert trust[1] == "信任\nTrust"
    assert trust[2].startswith("消费者愿意依据KOC的推荐作决定")
    assert trust[3].startswith("社会资本理论\nSocial capital\n关系维度：信任")
    assert "Cai et al. (2025), sections 1.1, 2.1, 3.1.1" in trust[3]
    assert trust[4].startswith("Mayer, R. C., Davis, J. H.")
    assert trust[5] == "TR1, TR2, TR3, TR4"


def test_the_page_holds_words_not_markup():
    page = files(ODD)[".html"].decode()
    assert page.count("<script") == page.count("<i>") == page.count("<b>") == 0
    assert "I &lt;b&gt;trust&lt;/b&gt; &#34;them&#34; &amp; &#39;him&#39;" in page
    assert "http" not in page.replace("http-equiv", "")
    for code in ODD.known_columns:
        assert f'id="variables-{code}"' in page
    assert 'id="unread-WHY"' in page
