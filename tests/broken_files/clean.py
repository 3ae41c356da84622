"""A questionnaire and the answers to it as they should be; every other file is spoilt.

The answers are drawn here, so that what is read can be held against them.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

INSTRUMENT = """\
id: probe
version: "1"
title: {zh: 博主问卷, en: A survey on creators}
scale:
  points: 5
  anchors:
    - {zh: 非常不同意, en: Strongly disagree}
    - {zh: 不同意, en: Disagree}
    - {zh: 一般, en: Neither}
    - {zh: 同意, en: Agree}
    - {zh: 非常同意, en: Strongly agree}
constructs:
  - {id: TR, name: {zh: 信任, en: Trust}}
  - {id: PI, name: {zh: 购买意愿, en: Intention}}
items:
  - {id: TR1, construct: TR, text: {zh: 我相信TA说的话。, en: I believe TA.}}
  - {id: TR2, construct: TR, text: {zh: TA靠得住。, en: TA can be relied upon.}}
  - {id: TR3, construct: TR, text: {zh: 把选择交给TA我放心。, en: I leave it to TA.}}
  - {id: PI1, construct: PI, text: {zh: 以后想买TA推荐的东西。, en: I would buy it.}}
  - {id: PI2, construct: PI, text: {zh: 下单前会先看TA怎么说。, en: I ask TA first.}}
  - {id: PI3, construct: PI, text: {zh: 我打算复购。, en: I mean to buy again.}}
demographics:
  - id: GEN
    name: {zh: 性别, en: Gender}
    text: {zh: 您的性别, en: Your gender}
    options: [{zh: 男, en: Male}, {zh: 女, en: Female}]
blocks:
  - {id: scale, kind: matrix, text: {zh: 请作答, en: Please}, items: [TR1, TR2, TR3]}
  - {id: intent, kind: matrix, text: {zh: 请续答, en: On}, items: [PI1, PI2, PI3]}
  - {id: person, kind: questions, items: [GEN]}
hypotheses:
  - {id: H1, path: TR -> PI, sign: "+", statement: {zh: 信任促进购买。, en: It helps.}}
"""

STUDY = """\
study: probe
instrument: probe.yaml
data: {file: answers.csv}
"""

ITEMS = ["TR1", "TR2", "TR3", "PI1", "PI2", "PI3"]
HEADER = [
    *("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "用户昵称"),
    *("1、请作答—我相信TA说的话。", "1、TA靠得住。", "1、把选择交给TA我放心。"),
    *(
        "2、请续答—以后想买TA推荐的东西。",
        "2、下单前会先看TA怎么说。",
        "2、我打算复购。",
    ),
    *("3、您的性别", "4、您的手机号码"),
]
FIRST, LAST = 7, 13  # the columns of answers
ANCHORS = ["非常不同意", "不同意", "一般", "同意", "非常同意"]

#: What the files are strewn with and no message may show.
SECRETS = ("欧阳婉清", "13800001111", "9.8.7.", "wanqing@example.org")

Rows = list[list[str]]


def _drawn(n: int = 40) -> pd.DataFrame:
    """Draw answers in which both ends of the scale are chosen."""
    rng = np.random.Generator(np.random.PCG64(20))
    trust = rng.normal(size=n)
    columns = {}
    for code in ITEMS:
        score = 0.8 * trust + 0.6 * rng.normal(size=n)
        columns[code] = np.clip(np.round(3 + 1.2 * score), 1, 5)
    columns["GEN"] = rng.integers(1, 3, size=n).astype(float)
    return pd.DataFrame(columns, index=pd.RangeIndex(2, n + 2, name="row"))


ANSWERS = _drawn()


def clean() -> Rows:
    """Return the header and the answer sheets as 问卷星 exports them by number."""
    rows = [list(HEADER)]
    for number, answers in enumerate(ANSWERS.astype(int).to_numpy().tolist(), start=1):
        about = [str(number), f"2025/9/1 12:{number:02}:00", f"{90 + number}秒", "微信"]
        about += ["链接", f"9.8.7.{100 + number}(广东-广州)", "欧阳婉清"]
        rows.append([*about, *map(str, answers), "13800001111"])
    return rows


def csv_of(rows: Rows, separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Write rows as a text with separators."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def cells(
    change: Callable[[str], str], where: Sequence[int] = range(FIRST, LAST)
) -> Rows:
    """Change every answer in some columns."""
    head, *sheets = clean()
    for row in sheets:
        for place in where:
            row[place] = change(row[place])
    return [head, *sheets]


def one_cell(cell: str, row: int = 5, place: int = FIRST) -> Rows:
    """Change one answer, in the row that a spreadsheet shows under a number."""
    rows = clean()
    rows[row - 1][place] = cell
    return rows


def headed(change: Callable[[list[str]], list[str]]) -> Rows:
    """Change the headers."""
    head, *sheets = clean()
    return [change(head), *sheets]


@dataclass(frozen=True)
class Case:
    """A file, and what a user is told of it.

    Attributes
    ----------
    make : callable
        Returns its content.
    status : int
        The exit status of ``kocsem check``.
    words : tuple of str
        What the output holds: the place and the remedy.
    name : str
        Name of the file.
    reads : bool
        Whether the answers are those of the clean file.
    instrument : str
        The instrument that asked.
    rows : callable, optional
        Returns the rows of a table that can be written in other formats as well.
    """

    make: Callable[[], bytes]
    status: int
    words: tuple[str, ...] = ()
    name: str = "answers.csv"
    reads: bool = False
    instrument: str = INSTRUMENT
    rows: Callable[[], Rows] | None = None


def table(rows: Callable[[], Rows] | Rows, status: int, *words: str, **more) -> Case:
    """Make a case of rows."""
    made = rows if callable(rows) else lambda: rows
    return Case(lambda: csv_of(made()), status, words, rows=made, **more)
