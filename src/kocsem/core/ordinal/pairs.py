"""The second step to the moments of ordinal variables: one pair at a time.

In: `Margins`. Out: `Pairs`: polychoric, polyserial and product-moment correlations,
given the covariates if there are any, with their casewise scores and the products of
these with the scores of the margins. Without covariates a two-way table says all that
there is to know of two ordinal variables. Source: Muthen (1984).
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.ordinal.conditional_polychoric import conditional_polychoric
from kocsem.core.ordinal.margins import Margins
from kocsem.core.ordinal.moment_order import MomentOrder
from kocsem.core.ordinal.polychoric import polychoric, table_correlations
from kocsem.core.ordinal.polyserial import pearson, polyserial
from kocsem.core.structure import Index

LARGEST = 10_000  # pairs times cases worked on together: they stay in the cache


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the second step fills in, pair by pair; r pairs.

    Attributes
    ----------
    rho : ndarray of shape (r,)
        Correlations.
    scores : ndarray of shape (r, n)
        Their casewise scores; 0 where an answer is missing.
    cross : ndarray of shape (r, t + s + v)
        Weighted sums over cases of `scores` times the scores by the univariate moments.
    empty, boundary : ndarray of bool, shape (r,)
        As in `OrdinalMoments`.
    """

    rho: Array
    scores: Array
    cross: Array
    empty: np.ndarray
    boundary: np.ndarray


def ordinal_pairs(*, margins: Margins, order: MomentOrder) -> Pairs:
    """Estimate one correlation for each pair of variables.

    Parameters
    ----------
    margins : Margins
        What the first step knows of each variable.
    order : MomentOrder
        Where each moment stands.

    Returns
    -------
    Pairs
        The correlations and their scores.

    Raises
    ------
    ValueError
        When no case has answers to both variables of a pair.
    """
    apart = (margins.seen * margins.weights) @ margins.seen.T == 0
    if apart.any():
        i, j = np.argwhere(apart)[0]
        raise ValueError(
            f"No case has answers to both of the variables {i + 1} and {j + 1}; leave "
            "one of them out."
        )
    r, n = order.first.size, margins.codes.shape[1]
    pairs = Pairs(
        rho=np.zeros(r),
        scores=np.zeros((r, n)),
        cross=np.zeros((r, order.univariate)),
        empty=np.zeros(r, dtype=bool),
        boundary=np.zeros(r, dtype=bool),
    )
    sizes = np.stack([order.levels[order.first], order.levels[order.second]], axis=1)
    for size in np.unique(sizes[(sizes > 0).all(axis=1)], axis=0):
        _fill_polychoric(pairs, np.flatnonzero((sizes == size).all(1)), margins, order)
    if order.continuous.size:
        for j in np.flatnonzero(order.levels > 0):
            _fill_polyserial(pairs, int(j), margins, order)
        _fill_pearson(pairs, np.flatnonzero((sizes == 0).all(1)), margins, order)
    return pairs


def _fill_polychoric(
    pairs: Pairs, rows: Index, margins: Margins, order: MomentOrder
) -> None:
    """Fill in pairs of ordinal variables that have tables of the same size."""
    first, second = order.first[rows], order.second[rows]
    K, L = order.levels[first[0]], order.levels[second[0]]
    cell = margins.codes[first] * L + margins.codes[second]
    cell = cell * rows.size + np.arange(rows.size)[:, None]
    shared = margins.shared(first, second)
    tables = np.bincount(cell.ravel(), shared.ravel(), rows.size * K * L)
    counts = tables.astype(float).reshape(K, L, rows.size)
    pairs.empty[rows] = (counts == 0).any(axis=(0, 1))
    start = table_correlations(counts=counts)
    if order.covariates.size:
        size = max(1, LARGEST // shared.shape[1])
        for i in range(0, rows.size, size):
            part = slice(i, i + size)
            _fill_conditional(pairs, rows[part], start[part], margins, order)
        return
    found = polychoric(
        counts=counts,
        first=np.stack([margins.edges[j] for j in first], axis=1),
        second=np.stack([margins.edges[j] for j in second], axis=1),
        start=start,
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score.ravel()[cell] * (shared > 0)
    at, begin = rows, order.begin
    pairs.cross[at, begin[first] + np.arange(K - 1)[:, None]] = found.cross_first
    pairs.cross[at, begin[second] + np.arange(L - 1)[:, None]] = found.cross_second
    pairs.boundary[rows] = found.boundary


def _fill_conditional(
    pairs: Pairs, rows: Index, start: Array, margins: Margins, order: MomentOrder
) -> None:
    """Fill in pairs of ordinal variables given the covariates."""
    first, second = order.first[rows], order.second[rows]
    shared = margins.shared(first, second)
    found = conditional_polychoric(
        first=np.stack([margins.limits(int(j)) for j in first], axis=1),
        second=np.stack([margins.limits(int(j)) for j in second], axis=1),
        weights=shared,
        start=start,
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score
    pairs.boundary[rows] = found.boundary
    heavy, slope_at = shared * found.score, order.slope_at
    for variables, by_limits in ((first, found.by_first), (second, found.by_second)):
        lower, upper = heavy * by_limits
        pairs.cross[rows[:, None], slope_at[variables]] = -(lower + upper) @ margins.X.T
        for row, j, low, high in zip(rows, variables, lower, upper, strict=True):
            K, codes = order.levels[j], margins.codes[j]
            above = np.bincount(codes, high, K)[:-1]
            below = np.bincount(codes, low, K)[1:]
            begin = order.begin[j]
            pairs.cross[row, begin : begin + K - 1] = above + below


def _fill_polyserial(
    pairs: Pairs, j: int, margins: Margins, order: MomentOrder
) -> None:
    """Fill in the pairs of one ordinal variable with all continuous ones."""
    rows = np.flatnonzero((order.first == j) | (order.second == j))
    others = order.first[rows] + order.second[rows] - j
    mixed = order.levels[others] == 0
    rows, others = rows[mixed], others[mixed]
    found = polyserial(
        Z=margins.Z[others],
        codes=margins.codes[j],
        edges=margins.edges[j],
        weights=margins.shared(others, np.full_like(others, j)),
        X=margins.X,
        slopes=margins.slopes[j],
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score
    pairs.cross[rows, order.begin[others]] = found.cross_mean
    pairs.cross[rows, order.variance_at[others]] = found.cross_variance
    thresholds = order.begin[j] + np.arange(order.levels[j] - 1)
    pairs.cross[rows[:, None], thresholds] = found.cross_threshold
    pairs.cross[rows[:, None], order.slope_at[others]] = found.cross_slope
    pairs.cross[rows[:, None], order.slope_at[j]] = found.cross_ordinal_slope
    pairs.boundary[rows] = found.boundary


def _fill_pearson(
    pairs: Pairs, rows: Index, margins: Margins, order: MomentOrder
) -> None:
    """Fill in the pairs of continuous variables."""
    both = np.stack([order.first[rows], order.second[rows]], axis=1)
    found = pearson(
        Z=margins.Z,
        first=both[:, 0],
        second=both[:, 1],
        weights=margins.shared(both[:, 0], both[:, 1]),
        X=margins.X,
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score
    pairs.cross[rows[:, None], order.begin[both]] = found.cross_mean
    pairs.cross[rows[:, None], order.variance_at[both]] = found.cross_variance
    pairs.cross[rows[:, None, None], order.slope_at[both]] = found.cross_slope
    pairs.boundary[rows] = found.boundary
