"""A battery of any size, and answer sheets to it, for the tests of screening."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from kocsem.data.types import Responses, Source
from kocsem.instrument.types import Instrument

REFERENCE = Path(__file__).parent / "reference"

#: Rules that are off, so that a test is about one of them.
OFF = dict.fromkeys(
    (
        *("instructed", "infrequency", "speed", "straightlining", "longstring", "irv"),
        *("duplicates", "same_answers", "same_origin", "missing", "contradictions"),
        "mahalanobis",
    ),
    "keep",
)


def survey(items, points=5, reverse=(), **more):
    """Return an instrument: item codes by construct."""
    return TypeAdapter(Instrument).validate_python(
        {
            "id": "s",
            "version": "1",
            "title": "S",
            "scale": points,
            "constructs": [{"id": name, "name": name} for name in items],
            "items": [
                {"id": code, "construct": name, "reverse": code in reverse}
                for name, codes in items.items()
                for code in codes
            ],
            **more,
        }
    )


def received(frame, seconds=None, origin=None):
    """Return answer sheets whose rows count from 2, as in a file."""
    index = pd.RangeIndex(2, 2 + len(frame), name="row")

    def series(values):
        return None if values is None else pd.Series(values, index, dtype=float)

    return Responses(
        answers=pd.DataFrame(frame).set_axis(index).astype(float),
        seconds=series(seconds),
        origin=series(origin),
        source=Source("a.csv", "plain", "number", "utf-8", len(frame), 10),
    )


def columns_of(sheet):
    """Return one sheet's answers as columns of one row each."""
    return [np.array([answer], dtype=np.float32) for answer in sheet]


def simulated():
    """Return the answers that reference/screening.R simulated, and R's numbers."""
    frame = pd.read_csv(REFERENCE / "data" / "screening.csv")
    text = (REFERENCE / "screening.json").read_text(encoding="utf-8")
    return frame, json.loads(text)
