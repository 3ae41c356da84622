"""From a published covariance matrix to sample moments.

In: a matrix with item names on both sides, the number of cases behind it, means if
known. Out: a `Sample` without cases; an error that names the items where the matrix is
not the covariance matrix of the model's items.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kocsem.core.moments import Array, moments_from_covariance
from kocsem.data.checks import check_covariance, listed, require_columns
from kocsem.data.group_sample import GroupSample
from kocsem.data.sample import Sample
from kocsem.errors import DataError


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
    require_columns(names, list(labelled.columns), "covariance matrix")
    require_columns(names, list(labelled.index), "index of the covariance matrix")
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
    check_covariance(moments.S, names)
    return Sample(
        names=tuple(names),
        groups=(GroupSample(label="", moments=moments),),
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
        raise DataError(f"The variance of {listed(flat)} is not positive.")


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
    require_columns(names, [str(i) for i in series.index], "list of means")
    if not series.index.is_unique:
        raise DataError("The list of means names an item twice.")
    unknown = [name for name in names if not np.isfinite(series[name])]
    if unknown:
        raise DataError(f"The list of means has no number for {listed(unknown)}.")
    return series.loc[list(names)].to_numpy()
