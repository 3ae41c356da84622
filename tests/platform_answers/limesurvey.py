"""Answers as LimeSurvey exports them."""

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


def write_limesurvey(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write short or long answers below headings by code, by text or by both."""
    language = any_language(rng)
    heading = str(rng.choice(["code", "text", "both"]))
    prefix = str(rng.choice(["", "A", "AO0"]))
    rows = set(instrument.likert_rows)

    def named(code: str, text: str) -> str:
        return {"code": code, "text": text, "both": f"{code}. {text}"}[heading]

    def header(code: str) -> str:
        words = wording(instrument, code, language)
        if code in rows:
            return named(f"ROWS[{code}]", f"Please answer. [{words}]")
        return named(code, words)

    def option_header(question: Question, option: Option) -> str:
        words = wording(instrument, question.id, language)
        return named(
            f"{question.id}[SQ{option.code:03}]",
            f"{words} [{option.label.get(language)}]",
        )

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=option_header,
        number=lambda value: f"{prefix}{value}",
        ticked="Y" if coding == "number" else "Yes",
        unticked=str(rng.choice(["N", ""])) if coding == "number" else "No",
        none_ticked="N/A" if either(rng) else None,
    )
    n = len(answers)
    columns = {
        "id": [str(row) for row in range(1, n + 1)],
        "submitdate": ["2025-09-01 12:03:32"] * n,
        "lastpage": ["5"] * n,
        "startlanguage": ["zh-Hans"] * n,
        "interviewtime": ["212"] * n,
    }
    columns |= answer_columns(instrument, answers, style)
    return csv_bytes(grid_of(columns, rng))
