"""Whether the items of a study are normal, where its estimator asks for that.

In: scored answers and the structural model's fit. Out: a `Normality` of the variables
whose distribution is the model's business, with findings worded for its estimator.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from kocsem.assessment.normality import assess_normality
from kocsem.assessment.records import Normality
from kocsem.findings import Finding
from kocsem.results.fit import Fit

_NOT_NORMAL = "not-multivariate-normal"
_ROBUST = ("robust_sem", "robust_huber_white")


def study_normality(scored: pd.DataFrame, fit: Fit) -> Normality:
    """Test the variables of a model for normality.

    Parameters
    ----------
    scored : DataFrame
        Answers that were analysed, reversed items turned round.
    fit : Fit
        The structural model.

    Returns
    -------
    Normality
        Observed predictors, whose distribution the model takes as given, and ordered
        items, which it does not take for numbers, are left out. Where standard errors
        and test allow for other distributions, a finding says so.
    """
    variables = fit.table.variables
    aside = {*variables.exogenous, *variables.ordered}
    found = assess_normality(scored, [n for n in fit.observed if n not in aside])
    if fit.options.se not in _ROBUST:
        return found
    return replace(
        found, findings=tuple(_allowed_for(found.findings, fit.options.estimator))
    )


def _allowed_for(findings: tuple[Finding, ...], estimator: str) -> Iterator[Finding]:
    """Say of data that are not normal that the estimator allows for it."""
    for finding in findings:
        if finding.code != _NOT_NORMAL:
            yield finding
            continue
        yield Finding(
            code="not-normal-but-robust",
            severity="info",
            subject=finding.subject,
            message=f"The critical ratio of Mardia's kurtosis is {finding.value:.2f}, "
            f"beyond {finding.threshold:g}: the items are not multivariate normal. "
            f"Standard errors and test of {estimator} allow for that.",
            value=finding.value,
            threshold=finding.threshold,
            citation=finding.citation,
        )
