"""A survey platform's export to answers coded as in an instrument.

In: a file, an instrument, and, where the file does not tell, its platform and coding.
Out: `Responses`. Answers are matched to questions by words or code; personal data are
never read into it; what cannot be coded is an error that names the rows.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from kocsem.data.read.cells import RawTable
from kocsem.data.read.choices import ReadingChoices, chosen
from kocsem.data.read.doubts import doubt_findings
from kocsem.data.read.duration import durations
from kocsem.data.read.inspect import Inspection, inspect_export
from kocsem.data.read.lacking import lacking_findings
from kocsem.data.read.misfits import refuse_misfits
from kocsem.data.read.patterns import pattern_findings
from kocsem.data.read.platform import Column, filled_column
from kocsem.data.read.privacy import origin_numbers
from kocsem.data.read.provenance import synthetic_findings
from kocsem.data.read.rows import refuse_foreign_rows, row_findings
from kocsem.data.types import Responses, Source
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument


def read_responses(
    path: str | Path,
    instrument: Instrument,
    *,
    platform: str = "auto",
    coding: Literal["auto", "number", "text"] = "auto",
    first_code: int | dict[str, int] = 1,
    mapping: dict[str, str | int | None] | None = None,
    recode: dict[str, dict[str, int | None]] | None = None,
) -> Responses:
    """Read a survey platform's export.

    Parameters
    ----------
    path : str or Path
        A CSV, XLSX or XLS file.
    instrument : Instrument
        What was asked.
    platform : str
        ``"auto"`` to tell it from the content of the file, or a name in
        `kocsem.data.read.platforms.registry.PLATFORMS`; an error when the file is no
        export of it.
    coding : {"auto", "number", "text"}
        Whether answers stand as option numbers or option texts; ``"auto"`` tells it
        from the answers, column by column.
    first_code : int or mapping of str to int
        The number that stands for the first category: one for all scale rows, or by
        code of item or question.
    mapping : mapping of str to str, int or None, optional
        By code: the header or number of the column that answers it, where its header
        does not tell; ``seconds`` and ``origin`` can be mapped as well.
    recode : mapping of str to mapping of str to int or None, optional
        By code, or ``"scale"`` for all scale rows: what cells that match no option
        stand for; None for no answer.

    Returns
    -------
    Responses
        The answers as given, coded 1 to k, not reversed.

    Raises
    ------
    DataError
        If the file cannot be read, lacks an item, has two columns for one question, or
        holds an answer that the instrument does not allow.

    Examples
    --------
    >>> import kocsem.instrument.bundled, kocsem.instrument.load
    >>> koc = kocsem.instrument.load.load_instrument("koc_core")
    >>> demo = kocsem.instrument.bundled.bundled("koc_core_demo.csv")
    >>> responses = read_responses(demo, koc)
    >>> responses.source.platform, responses.source.coding
    ('wenjuanxing', 'number')
    """
    choices = chosen(
        platform=platform,
        coding=coding,
        first_code=first_code,
        mapping=mapping,
        recode=recode,
    )
    return read_chosen(path, instrument, choices)


def read_chosen(
    path: str | Path, instrument: Instrument, choices: ReadingChoices
) -> Responses:
    """Read an export as a study file says.

    Parameters
    ----------
    path : str or Path
        The file.
    instrument : Instrument
        What was asked.
    choices : ReadingChoices
        What is said about the file.

    Returns
    -------
    Responses
        The answers as given, coded 1 to k, not reversed.

    Raises
    ------
    DataError
        As `read_responses`.
    """
    return responses_of(inspect_export(path, instrument, choices), instrument)


def responses_of(inspection: Inspection, instrument: Instrument) -> Responses:
    """Turn an inspected export into answers, or refuse it.

    Parameters
    ----------
    inspection : Inspection
        The export.
    instrument : Instrument
        What was asked.

    Returns
    -------
    Responses
        The answers as given, coded 1 to k, not reversed.

    Raises
    ------
    DataError
        If it lacks an item, or holds an answer that the instrument does not allow.
    """
    absent = lacking_findings(inspection, instrument)
    coded, table = inspection.coded, inspection.table
    refuse_foreign_rows(inspection)
    refuse_misfits(inspection, instrument)
    seconds, remarks = _seconds(table, inspection.columns)
    return Responses(
        answers=pd.DataFrame(dict(coded.columns), index=_index(table)),
        seconds=seconds,
        origin=_origin(table, inspection.columns),
        source=_source(inspection),
        findings=(
            *table.findings,
            *synthetic_findings(inspection.layout),
            *_shape(table),
            *inspection.layout.findings,
            *inspection.findings,
            *inspection.matching.findings,
            *absent,
            *row_findings(inspection),
            *pattern_findings(inspection, instrument),
            *doubt_findings(inspection, instrument),
            *remarks,
        ),
    )


def _index(table: RawTable) -> pd.Index:
    return pd.Index(table.numbers, name="row")


def _source(inspection: Inspection) -> Source:
    table = inspection.table
    codings = sorted(set(inspection.coded.codings.values()))
    return Source(
        file=table.file,
        platform=inspection.platform.name,
        coding="mixed" if len(codings) > 1 else "".join(codings),
        encoding=table.encoding,
        rows=len(table),
        columns=len(table.header),
    )


def _seconds(
    table: RawTable, columns: Sequence[Column]
) -> tuple[pd.Series | None, tuple[Finding, ...]]:
    """Read the time taken; cells that hold no duration are counted, not shown."""
    found = durations(table, columns)
    if found is None:
        return None, ()
    seconds = pd.Series(found.seconds, index=_index(table), name="seconds")
    unread = [str(number) for number in table.numbers[found.unread]]
    if not unread:
        return seconds, ()
    rows = ", ".join(unread[:8]) + (" ..." if len(unread) > 8 else "")
    message = (
        f"{table.file}: the time taken could not be read in {len(unread)} rows "
        f"({rows}); their speed is not judged."
    )
    remark = Finding("unread-duration", "warning", found.header, message, len(unread))
    return seconds, (remark,)


def _origin(table: RawTable, columns: Sequence[Column]) -> pd.Series | None:
    """Take the addresses; where the file has none, the devices."""
    column = filled_column(table, columns, "origin") or filled_column(
        table, columns, "device"
    )
    if column is None:
        return None
    numbers = origin_numbers(table.columns[column.position])
    return pd.Series(numbers, index=_index(table), dtype=float, name="origin")


def _shape(table: RawTable) -> Iterator[Finding]:
    if table.short:
        rows = ", ".join(map(str, table.short[:8]))
        more = " ..." if len(table.short) > 8 else ""
        message = (
            f"{table.file}: {len(table.short)} rows end before the last column (rows "
            f"{rows}{more}); the cells they lack count as unanswered."
        )
        yield Finding("short-row", "warning", table.file, message, len(table.short))
