"""The criteria of model fit, as data with their sources, and the judgement by them.

In: a fit's measures. Out: one `JudgedIndex` for each criterion. A criterion is a habit
of the field and no test: a report prints the source of every limit beside the verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from kocsem.assessment.records import IndexVerdict, JudgedIndex, Threshold
from kocsem.findings import Finding, Unavailable


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a fit index is held against.

    Attributes
    ----------
    index : str
        Name among the fit measures.
    good : Threshold
        What good fit needs.
    lenient : Threshold or None
        What acceptable fit needs.
    citations : tuple of str
        Keys of the sources: of the good limit, then of the lenient one.
    """

    index: str
    good: Threshold
    lenient: Threshold | None
    citations: tuple[str, ...]


#: The order is that of a paper's table. GFI and AGFI are those of LISREL and AMOS.
CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "chisq_df",
        Threshold("<", 3.0),
        Threshold("<", 5.0),
        ("kline-2016", "marsh-hocevar-1985"),
    ),
    Criterion(
        "cfi",
        Threshold(">=", 0.95),
        Threshold(">=", 0.90),
        ("hu-bentler-1999", "hair-2019"),
    ),
    Criterion(
        "tli",
        Threshold(">=", 0.95),
        Threshold(">=", 0.90),
        ("hu-bentler-1999", "hair-2019"),
    ),
    Criterion(
        "rmsea",
        Threshold("<=", 0.06),
        Threshold("<=", 0.08),
        ("hu-bentler-1999", "browne-cudeck-1993"),
    ),
    Criterion("srmr", Threshold("<=", 0.08), None, ("hu-bentler-1999",)),
    Criterion(
        "gfi_lisrel",
        Threshold(">", 0.90),
        Threshold(">", 0.80),
        ("hair-2019", "doll-xia-torkzadeh-1994"),
    ),
    Criterion(
        "agfi_lisrel",
        Threshold(">", 0.90),
        Threshold(">", 0.80),
        ("hair-2019", "doll-xia-torkzadeh-1994"),
    ),
    Criterion("nfi", Threshold(">", 0.90), None, ("bentler-bonett-1980",)),
    Criterion("ifi", Threshold(">", 0.90), None, ("hair-2019",)),
)

_NO_DF = "The model has no degrees of freedom, so it fits any data."


def judge(
    fit_measures: Mapping[str, Any], criteria: tuple[Criterion, ...] = CRITERIA
) -> tuple[JudgedIndex, ...]:
    """Hold fit measures against their criteria.

    Parameters
    ----------
    fit_measures : mapping
        Measures by lavaan's names, among them ``chisq`` and ``df``.
    criteria : tuple of Criterion
        What they are held against.

    Returns
    -------
    tuple of JudgedIndex
        One for each criterion, in their order; an index that does not exist has no
        value, no verdict and a reason.

    Examples
    --------
    >>> cfi, = judge({"chisq": 90.0, "df": 24, "cfi": 0.931}, CRITERIA[1:2])
    >>> cfi.value, str(cfi.criterion), cfi.verdict
    (0.931, '>= 0.95', 'acceptable')
    """
    return tuple(_judged(criterion, fit_measures) for criterion in criteria)


def fit_findings(judged: tuple[JudgedIndex, ...], model: str) -> tuple[Finding, ...]:
    """Return a finding for each index that misses even the lenient limit.

    Parameters
    ----------
    judged : tuple of JudgedIndex
        The judgement.
    model : str
        What the findings are about, such as ``"the measurement model"``.

    Returns
    -------
    tuple of Finding
        Code ``"poor-fit"``.
    """
    return tuple(
        Finding(
            code="poor-fit",
            severity="warning",
            subject=result.index,
            message=f"{result.index} of {model} is {result.value:.3f}; acceptable fit "
            f"needs {result.lenient or result.criterion}.",
            value=result.value,
            threshold=str(result.lenient or result.criterion),
            citation=result.citations[-1],
        )
        for result in judged
        if result.verdict == "poor"
    )


def _judged(criterion: Criterion, measures: Mapping[str, Any]) -> JudgedIndex:
    """Judge one index."""
    saturated = measures.get("df") == 0
    value, reason = _value_of(criterion.index, measures)
    verdict: IndexVerdict | None = None
    if saturated:
        reason = _NO_DF
    elif value is not None:
        verdict = _verdict(criterion, value)
    return JudgedIndex(
        index=criterion.index,
        value=value,
        criterion=criterion.good,
        lenient=criterion.lenient,
        verdict=verdict,
        citations=criterion.citations,
        reason=reason,
    )


def _verdict(criterion: Criterion, value: float) -> IndexVerdict:
    """Return the verdict on a value."""
    if criterion.good.met_by(value):
        return "good"
    if criterion.lenient is not None and criterion.lenient.met_by(value):
        return "acceptable"
    return "poor"


def _value_of(index: str, measures: Mapping[str, Any]) -> tuple[float | None, str]:
    """Return the value of an index, or why it has none."""
    if index == "chisq_df":
        chisq, reason = _value_of("chisq", measures)
        df, _ = _value_of("df", measures)
        if chisq is None or not df:
            return None, reason or _NO_DF
        return chisq / df, ""
    value = measures.get(index)
    if isinstance(value, Unavailable):
        return None, value.reason
    if value is None:
        return None, f"{index} is not among the fit measures of this engine."
    if not isfinite(value):
        return None, f"{index} cannot be computed for this model."
    return float(value), ""
