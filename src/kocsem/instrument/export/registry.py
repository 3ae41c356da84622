"""The platforms and forms to which a questionnaire can go.

In: an instrument, a target's name and perhaps languages. Out: the files and what is
left to do by hand. A new target is a module with a `Target` value and a place in
`TARGETS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kocsem.errors import UnsupportedError
from kocsem.findings import Finding
from kocsem.instrument.export.codebook_target import CODEBOOK
from kocsem.instrument.export.docx_form import PRINT
from kocsem.instrument.export.html_form import HTML
from kocsem.instrument.export.limesurvey import LIMESURVEY
from kocsem.instrument.export.qualtrics import QUALTRICS
from kocsem.instrument.export.redcap import REDCAP
from kocsem.instrument.export.target import Exported, Target
from kocsem.instrument.export.wenjuanxing import WENJUANXING
from kocsem.instrument.export.xlsform import XLSFORM
from kocsem.instrument.nearest import hinted
from kocsem.instrument.types import Instrument, Language

#: In the order in which the command line lists them.
TARGETS: tuple[Target, ...] = (
    WENJUANXING,
    QUALTRICS,
    LIMESURVEY,
    XLSFORM,
    REDCAP,
    HTML,
    PRINT,
    CODEBOOK,
)


@dataclass(frozen=True, slots=True)
class SurveyFiles:
    """A questionnaire, written out.

    Attributes
    ----------
    files : tuple of Exported
        Finished files, not yet on disk.
    findings : tuple of Finding
        What the format cannot carry, and what to do about it.
    """

    files: tuple[Exported, ...]
    findings: tuple[Finding, ...]


def find_target(name: str) -> Target:
    """Return a target by its name.

    Parameters
    ----------
    name : str
        Name of a target.

    Returns
    -------
    Target
        How to write for it.

    Raises
    ------
    UnsupportedError
        If no target has that name.
    """
    for target in TARGETS:
        if target.name == name:
            return target
    known = [target.name for target in TARGETS]
    raise UnsupportedError(hinted(f"There is no target {name}", name, known))


def survey_files(
    instrument: Instrument, to: str, languages: Sequence[Language] = ()
) -> SurveyFiles:
    """Write a questionnaire for a survey platform, or for paper.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    to : str
        Name of a target, such as ``"wenjuanxing"``.
    languages : sequence of {"zh", "en"}
        Languages, the main one first; those of the target when empty.

    Returns
    -------
    SurveyFiles
        The files and what is left to do by hand.

    Raises
    ------
    UnsupportedError
        If there is no such target.
    InstrumentError
        If the questionnaire cannot be written for it without changing its meaning.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> written = survey_files(load_instrument("koc_core"), "wenjuanxing")
    >>> [file.name for file in written.files]
    ['koc_core.wenjuanxing.zh.txt']
    """
    target = find_target(to)
    spoken = tuple(dict.fromkeys(languages)) or target.languages
    return SurveyFiles(
        target.write(instrument, spoken), target.limits(instrument, spoken)
    )
