"""Squared Mahalanobis distances of rows, with or without holes.

In: a data matrix, a mean vector and a covariance matrix. Out: one distance a row, over
the variables that the row has. Source: Mahalanobis (1936).
"""

import numpy as np

from kocsem.core.incomplete.pattern_inverses import pattern_inverses
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.moments import Array

ROUNDING = 1e-6  # of a limit: nearer to it a bound is not trusted


def squared_distances(*, Y: Array, mu: Array, Sigma: Array) -> Array:
    """Return (y - mu)' Sigma^-1 (y - mu) of every row.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Data; NaN where a value is missing.
    mu : ndarray of shape (p,)
        Mean vector.
    Sigma : ndarray of shape (p, p)
        Covariance matrix, positive definite.

    Returns
    -------
    ndarray of shape (n,)
        For a row with holes mu and Sigma are cut down to what it has; NaN for a row
        without a single value.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite.

    Examples
    --------
    >>> Y = np.array([[3.0, 4.0], [3.0, np.nan], [np.nan, np.nan]])
    >>> squared_distances(Y=Y, mu=np.zeros(2), Sigma=np.diag([1.0, 4.0]))
    array([13.,  9., nan])
    """
    patterns = missing_patterns(Y=Y)
    inverses = pattern_inverses(patterns=patterns, Sigma=Sigma)
    rows = patterns.cases
    deviations = inverses.deviations(rows, mu)
    distances = np.full(len(Y), np.nan)
    pulled = inverses.pulls(rows, deviations)
    distances[patterns.order] = np.einsum("ij,ij->i", deviations, pulled)
    return distances


def long_distances(*, Y: Array, mu: Array, Sigma: Array, limits: Array) -> Array:
    """Return the squared distances of those rows that lie beyond a limit.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Data; NaN where a value is missing.
    mu : ndarray of shape (p,)
        Mean vector.
    Sigma : ndarray of shape (p, p)
        Covariance matrix, positive definite.
    limits : ndarray of shape (n,)
        The limit of each row.

    Returns
    -------
    ndarray of shape (n,)
        NaN for rows within their limit, and for rows without a single value.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite.

    Notes
    -----
    The distance over what a row has is the smallest of all distances that the row could
    have with its holes filled. So it cannot exceed the distance with means in the
    holes, which one product gives for all rows; few are left to be computed exactly.
    """
    deviations = np.nan_to_num(Y - mu)
    bounds = np.einsum("ij,ij->i", deviations @ np.linalg.inv(Sigma), deviations)
    near = np.flatnonzero(bounds > limits * (1 - ROUNDING))
    distances = np.full(len(Y), np.nan)
    distances[near] = squared_distances(Y=Y[near], mu=mu, Sigma=Sigma)
    with np.errstate(invalid="ignore"):
        return np.where(distances > limits, distances, np.nan)
