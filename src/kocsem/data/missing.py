"""Missing answers: how many, which together, and whether by chance.

In: a frame of answers. Out: a `MissingReport` with frames of items, pairs of items and
patterns, Little's test, and findings. Rows without a single answer are left aside.
Sources: Little (1988) for the test; Muthen and Muthen (2017) for the smallest coverage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.core.incomplete.mcar import McarTest, little_mcar
from kocsem.core.incomplete.patterns import MissingPatterns, missing_patterns
from kocsem.data.checks import listed, numeric_columns, require_columns
from kocsem.data.coverage import coverage_findings, covered_pairs
from kocsem.data.group_sample import Rows, incomplete_group
from kocsem.errors import DataError
from kocsem.findings import Finding, Unavailable

ALPHA = 0.05


@dataclass(frozen=True)
class MissingReport:
    """What is missing from a frame of answers.

    Attributes
    ----------
    nobs : int
        Respondents with at least one answer.
    items : DataFrame
        Columns ``item``, ``n``, ``missing`` and ``percent``, the share of the
        respondents who left the item out.
    coverage : DataFrame of shape (p, p)
        Share of the respondents who answered both of two items; on the diagonal, the
        item itself.
    patterns : DataFrame
        One row for each set of items that was left out by the same respondents, most
        frequent first: ``n``, ``percent``, ``holes`` (their number) and ``missing``
        (their names, joined by commas).
    mcar : McarTest or Unavailable
        Little's test that answers are missing completely at random.
    findings : tuple of Finding
        What a reader must know.
    """

    nobs: int
    items: pd.DataFrame
    coverage: pd.DataFrame
    patterns: pd.DataFrame
    mcar: McarTest | Unavailable
    findings: tuple[Finding, ...]


def missing_report(
    data: pd.DataFrame, items: Sequence[str] | None = None
) -> MissingReport:
    """Describe which answers are missing, and test whether by chance.

    Parameters
    ----------
    data : DataFrame
        One respondent a row, NaN where an answer is missing.
    items : sequence of str, optional
        Columns to look at; by default all of them.

    Returns
    -------
    MissingReport
        Counts, coverage, patterns, Little's test and findings.

    Raises
    ------
    DataError
        When the data are no frame of numbers with these columns, or hold no answer.

    Notes
    -----
    Little's chi-square compares the means of the patterns with the maximum likelihood
    moments of all answers. lavaan has no such call; ``lavInspect(fit, "coverage")`` and
    ``lavInspect(fit, "patterns")`` are those of the coverage and of the patterns.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.data.missing import missing_report
    >>> nan = np.nan
    >>> data = pd.DataFrame({"a": [1, 2, 4, 3, 5, 2], "b": [2, nan, 4, 1, nan, 2]})
    >>> report = missing_report(data)
    >>> report.items
      item  n  missing    percent
    0    a  6        0   0.000000
    1    b  4        2  33.333333
    >>> report.patterns["missing"].tolist(), report.patterns["n"].tolist()
    (['', 'b'], [4, 2])
    >>> round(report.mcar.pvalue, 3)
    0.39
    """
    numeric = _chosen(data, items)
    answered = numeric[numeric.notna().any(axis=1)]
    names = [str(name) for name in numeric.columns]
    if not len(answered):
        raise DataError(
            f"The data hold no answer to {listed(names)}. Check the columns, or how "
            "missing answers are coded."
        )
    patterns = missing_patterns(Y=answered.to_numpy())
    coverage = pd.DataFrame(patterns.coverage, index=names, columns=names)
    empty = [name for name, n in zip(names, patterns.answers, strict=True) if n == 0]
    mcar = _little(answered, patterns, coverage)
    return MissingReport(
        nobs=len(answered),
        items=_item_frame(answered),
        coverage=coverage,
        patterns=_pattern_frame(patterns, names),
        mcar=mcar,
        findings=(
            *_empty_rows(len(numeric) - len(answered)),
            *_empty_items(empty),
            *coverage_findings(coverage),
            *_mcar_findings(mcar),
        ),
    )


def _chosen(data: pd.DataFrame, items: Sequence[str] | None) -> pd.DataFrame:
    """Return the columns asked for as floats."""
    if not isinstance(data, pd.DataFrame):
        raise DataError(f"data must be a pandas DataFrame, not {type(data).__name__}.")
    if isinstance(items, str):
        raise DataError(f"items takes a list of columns, not the text {items!r}.")
    known = [str(name) for name in data.columns]
    names = known if items is None else list(items)
    if not names:
        raise DataError("There is no item to look at.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if items is not None and twice:
        raise DataError(f"items names {listed(twice)} more than once.")
    require_columns(names, known, "data frame", "items= names")
    return numeric_columns(data.set_axis(known, axis="columns"), names)


def _item_frame(answered: pd.DataFrame) -> pd.DataFrame:
    """Count answers by item."""
    missing = answered.isna().sum()
    frame = pd.DataFrame(
        {
            "n": len(answered) - missing,
            "missing": missing,
            "percent": 100 * missing / len(answered),
        }
    )
    return frame.rename_axis("item").reset_index()


def _pattern_frame(patterns: MissingPatterns, names: Sequence[str]) -> pd.DataFrame:
    """List the patterns, most frequent first, then those with fewer holes."""
    order = np.argsort(-patterns.sizes, kind="stable")
    holes = ~patterns.observed[order]
    sizes = patterns.sizes[order]
    return pd.DataFrame(
        {
            "n": sizes,
            "percent": 100 * sizes / sizes.sum(),
            "holes": holes.sum(axis=1),
            "missing": [
                ", ".join(name for name, hole in zip(names, row, strict=True) if hole)
                for row in holes
            ],
        }
    )


def _little(
    answered: pd.DataFrame, patterns: MissingPatterns, coverage: pd.DataFrame
) -> McarTest | Unavailable:
    """Test whether answers are missing completely at random, or say why not."""
    if patterns.complete:
        return Unavailable("No answer is missing, so there is nothing to test.")
    apart = covered_pairs(coverage, 0.0)
    if apart:
        return Unavailable(
            f"{apart[0][0]} and {apart[0][1]} were never answered together, so their "
            "covariance, which Little's test needs, has no estimate."
        )
    rows = Rows(label="", cases=answered, weights=None, clusters=None)
    try:
        sample = incomplete_group(rows).incomplete
    except DataError as error:
        return Unavailable(f"Little's test needs a covariance matrix. {error}")
    assert sample is not None
    return little_mcar(saturated=sample.saturated)


def _empty_rows(count: int) -> Iterator[Finding]:
    """Say how many rows hold no answer."""
    if count:
        yield Finding(
            code="rows-without-answers",
            severity="info",
            subject="data",
            message=f"{count} rows hold no answer to these items and are left aside.",
            value=count,
        )


def _empty_items(names: Sequence[str]) -> Iterator[Finding]:
    """Name the items that nobody answered."""
    for name in names:
        message = f"{name} has no answer at all; take it out of the model."
        yield Finding("empty-item", "error", name, message)


def _mcar_findings(mcar: McarTest | Unavailable) -> Iterator[Finding]:
    """Say that answers are not missing by chance alone."""
    if isinstance(mcar, McarTest) and mcar.pvalue < ALPHA:
        yield Finding(
            code="not-missing-completely-at-random",
            severity="warning",
            subject="data",
            message="Little's test rejects that answers are missing completely at "
            f"random (chi-square = {mcar.chisq:.2f}, df = {mcar.df}). To leave out "
            "incomplete rows can bias the results; ask for missing='fiml'.",
            value=mcar.pvalue,
            threshold=ALPHA,
            citation="little-1988",
        )
