"""Answer sheets that cannot be used, each with one reason.

In: `Responses`, the instrument and the rules. Out: a `Screening` with what stays, why
each other sheet does not, and the sample flow. The rules are in
`kocsem.data.rules`; they judge answers as given, before any reversal.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kocsem.data.rules import (
    Flag,
    Sheets,
    Verdict,
    judge_attention,
    judge_consent,
    judge_duplicates,
    judge_missing,
    judge_screeners,
    judge_speed,
    judge_straightlining,
)
from kocsem.data.screening_rules import ScreeningRules, resolve_rules
from kocsem.data.types import FlowStep, Responses, Screening
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Text

#: The rules in the order in which they are tried; the first that hits is the reason.
_RULES = {
    "consent": judge_consent,
    "screener": judge_screeners,
    "attention": judge_attention,
    "speed": judge_speed,
    "straightlining": judge_straightlining,
    "duplicate": judge_duplicates,
    "missing": judge_missing,
}

_LABELS: Mapping[str, Text] = {
    "received": Text(zh="收回问卷", en="Received"),
    "consent": Text(zh="未同意参加", en="No consent"),
    "screener": Text(zh="不符合甄别条件", en="Outside the study's population"),
    "attention": Text(zh="未通过注意力检测", en="Failed an attention check"),
    "speed": Text(zh="作答过快", en="Answered too fast"),
    "straightlining": Text(zh="规律作答", en="Same answer throughout"),
    "duplicate": Text(zh="重复提交", en="Submitted twice"),
    "missing": Text(zh="缺失过多", en="Too much unanswered"),
    "kept": Text(zh="有效问卷", en="Kept"),
}


def screen(
    responses: Responses, instrument: Instrument, rules: ScreeningRules | None = None
) -> Screening:
    """Sort out answer sheets that cannot be used.

    Parameters
    ----------
    responses : Responses
        The answers as read.
    instrument : Instrument
        What was asked; its quality block holds the defaults of the rules.
    rules : ScreeningRules, optional
        What differs from the instrument's defaults.

    Returns
    -------
    Screening
        Kept and dropped sheets, sample flow, and findings on what was flagged.

    Raises
    ------
    DataError
        If a rule names a question that the instrument does not have.

    Notes
    -----
    The rules are tried in this order: consent, screener, attention, speed,
    straightlining, duplicate, missing. A dropped sheet carries the first that hits.
    Of duplicates, the first that no earlier rule drops is kept.

    Examples
    --------
    >>> import kocsem.instrument.bundled, kocsem.instrument.load
    >>> import kocsem.data.read.responses
    >>> koc = kocsem.instrument.load.load_instrument("koc_core")
    >>> demo = kocsem.instrument.bundled.bundled("koc_core_demo.csv")
    >>> screening = screen(kocsem.data.read.responses.read_responses(demo, koc), koc)
    >>> [step.reason for step in screening.flow]
    ['received', 'consent', 'screener', 'attention', 'speed', 'straightlining', \
'duplicate', 'missing', 'kept']
    """
    applied = resolve_rules(rules or ScreeningRules(), instrument)
    remaining = responses
    dropped: list[dict[str, Any]] = []
    flow = [_step("received", len(responses.answers))]
    flags: list[Flag] = []
    findings: list[Finding] = []
    for reason, judge in _RULES.items():
        verdict: Verdict = judge(Sheets(remaining, instrument, applied))
        flags += verdict.flags
        findings += verdict.findings
        if not verdict.applied:
            continue
        flow.append(_step(reason, len(verdict.hits)))
        dropped += [
            {"row": row, "reason": reason, "detail": detail}
            for row, detail in verdict.hits.items()
        ]
        remaining = _without(remaining, verdict.hits)
    flow.append(_step("kept", len(remaining.answers)))
    findings += [f for flag in flags for f in flag.finding(remaining.answers.index)]
    frame = pd.DataFrame(dropped, columns=["row", "reason", "detail"])
    ordered = frame.sort_values("row", ignore_index=True)
    return Screening(remaining, ordered, tuple(flow), tuple(findings))


def _step(reason: str, n: int) -> FlowStep:
    return FlowStep(reason, _LABELS[reason], n)


def _without(responses: Responses, hits: Mapping[int, str]) -> Responses:
    if not hits:
        return responses
    rows = list(hits)
    seconds, origin = responses.seconds, responses.origin
    return replace(
        responses,
        answers=responses.answers.drop(index=rows),
        seconds=None if seconds is None else seconds.drop(index=rows),
        origin=None if origin is None else origin.drop(index=rows),
    )
