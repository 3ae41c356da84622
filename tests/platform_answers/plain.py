"""Answers as a plain table holds them."""

import numpy as np
import pandas as pd

from kocsem.instrument.types import Instrument
from platform_answers.style import (
    Style,
    answer_columns,
    any_language,
    csv_bytes,
    either,
    grid_of,
    wording,
)


def write_plain(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write numbers or texts below codes, wording or both."""
    language = any_language(rng)
    kind = int(rng.integers(3))

    def header(code: str) -> str:
        words = wording(instrument, code, language)
        return (code, words, f"{code}: {words}")[kind]

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=lambda question, option: f"{question.id}_{option.code}",
        empty=str(rng.choice(["", "NA", "."])),
        joined="; " if either(rng) else None,
    )
    columns = {"id": [str(row) for row in range(1, len(answers) + 1)]}
    columns |= answer_columns(instrument, answers, style)
    return csv_bytes(grid_of(columns, rng), str(rng.choice(["utf-8", "gb18030"])))
