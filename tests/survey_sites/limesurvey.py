"""LimeSurvey, as far as tests need it: its structure file, and its CSV export."""

import csv
import html
import io
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from survey_sites.sheets import Columns

HEAD = {
    "id": "1",
    "submitdate": "2025-09-01 10:04:00",
    "lastpage": "6",
    "startlanguage": "zh-Hans",
    "seed": "12345",
    "startdate": "2025-09-01 10:00:00",
    "datestamp": "2025-09-01 10:04:00",
}


@dataclass
class Asked:
    """One question as the platform took it, in one language."""

    kind: str
    code: str
    text: str
    relevance: str
    mandatory: str
    group: str = "1"
    rows: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def lines_of(exported: bytes) -> list[dict[str, str]]:
    """Read the file as the platform does: a mark, tabs, double quotes."""
    assert exported.startswith(b"\xef\xbb\xbf")
    text = exported.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))


def imported(exported: bytes, language: str = "zh-Hans") -> list[Asked]:
    """Return the questions in one language."""
    questions: list[Asked] = []
    group = "1"
    for line in lines_of(exported):
        if line["language"] != language:
            continue
        text = html.unescape(line["text"])
        match line["class"]:
            case "G":
                group = line["relevance"]
            case "Q":
                asked = Asked(
                    line["type/scale"],
                    line["name"],
                    text,
                    line["relevance"],
                    line["mandatory"],
                    group,
                )
                questions.append(asked)
            case "SQ":
                questions[-1].rows[line["name"]] = text
            case "A":
                questions[-1].answers[line["name"]] = text
    return questions


def write_answers(
    exported: bytes, answers: pd.DataFrame, coding: Literal["text", "number"] = "number"
) -> bytes:
    """Return the CSV for answers, headed by codes."""
    given = Columns(answers)
    columns: dict[str, list[str]] = {}
    for asked in imported(exported):
        if asked.kind != "X":
            columns |= _columns(asked, given, coding)
    given.finished()
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([*HEAD, *columns, "interviewtime", "groupTime1"])
    for cells in zip(*columns.values(), strict=True):
        writer.writerow([*HEAD.values(), *cells, "240.5", "60"])
    return text.getvalue().encode("utf-8-sig")


def _columns(asked: Asked, given: Columns, coding: str) -> dict[str, list[str]]:
    taken = given.take(max(1, len(asked.rows)))
    if asked.kind == "M":
        yes = "Y" if coding == "number" else "是"
        cells = [[yes if value == 1 else "" for value in part] for part in taken]
    else:
        cells = [[_cell(v, asked.answers, coding) for v in part] for part in taken]
    names = [f"{asked.code}[{row}]" for row in asked.rows] or [asked.code]
    return dict(zip(names, cells, strict=True))


def _cell(value: Any, answers: dict[str, str], coding: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    code = f"{value:.0f}"
    return answers[code] if answers and coding == "text" else code
