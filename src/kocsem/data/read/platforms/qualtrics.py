"""Exports of Qualtrics, with their two or three header rows.

In: the cells of an export. Out: its columns, and its rows without the further header
rows and without answers that were given on trial. The first row holds names, the second
the question in the language of its author, the third, missing in old exports, a record
with the ``ImportId`` by which columns about the answer sheet are known.
"""

import json
import re
from collections.abc import Iterator

import numpy as np

from kocsem.data.read.cells import Cells, Mask, RawTable
from kocsem.data.read.headers import code_readings, split_readings
from kocsem.data.read.platform import Column, Layout, Platform, Reading, Role
from kocsem.data.read.platforms.plain import roles_named
from kocsem.data.read.privacy import shown
from kocsem.data.read.text import label_key, number_in
from kocsem.findings import Finding

#: Names, import ids and, in old exports, texts of the columns about the sheet.
_ROLES = roles_named(
    {
        "began": "startdate",
        "ended": "enddate",
        "seconds": "duration duration(inseconds) duration__in_seconds_",
        "origin": "ipaddress",
        "ignored": "status progress finished recordeddate responseid _recordid "
        "responseset name recipientlastname recipientfirstname recipientemail "
        "emailaddress externalreference externaldatareference locationlatitude "
        "locationlongitude locationaccuracy distributionchannel userlanguage",
    }
)
_TELLING = roles_named(
    {
        "ignored": "status finished progress ipaddress responseid recordeddate "
        "distributionchannel userlanguage locationlatitude duration(inseconds) "
        "duration__in_seconds_ responseset",
    }
)
_OLD_NAME = re.compile(r"^V\d+$")
_ORDER = re.compile(r"_DO(_\w+)?$")
_CHOICE_TAG = re.compile(r"\s*-\s*(Selected Choice|所选选项|已选选项)(?=\s*-|\s*$)")
_REAL = frozenset({"0", "ipaddress", "4", "imported", "16", "offline", "8", "spam"})
_TRIAL = frozenset(
    {"1", "surveypreview", "2", "surveytest", "9", "17", "offlinesurveypreview"}
    | {"调查预览", "预览", "umfragevorschau", "aperçudel'enquête"}
)
_UNFINISHED = frozenset({"0", "false", "no", "假", "否", "falsch", "faux"})


def _import_ids(table: RawTable) -> tuple[int, tuple[str, ...]]:
    """Find the row of import ids among the first two: its place and the ids."""
    for place in range(min(2, len(table))):
        ids = [_import_id(cell) for cell in table.row(place)]
        if 2 * sum(map(bool, ids)) > len(ids):
            return place, tuple(ids)
    return -1, ("",) * len(table.header)


def _import_id(cell: str) -> str:
    if not cell.startswith("{"):
        return ""
    try:
        return str(json.loads(cell).get("ImportId", ""))
    except json.JSONDecodeError:
        return ""


def _texts_only(table: RawTable) -> bool:
    """Tell whether the first row below the names holds the questions."""
    for name, cell in zip(table.header, table.row(0), strict=True):
        if _OLD_NAME.match(name) and label_key(cell) in _TELLING:
            return True
        if label_key(name) in ("progress", "duration(inseconds)"):
            return number_in(cell) is None and cell != ""
    return False


def _sheet_names(table: RawTable, ids: tuple[str, ...]) -> list[str]:
    """Return for each column the name by which it may be one about the sheet."""
    first = table.row(0)
    return [
        label_key(import_id or (text if _OLD_NAME.match(name) else name))
        for name, text, import_id in zip(table.header, first, ids, strict=True)
    ]


def _recognises(table: RawTable) -> bool:
    place, ids = _import_ids(table)
    return place >= 0 or len(_TELLING.keys() & set(_sheet_names(table, ids))) >= 3


def _layout(table: RawTable) -> Layout:
    place, ids = _import_ids(table)
    headers = place + 1 or int(_texts_only(table))
    names = _sheet_names(table, ids)
    texts = table.row(0) if headers and place != 0 else table.titles
    texts = texts or ("",) * len(table.header)
    columns = tuple(
        _column(position, header, names[position], texts[position])
        for position, header in enumerate(table.header)
    )
    answers = table.taken(np.arange(len(table)) >= headers)
    status = _cells_named("status", answers, names)
    trial = status.where(lambda cell: label_key(cell) in _TRIAL) if status else None
    kept = answers if trial is None else answers.taken(~trial)
    findings = (*_trial(table.file, status, trial), *_unfinished(kept, names))
    return Layout(kept, columns, findings)


def _column(position: int, header: str, name: str, text: str) -> Column:
    role: Role | None = _ROLES.get(name) if header else "ignored"
    if role is None and _ORDER.search(header):
        role = "ignored"
    if role is not None:
        return Column(position, header, role)
    return Column(position, header, readings=_readings(header, text))


def _readings(header: str, text: str) -> tuple[Reading, ...]:
    """Read the words first: names such as ``Q1`` are given by the platform."""
    words = _CHOICE_TAG.sub("", text)
    texts = (Reading(words), *split_readings(words, r"\s*-\s*")) if words else ()
    return (*texts, *code_readings(header), *split_readings(header, "_"))


def _cells_named(name: str, table: RawTable, names: list[str]) -> Cells | None:
    return table.columns[names.index(name)] if name in names else None


def _trial(file: str, status: Cells | None, trial: Mask | None) -> Iterator[Finding]:
    """Say how many answers given on trial were taken out, and what stayed unclear."""
    if status is None or trial is None:
        return
    if count := int(trial.sum()):
        message = (
            f"{file}: {count} answer sheets were given in a preview or a test of the "
            "survey (Status); they are taken out."
        )
        yield Finding("preview-answers", "warning", file, message, count, len(trial))
    known = _REAL | _TRIAL | {""}
    if unknown := [word for word in status.words if label_key(word) not in known]:
        cells = ", ".join(shown(word) for word in unknown[:4])
        message = (
            f"{file}: the column Status holds {cells}, of unknown meaning; "
            "these answer sheets are kept. Look whether they were given in a preview."
        )
        yield Finding("unknown-status", "warning", file, message, len(unknown))


def _unfinished(table: RawTable, names: list[str]) -> Iterator[Finding]:
    """Count the answer sheets that were begun but not finished."""
    if (progress := _cells_named("progress", table, names)) is not None:
        open_ = progress.where(lambda cell: (number_in(cell) or 0) < 100 and cell != "")
    elif (finished := _cells_named("finished", table, names)) is not None:
        open_ = finished.where(lambda cell: label_key(cell) in _UNFINISHED)
    else:
        return
    if count := int(open_.sum()):
        message = (
            f"{table.file}: {count} of {len(table)} answer sheets were not finished; "
            "they are kept, and the share of missing answers decides on them."
        )
        yield Finding("unfinished-answers", "info", table.file, message, count)


QUALTRICS = Platform(
    name="qualtrics",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({"", "-99"}),
    separators=",;|",
)
