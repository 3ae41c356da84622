"""Answer sheets as they come in: honest ones, and those that screening should find.

In: a `Demo`, which says what is drawn and how many sheets are honest. Out: all sheets
in the order in which they were sent, each with what was planted in it. The rates of
what is planted are the same for every instrument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from demo.background import SKIPPED, UNANSWERED
from demo.draw import IntArray
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument

Draw = Callable[[np.random.Generator, int], dict[str, IntArray]]

#: Sheets that should go for each 420 honest ones, and how many of these come twice.
PLANTED: Mapping[str, int] = {
    "consent": 2,
    "screener": 3,
    "instructed": 8,
    "speed": 13,
    "straightlining": 13,
    "missing": 3,
}
DUPLICATES, PER_HONEST = 8, 420
ITEM_MISSING = 0.01
MISREAD_REVERSED = 0.04

#: A questionnaire takes 80 seconds and 5 for each row of the scale, in the median;
#: nobody who reads it is done within 28 seconds and 2 for each row.
REST_SECONDS, ROW_SECONDS, SIGMA_SECONDS = 80.0, 5.0, 0.45
LEAST_REST, LEAST_ROW = 28.0, 2.0


@dataclass(frozen=True, slots=True)
class Demo:
    """What is drawn for an instrument.

    Attributes
    ----------
    instrument : str
        Its name, with which the name of the file begins.
    coding : {"number", "text"}
        How the answers stand in the file.
    seed : int
        Of all random numbers.
    honest : int
        Sheets that screening should keep.
    answers : callable
        Draws the answers to the items, given a generator and the number of sheets.
    background : callable
        Draws the answers to all other questions, likewise.
    """

    instrument: str
    coding: Literal["number", "text"]
    seed: int
    honest: int
    answers: Draw
    background: Draw

    def planted(self, count: int) -> int:
        """Return a number of sheets in proportion to the honest ones."""
        return round(count * self.honest / PER_HONEST)


@dataclass(frozen=True, slots=True)
class Sheets:
    """Answer sheets before they are written.

    Attributes
    ----------
    answers : dict of str to int array
        Codes as 问卷星 writes them, -3 skipped, -2 unanswered, by column.
    seconds : int array
        Time taken.
    origin : int array
        Number of the device.
    spoilt : list of str
        What was planted in each sheet: "" or the reason for which it should go.
    """

    answers: dict[str, IntArray]
    seconds: IntArray
    origin: IntArray
    spoilt: list[str]

    def take(self, order: IntArray) -> "Sheets":
        """Return the sheets in another order."""
        return Sheets(
            {code: values[order] for code, values in self.answers.items()},
            self.seconds[order],
            self.origin[order],
            [self.spoilt[i] for i in order],
        )


def make_sheets(demo: Demo, seed: int | None = None) -> Sheets:
    """Make all answer sheets in the order in which they came in."""
    rng = np.random.default_rng(demo.seed if seed is None else seed)
    instrument = load_instrument(demo.instrument)
    sheets = _draw_sheets(rng, demo, instrument)
    _spoil(rng, sheets, instrument)
    _add_noise(rng, sheets, instrument)
    return _add_duplicates(rng, sheets, demo)


def _draw_sheets(
    rng: np.random.Generator, demo: Demo, instrument: Instrument
) -> Sheets:
    """Draw everybody who answered once, honest respondents first."""
    spoilt = [""] * demo.honest
    for reason, count in PLANTED.items():
        spoilt += [reason] * demo.planted(count)
    n = len(spoilt)
    one = np.ones(n, dtype=np.int64)
    answers = {
        **{screener.id: one.copy() for screener in instrument.screening},
        "AT1": 4 * one,
        "AT2": 1 + (rng.random(n) < 0.3).astype(np.int64),
        **demo.answers(rng, n),
        **demo.background(rng, n),
    }
    seconds = _draw_seconds(rng, n, len(instrument.likert_rows))
    return Sheets(answers, seconds, np.arange(n), spoilt)


def _draw_seconds(rng: np.random.Generator, n: int, rows: int) -> IntArray:
    """Draw log-normal durations; nobody reads the questionnaire in no time."""
    median, least = REST_SECONDS + ROW_SECONDS * rows, LEAST_REST + LEAST_ROW * rows
    drawn = median * np.exp(SIGMA_SECONDS * rng.standard_normal(n))
    return np.asarray(np.maximum(drawn, least).round(), dtype=np.int64)


def _spoil(rng: np.random.Generator, sheets: Sheets, instrument: Instrument) -> None:
    """Plant in each sheet what its label says; the arrays are changed in place."""
    answers = sheets.answers
    rows = instrument.likert_rows
    checks = {check.id for check in instrument.attention}
    marker = {item.id for item in instrument.marker}
    battery = [code for code in rows if code not in checks]
    items = [code for code in battery if code not in marker]
    for i, reason in enumerate(sheets.spoilt):
        if reason == "instructed":
            answers["AT1"][i] = (1, 2, 3, 5)[int(4 * rng.random())]
        elif reason == "speed":
            sheets.seconds[i] = int(len(rows) * (0.6 + 1.1 * rng.random()))
        elif reason == "straightlining":
            same = 1 + int(5 * rng.random())
            for code in battery:
                answers[code][i] = same
        elif reason == "missing":
            for code in items[-(len(items) // 3) :]:
                answers[code][i] = UNANSWERED
        elif reason in ("consent", "screener"):
            stop = "CONS" if reason == "consent" else "SC1"
            for code in answers:
                answers[code][i] = 1 if code == "CONS" else SKIPPED
            answers[stop][i] = 2


def _add_noise(
    rng: np.random.Generator, sheets: Sheets, instrument: Instrument
) -> None:
    """Leave single items of honest sheets empty; let some miss the reversal."""
    honest = np.array([reason == "" for reason in sheets.spoilt])
    n = len(honest)
    for item in instrument.items:
        if item.reverse:
            values = sheets.answers[item.id]
            misread = honest & (rng.random(n) < MISREAD_REVERSED)
            values[misread] = 6 - values[misread]
    for item in instrument.items:
        holes = honest & (rng.random(n) < ITEM_MISSING)
        sheets.answers[item.id][holes] = UNANSWERED


def _add_duplicates(rng: np.random.Generator, sheets: Sheets, demo: Demo) -> Sheets:
    """Shuffle the sheets and let some honest ones be sent in once more, later."""
    n, more = len(sheets.spoilt), demo.planted(DUPLICATES)
    place = rng.random(n)
    again = np.argsort(rng.random(demo.honest))[:more]
    later = place[again] + (1 - place[again]) * rng.random(more)
    both = sheets.take(np.concatenate([np.arange(n), again]))
    for i in range(n, n + more):
        both.spoilt[i] = "duplicate"
    both.seconds[n:] += np.asarray(1 + 20 * rng.random(more), dtype=np.int64)
    return both.take(np.argsort(np.concatenate([place, later])))
