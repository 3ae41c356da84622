"""Files of SPSS and Stata, which hold words for every variable beside its name.

In: the cells of a ``.sav`` or ``.dta`` file. Out: its columns. The name of a variable
is read first, then its label: the wording, or the code before the wording.
"""

from collections.abc import Callable

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import (
    bracket_readings,
    code_readings,
    lay_out,
    split_readings,
)
from kocsem.data.read.platform import Layout, Platform, Reading
from kocsem.data.read.platforms.plain import COMMON_EMPTY, COMMON_ROLES

_BETWEEN = r"\s+-\s+|\s*[:：—]\s*"


def _layout(table: RawTable) -> Layout:
    return Layout(table, lay_out(table, COMMON_ROLES, _readings))


def _readings(header: str, title: str) -> tuple[Reading, ...]:
    if not title:
        return code_readings(header)
    parts = split_readings(title, _BETWEEN)
    brackets = (*bracket_readings(title, "["), *bracket_readings(title, "("))
    return (*code_readings(header), *code_readings(title), *parts, *brackets)


def _of_kind(*kinds: str) -> Callable[[RawTable], bool]:
    return lambda table: table.encoding in kinds


SPSS = Platform(
    name="spss",
    recognises=_of_kind("sav", "por"),
    layout=_layout,
    empty=COMMON_EMPTY,
    separators="┋;|",
)
STATA = Platform(
    name="stata",
    recognises=_of_kind("dta"),
    layout=_layout,
    empty=COMMON_EMPTY,
    separators="┋;|",
)
