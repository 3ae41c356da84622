"""Which answers are missing from a study, and what that means for its estimates.

In: the answers of the sheets that screening keeps, and how missing ones are treated.
Out: a `MissingReport`, and findings worded for that treatment. Sources: Little (1988)
for the test; Enders and Bandalos (2001) for what full information needs.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from kocsem.core.incomplete.mcar import McarTest
from kocsem.data.missing import ALPHA, MissingReport, missing_report
from kocsem.findings import Finding

_LITTLE = "not-missing-completely-at-random"


def study_missing(scored: pd.DataFrame, columns: Sequence[str]) -> MissingReport | None:
    """Describe the missing answers of a study.

    Parameters
    ----------
    scored : DataFrame
        Answers of the sheets that screening keeps, those included that no model can
        use.
    columns : sequence of str
        Observed variables of the model.

    Returns
    -------
    MissingReport or None
        None when no answer is missing.

    Examples
    --------
    >>> study_missing(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}), ["a"]) is None
    True
    """
    if not scored[list(columns)].isna().to_numpy().any():
        return None
    return missing_report(scored, columns)


def missing_findings(report: MissingReport | None, missing: str) -> Iterator[Finding]:
    """Say what missing answers mean for the estimates.

    Parameters
    ----------
    report : MissingReport or None
        The missing answers, if there are any.
    missing : {"listwise", "fiml", "pairwise"}
        How they are treated.

    Yields
    ------
    Finding
        When Little's test rejects that they are missing completely at random: whether
        the treatment needs that.
    """
    if report is None or not isinstance(report.mcar, McarTest):
        return
    if missing == "listwise":
        yield from (found for found in report.findings if found.code == _LITTLE)
    elif report.mcar.pvalue < ALPHA:
        yield from _KEPT[missing](report.mcar)


def _at_random(test: McarTest) -> Iterator[Finding]:
    """Say what full information assumes."""
    yield Finding(
        code="missing-at-random-assumed",
        severity="info",
        subject="data",
        message=f"{_rejected(test)} All answers were kept; full information stays "
        "unbiased as long as which answers are missing depends on answers that were "
        "given (missing at random).",
        value=test.pvalue,
        threshold=ALPHA,
        citation="enders-bandalos-2001",
    )


def _pairwise(test: McarTest) -> Iterator[Finding]:
    """Say that pairs of answers need more than full information does."""
    yield Finding(
        code="pairwise-needs-mcar",
        severity="warning",
        subject="data",
        message=f"{_rejected(test)} Correlations from all pairs of answers need that; "
        "compare with a fit of the items as continuous by MLR with 'missing: fiml'.",
        value=test.pvalue,
        threshold=ALPHA,
        citation="little-1988",
    )


_KEPT = {"fiml": _at_random, "pairwise": _pairwise}


def _rejected(test: McarTest) -> str:
    """Say what Little's test found."""
    return (
        "Little's test rejects that answers are missing completely at random "
        f"(chi-square = {test.chisq:.2f}, df = {test.df})."
    )
