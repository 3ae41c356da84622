"""From a study file and answers to one analysis.

In: a study file. Out: an `Analysis`. The order of the steps is all that this module
knows: read, screen, keep usable sheets, score, describe, CFA, SEM, assess, judge,
decompose, cross-check. Every step is a function of the room it belongs to.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kocsem.assessment.assess import CONSTRUCT_COLUMNS, LOADING_COLUMNS, assess
from kocsem.assessment.collinearity import assess_collinearity
from kocsem.assessment.effects import effect_findings, effects
from kocsem.assessment.hypotheses import judge_hypotheses
from kocsem.assessment.multiplicity import adjust_holm, multiplicity_findings
from kocsem.assessment.records import Assessment
from kocsem.data.describe import check_items, demographics, item_descriptives
from kocsem.data.missing import MissingReport
from kocsem.data.read.responses import read_chosen
from kocsem.data.score import score_items
from kocsem.data.screen import screen
from kocsem.data.types import Responses, Screening
from kocsem.errors import DataError, KocsemError
from kocsem.estimation.cross_check import cross_check
from kocsem.estimation.run import cfa, sem
from kocsem.findings import Finding
from kocsem.instrument.nearest import hint
from kocsem.model.build import classify
from kocsem.model.syntax import parse_model
from kocsem.results.fit import Fit
from kocsem.study.analysis import Analysis
from kocsem.study.cases import needs_of, usable_cases
from kocsem.study.file import DataSource
from kocsem.study.indices import index_findings, judged_indices
from kocsem.study.missing import missing_findings, study_missing
from kocsem.study.model_text import placed_in_whole
from kocsem.study.normality import study_normality
from kocsem.study.ordinal_alpha import with_ordinal_alpha
from kocsem.study.plan import Plan, measurement_model, plan_study

Progress = Callable[[str, int, int], None]

#: The steps that `progress` is told of, in order.
STEPS = ("read", "screen", "measurement", "structural", "assess", "compare")


@dataclass(frozen=True)
class _Sample:
    """The answers that are analysed.

    Attributes
    ----------
    responses : Responses
        As received.
    screening : Screening
        Who stays.
    scored : DataFrame
        Answers of those who stay, reversed items turned round.
    columns : tuple of str
        Observed variables of the model.
    missing : MissingReport or None
        What is missing from the answers, before any sheet was left out for it.
    findings : tuple of Finding
        Remarks on the answers.
    """

    responses: Responses
    screening: Screening
    scored: pd.DataFrame
    columns: tuple[str, ...]
    missing: MissingReport | None
    findings: tuple[Finding, ...]


def analyse(
    study_path: str | Path,
    data: str | Path | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Carry out a study.

    Parameters
    ----------
    study_path : str or Path
        The study file, or the name of a bundled study.
    data : str or Path, optional
        Answers in place of those that the study file names.
    progress : callable, optional
        Called as ``progress(step, done, steps)`` before each of `STEPS`, and with
        ``"done"`` at the end.

    Returns
    -------
    Analysis
        Everything that a report needs.

    Raises
    ------
    KocsemError
        When the study, the instrument, the answers or the model cannot be used; the
        message says which.

    Examples
    --------
    >>> analysis = analyse("koc_core_study")
    >>> analysis.structural.fit_measures["df"]
    143
    """
    plan = plan_study(study_path, data)
    tell = _teller(progress)
    tell("read")
    responses = _read(plan)
    tell("screen")
    sample = _sample(plan, responses)
    tell("measurement")
    measurement = _fit_measurement(plan, sample)
    tell("structural")
    structural = _fit_structural(plan, sample, measurement)
    tell("assess")
    analysis = _assessed(plan, sample, measurement or structural, structural)
    tell("compare")
    analysis = _compared(analysis)
    tell("done")
    return analysis


def _teller(progress: Progress | None) -> Callable[[str], None]:
    """Return a function that tells the caller of a step by its name."""

    def tell(step: str) -> None:
        done = STEPS.index(step) if step in STEPS else len(STEPS)
        if progress is not None:
            progress(step, done, len(STEPS))

    return tell


def _read(plan: Plan) -> Responses:
    """Read the answers."""
    source = plan.study.data or DataSource(file=str(plan.data_file))
    return read_chosen(plan.data_file, plan.instrument, source)


def _sample(plan: Plan, responses: Responses) -> _Sample:
    """Screen the answers, keep usable sheets, turn reversed items round."""
    variables = classify(parse_model(plan.model).terms)
    _refuse_absent(variables.observed, responses)
    options = plan.study.estimation.options
    screened = screen(responses, plan.instrument, plan.study.screening)
    screening = usable_cases(screened, needs_of(variables, options))
    before = score_items(screened.kept.answers, plan.instrument)
    scored = before.loc[screening.kept.answers.index]
    remarks = check_items(scored, variables.observed)
    unusable = [remark.message for remark in remarks if remark.severity == "error"]
    if unusable:
        raise DataError(f"{responses.source.file}: {' '.join(unusable)}")
    missing = study_missing(before, variables.observed)
    findings = (
        *responses.findings,
        *screening.findings,
        *missing_findings(missing, options.missing),
        *remarks,
    )
    return _Sample(responses, screening, scored, variables.observed, missing, findings)


def _refuse_absent(columns: tuple[str, ...], responses: Responses) -> None:
    """Refuse answers without a variable of the model."""
    known = list(responses.answers.columns)
    absent = [name for name in columns if name not in known]
    if absent:
        listed = "; ".join(f"{name} ({hint(name, known)})" for name in absent)
        raise DataError(
            f"{responses.source.file}: the model uses variables that the answers do "
            f"not have: {listed}."
        )


def _fitted(
    plan: Plan, sample: _Sample, function: Callable[..., Fit], text: str, what: str
) -> Fit:
    """Fit one of the two models, saying which when it cannot be fitted."""
    options = plan.study.estimation
    try:
        return function(
            text,
            sample.scored,
            estimator=options.estimator,
            engine=options.engine,
            missing=options.missing,
            ordered=plan.ordered or None,
            fixed_x=options.fixed_x,
            std_lv=options.std_lv,
            meanstructure=options.meanstructure,
        )
    except KocsemError as error:
        above = len(plan.measurement.splitlines())
        own = plan.study.model if text == plan.model else None
        message = placed_in_whole(str(error), plan.file, own, above)
        raise type(error)(f"{what}: {message}") from None


def _fit_measurement(plan: Plan, sample: _Sample) -> Fit | None:
    """Fit the CFA; None for a model without latent variables."""
    text = measurement_model(plan)
    return _fitted(plan, sample, cfa, text, "The measurement model") if text else None


def _fit_structural(plan: Plan, sample: _Sample, measurement: Fit | None) -> Fit:
    """Fit the SEM, which is the CFA when the study states no structure."""
    if measurement is not None and not plan.structural:
        return measurement
    return _fitted(plan, sample, sem, plan.model, "The structural model")


def _assessment(plan: Plan, sample: _Sample, measurement: Fit) -> Assessment:
    """Assess the measurement; nothing is in it for a model of observed variables."""
    if measurement.latents:
        found = assess(measurement, plan.instrument)
        if not plan.ordered:
            return found
        return with_ordinal_alpha(found, sample.scored, plan.ordered)
    remark = Finding(
        "no-measurement",
        "info",
        "the model",
        "The model has no latent variable, so there is no measurement to assess.",
    )
    return Assessment(
        loadings=pd.DataFrame(columns=list(LOADING_COLUMNS)),
        constructs=pd.DataFrame(columns=list(CONSTRUCT_COLUMNS)),
        correlations=pd.DataFrame(),
        htmt=pd.DataFrame(),
        findings=(remark,),
    )


def _assessed(
    plan: Plan, sample: _Sample, measurement: Fit, structural: Fit
) -> Analysis:
    """Assess both fits and put the analysis together, the cross-check left open."""
    analysis = Analysis(
        study=plan.study,
        instrument=plan.instrument,
        responses=sample.responses,
        screening=sample.screening,
        nobs=structural.nobs,
        measurement_text=measurement_model(plan),
        structural_text=plan.structural,
        demographics=demographics(sample.screening.kept.answers, plan.instrument),
        missing=sample.missing,
        descriptives=item_descriptives(sample.scored, sample.columns),
        normality=study_normality(sample.scored, structural),
        measurement=measurement,
        structural=structural,
        assessment=_assessment(plan, sample, measurement),
        indices=judged_indices(structural),
        measurement_indices=judged_indices(measurement),
        collinearity=assess_collinearity(sample.scored, structural),
        hypotheses=adjust_holm(judge_hypotheses(structural, plan.hypotheses)),
        effects=effects(structural),
        cross_check=None,
        findings=(),
    )
    return replace(analysis, findings=_remarks(plan, sample, analysis))


def _remarks(plan: Plan, sample: _Sample, analysis: Analysis) -> tuple[Finding, ...]:
    """Gather the remarks of all parts, each once."""
    measurement, structural = analysis.measurement, analysis.structural
    found = (
        *plan.findings,
        *sample.findings,
        *measurement.findings,
        *structural.findings,
        *analysis.normality.findings,
        *analysis.assessment.findings,
        *analysis.collinearity.findings,
        *index_findings(measurement, structural),
        *multiplicity_findings(analysis.hypotheses),
        *effect_findings(structural),
    )
    return tuple(dict.fromkeys(found))


def _compared(analysis: Analysis) -> Analysis:
    """Add the other engine's results, when asked for or when ours is the other."""
    estimation = analysis.study.estimation
    if not estimation.cross_check and estimation.engine == "kocsem":
        return analysis
    comparison = cross_check(analysis.structural)
    findings = (*analysis.findings, *comparison.findings)
    return replace(analysis, cross_check=comparison, findings=findings)
