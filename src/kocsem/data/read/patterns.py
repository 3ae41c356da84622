"""Patterns of answers that no respondents make, but joined or recoded files do.

In: coded answers and the instrument. Out: findings on an item that a whole stretch of
the file leaves open, as where two versions of a questionnaire were joined, and on a
scale of which nobody ever chose one end, as where codes were moved by one.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kocsem.data.read.inspect import Inspection
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]

_STRETCH = 20  # answer sheets in a row that leave one item open
_ROWS, _ANSWERS = 5, 500  # from so many on, an end nobody chose is no chance


def pattern_findings(
    inspection: Inspection, instrument: Instrument
) -> Iterator[Finding]:
    """Remark on stretches without answer and on ends that nobody chose.

    Parameters
    ----------
    inspection : Inspection
        The export.
    instrument : Instrument
        What was asked.

    Yields
    ------
    Finding
        Codes ``"unanswered-stretch"`` and ``"end-never-chosen"``, both warnings.
    """
    columns = inspection.coded.columns
    rows = [code for code in instrument.likert_rows if code in columns]
    for codes in _neighbours(rows, instrument):
        yield from _stretches(codes, inspection)
    yield from _ends(rows, columns, instrument, inspection.raw.file)


def _neighbours(rows: Sequence[str], instrument: Instrument) -> Iterator[list[str]]:
    """Group rows that whoever is asked one of them is asked all of."""
    known = set(rows)
    for block in instrument.blocks:
        yield [code for code in block.items if code in known]
    if not instrument.blocks:
        yield list(rows)


def _stretches(codes: Sequence[str], inspection: Inspection) -> Iterator[Finding]:
    """Find rows that stay open where most of their neighbours are answered."""
    if len(codes) < 2:
        return
    columns, file = inspection.coded.columns, inspection.raw.file
    answered = np.array([~np.isnan(columns[code]) for code in codes])
    reached = 2 * answered.sum(axis=0) >= len(codes)
    numbers = inspection.table.numbers[reached]
    for code, filled in zip(codes, answered[:, reached], strict=True):
        start, length = _longest(~filled)
        if length and (length >= _STRETCH or length == len(numbers)):
            first, last = numbers[start], numbers[start + length - 1]
            message = (
                f"{file}: {code} is open in {length} answer sheets on end (rows "
                f"{first} to {last}), which answer its neighbours. Look whether two "
                "versions of the questionnaire were joined, and whether a column that "
                "was not read holds these answers: "
                f"'mapping: {{{code}: its number}}'."
            )
            yield Finding("unanswered-stretch", "warning", code, message, length)


def _longest(open_: Mask) -> tuple[int, int]:
    """Return where the longest run of True begins, and its length."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], open_.astype(int), [0]))))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(starts):
        return 0, 0
    place = int(lengths.argmax())
    return int(starts[place]), int(lengths[place])


def _ends(
    rows: Sequence[str],
    columns: Mapping[str, FloatArray],
    instrument: Instrument,
    file: str,
) -> Iterator[Finding]:
    """Find scales of which one end was chosen nowhere and the other was."""
    points = {code: instrument.scale_of(code).points for code in rows}
    for top in sorted(set(points.values())):
        codes = [code for code in rows if points[code] == top]
        values = np.concatenate([columns[code] for code in codes])
        ends = {1: np.any(values == 1), top: np.any(values == top)}
        enough = len(codes) >= _ROWS and np.isfinite(values).sum() >= _ANSWERS
        if not enough or any(ends.values()) == all(ends.values()):
            continue
        never = next(end for end, chosen in ends.items() if not chosen)
        message = (
            f"{file}: nobody chose {never} of 1 to {top} in any of the {len(codes)} "
            "rows of the scale. Look whether the answers are coded from another number "
            "(first_code) or were recoded, or an answer was lost on the way."
        )
        subject = ", ".join(codes)
        yield Finding("end-never-chosen", "warning", subject, message, never, top)
