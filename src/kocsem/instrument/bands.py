"""Answer options that are bands of a number: whether each number has exactly one.

In: the questions of an instrument. Out: findings on bands that overlap, that leave
numbers without a band, or that share a limit. Chinese and English labels are read
apart, so that a slip in one language is seen.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import get_args

from kocsem.findings import Finding
from kocsem.instrument.questions import Question
from kocsem.instrument.wording import Language

_MONTH = 43_200
#: Units in which limits are rounded, so that two bands may share one: of time, in
#: minutes, and of large counts.
_ROUNDED = {
    "分钟": 1,
    "minute": 1,
    "小时": 60,
    "hour": 60,
    "天": 1_440,
    "day": 1_440,
    "周": 10_080,
    "week": 10_080,
    "月": _MONTH,
    "month": _MONTH,
    "年": 12 * _MONTH,
    "year": 12 * _MONTH,
    "千": 1_000,
    "thousand": 1_000,
    "万": 10_000,
    "million": 1_000_000,
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*个?\s*(" + "|".join(_ROUNDED) + ")?", re.I)
_BETWEEN = re.compile(r"[-–—~～至到]|\bto\b")
_FROM = re.compile(r"及以上|or more|or above|or over|and over|and above|\+")
_UP_TO = re.compile(r"及以下|or less|or below|or under|or fewer|and under|and below")
_ABOVE = re.compile(r"以上|超过|大于|\bover\b|\babove\b|more than|>", re.I)
_BELOW = re.compile(r"以下|不到|不足|小于|低于|\bunder\b|\bbelow\b|less than|<", re.I)


@dataclass(frozen=True, slots=True)
class _Band:
    """A band by the first and last number in it, in steps of a unit."""

    label: str
    first: float
    last: float
    unit: float
    is_rounded: bool


def band_findings(questions: Iterable[Question]) -> Iterator[Finding]:
    """Check the options of questions that are bands of a number.

    Parameters
    ----------
    questions : iterable of Question
        What is asked beside the scale rows.

    Yields
    ------
    Finding
        Codes ``"overlapping-bands"`` and ``"gap-between-bands"``, warnings, and
        ``"touching-bands"``, a remark: two bands share a limit in a unit that people
        round (hours, months, thousands), as in 1-2 hours and 2-4 hours.

    Examples
    --------
    >>> age = Question(id="AGE", name="Age", text="Age?", options=["18-25", "25-30"])
    >>> [finding.code for finding in band_findings([age])]
    ['overlapping-bands']
    """
    for question in questions:
        found: dict[tuple[int, str], Finding] = {}
        for language in get_args(Language):
            bands = list(_bands(question, language))
            for place, (lower, upper) in enumerate(pairwise(bands)):
                finding = _between(question.id, lower, upper)
                if finding is not None:
                    found.setdefault((place, finding.code), finding)
        yield from found.values()


def _bands(question: Question, language: Language) -> list[_Band]:
    """Read the options that are bands, lowest first; none where none is a range."""
    if question.kind != "single":
        return []
    labels = [option.label.get(language) for option in question.options]
    found = [band for label in labels if (band := _band(label)) is not None]
    is_range = any(band.first < band.last for band in found)
    return sorted(found, key=lambda band: band.first) if is_range else []


def _band(label: str) -> _Band | None:
    """Read one label; None when it is no band."""
    numbers = _NUMBER.findall(label)
    if not 1 <= len(numbers) <= 2:
        return None
    units = [_ROUNDED.get(unit.lower(), 0) for _, unit in numbers]
    units = [unit or max(units) for unit in units]
    low, *rest = (
        float(number) * (unit or 1)
        for (number, _), unit in zip(numbers, units, strict=True)
    )
    unit, is_rounded = max(units) or 1, any(units)
    if rest:
        if not _BETWEEN.search(label) or rest[0] < low:
            return None
        return _Band(label, low, rest[0], unit, is_rounded)
    first, last = _ends(label, low, unit)
    return _Band(label, first, last, unit, is_rounded)


def _ends(label: str, number: float, unit: float) -> tuple[float, float]:
    """Return the first and last number of a label that has one number."""
    if _FROM.search(label):
        return number, inf
    if _UP_TO.search(label):
        return -inf, number
    if _ABOVE.search(label):
        return number + unit, inf
    if _BELOW.search(label):
        return -inf, number - unit
    return number, number


def _between(subject: str, lower: _Band, upper: _Band) -> Finding | None:
    """Hold a band against the next one."""
    pair = f"'{lower.label}' and '{upper.label}'"
    step = upper.first - lower.last
    if step > max(lower.unit, upper.unit):
        said = f"{subject}: no option holds what lies between {pair}; close the gap."
        return Finding("gap-between-bands", "warning", subject, said)
    if step > 0:
        return None
    if step == 0 and (lower.is_rounded or upper.is_rounded):
        said = f"{subject}: {pair} share a limit; say to which of them it belongs."
        return Finding("touching-bands", "info", subject, said)
    said = (
        f"{subject}: {pair} overlap, so that an answer may belong to both; part them."
    )
    return Finding("overlapping-bands", "warning", subject, said)
