"""Polychoric correlations in two steps, for many pairs of items at once.

In: two-way tables and the thresholds of both margins. Out: the correlations, the score
of a case in each cell, and the cross-products of these scores with those by the
thresholds, from which Gamma is made. All pairs have tables of the same size, and stand
along the last axis, so that work on one cell of all of them is work on a vector.
Source: Olsson (1979), two-step; Muthen (1984); empty cells as in lavaan.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from kocsem.core.moments import Array
from kocsem.core.ordinal.cell_probabilities import SUNK, cell_probabilities
from kocsem.core.ordinal.correlation_root import LIMIT, at_limit, correlation_root
from kocsem.core.ordinal.normal_bivariate import (
    bivariate_density,
    bivariate_log_density_slope,
)
from kocsem.core.ordinal.thresholds import normal_density
from kocsem.core.structure import Index

ADDED = 0.5  # what lavaan moves into the empty cell of a 2 x 2 table
_DIAGONAL = np.array([[1.0, -1.0], [-1.0, 1.0]])[:, :, None]


@dataclass(frozen=True, slots=True)
class Polychoric:
    """Polychoric correlations with their scores.

    Attributes
    ----------
    rho : ndarray of shape (r,)
        Correlations.
    score : ndarray of shape (K, L, r)
        Derivative of a case's log-likelihood by the correlation, for each cell.
    cross_first : ndarray of shape (K - 1, r)
        Sum over cases of `score` times the derivative by each threshold of the first
        variable.
    cross_second : ndarray of shape (L - 1, r)
        The same for the second variable.
    empty : ndarray of bool, shape (r,)
        Whether the table has an empty cell.
    boundary : ndarray of bool, shape (r,)
        Whether the likelihood has no maximum inside; the scores then mean nothing.
    """

    rho: Array
    score: Array
    cross_first: Array
    cross_second: Array
    empty: np.ndarray
    boundary: np.ndarray


def polychoric(
    *, counts: Array, first: Array, second: Array, start: Array
) -> Polychoric:
    """Estimate polychoric correlations with the thresholds held at their margins.

    Parameters
    ----------
    counts : ndarray of shape (K, L, r)
        Two-way tables.
    first : ndarray of shape (K + 1, r)
        Edges of the row variables.
    second : ndarray of shape (L + 1, r)
        Edges of the column variables.
    start : ndarray of shape (r,)
        Where to begin, such as the correlations of the codes.

    Returns
    -------
    Polychoric
        The correlations with their scores.

    Notes
    -----
    The correlation solves sum n_ab (d pi_ab / d rho) / pi_ab = 0. In a 2 x 2 table with
    one empty cell, one half is moved into it so that the margins stay; with two empty
    cells the correlation is 1 or -1. Other tables are taken as they are. The scores are
    those of the cases as observed.
    """
    filled = fill_empty_cell(counts=counts)

    def derivatives(rho: Array, rows: Index) -> tuple[Array, Array]:
        h, k, n = first[:, rows], second[:, rows], filled[..., rows]
        pi = cell_probabilities(counts=n, first=h, second=k, rho=rho)
        inner = {"h": h[1:-1, None], "k": k[None, 1:-1], "rho": rho}
        density = bivariate_density(**inner)
        slope = _cells(density) / pi
        bend = _cells(density * bivariate_log_density_slope(**inner)) / pi
        # a cell with cases but without probability drives the correlation inwards
        sunk = (pi <= SUNK).any(axis=(0, 1))
        gradient = np.where(sunk, -np.sign(rho), (n * slope).sum(axis=(0, 1)))
        curvature = (n * (bend - slope**2)).sum(axis=(0, 1))
        return gradient, np.where(sunk, 0.0, curvature)

    rho = correlation_root(derivatives=derivatives, start=start)
    pi = cell_probabilities(counts=counts, first=first, second=second, rho=rho)
    density = bivariate_density(h=first[1:-1, None], k=second[None, 1:-1], rho=rho)
    score = _cells(density) / pi
    weight = counts * score / pi
    boundary = at_limit(rho=rho, information=(weight * score * pi).sum(axis=(0, 1)))
    limit = np.where(_perfect(counts), 1.0, LIMIT)
    return Polychoric(
        rho=np.where(boundary, np.copysign(limit, rho), rho),
        score=score,
        cross_first=_cross(weight, first, second, rho),
        cross_second=_cross(weight.swapaxes(0, 1), second, first, rho),
        empty=(counts == 0).any(axis=(0, 1)),
        boundary=boundary,
    )


def fill_empty_cell(*, counts: Array) -> Array:
    """Move one half into the single empty cell of 2 x 2 tables; the margins stay.

    Parameters
    ----------
    counts : ndarray of shape (K, L, r)
        Two-way tables.

    Returns
    -------
    ndarray of shape (K, L, r)
        The same tables; changed only where K = L = 2 and one cell is empty.

    Examples
    --------
    >>> fill_empty_cell(counts=np.array([[0.0, 4.0], [6.0, 9.0]])[:, :, None])[:, :, 0]
    array([[0.5, 3.5],
           [5.5, 9.5]])
    """
    if counts.shape[:2] != (2, 2):
        return counts
    empty = counts == 0
    single = empty.sum(axis=(0, 1)) == 1
    on_diagonal = empty[0, 0] | empty[1, 1]
    return np.asarray(
        counts + np.where(on_diagonal, ADDED, -ADDED) * single * _DIAGONAL
    )


def table_correlations(*, counts: Array) -> Array:
    """Correlate the codes of two-way tables, as a start for the polychoric ones.

    Parameters
    ----------
    counts : ndarray of shape (K, L, r)
        Two-way tables with at least one case.

    Returns
    -------
    ndarray of shape (r,)
        Product-moment correlations; 0 where one of the codes does not vary.

    Examples
    --------
    >>> table_correlations(counts=np.array([[2.0, 0.0], [0.0, 3.0]])[:, :, None])
    array([1.])
    """
    share = counts / counts.sum(axis=(0, 1))
    first, second = share.sum(axis=1), share.sum(axis=0)
    a, b = (np.arange(m.shape[0])[:, None] - _centre(m) for m in (first, second))
    joint = (a * (share * b).sum(axis=1)).sum(axis=0)
    own = (first * a**2).sum(axis=0) * (second * b**2).sum(axis=0)
    return np.asarray(joint / np.sqrt(np.where(own > 0, own, np.inf)))


def _centre(share: Array) -> Array:
    """Average the codes 0, 1, ... with their shares, of shape (K, r)."""
    return np.asarray(np.arange(share.shape[0]) @ share)


def _perfect(counts: Array) -> np.ndarray:
    """Tell which 2 x 2 tables have an empty diagonal."""
    if counts.shape[:2] != (2, 2):
        return np.zeros(counts.shape[2], dtype=bool)
    return np.asarray((counts == 0).sum(axis=(0, 1)) == 2)


def _cells(inner: Array) -> Array:
    """Difference a function of the thresholds that vanishes at infinity."""
    corners = np.zeros((inner.shape[0] + 2, inner.shape[1] + 2, inner.shape[2]))
    corners[1:-1, 1:-1] = inner
    return np.diff(np.diff(corners, axis=0), axis=1)


def _cross(weight: Array, own: Array, other: Array, rho: Array) -> Array:
    """Sum the scores of cases times the derivatives by the own thresholds.

    The cells above and below threshold a change by plus and minus
    phi(h_a) [Phi((k_b - rho h_a) / r) - Phi((k_(b-1) - rho h_a) / r)].
    """
    h = own[1:-1, None]
    r = np.sqrt((1 - rho) * (1 + rho))
    change = normal_density(h) * np.diff(ndtr((other - rho * h) / r), axis=1)
    return np.asarray(-(np.diff(weight, axis=0) * change).sum(axis=1))
