"""Thresholds and correlations of many bootstrap draws at once.

In: the answers, and how often each draw takes each case. Out: the moments of every draw
and the diagonal of its Gamma, which is all that DWLS needs. Where all variables are
ordinal, the tables of all draws are one matrix product a pair, the search begins beside
the whole sample's correlation, and the influence of a case depends on its cell alone;
else draws are taken one by one. Sources and definitions: those of `ordinal_moments`,
with weights that are frequencies.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from kocsem.core.moments import Array
from kocsem.core.ordered_items import NONE
from kocsem.core.ordinal.moment_order import MomentOrder, moment_order
from kocsem.core.ordinal.moments import OrdinalMoments, ordinal_moments
from kocsem.core.ordinal.normal_bivariate import bivariate_density
from kocsem.core.ordinal.polychoric import Polychoric, polychoric, table_correlations
from kocsem.core.ordinal.thresholds import EDGE, normal_density
from kocsem.core.structure import Index

BLOCK = 1000  # draws whose tables are held at a time
STRONGEST = 0.95  # correlation from which a search begins


@dataclass(frozen=True, slots=True)
class OrdinalDraws:
    """The moments of bootstrap draws.

    Attributes
    ----------
    order : MomentOrder
        Where each moment stands.
    vector : ndarray of shape (draws, q)
        Moments; NaN in a draw without moments: one that lacks a category, two answers
        to one case, or a third value of a continuous variable.
    spread : ndarray of shape (draws, q)
        Diagonal of Gamma; NaN where `vector` is, and where a correlation has no
        estimate inside (-1, 1).
    covariates : ndarray of shape (draws, e, e)
        Covariance matrices of the covariates, divisor n - 1.
    """

    order: MomentOrder
    vector: Array
    spread: Array
    covariates: Array

    @property
    def S(self) -> Array:
        """Covariance matrices, 1 the variance of an ordinal variable: (draws, p, p).

        Its variance given the covariates, to which their part comes.
        """
        order, p = self.order, self.order.levels.size
        found = np.tile(np.eye(p), (self.vector.shape[0], 1, 1))
        own, pairs = order.continuous, self.vector[:, order.univariate :]
        found[:, own, own] = self.vector[:, order.variance_at[own]]
        found[:, order.first, order.second] = pairs
        found[:, order.second, order.first] = pairs
        given = order.covariates
        found[:, given, given] = 0.0
        B = np.zeros((found.shape[0], p, given.size))
        B[:, order.sloped, order.slope_on] = self.vector[:, order.slopes]
        B[:, given, np.arange(given.size)] = 1.0
        return np.asarray(found + B @ self.covariates @ B.swapaxes(1, 2))


@dataclass(frozen=True, slots=True)
class _Margin:
    """One variable in all draws.

    Attributes
    ----------
    edges : ndarray of shape (K + 1, draws)
        Its edges.
    count : ndarray of shape (K, draws)
        Its categories.
    influence : ndarray of shape (K - 1, K, draws)
        What a case of each category adds to each threshold.
    """

    edges: Array
    count: Array
    influence: Array


def ordinal_draws(
    *, Y: Array, levels: Index, counts: Array, covariates: Index = NONE
) -> OrdinalDraws:
    """Estimate the moments of bootstrap draws.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Answers; NaN where one is missing. Ordinal variables hold the codes 0..K-1 and
        every one of them.
    levels : ndarray of int, shape (p,)
        Number of categories K of each variable; 0 for a continuous one.
    counts : ndarray of shape (draws, n)
        How often each draw takes each case.
    covariates : ndarray of int, shape (e,), optional
        Columns that the others are taken given.

    Returns
    -------
    OrdinalDraws
        The moments, as `ordinal_moments` finds them one draw at a time.
    """
    order = moment_order(levels=levels, covariates=covariates)
    whole = ordinal_moments(Y=Y, levels=levels, covariates=covariates)
    member = [_indicators(Y[:, j], int(K)) for j, K in enumerate(levels)]
    vector = np.full((counts.shape[0], order.size), np.nan)
    spread = np.full_like(vector, np.nan)
    for start in range(0, counts.shape[0], BLOCK):
        block = counts[start : start + BLOCK].T.astype(np.float32)
        rows = start + np.flatnonzero(_usable(~np.isnan(Y), member, block))
        if (levels > 0).all():
            block = block[:, rows - start]
            vector[rows], spread[rows] = _moments(whole, member, block)
            continue
        for row in rows:
            vector[row], spread[row] = _alone(Y, order, counts[row].astype(float))
    return OrdinalDraws(
        order=order,
        vector=vector,
        spread=spread,
        covariates=_covariances(Y[:, order.covariates], counts.astype(float)),
    )


def _covariances(X: Array, counts: Array) -> Array:
    """Return covariance matrices of complete variables, of shape (draws, e, e)."""
    n, e = X.shape
    away = X - X.mean(axis=0)
    total = counts.sum(axis=1)[:, None]
    mean = counts @ away / total
    products = (away[:, :, None] * away[:, None, :]).reshape(n, e * e)
    second = (counts @ products / total).reshape(counts.shape[0], e, e)
    centred = second - mean[:, :, None] * mean[:, None, :]
    return np.asarray(centred * (total / (total - 1))[:, :, None])


def _usable(
    answered: np.ndarray, member: list[np.ndarray], block: np.ndarray
) -> np.ndarray:
    """Tell which draws hold every category, and answers to each pair of variables."""
    kept = np.all([(m @ block > 0).all(axis=0) for m in member], axis=0)
    if answered.all():
        return np.asarray(kept)
    for j in range(1, answered.shape[1]):
        both = (answered[:, :j] & answered[:, [j]]).T.astype(np.float32)
        kept &= (both @ block > 0).all(axis=0)
    return np.asarray(kept)


def _alone(Y: Array, order: MomentOrder, weights: Array) -> tuple[Array, Array]:
    """Compute moments and the diagonal of Gamma of one draw; NaN if there are none."""
    try:
        found = ordinal_moments(
            Y=Y,
            levels=order.levels,
            covariates=order.covariates,
            weights=weights,
            frequencies=True,
        )
    except np.linalg.LinAlgError:
        return np.full(order.size, np.nan), np.full(order.size, np.nan)
    return found.vector, np.diag(found.Gamma)


def _indicators(codes: Array, K: int) -> np.ndarray:
    """Return which cases show each category, of shape (K, n)."""
    return np.asarray(codes == np.arange(K)[:, None], dtype=np.float32)


def _moments(
    whole: OrdinalMoments, member: list[np.ndarray], block: np.ndarray
) -> tuple[Array, Array]:
    """Compute moments and the diagonal of Gamma, of shape (draws, q) each."""
    order, draws = whole.order, block.shape[1]
    answered = np.any([m.any(axis=0) for m in member], axis=0)
    n = (answered @ block).astype(float)
    margins = [_margin((m @ block).astype(float)) for m in member]
    vector, spread = np.zeros((2, order.size, draws))
    t = order.variable.size
    vector[:t] = np.concatenate([m.edges[1:-1] for m in margins])
    spread[:t] = n * np.concatenate(
        [(m.influence**2 * m.count).sum(axis=1) for m in margins]
    )
    for row, (i, j) in enumerate(zip(order.first, order.second, strict=True), t):
        cells = (member[i][:, None] * member[j]).reshape(-1, block.shape[0])
        tables = (cells @ block).astype(float)
        tables = tables.reshape(member[i].shape[0], member[j].shape[0], draws)
        first, second = margins[i], margins[j]
        found = polychoric(
            counts=tables,
            first=first.edges,
            second=second.edges,
            start=_start(whole, cells, (int(i), int(j)), tables),
        )
        vector[row] = found.rho
        spread[row] = n * _squared_influence(found, tables, first, second)
    return vector.T, spread.T


def _margin(count: Array) -> _Margin:
    """Find the thresholds of one variable in all draws, and their influences.

    A case of category c adds (1[c <= a] - P_a) / (n phi(tau_a)) to threshold a.
    """
    K, draws = count.shape
    total = count.sum(axis=0)
    below = np.cumsum(count, axis=0)[:-1] / total
    edges = np.full((K + 1, draws), EDGE)
    edges[0], edges[1:-1] = -EDGE, ndtri(below)
    reached = np.arange(K) <= np.arange(K - 1)[:, None]
    influence = reached[:, :, None] - below[:, None]
    influence /= (total * normal_density(edges[1:-1]))[:, None]
    return _Margin(edges=edges, count=count, influence=influence)


def _start(
    whole: OrdinalMoments, cells: np.ndarray, pair: tuple[int, int], tables: Array
) -> Array:
    """Move from the whole sample's correlation as the correlations of the codes do.

    The codes' covariance grows by the sum of the densities at all pairs of thresholds
    as the polychoric correlation grows by 1.
    """
    K, L, _ = tables.shape
    table = cells.sum(axis=1, dtype=float).reshape(K, L, 1)
    h, k = (whole.tau[whole.order.variable == j] for j in pair)
    rho = np.clip(whole.R[pair], -STRONGEST, STRONGEST)
    rise = bivariate_density(h=h[:, None], k=k, rho=rho).sum()
    share = table[:, :, 0] / table.sum()
    scale = np.sqrt(_variance(share.sum(axis=1)) * _variance(share.sum(axis=0)))
    moved = table_correlations(counts=tables) - table_correlations(counts=table)
    return np.asarray(rho + moved * scale / rise)


def _variance(share: Array) -> float:
    """Compute the variance of the codes 0, 1, ... with their shares."""
    codes = np.arange(share.size)
    return float(codes**2 @ share - (codes @ share) ** 2)


def _squared_influence(
    found: Polychoric, tables: Array, first: _Margin, second: _Margin
) -> Array:
    """Sum the squared influences of all cases on a correlation, of shape (draws,).

    Cases that answered only one of the two act through its thresholds alone.
    """
    by_first = (found.cross_first[:, None] * first.influence).sum(axis=0)
    by_second = (found.cross_second[:, None] * second.influence).sum(axis=0)
    information = (tables * found.score**2).sum(axis=(0, 1))
    joint = found.score - by_first[:, None] - by_second
    total = (tables * joint**2).sum(axis=(0, 1))
    total += ((first.count - tables.sum(axis=1)) * by_first**2).sum(axis=0)
    total += ((second.count - tables.sum(axis=0)) * by_second**2).sum(axis=0)
    return np.where(found.boundary, np.nan, total / information**2)
