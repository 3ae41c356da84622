"""Responses exported from LimeSurvey, by code or by text.

In: the cells of an export. Out: its columns. Headings are question codes with the code
of the row or option, ``CA[CA1]`` or ``CA_CA1_``, the full text, ``Question [row]``, or
both, ``CA[CA1]. Question [row]``. Answer codes such as ``A4`` become their numbers;
words in ``CA[other]`` say that the option was chosen.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from kocsem.data.read.cells import Cells, RawTable
from kocsem.data.read.headers import (
    bracket_readings,
    code_readings,
    lay_out,
    split_readings,
)
from kocsem.data.read.platform import Column, Layout, Platform, Reading, Role
from kocsem.data.read.platforms.plain import roles_named
from kocsem.data.read.text import label_key
from kocsem.findings import Finding

_SUBMITTED = "submitdate datesubmitted 提交日期 提交时间"
_TELLING = roles_named(
    {
        "ended": _SUBMITTED,
        "began": "startdate datestarted 开始日期",
        "seconds": "interviewtime totaltime 总时间",
        "ignored": "lastpage startlanguage 起始语言 最后一页 seed 种子 datestamp "
        "datelastaction 最后操作日期",
    }
)
_ROLES = _TELLING | roles_named(
    {
        "origin": "ipaddr ipaddress ip地址",
        "ignored": "id responseid refurl referrerurl 答复id token accesscode firstname "
        "lastname email emailaddress",
    }
)
_HEADING = re.compile(r"^([A-Za-z]\w*(?:\[\w+\])*)\. +(.+)$", re.DOTALL)
_LAST_NUMBER = re.compile(r"^[A-Za-z]\w*?0*(\d+)$")
_ANSWER_CODE = re.compile(r"^(?:A|AO|L)0*(\d+)$")
_OTHER = re.compile(r"\[other\]$|_other_?$")
_EMPTY = frozenset({"", "n/a"})
_OWN = re.compile(r"^(groupTime\d+|attribute_\d+)$")


def _name(header: str) -> str:
    """Return the code of a heading that shows code and text."""
    heading = _HEADING.match(header)
    return heading[1] if heading else header


def _recognises(table: RawTable) -> bool:
    names = {label_key(_name(header)) for header in table.header}
    return len(names & (_TELLING.keys() - {"startdate"})) >= 2


def _layout(table: RawTable) -> Layout:
    named = {header: _name(header) for header in table.header}
    asked = {name.split("[")[0] for name in named.values()}
    roles: dict[str, Role] = {}
    for header, name in named.items():
        key = label_key(name)
        is_time = name.endswith("Time") and name[:-4].split("[")[0] in asked
        if key in _ROLES:
            roles[label_key(header)] = _ROLES[key]
        elif is_time or _OWN.match(name):
            roles[label_key(header)] = "ignored"
    columns = lay_out(table, roles, _readings)
    findings = tuple(_unsubmitted(table, named))
    return Layout(_rewritten(table, columns), columns, findings)


def _readings(header: str, title: str) -> tuple[Reading, ...]:
    heading = _HEADING.match(header)
    name, words = (heading[1], heading[2]) if heading else (header, title or header)
    parts = (*bracket_readings(name, "["), *split_readings(name.rstrip("_"), "_"))
    numbered = tuple(
        Reading(reading.stem, found[1])
        for reading in parts
        if (found := _LAST_NUMBER.match(reading.part or ""))
    )
    if _OTHER.search(name):
        numbered = tuple(Reading(reading.stem, "其他") for reading in parts)
    texts = (Reading(words), *bracket_readings(words, "["))
    return (*code_readings(name), *parts, *numbered, *texts)


def _rewritten(table: RawTable, columns: tuple[Column, ...]) -> RawTable:
    """Write answer codes, ``A4``, as their numbers, and words of others as a tick."""

    def cells(column: Column) -> Cells:
        found = table.columns[column.position]
        if column.role != "question":
            return found
        if _OTHER.search(_name(column.header)):
            return found.renamed(
                lambda cell: cell if label_key(cell) in _EMPTY else "Y"
            )
        return found.renamed(lambda cell: _ANSWER_CODE.sub(r"\1", cell))

    return replace(table, columns=tuple(cells(column) for column in columns))


def _unsubmitted(table: RawTable, named: dict[str, str]) -> Iterator[Finding]:
    """Count the answer sheets that were begun but never handed in."""
    for header, cells in zip(table.header, table.columns, strict=True):
        if label_key(named[header]) not in _SUBMITTED.split():
            continue
        count = int(cells.where(lambda cell: not cell).sum())
        if count:
            message = (
                f"{table.file}: {count} of {len(table)} answer sheets were not "
                "submitted; they are kept, and the share of missing answers decides on "
                "them."
            )
            yield Finding("unfinished-answers", "info", header, message, count)


LIMESURVEY = Platform(
    name="limesurvey",
    recognises=_recognises,
    layout=_layout,
    empty=_EMPTY,
    separators=",;|",
    ticks={"y": True, "yes": True, "是": True, "n": False, "no": False, "否": False},
    blank_if_none=True,
)
