"""One message for all cells of a file that are no answer.

In: what could not be coded. Out: nothing when all could be; else a `DataError` that
names columns, rows and values, and the likeliest cause where many cells point to it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kocsem.data.read.answers import CodedAnswers, Misfit
from kocsem.data.read.inspect import Inspection
from kocsem.data.read.privacy import shown
from kocsem.data.read.text import number_in
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument, Question

_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)|\d{1,2}月\d{1,2}日")
_ADVICE = (
    "Correct these cells, empty them where the answer is not known, or say under "
    "'recode:' in the study file what they stand for."
)
_EXPLAINING = (
    *("export-by-score", "uncomputed-formula", "error-cells", "line-breaks"),
    *("short-row", "value-labels", "unknown-status", "merged-answers"),
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+[,，]\d+")
_MOST_LINES = 10
_MOST_ROWS = 5


def refuse_misfits(inspection: Inspection, instrument: Instrument) -> None:
    """Raise one error for all cells that are no answer.

    Parameters
    ----------
    inspection : Inspection
        The export; findings on it that may explain the cells are repeated.
    instrument : Instrument
        What was asked.

    Raises
    ------
    DataError
        If there is any misfit.
    """
    coded = inspection.coded
    if not coded.misfits:
        return
    by_column: defaultdict[str, list[Misfit]] = defaultdict(list)
    for misfit in coded.misfits:
        by_column[misfit.code].append(misfit)
    labels = _labels(instrument)
    lines = [line for group in by_column.values() for line in _lines(group, labels)]
    listed = "".join(f"\n  {line}" for line in lines[:_MOST_LINES])
    more = len(lines) - _MOST_LINES
    rest = f"\n  and {more} more" if more > 0 else ""
    count = sum(len(misfit.rows) for misfit in coded.misfits)
    cells = "1 cell is" if count == 1 else f"{count} cells are"
    first_code = inspection.choices.first_code
    cause = _dates(coded) or _commas(coded) or _cause(coded, instrument, first_code)
    advice = "\n".join((*_explanations(inspection), cause or _ADVICE))
    raise DataError(
        f"{inspection.raw.file}: {cells} no answer.{listed}{rest}\n{advice}"
    )


def _explanations(inspection: Inspection) -> Iterator[str]:
    """Repeat what is known of the file and can be why cells are no answer."""
    table, layout = inspection.table, inspection.layout
    for finding in (*table.findings, *layout.findings, *inspection.findings):
        if finding.code in _EXPLAINING:
            yield finding.message


def _labels(instrument: Instrument) -> frozenset[str]:
    """Collect the words of all options and scale points, in both languages."""
    texts = list(instrument.scale.anchors)
    for construct in instrument.constructs:
        texts += construct.scale.anchors if construct.scale else ()
    for part in instrument.asked.values():
        texts += [o.label for o in part.options] if isinstance(part, Question) else []
    return frozenset(words for text in texts for words in (text.zh, text.en))


def _lines(group: Sequence[Misfit], labels: frozenset[str]) -> Iterator[str]:
    for misfit in group:
        rows = ", ".join(map(str, misfit.rows[:_MOST_ROWS]))
        more = len(misfit.rows) - _MOST_ROWS
        where = f"row {rows}" if len(misfit.rows) == 1 else f"rows {rows}"
        where += f" and {more} more" if more > 0 else ""
        header = "" if misfit.header == misfit.code else f", column '{misfit.header}'"
        cell = shown(misfit.cell, labels)
        yield f"{misfit.code}{header}, {where}: {cell} {misfit.why}"


def _dates(coded: CodedAnswers) -> str | None:
    """Say that a spreadsheet program has turned answers into dates."""
    dates = [misfit for misfit in coded.misfits if _DATE.match(misfit.cell)]
    if not dates:
        return None
    codes = ", ".join(dict.fromkeys(misfit.code for misfit in dates))
    return (
        f"A spreadsheet program has turned answers to {codes} into dates (1-2 becomes "
        "2 January). Export the answers once more and read the file before it is "
        "opened in one, or export them by option number."
    )


def _commas(coded: CodedAnswers) -> str | None:
    """Say that numbers are written with a decimal comma."""
    found = [m for m in coded.misfits if _DECIMAL_COMMA.fullmatch(m.cell)]
    if 2 * len(found) <= len(coded.misfits):
        return None
    return (
        "The numbers are written with a decimal comma; save the file as .xlsx, or "
        "replace the commas in these cells by points."
    )


def _cause(
    coded: CodedAnswers, instrument: Instrument, first_code: int | Mapping[str, int]
) -> str | None:
    """Name the cause when the scale rows as a whole are coded otherwise."""
    rows = set(instrument.likert_rows)
    wrong = [m for m in coded.misfits if m.code in rows]
    numbers = {n for m in wrong if (n := number_in(m.cell)) is not None}
    top = max((instrument.scale_of(code).points for code in rows), default=0)
    if first_code != 1 or not numbers:
        return None
    reaches_top = any(
        (coded.columns[code] == instrument.scale_of(code).points).any()
        for code in rows & set(coded.columns)
    )
    if numbers == {0.0} and not reaches_top:
        return (
            "No answer reaches the top of the scale, so it seems to be coded from 0; "
            "if 0 stands for the first category, say first_code: 0. If the file was "
            "exported by score (按分数), export it by option number (按序号) instead."
        )
    if min(numbers) > top and len({m.code for m in wrong}) > len(rows) / 2:
        return (
            f"Most items hold answers above {top}; the file seems to come from a scale "
            "with more points. Correct scale: points in the instrument."
        )
    return None
