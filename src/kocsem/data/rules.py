"""The rules of screening, one function each.

In: the answer sheets that earlier rules left, the instrument and the rules in force.
Out: which sheets a rule hits, with the detail, and what a reader must know about it.
Speed follows Huang et al. (2012): seconds per row of the battery.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.data.screening_rules import AppliedRules
from kocsem.data.types import Responses
from kocsem.findings import Finding
from kocsem.instrument.types import AttentionCheck, Handling, Instrument

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LEAST_ROWS = 5  # fewer answered rows say nothing about a respondent's pattern


@dataclass(frozen=True, slots=True)
class Sheets:
    """What a rule looks at.

    Attributes
    ----------
    responses : Responses
        The answer sheets that are left.
    instrument : Instrument
        What was asked.
    rules : AppliedRules
        The rules in force.
    """

    responses: Responses
    instrument: Instrument
    rules: AppliedRules

    @property
    def answers(self) -> pd.DataFrame:
        """The answers that are left."""
        return self.responses.answers

    def present(self, codes: Sequence[str]) -> list[str]:
        """Return the codes that the file has columns for.

        Parameters
        ----------
        codes : sequence of str
            Codes of questions or rows.

        Returns
        -------
        list of str
            Those with answers, in order.
        """
        return [code for code in codes if code in self.answers.columns]


@dataclass(frozen=True, slots=True)
class Flag:
    """Answer sheets that a rule points out without dropping them.

    Attributes
    ----------
    reason : str
        The rule.
    words : str
        What the sheets have in common, after "has" or "have".
    rows : tuple of int
        Their row numbers.
    """

    reason: str
    words: str
    rows: tuple[int, ...]

    def finding(self, kept: pd.Index) -> tuple[Finding, ...]:
        """Say which of the sheets that stay are concerned.

        Parameters
        ----------
        kept : Index
            Row numbers of the sheets that no rule dropped.

        Returns
        -------
        tuple of Finding
            One finding, or none when no such sheet stays.
        """
        rows = [row for row in self.rows if row in kept]
        if not rows:
            return ()
        listed = ", ".join(map(str, rows[:10])) + (" ..." if len(rows) > 10 else "")
        subject = f"row {listed}" if len(rows) == 1 else f"rows {listed}"
        have = "sheet has" if len(rows) == 1 else "sheets have"
        message = f"{len(rows)} kept answer {have} {self.words} ({subject})."
        code = f"flagged-{self.reason}"
        return (Finding(code, "warning", subject, message, len(rows)),)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule found.

    Attributes
    ----------
    applied : bool
        False when the rule is off, or the file lacks what it needs.
    hits : dict of int to str
        Row numbers to drop, with the detail.
    flags : tuple of Flag
        Sheets to point out.
    findings : tuple of Finding
        Why a rule was not applied.
    """

    applied: bool
    hits: dict[int, str] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    findings: tuple[Finding, ...] = ()


def judge_consent(sheets: Sheets) -> Verdict:
    """Hit sheets without consent; no answer is no consent.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits.
    """
    return _judge_accepted(sheets, sheets.rules.consent, "consent")


def judge_screeners(sheets: Sheets) -> Verdict:
    """Hit sheets of respondents outside the study's population.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits.
    """
    return _judge_accepted(sheets, sheets.rules.screeners, "screener")


def judge_attention(sheets: Sheets) -> Verdict:
    """Hit sheets that fail an attention check; one left unanswered is only flagged.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits.
    """
    codes = sheets.rules.attention
    checks = {check.id: check for check in sheets.instrument.attention}
    columns = sheets.present(codes)
    hits: dict[int, str] = {}
    for code in columns:
        given = sheets.answers[code]
        wrong = given[given.notna() & ~given.isin(checks[code].accept)]
        for row, answer in wrong.items():
            hits.setdefault(int(str(row)), _answered(code, answer))
    blank = sheets.answers.index[sheets.answers[columns].isna().any(axis=1)]
    unanswered = Flag("attention", "an attention check unanswered", tuple(blank))
    absent = _absent(sheets, codes, "attention")
    return Verdict(bool(columns), hits, (unanswered,), absent)


def judge_speed(sheets: Sheets) -> Verdict:
    """Hit sheets that were answered faster than one can read.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits.
    """
    pace = sheets.rules.quality.min_seconds_per_item
    rows = len(sheets.present(sheets.instrument.likert_rows))
    seconds = sheets.responses.seconds
    if pace == 0:
        return Verdict(applied=False)
    if seconds is None:
        return Verdict(applied=False, findings=_not_applied("speed", "the time taken"))
    fast = seconds[seconds < pace * rows]
    limit = f"{pace * rows:g} s for {rows} scale rows"
    hits = {int(str(row)): f"{taken:g} s, under {limit}" for row, taken in fast.items()}
    return Verdict(applied=True, hits=hits)


def judge_straightlining(sheets: Sheets) -> Verdict:
    """Hit sheets with one and the same answer almost throughout, or in a long run.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits, or the flags.
    """
    quality, asked = sheets.rules.quality, sheets.instrument.asked
    rows = [
        code
        for code in sheets.present(sheets.instrument.likert_rows)
        if not isinstance(asked[code], AttentionCheck)
    ]
    if len(rows) < _LEAST_ROWS:
        return Verdict(applied=False)
    answers = sheets.answers[rows].to_numpy(dtype=float)
    told = (~np.isnan(answers)).sum(axis=1)
    same, run = _most_same(answers), _longest_run(answers)
    limit = quality.max_longstring or len(rows)
    enough = told >= max(_LEAST_ROWS, len(rows) / 2)
    hits: dict[int, str] = {}
    for i in np.flatnonzero(enough & (same > quality.max_same_share * told)).tolist():
        row = int(sheets.answers.index[i])
        hits[row] = f"one answer in {same[i]} of {told[i]} scale rows"
    for i in np.flatnonzero(enough & (run > limit)).tolist():
        row = int(sheets.answers.index[i])
        hits.setdefault(row, f"one answer in {run[i]} scale rows in a row")
    words = "almost the same answer throughout"
    return _handled(quality.straightlining, "straightlining", words, hits)


def judge_duplicates(sheets: Sheets) -> Verdict:
    """Hit sheets with the same origin and the same answers as an earlier one.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits, or the flags. Same answers without a known origin are flagged only.
    """
    handling = sheets.rules.quality.duplicates
    if handling == "keep":
        return Verdict(applied=False)
    origin = sheets.responses.origin
    if origin is None:
        alike = _repeats(sheets.answers, pd.Series(0.0, index=sheets.answers.index))
        flagged = Flag("duplicate", "the same answers as an earlier one", tuple(alike))
        lacking = _not_applied("duplicate", "where a sheet came from")
        return Verdict(applied=False, flags=(flagged,), findings=lacking)
    twins = _repeats(sheets.answers, origin)
    hits = {
        row: f"same origin and answers as row {first}" for row, first in twins.items()
    }
    words = "the same origin and answers as an earlier one"
    verdict = _handled(handling, "duplicate", words, hits)
    shared = origin[origin.duplicated(keep=False) & origin.notna()].index
    others = [row for row in shared if row not in twins and row not in twins.values()]
    flag = Flag("origin", "an origin that other sheets share", tuple(others))
    return replace(verdict, flags=(*verdict.flags, flag))


def judge_missing(sheets: Sheets) -> Verdict:
    """Hit sheets that leave too many model items unanswered.

    Parameters
    ----------
    sheets : Sheets
        What is left.

    Returns
    -------
    Verdict
        The hits.
    """
    items = [item.id for item in sheets.instrument.items if not item.optional]
    columns = sheets.present(items)
    blank = sheets.answers[columns].isna().sum(axis=1)
    many = blank[blank > sheets.rules.quality.missing_share * len(columns)]
    hits = {
        int(str(row)): f"{count} of {len(columns)} items unanswered"
        for row, count in many.items()
    }
    return Verdict(applied=True, hits=hits)


def _judge_accepted(sheets: Sheets, codes: Sequence[str], reason: str) -> Verdict:
    """Hit sheets whose answer to a screening question is not an accepted one."""
    accepted = {
        screener.id: screener.accept for screener in sheets.instrument.screening
    }
    columns = sheets.present(codes)
    hits: dict[int, str] = {}
    for code in columns:
        given = sheets.answers[code]
        for row, answer in given[~given.isin(accepted[code])].items():
            hits.setdefault(int(str(row)), _answered(code, answer))
    findings = _absent(sheets, codes, reason)
    return Verdict(bool(columns), hits, findings=findings)


def _answered(code: str, answer: float) -> str:
    return f"{code}: no answer" if np.isnan(answer) else f"{code}: answered {answer:g}"


def _most_same(answers: FloatArray) -> IntArray:
    """Count each sheet's most frequent answer; answers of shape (n, rows) to (n,)."""
    codes = np.unique(answers[~np.isnan(answers)])
    counts = [(answers == code).sum(axis=1) for code in codes]
    return np.asarray(np.max([np.zeros(len(answers), int), *counts], axis=0))


def _longest_run(answers: FloatArray) -> IntArray:
    """Find each sheet's longest run of one answer; an unanswered row ends a run."""
    best = run = np.ones(len(answers), dtype=int)
    for before, here in pairwise(answers.T):
        run = np.where(here == before, run + 1, 1)
        best = np.maximum(best, run)
    return best


def _repeats(answers: pd.DataFrame, origin: pd.Series) -> dict[int, int]:
    """Map every repeated sheet to the row of the first like it."""
    filled = answers.fillna(-1.0).assign(_origin=origin)
    alike = filled[filled.duplicated(keep=False) & filled["_origin"].notna()]
    first: dict[tuple[float, ...], int] = {}
    twins: dict[int, int] = {}
    for row, *values in alike.itertuples():
        earlier = first.setdefault(tuple(values), row)
        if earlier != row:
            twins[row] = earlier
    return twins


def _handled(
    handling: Handling, reason: str, words: str, hits: dict[int, str]
) -> Verdict:
    if handling == "drop":
        return Verdict(applied=True, hits=hits)
    flags = (Flag(reason, words, tuple(hits)),) if handling == "flag" else ()
    return Verdict(applied=False, flags=flags)


def _not_applied(reason: str, lacking: str) -> tuple[Finding, ...]:
    message = f"The rule on {reason} was not applied: the file does not tell {lacking}."
    return (Finding("rule-not-applied", "info", reason, message),)


def _absent(sheets: Sheets, codes: Sequence[str], reason: str) -> tuple[Finding, ...]:
    """Remark on questions that a rule names and the file has no column for."""
    return tuple(
        finding
        for code in codes
        if code not in sheets.answers.columns
        for finding in _not_applied(reason, f"the answer to {code}")
    )
