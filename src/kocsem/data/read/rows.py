"""Rows of a file that are no answer sheets: repeated headers, totals, notes.

In: an inspected export. Out: an error that names a row which repeats the headers or
holds totals; findings on rows without any answer and on sheets that are numbered twice,
as they stand in files that were joined.
"""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.data.read.formats.words import counted
from kocsem.data.read.inspect import Inspection
from kocsem.data.read.privacy import shown_header
from kocsem.data.read.text import label_key
from kocsem.errors import DataError
from kocsem.findings import Finding

Mask = NDArray[np.bool_]

_TOTALS = re.compile(
    r"[合总小共]计|总和|平均[值数分]?|均值|方差|中位数|众数|标准差|最[大小]值"
    r"|(grand|sub)?totals?|sum|mean|average|median|std|sd|stddev|std\.dev(iation|\.)|variance|minimum|maximum"
)
_NUMBERS = frozenset(
    (
        *("序号", "编号", "答卷编号", "id", "_id", "index", "row", "respondent"),
        *("responseid", "response_id", "recordid", "record_id", "_uuid", "key"),
        *("instanceid", "meta/instanceid", "meta-instanceid"),
    )
)
_MOST_ROWS = 8


def refuse_foreign_rows(inspection: Inspection) -> None:
    """Refuse a file in which a row repeats the headers or holds totals.

    Parameters
    ----------
    inspection : Inspection
        The export.

    Raises
    ------
    DataError
        If there is such a row; the message names it.
    """
    if rows := _listed(inspection, _headers_again(inspection)):
        raise DataError(
            f"{inspection.raw.file}, row {rows}: the row repeats the headers; exports "
            "were joined one below the other, it seems. Where all have the same "
            "columns in the same order, delete the row; otherwise join them by their "
            "headers, or read each file on its own."
        )
    if rows := _listed(inspection, _totals(inspection)):
        raise DataError(
            f"{inspection.raw.file}, row {rows}: the row holds totals or averages "
            "(合计, 平均), not the answers of a respondent; delete it."
        )


def row_findings(inspection: Inspection) -> Iterator[Finding]:
    """Remark on rows without any answer, and on numbers that come twice.

    Parameters
    ----------
    inspection : Inspection
        The export.

    Yields
    ------
    Finding
        Codes ``"row-without-answer"`` and ``"repeated-number"``, both warnings.
    """
    file = inspection.raw.file
    blank = _blank(inspection)
    if rows := _listed(inspection, blank):
        message = (
            f"{file}: no question is answered in {counted(blank.sum(), 'row')} "
            f"({rows}), which yet count as answer sheets. Delete notes and totals "
            "below the answers."
        )
        yield Finding("row-without-answer", "warning", file, message, int(blank.sum()))
    for position, header in enumerate(inspection.table.header):
        again = _repeated(inspection, position)
        if rows := _listed(inspection, again):
            place = f"column {position + 1} ({shown_header(header)})"
            message = (
                f"{file}: {place} numbers the answer sheets, but the number of an "
                f"earlier one comes again in {counted(again.sum(), 'row')} ({rows}). "
                "Look whether the same answers were joined to the file twice, and "
                "remove them."
            )
            yield Finding("repeated-number", "warning", file, message, int(again.sum()))


def _listed(inspection: Inspection, found: Mask) -> str:
    """List row numbers, as a spreadsheet shows them; empty when there is none."""
    numbers = inspection.table.numbers[found].tolist()
    more = " ..." if len(numbers) > _MOST_ROWS else ""
    return ", ".join(map(str, numbers[:_MOST_ROWS])) + more


def _headers_again(inspection: Inspection) -> Mask:
    """Find rows of which half the cells and more are headers, in whatever order."""
    table = inspection.table
    headers = {header for header in inspection.raw.header if header}
    alike = np.zeros(len(table), dtype=int)
    for column in table.columns:
        if not headers.isdisjoint(column.words):
            alike += column.where(headers.__contains__)
    return alike >= max(2, len(headers) / 2)


def _totals(inspection: Inspection) -> Mask:
    """Find rows that bear a word for totals before the first answer."""
    table = inspection.table
    matches = inspection.matching.matches
    first = min((match.column.position for match in matches), default=0)
    found = np.zeros(len(table), dtype=bool)
    for column in table.columns[:first]:
        found |= column.where(_is_total)
    return found


def _is_total(cell: str) -> bool:
    is_word = not cell[:1].isdigit()  # numbers and moments are many
    return is_word and _TOTALS.fullmatch(label_key(cell).rstrip(":")) is not None


def _blank(inspection: Inspection) -> Mask:
    """Find rows without an answer to any question that is read."""
    coded = inspection.coded.columns.values()
    if not coded:
        return np.zeros(len(inspection.table), dtype=bool)
    return np.asarray(np.all([np.isnan(values) for values in coded], axis=0))


def _repeated(inspection: Inspection, position: int) -> Mask:
    """Find rows whose number stands in an earlier row, in a column of numbers."""
    table, matches = inspection.table, inspection.matching.matches
    is_answer = any(match.column.position == position for match in matches)
    if is_answer or label_key(table.header[position]) not in _NUMBERS:
        return np.zeros(len(table), dtype=bool)
    column = table.columns[position]
    filled = column.where(bool)
    return filled & pd.Series(column.codes).duplicated().to_numpy()
