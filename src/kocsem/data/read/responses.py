"""A survey platform's export to answers coded as in an instrument.

In: a file, an instrument, and, where the file does not tell, its platform and coding.
Out: `Responses`. Answers are matched to questions by words or code; personal data are
never read into it; what cannot be coded is an error that names the rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from kocsem.data.read.agreement import agreement_findings
from kocsem.data.read.answers import CodedAnswers, Conventions, code_answers
from kocsem.data.read.cells import RawTable
from kocsem.data.read.duration import durations
from kocsem.data.read.labels import label_findings, with_labels
from kocsem.data.read.match import Matching, Target, match_columns
from kocsem.data.read.misfits import refuse_misfits
from kocsem.data.read.platform import Column, Platform, filled_column
from kocsem.data.read.platforms.registry import find_platform, platform_named
from kocsem.data.read.privacy import origin_numbers
from kocsem.data.read.provenance import synthetic_findings
from kocsem.data.read.table import read_table
from kocsem.data.types import Responses, Source
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.nearest import hint
from kocsem.instrument.types import Instrument, Item, Question

_CODINGS = ("auto", "number", "text")


def read_responses(
    path: str | Path,
    instrument: Instrument,
    *,
    platform: str = "auto",
    coding: Literal["auto", "number", "text"] = "auto",
    first_code: int | Mapping[str, int] = 1,
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
    check_options(instrument, platform, coding, first_code)
    raw = read_table(path)
    found = find_platform(platform, raw)
    layout = found.layout(raw)
    table, columns = layout.table, layout.columns
    matching = match_columns(columns, instrument, table.file)
    absent = _absent(matching, instrument, raw, found)
    conventions = Conventions(
        platform=found,
        coding=None if coding == "auto" else coding,
        first_code=first_code,
    )
    labelled = tuple(label_findings(table, matching.targets, instrument, conventions))
    if coding == "text":
        table = with_labels(table, matching.targets)
    coded = code_answers(table, matching.targets, instrument, conventions)
    refuse_misfits(coded, instrument, first_code, table.file)
    seconds, remarks = _seconds(table, columns)
    return Responses(
        answers=pd.DataFrame(dict(coded.columns), index=_index(table)),
        seconds=seconds,
        origin=_origin(table, columns),
        source=_source(table, found, coded),
        findings=(
            *table.findings,
            *synthetic_findings(layout),
            *_shape(table),
            *layout.findings,
            *labelled,
            *matching.findings,
            *agreement_findings(matching.targets, instrument),
            *absent,
            *_ambiguous(coded),
            *remarks,
        ),
    )


def check_options(
    instrument: Instrument,
    platform: str,
    coding: str,
    first_code: int | Mapping[str, int],
) -> None:
    """Refuse options of `read_responses` that do not exist, before reading anything.

    Parameters
    ----------
    instrument : Instrument
        What was asked.
    platform, coding : str
        As in `read_responses`.
    first_code : int or mapping of str to int
        As in `read_responses`.

    Raises
    ------
    DataError
        If there is no such platform, coding or question.
    """
    if platform != "auto":
        platform_named(platform)
    if coding not in _CODINGS:
        raise DataError(f"there is no coding {coding}; {hint(coding, _CODINGS)}.")
    for code in first_code if isinstance(first_code, Mapping) else ():
        if code not in instrument.asked:
            near = hint(code, instrument.asked)
            raise DataError(f"first_code: there is no question {code}; {near}.")


def _index(table: RawTable) -> pd.Index:
    return pd.Index(table.numbers, name="row")


def _source(table: RawTable, platform: Platform, coded: CodedAnswers) -> Source:
    codings = sorted(set(coded.codings.values()))
    return Source(
        file=table.file,
        platform=platform.name,
        coding="mixed" if len(codings) > 1 else "".join(codings),
        encoding=table.encoding,
        rows=len(table),
        columns=len(table.header),
    )


def _absent(
    matching: Matching, instrument: Instrument, table: RawTable, platform: Platform
) -> tuple[Finding, ...]:
    """Refuse a file that lacks an item; remark on anything else it lacks."""
    asked = instrument.asked
    present = {target.code for target in matching.targets}
    absent = [code for code in asked if code not in present]
    needed = [
        code
        for code in absent
        if isinstance(part := asked[code], Item) and not part.optional
    ]
    if needed:
        if not any(isinstance(asked[code], Item) for code in present):
            raise DataError(_foreign(instrument, table, platform))
        raise DataError(_lacking(needed, matching, table, platform))
    unread = [code for code in absent if not _is_free_text(asked[code])]
    unread += _options_without_column(matching, instrument)
    if not unread:
        return ()
    codes = ", ".join(unread)
    message = f"{table.file} has no column for {codes}; what needs it is left out."
    return (Finding("absent-column", "info", codes, message),)


def _foreign(instrument: Instrument, table: RawTable, platform: Platform) -> str:
    """Say that nothing fits; headers are not shown, for row 1 may hold answers."""
    return (
        f"{table.file}: none of the {len(table.header)} headers in row 1 is a code or "
        f"the wording of an item of the instrument {instrument.id}. Look whether row 1 "
        "holds the headers, and whether this instrument asked the questions: a study "
        "file names another under 'instrument:', kocsem check with --instrument."
        f"{_likelier(table, platform)}"
    )


def _likelier(table: RawTable, platform: Platform) -> str:
    """Name the platform that the header tells, when another was given."""
    likely = find_platform("auto", table)
    return (
        "" if likely == platform else f" The header looks like platform {likely.name}."
    )


def _lacking(
    needed: Sequence[str], matching: Matching, table: RawTable, platform: Platform
) -> str:
    items = ", ".join(needed)
    strays = [f for f in matching.findings if f.code.startswith("unknown-column")]
    listed = "".join(f"\n  {finding.message}" for finding in strays[:8])
    more = f"\n  and {len(strays) - 8} more" if len(strays) > 8 else ""
    other = _likelier(table, platform)
    return (
        f"{table.file}: no column for the items {items}; each needs a header with its "
        f"code or its wording.{other}{listed}{more}"
    )


def _options_without_column(matching: Matching, instrument: Instrument) -> list[str]:
    """List the options that have no column though others of their question have."""
    targets = matching.targets
    split = dict.fromkeys(t.code for t in targets if t.option is not None)
    return [
        column
        for code in split
        if isinstance(question := instrument.asked[code], Question)
        for option, column in zip(question.options, question.columns, strict=True)
        if Target(code, option.code) not in targets
    ]


def _is_free_text(part: object) -> bool:
    return isinstance(part, Question) and part.kind == "text"


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


def _ambiguous(coded: CodedAnswers) -> Iterator[Finding]:
    for code in coded.ambiguous:
        message = (
            f"The answers to {code} could be option numbers or option texts, which "
            f"stand for different options; they were read as {coded.codings[code]}. "
            "Say coding: number or coding: text."
        )
        yield Finding("ambiguous-coding", "warning", code, message)


def _shape(table: RawTable) -> Iterator[Finding]:
    if table.short:
        rows = ", ".join(map(str, table.short[:8]))
        more = " ..." if len(table.short) > 8 else ""
        message = (
            f"{table.file}: {len(table.short)} rows end before the last column (rows "
            f"{rows}{more}); the cells they lack count as unanswered."
        )
        yield Finding("short-row", "warning", table.file, message, len(table.short))
