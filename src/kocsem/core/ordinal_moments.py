"""Thresholds, polychoric and polyserial correlations, and their covariance matrix.

In: the answers of one group, ordinal and continuous variables side by side, with holes
and weights if need be. Out: `OrdinalMoments`: everything that a least-squares fit to
ordinal data (DWLS, WLSMV, ULSMV, WLS) needs of them. Estimation is in two steps, first
the margins, each from all answers to it, then each pair, from the cases that answered
both. Sources: Muthen (1984); Muthen and Satorra (1995); the definitions are lavaan's.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.moment_order import MomentOrder, moment_order
from kocsem.core.moments import Array
from kocsem.core.polychoric import polychoric, table_correlations
from kocsem.core.polyserial import pearson, polyserial
from kocsem.core.structure import Index
from kocsem.core.thresholds import threshold_edges, threshold_scores

COLLINEAR = 1e-10  # smallest eigenvalue of the scores' correlations that is not zero


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """The sample moments of ordinal and continuous variables of one group.

    Attributes
    ----------
    order : MomentOrder
        Where each moment stands in `vector` and in `Gamma`.
    n : float
        Number of cases with an answer; the sum of their weights where these are
        frequencies.
    vector : ndarray of shape (q,)
        Thresholds and minus means, variances, covariances.
    tau : ndarray of shape (t,)
        The part of `vector` with thresholds and minus means.
    ybar : ndarray of shape (p,)
        Means; 0 for ordinal variables, by which their latent scale is fixed.
    R : ndarray of shape (p, p)
        Polychoric, polyserial and product-moment correlations.
    S : ndarray of shape (p, p)
        Covariances with divisor n; variance 1 for ordinal variables, by which their
        latent scale is fixed.
    Gamma : ndarray of shape (q, q)
        Asymptotic covariance matrix of sqrt(n) times `vector`; NaN in the rows and
        columns of pairs on the boundary.
    empty : ndarray of bool, shape (p, p)
        Pairs of ordinal variables whose two-way table has an empty cell.
    boundary : ndarray of bool, shape (p, p)
        Pairs whose correlation has no estimate inside (-1, 1), as no case contradicts
        a perfect one; `R` then holds the limit of the search, 0.9999, or 1 for a 2 x 2
        table with an empty diagonal, with its sign.
    """

    order: MomentOrder
    n: float
    vector: Array
    tau: Array
    ybar: Array
    R: Array
    S: Array
    Gamma: Array
    empty: np.ndarray
    boundary: np.ndarray


@dataclass(frozen=True, slots=True)
class _Margins:
    """What the first step knows of each variable.

    Attributes
    ----------
    codes : ndarray of int, shape (p, n)
        Categories; 0 for continuous variables and where the answer is missing.
    seen : ndarray of bool, shape (p, n)
        Where there is an answer.
    weights : ndarray of shape (n,)
        Weights of the cases.
    Z : ndarray of shape (p, n)
        Standardised variables (divisor n); 0 for ordinal ones and where missing.
    edges : tuple of ndarray
        Edges of each ordinal variable; empty for continuous ones.
    ybar, sd : ndarray of shape (p,)
        Means and deviations (divisor n); 0 and 1 for ordinal variables.
    scores : ndarray of shape (t + v, n)
        Casewise scores of thresholds, means and variances of standardised variables;
        0 where the answer is missing.
    """

    codes: Index
    seen: np.ndarray
    weights: Array
    Z: Array
    edges: tuple[Array, ...]
    ybar: Array
    sd: Array
    scores: Array

    def shared(self, first: Index, second: Index) -> Array:
        """Return the weights of pairs of variables, 0 where either is missing."""
        return np.asarray(self.weights * (self.seen[first] & self.seen[second]))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """What the second step fills in, pair by pair; r pairs.

    Attributes
    ----------
    rho : ndarray of shape (r,)
        Correlations.
    scores : ndarray of shape (r, n)
        Their casewise scores; 0 where an answer is missing.
    cross : ndarray of shape (r, t + v)
        Weighted sums over cases of `scores` times the scores by the univariate moments.
    empty, boundary : ndarray of bool, shape (r,)
        As in `OrdinalMoments`.
    """

    rho: Array
    scores: Array
    cross: Array
    empty: np.ndarray
    boundary: np.ndarray


def ordinal_moments(
    *,
    Y: Array,
    levels: Index,
    weights: Array | None = None,
    frequencies: bool = False,
) -> OrdinalMoments:
    """Estimate the moments of ordinal and continuous variables.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Answers; NaN where one is missing. Ordinal variables hold the codes 0..K-1 and
        every one of them; continuous variables take at least three values.
    levels : ndarray of int, shape (p,)
        Number of categories K of each variable; 0 for a continuous one.
    weights : ndarray of shape (n,), optional
        Weights of the cases, not negative; the scale of sampling weights does not
        matter.
    frequencies : bool, default False
        Whether the weights tell how often each case occurs, as in a bootstrap draw.
        Else they are sampling weights.

    Returns
    -------
    OrdinalMoments
        The moments with their asymptotic covariance matrix.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the scores of one margin are collinear, as those of a continuous variable
        with only two values are.
    ValueError
        When no case has answers to both variables of a pair.

    Notes
    -----
    With the casewise scores u of the univariate moments and r of the correlations,
    0 where an answer is missing, and the weighted sums A11 = sum u u' within each
    variable, A21 = sum r_i du_i' of each pair's own likelihood, A22 = diag(sum r^2),
    the influence of a case is A11^-1 u and A22^-1 (r - A21 A11^-1 u). Gamma is n times
    the sum of its outer products times the squared weights (times the weights, if they
    are frequencies). The influence of a covariance follows by the delta method.

    Examples
    --------
    Median splits that agree in 2 of 3 cases: the correlation is -cos(2 pi / 3).

    >>> Y = np.array([[0, 0], [0, 0], [0, 1], [1, 0], [1, 1], [1, 1]], dtype=float)
    >>> ordinal_moments(Y=Y, levels=np.array([2, 2])).R.round(12)
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    order = moment_order(levels=levels)
    answered = ~np.isnan(Y).all(axis=1)
    w = (np.ones(Y.shape[0]) if weights is None else weights) * answered
    n = float(w.sum()) if frequencies else float(answered.sum())
    margins = _margins(Y, order, w * (n / w.sum()))
    pairs = _pairs(margins, order)
    R = _square(pairs.rho, order, diagonal=1.0)
    S = R * np.outer(margins.sd, margins.sd)
    tau = -margins.ybar[order.variable]
    ordinal = order.level > 0
    tau[ordinal] = np.concatenate([[], *(edges[1:-1] for edges in margins.edges)])
    variances = margins.sd[order.continuous] ** 2
    influence = _influence(margins, pairs, order)
    share = margins.weights if frequencies else margins.weights**2
    Gamma = n * ((influence * share) @ influence.T)
    lost = order.univariate + np.flatnonzero(pairs.boundary)
    Gamma[lost, :] = np.nan
    Gamma[:, lost] = np.nan
    return OrdinalMoments(
        order=order,
        n=n,
        vector=np.concatenate([tau, variances, S[order.first, order.second]]),
        tau=tau,
        ybar=margins.ybar,
        R=R,
        S=S,
        Gamma=(Gamma + Gamma.T) / 2,
        empty=_square(pairs.empty, order, diagonal=False),
        boundary=_square(pairs.boundary, order, diagonal=False),
    )


def _margins(Y: Array, order: MomentOrder, weights: Array) -> _Margins:
    """Take the first step: thresholds, means and variances, one variable at a time."""
    n, p = Y.shape
    seen = ~np.isnan(Y).T
    answers = np.where(seen, Y.T, 0.0)
    continuous = order.levels == 0
    total = seen @ weights
    ybar = np.where(continuous, answers @ weights / total, 0.0)
    away = np.where(seen & continuous[:, None], answers - ybar[:, None], 0.0)
    sd = np.where(continuous, np.sqrt(away**2 @ weights / total), 1.0)
    Z = away / sd[:, None]
    codes = np.where(continuous[:, None], 0.0, answers).astype(np.intp)
    scores = np.zeros((order.univariate, n))
    edges = [np.zeros(0)] * p
    for j, K in enumerate(order.levels):
        if K == 0:
            scores[order.begin[j]] = Z[j]
            scores[order.variance_at[j]] = (Z[j] ** 2 - 1) / 2 * seen[j]
            continue
        counts = np.bincount(codes[j], weights * seen[j], K).astype(float)
        edges[j] = threshold_edges(counts=counts)
        own = threshold_scores(codes=codes[j], counts=counts, edges=edges[j])
        scores[order.begin[j] : order.begin[j] + K - 1] = own * seen[j]
    return _Margins(
        codes=codes,
        seen=seen,
        weights=weights,
        Z=Z,
        edges=tuple(edges),
        ybar=ybar,
        sd=sd,
        scores=scores,
    )


def _pairs(margins: _Margins, order: MomentOrder) -> _Pairs:
    """Take the second step: one correlation for each pair of variables."""
    apart = (margins.seen * margins.weights) @ margins.seen.T == 0
    if apart.any():
        i, j = np.argwhere(apart)[0]
        raise ValueError(
            f"No case has answers to both of the variables {i + 1} and {j + 1}; leave "
            "one of them out."
        )
    r, n = order.first.size, margins.codes.shape[1]
    pairs = _Pairs(
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
    pairs: _Pairs, rows: Index, margins: _Margins, order: MomentOrder
) -> None:
    """Fill in pairs of ordinal variables that have tables of the same size."""
    first, second = order.first[rows], order.second[rows]
    K, L = order.levels[first[0]], order.levels[second[0]]
    cell = margins.codes[first] * L + margins.codes[second]
    cell = cell * rows.size + np.arange(rows.size)[:, None]
    shared = margins.shared(first, second)
    tables = np.bincount(cell.ravel(), shared.ravel(), rows.size * K * L)
    counts = tables.astype(float).reshape(K, L, rows.size)
    found = polychoric(
        counts=counts,
        first=np.stack([margins.edges[j] for j in first], axis=1),
        second=np.stack([margins.edges[j] for j in second], axis=1),
        start=table_correlations(counts=counts),
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score.ravel()[cell] * (shared > 0)
    at, begin = rows, order.begin
    pairs.cross[at, begin[first] + np.arange(K - 1)[:, None]] = found.cross_first
    pairs.cross[at, begin[second] + np.arange(L - 1)[:, None]] = found.cross_second
    pairs.empty[rows] = found.empty
    pairs.boundary[rows] = found.boundary


def _fill_polyserial(
    pairs: _Pairs, j: int, margins: _Margins, order: MomentOrder
) -> None:
    """Fill in the pairs of one ordinal variable with all continuous ones."""
    others = order.continuous
    low, high = np.minimum(others, j), np.maximum(others, j)
    rows = low * order.levels.size - low * (low + 1) // 2 + high - low - 1
    found = polyserial(
        Z=margins.Z[others],
        codes=margins.codes[j],
        edges=margins.edges[j],
        weights=margins.shared(low, high),
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score
    pairs.cross[rows, order.begin[others]] = found.cross_mean
    pairs.cross[rows, order.variance_at[others]] = found.cross_variance
    thresholds = order.begin[j] + np.arange(order.levels[j] - 1)
    pairs.cross[rows[:, None], thresholds] = found.cross_threshold
    pairs.boundary[rows] = found.boundary


def _fill_pearson(
    pairs: _Pairs, rows: Index, margins: _Margins, order: MomentOrder
) -> None:
    """Fill in the pairs of continuous variables."""
    both = np.stack([order.first[rows], order.second[rows]], axis=1)
    found = pearson(
        Z=margins.Z,
        first=both[:, 0],
        second=both[:, 1],
        weights=margins.shared(both[:, 0], both[:, 1]),
    )
    pairs.rho[rows] = found.rho
    pairs.scores[rows] = found.score
    pairs.cross[rows[:, None], order.begin[both]] = found.cross_mean
    pairs.cross[rows[:, None], order.variance_at[both]] = found.cross_variance
    pairs.boundary[rows] = found.boundary


def _influence(margins: _Margins, pairs: _Pairs, order: MomentOrder) -> Array:
    """Compute what each case adds to the moments, of shape (q, n).

    On the scale of standardised variables first; then means, variances and covariances
    return to the scale of the data.
    """
    owner, weights = order.owner, margins.weights
    margin = np.zeros_like(margins.scores)
    for j in range(order.levels.size):
        own = owner == j
        margin[own] = _influence_of_margin(margins.scores[own], weights)
    A22 = np.where(pairs.boundary, 1.0, pairs.scores**2 @ weights)
    joint = (pairs.scores - pairs.cross @ margin) / A22[:, None]
    spread = np.zeros_like(margins.Z)  # of the variances, as shares of themselves
    spread[order.continuous] = margin[order.variable.size :]
    first, second = order.first, order.second
    joint += pairs.rho[:, None] / 2 * (spread[first] + spread[second])
    joint *= (margins.sd[first] * margins.sd[second])[:, None]
    sd = margins.sd[owner]
    sd[: order.variable.size][order.level == 0] *= -1
    sd[order.variable.size :] **= 2
    return np.concatenate([margin * sd[:, None], joint])


def _influence_of_margin(scores: Array, weights: Array) -> Array:
    """Solve A11 x = u for each case, u being the scores of one variable."""
    A11 = (scores * weights) @ scores.T
    scale = np.sqrt(np.diag(A11))
    unit = A11 / np.outer(scale, scale)
    if np.linalg.eigvalsh(unit)[0] < COLLINEAR:
        raise np.linalg.LinAlgError(
            "The scores of a variable are collinear: a continuous variable must take "
            "at least three values."
        )
    return np.asarray(np.linalg.solve(unit, scores / scale[:, None]) / scale[:, None])


def _square(values: np.ndarray, order: MomentOrder, *, diagonal: float) -> np.ndarray:
    """Lay the values of the pairs out as a symmetric matrix."""
    p = order.levels.size
    full = np.full((p, p), diagonal, dtype=values.dtype)
    full[order.first, order.second] = values
    full[order.second, order.first] = values
    return full
