"""A codebook as one self-contained web page.

In: an instrument and languages. Out: a page that needs no network and no script.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kocsem.instrument.export.codebook_tables import heading, said, sections
from kocsem.instrument.export.legible import legible
from kocsem.instrument.export.target import Languages
from kocsem.instrument.types import Instrument

_FOLDER = Path(__file__).parent / "templates"


def codebook_html(instrument: Instrument, languages: Languages) -> bytes:
    """Write a codebook as a web page.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : tuple of {"zh", "en"}
        Languages, side by side in every cell.

    Returns
    -------
    bytes
        The page; the same instrument gives the same bytes.

    Raises
    ------
    InstrumentError
        If a row has no wording.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["legible"] = legible
    return (
        environment.get_template("codebook.html.j2")
        .render(
            titles=said(instrument.title, languages),
            kind=heading("codebook", languages),
            version=f"{instrument.id} {instrument.version}",
            tag="zh-CN" if languages[0] == "zh" else "en",
            sections=sections(instrument, languages),
            style=Markup((_FOLDER / "codebook.css").read_text(encoding="utf-8")),
        )
        .encode()
    )
