"""Discriminant validity, from arrays.

In: correlations of items, of one sample or of many along leading axes, and which items
belong to which construct. Out: the heterotrait-monotrait ratios of Henseler, Ringle and
Sarstedt (2015).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def htmt(*, R: Array, first: Sequence[int], second: Sequence[int]) -> Array:
    """Compute the heterotrait-monotrait ratio of two constructs.

    Parameters
    ----------
    R : ndarray of shape (..., p, p)
        Correlations of the items.
    first, second : sequence of int
        Positions of the items of each construct, at least two each, none in both.

    Returns
    -------
    ndarray of shape (...)
        Mean correlation between the constructs over the geometric mean of the mean
        correlations within them.

    Notes
    -----
    Correlations are taken without their sign, as in seminr, in cSEM and in semTools
    with ``htmt2=FALSE``; with their sign, as printed in 2015, the ratio is smaller when
    some are negative.

    References
    ----------
    henseler-ringle-sarstedt-2015

    Examples
    --------
    >>> R = np.array(
    ...     [[1, .6, .3, .3], [.6, 1, .3, .3], [.3, .3, 1, .5], [.3, .3, .5, 1]]
    ... )
    >>> print(htmt(R=R, first=[0, 1], second=[2, 3]).round(3))
    0.548
    """
    size = np.abs(R)
    between = size[..., np.asarray(first)[:, None], second].mean(axis=(-2, -1))
    within = _mean_within(size, first) * _mean_within(size, second)
    return np.asarray(between / np.sqrt(within))[()]


def _mean_within(size: Array, items: Sequence[int]) -> Array:
    """Return the mean off-diagonal correlation of some items."""
    at = np.asarray(items)
    i, j = np.triu_indices(at.size, k=1)
    return np.asarray(size[..., at[i], at[j]].mean(axis=-1))
