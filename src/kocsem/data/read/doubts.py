"""Cells that can be read in two ways, and how they were read.

In: an inspected export and the instrument. Out: a finding on each question whose
answers could be numbers or texts, or one of whose options goes by a word that also says
"not answered".
"""

from collections.abc import Iterator

from kocsem.data.read.choices import SCALE
from kocsem.data.read.coding import choices_of
from kocsem.data.read.inspect import Inspection
from kocsem.data.read.text import label_key
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Question


def doubt_findings(inspection: Inspection, instrument: Instrument) -> Iterator[Finding]:
    """Remark on cells that could mean something else.

    Parameters
    ----------
    inspection : Inspection
        The export.
    instrument : Instrument
        What was asked.

    Yields
    ------
    Finding
        Codes ``"ambiguous-coding"`` and ``"option-or-nothing"``, both warnings.
    """
    coded = inspection.coded
    for code in coded.ambiguous:
        message = (
            f"The answers to {code} could be option numbers or option texts, which "
            f"stand for different options; they were read as {coded.codings[code]}. "
            "Say coding: number or coding: text."
        )
        yield Finding("ambiguous-coding", "warning", code, message)
    yield from _option_or_nothing(inspection, instrument)


def _option_or_nothing(
    inspection: Inspection, instrument: Instrument
) -> Iterator[Finding]:
    """Find options that were read from a word for "not answered"."""
    for match in inspection.matching.matches:
        code = match.target.code
        if inspection.coded.codings.get(code) != "text":
            continue
        part = instrument.asked[code]
        options = part.options if isinstance(part, Question) else None
        allowed = choices_of(options or instrument.scale_of(code))
        stated = _stated(code, inspection, is_row=options is None)
        for word in inspection.table.columns[match.column.position].words:
            key = label_key(word)
            option = allowed.by_text(word) if word and key not in stated else None
            if option and key in inspection.platform.empty:
                message = (
                    f"'{word}' in {code} was read as option {option}, which has this "
                    "label, although the word may also say that nothing was answered. "
                    f"If it does: 'recode: {{{code}: {{\"{word}\": null}}}}'."
                )
                yield Finding("option-or-nothing", "warning", code, message, word)


def _stated(code: str, inspection: Inspection, is_row: bool) -> frozenset[str]:
    """Return the keys of the cells that the study gives a meaning to."""
    recode = inspection.choices.recode or {}
    cells = [*recode.get(code, ()), *(recode.get(SCALE, ()) if is_row else ())]
    return frozenset(map(label_key, cells))
