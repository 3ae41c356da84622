"""Answers as 问卷星 exports them."""

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


def write_wenjuanxing(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    coding: str,
    rng: np.random.Generator,
) -> bytes:
    """Write an export by number or by text, below new or old headers."""
    language = any_language(rng)
    numbers = {code: n for n, code in enumerate(instrument.asked, start=1)}
    old, stem = either(rng), rng.choice(["", "请作答—"])
    rows = set(instrument.likert_rows)

    def header(code: str) -> str:
        words = wording(instrument, code, language)
        if old and code in rows:
            return f"第{numbers[code]}题({words})"
        return f"{numbers[code]}、{stem if code in rows else ''}{words} "

    style = Style(
        coding=coding,
        language=language,
        header=header,
        option_header=lambda question, option: (
            f"第{numbers[question.id]}题({option.label.get(language)})"
            if old
            else f"{numbers[question.id]}、({option.label.get(language)})"
        ),
        empty=str(
            rng.choice(["-2", "-3"] if coding == "number" else ["(跳过)", "（空）"])
        ),
        joined=None if coding == "number" else "┋",
    )
    n = len(answers)
    columns = {
        "序号": [str(row) for row in range(1, n + 1)],
        "提交答卷时间": ["2025/9/1 12:00:00"] * n,
        "所用时间": ["212秒"] * n,
        "来源": ["微信"] * n,
        "来自IP": ["9.9.9.9(广东-广州)"] * n,
    }
    columns |= answer_columns(instrument, answers, style)
    encoding = str(rng.choice(["utf-8-sig", "gb18030"]))
    return csv_bytes(grid_of(columns, rng), encoding)
