"""Rules on single questions: consent, screeners, attention checks.

In: the answers to these questions. Out: verdicts. No answer is no consent and no
membership of the population; a blank attention check is only pointed out.
Sources: Meade and Craig (2012) for instructed and infrequency items.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from kocsem.data.screening.rule import Flag, Rule, Verdict, not_applied, off
from kocsem.data.screening.settings import AppliedRules
from kocsem.data.screening.sheets import Sheets
from kocsem.findings import Finding
from kocsem.instrument.types import Text

_CARELESS = ("meade-craig-2012", "desimone-2015")


def _judge_accepted(sheets: Sheets, codes: Sequence[str], reason: str) -> Verdict:
    """Hit sheets whose answer to a screening question is not an accepted one."""
    accepted = {
        screener.id: screener.accept for screener in sheets.instrument.screening
    }
    return _judge_codes(sheets, codes, accepted, reason, blank_fails=True)


def _judge_consent(sheets: Sheets) -> Verdict:
    """Hit sheets without consent; no answer is no consent."""
    return _judge_accepted(sheets, sheets.rules.consent, "consent")


def _judge_screeners(sheets: Sheets) -> Verdict:
    """Hit sheets of respondents outside the study's population."""
    return _judge_accepted(sheets, sheets.rules.screeners, "screener")


def _judge_attention(kind: str) -> Callable[[Sheets], Verdict]:
    """Make the rule on attention checks of one kind."""

    def judge(sheets: Sheets) -> Verdict:
        accepted = {
            check.id: check.accept
            for check in sheets.instrument.attention
            if check.kind == kind
        }
        codes = [code for code in sheets.rules.attention if code in accepted]
        found = _judge_codes(sheets, codes, accepted, kind, blank_fails=False)
        columns = sheets.present(codes)
        blank = sheets.answers.index[sheets.answers[columns].isna().any(axis=1)]
        words = "an attention check unanswered"
        flag = Flag("flagged-attention", words, blank.tolist())
        return replace(found, flags=(flag,))

    return judge


def _judge_codes(
    sheets: Sheets,
    codes: Sequence[str],
    accepted: dict[str, tuple[int, ...]],
    reason: str,
    *,
    blank_fails: bool,
) -> Verdict:
    """Hit sheets with a wrong answer to one of the questions; the first counts."""
    details: dict[int, str] = {}
    absent: tuple[Finding, ...] = ()
    for code in codes:
        if code not in sheets.answers.columns:
            absent += not_applied(reason, f"the answer to {code}").findings
            continue
        given = sheets.answers[code]
        wrong = ~given.isin(accepted[code])
        if not blank_fails:
            wrong &= given.notna()
        for place in np.flatnonzero(wrong):
            details.setdefault(int(place), _answered(code, given.iloc[place]))
    if not sheets.present(codes):
        return off(*absent)
    places = np.array(sorted(details), dtype=np.intp)
    return Verdict(places, details.__getitem__, findings=absent)


def _answered(code: str, answer: float) -> str:
    return f"{code}: no answer" if np.isnan(answer) else f"{code}: answered {answer:g}"


def _accepted_only(rules: AppliedRules) -> Text:
    return Text(zh="须为可接受的答案", en="an accepted answer")


CONSENT = Rule(
    reason="consent",
    label=Text(zh="未同意参加", en="No consent"),
    words="no consent",
    judge=_judge_consent,
    handling=lambda rules: "drop",
    limit=_accepted_only,
)

SCREENER = Rule(
    reason="screener",
    label=Text(zh="不符合甄别条件", en="Outside the study's population"),
    words="an answer from outside the study's population",
    judge=_judge_screeners,
    handling=lambda rules: "drop",
    limit=_accepted_only,
)

INSTRUCTED = Rule(
    reason="instructed",
    label=Text(zh="未按指示作答", en="Failed an instructed item"),
    words="a wrong answer to an instructed item",
    judge=_judge_attention("instructed"),
    handling=lambda rules: rules.quality.instructed,
    limit=lambda rules: Text(zh="须选指定答案", en="the answer asked for"),
    citations=_CARELESS,
)

INFREQUENCY = Rule(
    reason="infrequency",
    label=Text(zh="认同不可能的陈述", en="Affirmed what cannot be true"),
    words="agreed to what cannot be true",
    judge=_judge_attention("infrequency"),
    handling=lambda rules: rules.quality.infrequency,
    limit=_accepted_only,
    citations=_CARELESS,
)
