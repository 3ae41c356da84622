"""Answers as KoboToolbox exports them."""

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


def write_kobo(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write values or labels, with groups before the names, joined or split."""
    language = any_language(rng)
    group = str(rng.choice(["", "battery/", "battery_", "a/b/"]))
    if coding == "text":
        group = group.replace("_", "/")

    def header(code: str) -> str:
        words = wording(instrument, code, language) if coding == "text" else code
        return f"{group}{words}"

    def option_header(question: Question, option: Option) -> str:
        name = option.label.get(language) if coding == "text" else str(option.code)
        return f"{header(question.id)}/{name}"

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=option_header,
        joined=" " if either(rng) else None,
    )
    n = len(answers)
    columns = {
        "start": ["2025-09-01T12:00:00.000+08:00"] * n,
        "end": ["2025-09-01T12:03:32.000+08:00"] * n,
        "_uuid": ["7c1e"] * n,
        "_submission_time": ["2025-09-01T12:03:40"] * n,
    }
    columns |= answer_columns(instrument, answers, style)
    return csv_bytes(grid_of(columns, rng))
