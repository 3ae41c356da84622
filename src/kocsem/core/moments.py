"""Sample moments: what a normal-theory fit needs to know of complete data.

In: a data matrix, or a covariance matrix with a sample size. Out: `SampleMoments`, with
the covariance matrix on divisor n, as in lavaan and Mplus.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BLOCK_ELEMENTS = 2**20  # numbers that a block of cases may hold


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """The first two sample moments of one group.

    Attributes
    ----------
    S : ndarray of shape (p, p)
        Covariance matrix with divisor n.
    ybar : ndarray of shape (p,)
        Means; zeros when only a covariance matrix is known.
    n : float
        Number of cases; the sum of the weights where cases are weighted.
    """

    S: Array
    ybar: Array
    n: float


def blocks(*, n: int, width: int) -> Iterator[slice]:
    """Cut cases into blocks, so that memory does not grow with their number.

    Parameters
    ----------
    n : int
        Number of cases.
    width : int
        How many numbers each of them takes.

    Yields
    ------
    slice
        The cases of one block.
    """
    size = max(1, BLOCK_ELEMENTS // width)
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def sample_moments(*, Y: Array, weights: Array | None = None) -> SampleMoments:
    """Compute the moments of complete data.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Complete data, one case a row.
    weights : ndarray of shape (n,), optional
        Weight of each case.

    Returns
    -------
    SampleMoments
        Covariance matrix with divisor n, and means.
    """
    n = Y.shape[0] if weights is None else float(weights.sum())
    ybar = Y.mean(axis=0) if weights is None else weights @ Y / n
    products = np.zeros((Y.shape[1], Y.shape[1]))
    for rows in blocks(n=Y.shape[0], width=Y.shape[1]):
        centred = Y[rows] - ybar
        products += centred.T @ (
            centred if weights is None else centred * weights[rows, None]
        )
    S = products / n
    return SampleMoments(S=(S + S.T) / 2, ybar=ybar, n=n)


def moments_from_covariance(
    *, unbiased: Array, n: int, ybar: Array | None = None
) -> SampleMoments:
    """Turn a published covariance matrix (divisor n - 1) into sample moments.

    Parameters
    ----------
    unbiased : ndarray of shape (p, p)
        Covariance matrix with divisor n - 1, as programs print it.
    n : int
        Number of cases behind it.
    ybar : ndarray of shape (p,), optional
        Means; zeros when not given.

    Returns
    -------
    SampleMoments
        The same covariances on divisor n.
    """
    S = (unbiased + unbiased.T) / 2 * ((n - 1) / n)
    means = np.zeros(S.shape[0]) if ybar is None else np.asarray(ybar, dtype=float)
    return SampleMoments(S=S, ybar=means, n=n)
