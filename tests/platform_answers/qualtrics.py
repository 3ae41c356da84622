"""Answers as Qualtrics exports them."""

import json

import numpy as np
import pandas as pd

from kocsem.instrument.types import Instrument, Option, Question
from platform_answers.style import (
    Style,
    answer_columns,
    any_language,
    csv_bytes,
    either,
    grid_of,
    wording,
)


def write_qualtrics(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write an export with three header rows and an answer sheet from a preview."""
    language = any_language(rng)
    numbers = {code: n for n, code in enumerate(instrument.asked, start=1)}
    own_names, joined = either(rng), either(rng)
    rows = set(instrument.likert_rows)
    texts: dict[str, str] = {}

    def header(code: str) -> str:
        name = code if own_names else f"Q{numbers[code]}"
        stem = "Please answer. - " if code in rows else ""
        texts[name] = f"{stem}{wording(instrument, code, language)}"
        return name

    def option_header(question: Question, option: Option) -> str:
        name = header(question.id)
        words = f"{texts.pop(name)} - Selected Choice - {option.label.get(language)}"
        texts[f"{name}_{option.code}"] = words
        return f"{name}_{option.code}"

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=option_header,
        empty=str(rng.choice(["", "-99"])),
        joined="," if joined else None,
        ticked="1" if coding == "number" else None,
        unticked="",
    )
    n = len(answers)
    words = coding == "text"
    columns = {
        "StartDate": ["2025-09-01 12:00:00"] * (n + 1),
        "Status": ["IP Address" if words else "0"] * n
        + ["Survey Preview" if words else "1"],
        "Progress": ["100"] * (n + 1),
        "Duration (in seconds)": ["212"] * (n + 1),
        "ResponseId": ["R_1"] * (n + 1),
    }
    answered = answer_columns(instrument, answers, style)
    columns |= {name: [*cells, ""] for name, cells in answered.items()}
    names, *sheets = grid_of(columns, rng)
    ids = [json.dumps({"ImportId": name}) for name in names]
    return csv_bytes([names, [texts.get(name, "Text") for name in names], ids, *sheets])
