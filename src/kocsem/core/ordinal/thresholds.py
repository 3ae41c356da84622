"""Thresholds of ordinal variables from their margins.

In: the codes of one variable. Out: its thresholds and casewise scores. A code c is
seen where a standard normal variable lies between its c-th and (c + 1)-th edge.
Source: Olsson (1979), equation 9; Muthen (1984).
"""

import numpy as np
from scipy.special import ndtri

from kocsem.core.moments import Array
from kocsem.core.structure import Index

EDGE = 1e3  # stands for infinity: normal densities there are 0, products stay finite


def threshold_edges(*, counts: Array) -> Array:
    """Compute the edges between which the categories of a variable lie.

    Parameters
    ----------
    counts : ndarray of shape (K,)
        Frequency of each category, none of them 0.

    Returns
    -------
    ndarray of shape (K + 1,)
        ``-EDGE``, the K - 1 thresholds, and ``EDGE``.

    Examples
    --------
    >>> threshold_edges(counts=np.array([1.0, 1.0]))
    array([-1000.,     0.,  1000.])
    """
    cumulative = np.cumsum(counts)[:-1] / counts.sum()
    return np.concatenate([[-EDGE], ndtri(cumulative), [EDGE]])


def threshold_scores(*, codes: Index, counts: Array, edges: Array) -> Array:
    """Differentiate each case's log-likelihood by the thresholds.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Categories 0..K-1.
    counts : ndarray of shape (K,)
        Their frequencies.
    edges : ndarray of shape (K + 1,)
        Edges from `threshold_edges`.

    Returns
    -------
    ndarray of shape (K - 1, n)
        Scores; each row sums to zero.

    Notes
    -----
    A case of category c has phi(tau_c) / pi_c for its upper threshold and
    -phi(tau_(c-1)) / pi_c for its lower one.
    """
    share = counts / counts.sum()
    density = normal_density(edges[1:-1])
    row = np.arange(density.size)
    by_category = np.zeros((density.size, share.size))
    by_category[row, row] = density / share[:-1]
    by_category[row, row + 1] = -density / share[1:]
    return np.asarray(by_category[:, codes])


def normal_density(x: Array) -> Array:
    """Compute the standard normal density.

    Parameters
    ----------
    x : ndarray
        Where to evaluate.

    Returns
    -------
    ndarray
        Densities, of the shape of `x`.
    """
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
