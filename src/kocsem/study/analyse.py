"""From a study file and answers to one analysis.

In: a study file. Out: an `Analysis`. The order of the steps is all that this module
knows: read, screen, keep usable sheets, score, describe, CFA, SEM, assess, judge,
decompose, screen otherwise, cross-check. Every step is a function of the room that it
belongs to.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from kocsem.assessment.assess import CONSTRUCT_COLUMNS, LOADING_COLUMNS, assess
from kocsem.assessment.collinearity import assess_collinearity
from kocsem.assessment.effects import effect_findings, effects
from kocsem.assessment.hypotheses import judge_hypotheses
from kocsem.assessment.multiplicity import adjust_holm, multiplicity_findings
from kocsem.assessment.records import Assessment
from kocsem.data.describe import demographics, item_descriptives
from kocsem.data.read.responses import read_chosen
from kocsem.data.types import Responses
from kocsem.estimation.cross_check import cross_check
from kocsem.findings import Finding
from kocsem.results.fit import Fit
from kocsem.study.analysis import Analysis
from kocsem.study.file import DataSource
from kocsem.study.fits import fit_measurement, fit_structural
from kocsem.study.indices import index_findings, judged_indices
from kocsem.study.normality import study_normality
from kocsem.study.ordinal_alpha import with_ordinal_alpha
from kocsem.study.plan import Plan, measurement_model, plan_study
from kocsem.study.sample import Sample, study_sample
from kocsem.study.sensitivity import screening_sensitivity

Progress = Callable[[str, int, int], None]

#: The steps that `progress` is told of, in order.
STEPS = (
    "read",
    "screen",
    "measurement",
    "structural",
    "assess",
    "sensitivity",
    "compare",
)


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
    sample = study_sample(plan, responses)
    tell("measurement")
    measurement = fit_measurement(plan, sample.scored)
    tell("structural")
    structural = _structural(plan, sample, measurement)
    tell("assess")
    analysis = _assessed(plan, sample, measurement or structural, structural)
    tell("sensitivity")
    analysis = _with_sensitivity(plan, analysis)
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


def _structural(plan: Plan, sample: Sample, measurement: Fit | None) -> Fit:
    """Fit the SEM, which is the CFA when the study states no structure."""
    if measurement is not None and not plan.structural:
        return measurement
    return fit_structural(plan, sample.scored)


def _assessment(plan: Plan, sample: Sample, measurement: Fit) -> Assessment:
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
    plan: Plan, sample: Sample, measurement: Fit, structural: Fit
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
        sensitivity=None,
        cross_check=None,
        findings=(),
    )
    return replace(analysis, findings=_remarks(plan, sample, analysis))


def _remarks(plan: Plan, sample: Sample, analysis: Analysis) -> tuple[Finding, ...]:
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


def _with_sensitivity(plan: Plan, analysis: Analysis) -> Analysis:
    """Add the main result under other rules of screening, where there are any."""
    found = screening_sensitivity(plan, analysis.responses, analysis.structural)
    if found is None:
        return analysis
    findings = tuple(dict.fromkeys((*analysis.findings, *found.findings)))
    return replace(analysis, sensitivity=found, findings=findings)


def _compared(analysis: Analysis) -> Analysis:
    """Add the other engine's results, when asked for or when ours is the other."""
    estimation = analysis.study.estimation
    if not estimation.cross_check and estimation.engine == "kocsem":
        return analysis
    comparison = cross_check(analysis.structural)
    findings = (*analysis.findings, *comparison.findings)
    return replace(analysis, cross_check=comparison, findings=findings)
