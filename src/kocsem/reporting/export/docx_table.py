"""Three-line tables in Word: a rendered table in, rows in a document out.

python-docx has no words for borders of cells, repeated heads and East-Asian fonts;
they are set in the XML here.
"""

from collections.abc import Sequence
from typing import Any

from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell, _Row

from kocsem.reporting.render import ShownCell, ShownTable
from kocsem.reporting.widths import (
    firm_columns,
    least_widths,
    natural_widths,
    share_width,
)

_SIZE, _SMALL_SIZE = 9.0, 8.0
_MANY_COLUMNS = 9
_THICK, _THIN = "12", "6"
_PADDING = 0.2
_ONE_PAGE = 32
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def set_fonts(properties: Any) -> None:
    """Set Times New Roman and, for Chinese characters, 宋体.

    Parameters
    ----------
    properties : CT_RPr
        Run properties of a style or a run; changed in place.
    """
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), "宋体")
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:eastAsia"), "zh-CN")


def add_rows(document: DocumentType, table: ShownTable, *, width: float) -> None:
    """Add a three-line table to a document.

    Parameters
    ----------
    document : Document
        Where it is added.
    table : ShownTable
        What it shows.
    width : float
        Width of the page between its margins, in inches.
    """
    size = _SMALL_SIZE if len(table.headings) >= _MANY_COLUMNS else _SIZE
    style = _cell_style(document, size)
    word = document.add_table(rows=1, cols=len(table.headings))
    word.alignment = WD_TABLE_ALIGNMENT.CENTER
    word.autofit = False
    _fill_head(word.rows[0], table, style)
    for group in table.groups:
        if group.label:
            merged = word.add_row().cells
            first = merged[0].merge(merged[-1])
            _write(first, ShownCell(group.label, bold=True), style)
        for row in group.rows:
            for cell, shown in zip(word.add_row().cells, row, strict=True):
                _write(cell, shown, style)
    for row in word.rows:
        _keep_whole(row)
    if len(word.rows) <= _ONE_PAGE:
        _keep_together(word)
    _draw_lines(word)
    _set_widths(word, _widths(table, size, width))


def _cell_style(document: DocumentType, size: float) -> ParagraphStyle:
    """Return the paragraph style of cells of a size; make it at first use."""
    name = f"Table {size:g}"
    if name in document.styles:
        found = document.styles[name]
    else:
        found = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        found.base_style = document.styles["Normal"]
        found.font.size = Pt(size)
        found.paragraph_format.space_after = Pt(1)
        found.paragraph_format.space_before = Pt(1)
    if not isinstance(found, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style.")
    return found


def _fill_head(row: _Row, table: ShownTable, style: ParagraphStyle) -> None:
    """Write the head and let Word repeat it on every page."""
    for cell, heading in zip(row.cells, table.headings, strict=True):
        shown = ShownCell(heading.text, align=heading.align, bold=table.style == "gb")
        _write(cell, shown, style, italic=heading.italic)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeat)


def _write(
    cell: _Cell, shown: ShownCell, style: ParagraphStyle, *, italic: bool = False
) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style.style_id  # by name, python-docx searches every time
    paragraph.alignment = _ALIGN[shown.align]
    run = paragraph.add_run(shown.text)
    run.bold, run.italic = shown.bold or None, italic or None
    if shown.marks or shown.letter:
        paragraph.add_run(shown.marks + shown.letter).font.superscript = True


def _keep_whole(row: _Row) -> None:
    """Forbid a page break inside a row."""
    whole = OxmlElement("w:cantSplit")
    whole.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(whole)


def _keep_together(table: WordTable) -> None:
    """Keep a short table, and the note that follows it, on one page."""
    for row in table.rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _draw_lines(table: WordTable) -> None:
    """Draw the top, the head and the bottom rule, and no other."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        thick = edge in ("top", "bottom")
        borders.append(_rule(edge, _THICK if thick else None))
    properties.append(borders)
    for cell in table.rows[0].cells:
        lines = OxmlElement("w:tcBorders")
        lines.append(_rule("bottom", _THIN))
        cell._tc.get_or_add_tcPr().append(lines)


def _rule(edge: str, size: str | None) -> Any:
    rule = OxmlElement(f"w:{edge}")
    rule.set(qn("w:val"), "single" if size else "nil")
    if size:
        rule.set(qn("w:sz"), size)
        rule.set(qn("w:space"), "0")
        rule.set(qn("w:color"), "000000")
    return rule


def _widths(table: ShownTable, size: float, room: float) -> list[float]:
    """Share out the width of the page, in inches, by what the columns hold."""
    em = size / 72 * 0.53
    wanted = [em * width + _PADDING for width in natural_widths(table)]
    least = [em * width + _PADDING for width in least_widths(table)]
    return share_width(wanted, firm_columns(table), room, least)


def _set_widths(table: WordTable, widths: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for row in table.rows:
        cells = row._tr.tc_lst
        if len(cells) == len(widths):
            for cell, width in zip(cells, widths, strict=True):
                cell.width = Inches(width)
        else:
            cells[0].width = Inches(sum(widths))
