from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from kocsem.reporting.export.docx import to_docx
from kocsem.reporting.report import diagram_of, make_report
from kocsem.reporting.tables.collection import make_tables
from kocsem.reporting.widths import share_width

#: The smallest length that Word knows, in English Metric Units.
TWIP = 635


@pytest.fixture(scope="module")
def reports(analysis):
    tables = make_tables(analysis)
    return {
        language: make_report(
            analysis, tables, language, diagram_of(analysis, language)
        )
        for language in ("zh", "en")
    }


@pytest.fixture(scope="module")
def contents(reports):
    return {language: to_docx(report) for language, report in reports.items()}


@pytest.fixture(scope="module")
def documents(contents):
    return {k: Document(BytesIO(content)) for k, content in contents.items()}


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_all_tables_are_there(documents):
    assert len(documents["zh"].tables) == 15
    hypotheses = cells(documents["zh"].tables[6])
    assert hypotheses[0][:3] == ["假设", "路径", "标准化系数"]
    assert set(hypotheses[1]) == {"直接路径"}
    assert hypotheses[2] == [
        "H1", "内容真实性 → 信任", "0.500***", "0.510", "0.070", "7.286", "<0.001",
        "<0.001", "成立",
    ]  # fmt: skip


def test_captions_follow_the_style(documents):
    assert "表7\N{EN SPACE}路径系数与假设检验" in texts(documents["zh"])
    english = texts(documents["en"])
    place = english.index("Table 7")
    assert english[place + 1] == "Path coefficients and hypothesis tests"


def test_notes_stand_under_the_table(documents):
    assert any("SE and z belong" in text for text in texts(documents["en"]))
    assert "*p < .05. **p < .01. ***p < .001 (two-sided)." in texts(documents["en"])


def test_the_warning_comes_first(documents, reports):
    assert texts(documents["en"])[0].startswith("Caution: these data are synthetic.")
    calm = Document(BytesIO(to_docx(replace(reports["en"], warning=""))))
    assert texts(calm)[0] == "Small study <1> & co"


def borders(element, name):
    found = element.find(".//" + qn(f"w:{name}"))
    return {child.tag.split("}")[1]: child.get(qn("w:val")) for child in found}


def test_three_lines_and_a_repeated_head(documents):
    table = documents["zh"].tables[0]
    assert borders(table._tbl.tblPr, "tblBorders") == {
        "top": "single", "left": "nil", "bottom": "single",
        "right": "nil", "insideH": "nil", "insideV": "nil",
    }  # fmt: skip
    first, second = table.rows[0], table.rows[1]
    assert borders(first.cells[0]._tc.tcPr, "tcBorders") == {"bottom": "single"}
    assert first._tr.trPr.find(qn("w:tblHeader")) is not None
    assert second._tr.trPr.find(qn("w:tblHeader")) is None


def test_fonts_for_both_scripts(documents):
    for name in ("Normal", "Title", "Heading 1"):
        fonts = documents["zh"].styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:eastAsia")) == "宋体"
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_no_table_is_wider_than_the_page(documents):
    for document in documents.values():
        section = document.sections[0]
        room = section.page_width - section.left_margin - section.right_margin
        for table in document.tables:
            width = sum(int(cell.width) for cell in table.rows[0].cells)
            assert width <= room + len(table.columns) * TWIP


def test_the_diagram_is_a_picture_that_fits(documents):
    shapes = documents["zh"].inline_shapes
    assert len(shapes) == 1
    widest = max(section.page_width for section in documents["zh"].sections)
    assert shapes[0].width < widest


def test_same_bytes_twice_and_no_clock(reports, contents):
    assert to_docx(reports["zh"]) == contents["zh"]
    with ZipFile(BytesIO(contents["zh"])) as archive:
        assert {info.date_time for info in archive.infolist()} == {
            (1980, 1, 1, 0, 0, 0)
        }
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("wanted", "firm", "room", "widths"),
    [
        ([1.0, 1.0], [True, True], 4.0, [2.0, 2.0]),
        ([1.0, 9.0], [True, False], 5.0, [1.0, 4.0]),
        ([1.0, 4.0, 16.0], [False, False, False], 7.0, [1.0, 2.0, 4.0]),
        ([6.0, 6.0], [True, True], 6.0, [3.0, 3.0]),
        ([9.0, 1.0], [True, False], 5.0, [4.5, 0.5]),
    ],
)
def test_share_width(wanted, firm, room, widths):
    assert share_width(wanted, firm, room) == pytest.approx(widths)


@pytest.mark.parametrize(
    ("wanted", "least", "room", "widths"),
    [
        ([1.0, 4.0, 16.0], [1.0, 3.0, 1.0], 7.0, [1.0, 3.0, 3.0]),
        ([9.0, 9.0], [1.0, 1.0], 6.0, [3.0, 3.0]),
        ([9.0, 9.0], [4.0, 8.0], 6.0, [2.0, 4.0]),
    ],
)
def test_words_stay_whole(wanted, least, room, widths):
    firm = [False] * len(wanted)
    assert share_width(wanted, firm, room, least) == pytest.approx(widths)


def test_a_heading_stays_with_its_rows(documents):
    table = documents["zh"].tables[1]
    labels = [row.cells[0] for row in table.rows if len(row._tr.tc_lst) == 1]
    assert labels
    for cell in labels:
        assert cell.paragraphs[0].paragraph_format.keep_with_next
