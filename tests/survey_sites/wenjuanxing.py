"""问卷星, as far as tests need it: its text import, and the answers it hands out.

The rules are those of the site's editor: a blank line ends a question, the type in
brackets ends its first line, options are cut at blanks, a matrix has its columns on its
second line, and an option that looks like the number of a question begins a new one.
"""

import csv
import io
import re
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from survey_sites.sheets import Columns

TYPE = re.compile(r"\[([^\[\]]+)\]$")
MATRIX = "矩阵量表题"
HEAD = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]


@dataclass(frozen=True)
class Asked:
    """One question as the site took it."""

    kind: str
    stem: str
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


def imported(exported: bytes) -> list[Asked]:
    """Read a text as the site does; pages and paragraphs are entries too."""
    paragraphs = re.split(r"\n{2,}", exported.decode().strip("\n"))
    return [_question(paragraph.split("\n")) for paragraph in paragraphs]


def _question(lines: list[str]) -> Asked:
    first, *rest = lines
    found = TYPE.search(first)
    assert found, f"no type in {first}"
    assert first.count(f"[{found[1]}]") == 1
    stem = first[: found.start()].replace("(可多选)", "").replace("(多选)", "")
    if found[1] == MATRIX:
        columns = tuple(re.split(r"[ \t]+", rest[0]))
        return Asked(found[1], stem, columns, tuple(rest[1:]))
    options = []
    for line in rest:
        assert not looks_like_a_question(line), f"{line} would begin a question"
        options += re.split(r"[ \t]+", line)
    return Asked(found[1], stem, tuple(options))


def looks_like_a_question(line: str) -> bool:
    """Tell whether the site takes a line below an option for the next question."""
    found = re.match(r"\s*(?:[A-Za-z]|问题|第)?\s*(\d+)", line)
    if not found or int(found[1]) >= 3000:
        return False
    return not re.match(
        r"\s*\d+\s*([-－—~～]{1,3}\s*\d|[次万%千小年以岁元人本个后级分])", line
    )


def write_answers(
    exported: bytes,
    answers: pd.DataFrame,
    coding: Literal["text", "number"] = "number",
    style: Literal["new", "old"] = "new",
) -> bytes:
    """Return the CSV that the site hands out for answers to a text.

    The columns of `answers` stand in the order in which the questionnaire asks.
    """
    given = Columns(answers)
    columns: dict[str, list[str]] = {}
    number = 0
    for asked in imported(exported):
        if asked.kind in ("段落说明", "分页栏"):
            continue
        number += 1
        columns |= _columns(number, asked, given, coding, style)
    given.finished()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*HEAD, *columns])
    for place, cells in enumerate(zip(*columns.values(), strict=True), start=1):
        head = [str(place), "2025/9/3 12:00:00", f"{200 + place}秒", "微信", "", ""]
        writer.writerow([*head, *cells])
    return text.getvalue().encode("utf-8-sig")


def _columns(
    number: int, asked: Asked, given: Columns, coding: str, style: str
) -> dict[str, list[str]]:
    def cells(values: list[Any]) -> list[str]:
        return [_cell(value, asked.options, coding) for value in values]

    if asked.kind == MATRIX:
        heads = [f"{number}、{row}" for row in asked.rows]
        heads[0] = f"{number}、{asked.stem}—{asked.rows[0]}"
        if style == "old":
            heads = [f"第{number}题({row})" for row in asked.rows]
        taken = given.take(len(asked.rows))
        return {h: cells(values) for h, values in zip(heads, taken, strict=True)}
    if asked.kind == "多选题":
        taken = given.take(len(asked.options))
        if coding == "text":
            return {f"{number}、{asked.stem}": _joined(asked.options, taken)}
        old = style == "old"
        heads = [
            f"第{number}题({option})" if old else f"{number}、({option})"
            for option in asked.options
        ]
        plain = [["-3" if v is None else f"{v:.0f}" for v in part] for part in taken]
        return dict(zip(heads, plain, strict=True))
    return {f"{number}、{asked.stem}": cells(given.take()[0])}


def _cell(value: Any, options: tuple[str, ...], coding: str) -> str:
    if value is None:
        return "(跳过)" if coding == "text" else "-3"
    if isinstance(value, str):
        return value
    if options and coding == "text":
        return options[int(value) - 1]
    return f"{value:.0f}"


def _joined(options: tuple[str, ...], taken: list[list[Any]]) -> list[str]:
    """Join the chosen options; words of one's own follow theirs in brackets."""
    cells = []
    for row in zip(*taken, strict=True):
        chosen = [o for o, value in zip(options, row, strict=True) if value == 1]
        own = [f"{o}〖我的话〗" if "请注明" in o else o for o in chosen]
        cells.append("┋".join(own) if chosen else "(跳过)")
    return cells
