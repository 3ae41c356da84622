"""Made-up answer sheets, in the order in which a questionnaire asks."""

from typing import Any

import numpy as np
import pandas as pd

from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument


def made_up(
    instrument: Instrument, n: int, seed: int, empty: float = 0.1
) -> pd.DataFrame:
    """Draw answers: codes, 0/1 for each option of a multi, numbers, words.

    An unanswered question is NaN; one with several answers is NaN in all its columns.
    """
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for entry in questionnaire(instrument).entries:
        k = len(entry.options)
        for code in entry.codes:
            skipped = rng.random(n) < empty
            if entry.kind == "multi":
                ticked = (rng.random((n, k)) < 0.4).astype(float)
                ticked[np.arange(n), rng.integers(0, k, n)] = 1.0
                ticked[skipped] = np.nan
                names = [f"{code}_{option.code}" for option in entry.options]
                columns |= dict(zip(names, ticked.T, strict=True))
            elif entry.kind == "text":
                columns[code] = np.where(skipped, None, "随便写写")
            else:
                low, high = (18, 80) if entry.kind == "number" else (1, k)
                drawn = rng.integers(low, high + 1, n).astype(float)
                columns[code] = np.where(skipped, np.nan, drawn)
    return pd.DataFrame(columns)


def as_read(instrument: Instrument, answers: pd.DataFrame) -> pd.DataFrame:
    """Return what a reader must find in a file of these answers."""
    return answers[list(instrument.known_columns)].astype(float)


class Columns:
    """Hands out the columns of answers in order, as a platform meets them."""

    def __init__(self, answers: pd.DataFrame) -> None:
        self._answers = answers
        self._place = 0

    def take(self, count: int = 1) -> list[list[Any]]:
        """Return the next columns, None where unanswered."""
        taken = self._answers.iloc[:, self._place : self._place + count]
        assert taken.shape[1] == count, "the file asks more than was answered"
        self._place += count
        return [
            [None if pd.isna(value) else value for value in taken[name]]
            for name in taken
        ]

    def finished(self) -> None:
        """Fail when answers are left over."""
        left = list(self._answers.columns[self._place :])
        assert not left, f"the file does not ask {left}"
