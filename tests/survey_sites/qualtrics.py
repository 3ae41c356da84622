"""Qualtrics, as far as tests need it: its text import, and its CSV export.

An export has three header rows: names, the words of the question (of a matrix with
those of the row), and a record with the import id.
"""

import csv
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from survey_sites.sheets import Columns

COMMAND = re.compile(r"\[\[([^\[\]]*)\]\]$")
HEAD = {
    "StartDate": ("Start Date", "startDate", "2025-09-01 10:00:00"),
    "EndDate": ("End Date", "endDate", "2025-09-01 10:04:00"),
    "Status": ("Response Type", "status", "0"),
    "Progress": ("Progress", "progress", "100"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration", "240"),
    "Finished": ("Finished", "finished", "1"),
    "ResponseId": ("Response ID", "_recordId", "R_1"),
    "UserLanguage": ("User Language", "userLanguage", "EN"),
}


@dataclass
class Asked:
    """One question as the platform took it."""

    kind: str
    name: str = ""
    stem: list[str] = field(default_factory=list)
    choices: dict[int, str] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)


def imported(exported: bytes) -> list[Asked]:
    """Read an Advanced Format text; every line that is no command is words."""
    questions: list[Asked] = []
    words: Any = None
    lines = exported.decode().splitlines()
    assert lines[0] == "[[AdvancedFormat]]"
    for line in filter(None, lines[1:]):
        found = COMMAND.match(line)
        if found is None:
            assert "[[" not in line
            words(line)
            continue
        command, _, value = found[1].partition(":")
        if command == "Question":
            questions.append(Asked(value))
            words = questions[-1].stem.append
        elif command == "ID":
            questions[-1].name = value
        elif command in ("Choice", "Answer"):
            texts = (
                questions[-1].choices if command == "Choice" else questions[-1].answers
            )
            words = _keeper(texts, int(value))
        else:
            assert command in ("Block", "AdvancedChoices", "AdvancedAnswers")
    return questions


def _keeper(texts: dict[int, str], code: int) -> Any:
    def keep(words: str) -> None:
        assert code not in texts
        texts[code] = words

    return keep


def write_answers(
    exported: bytes, answers: pd.DataFrame, coding: Literal["text", "number"] = "number"
) -> bytes:
    """Return the CSV for answers, with several answers split into columns."""
    given = Columns(answers)
    columns: list[tuple[str, str, str, list[str]]] = []
    for place, asked in enumerate(imported(exported), start=1):
        if asked.kind != "DB":
            columns += _columns(asked, f"QID{place}", given, coding)
    given.finished()
    text = io.StringIO()
    writer = csv.writer(text)
    head = list(HEAD.values())
    writer.writerow([*HEAD, *(name for name, *_ in columns)])
    writer.writerow([*(h[0] for h in head), *(c[1] for c in columns)])
    ids = [*(h[1] for h in head), *(c[2] for c in columns)]
    writer.writerow([json.dumps({"ImportId": i}, separators=(",", ":")) for i in ids])
    for cells in zip(*(c[3] for c in columns), strict=True):
        writer.writerow([*(h[2] for h in head), *cells])
    return text.getvalue().encode()


def _columns(
    asked: Asked, qid: str, given: Columns, coding: str
) -> list[tuple[str, str, str, list[str]]]:
    stem = " ".join(asked.stem)
    if asked.kind == "Matrix":
        taken = given.take(len(asked.choices))
        return [
            (
                f"{asked.name}_{row}",
                f"{stem} - {words}",
                f"{qid}_{row}",
                [_cell(value, asked.answers, coding) for value in values],
            )
            for (row, words), values in zip(asked.choices.items(), taken, strict=True)
        ]
    if "MultipleAnswer" in asked.kind:
        taken = given.take(len(asked.choices))
        return [
            (
                f"{asked.name}_{code}",
                f"{stem} - Selected Choice - {label}",
                f"{qid}_{code}",
                [_ticked(value, label, coding) for value in values],
            )
            for (code, label), values in zip(asked.choices.items(), taken, strict=True)
        ]
    (values,) = given.take()
    cells = [_cell(value, asked.choices, coding) for value in values]
    return [(asked.name, stem, qid, cells)]


def _cell(value: Any, labels: dict[int, str], coding: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return labels[int(value)] if labels and coding == "text" else f"{value:.0f}"


def _ticked(value: Any, label: str, coding: str) -> str:
    return (label if coding == "text" else "1") if value == 1 else ""
