"""The answers that a study analyses.

In: a plan and the answers as received. Out: a `Sample`: who stays and why the others do
not, the answers of those who stay with reversed items turned round, and remarks on
them. `usable_answers` does the same for any choice of answer sheets.
"""

from dataclasses import dataclass

import pandas as pd

from kocsem.data.describe import check_items
from kocsem.data.missing import MissingReport
from kocsem.data.score import score_items
from kocsem.data.screening.screen import screen
from kocsem.data.types import Responses, Screening
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.nearest import hint
from kocsem.model.build import classify
from kocsem.model.syntax import parse_model
from kocsem.model.table import Variables
from kocsem.study.cases import needs_of, usable_cases, usable_rows
from kocsem.study.missing import missing_findings, study_missing
from kocsem.study.plan import Plan


@dataclass(frozen=True)
class Sample:
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


def study_sample(plan: Plan, responses: Responses) -> Sample:
    """Screen the answers, keep usable sheets, turn reversed items round.

    Parameters
    ----------
    plan : Plan
        The study.
    responses : Responses
        The answers as received.

    Returns
    -------
    Sample
        The answers that are analysed.

    Raises
    ------
    DataError
        When the answers lack a variable of the model, no sheet is left, or an item
        cannot be analysed.
    """
    variables = _variables(plan)
    _refuse_absent(variables.observed, responses)
    options = plan.study.estimation.options
    screened = screen(responses, plan.instrument, plan.study.screening)
    screening = usable_cases(screened, needs_of(variables, options))
    before = score_items(screened.kept.answers, plan.instrument)
    scored = before.loc[screening.kept.answers.index]
    remarks = check_items(scored, variables.observed)
    _refuse_unusable(remarks, responses.source.file)
    missing = study_missing(before, variables.observed)
    findings = (
        *responses.findings,
        *screening.findings,
        *missing_findings(missing, options.missing),
        *remarks,
    )
    return Sample(responses, screening, scored, variables.observed, missing, findings)


def usable_answers(plan: Plan, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers that the models can use, reversed items turned round.

    Parameters
    ----------
    plan : Plan
        The study.
    answers : DataFrame
        Some of the answer sheets received.

    Returns
    -------
    DataFrame
        Scored answers, without the sheets that lack what the models need.

    Raises
    ------
    DataError
        When no sheet is left, or an item cannot be analysed.
    """
    variables = _variables(plan)
    needs = needs_of(variables, plan.study.estimation.options)
    kept = usable_rows(answers, needs)
    if kept.empty:
        raise DataError("No answer sheet is left.")
    scored = score_items(kept, plan.instrument)
    _refuse_unusable(check_items(scored, variables.observed), "The answers left")
    return scored


def _variables(plan: Plan) -> Variables:
    """Return the names in the whole model."""
    return classify(parse_model(plan.model).terms)


def _refuse_unusable(remarks: tuple[Finding, ...], where: str) -> None:
    """Refuse answers with items that no model can use."""
    unusable = [remark.message for remark in remarks if remark.severity == "error"]
    if unusable:
        raise DataError(f"{where}: {' '.join(unusable)}")


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
