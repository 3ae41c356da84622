"""A plain table: one row an answer sheet, headers that are codes or questions.

In: the header of any CSV or workbook. Out: its columns. The layout of data that was
prepared by hand, or exported from statistics software.
"""

import re

from kocsem.data.read.cells import RawTable
from kocsem.data.read.platform import Column, Layout, Platform, Reading, Role
from kocsem.data.read.text import label_key

_ROLES: dict[str, Role] = {
    "seconds": "seconds",
    "duration": "seconds",
    "duration(inseconds)": "seconds",
    "所用时间": "seconds",
    "origin": "origin",
    "ip": "origin",
    "ipaddress": "origin",
    "ip_address": "origin",
    "来自ip": "origin",
    "source": "source",
    "sourcedetails": "source",
    "来源": "source",
    "来源详情": "source",
    "": "ignored",
    "id": "ignored",
    "row": "ignored",
    "respondent": "ignored",
    "序号": "ignored",
    "编号": "ignored",
}
_OPTION = re.compile(r"^(.+?)[_.\[(](\d+)[\])]?$")
_CODE_FIRST = re.compile(r"^([A-Za-z][\w.]*)\s*[:：、.]\s*\S")


def code_readings(header: str) -> tuple[Reading, ...]:
    """Read a header as a code, a code with an option, or a code before the words.

    Parameters
    ----------
    header : str
        Such as ``"CA1"``, ``"CAT_3"`` or ``"CA1: What this KOC shares"``.

    Returns
    -------
    tuple of Reading
        The header as a whole, then its parts.
    """
    readings = [Reading(header)]
    if option := _OPTION.match(header):
        readings.append(Reading(option[1], option[2]))
    if code := _CODE_FIRST.match(header):
        readings.append(Reading(code[1]))
    return tuple(readings)


def _recognises(table: RawTable) -> bool:
    """Any table will do; this platform is asked last."""
    return bool(table.header)


def _layout(table: RawTable) -> Layout:
    columns = tuple(
        Column(
            position=position,
            header=name,
            role=_ROLES.get(label_key(name), "question"),
            readings=code_readings(name),
        )
        for position, name in enumerate(table.header)
    )
    return Layout(table, columns)


PLAIN = Platform(
    name="plain",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({"", "na", "n/a", "nan", "null", "none", ".", "#n/a", "#null!"}),
    separators="┋;|",
)
