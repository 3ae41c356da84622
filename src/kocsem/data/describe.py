"""Who answered, and how each item was answered.

In: coded answers. Out: tidy frames of counts and of moments, and findings on items that
no model can use. Skewness and kurtosis are G1 and G2 (Joanes & Gill, 1998), the
definitions of SPSS, SAS and Excel; kurtosis is 0 for a normal distribution.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Question


def demographics(answers: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Count the respondents in each category.

    Parameters
    ----------
    answers : DataFrame
        Answers in codes of the instrument.
    instrument : Instrument
        The questions and their options.

    Returns
    -------
    DataFrame
        Columns ``variable``, ``code`` (missing for respondents who gave no answer, a
        row that is there only when there are any), ``n`` and ``percent`` (of all
        respondents). Every option has a row, chosen or not. Percentages of a question
        with several answers add up to more than 100. Questions without a column in
        `answers`, and those that ask for a number or for words, are left out.
    """
    counts = [
        (question.id, code, n)
        for question in instrument.demographics
        for code, n in _counts(answers, question)
    ]
    frame = pd.DataFrame(counts, columns=["variable", "code", "n"])
    return frame.assign(
        code=frame["code"].astype("Int64"), percent=100 * frame["n"] / len(answers)
    )


def _counts(
    answers: pd.DataFrame, question: Question
) -> Iterator[tuple[int | None, int]]:
    columns = [column for column in question.columns if column in answers.columns]
    if not columns or question.kind == "number":
        return
    given = answers[columns]
    for option in question.options:
        name = f"{question.id}_{option.code}"
        if question.kind == "single":
            yield option.code, int((given[question.id] == option.code).sum())
        elif name in columns:
            yield option.code, int((given[name] == 1).sum())
    silent = int(given.isna().all(axis=1).sum())
    if silent:
        yield None, silent


def item_descriptives(scored: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Describe the distribution of each item.

    Parameters
    ----------
    scored : DataFrame
        Answers, reversed items turned round.
    items : sequence of str
        Columns to describe.

    Returns
    -------
    DataFrame
        Columns ``item``, ``n``, ``missing``, ``mean``, ``sd`` (divisor n - 1),
        ``skew`` (G1), ``kurtosis`` (G2), ``minimum``, ``maximum``. What does not exist
        is missing: all moments of an empty item, skewness and kurtosis of a constant
        one or below three and four answers.

    Examples
    --------
    >>> item_descriptives(pd.DataFrame({"a": [1.0, 2.0, 3.0, 6.0]}), ["a"]).round(3)
      item  n  missing  mean    sd  skew  kurtosis  minimum  maximum
    0    a  4        0   3.0  2.16  1.19       1.5      1.0      6.0
    """
    frame = scored[list(items)]
    varies = frame.nunique() > 1
    columns = {
        "n": frame.count(),
        "missing": frame.isna().sum(),
        "mean": frame.mean(),
        "sd": frame.std(),
        "skew": frame.skew().where(varies),
        "kurtosis": frame.kurt().where(varies),
        "minimum": frame.min(),
        "maximum": frame.max(),
    }
    return pd.DataFrame(columns).rename_axis("item").reset_index()


def check_items(scored: pd.DataFrame, items: Sequence[str]) -> tuple[Finding, ...]:
    """Find items that no model can use, and samples too small for the items.

    Parameters
    ----------
    scored : DataFrame
        Answers of the respondents who stay.
    items : sequence of str
        The items of the model.

    Returns
    -------
    tuple of Finding
        Items without answers or without variance, pairs of items with the same answers
        throughout; or only that there are no more respondents than items, from which
        the others may follow.
    """
    frame = scored[list(items)]
    return tuple(_too_few(frame)) or (*_flat(frame), *_identical(frame))


def _flat(frame: pd.DataFrame) -> Iterator[Finding]:
    for item in frame.columns:
        values = frame[item].dropna().unique()
        if len(values) == 0:
            message = f"{item} has no answer at all; take it out of the model."
            yield Finding("empty-item", "error", item, message)
        elif len(values) == 1:
            message = (
                f"Everyone answered {values[0]:g} to {item}: it has no variance and "
                "cannot be in a model; take it out or check the export."
            )
            yield Finding("constant-item", "error", item, message, float(values[0]))


def _identical(frame: pd.DataFrame) -> Iterator[Finding]:
    seen: dict[bytes, str] = {}
    for item in frame.columns:
        values = frame[item].to_numpy(dtype=float)
        if len(np.unique(values[~np.isnan(values)])) < 2:
            continue
        twin = seen.setdefault(np.nan_to_num(values, nan=-1.0).tobytes(), item)
        if twin != item:
            message = (
                f"{twin} and {item} hold the same answers throughout; look for a "
                "column that was copied."
            )
            yield Finding("identical-items", "error", f"{twin}, {item}", message)


def _too_few(frame: pd.DataFrame) -> Iterator[Finding]:
    n, p = frame.shape
    if n <= p:
        message = (
            f"n = {n} for {p} items: the covariance matrix is singular, so no "
            "model can be fitted by maximum likelihood."
        )
        yield Finding("fewer-cases-than-items", "error", "sample", message, n, p)
