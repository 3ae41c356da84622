"""Coverage: pairs of items that too few respondents answered both.

In: the share of the respondents who answered both of two items. Out: findings. Source
of the bound: Muthen and Muthen (2017).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from kocsem.data.checks import listed
from kocsem.findings import Finding

SMALLEST_COVERAGE = 0.10


def coverage_findings(coverage: pd.DataFrame) -> Iterator[Finding]:
    """Name the pairs of items that hardly anybody, or nobody, answered both.

    Parameters
    ----------
    coverage : DataFrame of shape (p, p)
        Share of the respondents who answered both of two items.

    Yields
    ------
    Finding
        ``"never-answered-together"`` and ``"low-coverage"``.
    """
    low = covered_pairs(coverage, np.nextafter(SMALLEST_COVERAGE, 0.0))
    never = [pair for pair in low if pair[2] == 0]
    if never:
        yield Finding(
            code="never-answered-together",
            severity="warning",
            subject=_subject(never),
            message="Nobody answered both items of these pairs, so the data say "
            "nothing of their covariance; a model can only borrow it from other items.",
            value=0.0,
            threshold=SMALLEST_COVERAGE,
        )
    few = low[len(never) :]
    if few:
        first, second, share = few[0]
        yield Finding(
            code="low-coverage",
            severity="warning",
            subject=_subject(few),
            message=f"Fewer than {SMALLEST_COVERAGE:.0%} of the respondents answered "
            f"both items of these pairs, {share:.1%} in the case of {first} and "
            f"{second}; their covariance is hardly known.",
            value=share,
            threshold=SMALLEST_COVERAGE,
            citation="muthen-muthen-2017",
        )


def _subject(pairs: Sequence[tuple[str, str, float]]) -> str:
    """Name pairs of items."""
    return listed([f"{first} with {second}" for first, second, _ in pairs])


def covered_pairs(coverage: pd.DataFrame, most: float) -> list[tuple[str, str, float]]:
    """List pairs of answered items with so much coverage or less, least first.

    Parameters
    ----------
    coverage : DataFrame of shape (p, p)
        Share of the respondents who answered both of two items.
    most : float
        The largest share of interest.

    Returns
    -------
    list of (str, str, float)
        Two items and their coverage.
    """
    row, col = np.tril_indices(len(coverage), -1)
    share = coverage.to_numpy()[row, col]
    alive = np.diag(coverage) > 0
    order = np.argsort(share, kind="stable")
    names = list(coverage.columns)
    return [
        (names[col[i]], names[row[i]], float(share[i]))
        for i in order
        if share[i] <= most and alive[row[i]] and alive[col[i]]
    ]
