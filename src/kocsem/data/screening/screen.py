"""Answer sheets that cannot be used, each with one reason.

In: `Responses`, the instrument and the rules. Out: a `Screening` with what stays, why
each other sheet does not, what every rule finds by itself, and the sample flow. The
rules judge answers as given, before any reversal.
"""

import pandas as pd

from kocsem.data.screening.judge import Judged, Step, judge_sheets, sift
from kocsem.data.screening.rule import Flag
from kocsem.data.screening.settings import ScreeningRules
from kocsem.data.types import FlowStep, Responses, RuleInForce, Screening
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Text

_RECEIVED = Text(zh="收回问卷", en="Received")
_KEPT = Text(zh="有效问卷", en="Kept")


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
        Kept and dropped sheets, sample flow, the hits of every rule by itself, and
        findings on what was flagged.

    Raises
    ------
    DataError
        If a rule names a question that the instrument does not have.

    Notes
    -----
    The rules are tried in this order: consent, screener; instructed, infrequency,
    speed, straightlining, longstring, irv, duplicate, same_answers, same_origin,
    missing, contradiction, mahalanobis. A dropped sheet carries the first that hits. Of
    duplicates, the first that no earlier rule drops is kept.

    Examples
    --------
    >>> import kocsem.instrument.bundled, kocsem.instrument.load
    >>> import kocsem.data.read.responses
    >>> koc = kocsem.instrument.load.load_instrument("koc_core")
    >>> demo = kocsem.instrument.bundled.bundled("koc_core_demo.csv")
    >>> screening = screen(kocsem.data.read.responses.read_responses(demo, koc), koc)
    >>> [step.reason for step in screening.flow]
    ['received', 'consent', 'screener', 'instructed', 'infrequency', 'speed', \
'straightlining', 'duplicate', 'missing', 'kept']
    >>> int(screening.reasons["mahalanobis"].sum())
    4
    """
    judged = judge_sheets(responses, instrument, rules or ScreeningRules())
    sifted = sift(judged, judged.dropping)
    steps, kept = sifted.steps, responses.where(sifted.left)
    return Screening(
        kept=kept,
        dropped=_dropped(steps, responses.answers.index),
        flow=_flow(steps, len(responses.answers), len(kept.answers)),
        findings=_findings(judged, steps, kept.answers.index),
        rules=_in_force(judged),
        reasons=judged.reasons(),
    )


def _dropped(steps: tuple[Step, ...], index: pd.Index) -> pd.DataFrame:
    """List the sheets that go, by row number."""
    found = [
        pd.DataFrame(
            {
                "row": index[step.verdict.places],
                "reason": step.rule.reason,
                "detail": [step.verdict.tell(i) for i in step.verdict.places.tolist()],
            }
        )
        for step in steps
        if step.drops and len(step.verdict.places)
    ]
    if not found:
        return pd.DataFrame(columns=["row", "reason", "detail"])
    return pd.concat(found).sort_values("row", ignore_index=True)


def _flow(steps: tuple[Step, ...], received: int, kept: int) -> tuple[FlowStep, ...]:
    """Count the sheets step by step."""
    return (
        FlowStep("received", _RECEIVED, received),
        *(
            FlowStep(step.rule.reason, step.rule.label, len(step.verdict.places))
            for step in steps
            if step.drops and step.verdict.applied
        ),
        FlowStep("kept", _KEPT, kept),
    )


def _findings(
    judged: Judged, steps: tuple[Step, ...], kept: pd.Index
) -> tuple[Finding, ...]:
    """Say which rules were not applied, and which flagged sheets stay."""
    index, rules = judged.sheets.answers.index, judged.sheets.rules
    remarks: list[Finding] = []
    flags: list[Flag] = []
    for step in steps:
        verdict = step.verdict
        remarks += verdict.findings
        if not step.drops:
            rows = index[verdict.places].tolist()
            flags.append(step.rule.flag(rows, rules))
        flags += verdict.flags
    return (*remarks, *_said_once(flags, kept))


def _said_once(flags: list[Flag], kept: pd.Index) -> tuple[Finding, ...]:
    """Turn flags into findings, those of one code about the same rows once."""
    found = (finding for flag in flags for finding in flag.finding(kept))
    return tuple(dict.fromkeys(found))


def _in_force(judged: Judged) -> tuple[RuleInForce, ...]:
    """Describe the rules that were applied."""
    rules = judged.sheets.rules
    return tuple(
        RuleInForce(
            reason=rule.reason,
            label=rule.label,
            limit=rule.limit(rules),
            handling=rule.handling(rules),
            citations=rule.citations,
        )
        for rule, verdict in judged.verdicts
        if verdict.applied
    )
