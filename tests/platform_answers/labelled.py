"""Answers as files of SPSS and Stata hold them."""

from pathlib import Path

import numpy as np
import pandas as pd

from kocsem.data.read.cells import RawTable, build_table
from kocsem.instrument.types import Instrument, Question
from platform_answers.style import (
    Style,
    answer_columns,
    any_language,
    either,
    grid_of,
    wording,
)


def labelled_table(
    instrument: Instrument,
    answers: pd.DataFrame,
    *,
    kind: str,
    rng: np.random.Generator,
) -> RawTable:
    """Build the cells of a file whose words stand in names or in titles."""
    language = any_language(rng)
    named = either(rng)
    codes = list(instrument.asked)

    def header(code: str) -> str:
        return code if named else f"var{codes.index(code)}"

    style = Style(
        coding="number",
        language=language,
        header=header,
        option_header=lambda question, option: f"{header(question.id)}_{option.code}",
    )
    columns = answer_columns(instrument, answers, style)
    columns["id"] = [str(row) for row in range(1, len(answers) + 1)]
    table = build_table(Path(f"a.{kind}"), kind, grid_of(columns, rng))
    titles, labels = {}, {}
    for code, part in instrument.asked.items():
        words = wording(instrument, code, language)
        titles[header(code)] = words if either(rng) else f"{code}: {words}"
        if not isinstance(part, Question):
            answers_of = instrument.scale_of(code).anchors
        else:
            answers_of = tuple(option.label for option in part.options)
            for option in part.options if part.kind == "multi" else ():
                label = option.label.get(language)
                titles[style.option_header(part, option)] = f"{words}: {label}"
        labels[header(code)] = {
            f"{value}.0": text.get(language)
            for value, text in enumerate(answers_of, start=1)
        }
    return RawTable(
        table.file,
        table.encoding,
        table.header,
        table.columns,
        table.numbers,
        titles=tuple(titles.get(name, "") for name in table.header),
        labels={
            place: labels[name]
            for place, name in enumerate(table.header)
            if labels.get(name)
        },
    )
