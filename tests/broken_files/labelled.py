"""Files of SPSS and Stata that were cut, or whose labels contradict the instrument."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from broken_files.clean import ANCHORS, ANSWERS, ITEMS, Case

FORWARD = dict(enumerate(ANCHORS, start=1))
REVERSED = dict(enumerate(reversed(ANCHORS), start=1))
SHIFTED = dict(enumerate(ANCHORS))


def written(write: Callable[..., None], frame: pd.DataFrame, **options: Any) -> bytes:
    """Let pyreadstat write a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        write(frame, str(path), **options)
        return path.read_bytes()


def sav(labels: dict[int, str] | None = None, shift: int = 0) -> bytes:
    """Write the answers as SPSS has them, the codes moved by a number."""
    frame = ANSWERS.reset_index(drop=True)
    frame[ITEMS] += shift
    kept = dict.fromkeys(ITEMS, labels) if labels else {}
    return written(pyreadstat.write_sav, frame, variable_value_labels=kept)


def dta() -> bytes:
    return written(pyreadstat.write_dta, ANSWERS.reset_index(drop=True))


LABELLED: dict[str, Case] = {
    "SPSS": Case(sav, 0, ("spss, sav",), "answers.sav", True),
    "SPSS with labels": Case(lambda: sav(FORWARD), 0, ("spss",), "answers.sav", True),
    "SPSS under another name": Case(sav, 0, ("spss, sav",), "answers.csv", True),
    "Stata": Case(dta, 0, ("stata, dta",), "answers.dta", True),
    "reversed labels": Case(
        lambda: sav(REVERSED),
        2,
        ("value labels of TR1, TR2", "are reversed", "Say coding: text to read by the"),
        "answers.sav",
    ),
    "labels from zero": Case(
        lambda: sav(SHIFTED, -1),
        2,
        ("'0' is not one of 1 to 5", "are shifted", "Say coding: text"),
        "answers.sav",
    ),
    "labels moved by one": Case(
        lambda: sav(SHIFTED), 2, ("are shifted", "Say coding: text"), "answers.sav"
    ),
    "SPSS cut in half": Case(
        lambda: sav(FORWARD)[: len(sav(FORWARD)) // 2],
        2,
        ("the SPSS file cannot be read; it is damaged or cut off",),
        "answers.sav",
    ),
    "Stata cut in half": Case(
        lambda: dta()[: len(dta()) // 2],
        2,
        ("the Stata file cannot be read; it is damaged or cut off",),
        "answers.dta",
    ),
}
