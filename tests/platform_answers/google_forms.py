"""Answers as Google Forms exports them."""

import numpy as np
import pandas as pd

from kocsem.instrument.types import Instrument
from platform_answers.style import (
    Style,
    answer_columns,
    any_language,
    csv_bytes,
    grid_of,
    wording,
)


def write_google_forms(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write the sheet or the CSV file of a form; `coding` tells how scales stand."""
    language = any_language(rng)
    rows = set(instrument.likert_rows)

    def header(code: str) -> str:
        words = wording(instrument, code, language)
        return f"Please answer. [{words}]" if code in rows else words

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=lambda question, option: "",
        joined=str(rng.choice([", ", ";"])),
    )
    n = len(answers)
    columns = {
        str(rng.choice(["Timestamp", "时间戳记"])): ["2025/9/1 12:00:00"] * n,
        "Email Address": ["li.lei@example.org"] * n,
    }
    columns |= answer_columns(instrument, answers, style)
    return csv_bytes(grid_of(columns, rng))
