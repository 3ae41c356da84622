"""A printed questionnaire: all words, all codes, and nothing torn apart."""

import re
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from kocsem.instrument.export.docx_form import BOX, PRINT, docx_form
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from odd_survey import ODD

KOC = load_instrument("koc_core")
GREY = "8A8A8A"


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def koc(language):
    return Document(BytesIO(docx_form(KOC, language)))


@pytest.fixture(scope="module")
def odd(language):
    return Document(BytesIO(docx_form(ODD, language)))


def lines(document):
    return [paragraph.text for paragraph in document.paragraphs]


def rows(table):
    return [[cell.text.strip() for cell in row.cells] for row in table.rows]


def grey_words(document):
    """Words in small grey print, wherever they stand."""
    found = []
    for run in document.element.body.iter(qn("w:r")):
        colour = run.find(f"{qn('w:rPr')}/{qn('w:color')}")
        size = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
        if colour is not None and colour.get(qn("w:val")) == GREY:
            assert int(size.get(qn("w:val"))) <= 13
            found.append("".join(t.text for t in run.iter(qn("w:t"))).strip())
    return found


def test_the_same_instrument_gives_the_same_bytes(language):
    assert docx_form(KOC, language) == docx_form(KOC, language)


def test_one_file_a_language():
    names = [file.name for file in PRINT.write(KOC, ("zh", "en"))]
    assert names == ["koc_core.print.zh.docx", "koc_core.print.en.docx"]
    assert PRINT.limits(KOC, ("zh", "en")) == ()


def test_questions_are_numbered_from_1(koc, language):
    numbered = [line.split("\t") for line in lines(koc) if re.match(r"\d+\.\t", line)]
    assert [number for number, _ in numbered] == [f"{k}." for k in range(1, 20)]
    for entry, (_, words) in zip(questionnaire(KOC).entries, numbered, strict=True):
        assert words.startswith(entry.text.get(language))


def test_every_code_stands_in_grey(koc, odd):
    for document, instrument in ((koc, KOC), (odd, ODD)):
        grey = grey_words(document)
        assert [code for code in instrument.asked if grey.count(code) != 1] == []


def test_matrices_are_tables_with_anchors_as_heads(koc, language):
    matrices = [e for e in questionnaire(KOC).entries if e.kind == "matrix"]
    assert len(koc.tables) == len(matrices) == 3
    for table, entry in zip(koc.tables, matrices, strict=True):
        head, *body = rows(table)
        anchors = [a.get(language) for a in KOC.scale.anchors]
        assert head == ["", "", *(f"{w}\n{k}" for k, w in enumerate(anchors, 1))]
        for row, cells in zip(entry.rows, body, strict=True):
            assert cells == [row.code, row.text.get(language), *[BOX] * 5]


def test_heads_repeat_and_rows_do_not_break(odd):
    for table in odd.tables:
        marked = [
            row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows
        ]
        assert marked == [True] + [False] * (len(marked) - 1)
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_tables_are_as_wide_as_the_page(koc, odd):
    section = koc.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in (*koc.tables, *odd.tables):
        wide = sum(column.width for column in table.columns)
        assert wide == pytest.approx(room, rel=0.01)
        assert table.columns[1].width > room / 4


def test_every_option_has_a_box_and_its_number(koc, language):
    text = "\n".join(lines(koc)).replace("\N{THIN SPACE}", "")
    for entry in questionnaire(KOC).entries:
        if entry.kind in ("single", "multi"):
            for option in entry.options:
                assert f"{BOX}{option.code} {option.label.get(language)}" in text
    singles = sum(len(e.options) for e in questionnaire(KOC).entries if not e.rows)
    assert text.count(BOX) == singles


def test_only_what_ends_the_interview_says_so(odd, language):
    stop = {"zh": "→ 结束作答", "en": "→ stop here, thank you"}[language]
    said = [line.split("\t") for line in lines(odd)]
    ends = [part for parts in said for part in parts if stop in part]
    no = ODD.screening[0].options[1].label.get(language)
    assert [re.sub(r"\W*\d ", "", part, count=1).replace(f" {stop}", "")
            for part in ends] == [no, ODD.screening[1].options[2].label.en]  # fmt: skip


CONDITIONS = {
    "zh": [
        "▶ 仅当您在第 3 题选择“Odd”时，请阅读下面这段话；否则请跳到第 4 题。",
        "▶ 仅当您在第 3 题选择“Odd”或“Even”时，请回答第 4–5 题；否则请跳到第 6 题。",
        "▶ 仅当您在第 3 题选择“Even”或“Neither”时，请回答第 9–11 题；否则请结束作答。",
    ],
    "en": [
        "▶ Only if you chose “Odd” in question 3, read the following; otherwise go on "
        "to question 4.",
        "▶ Only if you chose “Odd” or “Even” in question 3, answer questions 4–5; "
        "otherwise go on to question 6.",
        "▶ Only if you chose “Even” or “Neither” in question 3, answer questions 9–11; "
        "otherwise you have come to the end.",
    ],
}


def test_conditions_are_instructions(odd, koc, language):
    said = [line for line in lines(odd) if line.startswith("▶")]
    assert said == CONDITIONS[language]
    assert not [line for line in lines(koc) if line.startswith("▶")]


def test_signs_of_markup_are_words(odd, language):
    assert ODD.title.get(language) in lines(odd)
    assert "I <b>trust</b> \"them\" & 'him' </script>" in rows(odd.tables[0])[1]
    assert rows(odd.tables[2])[2][:2] == ["EL2", "eleven 😀"]


def test_heads_follow_the_scale(odd):
    heads = [rows(table)[0][2:] for table in odd.tables]
    assert [len(head) for head in heads] == [5, 2, 11, 7, 7]
    assert heads[2] == [str(k) for k in range(1, 12)]
    assert heads[3] == [str(k) for k in range(1, 8)]
    assert "\n" in heads[4][0]


def test_long_anchors_stand_above_their_numbers(odd, language):
    anchors = ODD.construct("LG").scale.anchors
    key = "\N{EM SPACE}".join(
        f"{k}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{anchor.get(language)}"
        for k, anchor in enumerate(anchors, 1)
    )
    assert lines(odd).count(key) == 1


def test_there_is_room_to_write(odd):
    ruled = [
        paragraph for paragraph in odd.paragraphs
        if paragraph.text == "\t"
        and paragraph.paragraph_format.tab_stops[0].leader is not None
    ]  # fmt: skip
    assert len(ruled) == 3  # one line for a number, two for own words


def test_a_document_speaks_one_language():
    document = Document(BytesIO(docx_form(KOC, "en")))
    words = "".join(t.text or "" for t in document.element.body.iter(qn("w:t")))
    assert not re.search("[\u4e00-\u9fff]", words)
