"""Answers to a Google form, as its sheet or its CSV file holds them.

In: the header of an export. Out: its columns. The first header is the word for a time
stamp in the owner's language; a grid has one column a row, ``Title [row]``; boxes that
were ticked are joined by commas or semicolons; there is no time taken.
"""

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import (
    bracket_readings,
    code_readings,
    is_named,
    lay_out,
)
from kocsem.data.read.platform import Layout, Platform, Reading, Role
from kocsem.data.read.platforms.plain import roles_named

_TIMESTAMPS = (
    "Timestamp",
    "时间戳记",
    "时间戳",
    "時間戳記",
    "タイムスタンプ",
    "타임스탬프",
    "Zeitstempel",
    "Horodateur",
    "Marca temporal",
    "Carimbo de data/hora",
    "Informazioni cronologiche",
    "Tijdstempel",
    "Отметка времени",
)
_STAMPS: dict[str, Role] = {
    "".join(name.casefold().split()): "ignored" for name in _TIMESTAMPS
}
_ROLES = _STAMPS | roles_named(
    {
        "ignored": "emailaddress email username score totalscore 电子邮件地址 电子邮件 "
        "邮箱 用户名 得分 总分 分数 電子郵件地址 e-mail-adresse メールアドレス",
    }
)


def _recognises(table: RawTable) -> bool:
    return is_named(table, _STAMPS, 1)


def _layout(table: RawTable) -> Layout:
    return Layout(table, lay_out(table, _ROLES, _readings))


def _readings(header: str, _: str) -> tuple[Reading, ...]:
    return *code_readings(header), *bracket_readings(header, "[")


GOOGLE_FORMS = Platform(
    name="google_forms",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({""}),
    separators=";,",
)
