"""One analysis of a study, as a frozen record.

:func:`kocsem.study.analyse.analyse` makes it from a study file and answers; reports
print it. It holds results only: nothing is computed here.
"""

from dataclasses import dataclass

import pandas as pd

from kocsem.assessment.records import (
    Assessment,
    Collinearity,
    HypothesisResult,
    JudgedIndex,
    Normality,
)
from kocsem.data.missing import MissingReport
from kocsem.data.types import Responses, Screening
from kocsem.estimation.cross_check import EngineComparison
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument
from kocsem.results.fit import Fit
from kocsem.study.file import StudyFile
from kocsem.study.sensitivity import Sensitivity


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """Everything that a report of a study needs.

    Attributes
    ----------
    study : StudyFile
        The study file.
    instrument : Instrument
        The questionnaire.
    responses : Responses
        The answers as received.
    screening : Screening
        Which answer sheets were kept, and why the others were not. Its flow ends with
        the rows analysed: those that the models cannot use are dropped last.
    nobs : int
        Number of answer sheets analysed.
    measurement_text, structural_text : str
        The two parts of the model, in lavaan's notation; the CFA fits the first, the
        SEM both.
    demographics : DataFrame
        ``variable code n percent``, of the answer sheets analysed.
    missing : MissingReport or None
        Missing answers to the variables of the model among the sheets that the
        screening rules keep, those included that were left out for them; None when
        there are none.
    descriptives : DataFrame
        ``item n missing mean sd skew kurtosis minimum maximum``, after recoding.
    normality : Normality
        Tests of the items for normality, observed predictors and ordered items left
        out.
    measurement : Fit
        The CFA of the measurement model, from which reliability and validity come.
    structural : Fit
        The SEM; the CFA again when the study states no structural part.
    assessment : Assessment
        Reliability and validity; with ordered items its constructs have a column
        ``ordinal_alpha`` beside ``alpha``.
    indices : tuple of JudgedIndex
        Fit of the SEM against the criteria.
    measurement_indices : tuple of JudgedIndex
        Fit of the CFA against the criteria.
    collinearity : Collinearity
        Variance inflation factors of the predictors and of the constructs.
    hypotheses : tuple of HypothesisResult
        What the SEM says of each hypothesis, in their order.
    effects : DataFrame
        ``outcome predictor mediator kind est se z pvalue ci_lower ci_upper std``.
    sensitivity : Sensitivity or None
        The main result under other rules of screening; None when no rule but those on
        the population hits anyone, or when the study does not want it.
    cross_check : EngineComparison or None
        The second engine's results, when the study asks for them.
    findings : tuple of Finding
        All remarks, those of the parts included.
    """

    study: StudyFile
    instrument: Instrument
    responses: Responses
    screening: Screening
    nobs: int
    measurement_text: str
    structural_text: str
    demographics: pd.DataFrame
    missing: MissingReport | None
    descriptives: pd.DataFrame
    normality: Normality
    measurement: Fit
    structural: Fit
    assessment: Assessment
    indices: tuple[JudgedIndex, ...]
    measurement_indices: tuple[JudgedIndex, ...]
    collinearity: Collinearity
    hypotheses: tuple[HypothesisResult, ...]
    effects: pd.DataFrame
    sensitivity: Sensitivity | None
    cross_check: EngineComparison | None
    findings: tuple[Finding, ...]
