"""REDCap, as far as tests need it: a data dictionary, and its raw CSV export."""

import csv
import io
import re
from typing import Any, Literal

import pandas as pd

from survey_sites.sheets import Columns


def fields_of(exported: bytes) -> list[dict[str, str]]:
    """Read the dictionary as lines named by its first row."""
    return list(csv.DictReader(io.StringIO(exported.decode(), newline="")))


def choices_of(field: dict[str, str]) -> dict[str, str]:
    """Split choices as the platform does: at pipes, then at the first comma."""
    cell = field["Choices, Calculations, OR Slider Labels"]
    pairs = [part.split(",", 1) for part in re.split(r"\||\n", cell) if part.strip()]
    return {code.strip(): label.strip() for code, label in pairs}


def write_answers(
    exported: bytes, answers: pd.DataFrame, coding: Literal["text", "number"] = "number"
) -> bytes:
    """Return the CSV for answers, headed by names."""
    given = Columns(answers)
    record, *fields = fields_of(exported)
    form = record["Form Name"]
    n = len(answers)
    columns = {
        record["Variable / Field Name"]: [str(k) for k in range(1, n + 1)],
        "redcap_survey_identifier": [""] * n,
        f"{form}_timestamp": ["2025-09-01 10:04:00"] * n,
    }
    for field in fields:
        if field["Field Type"] != "descriptive":
            columns |= _columns(field, given, coding)
    given.finished()
    columns[f"{form}_complete"] = ["2" if coding == "number" else "Complete"] * n
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def _columns(
    field: dict[str, str], given: Columns, coding: str
) -> dict[str, list[str]]:
    name, choices = field["Variable / Field Name"], choices_of(field)
    if field["Field Type"] == "checkbox":
        words = ("0", "1") if coding == "number" else ("Unchecked", "Checked")
        taken = given.take(len(choices))
        return {
            f"{name}___{code}": [words[value == 1] for value in values]
            for code, values in zip(choices, taken, strict=True)
        }
    (values,) = given.take()
    return {name: [_cell(value, choices, coding) for value in values]}


def _cell(value: Any, choices: dict[str, str], coding: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    code = f"{value:.0f}"
    return choices[code] if choices and coding == "text" else code
