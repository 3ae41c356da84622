"""Every rule on every sheet, and who is left when some of the rules drop their hits.

In: `Responses`, the instrument and the rules. Out: `Judged`, the verdict of each rule
by itself; from it `sift` makes the verdicts in order for any choice of rules, so that a
study and its sensitivity analysis rest on the same judgements.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kocsem.data.screening.order import POPULATION, QUALITY
from kocsem.data.screening.rule import Rule, Verdict
from kocsem.data.screening.settings import ScreeningRules, resolve_rules
from kocsem.data.screening.sheets import Mask, Sheets, lay_out
from kocsem.data.types import Responses
from kocsem.instrument.types import Instrument


@dataclass(frozen=True, slots=True)
class Step:
    """What a rule finds among the sheets that earlier rules left.

    Attributes
    ----------
    rule : Rule
        The rule.
    verdict : Verdict
        What it finds.
    drops : bool
        Whether the sheets go.
    """

    rule: Rule
    verdict: Verdict
    drops: bool


@dataclass(frozen=True, slots=True)
class Sifted:
    """What the rules make of the sheets in order.

    Attributes
    ----------
    steps : tuple of Step
        One a rule.
    left : ndarray of bool, shape (n,)
        The sheets that no rule dropped.
    """

    steps: tuple[Step, ...]
    left: Mask


@dataclass(frozen=True, slots=True)
class Judged:
    """What each rule finds by itself.

    Attributes
    ----------
    sheets : Sheets
        All sheets, those of the population compared with each other.
    verdicts : tuple of (Rule, Verdict)
        The rules that are not switched off, in their order. A rule that compares
        sheets looks at those of the population.
    """

    sheets: Sheets
    verdicts: tuple[tuple[Rule, Verdict], ...]

    @property
    def dropping(self) -> tuple[str, ...]:
        """Reasons on quality for which the rules in force drop sheets."""
        rules = self.sheets.rules
        return tuple(
            rule.reason
            for rule, _ in self.verdicts
            if rule not in POPULATION and rule.handling(rules) == "drop"
        )

    def reasons(self) -> pd.DataFrame:
        """Return which sheets each rule hits by itself.

        Returns
        -------
        DataFrame of bool
            One row a sheet received, one column a rule that could be applied.
        """
        applied = {rule.reason: v for rule, v in self.verdicts if v.applied}
        n = len(self.sheets.among)
        columns = {reason: _mask(v, n) for reason, v in applied.items()}
        return pd.DataFrame(columns, index=self.sheets.answers.index, dtype=bool)


def judge_sheets(
    responses: Responses, instrument: Instrument, rules: ScreeningRules
) -> Judged:
    """Apply every rule that is in force to all sheets.

    Parameters
    ----------
    responses : Responses
        The answers as read.
    instrument : Instrument
        What was asked.
    rules : ScreeningRules
        What differs from the instrument's defaults.

    Returns
    -------
    Judged
        The verdicts.

    Raises
    ------
    DataError
        If a rule names a question that the instrument does not have.
    """
    sheets = lay_out(responses, instrument, resolve_rules(rules, instrument))
    found = [(rule, rule.judge(sheets)) for rule in POPULATION]
    left = sheets.among.copy()
    for _, verdict in found:
        left[verdict.places] = False
    inside = replace(sheets, among=left)
    found += [
        (rule, rule.judge(inside))
        for rule in QUALITY
        if rule.handling(sheets.rules) != "keep"
    ]
    return Judged(inside, tuple(found))


def sift(judged: Judged, drop: Collection[str]) -> Sifted:
    """Go through the rules in order, some of which drop what they hit.

    Parameters
    ----------
    judged : Judged
        What each rule finds by itself.
    drop : collection of str
        Reasons for which sheets are dropped; those of the population always are.

    Returns
    -------
    Sifted
        One step a rule. A rule that compares sheets compares those that are left by
        then: of duplicates, the first that no earlier rule drops is not hit.
    """
    left = np.ones(len(judged.sheets.among), dtype=bool)
    steps = []
    for rule, alone in judged.verdicts:
        verdict = _among(judged, rule, alone, left)
        drops = rule in POPULATION or rule.reason in drop
        if drops:
            left[verdict.places] = False
        steps.append(Step(rule, verdict, drops))
    return Sifted(tuple(steps), left)


def left_by(judged: Judged, drop: Collection[str]) -> Mask:
    """Return who stays when some of the rules drop what they hit.

    Parameters
    ----------
    judged : Judged
        What each rule finds by itself.
    drop : collection of str
        Reasons for which sheets are dropped; those of the population always are.

    Returns
    -------
    ndarray of bool, shape (n,)
        `Sifted.left`, without asking the rules that only flag.
    """
    reasons = {*drop, *(rule.reason for rule in POPULATION)}
    asked = tuple((rule, v) for rule, v in judged.verdicts if rule.reason in reasons)
    return sift(replace(judged, verdicts=asked), drop).left


def _among(judged: Judged, rule: Rule, alone: Verdict, left: Mask) -> Verdict:
    """Return the verdict of a rule on the sheets that are left."""
    if rule.compares and not np.array_equal(left, judged.sheets.among):
        return rule.judge(replace(judged.sheets, among=left.copy()))
    return alone.within(left)


def _mask(verdict: Verdict, n: int) -> Mask:
    """Return the hits of a rule, one element a sheet."""
    mask = np.zeros(n, dtype=bool)
    mask[verdict.places] = True
    return mask
