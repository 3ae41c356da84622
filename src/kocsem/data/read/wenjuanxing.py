"""Exports of 问卷星 (wjx.cn), by option number (按序号) or by option text (按文本).

In: the header of an export. Out: its columns. Headers are ``N、题干``; matrix rows
``N、题干—行标题`` and then ``N、行标题``; options of a question with several answers
``N、(选项)``; the old style is ``第N题(选项)``. Columns about the answer sheet have
fixed names but no fixed place.
"""

import re
import unicodedata

from kocsem.data.read.cells import RawTable
from kocsem.data.read.plain import code_readings
from kocsem.data.read.platform import Column, Layout, Platform, Reading, Role

_ROLES: dict[str, Role] = {
    "序号": "ignored",
    "提交答卷时间": "ignored",
    "所用时间": "seconds",
    "来源": "source",
    "来源详情": "source",
    "来自ip": "origin",
    "总分": "ignored",
    "用户id": "ignored",
    "填写者": "ignored",
    "姓名": "ignored",
    "昵称": "ignored",
    "": "ignored",
}
_TELLING = frozenset({"提交答卷时间", "所用时间", "来源", "来源详情", "来自ip"})
_NUMBERED = re.compile(r"^(\d+)\s*[、.:]\s*(.*)$", re.DOTALL)
_OLD_STYLE = re.compile(r"^第(\d+)题(?:\((.*)\))?$", re.DOTALL)
_KIND_TAG = re.compile(r"\[[^\[\]]*题\]\s*\*?\s*$")


def _plain(header: str) -> str:
    return unicodedata.normalize("NFKC", header).strip()


def _recognises(table: RawTable) -> bool:
    names = [_plain(name) for name in table.header]
    told = _TELLING & {name.casefold() for name in names}
    numbered = [n for n in names if re.match(r"\d+\s*、", n) or _OLD_STYLE.match(n)]
    return len(told) >= 2 or len(numbered) > len(names) / 2


def _layout(table: RawTable) -> Layout:
    columns = [_column(position, name) for position, name in enumerate(table.header)]
    return Layout(table, tuple(columns))


def _column(position: int, header: str) -> Column:
    name = _plain(header)
    if role := _ROLES.get(name.casefold()):
        return Column(position, header, role)
    if old := _OLD_STYLE.match(name):
        return Column(
            position, header, number=int(old[1]), readings=(Reading("", old[2] or ""),)
        )
    if numbered := _NUMBERED.match(name):
        words = _KIND_TAG.sub("", numbered[2]).strip()
        return Column(
            position, header, number=int(numbered[1]), readings=_readings(words)
        )
    return Column(position, header, readings=code_readings(name))


def _readings(words: str) -> tuple[Reading, ...]:
    """Read the words as a stem, as stem and matrix row, as stem and option."""
    rows = [
        Reading(words[: dash.start()], words[dash.end() :])
        for dash in re.finditer("—+|--", words)
    ]
    options = [
        Reading(words[: bracket.start()].strip(), words[bracket.end() : -1])
        for bracket in re.finditer(r"\(", words)
        if words.endswith(")")
    ]
    return (*code_readings(words), *rows, *reversed(options))


WENJUANXING = Platform(
    name="wenjuanxing",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({"", "(跳过)", "(空)", "(skip)", "(empty)", "-2", "-3"}),
    separators="┋",
)
