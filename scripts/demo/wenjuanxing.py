"""Answer sheets in the layout of a 问卷星 export, by option number or by option text.

In: a `Demo`. Out: the bytes of the file. That nobody gave these answers stands in its
name and, in every row, in the columns on the source.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from demo.background import SKIPPED, UNANSWERED
from demo.draw import IntArray
from demo.sheets import Demo, Sheets, make_sheets
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import Entry, questionnaire
from kocsem.instrument.types import Option

META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
MARK = "synthetic 合成演示数据"
REGIONS = ("广东-广州", "浙江-杭州", "北京-北京", "四川-成都", "湖北-武汉", "江苏-南京")

#: What stands for no answer in an export by text.
WORDS = {SKIPPED: "(跳过)", UNANSWERED: "(空)"}

Column = tuple[str, Sequence[str]]


def file_name(demo: Demo) -> str:
    """Return the name of the file, which says what it is."""
    return f"{demo.instrument}_demo.csv"


def make_csv(demo: Demo, seed: int | None = None) -> bytes:
    """Return the file: UTF-8 with a byte order mark, as 问卷星 writes it."""
    sheets = make_sheets(demo, seed)
    entries = questionnaire(load_instrument(demo.instrument)).entries
    columns = [
        column
        for entry in entries
        if entry.kind != "note"
        for column in _columns(entry, sheets, demo.coding)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*META, *(header for header, _ in columns)))
    answers = zip(*(cells for _, cells in columns), strict=True)
    for meta, row in zip(_meta(sheets), answers, strict=True):
        writer.writerow((*meta, *row))
    return ("\ufeff" + text.getvalue()).encode()


def _meta(sheets: Sheets) -> Iterator[tuple[str, ...]]:
    """Write what an export says about each sheet."""
    clock = datetime(2025, 9, 1, 9, 0, 0)
    for i, (seconds, origin) in enumerate(
        zip(sheets.seconds, sheets.origin, strict=True)
    ):
        clock += timedelta(seconds=int(seconds) + 61 * (1 + i % 7))
        time = f"{clock:%Y/}{clock.month}/{clock.day} {clock:%H:%M:%S}"
        address = f"synthetic-{origin + 1:04}({REGIONS[origin % len(REGIONS)]})"
        yield str(i + 1), time, f"{seconds}秒", MARK, MARK, address


def _columns(entry: Entry, sheets: Sheets, coding: str) -> Iterator[Column]:
    """Write the columns of one numbered question."""
    if entry.kind == "multi":
        yield from _multi(entry, sheets, coding)
        return
    stem = f"{entry.text.zh}—" if entry.rows else entry.text.zh
    for code, text in [(r.code, r.text.zh) for r in entry.rows] or [(entry.code, "")]:
        values = sheets.answers[code]
        yield f"{entry.number}、{stem}{text}", _cells(values, entry.options, coding)
        stem = ""  # stands in front of the first row of a matrix only


def _cells(values: IntArray, options: tuple[Option, ...], coding: str) -> Sequence[str]:
    """Write the answers to a question with one answer."""
    if coding == "number":
        return [str(value) for value in values]
    words = {**WORDS, **{option.code: option.label.zh for option in options}}
    return [words[value] for value in values]


def _multi(entry: Entry, sheets: Sheets, coding: str) -> Iterator[Column]:
    """Write a question with several answers: a column an option, or one column."""
    labels = [option.label.zh for option in entry.options]
    chosen = [sheets.answers[f"{entry.code}_{o.code}"] for o in entry.options]
    if coding == "number":
        for label, values in zip(labels, chosen, strict=True):
            yield f"{entry.number}、({label})", [str(value) for value in values]
        return
    yield (
        f"{entry.number}、{entry.text.zh}",
        [
            WORDS.get(int(row[0]))
            or "┋".join(label for label, one in zip(labels, row, strict=True) if one)
            for row in np.column_stack(chosen)
        ],
    )
