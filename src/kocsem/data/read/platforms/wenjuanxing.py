"""Exports of 问卷星 (wjx.cn), by option number (按序号) or by option text (按文本).

In: the cells of an export. Out: its columns. Headers are ``N、题干``; matrix rows
``N、题干—行标题`` and then ``N、行标题``; options of a question with several answers
``N、(选项)``; the old style is ``第N题(选项)``. Columns about the answer sheet have
fixed names but no fixed place. In an SPSS file the variable labels are the headers.
"""

import re
import unicodedata
from collections.abc import Iterator

from kocsem.data.read.cells import RawTable
from kocsem.data.read.headers import bracket_readings, code_readings, split_readings
from kocsem.data.read.platform import Column, Layout, Platform, Reading
from kocsem.data.read.platforms.plain import roles_named
from kocsem.data.read.text import label_key, number_in
from kocsem.findings import Finding

_TELLING = roles_named(
    {
        "seconds": "所用时间",
        "source": "来源 来源详情",
        "origin": "来自ip",
        "ignored": "提交答卷时间",
    }
)
_ROLES = _TELLING | roles_named(
    {
        "ignored": "序号 总分 用户id 填写者 姓名 昵称 微信昵称 用户名 用户标识 openid "
        "微信openid unionid 部门 学号 工号 手机 手机号 邮箱 地理位置 省份 城市 国家 "
        "国家/地区 经度 纬度 得分 成绩 考试得分 排名 是否及格 考试状态 自定义字段 "
        "sojumpparm 扩展属性 标签 头像 ua referrer",
    }
)
_NUMBERED = re.compile(r"^(\d+)\s*[、.:]\s*(.*)$", re.DOTALL)
_OLD_STYLE = re.compile(r"^第(\d+)题\s*(?:\((.*)\))?$", re.DOTALL)
_KIND_TAG = re.compile(r"[\[【][^\[\]【】]*题[\]】]\s*\*?\s*")
_SCORED_NAME = re.compile(r"按分数|_1$|^\d+_1_")
_RANKED = "→"


def _plain(header: str) -> str:
    return unicodedata.normalize("NFKC", header).strip()


def _names(table: RawTable) -> list[str]:
    """Return the headers, or the words beside them where the file has them apart."""
    titles = table.titles or table.header
    pairs = zip(titles, table.header, strict=True)
    return [_plain(title or header) for title, header in pairs]


def _recognises(table: RawTable) -> bool:
    names = _names(table)
    told = _TELLING.keys() & {label_key(name) for name in names}
    numbered = [n for n in names if re.match(r"\d+\s*、", n) or _OLD_STYLE.match(n)]
    return len(told) >= 2 or len(numbered) > len(names) / 2


def _layout(table: RawTable) -> Layout:
    names = _names(table)
    columns = tuple(
        _column(position, header, names[position])
        for position, header in enumerate(table.header)
    )
    return Layout(table, columns, (*_scored(table, columns), *_ranked(table, columns)))


def _column(position: int, header: str, name: str) -> Column:
    if not name:
        return Column(position, header, "ignored")
    if role := _ROLES.get(label_key(name)):
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
    rows = split_readings(words, "—+|--")
    return (*code_readings(words), *rows, *bracket_readings(words, "("))


def _scored(table: RawTable, columns: tuple[Column, ...]) -> Iterator[Finding]:
    """Warn of an export by score, in which reversed items are turned already."""
    signs = []
    if _SCORED_NAME.search(table.file.rpartition(".")[0]):
        signs.append("its name")
    if any(label_key(name) == "总分" for name in _names(table)):
        zeros = sum(_holds_zero(table, column) for column in columns)
        signs += [f"总分 and a 0 in {zeros} questions"] if zeros > 1 else []
    if signs:
        message = (
            f"{table.file} looks like an export by score (按分数), by "
            f"{' and '.join(signs)}. "
            "Scores are no option numbers, and reversed items may be turned already. "
            "Export by option number (按序号)."
        )
        yield Finding("export-by-score", "warning", table.file, message)


def _holds_zero(table: RawTable, column: Column) -> bool:
    """Tell whether 0 stands beside numbers above 1, as no option number does."""
    if column.role != "question" or column.number is None:
        return False
    words = table.columns[column.position].words
    numbers = {number for word in words if (number := number_in(word)) is not None}
    return 0 in numbers and max(numbers) > 1


def _ranked(table: RawTable, columns: tuple[Column, ...]) -> Iterator[Finding]:
    """Remark on answers that are put in order, of which only the choice is read."""
    for column in columns:
        words = table.columns[column.position].words
        if column.role == "question" and any(_RANKED in word for word in words):
            message = (
                f"column {column.position + 1} holds options put in order ({_RANKED}); "
                "which were chosen is read, their order is not."
            )
            place = f"column {column.position + 1}"
            yield Finding("ranking-not-read", "info", place, message)


WENJUANXING = Platform(
    name="wenjuanxing",
    recognises=_recognises,
    layout=_layout,
    empty=frozenset({"", "(跳过)", "(空)", "(skip)", "(empty)", "-2", "-3"}),
    separators="┋→",
)
