"""KoboToolbox, as far as tests need it: an XLSForm, and the workbook it hands out."""

import io
from dataclasses import dataclass, field
from typing import Any, Literal

import openpyxl
import pandas as pd

from survey_sites.sheets import Columns

TAIL = {
    "_id": "7",
    "_uuid": "0000-0007",
    "_submission_time": "2025-09-01T02:04:00",
    "_validation_status": "",
    "__version__": "v1",
    "_index": "1",
}


@dataclass(frozen=True)
class Asked:
    """One node of the form."""

    kind: str
    path: str
    labels: dict[str, str] = field(default_factory=dict)


def sheets_of(exported: bytes) -> dict[str, list[dict[str, str]]]:
    """Read every sheet as lines named by its first row."""
    book = openpyxl.load_workbook(io.BytesIO(exported))
    sheets = {}
    for sheet in book.worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [
            {str(k): str(v) for k, v in zip(head, row, strict=True) if v is not None}
            for row in rows
        ]
    return sheets


def imported(exported: bytes) -> list[Asked]:
    """Return the nodes, with the groups before their names."""
    sheets = sheets_of(exported)
    label = next(key for key in sheets["choices"][0] if key.startswith("label"))
    lists: dict[str, dict[str, str]] = {}
    for line in sheets["choices"]:
        lists.setdefault(line["list_name"], {})[line["name"]] = line[label]
    groups: list[str] = []
    nodes = []
    for line in sheets["survey"]:
        kind, _, name = line["type"].partition(" ")
        if kind == "begin_group":
            groups.append(line["name"])
        elif kind == "end_group":
            groups.pop()
        else:
            path = "/".join((*groups, line["name"]))
            nodes.append(Asked(kind, path, lists.get(name, {})))
    return nodes


def write_answers(
    exported: bytes,
    answers: pd.DataFrame,
    coding: Literal["text", "number"] = "number",
    split: bool = True,
) -> bytes:
    """Return the workbook for answers, headed by names with their groups."""
    given = Columns(answers)
    n = len(answers)
    columns: dict[str, list[str]] = {}
    for asked in imported(exported):
        if asked.kind in ("start", "end"):
            minute = {"start": "00", "end": "04"}[asked.kind]
            columns[asked.path] = [f"2025-09-01T10:{minute}:00.000+08:00"] * n
        elif asked.kind == "note":
            columns[asked.path] = [""] * n
        elif asked.kind == "select_multiple":
            columns |= _several(asked, given, coding, split)
        else:
            (values,) = given.take()
            columns[asked.path] = [_cell(v, asked.labels, coding) for v in values]
    given.finished()
    columns |= {name: [value] * n for name, value in TAIL.items()}
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(columns))
    for cells in zip(*columns.values(), strict=True):
        book.active.append(list(cells))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _several(
    asked: Asked, given: Columns, coding: str, split: bool
) -> dict[str, list[str]]:
    taken = given.take(len(asked.labels))
    joined = [
        " ".join(
            _cell(int(code), asked.labels, coding)
            for code, value in zip(asked.labels, row, strict=True)
            if value == 1
        )
        for row in zip(*taken, strict=True)
    ]
    if not split:
        return {asked.path: joined}
    boxes = {
        f"{asked.path}/{_cell(int(code), asked.labels, coding)}": [
            "" if value is None else f"{value:.0f}" for value in values
        ]
        for code, values in zip(asked.labels, taken, strict=True)
    }
    return boxes


def _cell(value: Any, labels: dict[str, str], coding: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    code = f"{value:.0f}"
    return labels[code] if labels and coding == "text" else code
