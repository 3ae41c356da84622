"""Exports of REDCap, raw or with labels.

In: the cells of an export. Out: its columns. Names are in lower case; each box of a
checkbox field has a column, ``plat___1``, or ``Which? (choice=Food)`` under labels;
every form ends with a column on its state. A box that is not ticked reads alike in a
form that nobody opened, so that a field without any tick counts as unanswered.
"""

import re
from collections.abc import Iterator

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import code_readings, lay_out
from kocsem.data.read.platform import Layout, Platform, Reading, Role
from kocsem.data.read.text import label_key
from kocsem.findings import Finding

_RECORD = frozenset({"record_id", "recordid"})
_ROLES: dict[str, Role] = dict.fromkeys(
    (
        *_RECORD,
        *("surveyidentifier", "surveytimestamp", "eventname", "dataaccessgroup"),
        *("repeatinstrument", "repeatinstance"),
    ),
    "ignored",
)
_STATE = re.compile(r"_complete$|^Complete\?$")
_OWN = re.compile(r"_complete$|^Complete\?$|^redcap_|_timestamp$")
_BOX = re.compile(r"^(.+?)___(\w+)$|^(.+?)\s*\(choice=(.+)\)$", re.DOTALL)
_FINISHED = frozenset({"2", "complete"})


def _recognises(table: RawTable) -> bool:
    names = table.header
    record = any(label_key(name) in _RECORD for name in names)
    state = any(_STATE.search(name) for name in names)
    boxes = any(_BOX.match(name) for name in names)
    return record + state + boxes >= 2 or any(n.startswith("redcap_") for n in names)


def _layout(table: RawTable) -> Layout:
    own = [label_key(name) for name in table.header if _OWN.search(name)]
    roles: dict[str, Role] = _ROLES | dict.fromkeys(own, "ignored")
    columns = lay_out(table, roles, _readings)
    return Layout(table, columns, tuple(_unfinished(table)))


def _readings(header: str, _: str) -> tuple[Reading, ...]:
    if box := _BOX.match(header):
        return (Reading(box[1] or box[3], box[2] or box[4]),)
    return code_readings(header)


def _unfinished(table: RawTable) -> Iterator[Finding]:
    """Count the answer sheets of each form that is not marked complete."""
    for name, cells in zip(table.header, table.columns, strict=True):
        if not _STATE.search(name):
            continue
        count = int(cells.where(lambda cell: label_key(cell) not in _FINISHED).sum())
        if count:
            message = (
                f"{table.file}: {count} of {len(table)} answer sheets are not marked "
                f"complete in column '{name}'; they are kept, and the share of missing "
                "answers decides on them."
            )
            yield Finding("unfinished-answers", "info", name, message, count)


REDCAP = Platform(
    name="redcap",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({""}),
    separators=",;|",
    ticks={"checked": True, "unchecked": False},
    blank_if_none=True,
)
