"""The fit of a study's models held against criteria, where that makes sense.

In: a fit. Out: judged indices and findings. An index made of a statistic that follows
no chi-square distribution keeps its value and gets no verdict: the criteria are about
statistics that do.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from kocsem.assessment.criteria import fit_findings, judge
from kocsem.assessment.records import JudgedIndex
from kocsem.findings import Finding
from kocsem.results.fit import Fit

#: Indices that are made of residuals and not of the statistic.
_OF_RESIDUALS = ("srmr", "gfi_lisrel", "agfi_lisrel")


def judged_indices(fit: Fit) -> tuple[JudgedIndex, ...]:
    """Hold the reported indices of a fit against their criteria.

    Parameters
    ----------
    fit : Fit
        A fitted model.

    Returns
    -------
    tuple of JudgedIndex
        In the order of the criteria.
    """
    found = judge(fit.reported_measures)
    if _distributed(fit):
        return found
    return tuple(
        index if index.index in _OF_RESIDUALS else replace(index, verdict=None)
        for index in found
    )


def index_findings(measurement: Fit, structural: Fit) -> Iterator[Finding]:
    """Report poor fit, once when both models leave the same moments open.

    Parameters
    ----------
    measurement, structural : Fit
        The two models.

    Yields
    ------
    Finding
        ``"poor-fit"`` for each index beyond its limit, or
        ``"statistic-not-distributed"``.
    """
    if not _distributed(structural):
        name = structural.options.estimator
        yield Finding(
            code="statistic-not-distributed",
            severity="warning",
            subject="the structural model",
            message=f"The statistic of {name} follows no chi-square distribution, so "
            "that there is no test of fit, and indices made of it have no verdict. Ask "
            "for an estimator with an adjusted test, such as MLR, or WLSMV for ordered "
            "items.",
        )
    if measurement.fit_measures["df"] != structural.fit_measures["df"]:
        yield from fit_findings(judged_indices(measurement), "the measurement model")
    yield from fit_findings(judged_indices(structural), "the structural model")


def _distributed(fit: Fit) -> bool:
    """Return whether the statistic of a fit can be tested, or has nothing to test."""
    measures = fit.reported_measures
    return not measures["df"] or isfinite(measures["pvalue"])
