"""Probabilities of the cells of two-way tables, however small.

In: the edges of both margins and a correlation for each table. Out: the probability of
each cell under the bivariate normal distribution. A cell far from the diagonal would
drown in the rounding of the distribution function; where cases were seen in it, it is
integrated from the correlation towards 1 or -1 instead, where it has no probability.
Source: Plackett (1954); Gauss-Laguerre quadrature.
"""

import numpy as np
from scipy.special import ndtr

from kocsem.core.moments import Array
from kocsem.core.ordinal.normal_bivariate import bivariate_cdf

FLOOR = float(np.finfo(float).eps) ** (2 / 3)  # lavaan's, of cells without cases
SUNK = 1e-250  # under this even the integral is lost
_SMALL = 1e-8  # here rounding of the distribution function begins to tell
_STEEP = 10.0  # least decay for which the quadrature holds its digits
_NODES, _WEIGHTS = np.polynomial.laguerre.laggauss(40)


def cell_probabilities(
    *, counts: Array, first: Array, second: Array, rho: Array
) -> Array:
    """Compute the probability of each cell of the two-way tables.

    Parameters
    ----------
    counts : ndarray of shape (K, L, r)
        Two-way tables; they tell in which cells cases were seen.
    first : ndarray of shape (K + 1, r)
        Edges of the row variables.
    second : ndarray of shape (L + 1, r)
        Edges of the column variables.
    rho : ndarray of shape (r,)
        Correlations.

    Returns
    -------
    ndarray of shape (K, L, r)
        Probabilities; at least `FLOOR` where no case was seen, at least `SUNK`
        elsewhere.
    """
    corners = np.zeros((first.shape[0], second.shape[0], rho.size))
    corners[1:-1, 1:-1] = bivariate_cdf(h=first[1:-1, None], k=second[1:-1], rho=rho)
    corners[-1], corners[:, -1] = ndtr(second), ndtr(first)
    cells = np.diff(np.diff(corners, axis=0), axis=1)
    seen = counts > 0
    row, column, table = np.nonzero(seen & (cells < _SMALL))
    if table.size:
        h = np.stack([first[row, table], first[row + 1, table]])
        k = np.stack([second[column, table], second[column + 1, table]])
        rough = cells[row, column, table]
        cells[row, column, table] = _refined(rough, h, k, rho[table])
    return np.asarray(np.maximum(cells, np.where(seen, SUNK, FLOOR)))


def rectangle_probabilities(*, h: Array, k: Array, rho: Array) -> Array:
    """Compute the probability of rectangles, each with edges of its own.

    Parameters
    ----------
    h, k : ndarray of shape (2, ...)
        Lower and upper edges of both variables.
    rho : ndarray, broadcastable to (...)
        Correlations.

    Returns
    -------
    ndarray of shape (...)
        Probabilities, at least `SUNK`.

    Examples
    --------
    >>> edges = np.array([[-1000.0], [0.0]])
    >>> rectangle_probabilities(h=edges, k=edges, rho=np.zeros(1))
    array([0.25])
    """
    corners = bivariate_cdf(h=h[:, None], k=k[None], rho=rho)
    found = corners[1, 1] - corners[0, 1] - corners[1, 0] + corners[0, 0]
    small = found < _SMALL
    if small.any():
        own = np.broadcast_to(rho, found.shape)[small]
        found[small] = _refined(found[small], h[:, small], k[:, small], own)
    return np.asarray(np.maximum(found, SUNK))


def _refined(rough: Array, h: Array, k: Array, rho: Array) -> Array:
    """Compute small cells anew where they are distant, c of them."""
    exact = _distant_cells(h, k, rho)
    return np.where(np.isnan(exact), np.maximum(rough, FLOOR), exact)


def _distant_cells(h: Array, k: Array, rho: Array) -> Array:
    """Integrate cells that vanish as the correlation goes on to 1 or -1.

    Parameters
    ----------
    h, k : ndarray of shape (2, c)
        Lower and upper edges of the cells.
    rho : ndarray of shape (c,)
        Correlations.

    Returns
    -------
    ndarray of shape (c,)
        Probabilities; NaN for a cell that is small but not distant.
    """
    # mirrored, edges swapped, so that the correlation is positive
    mirrored = rho < 0
    k = np.where(mirrored, -k[::-1], k)
    strength = np.abs(rho)
    gap = np.maximum(k[0] - h[1], h[0] - k[1])
    distant = (gap > 0) & (gap**2 / (2 * (1 - rho**2)) > _STEEP) & (strength > 0.5)
    found = np.full(rho.size, np.nan)
    h, k, strength = h[:, distant], k[:, distant], strength[distant]
    pieces = [[_tail(a, b, strength) for b in k] for a in h]
    found[distant] = pieces[0][1] + pieces[1][0] - pieces[0][0] - pieces[1][1]
    return found


def _tail(h: Array, k: Array, rho: Array) -> Array:
    """Integrate the bivariate density over its correlation, from `rho` to 1.

    With w = 1 / (1 - t^2) the exponent is -(h - k)^2 w / 2 - h k / (1 + t): linear in w
    but for a bounded term, as Gauss-Laguerre quadrature wants it.
    """
    decay = (h - k) ** 2 / 2
    start = 1 / ((1 - rho) * (1 + rho))
    w = start[:, None] + _NODES / decay[:, None]
    t = np.sqrt(1 - 1 / w)
    height = np.exp(-(decay * start)[:, None] - (h * k)[:, None] / (1 + t))
    return np.asarray(height / (w**1.5 * t) @ _WEIGHTS / (4 * np.pi * decay))
