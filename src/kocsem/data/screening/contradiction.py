"""The rule on reversed items: agreeing, or disagreeing, with an item and its reverse.

In: answers to the items of constructs that have reversed ones, as given. Out: the
sheets in which an answer and a reversed one of the same construct contradict each
other. Source: Swain, Weathers and Niedrich (2008), who count such misresponses.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kocsem.data.screening.rule import Rule, Verdict, off
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Column, Sheets
from kocsem.instrument.types import Text


@dataclass(frozen=True, slots=True)
class _Pair:
    """An item and a reversed one of the same construct.

    Attributes
    ----------
    item, opposite : str
        Their codes.
    points : int
        Points of their scale.
    """

    item: str
    opposite: str
    points: int


def _judge_contradictions(sheets: Sheets) -> Verdict:
    """Hit sheets that agree, or disagree, with an item and with its reverse.

    The detail names the pair of answers that lies farthest apart.
    """
    pairs = list(_pairs(sheets))
    if not pairs:
        return off()
    columns = sheets.battery.columns
    widest = np.zeros(len(sheets.among), dtype=np.float32)
    which = np.full(len(widest), -1)
    for number, pair in enumerate(pairs):
        gap = _gap(columns[pair.item], columns[pair.opposite], pair.points)
        wider = (gap >= _least_gap(sheets.rules, pair.points)) & (gap > widest)
        widest[wider], which[wider] = gap[wider], number
    places = np.flatnonzero(which >= 0)
    return Verdict(places, lambda i: _detail(sheets, pairs[which[i]], i, widest[i]))


def _pairs(sheets: Sheets) -> Iterator[_Pair]:
    """Pair every item with every reversed item of its construct."""
    instrument = sheets.instrument
    asked = [i for i in instrument.items if i.id in sheets.battery.columns]
    for opposite in (item for item in asked if item.reverse):
        points = instrument.scale_of(opposite.id).points
        for item in asked:
            if item.construct == opposite.construct and not item.reverse:
                yield _Pair(item.id, opposite.id, points)


def _gap(item: Column, opposite: Column, points: int) -> Column:
    """Return how far an answer lies from a reversed one, turned round."""
    return np.abs(item - (np.float32(points + 1) - opposite))


def _least_gap(rules: AppliedRules, points: int) -> int:
    """Return the gap that contradicts; by default both lie on one side, one at its end.

    On scales of two and three points that is the whole width, or both answers alike.
    """
    chosen = rules.quality.contradiction_points
    return max(points - 2, min(points - 1, 2)) if chosen is None else chosen


def _detail(sheets: Sheets, pair: _Pair, place: int, gap: float) -> str:
    columns = sheets.battery.columns
    item, opposite = columns[pair.item][place], columns[pair.opposite][place]
    return (
        f"{pair.item}: answered {item:g}, {pair.opposite} (reversed): answered "
        f"{opposite:g}, {gap:g} points apart"
    )


def _limit(rules: AppliedRules) -> Text:
    chosen = rules.quality.contradiction_points
    if chosen is None:
        return Text(
            zh="与反向题同向作答，其一为极端值",
            en="same side of an item and its reverse, one at the end of the scale",
        )
    return Text(
        zh=f"与转换后的反向题相差{chosen}分及以上",
        en=f"{chosen} points or more from the reversed item, turned round",
    )


CONTRADICTION = Rule(
    reason="contradiction",
    label=Text(zh="正反向题自相矛盾", en="Contradicted a reversed item"),
    words="answers that contradict a reversed item",
    judge=_judge_contradictions,
    handling=lambda rules: rules.quality.contradictions,
    limit=_limit,
    citations=("swain-weathers-niedrich-2008",),
    severity="info",
)
