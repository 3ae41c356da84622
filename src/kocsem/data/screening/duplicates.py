"""Rules on sheets that may come from one respondent: origin, answers, or both.

In: the numbers of origins and the answers. Out: sheets that repeat an earlier one; the
first of them is never hit. An origin is a plain number, counted when the file is read:
it tells who shares an address, holds nothing of the address, and needs no salt.
Source: Kuriakose and Robbins (2016) for answers that agree.
"""

from collections.abc import Callable, Sequence
from math import comb, log

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.data.screening.rule import Places, Rule, Verdict, not_applied, off
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Key, Mask, Sheets, filled
from kocsem.instrument.types import Text

#: Most pairs that may agree by chance in a whole sample, if equal answers are to count.
MOST_BY_CHANCE = 0.001

_ALIKE = ("kuriakose-robbins-2016",)


def repeats(
    columns: Sequence[NDArray[np.floating]],
    among: Mask,
    key: Key | NDArray[np.floating],
) -> tuple[Places, Places]:
    """Find the rows that repeat an earlier row in every column.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n,)
        The columns; missing values are equal to each other.
    among : ndarray of bool, shape (n,)
        The rows that are compared.
    key : ndarray of shape (n,)
        Equal for rows that are equal; a row with a key of its own repeats none.

    Returns
    -------
    later, first : ndarray of int, shape (h,)
        Positions of the rows that repeat one, ascending, and of the first row that each
        of them repeats.

    Examples
    --------
    >>> answers = np.array([1.0, 2.0, 1.0, 1.0]), np.array([np.nan, 3.0, np.nan, 4.0])
    >>> repeats(answers, np.ones(4, dtype=bool), answers[0])
    (array([2]), array([0]))
    """
    places = np.flatnonzero(among)
    places = places[pd.Series(key[places]).duplicated(keep=False).to_numpy()]
    if not len(places):
        return places, places
    group = np.zeros(len(places), dtype=np.int64)
    for column in columns:
        codes, values = pd.factorize(filled(column[places]))
        group, _ = pd.factorize(group * len(values) + codes)
    first = np.flatnonzero(~pd.Series(group).duplicated())  # groups count by appearance
    origin = places[first][group]
    later = places != origin
    return places[later], origin[later]


def _judge_duplicates(sheets: Sheets) -> Verdict:
    """Hit sheets with the same origin and the same answers as an earlier one.

    All answers count, those to questions on the respondent included.
    """
    origin = sheets.responses.origin
    if origin is None:
        return not_applied("duplicate", "where a sheet came from")
    answers = sheets.answers
    numbers = origin.to_numpy(dtype=float)
    others = [answers[code].to_numpy(dtype=float) for code in answers.columns]
    known = sheets.among & origin.notna().to_numpy()
    key = sheets.battery.key if sheets.battery.size else numbers
    found = repeats([numbers, *others], known, key)
    return _repeated(sheets, found, "same origin and answers as row")


def _judge_same_answers(sheets: Sheets) -> Verdict:
    """Hit sheets with the same answers to the scale as an earlier one.

    A pattern counts when less than `MOST_BY_CHANCE` pairs of all sheets would share
    one by chance, and when it is not straight-lined.

    Two sheets that choose among c points at random agree in k rows with probability
    c^-k; for k = 19 and c = 5 that is 5e-14. Answers of one direction are more
    alike than that, one and the same answer throughout most of all: such a pattern
    says that two sheets are straight-lined, not that they come from one respondent.
    """
    battery, quality = sheets.battery, sheets.rules.quality
    if not battery.size:
        return off()
    chance = np.zeros(len(sheets.among))
    for code, column in battery.columns.items():
        points = sheets.instrument.scale_of(code).points
        chance -= log(points) * (column == column)
    pairs = comb(int(sheets.among.sum()), 2)
    rare = chance < log(MOST_BY_CHANCE / max(pairs, 1))
    varied = battery.most_same <= quality.max_same_share * battery.told
    columns = list(battery.columns.values())
    found = repeats(columns, sheets.among & rare & varied, battery.key)
    return _repeated(sheets, found, f"same answers to {battery.size} scale rows as row")


def _judge_same_origin(sheets: Sheets) -> Verdict:
    """Hit sheets with the same origin as an earlier one.

    A household, a dormitory or a company may share an origin, so that the rule
    points out and never drops.
    """
    origin = sheets.responses.origin
    if origin is None:
        return off()
    known = sheets.among & origin.notna().to_numpy()
    numbers = origin.to_numpy(dtype=float)
    found = repeats([numbers], known, numbers)
    return _repeated(sheets, found, "same origin as row")


def _repeated(sheets: Sheets, found: tuple[Places, Places], words: str) -> Verdict:
    """Hit the sheets that repeat an earlier one, and say which."""
    later, first = found
    rows = dict(zip(later.tolist(), sheets.answers.index[first], strict=True))
    return Verdict(later, lambda i: f"{words} {rows[i]}")


def _agree(zh: str, en: str) -> Callable[[AppliedRules], Text]:
    """Make the limit of a rule on what must agree."""
    return lambda rules: Text(zh=zh, en=en)


DUPLICATE = Rule(
    reason="duplicate",
    label=Text(zh="重复提交", en="Submitted twice"),
    words="the same origin and answers as an earlier one",
    judge=_judge_duplicates,
    handling=lambda rules: rules.quality.duplicates,
    limit=_agree("来源与全部答案相同", "same origin and all answers"),
    citations=_ALIKE,
    compares=True,
)

SAME_ANSWERS = Rule(
    reason="same_answers",
    label=Text(zh="量表答案完全相同", en="Same answers as another sheet"),
    words="the same answers to the scale as an earlier one",
    judge=_judge_same_answers,
    handling=lambda rules: rules.quality.same_answers or "flag",
    limit=_agree("量表题答案全部相同", "same answers to all scale rows"),
    citations=_ALIKE,
    compares=True,
)

SAME_ORIGIN = Rule(
    reason="same_origin",
    label=Text(zh="来源相同", en="Same origin as another sheet"),
    words="the same origin as an earlier one",
    judge=_judge_same_origin,
    handling=lambda rules: rules.quality.same_origin or "flag",
    limit=_agree("来源相同", "same origin"),
    compares=True,
)
