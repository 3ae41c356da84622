"""Answers as REDCap exports them."""

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


def write_redcap(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write raw answers or labels, below names or, for labels, below wording."""
    language = any_language(rng)
    in_words = coding == "text" and either(rng)

    def header(code: str) -> str:
        return wording(instrument, code, language) if in_words else code.lower()

    def option_header(question: Question, option: Option) -> str:
        if in_words:
            label = option.label.get(language)
            return f"{header(question.id)} (choice={label})"
        return f"{header(question.id)}___{option.code}"

    unticked = "0" if coding == "number" else "Unchecked"
    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=option_header,
        ticked="1" if coding == "number" else "Checked",
        unticked=unticked,
        none_ticked=unticked,
    )
    n = len(answers)
    columns = {
        "Record ID" if in_words else "record_id": [str(row) for row in range(1, n + 1)],
        "Complete?" if in_words else "koc_complete": ["2"] * n,
    }
    columns |= answer_columns(instrument, answers, style)
    return csv_bytes(grid_of(columns, rng))
