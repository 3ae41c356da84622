"""A questionnaire to print: a Word document in one language.

In: an instrument and a language. Out: numbered questions with boxes to tick; matrices
as tables whose head repeats on every page and whose rows do not break; codes in small
grey print for data entry; what to skip, in words.
"""

from collections.abc import Sequence
from pathlib import Path

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kocsem.findings import Finding
from kocsem.instrument.export.legible import (
    is_bare,
    legible,
    matrix_layout,
    width,
)
from kocsem.instrument.export.print_words import PRINT_WORDS, condition_words
from kocsem.instrument.export.target import Target, file_a_language
from kocsem.instrument.export.word import new_document, saved
from kocsem.instrument.questionnaire import Entry, Questionnaire, questionnaire
from kocsem.instrument.types import Instrument, Language

BOX = "□"
_NARROW = "\N{NO-BREAK SPACE}"
_MARGIN, _WIDTH, _INDENT = 2.0, 17.0, 0.75  # centimetres
_LETTER, _CODE_LETTER = 0.19, 0.15  # width of a letter in words and in codes
_BEFORE_LABEL = 1.3
_MOST_COLUMNS = 6
_WIDEST_COLUMN, _ALL_COLUMNS = 1.8, 11.2
_TWIPS = 1440 / 2.54
_GREY = RGBColor(0x8A, 0x8A, 0x8A)
_CODE_SIZE, _SMALL_SIZE = Pt(6.5), Pt(9)

_MATRIX = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
).get_template("matrix.xml.j2")


def docx_form(instrument: Instrument, language: Language) -> bytes:
    """Write a questionnaire to print.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    language : {"zh", "en"}
        Language of the questionnaire.

    Returns
    -------
    bytes
        A Word document; the same instrument gives the same bytes.

    Raises
    ------
    InstrumentError
        If a row has no wording.
    """
    asked = questionnaire(instrument)
    document = new_document(
        legible(asked.title.get(language)), language, margin=_MARGIN
    )
    _add_margins(document, asked, language)
    _add_front(document, asked, language)
    for page in asked.pages:
        if words := condition_words(asked, page, language):
            _boxed(document, words)
        for entry in page.entries:
            _add_entry(document, entry, language)
    end = document.add_paragraph(PRINT_WORDS["end"].get(language))
    end.alignment = WD_ALIGN_PARAGRAPH.CENTER
    end.paragraph_format.space_before = Pt(14)
    return saved(document)


def _add_margins(
    document: DocumentType, asked: Questionnaire, language: Language
) -> None:
    """Put the number of the sheet above every page, and the page number below."""
    section = document.sections[0]
    section.header_distance = section.footer_distance = Cm(1.0)
    head = section.header.paragraphs[0]
    head.style = document.styles["Normal"]
    _grey(head, legible(f"{asked.id} {asked.version}"))
    head.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    number = head.add_run(f"\t{PRINT_WORDS['sheet'].get(language)} ____________")
    number.font.size = _SMALL_SIZE
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(foot, "PAGE")
    foot.add_run(" / ").font.size = _SMALL_SIZE
    _add_field(foot, "NUMPAGES")


def _add_field(paragraph: Paragraph, name: str) -> None:
    """Add a number that the word processor works out."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    run.font.size = _SMALL_SIZE
    field.append(run._element)
    paragraph._element.append(field)


def _add_front(
    document: DocumentType, asked: Questionnaire, language: Language
) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(8)
    run = title.add_run(legible(asked.title.get(language)))
    run.bold, run.font.size = True, Pt(16)
    if asked.introduction:
        for line in legible(asked.introduction.get(language)).splitlines():
            words = document.add_paragraph(line)
            words.paragraph_format.line_spacing = 1.25
            words.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    how = document.add_paragraph()
    how.add_run(PRINT_WORDS["how"].get(language)).font.size = _SMALL_SIZE
    how.paragraph_format.space_after = Pt(2)


def _boxed(document: DocumentType, words: str) -> None:
    """Add an instruction that stays with what it is about."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(legible(f"▶ {words}")).bold = True
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "EEEEEE")
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(
        shade, "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _add_entry(document: DocumentType, entry: Entry, language: Language) -> None:
    if entry.kind == "note":
        note = document.add_paragraph()
        note.paragraph_format.space_before = Pt(10)
        note.add_run(legible(entry.text.get(language))).italic = True
        return
    _add_question(document, entry, language)
    if entry.kind == "matrix":
        _add_matrix(document, entry, language)
    elif entry.options:
        _add_options(document, entry, language)
    else:
        for _ in range(2 if entry.kind == "text" else 1):
            _add_line(document, _WIDTH if entry.kind == "text" else 7.0)


def _add_question(document: DocumentType, entry: Entry, language: Language) -> None:
    """Add number, words, and in grey what kind of answer is wanted and the code."""
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(11), Pt(3)
    shape.left_indent, shape.first_line_indent = Cm(_INDENT), Cm(-_INDENT)
    shape.tab_stops.add_tab_stop(Cm(_INDENT))
    shape.keep_with_next = shape.keep_together = True
    words = legible(entry.text.get(language))
    paragraph.add_run(f"{entry.number}.\t{words}").bold = True
    hint = {"multi": "several", "number": "number"}.get(entry.kind)
    if hint:
        words = f"\N{EN SPACE}{PRINT_WORDS[hint].get(language)}"
        paragraph.add_run(words).font.size = _SMALL_SIZE
    if entry.kind != "matrix":
        _grey(paragraph, f"\N{EN SPACE}{entry.code}")


def _add_options(document: DocumentType, entry: Entry, language: Language) -> None:
    """Add boxes with labels, as many side by side as have room."""
    stop = f" {PRINT_WORDS['stop'].get(language)}"
    labels = [
        legible(option.label.get(language))
        + (stop if entry.accept and option.code not in entry.accept else "")
        for option in entry.options
    ]
    columns = _columns(labels)
    step = (_WIDTH - _INDENT) / columns
    for start in range(0, len(labels), columns):
        paragraph = document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.left_indent, shape.space_after = Cm(_INDENT), Pt(2)
        shape.keep_together = True
        shape.keep_with_next = start + columns < len(labels)
        if columns == 1:
            shape.left_indent = Cm(_INDENT + 0.65)
            shape.first_line_indent = Cm(-0.65)
        for place in range(1, columns):
            shape.tab_stops.add_tab_stop(Cm(_INDENT + place * step))
        for place, label in enumerate(labels[start : start + columns]):
            _add_box(paragraph, first=place == 0)
            _grey(paragraph, f"\N{THIN SPACE}{start + place + 1}")
            paragraph.add_run(f" {label}")


def _columns(labels: Sequence[str]) -> int:
    """Return how many options stand side by side."""
    widest = max(width(label) for label in labels) * _LETTER + _BEFORE_LABEL
    room = max(1, int((_WIDTH - _INDENT) / widest))
    fits = min(room, len(labels), _MOST_COLUMNS)
    lines = -(-len(labels) // fits)
    return -(-len(labels) // lines)


def _add_box(paragraph: Paragraph, *, first: bool) -> None:
    run = paragraph.add_run(BOX if first else f"\t{BOX}")
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:hint"), "eastAsia")
    run.font.size = Pt(12)


def _add_matrix(document: DocumentType, entry: Entry, language: Language) -> None:
    """Add a table; long anchors stand above it, and their numbers as heads."""
    wordless = is_bare(entry) or matrix_layout(entry) == "list"
    if wordless and not is_bare(entry):
        key = "\N{EM SPACE}".join(
            f"{option.code}{_NARROW}={_NARROW}{option.label.get(language)}"
            for option in entry.options
        )
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.left_indent = Cm(_INDENT)
        paragraph.add_run(legible(key)).font.size = _SMALL_SIZE
    column = min(_WIDEST_COLUMN, _ALL_COLUMNS / len(entry.options))
    codes = max(
        _INDENT, _CODE_LETTER * max(width(row.code) for row in entry.rows) + 0.2
    )
    xml = _MATRIX.render(
        codes=round(codes * _TWIPS),
        first=round((_WIDTH - codes - column * len(entry.options)) * _TWIPS),
        column=round(column * _TWIPS),
        heads=[
            {
                "code": str(option.code),
                "words": "" if wordless else legible(option.label.get(language)),
            }
            for option in entry.options
        ],
        rows=[
            {"code": row.code, "words": legible(row.text.get(language))}
            for row in entry.rows
        ],
        box=BOX,
    )
    document.element.body.sectPr.addprevious(parse_xml(xml))


def _add_line(document: DocumentType, length: float) -> None:
    """Add a line to write on."""
    paragraph = document.add_paragraph("\t")
    shape = paragraph.paragraph_format
    shape.left_indent, shape.space_before = Cm(_INDENT), Pt(8)
    shape.tab_stops.add_tab_stop(Cm(length), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)


def _grey(paragraph: Paragraph, words: str) -> None:
    """Add small grey print."""
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.font.color.rgb = "Arial", _CODE_SIZE, _GREY


def _no_limits(
    instrument: Instrument, languages: Sequence[Language]
) -> tuple[Finding, ...]:
    """Find nothing: paper carries everything."""
    return ()


PRINT = Target(
    name="print",
    title="a questionnaire to print (Word)",
    languages=("zh", "en"),
    write=file_a_language("print", "docx", docx_form),
    limits=_no_limits,
)
