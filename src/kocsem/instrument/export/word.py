"""Word documents as kocsem writes them: A4, Times New Roman and 宋体 (SimSun).

In: a title and a language. Out: an open document with these fonts, and its bytes, which
depend on its contents only.
"""

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from kocsem.instrument.archive import without_times
from kocsem.instrument.types import Language

PAGE = (Cm(21.0), Cm(29.7))
_BODY_SIZE = Pt(10.5)
_INK = RGBColor(0, 0, 0)


def new_document(title: str, language: Language, *, margin: float) -> DocumentType:
    """Open an A4 document with kocsem's fonts and fixed properties.

    Parameters
    ----------
    title : str
        Title in the document's properties.
    language : {"zh", "en"}
        Language in the document's properties.
    margin : float
        Margin on all sides, in centimetres.

    Returns
    -------
    Document
        Empty, to be filled by the caller.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = Cm(margin)
    section.top_margin = section.bottom_margin = Cm(margin)
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
    properties.title, properties.comments = title, ""
    properties.language = "zh-CN" if language == "zh" else "en"
    properties.revision = 1
    return document


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


def saved(document: DocumentType) -> bytes:
    """Return the bytes of a document.

    Parameters
    ----------
    document : Document
        The document.

    Returns
    -------
    bytes
        An Office Open XML document; the same contents give the same bytes.
    """
    buffer = BytesIO()
    document.save(buffer)
    return without_times(buffer.getvalue())
