"""A codebook as a Word document.

In: an instrument and languages. Out: a document in landscape, in which the heads of the
tables repeat on every page and no row breaks across pages.
"""

from pathlib import Path

from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kocsem.instrument.export.codebook_tables import Grid, heading, said, sections
from kocsem.instrument.export.legible import legible
from kocsem.instrument.export.target import Languages
from kocsem.instrument.export.word import PAGE, new_document, saved
from kocsem.instrument.types import Instrument

_MARGIN = 2.0
_WIDTH = 25.7  # centimetres
_TWIPS = 1440 / 2.54
_GREY = RGBColor(0x55, 0x55, 0x55)

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
_ENVIRONMENT.filters["legible"] = legible
_GRID = _ENVIRONMENT.get_template("grid.xml.j2")


def codebook_docx(instrument: Instrument, languages: Languages) -> bytes:
    """Write a codebook as a Word document.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : tuple of {"zh", "en"}
        Languages, both in every cell.

    Returns
    -------
    bytes
        The document; the same instrument gives the same bytes.

    Raises
    ------
    InstrumentError
        If a row has no wording.
    """
    titles = [legible(title) for title in said(instrument.title, languages)]
    document = new_document(titles[0], languages[0], margin=_MARGIN)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = PAGE[1], PAGE[0]
    kind = f"{heading('codebook', languages)} · {instrument.id} {instrument.version}"
    document.add_paragraph().add_run(legible(kind)).font.color.rgb = _GREY
    for title, size in zip(titles, (18, 13), strict=False):
        run = document.add_paragraph().add_run(title)
        run.bold, run.font.size = True, Pt(size)
    for section in sections(instrument, languages):
        document.add_heading(section.title, level=1)
        for line in section.lines:
            document.add_paragraph(legible(line))
        if section.grid:
            _add_grid(document, section.grid)
    document.add_paragraph()  # Word wants one after a table
    return saved(document)


def _add_grid(document: DocumentType, grid: Grid) -> None:
    unit = _WIDTH * _TWIPS / sum(grid.shares)
    xml = _GRID.render(grid=grid, widths=[round(unit * share) for share in grid.shares])
    document.element.body.sectPr.addprevious(parse_xml(xml))
