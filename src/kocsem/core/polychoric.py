"""Polychoric correlations in two steps, for many pairs of items at once.

In: two-way tables and the thresholds of both margins. Out: the correlations, the score
of a case in each cell, and the cross-products of these scores with those by the
thresholds, from which Gamma is made. All pairs have tables of the same size. Source:
Olsson (1979), two-step; Muthen (1984); empty cells as in lavaan.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtr

from kocsem.core.cell_probabilities import SUNK, cell_probabilities
from kocsem.core.correlation_root import LIMIT, at_limit, correlation_root
from kocsem.core.moments import Array
from kocsem.core.normal_bivariate import (
    bivariate_density,
    bivariate_density_slope,
)
from kocsem.core.structure import Index
from kocsem.core.thresholds import normal_density

ADDED = 0.5  # what lavaan moves into the empty cell of a 2 x 2 table
_DIAGONAL = np.array([[1.0, -1.0], [-1.0, 1.0]])


class _Surface(Protocol):
    """A function of two limits and a correlation."""

    def __call__(self, *, h: Array, k: Array, rho: Array) -> Array: ...


@dataclass(frozen=True, slots=True)
class Polychoric:
    """Polychoric correlations with their scores.

    Attributes
    ----------
    rho : ndarray of shape (r,)
        Correlations.
    score : ndarray of shape (r, K, L)
        Derivative of a case's log-likelihood by the correlation, for each cell.
    cross_first : ndarray of shape (r, K - 1)
        Sum over cases of `score` times the derivative by each threshold of the first
        variable.
    cross_second : ndarray of shape (r, L - 1)
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
    counts : ndarray of shape (r, K, L)
        Two-way tables; no row and no column is empty.
    first : ndarray of shape (r, K + 1)
        Edges of the row variables.
    second : ndarray of shape (r, L + 1)
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
        h, k, n = first[rows], second[rows], filled[rows]
        pi = cell_probabilities(counts=n, first=h, second=k, rho=rho)
        slope = _cells(bivariate_density, h, k, rho) / pi
        bend = _cells(bivariate_density_slope, h, k, rho) / pi
        # a cell with cases but without probability drives the correlation inwards
        sunk = (pi <= SUNK).any(axis=(1, 2))
        gradient = np.where(sunk, -np.sign(rho), (n * slope).sum(axis=(1, 2)))
        curvature = (n * (bend - slope**2)).sum(axis=(1, 2))
        return gradient, np.where(sunk, 0.0, curvature)

    rho = correlation_root(derivatives=derivatives, start=start)
    pi = cell_probabilities(counts=counts, first=first, second=second, rho=rho)
    score = _cells(bivariate_density, first, second, rho) / pi
    weight = counts * score / pi
    boundary = at_limit(rho=rho, information=(weight * score * pi).sum(axis=(1, 2)))
    limit = np.where(_perfect(counts), 1.0, LIMIT)
    return Polychoric(
        rho=np.where(boundary, np.copysign(limit, rho), rho),
        score=score,
        cross_first=_cross(weight, first, second, rho),
        cross_second=_cross(weight.swapaxes(1, 2), second, first, rho),
        empty=(counts == 0).any(axis=(1, 2)),
        boundary=boundary,
    )


def fill_empty_cell(*, counts: Array) -> Array:
    """Move one half into the single empty cell of 2 x 2 tables; the margins stay.

    Parameters
    ----------
    counts : ndarray of shape (r, K, L)
        Two-way tables.

    Returns
    -------
    ndarray of shape (r, K, L)
        The same tables; changed only where K = L = 2 and one cell is empty.

    Examples
    --------
    >>> fill_empty_cell(counts=np.array([[[0.0, 4.0], [6.0, 9.0]]]))
    array([[[0.5, 3.5],
            [5.5, 9.5]]])
    """
    if counts.shape[1:] != (2, 2):
        return counts
    empty = counts == 0
    single = empty.sum(axis=(1, 2)) == 1
    on_diagonal = empty[:, 0, 0] | empty[:, 1, 1]
    moved = np.where(on_diagonal, ADDED, -ADDED) * single
    return np.asarray(counts + moved[:, None, None] * _DIAGONAL)


def table_correlations(*, counts: Array) -> Array:
    """Correlate the codes of two-way tables, as a start for the polychoric ones.

    Parameters
    ----------
    counts : ndarray of shape (r, K, L)
        Two-way tables with at least one case.

    Returns
    -------
    ndarray of shape (r,)
        Product-moment correlations; 0 where one of the codes does not vary.

    Examples
    --------
    >>> table_correlations(counts=np.array([[[2.0, 0.0], [0.0, 3.0]]])).round(12)
    array([1.])
    """
    share = counts / counts.sum(axis=(1, 2), keepdims=True)
    a = (
        np.arange(counts.shape[1])
        - (share.sum(axis=2) @ np.arange(counts.shape[1]))[:, None]
    )
    b = (
        np.arange(counts.shape[2])
        - (share.sum(axis=1) @ np.arange(counts.shape[2]))[:, None]
    )
    joint = np.einsum("rkl,rk,rl->r", share, a, b)
    own = np.einsum("rkl,rk->r", share, a**2) * np.einsum("rkl,rl->r", share, b**2)
    return np.asarray(joint / np.sqrt(np.where(own > 0, own, np.inf)))


def _perfect(counts: Array) -> np.ndarray:
    """Tell which 2 x 2 tables have an empty diagonal."""
    if counts.shape[1:] != (2, 2):
        return np.zeros(counts.shape[0], dtype=bool)
    return np.asarray((counts == 0).sum(axis=(1, 2)) == 2)


def _cells(function: _Surface, first: Array, second: Array, rho: Array) -> Array:
    """Difference a function of the thresholds that vanishes at infinity."""
    inner = function(
        h=first[:, 1:-1, None], k=second[:, None, 1:-1], rho=rho[:, None, None]
    )
    corners = np.pad(inner, ((0, 0), (1, 1), (1, 1)))
    return np.diff(np.diff(corners, axis=1), axis=2)


def _cross(weight: Array, own: Array, other: Array, rho: Array) -> Array:
    """Sum the scores of cases times the derivatives by the own thresholds.

    The cells above and below threshold a change by plus and minus
    phi(h_a) [Phi((k_b - rho h_a) / r) - Phi((k_(b-1) - rho h_a) / r)].
    """
    h = own[:, 1:-1, None]
    r = np.sqrt((1 - rho) * (1 + rho))[:, None, None]
    below = ndtr((other[:, None, :] - rho[:, None, None] * h) / r)
    change = normal_density(h) * np.diff(below, axis=2)
    return np.asarray(-(np.diff(weight, axis=1) * change).sum(axis=2))
