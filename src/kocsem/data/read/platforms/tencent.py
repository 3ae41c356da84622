"""Exports of 腾讯问卷 (wj.qq.com).

In: the header of an export. Out: its columns. Headers are ``N.题干``; each option of a
question with several answers has a column, ``N.题干:选项``, that holds the option's
text or nothing; so has each row of a matrix; words filled in stand in ``_填空``.
"""

import re
from collections import Counter

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import code_readings, is_named, split_readings
from kocsem.data.read.platform import Column, Layout, Platform, Reading
from kocsem.data.read.platforms.plain import roles_named
from kocsem.data.read.text import label_key

_TELLING = roles_named(
    {
        "began": "开始答题时间",
        "ended": "结束答题时间",
        "seconds": "答题时长",
        "ignored": "地理位置国家和地区 地理位置省 地理位置市 自定义字段 清洗数据结果 "
        "智能清洗数据无效概率 用户类型 用户标识 中奖时间 中奖金额 审核状态",
    }
)
_ROLES = _TELLING | roles_named(
    {
        "origin": "ip",
        "ignored": "编号 语言 昵称 头像 openid ua referrer 国家 国家和地区 省份 城市 "
        "地理位置 手机号 总分 得分",
    }
)
_NUMBERED = re.compile(r"^(\d+)\s*[.．、]\s*(.*)$", re.DOTALL)
_FILLED_IN = re.compile(r"_填空\d*$")


def _recognises(table: RawTable) -> bool:
    return is_named(table, _TELLING, 2)


def _layout(table: RawTable) -> Layout:
    numbers = [_NUMBERED.match(header) for header in table.header]
    shared = Counter(int(found[1]) for found in numbers if found)
    columns = (_column(*pair, shared) for pair in enumerate(table.header))
    return Layout(table, tuple(columns))


def _column(position: int, header: str, shared: Counter[int]) -> Column:
    if not header:
        return Column(position, header, "ignored")
    if role := _ROLES.get(label_key(header)):
        return Column(position, header, role)
    if not (numbered := _NUMBERED.match(header)):
        return Column(position, header, readings=code_readings(header))
    number, words = int(numbered[1]), numbered[2].strip()
    if shared[number] == 1:
        words = _FILLED_IN.sub("", words)  # the question itself, not words beside it
    readings = (*code_readings(words), *split_readings(words, "[:：]"))
    if _FILLED_IN.search(words):
        readings = (Reading(words),)
    return Column(position, header, number=number, readings=readings)


TENCENT = Platform(
    name="tencent",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({"", "(空)", "(跳过)"}),
    separators="┋;|",
)
