"""Answers as 腾讯问卷 exports them."""

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


def write_tencent(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write an export; every line but the header's last column ends in a comma."""
    language = any_language(rng)
    numbers = {code: n for n, code in enumerate(instrument.asked, start=1)}
    stem = "请作答:" if either(rng) else ""
    rows = set(instrument.likert_rows)

    def header(code: str) -> str:
        words = wording(instrument, code, language)
        return f"{numbers[code]}.{stem if code in rows else ''}{words}"

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=lambda question, option: (
            f"{header(question.id)}:{option.label.get(language)}"
        ),
        ticked=None,
        unticked="",
    )
    n = len(answers)
    columns = {
        "编号": [str(row) for row in range(1, n + 1)],
        "开始答题时间": ["02-Feb-2021 20:26:58"] * n,
        "结束答题时间": ["02-Feb-2021 20:30:30"] * n,
        "答题时长": ["212"] * n,
        "地理位置市": ["广州市"] * n,
    }
    columns |= answer_columns(instrument, answers, style)
    return csv_bytes([[*row, ""] for row in grid_of(columns, rng)])
