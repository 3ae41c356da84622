"""From a frame of answers, or a published covariance matrix, to sample moments.

In: what the user passed as data, and the names in the model. Out: a `Sample`.
Everything that would make the moments useless is an error here that names the items: a
missing column, text, a constant item, identical items, fewer cases than items, a matrix
that is not a covariance matrix.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from kocsem.core.moments import (
    Array,
    SampleMoments,
    moments_from_covariance,
    sample_moments,
)
from kocsem.errors import DataError
from kocsem.findings import Finding

SINGULAR = 1e-10


@dataclass(frozen=True)
class Sample:
    """The data of a fit.

    Attributes
    ----------
    names : tuple of str
        Observed variables, in the order of the model.
    moments : SampleMoments
        Their moments.
    cases : DataFrame or None
        The rows that were used, columns as in `names`, the caller's index; None when
        only a covariance matrix is known.
    ntotal : int
        Rows that were offered, used or not.
    has_means : bool
        Whether means are known.
    findings : tuple of Finding
        What a reader must know of the rows.
    """

    names: tuple[str, ...]
    moments: SampleMoments
    cases: pd.DataFrame | None
    ntotal: int
    has_means: bool
    findings: tuple[Finding, ...]


def _listed(names: Sequence[str], limit: int = 8) -> str:
    """Join names for a message, shortening a long list."""
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def _require_columns(names: Sequence[str], known: Sequence[str], what: str) -> None:
    """Raise when the data lack a variable of the model."""
    missing = [name for name in names if name not in known]
    if not missing:
        return
    folded = {column.casefold(): column for column in reversed(known)}
    hints = []
    for name in missing:
        near = get_close_matches(name.casefold(), folded, n=1)
        hints.append(f"{name} (nearest column: {folded[near[0]]})" if near else name)
    raise DataError(
        f"The {what} has no column for {_listed(hints)}, which the model uses. Check "
        "the "
        "spelling in the model, or rename the columns."
    )


def _numeric(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the model's columns as floats."""
    repeated = frame.columns[frame.columns.duplicated()].unique()
    twice = [str(name) for name in repeated if name in names]
    if twice:
        raise DataError(f"The data have more than one column named {_listed(twice)}.")
    chosen = frame[list(names)]
    _check_kinds(chosen)
    if all(is_numeric_dtype(kind) for kind in chosen.dtypes):
        values = chosen.to_numpy(dtype=float, na_value=np.nan)
        numeric = pd.DataFrame(values, index=frame.index, columns=list(names))
    else:
        numeric = _parsed(chosen)
    endless = np.isinf(numeric.to_numpy()).any(axis=0)
    infinite = [name for name, found in zip(names, endless, strict=True) if found]
    if infinite:
        raise DataError(f"Infinite values in {_listed(infinite)}.")
    return numeric


def _check_kinds(chosen: pd.DataFrame) -> None:
    """Refuse dates, times and complex numbers, which would pass for floats."""
    strange = [
        f"{name} ({kind})"
        for name, kind in chosen.dtypes.items()
        if kind.kind in "cmM" or isinstance(kind, pd.PeriodDtype)
    ]
    if strange:
        raise DataError(
            f"No answers in numbers: {_listed(strange)}. Recode the column, a date to "
            "days for instance, first."
        )


def _parsed(chosen: pd.DataFrame) -> pd.DataFrame:
    """Turn numbers that are stored as text into floats."""
    columns = {}
    for name in chosen.columns:
        column = chosen[name]
        try:
            columns[name] = pd.to_numeric(column).astype(float)
        except (ValueError, TypeError):
            numbers = pd.to_numeric(column, errors="coerce")
            bad = column[numbers.isna() & column.notna()]
            raise DataError(
                f"Column {name} holds text: {str(bad.iloc[0])[:40]!r} at row "
                f"{bad.index[0]!r} ({len(bad)} such). Recode it to numbers first."
            ) from None
    return pd.DataFrame(columns, index=chosen.index)


def sample_from_frame(frame: pd.DataFrame, names: Sequence[str]) -> Sample:
    """Compute the moments of the complete rows of a frame.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row; other columns are ignored.
    names : sequence of str
        Observed variables of the model.

    Returns
    -------
    Sample
        With a finding when rows with missing answers were left out.

    Raises
    ------
    DataError
        When the moments cannot carry a model; the message names the items.
    """
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            f"data must be a pandas DataFrame, not {type(frame).__name__}. For a "
            "matrix, "
            "pass sample_cov= and sample_nobs=."
        )
    _require_columns(names, [str(c) for c in frame.columns], "data frame")
    numeric = _numeric(frame, names)
    known = ~np.isnan(numeric.to_numpy()).any(axis=1)
    complete = numeric if known.all() else numeric[known]
    findings: tuple[Finding, ...] = ()
    left_out = len(numeric) - len(complete)
    if left_out:
        findings = (
            Finding(
                code="listwise-deletion",
                severity="info",
                subject="data",
                message=f"{left_out} of {len(numeric)} rows have a missing answer in "
                "the "
                "model's variables and were left out (listwise deletion).",
                value=left_out,
            ),
        )
    _check_cases(complete)
    moments = sample_moments(Y=complete.to_numpy())
    _check_covariance(moments.S, names)
    return Sample(
        names=tuple(names),
        moments=moments,
        cases=complete,
        ntotal=len(numeric),
        has_means=True,
        findings=findings,
    )


def _check_cases(complete: pd.DataFrame) -> None:
    """Refuse too few rows, constant items and identical items."""
    n, p = complete.shape
    if n <= p:
        raise DataError(
            f"{n} complete rows are too few for {p} variables: their covariance matrix "
            "is "
            "singular. Collect more answers, or use fewer items."
        )
    values = complete.to_numpy()
    spread = np.ptp(values, axis=0)
    constant = [str(c) for c, s in zip(complete.columns, spread, strict=True) if s == 0]
    if constant:
        raise DataError(
            f"Constant: {_listed(constant)}. Everybody gave the same answer, so there "
            "is "
            "nothing to explain; take the item out of the model."
        )
    seen: dict[bytes, str] = {}
    for name, column in zip(complete.columns, values.T, strict=True):
        twin = seen.setdefault(column.tobytes(), str(name))
        if twin != str(name):
            raise DataError(
                f"{twin} and {name} hold identical answers. Check whether one column "
                "was "
                "copied twice; a model cannot use both."
            )


def _check_covariance(S: Array, names: Sequence[str]) -> None:
    """Refuse a matrix that is not positive definite, naming what is dependent."""
    sd = np.sqrt(np.diag(S))
    values, vectors = np.linalg.eigh(S / np.outer(sd, sd))
    if values[0] > SINGULAR:
        return
    weights = np.abs(vectors[:, 0])
    involved = [names[i] for i in np.argsort(-weights) if weights[i] > 0.1]
    raise DataError(
        "The covariance matrix is not positive definite (smallest eigenvalue of the "
        f"correlations {values[0]:.3g}). The dependence lies among "
        f"{_listed(involved)}: "
        "look for a sum of other columns, or a typing error in a printed matrix."
    )


def sample_from_covariance(
    covariance: pd.DataFrame,
    nobs: int,
    means: Mapping[str, float] | pd.Series | None,
    names: Sequence[str],
) -> Sample:
    """Take the moments from a published covariance matrix.

    Parameters
    ----------
    covariance : DataFrame of shape (p, p)
        Divisor n - 1, item names on both sides; other items are ignored.
    nobs : int
        Number of cases behind it.
    means : mapping or Series, optional
        Means by item.
    names : sequence of str
        Observed variables of the model.

    Returns
    -------
    Sample
        Without cases.

    Raises
    ------
    DataError
        When it is not the covariance matrix of the model's items.
    """
    if not isinstance(covariance, pd.DataFrame):
        raise DataError(
            "sample_cov must be a pandas DataFrame with the item names as index and "
            "columns, so that no number can end up at the wrong item."
        )
    labelled = covariance.copy()
    labelled.index = pd.Index([str(i) for i in labelled.index])
    labelled.columns = pd.Index([str(c) for c in labelled.columns])
    _require_columns(names, list(labelled.columns), "covariance matrix")
    _require_columns(names, list(labelled.index), "index of the covariance matrix")
    if not labelled.index.is_unique or not labelled.columns.is_unique:
        raise DataError("The covariance matrix names an item twice.")
    if isinstance(nobs, bool) or not isinstance(nobs, (int, np.integer)) or nobs < 2:
        raise DataError(f"sample_nobs must be a whole number above 1, not {nobs!r}.")
    try:
        matrix = labelled.loc[list(names), list(names)].to_numpy(dtype=float)
    except (TypeError, ValueError):
        raise DataError("The covariance matrix holds something not a number.") from None
    _check_matrix(matrix, names)
    if nobs <= len(names):
        raise DataError(f"sample_nobs={nobs} is too small for {len(names)} variables.")
    ybar = _means(means, names)
    moments = moments_from_covariance(unbiased=matrix, n=int(nobs), ybar=ybar)
    _check_covariance(moments.S, names)
    return Sample(
        names=tuple(names),
        moments=moments,
        cases=None,
        ntotal=int(nobs),
        has_means=means is not None,
        findings=(),
    )


def _check_matrix(matrix: Array, names: Sequence[str]) -> None:
    """Refuse holes, asymmetry and variances that are not positive."""
    if not np.isfinite(matrix).all():
        row, col = np.argwhere(~np.isfinite(matrix))[0]
        raise DataError(
            f"The covariance matrix has no number at {names[row]}, {names[col]}. Fill "
            "in "
            "both triangles."
        )
    gap = np.abs(matrix - matrix.T)
    scale = np.abs(matrix).max()
    if gap.max() > 1e-6 * scale:
        row, col = divmod(int(gap.argmax()), gap.shape[1])
        raise DataError(
            f"The covariance matrix is not symmetric: {names[row]}, {names[col]} is "
            f"{matrix[row, col]:g} above and {matrix[col, row]:g} below the diagonal."
        )
    flat = [name for name, v in zip(names, np.diag(matrix), strict=True) if v <= 0]
    if flat:
        raise DataError(f"The variance of {_listed(flat)} is not positive.")


def _means(
    means: Mapping[str, float] | pd.Series | None, names: Sequence[str]
) -> Array | None:
    """Pick the model's means."""
    if means is None:
        return None
    try:
        series = pd.Series(means, dtype=float)
    except (TypeError, ValueError):
        raise DataError("sample_mean must hold a number for each item.") from None
    _require_columns(names, [str(i) for i in series.index], "list of means")
    if not series.index.is_unique:
        raise DataError("The list of means names an item twice.")
    unknown = [name for name in names if not np.isfinite(series[name])]
    if unknown:
        raise DataError(f"The list of means has no number for {_listed(unknown)}.")
    return series.loc[list(names)].to_numpy()
