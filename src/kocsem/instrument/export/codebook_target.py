"""A codebook in every format in which it is wanted: Word, web page, CSV and DDI.

In: an instrument and languages. Out: the four files.
"""

from kocsem.findings import Finding
from kocsem.instrument.export.codebook_csv import codebook_csv
from kocsem.instrument.export.codebook_docx import codebook_docx
from kocsem.instrument.export.codebook_html import codebook_html
from kocsem.instrument.export.ddi import codebook_ddi
from kocsem.instrument.export.target import Exported, Languages, Target
from kocsem.instrument.types import Instrument

_WRITERS = {
    "docx": codebook_docx,
    "html": codebook_html,
    "csv": codebook_csv,
    "xml": codebook_ddi,
}


def _write(instrument: Instrument, languages: Languages) -> tuple[Exported, ...]:
    return tuple(
        Exported(f"{instrument.id}.codebook.{ending}", write(instrument, languages))
        for ending, write in _WRITERS.items()
    )


def _no_limits(instrument: Instrument, languages: Languages) -> tuple[Finding, ...]:
    """Find nothing: a codebook holds everything."""
    return ()


CODEBOOK = Target(
    name="codebook",
    title="a codebook (Word, web page, CSV, DDI-Codebook 2.5)",
    languages=("zh", "en"),
    write=_write,
    limits=_no_limits,
)
