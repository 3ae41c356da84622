"""Rules on answers that hardly change: straight-lining, long runs, variability.

In: the answers to the rows of the scale in their order, as given, before reversal. Out:
the sheets whose answers are the same almost throughout, in a long run, or vary little.
Sources: Johnson (2005) and Curran (2016) for runs, Dunn et al. (2018) for variability.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kocsem.data.screening.rule import Rule, Verdict, off
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Battery, Column, Counts, Mask, Sheets
from kocsem.instrument.types import Handling, Text

_LEAST_ROWS = 5  # fewer answered rows say nothing about a respondent's pattern


def longest_run(columns: Sequence[Column]) -> Counts:
    """Find each sheet's longest run of one and the same answer.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n,)
        Answers in the order of the questionnaire; NaN where unanswered.

    Returns
    -------
    ndarray of int, shape (n,)
        The length of the run; an unanswered row ends it.

    References
    ----------
    johnson-2005

    Examples
    --------
    >>> sheet = [1, 4, 4, 4, 2, 2]
    >>> longest_run([np.array([answer], dtype=np.float32) for answer in sheet])
    array([3], dtype=int16)
    """
    best = np.ones(len(columns[0]), dtype=np.int16)
    run = best.copy()
    for before, here in pairwise(columns):
        run *= before == here
        run += 1
        np.maximum(best, run, out=best)
    return best


def response_variability(columns: Sequence[Column]) -> NDArray[np.float64]:
    """Return the standard deviation of each sheet's answers (IRV).

    Parameters
    ----------
    columns : sequence of ndarray of shape (n,)
        Answers as given; NaN where unanswered.

    Returns
    -------
    ndarray of shape (n,)
        With divisor k - 1, k the rows that the sheet answers; NaN for fewer than two.

    References
    ----------
    dunn-2018

    Examples
    --------
    >>> sheet = [2, 4, 4, 4, 5, 5, 7, 9]
    >>> columns = [np.array([answer], dtype=np.float32) for answer in sheet]
    >>> response_variability(columns).round(4)
    array([2.1381])
    """
    n = len(columns[0])
    k, total, squares = np.zeros(n), np.zeros(n), np.zeros(n)
    for column in columns:
        told = np.nan_to_num(column).astype(float)
        k += column == column
        total += told
        squares += told * told
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (squares - total**2 / k) / (k - 1)
    return np.sqrt(np.where(k > 1, np.maximum(variance, 0.0), np.nan))


def _judge_straightlining(sheets: Sheets) -> Verdict:
    """Hit sheets with one and the same answer almost throughout."""
    battery = sheets.battery
    if battery.size < _LEAST_ROWS:
        return off()
    same, told = battery.most_same, battery.told
    share = sheets.rules.quality.max_same_share
    places = np.flatnonzero(_told_enough(battery) & (same > share * told))
    return Verdict(places, lambda i: f"one answer in {same[i]} of {told[i]} scale rows")


def _judge_longstring(sheets: Sheets) -> Verdict:
    """Hit sheets with a long run of one and the same answer."""
    limit = sheets.rules.quality.max_longstring
    if limit is None or sheets.battery.size < _LEAST_ROWS:
        return off()
    run = longest_run(list(sheets.battery.columns.values()))
    places = np.flatnonzero(_told_enough(sheets.battery) & (run > limit))
    return Verdict(places, lambda i: f"one answer in {run[i]} scale rows in a row")


def _judge_irv(sheets: Sheets) -> Verdict:
    """Hit sheets whose answers hardly vary."""
    least = sheets.rules.quality.min_irv
    if least is None or sheets.battery.size < _LEAST_ROWS:
        return off()
    irv = response_variability(list(sheets.battery.columns.values()))
    places = np.flatnonzero(_told_enough(sheets.battery) & (irv < least))
    return Verdict(places, lambda i: f"SD of the answers {irv[i]:.3f}")


def _told_enough(battery: Battery) -> Mask:
    """Return which sheets answer enough rows to show a pattern."""
    return battery.told >= max(_LEAST_ROWS, battery.size / 2)


def _run_handling(rules: AppliedRules) -> Handling:
    return rules.quality.longstring if rules.quality.max_longstring else "keep"


def _irv_handling(rules: AppliedRules) -> Handling:
    return rules.quality.irv if rules.quality.min_irv else "keep"


def _share_limit(rules: AppliedRules) -> Text:
    percent = f"{100 * rules.quality.max_same_share:g}%"
    return Text(
        zh=f"同一答案超过{percent}", en=f"one answer in over {percent} of scale rows"
    )


def _run_limit(rules: AppliedRules) -> Text:
    run = rules.quality.max_longstring
    return Text(zh=f"连续相同超过{run}题", en=f"over {run} same answers in a row")


def _irv_limit(rules: AppliedRules) -> Text:
    least = f"{rules.quality.min_irv:g}" if rules.quality.min_irv else ""
    return Text(zh=f"个体内标准差小于{least}", en=f"SD of the answers under {least}")


STRAIGHTLINING = Rule(
    reason="straightlining",
    label=Text(zh="规律作答", en="Same answer throughout"),
    words="almost the same answer throughout",
    judge=_judge_straightlining,
    handling=lambda rules: rules.quality.straightlining,
    limit=_share_limit,
    citations=("curran-2016",),
)

LONGSTRING = Rule(
    reason="longstring",
    label=Text(zh="连续相同答案过长", en="Long run of one answer"),
    words="a long run of one answer",
    judge=_judge_longstring,
    handling=_run_handling,
    limit=_run_limit,
    citations=("johnson-2005", "curran-2016"),
)

IRV = Rule(
    reason="irv",
    label=Text(zh="个体内变异过小", en="Answers hardly vary"),
    words="answers that hardly vary",
    judge=_judge_irv,
    handling=_irv_handling,
    limit=_irv_limit,
    citations=("dunn-2018",),
)
