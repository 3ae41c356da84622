"""What an export lacks of all that was asked.

In: an inspected export and the instrument. Out: an error that names the items it has no
column for, with what may have been meant; a finding on anything else.
"""

from collections.abc import Sequence

from kocsem.data.read.inspect import Inspection
from kocsem.data.read.matching.records import Matching, Target
from kocsem.data.read.platforms.registry import find_platform
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Item, Question

_TELLING = ("uncertain-column", "unknown-column", "unknown-columns")


def lacking_findings(
    inspection: Inspection, instrument: Instrument
) -> tuple[Finding, ...]:
    """Refuse a file that lacks an item; remark on anything else it lacks.

    Parameters
    ----------
    inspection : Inspection
        The export.
    instrument : Instrument
        What was asked.

    Returns
    -------
    tuple of Finding
        At most one.

    Raises
    ------
    DataError
        If an item that is always in the model has no column.
    """
    matching, file = inspection.matching, inspection.raw.file
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
            raise DataError(_foreign(instrument, inspection))
        raise DataError(_lacking(needed, inspection))
    unread = [code for code in absent if not _is_free_text(asked[code])]
    unread += _options_without_column(matching, instrument)
    if not unread:
        return ()
    codes = ", ".join(unread)
    message = f"{file} has no column for {codes}; what needs it is left out."
    return (Finding("absent-column", "info", codes, message),)


def _foreign(instrument: Instrument, inspection: Inspection) -> str:
    """Say that nothing fits; headers are not shown, for row 1 may hold answers."""
    table = inspection.raw
    return (
        f"{table.file}: none of the {len(table.header)} headers in row 1 is a code or "
        f"the wording of an item of the instrument {instrument.id}. Look whether row 1 "
        "holds the headers, and whether this instrument asked the questions: a study "
        "file names another under 'instrument:', kocsem check with --instrument."
        f"{_likelier(inspection)}"
    )


def _likelier(inspection: Inspection) -> str:
    """Name the platform that the file tells, when another was given."""
    likely = find_platform("auto", inspection.raw)
    told = f" The header looks like platform {likely.name}."
    return "" if likely == inspection.platform else told


def _lacking(needed: Sequence[str], inspection: Inspection) -> str:
    items = ", ".join(needed)
    remarks = inspection.matching.findings
    strays = [finding for finding in remarks if finding.code in _TELLING]
    listed = "".join(f"\n  {finding.message}" for finding in strays[:8])
    more = f"\n  and {len(strays) - 8} more" if len(strays) > 8 else ""
    other = _likelier(inspection)
    return (
        f"{inspection.raw.file}: no column for the items {items}; each needs a header "
        "with its code or its wording, or a line under 'mapping:' in the study file."
        f"{other}{listed}{more}"
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
