"""What to write into a study file so that an export is read without doubt.

In: an inspected export. Out: the ``data`` block in YAML: a line for each column that
was matched by likeness only, for each question without a column, and for each cell that
matches no option. What it holds is a proposal; a person decides.
"""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from kocsem.data.read.inspect import Inspection
from kocsem.data.read.matching.likeness import header_words
from kocsem.data.read.privacy import shown, shown_header
from kocsem.data.read.text import label_key, number_in, words_key
from kocsem.instrument.nearest import nearest
from kocsem.instrument.types import Instrument, Question

_ALIKE = 0.5


def proposed_block(inspection: Inspection, instrument: Instrument) -> str:
    """Write the ``data`` block that would settle what is open.

    Parameters
    ----------
    inspection : Inspection
        The export.
    instrument : Instrument
        What was asked.

    Returns
    -------
    str
        YAML with a remark on each line; empty when nothing is open.
    """
    mapping = [*_likely(inspection), *_open(inspection, instrument)]
    recode = list(_cells(inspection, instrument))
    if not mapping and not recode:
        return ""
    lines = ["data:", f"  file: {_quoted(inspection.raw.file)}"]
    if mapping:
        lines += ["  mapping:", *mapping]
    if recode:
        lines += ["  recode:", *recode]
    return "\n".join(lines)


def _likely(inspection: Inspection) -> Iterator[str]:
    """Confirm the columns that were matched by likeness."""
    for match in inspection.matching.matches:
        if not match.is_certain:
            header = shown_header(match.column.header)
            line = f"    {match.target.name}: {match.column.position + 1}"
            yield f"{line}  # likely ({match.likeness:.0%}): {header}"


def _open(inspection: Inspection, instrument: Instrument) -> Iterator[str]:
    """Name the questions without a column, with the nearest column left over."""
    answered = {match.target.code for match in inspection.matching.matches}
    stated = inspection.choices.mapping or {}
    strays = {
        words_key(header_words(column)): column for column in inspection.matching.strays
    }
    for code, part in instrument.asked.items():
        free = isinstance(part, Question) and part.kind == "text"
        if code in answered or code in stated or free:
            continue
        words = (code, *((part.text.zh, part.text.en) if part.text else ()))
        near = next(filter(None, (nearest(words_key(w), strays) for w in words)), None)
        if near is None:
            yield f"    {code}: null  # no column found"
        else:
            column = strays[near]
            header = shown_header(column.header)
            place = column.position + 1
            yield f"    {code}: null  # no column found; nearest {place}: {header}"


def _cells(inspection: Inspection, instrument: Instrument) -> Iterator[str]:
    """Offer a meaning for cells that match no option."""
    seen: str | None = None
    for misfit in inspection.coded.misfits:
        labels = _labels(misfit.code, instrument)
        if not labels:
            continue
        cell = shown(misfit.cell, labels)
        if cell.startswith("("):
            continue  # what looks personal is not repeated
        if misfit.code != seen:
            seen = misfit.code
            yield f"    {misfit.code}:"
        meant = _meant(misfit.cell, labels) or "null"
        rows = "1 row" if len(misfit.rows) == 1 else f"{len(misfit.rows)} rows"
        yield f"      {_quoted(misfit.cell)}: {meant}  # {rows}; check"


def _meant(cell: str, labels: Mapping[str, int]) -> int | None:
    """Return the category that a cell names: by number among texts, or nearly."""
    number = number_in(cell)
    if number is not None:
        return int(number) if number in labels.values() else None
    near = get_close_matches(label_key(cell), labels, 1, _ALIKE)
    return labels[near[0]] if near else None


def _labels(code: str, instrument: Instrument) -> dict[str, int]:
    """Return the labels of a question's categories, by their keys."""
    part = instrument.asked.get(code)
    if part is None:
        return {}
    if isinstance(part, Question):
        texts = tuple(option.label for option in part.options)
    else:
        texts = instrument.scale_of(code).anchors
    return {
        label_key(words): number
        for number, text in enumerate(texts, start=1)
        for words in (text.zh, text.en)
    }


def _quoted(text: str) -> str:
    """Write a text as a YAML string in double quotes."""
    return json.dumps(text, ensure_ascii=False)
