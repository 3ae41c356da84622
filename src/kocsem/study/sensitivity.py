"""How the main result depends on which answer sheets are dropped.

In: a study, the answers as received and the study's own fit. Out: a `Sensitivity`: the
same model, fitted in the same way, under no rule, each rule alone, all rules, all rules
but one, and with flagged sheets dropped as well. Who does not belong to the population
stays out throughout.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan
from typing import Literal

import numpy as np
import pandas as pd
from joblib import Parallel, delayed  # type: ignore[import-untyped] # no stubs

from kocsem.assessment.hypotheses import judge_hypotheses
from kocsem.assessment.records import HypothesisResult
from kocsem.data.screening.judge import Judged, judge_sheets, left_by, sift
from kocsem.data.screening.order import QUALITY
from kocsem.data.types import Responses
from kocsem.errors import KocsemError
from kocsem.findings import Finding
from kocsem.instrument.types import Text
from kocsem.results.fit import Fit
from kocsem.study.fits import fit_structural
from kocsem.study.plan import Plan
from kocsem.study.sample import usable_answers

Kind = Literal["population", "only", "all", "without", "also"]

#: Observed variables from which on a fit takes seconds, so that processes pay.
_MANY = 40
_PATHS = ["predictor", "outcome", "est", "se", "z", "pvalue", "std"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A choice of rules that drop what they hit.

    Attributes
    ----------
    kind : {"population", "only", "all", "without", "also"}
        No rule but those on the population; one rule alone; all rules of the study; all
        but one; all, and one that the study only flags.
    reason : str
        Key of the one rule; empty where there is none.
    label : Text or None
        That rule in words.
    drop : tuple of str
        Keys of the rules that drop.
    """

    kind: Kind
    reason: str
    label: Text | None
    drop: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What the study's model says of the answer sheets that one choice keeps.

    Attributes
    ----------
    nobs : int or None
        Answer sheets analysed; None when the model could not be fitted.
    cfi, rmsea : float
        The indices that a paper prints, robust where there are robust ones; NaN where
        they do not exist.
    paths : DataFrame
        ``predictor outcome est se z pvalue std`` of the main paths; the standard error
        is that of the unstandardised estimate.
    hypotheses : tuple of HypothesisResult
        The verdicts.
    inadmissible : tuple of str
        Codes of what makes the solution one that must not be used.
    failure : str
        Why there is no result; empty when there is one.
    """

    nobs: int | None
    cfi: float
    rmsea: float
    paths: pd.DataFrame
    hypotheses: tuple[HypothesisResult, ...]
    inadmissible: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One line of a sensitivity analysis.

    Attributes
    ----------
    scenario : Scenario
        Which rules drop.
    dropped : int
        Answer sheets of the population that they drop.
    outcome : Outcome
        The result.
    """

    scenario: Scenario
    dropped: int
    outcome: Outcome


@dataclass(frozen=True)
class Sensitivity:
    """The main result under other rules of screening.

    Attributes
    ----------
    variants : tuple of Variant
        No rule, each rule alone, all rules, all but one, flagged sheets dropped too.
    paths : tuple of (str, str)
        Predictor and outcome of each main path: those of the direct hypotheses that
        the model has; all paths when there is none.
    findings : tuple of Finding
        Hypotheses whose verdict depends on the rules.
    """

    variants: tuple[Variant, ...]
    paths: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    @property
    def study(self) -> Variant:
        """The line of the study's own rules."""
        return next(v for v in self.variants if v.scenario.kind == "all")


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that differs from the study's.

    Attributes
    ----------
    hypothesis : str
        Its number.
    study, other : str
        The verdicts.
    variants : tuple of Variant
        Where the other one is reached.
    """

    hypothesis: str
    study: str
    other: str
    variants: tuple[Variant, ...]


def screening_sensitivity(
    plan: Plan, responses: Responses, structural: Fit
) -> Sensitivity | None:
    """Fit the study's model under other rules of screening.

    Parameters
    ----------
    plan : Plan
        The study.
    responses : Responses
        The answers as received.
    structural : Fit
        The study's own fit.

    Returns
    -------
    Sensitivity or None
        None when the study does not want it, or when no rule but those on the
        population hits anyone.

    Notes
    -----
    A choice of rules that keeps the same answer sheets as another is fitted once. A
    model that cannot be fitted to what a choice keeps is shown with the reason. Large
    models are fitted on all processors; the results do not depend on it.
    """
    if not plan.study.screening.sensitivity:
        return None
    judged = judge_sheets(responses, plan.instrument, plan.study.screening)
    scenarios = _scenarios(judged)
    if not scenarios:
        return None
    paths = _main_paths(plan, structural)
    everyone = int(judged.sheets.among.sum())
    own = left_by(judged, judged.dropping)
    left = [left_by(judged, scenario.drop) for scenario in scenarios]
    others = {rows.tobytes(): rows for rows in left if not np.array_equal(rows, own)}
    samples = [responses.answers[rows] for rows in others.values()]
    workers = -1 if len(structural.observed) >= _MANY else 1
    refitted = Parallel(n_jobs=workers)(
        delayed(_refitted)(plan, answers, paths) for answers in samples
    )
    outcomes = dict(zip(others, refitted, strict=True))
    outcomes[own.tobytes()] = _outcome(plan, structural, paths)
    variants = tuple(
        Variant(scenario, everyone - int(rows.sum()), outcomes[rows.tobytes()])
        for scenario, rows in zip(scenarios, left, strict=True)
    )
    found = Sensitivity(variants, paths, ())
    return replace(found, findings=tuple(_findings(found)))


def changes(sensitivity: Sensitivity) -> tuple[Change, ...]:
    """List the verdicts that are not the study's.

    Parameters
    ----------
    sensitivity : Sensitivity
        The main result under other rules.

    Returns
    -------
    tuple of Change
        By hypothesis; a model that was not fitted changes nothing.
    """
    found: dict[tuple[str, str, str], list[Variant]] = {}
    for variant in sensitivity.variants:
        pairs = zip(
            sensitivity.study.outcome.hypotheses,
            variant.outcome.hypotheses,
            strict=not variant.outcome.failure,
        )
        for own, other in pairs:
            if own.verdict != other.verdict:
                key = (own.hypothesis.id, own.verdict, other.verdict)
                found.setdefault(key, []).append(variant)
    order = [result.hypothesis.id for result in sensitivity.study.outcome.hypotheses]
    return tuple(
        Change(*key, tuple(variants))
        for key, variants in sorted(found.items(), key=lambda kv: order.index(kv[0][0]))
    )


def _scenarios(judged: Judged) -> tuple[Scenario, ...]:
    """Name the choices of rules, the study's own included; none when all are alike."""
    own = judged.dropping
    base, full = left_by(judged, ()), left_by(judged, own)
    rules = {rule.reason: rule for rule, _ in judged.verdicts if rule in QUALITY}
    only = [r for r in own if not np.array_equal(left_by(judged, (r,)), base)]
    drops = {s.rule.reason for s in sift(judged, own).steps if len(s.verdict.places)}
    without = [reason for reason in own if reason in drops]
    flagged = [reason for reason in rules if reason not in own]
    also = [r for r in flagged if not np.array_equal(left_by(judged, (*own, r)), full)]
    if not only and not also:
        return ()
    return (
        Scenario("population", "", None, ()),
        *(Scenario("only", r, rules[r].label, (r,)) for r in only),
        Scenario("all", "", None, own),
        *(Scenario("without", r, rules[r].label, _less(own, r)) for r in without),
        *(Scenario("also", r, rules[r].label, (*own, r)) for r in also),
    )


def _less(reasons: tuple[str, ...], reason: str) -> tuple[str, ...]:
    """Return reasons but for one."""
    return tuple(other for other in reasons if other != reason)


def _main_paths(plan: Plan, fit: Fit) -> tuple[tuple[str, str], ...]:
    """Return predictor and outcome of the paths that the study is about."""
    table = fit.parameters
    paths = table[table["op"] == "~"]
    pairs = list(zip(paths["rhs"], paths["lhs"], strict=True))
    stated = [h.nodes for h in plan.hypotheses if h.nodes in pairs]
    return tuple(dict.fromkeys(stated or pairs))


def _refitted(
    plan: Plan, answers: pd.DataFrame, paths: tuple[tuple[str, str], ...]
) -> Outcome:
    """Fit the study's model to some of the answer sheets, or say why it cannot be."""
    try:
        fit = fit_structural(plan, usable_answers(plan, answers))
    except KocsemError as error:
        return _failed(str(error))
    if not fit.converged:
        return _failed("The optimisation stopped before it converged.")
    return _outcome(plan, fit, paths)


def _failed(why: str) -> Outcome:
    """Return an outcome without a result."""
    nothing = pd.DataFrame(columns=_PATHS)
    return Outcome(None, nan, nan, nothing, (), failure=why)


def _outcome(plan: Plan, fit: Fit, paths: tuple[tuple[str, str], ...]) -> Outcome:
    """Take from a fit what the sensitivity analysis shows."""
    table = fit.parameters
    found = table[table["op"] == "~"].rename(
        columns={"rhs": "predictor", "lhs": "outcome", "std_all": "std"}
    )
    places = found.set_index(["predictor", "outcome"])
    measures = fit.reported_measures
    return Outcome(
        nobs=fit.nobs,
        cfi=measures.get("cfi", nan),
        rmsea=measures.get("rmsea", nan),
        paths=places.loc[list(paths)].reset_index()[_PATHS],
        hypotheses=judge_hypotheses(fit, plan.hypotheses),
        inadmissible=tuple(
            dict.fromkeys(f.code for f in fit.findings if f.severity == "error")
        ),
    )


def _findings(sensitivity: Sensitivity) -> Iterator[Finding]:
    """Name the hypotheses whose verdict depends on the rules."""
    for change in changes(sensitivity):
        where = ", ".join(_named(v.scenario) for v in change.variants)
        yield Finding(
            code="verdict-depends-on-screening",
            severity="warning",
            subject=change.hypothesis,
            message=f"{change.hypothesis} is {change.study}, but {change.other} under "
            f"other rules of screening ({where}).",
            value=len(change.variants),
        )


def _named(scenario: Scenario) -> str:
    """Return a choice of rules in a few words."""
    if scenario.kind == "population":
        return "no screening beyond the population"
    return f"{scenario.kind} {scenario.reason}"
