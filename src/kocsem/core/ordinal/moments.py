"""Thresholds, polychoric and polyserial correlations, and their covariance matrix.

In: the answers of one group, ordinal and continuous variables side by side, with holes
and weights if need be, and covariates that they are taken given. Out: `OrdinalMoments`:
everything that a least-squares fit to ordinal data (DWLS, WLSMV, ULSMV, WLS) needs of
them. Estimation is in two steps, first the margins, each from all answers to it, then
each pair, from the cases that answered both. Sources: Muthen (1984); Muthen and Satorra
(1995); the definitions are lavaan's.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.ordered_items import NONE
from kocsem.core.ordinal.margins import Margins, ordinal_margins
from kocsem.core.ordinal.moment_order import MomentOrder, moment_order
from kocsem.core.ordinal.pairs import Pairs, ordinal_pairs
from kocsem.core.structure import Index

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
        Thresholds and minus means, slopes, variances, covariances.
    tau : ndarray of shape (t,)
        The part of `vector` with thresholds and minus means; where there are
        covariates, at their zero.
    ybar : ndarray of shape (p,)
        Means, at the covariates' zero; 0 for ordinal variables, by which their latent
        scale is fixed, and for covariates.
    slopes : ndarray of shape (p, e)
        Slopes on the covariates; those of a covariate are 1 on itself and else 0.
    R : ndarray of shape (p, p)
        Polychoric, polyserial and product-moment correlations, given the covariates;
        0 in the rows and columns of these.
    S : ndarray of shape (p, p)
        Covariances with divisor n, given the covariates; variance 1 for ordinal
        variables, by which their latent scale is fixed, and 0 for covariates.
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
    slopes: Array
    R: Array
    S: Array
    Gamma: Array
    empty: np.ndarray
    boundary: np.ndarray


def ordinal_moments(
    *,
    Y: Array,
    levels: Index,
    covariates: Index = NONE,
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
    covariates : ndarray of int, shape (e,), optional
        Columns that the others are taken given; they hold no NaN.
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
        with only two values are, or covariates; or when these separate the categories
        of an ordinal variable.
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
    Covariates are standardised first, and what follows is brought back to their scale.

    Examples
    --------
    Median splits that agree in 2 of 3 cases: the correlation is -cos(2 pi / 3).

    >>> Y = np.array([[0, 0], [0, 0], [0, 1], [1, 0], [1, 1], [1, 1]], dtype=float)
    >>> ordinal_moments(Y=Y, levels=np.array([2, 2])).R.round(12)
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    order = moment_order(levels=levels, covariates=covariates)
    answered = ~np.isnan(np.delete(Y, covariates, axis=1)).all(axis=1)
    w = (np.ones(Y.shape[0]) if weights is None else weights) * answered
    n = float(w.sum()) if frequencies else float(answered.sum())
    standard = _Standard.of(Y[:, covariates])
    margins = ordinal_margins(
        Y=Y, X=standard.scores, order=order, weights=w * (n / w.sum())
    )
    pairs = ordinal_pairs(margins=margins, order=order)
    influence = standard.restored(_influence(margins, pairs, order), order)
    share = margins.weights if frequencies else margins.weights**2
    Gamma = n * ((influence * share) @ influence.T)
    lost = order.univariate + np.flatnonzero(pairs.boundary)
    Gamma[lost, :] = np.nan
    Gamma[:, lost] = np.nan
    slopes = margins.slopes / standard.unit
    lift = slopes @ standard.centre
    tau = _heights(margins, order) + lift[order.variable]
    R = _square(pairs.rho, order, diagonal=1.0)
    S = R * np.outer(margins.sd, margins.sd)
    variances, pairwise = np.diag(S)[order.continuous], S[order.first, order.second]
    ybar = np.zeros(levels.size)
    ybar[order.continuous] = (margins.ybar - lift)[order.continuous]
    own = slopes[order.sloped, order.slope_on]
    slopes[covariates] = np.eye(covariates.size)
    return OrdinalMoments(
        order=order,
        n=n,
        vector=np.concatenate([tau, own, variances, pairwise]),
        tau=tau,
        ybar=ybar,
        slopes=slopes,
        R=R,
        S=S,
        Gamma=(Gamma + Gamma.T) / 2,
        empty=_square(pairs.empty, order, diagonal=False),
        boundary=_square(pairs.boundary, order, diagonal=False),
    )


@dataclass(frozen=True, slots=True)
class _Standard:
    """Standardised covariates, and the way back to their scale.

    Attributes
    ----------
    scores : ndarray of shape (e, n)
        The covariates, about zero and of size 1.
    centre, unit : ndarray of shape (e,)
        What was taken out of them, and what they were divided by.
    """

    scores: Array
    centre: Array
    unit: Array

    @classmethod
    def of(cls, values: Array) -> "_Standard":
        """Standardise covariates of shape (n, e); a constant one becomes zero."""
        if not values.size:
            return cls(values.T, np.zeros(values.shape[1]), np.ones(values.shape[1]))
        centre, unit = values.mean(axis=0), values.std(axis=0)
        unit = np.where(unit > 0, unit, 1.0)
        return cls(((values - centre) / unit).T, centre, unit)

    def restored(self, influence: Array, order: MomentOrder) -> Array:
        """Bring the influences of cases on slopes and thresholds back, (q, n)."""
        if not self.unit.size:
            return influence
        influence[order.slopes] /= self.unit[order.slope_on, None]
        at, t = order.slope_at[order.variable], order.variable.size
        for centre, own in zip(self.centre, at.T, strict=True):
            influence[:t] += centre * influence[own]
        return influence


def _heights(margins: Margins, order: MomentOrder) -> Array:
    """Return thresholds and minus means, in their places, shape (t,)."""
    tau = -margins.ybar[order.variable]
    found = [edges[1:-1] for edges in margins.edges]
    tau[order.level > 0] = np.concatenate([np.zeros(0), *found])
    return tau


def _influence(margins: Margins, pairs: Pairs, order: MomentOrder) -> Array:
    """Compute what each case adds to the moments, of shape (q, n).

    On the scale of standardised variables first; then means, variances and covariances
    return to the scale of the data.
    """
    owner, weights = order.owner, margins.weights
    margin = np.zeros_like(margins.scores)
    for j in np.unique(owner):
        own = owner == j
        margin[own] = _influence_of_margin(margins.scores[own], weights)
    A22 = np.where(pairs.boundary, 1.0, pairs.scores**2 @ weights)
    joint = (pairs.scores - pairs.cross @ margin) / A22[:, None]
    spread = np.zeros_like(margins.Z)  # of the variances, as shares of themselves
    spread[order.continuous] = margin[order.variances]
    first, second = order.first, order.second
    joint += pairs.rho[:, None] / 2 * (spread[first] + spread[second])
    joint *= (margins.sd[first] * margins.sd[second])[:, None]
    sd = margins.sd[owner]
    sd[: order.variable.size][order.level == 0] *= -1
    sd[order.variances] **= 2
    return np.concatenate([margin * sd[:, None], joint])


def _influence_of_margin(scores: Array, weights: Array) -> Array:
    """Solve A11 x = u for each case, u being the scores of one variable."""
    A11 = (scores * weights) @ scores.T
    scale = np.sqrt(np.diag(A11))
    unit = A11 / np.outer(scale, scale)
    if np.linalg.eigvalsh(unit)[0] < COLLINEAR:
        raise np.linalg.LinAlgError(
            "The scores of a variable are collinear: a continuous variable must take "
            "at least three values, and no covariate may follow from others."
        )
    return np.asarray(np.linalg.solve(unit, scores / scale[:, None]) / scale[:, None])


def _square(values: np.ndarray, order: MomentOrder, *, diagonal: float) -> np.ndarray:
    """Lay the values of the pairs out as a symmetric matrix."""
    p = order.levels.size
    full = np.zeros((p, p), dtype=values.dtype)
    full[order.explained, order.explained] = diagonal
    full[order.first, order.second] = values
    full[order.second, order.first] = values
    return full
