"""How one platform writes answers, and the cells of a file in that style."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.instrument.types import Instrument, Option, Question
from kocsem.instrument.wording import Language

Columns = dict[str, list[str]]


@dataclass(frozen=True)
class Style:
    """How answers and headers stand in a file.

    `joined` puts the options chosen into one cell; without it each option has a column
    whose cell is `ticked` (None for the option's text), `unticked` or `empty`.
    """

    coding: str
    language: Language
    header: Callable[[str], str]
    option_header: Callable[[Question, Option], str]
    empty: str = ""
    number: Callable[[int], str] = str
    joined: str | None = None
    ticked: str | None = "1"
    unticked: str = "0"
    none_ticked: str | None = None  # for a question that is not answered


def wording(instrument: Instrument, code: str, language: Language) -> str:
    text = instrument.asked[code].text
    assert text is not None
    return text.get(language)


def answer_columns(
    instrument: Instrument, answers: pd.DataFrame, style: Style
) -> Columns:
    """Write every question of an instrument as one column or several."""
    columns: Columns = {}
    for code, part in instrument.asked.items():
        if isinstance(part, Question) and part.kind == "multi":
            columns |= _several(part, answers, style)
        else:
            write = _writer(instrument, code, style)
            columns[style.header(code)] = [write(value) for value in answers[code]]
    return columns


def _writer(instrument: Instrument, code: str, style: Style) -> Callable[[float], str]:
    part = instrument.asked[code]
    if isinstance(part, Question) and part.kind == "number":
        return lambda value: style.empty if np.isnan(value) else str(int(value))
    words = (
        [option.label for option in part.options]
        if isinstance(part, Question)
        else instrument.scale_of(code).anchors
    )

    def write(value: float) -> str:
        if np.isnan(value):
            return style.empty
        if style.coding == "number":
            return style.number(int(value))
        return words[int(value) - 1].get(style.language)

    return write


def _several(question: Question, answers: pd.DataFrame, style: Style) -> Columns:
    values = answers[list(question.columns)]
    if style.joined is not None:
        return {
            style.header(question.id): [
                _joined(question, row, style) for row in values.to_numpy()
            ]
        }
    return {
        style.option_header(question, option): [
            _tick(option, value, style) for value in values[column]
        ]
        for option, column in zip(question.options, question.columns, strict=True)
    }


def _joined(question: Question, row: Sequence[float], style: Style) -> str:
    chosen = [o for o, v in zip(question.options, row, strict=True) if v == 1]
    if style.coding == "number":
        names = [str(option.code) for option in chosen]
    else:
        names = [option.label.get(style.language) for option in chosen]
    assert style.joined is not None
    return style.joined.join(names) or style.empty


def _tick(option: Option, value: float, style: Style) -> str:
    if np.isnan(value):
        return style.empty if style.none_ticked is None else style.none_ticked
    if value == 0:
        return style.unticked
    return style.ticked or option.label.get(style.language)


def grid_of(columns: Columns, rng: np.random.Generator) -> list[list[str]]:
    """Put columns in random order, as header and rows."""
    order = rng.permutation(len(columns))
    named = list(columns.items())
    ordered = [named[place] for place in order]
    header = [name for name, _ in ordered]
    return [header, *map(list, zip(*(cells for _, cells in ordered), strict=True))]


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def any_language(rng: np.random.Generator) -> Language:
    return "zh" if rng.integers(2) else "en"


def either(rng: np.random.Generator) -> bool:
    return bool(rng.integers(2))
