"""Notes under the table of model fit: what its indices are made of.

In: an analysis. Out: one note for each way in which the indices of an estimator differ
from those of maximum likelihood without means.
"""

from collections.abc import Iterator, Mapping
from math import isfinite

from kocsem.reporting.method import robust_note
from kocsem.reporting.notes import NOTES, SCALED
from kocsem.reporting.table import Note, number, words
from kocsem.reporting.words import INDICES
from kocsem.study.analysis import Analysis

_ROBUST = ("cfi", "tli", "rmsea")


def fit_notes(analysis: Analysis) -> Iterator[Note]:
    """Say what the indices of the structural model are made of.

    Parameters
    ----------
    analysis : Analysis
        The results of a study.

    Yields
    ------
    Note
        One sentence or two.
    """
    fit = analysis.structural
    options, measures = fit.options, fit.reported_measures
    factor = measures.get("chisq_scaling_factor")
    if factor is not None:
        values = (words(SCALED[options.test]), number(factor, "estimate"))
        yield Note(NOTES["scaled"], values)
    yield from robust_note(measures, options)
    yield from _scaled_only(measures)
    if measures["df"] and not isfinite(measures["pvalue"]):
        yield Note(NOTES["no_distribution"], (words(options.estimator),))
    if options.discrepancy != "ML":
        yield Note(NOTES["weighted"])
        yield Note(NOTES["no_likelihood"])
    elif options.missing == "fiml":
        yield Note(NOTES["saturated"])
    if options.discrepancy == "ML" and fit.table.means:
        yield Note(NOTES["counted_means"])


def _scaled_only(measures: Mapping[str, float]) -> Iterator[Note]:
    """Give the scaled value of indices whose robust one does not exist."""
    for index in _ROBUST:
        robust = measures.get(f"{index}_robust")
        scaled = measures.get(f"{index}_scaled")
        if robust is not None and scaled is not None and not isfinite(robust):
            values = (words(INDICES[index]), number(scaled, "bounded"))
            yield Note(NOTES["no_robust"], values)
