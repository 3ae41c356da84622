"""The rule on speed: seconds per row of the scale.

In: the time that each sheet took. Out: the sheets that were filled in faster than one
can read. Source: Huang et al. (2012), who put the limit at 2 seconds an item.
"""

import numpy as np

from kocsem.data.screening.rule import Rule, Verdict, not_applied
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Sheets
from kocsem.instrument.types import Handling, Text


def _judge_speed(sheets: Sheets) -> Verdict:
    """Hit sheets that were answered faster than one can read.

    A sheet whose time is not known is not among them.
    """
    seconds = sheets.responses.seconds
    if seconds is None:
        return not_applied("speed", "the time taken")
    rows = len(sheets.present(sheets.instrument.likert_rows))
    least = sheets.rules.quality.min_seconds_per_item * rows
    taken = seconds.to_numpy(dtype=float)
    places = np.flatnonzero(taken < least)
    limit = f"{least:g} s for {rows} scale rows"
    return Verdict(places, lambda i: f"{taken[i]:g} s, under {limit}")


def _handling(rules: AppliedRules) -> Handling:
    quality = rules.quality
    return quality.speed if quality.min_seconds_per_item else "keep"


def _limit(rules: AppliedRules) -> Text:
    least = f"{rules.quality.min_seconds_per_item:g}"
    return Text(zh=f"每题少于{least}秒", en=f"under {least} s per scale row")


SPEED = Rule(
    reason="speed",
    label=Text(zh="作答过快", en="Answered too fast"),
    words="been filled in faster than one can read",
    judge=_judge_speed,
    handling=_handling,
    limit=_limit,
    citations=("huang-2012",),
)
