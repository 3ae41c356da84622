"""What ``kocsem check`` prints of an export: column by column, and what to do."""

from collections.abc import Iterator

import numpy as np

from kocsem.data.read.inspect import Inspection
from kocsem.data.read.matching.records import Match
from kocsem.data.read.privacy import shown_header
from kocsem.data.read.proposal import proposed_block
from kocsem.instrument.types import Instrument, Question

_HOW = {
    "mapping": "stated",
    "code": "code",
    "words": "words",
    "options": "options",
    "likely": "likely",
}
_ROLES = {
    "seconds": "the time taken",
    "origin": "the origin, for duplicates only",
    "source": "the channel, to tell synthetic answers",
}
_LONGEST = 60


def export_lines(inspection: Inspection, instrument: Instrument) -> Iterator[str]:
    """Describe an export, line by line.

    Parameters
    ----------
    inspection : Inspection
        The export.
    instrument : Instrument
        What was asked.

    Yields
    ------
    str
        Lines without a line feed. Headers that look personal are not repeated.
    """
    table, platform = inspection.table, inspection.platform
    codings = " and ".join(sorted(set(inspection.coded.codings.values()))) or "none"
    yield (
        f"{table.file}: {platform.name}, {table.encoding}, answers by {codings}; "
        f"{len(table)} answer sheets, {len(table.header)} columns."
    )
    yield ""
    yield f"{'column':>6}  {'answers':<10} {'how sure':<12} {'codes found':<16} header"
    for match in inspection.matching.matches:
        yield _matched(match, inspection, instrument)
    for column in inspection.columns:
        if column.role in _ROLES:
            header = shown_header(column.header)
            yield f"{column.position + 1:>6}  {_ROLES[column.role]}: {header}"
    yield from _unread(inspection)
    block = proposed_block(inspection, instrument)
    yield ""
    if block:
        yield "To settle what is open, paste this into the study file and correct it:"
        yield ""
        yield from block.splitlines()
    else:
        yield "Every question has its column; the study file needs no mapping."
    yield ""


def _matched(match: Match, inspection: Inspection, instrument: Instrument) -> str:
    sure = _HOW[match.how]
    if not match.is_certain:
        sure = f"{sure} {match.likeness:.0%}"
    found = _codes_found(match, inspection, instrument)
    header = shown_header(match.column.header)
    if len(header) > _LONGEST:
        header = f"{header[: _LONGEST - 1]}…'"
    place = match.column.position + 1
    return f"{place:>6}  {match.target.name:<10} {sure:<12} {found:<16} {header}"


def _codes_found(match: Match, inspection: Inspection, instrument: Instrument) -> str:
    """Write the codes that a column holds, and how many cells hold none."""
    columns = inspection.coded.columns
    part = instrument.asked[match.target.code]
    if match.target.name in columns:
        values = columns[match.target.name]
        codes = np.unique(values[~np.isnan(values)])
        empty = int(np.isnan(values).sum())
    elif isinstance(part, Question) and part.kind == "multi":
        chosen = [columns[name] for name in part.columns]
        codes = np.array([k for k, v in enumerate(chosen, start=1) if (v == 1).any()])
        empty = int(np.isnan(chosen[0]).sum())
    else:
        return "not read"
    if isinstance(part, Question) and part.kind == "number" and len(codes):
        listed = f"{codes[0]:g} to {codes[-1]:g}"
    else:
        listed = _runs([int(code) for code in codes])
    misfits = (m for m in inspection.coded.misfits if m.code == match.target.name)
    wrong = sum(len(misfit.rows) for misfit in misfits)
    counts = {
        listed: 1,
        f"{empty - wrong} empty": empty - wrong,
        f"{wrong} wrong": wrong,
    }
    return ", ".join(words for words, count in counts.items() if words and count)


def _runs(codes: list[int]) -> str:
    """Write whole numbers, runs of three and more by their ends."""
    parts: list[list[int]] = []
    for code in codes:
        if parts and code == parts[-1][-1] + 1:
            parts[-1].append(code)
        else:
            parts.append([code])
    return ",".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run))
        for run in parts
    )


def _unread(inspection: Inspection) -> Iterator[str]:
    """List the columns that answer nothing, by place only where they look personal."""
    strays = inspection.matching.strays
    if strays:
        yield "Not read, because they answer no question:"
    for column in strays[:40]:
        yield f"{column.position + 1:>6}  {shown_header(column.header)}"
    if len(strays) > 40:
        yield f"        and {len(strays) - 40} more"
