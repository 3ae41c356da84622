"""A report in, a Word document out: three-line tables, captions, notes, the diagram.

The document uses Times New Roman and 宋体 (SimSun), as Chinese journals ask. A wide
diagram stands on a page of its own in landscape.
"""

from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kocsem.instrument.archive import without_times
from kocsem.reporting.export.docx_table import add_rows, set_fonts
from kocsem.reporting.render import ShownNote, ShownTable
from kocsem.reporting.report import Fact, Report

_BODY_SIZE, _NOTE_SIZE, _MODEL_SIZE = Pt(10.5), Pt(9), Pt(9)
_WARNING_RED = RGBColor(0xB0, 0x00, 0x20)
_INK = RGBColor(0, 0, 0)
_PAGE = (Cm(21.0), Cm(29.7))
_MARGIN = Cm(2.2)
_PORTRAIT_WIDTH = 16.6 / 2.54
_LANDSCAPE_WIDTH = 25.3 / 2.54
_LANDSCAPE_HEIGHT = 14.0 / 2.54


def to_docx(report: Report) -> bytes:
    """Write a Word document.

    Parameters
    ----------
    report : Report
        The report in one language.

    Returns
    -------
    bytes
        An Office Open XML document; the same report gives the same bytes.
    """
    document = _new_document(report)
    _add_front(document, report)
    document.add_heading(report.word("tables"), level=1)
    for table in report.tables:
        if not table.supplementary:
            _add_table(document, table)
    _add_figure(document, report)
    supplement = [table for table in report.tables if table.supplementary]
    if supplement:
        document.add_heading(report.word("supplement"), level=1)
    for table in supplement:
        _add_table(document, table)
    _add_method(document, report)
    buffer = BytesIO()
    document.save(buffer)
    return without_times(buffer.getvalue())


def _new_document(report: Report) -> DocumentType:
    """Open an A4 document with the fonts of the report and fixed properties."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = _PAGE
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin = section.bottom_margin = _MARGIN
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        set_fonts(style.element.get_or_add_rPr())
        style.font.name = "Times New Roman"
    normal = document.styles["Normal"]
    normal.font.size = _BODY_SIZE
    normal.paragraph_format.space_after = Pt(4)
    for name in ("Title", "Heading 1"):
        document.styles[name].font.color.rgb = _INK
    properties = document.core_properties
    properties.author = properties.last_modified_by = "kocsem"
    properties.title, properties.comments = report.title, ""
    properties.language = "zh-CN" if report.language == "zh" else "en"
    properties.revision = 1
    return document


def _add_front(document: DocumentType, report: Report) -> None:
    if report.warning:
        run = document.add_paragraph().add_run(report.warning)
        run.bold, run.font.color.rgb = True, _WARNING_RED
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.subtitle)


def _caption(document: DocumentType, number: str, title: str, style: str) -> None:
    """Write a caption: one centred line, or APA's two lines on the left."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(10)
    if style == "gb":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(f"{number}\N{EN SPACE}{title}").bold = True
        return
    paragraph.add_run(number).bold = True
    paragraph.paragraph_format.space_after = Pt(0)
    second = document.add_paragraph()
    second.paragraph_format.keep_with_next = True
    second.add_run(title).italic = True


def _add_table(document: DocumentType, table: ShownTable) -> None:
    _caption(document, table.number, table.title, table.style)
    add_rows(document, table, width=_PORTRAIT_WIDTH)
    for place, note in enumerate(table.notes, 1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = place < len(table.notes)
        paragraph.paragraph_format.keep_together = True
        _add_note(paragraph, note, italic=table.style == "apa")
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _add_note(paragraph: Paragraph, note: ShownNote, *, italic: bool) -> None:
    paragraph.paragraph_format.space_after = Pt(0)
    if note.lead:
        lead = paragraph.add_run(note.lead + (" " if note.lead[-1] == "." else ""))
        lead.italic = (italic and not note.letter) or None
        lead.font.superscript = note.letter or None
        lead.font.size = _NOTE_SIZE
    paragraph.add_run(note.text).font.size = _NOTE_SIZE


def _turn_page(document: DocumentType, *, landscape: bool) -> None:
    """Begin a page of the other orientation."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    wide, tall = (_PAGE[1], _PAGE[0]) if landscape else _PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, tall


def _add_figure(document: DocumentType, report: Report) -> None:
    """Add the diagram as large as its page allows."""
    diagram = report.diagram
    landscape = diagram.width > _PORTRAIT_WIDTH * 1.1
    if landscape:
        _turn_page(document, landscape=True)
    widest = _LANDSCAPE_WIDTH if landscape else _PORTRAIT_WIDTH
    width = min(diagram.width, widest, _LANDSCAPE_HEIGHT / diagram.ratio)
    document.add_heading(report.word("figure"), level=1)
    if report.style == "apa":
        _caption(document, report.figure_number, report.figure_title, "apa")
    document.add_picture(BytesIO(diagram.png), width=Inches(width))
    picture = document.paragraphs[-1]
    picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture.paragraph_format.keep_with_next = True
    if report.style == "gb":
        _caption(document, report.figure_number, report.figure_title, "gb")
    _add_note(document.add_paragraph(), ShownNote("", report.figure_note), italic=False)
    if landscape:
        _turn_page(document, landscape=False)


def _add_method(document: DocumentType, report: Report) -> None:
    """Add how the report was made, and the works it cites."""
    document.add_heading(report.word("method"), level=1)
    for fact in report.facts:
        _add_fact(document, fact)
    document.add_heading(report.word("references"), level=1)
    for reference in report.references:
        paragraph = document.add_paragraph(reference)
        paragraph.paragraph_format.left_indent = Cm(0.8)
        paragraph.paragraph_format.first_line_indent = Cm(-0.8)


def _add_fact(document: DocumentType, fact: Fact) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{fact.name}\N{EN SPACE}").bold = True
    if not fact.code:
        paragraph.add_run(fact.text)
        return
    for line in fact.text.splitlines():
        paragraph.add_run().add_break()
        run = paragraph.add_run(line)
        run.font.name, run.font.size = "Courier New", _MODEL_SIZE
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "宋体")
