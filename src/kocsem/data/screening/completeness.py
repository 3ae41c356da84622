"""The rule on unanswered items.

In: the answers to the items that are always in the model. Out: the sheets that leave
too many of them unanswered. The limit is a convention without a source of its own.
"""

import numpy as np

from kocsem.data.screening.rule import Rule, Verdict, off
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Sheets, count_answers
from kocsem.instrument.types import Text


def _judge_missing(sheets: Sheets) -> Verdict:
    """Hit sheets that leave too many items unanswered."""
    columns = sheets.battery.some(sheets.items)
    if not columns:
        return off()
    blank = len(columns) - count_answers(columns)
    places = np.flatnonzero(blank > sheets.rules.quality.missing_share * len(columns))
    k = len(columns)
    return Verdict(places, lambda i: f"{blank[i]} of {k} items unanswered")


def _limit(rules: AppliedRules) -> Text:
    percent = f"{100 * rules.quality.missing_share:g}%"
    return Text(zh=f"缺答超过{percent}", en=f"over {percent} of items unanswered")


MISSING = Rule(
    reason="missing",
    label=Text(zh="缺失过多", en="Too much unanswered"),
    words="too many unanswered items",
    judge=_judge_missing,
    handling=lambda rules: rules.quality.missing,
    limit=_limit,
)
