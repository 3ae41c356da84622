"""What remains of tested hypotheses when their number is taken into account.

In: results of hypotheses. Out: the same results with p values adjusted by Holm's (1979)
method, and a finding for each hypothesis whose significance depends on not adjusting.
The verdicts stay as they are. statsmodels adjusts the p values.
"""

from collections.abc import Sequence
from dataclasses import replace

from statsmodels.stats.multitest import multipletests

from kocsem.assessment.records import HypothesisResult
from kocsem.findings import Finding

_SIGNIFICANT = ("supported", "contrary")


def adjust_holm(results: Sequence[HypothesisResult]) -> tuple[HypothesisResult, ...]:
    """Add Holm-adjusted p values to the direct hypotheses.

    Parameters
    ----------
    results : sequence of HypothesisResult
        What a fit says of all hypotheses of a study.

    Returns
    -------
    tuple of HypothesisResult
        In the same order, with `pvalue_holm` where there is one.

    Notes
    -----
    The family is made of the direct hypotheses that were tested; indirect effects are
    products of the same paths and stay outside. With the p values in ascending
    order, p_1 <= ... <= p_m, the adjusted one is
    max over j <= i of min(1, (m - j + 1) p_j): the chance of one wrong rejection or
    more among all m is then at most alpha, whatever the dependence of the tests. In R:
    ``p.adjust(p, "holm")``.

    References
    ----------
    holm-1979
    """
    family = [
        position
        for position, result in enumerate(results)
        if result.kind == "direct" and result.pvalue is not None
    ]
    if not family:
        return tuple(results)
    pvalues = [results[position].pvalue for position in family]
    adjusted = multipletests(pvalues, method="holm")[1]
    by_position = dict(zip(family, adjusted, strict=True))
    return tuple(
        replace(result, pvalue_holm=float(by_position[position]))
        if position in by_position
        else result
        for position, result in enumerate(results)
    )


def multiplicity_findings(
    results: Sequence[HypothesisResult], alpha: float = 0.05
) -> tuple[Finding, ...]:
    """Name the significant hypotheses that are not so after Holm's adjustment.

    Parameters
    ----------
    results : sequence of HypothesisResult
        As `adjust_holm` returns them.
    alpha : float
        Significance level of the verdicts.

    Returns
    -------
    tuple of Finding
        Code ``"not-significant-after-holm"``.
    """
    family = sum(result.pvalue_holm is not None for result in results)
    return tuple(
        _finding(result, result.pvalue_holm, family, alpha)
        for result in results
        if result.verdict in _SIGNIFICANT
        and result.pvalue_holm is not None
        and result.pvalue_holm >= alpha
    )


def _finding(
    result: HypothesisResult, adjusted: float, family: int, alpha: float
) -> Finding:
    """Make the finding of one hypothesis."""
    message = (
        f"{result.hypothesis.id} is significant at {alpha:g} by itself (p = "
        f"{result.pvalue:.3f}), but not among the {family} direct hypotheses tested "
        f"together (p adjusted by Holm's method: {adjusted:.3f})."
    )
    return Finding(
        "not-significant-after-holm",
        "info",
        result.hypothesis.id,
        message,
        adjusted,
        alpha,
        "holm-1979",
    )
