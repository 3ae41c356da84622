"""Which answer sheets a study refuses: what it sets, over the instrument's defaults.

In: the ``screening`` block of a study file. Out: a complete set of rules. The defaults
stand in the instrument: its screeners, its attention checks, its quality block.
"""

from collections.abc import Sequence
from dataclasses import dataclass as plain_dataclass
from dataclasses import fields, replace
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from kocsem.errors import DataError
from kocsem.instrument.nearest import hinted
from kocsem.instrument.types import Handling, Instrument, Quality
from kocsem.instrument.wording import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ScreeningRules:
    """What a study sets; None leaves the instrument's default in force.

    Attributes
    ----------
    consent : str, optional
        Code of the question that asks for consent.
    screeners : tuple of str, optional
        Codes of questions that a respondent must answer acceptably; ``[]`` for none.
    attention : tuple of str, optional
        Codes of the attention checks that count; ``[]`` for none.
    instructed, infrequency : {"drop", "flag", "keep"}, optional
        What happens to answer sheets that fail an attention check of that kind.
    speed : {"drop", "flag", "keep"}, optional
        What happens to answer sheets that were filled in too fast.
    min_seconds_per_item : float, optional
        Fewer seconds than this per scale row is too fast; 0 turns the rule off.
    straightlining : {"drop", "flag", "keep"}, optional
        What happens to answer sheets with one answer almost throughout.
    max_same_share : float, optional
        Largest share of scale rows that may carry one and the same answer.
    longstring : {"drop", "flag", "keep"}, optional
        What happens to answer sheets with a long run of one answer.
    max_longstring : int, optional
        Longest run of one and the same answer that is still believed.
    irv : {"drop", "flag", "keep"}, optional
        What happens to answer sheets whose answers hardly vary.
    min_irv : float, optional
        Smallest standard deviation of a respondent's answers that is still believed.
    duplicates : {"drop", "flag", "keep"}, optional
        What happens to sheets with the origin and all answers of an earlier one.
    same_answers : {"drop", "flag", "keep"}, optional
        What happens to sheets with the scale answers of an earlier one.
    same_origin : {"flag", "keep"}, optional
        Whether sheets with the origin of an earlier one are pointed out.
    missing : {"drop", "flag", "keep"}, optional
        What happens to answer sheets with too many unanswered items.
    missing_share : float, optional
        Largest share of model items that may be unanswered.
    contradictions : {"drop", "flag", "keep"}, optional
        What happens to sheets that agree with an item and with its reverse.
    contradiction_points : int, optional
        Gap in points from which two answers contradict each other.
    mahalanobis : {"drop", "flag", "keep"}, optional
        What happens to answer sheets that lie far from all others.
    mahalanobis_p : float, optional
        Smallest probability of a squared Mahalanobis distance that is still believed.
    sensitivity : bool
        Whether a study is estimated again under each rule by itself, and without each.
    """

    consent: str | None = None
    screeners: tuple[str, ...] | None = None
    attention: tuple[str, ...] | None = None
    instructed: Handling | None = None
    infrequency: Handling | None = None
    speed: Handling | None = None
    min_seconds_per_item: Annotated[float, Field(ge=0)] | None = None
    straightlining: Handling | None = None
    max_same_share: Annotated[float, Field(gt=0, le=1)] | None = None
    longstring: Handling | None = None
    max_longstring: Annotated[int, Field(ge=2)] | None = None
    irv: Handling | None = None
    min_irv: Annotated[float, Field(gt=0)] | None = None
    duplicates: Handling | None = None
    same_answers: Handling | None = None
    same_origin: Literal["flag", "keep"] | None = None
    missing: Handling | None = None
    missing_share: Annotated[float, Field(ge=0, le=1)] | None = None
    contradictions: Handling | None = None
    contradiction_points: Annotated[int, Field(ge=1)] | None = None
    mahalanobis: Handling | None = None
    mahalanobis_p: Annotated[float, Field(gt=0, lt=1)] | None = None
    sensitivity: bool = True


@plain_dataclass(frozen=True, slots=True)
class AppliedRules:
    """The rules that are in force, with nothing left open.

    Attributes
    ----------
    consent, screeners, attention : tuple of str
        Codes of questions and checks.
    quality : Quality
        Limits and what happens beyond them.
    """

    consent: tuple[str, ...]
    screeners: tuple[str, ...]
    attention: tuple[str, ...]
    quality: Quality


def resolve_rules(rules: ScreeningRules, instrument: Instrument) -> AppliedRules:
    """Fill in the instrument's defaults.

    Parameters
    ----------
    rules : ScreeningRules
        What the study sets.
    instrument : Instrument
        Where the defaults stand.

    Returns
    -------
    AppliedRules
        The rules in force.

    Raises
    ------
    DataError
        If a rule names a question that the instrument does not have.
    """
    asked = {screener.id: screener.consent for screener in instrument.screening}
    checks = [check.id for check in instrument.attention]
    consent = tuple(code for code, is_consent in asked.items() if is_consent)
    if rules.consent is not None:
        consent = _known((rules.consent,), list(asked), "consent")
    screeners = tuple(code for code in asked if code not in consent)
    if rules.screeners is not None:
        screeners = _known(rules.screeners, list(asked), "screeners")
    attention = tuple(checks)
    if rules.attention is not None:
        attention = _known(rules.attention, checks, "attention")
    return AppliedRules(consent, screeners, attention, _quality(rules, instrument))


def _known(codes: tuple[str, ...], known: Sequence[str], rule: str) -> tuple[str, ...]:
    for code in codes:
        if code not in known:
            said = f"screening.{rule}: the instrument has no such question {code}"
            raise DataError(hinted(said, code, known))
    return codes


def _quality(rules: ScreeningRules, instrument: Instrument) -> Quality:
    """Put what the study sets over the instrument's limits."""
    names = [field.name for field in fields(Quality)]
    chosen = {name: getattr(rules, name) for name in names}
    given = {name: value for name, value in chosen.items() if value is not None}
    quality = replace(instrument.quality, **given)
    by_default: Literal["flag", "keep"]
    by_default = "keep" if quality.duplicates == "keep" else "flag"
    return replace(
        quality,
        same_answers=quality.same_answers or by_default,
        same_origin=quality.same_origin or by_default,
    )
