"""Three-line tables in Word: a rendered table in, rows in a document out.

python-docx has no words for borders of cells and repeated heads, and takes seconds to
fill large tables cell by cell; so a table is written as XML at once.
"""

from pathlib import Path

from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.shared import Pt
from docx.styles.style import ParagraphStyle
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kocsem.reporting.panels import panels
from kocsem.reporting.render import ShownTable
from kocsem.reporting.widths import (
    firm_columns,
    least_widths,
    natural_widths,
    share_width,
)

_SIZE, _SMALL_SIZE = 9.0, 8.0
_MANY_COLUMNS = 9
_THICK, _THIN = 12, 6  # eighths of a point
_PADDING = 0.2
_ONE_PAGE = 32
_TWIPS = 1440  # to an inch

_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
).get_template("table.xml.j2")


def add_rows(document: DocumentType, table: ShownTable, *, width: float) -> None:
    """Add a three-line table to the end of a document.

    A table of one page stays on one page, together with the note that follows it; one
    that is wider than the page stands in panels below each other.

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
    for place, panel in enumerate(panels(table, _needed(table, size), width)):
        if place:  # without a paragraph between them, Word joins tables
            document.add_paragraph(style=_cell_style(document, size))
        _add_panel(document, panel, size=size, width=width)


def _add_panel(
    document: DocumentType, table: ShownTable, *, size: float, width: float
) -> None:
    lines = 1 + sum(len(group.rows) + bool(group.label) for group in table.groups)
    xml = _TEMPLATE.render(
        table=table,
        widths=[round(_TWIPS * inches) for inches in _widths(table, size, width)],
        style=_cell_style(document, size).style_id,
        together=lines <= _ONE_PAGE,
        thick=_THICK,
        thin=_THIN,
    )
    document.element.body.sectPr.addprevious(parse_xml(xml))


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


def _widths(table: ShownTable, size: float, room: float) -> list[float]:
    """Share out the width of the page, in inches, by what the columns hold."""
    em = size / 72 * 0.53
    wanted = [em * width + _PADDING for width in natural_widths(table)]
    least = [em * width + _PADDING for width in least_widths(table)]
    return share_width(wanted, firm_columns(table), room, least)


def _needed(table: ShownTable, size: float) -> list[float]:
    """Return what each column takes at least, in inches: numbers are not broken."""
    em = size / 72 * 0.53
    both = zip(
        firm_columns(table), natural_widths(table), least_widths(table), strict=True
    )
    return [em * (whole if firm else least) + _PADDING for firm, whole, least in both]
