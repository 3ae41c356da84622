"""Exports of KoboToolbox, ODK and their relatives.

In: the cells of an export. Out: its columns. Headers are names or labels, with the
groups before them, ``battery/CA1``; several answers are joined by blanks, or each
option has a column, ``CAT/1``. The time taken is counted from ``start`` and ``end``.
"""

import re

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import (
    code_readings,
    is_named,
    lay_out,
    split_readings,
)
from kocsem.data.read.platform import Layout, Platform, Reading, Role
from kocsem.data.read.platforms.plain import roles_named
from kocsem.data.read.text import label_key

_TELLING = roles_named(
    {
        "ignored": "_uuid _submission_time _submitted_by _validation_status "
        "__version__ _xform_id_string _index formhub/uuid meta/instanceid "
        "meta-instanceid instanceid submissiondate formversion formdef_version "
        "meta/rootuuid submitterid submittername"
    }
)
_ROLES = _TELLING | roles_named(
    {
        "began": "start starttime",
        "ended": "end endtime",
        "seconds": "duration _duration",
        "device": "deviceid",
        "ignored": "today _id key _notes _status _tags _attachments _geolocation "
        "username phonenumber email subscriberid simserial simid devicephonenum audit "
        "geopoint gps reviewstate devicename edits attachmentspresent "
        "attachmentsexpected meta/instancename meta-instancename",
    }
)
_PLACE = re.compile(r"[-+]?\d+\.\d+ [-+]?\d+\.\d+( [-+]?\d+(\.\d+)?){0,2}")
_PLACE_PART = re.compile(r"_(latitude|longitude|altitude|precision)$")


def _recognises(table: RawTable) -> bool:
    return is_named(table, _TELLING, 2)


def _layout(table: RawTable) -> Layout:
    places = [
        label_key(name)
        for name, cells in zip(table.header, table.columns, strict=True)
        if _PLACE_PART.search(name) or _holds_places(cells.words)
    ]
    roles: dict[str, Role] = _ROLES | dict.fromkeys(places, "ignored")
    return Layout(table, lay_out(table, roles, _readings))


def _holds_places(words: tuple[str, ...]) -> bool:
    filled = [word for word in words if word]
    return bool(filled) and all(_PLACE.fullmatch(word) for word in filled)


def _readings(header: str, _: str) -> tuple[Reading, ...]:
    """Read the header with all of its groups, then without one after the other."""
    starts = [0, *(found.end() for found in re.finditer(r"[/:_.-]", header))]
    readings: list[Reading] = []
    for start in starts:
        name = header[start:]
        readings += (*code_readings(name), *split_readings(name, "/"))
    return tuple(readings)


KOBO = Platform(
    name="kobo",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({"", "n/a"}),
    separators=" ",
    ticks={"true": True, "false": False},
    blank_if_none=True,
)
