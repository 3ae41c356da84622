"""Correlations with continuous variables: polyserial in two steps, and Pearson.

In: standardised continuous variables, and the codes and thresholds of an ordinal one,
all of them given covariates if there are any. Out: the correlations, each case's
scores, and the cross-products of these scores with those by the univariate parameters,
from which Gamma is made. Sources: Olsson, Drasgow
and Dorans (1982), two-step; Muthen (1984).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import erfcx, ndtr

from kocsem.core.moments import Array
from kocsem.core.ordinal.correlation_root import LIMIT, at_limit, correlation_root
from kocsem.core.ordinal.thresholds import normal_density
from kocsem.core.structure import Index

COMPLETE = 1e-12  # rounding of a mean square of a standardised variable


@dataclass(frozen=True, slots=True)
class Polyserial:
    """Correlations of one ordinal variable with continuous ones.

    Attributes
    ----------
    rho : ndarray of shape (c,)
        Correlations.
    score : ndarray of shape (c, n)
        Derivative of each case's log-likelihood by the correlation.
    cross_mean, cross_variance : ndarray of shape (c,)
        Sum over cases of `score` times the derivative by the mean and by the variance
        of the standardised continuous variable.
    cross_threshold : ndarray of shape (c, K - 1)
        The same for the thresholds.
    cross_slope, cross_ordinal_slope : ndarray of shape (c, e)
        The same for the slopes on covariates of the continuous variable, and of the
        ordinal one.
    boundary : ndarray of bool, shape (c,)
        Whether the likelihood has no maximum inside; the scores then mean nothing.
    """

    rho: Array
    score: Array
    cross_mean: Array
    cross_variance: Array
    cross_threshold: Array
    cross_slope: Array
    cross_ordinal_slope: Array
    boundary: np.ndarray


@dataclass(frozen=True, slots=True)
class Pearson:
    """Correlations of pairs of continuous variables.

    Attributes
    ----------
    rho : ndarray of shape (r,)
        Correlations.
    score : ndarray of shape (r, n)
        Derivative of each case's log-likelihood by the correlation.
    cross_mean, cross_variance : ndarray of shape (r, 2)
        Sum over cases of `score` times the derivative by the mean and by the variance
        of the first and of the second variable, both standardised.
    cross_slope : ndarray of shape (r, 2, e)
        The same for the slopes on covariates.
    boundary : ndarray of bool, shape (r,)
        Whether the correlation is too near 1 or -1 for the scores to mean anything.
    """

    rho: Array
    score: Array
    cross_mean: Array
    cross_variance: Array
    cross_slope: Array
    boundary: np.ndarray


@dataclass(frozen=True, slots=True)
class _Slice:
    """The ordinal variable given the continuous ones.

    Attributes
    ----------
    t : ndarray of shape (2, c, n)
        Upper and lower edge, standardised given the continuous variable.
    hazard : ndarray of shape (2, c, n)
        Normal density at either edge over the probability between them.
    """

    t: Array
    hazard: Array


def polyserial(
    *,
    Z: Array,
    codes: Index,
    edges: Array,
    weights: Array,
    X: Array | None = None,
    slopes: Array | None = None,
) -> Polyserial:
    """Estimate polyserial correlations with all univariate parameters held fixed.

    Parameters
    ----------
    Z : ndarray of shape (c, n)
        Standardised continuous variables (divisor n), one a row.
    codes : ndarray of int, shape (n,)
        Categories 0..K-1 of the ordinal variable.
    edges : ndarray of shape (K + 1,)
        Its edges.
    weights : ndarray of shape (c, n)
        Weight of each case in each pair; 0 where one of the two is missing.
    X : ndarray of shape (e, n), optional
        Covariates, one a row; `Z` then holds what they leave, and the edges are those
        where they are zero.
    slopes : ndarray of shape (e,), optional
        Slopes of the ordinal variable's latent response on them.

    Returns
    -------
    Polyserial
        The correlations with their scores, which are 0 where the weight is.

    Notes
    -----
    The log-likelihood of a case is log phi(z) + log [Phi(t_1) - Phi(t_0)] with
    t = (tau - b'x - rho z) / sqrt(1 - rho^2) at the upper and the lower edge. The
    search begins at Olsson's ad-hoc estimate, r s / sum phi(tau), with s the deviation
    of the codes.
    """
    X = np.zeros((0, codes.size)) if X is None else X
    around = np.stack([edges[codes + 1], edges[codes]])
    if slopes is not None:
        around = around - slopes @ X
    around = around[:, None, :]

    def derivatives(rho: Array, rows: Index) -> tuple[Array, Array]:
        r = _root(rho)
        at = _slice(Z[rows], around, rho)
        lean = (rho[:, None] * around - Z[rows]) / r**3
        curl = around / r**3 + 3 * rho[:, None] * lean / r**2
        slope = _difference(at.hazard * lean)
        bend = _difference(at.hazard * (curl - at.t * lean**2))
        w = weights[rows]
        return (w * slope).sum(axis=1), (w * (bend - slope**2)).sum(axis=1)

    middle = (weights * codes).sum(axis=1) / weights.sum(axis=1)
    start = (weights * Z * (codes - middle[:, None])).sum(axis=1)
    start /= weights.sum(axis=1) * normal_density(edges[1:-1]).sum()
    rho = correlation_root(derivatives=derivatives, start=start)
    member = (codes[:, None] == np.arange(edges.size - 1)).astype(float)
    return _polyserial_scores(Z, around, member, weights, X, rho)


def _polyserial_scores(
    Z: Array, around: Array, member: Array, weights: Array, X: Array, rho: Array
) -> Polyserial:
    """Evaluate the scores and their cross-products at the estimates."""
    r, weight = _root(rho), rho[:, None]
    hazard = _slice(Z, around, rho).hazard
    score = _difference(hazard * (weight * around - Z)) / r**3 * (weights > 0)
    pull = weight / r * _difference(hazard)
    mean = Z + pull
    variance = (Z * mean - 1) / 2
    heavy = weights * score
    own, pulls = heavy * mean, heavy * hazard / r
    upper, lower = pulls @ member
    boundary = at_limit(rho=rho, information=(heavy * score).sum(axis=1))
    return Polyserial(
        rho=np.where(boundary, np.copysign(LIMIT, rho), rho),
        score=score,
        cross_mean=own.sum(axis=1),
        cross_variance=(heavy * variance).sum(axis=1),
        cross_threshold=upper[:, :-1] - lower[:, 1:],
        cross_slope=own @ X.T,
        cross_ordinal_slope=-_difference(pulls @ X.T),
        boundary=boundary,
    )


def pearson(
    *, Z: Array, first: Index, second: Index, weights: Array, X: Array | None = None
) -> Pearson:
    """Compute correlations of continuous variables with their normal-theory scores.

    Parameters
    ----------
    Z : ndarray of shape (c, n)
        Standardised continuous variables (divisor n), one a row.
    first, second : ndarray of int, shape (r,)
        The rows that form each pair.
    weights : ndarray of shape (r, n)
        Weight of each case in each pair; 0 where one of the two is missing.
    X : ndarray of shape (e, n), optional
        Covariates, one a row; `Z` then holds what they leave.

    Returns
    -------
    Pearson
        The correlations with their scores, which are 0 where the weight is. Where no
        answer is missing they are product-moment correlations; elsewhere they maximise
        the likelihood of the pair given the margins.
    """
    one, two = Z[first], Z[second]
    rho = _most_likely(
        product=(weights * one * two).sum(axis=1),
        squares=(weights * (one**2 + two**2)).sum(axis=1),
        total=weights.sum(axis=1),
    )
    weight = np.clip(rho, -LIMIT, LIMIT)[:, None]
    free = (1 - weight) * (1 + weight)
    mean = np.stack([one - weight * two, two - weight * one]) / free
    variance = (np.stack([one, two]) * mean - 1) / 2
    # the Mahalanobis distance is one * mean[0] + two * mean[1]
    distance = one * mean[0] + two * mean[1]
    score = (weight + one * two - weight * distance) / free * (weights > 0)
    heavy = weights * score
    X = np.zeros((0, heavy.shape[1])) if X is None else X
    pulls = heavy * mean
    return Pearson(
        rho=rho,
        score=score,
        cross_mean=pulls.sum(axis=2).T,
        cross_variance=(heavy * variance).sum(axis=2).T,
        cross_slope=(pulls @ X.T).swapaxes(0, 1),
        boundary=at_limit(rho=rho, information=(heavy * score).sum(axis=1)),
    )


def _most_likely(*, product: Array, squares: Array, total: Array) -> Array:
    """Maximise the likelihood of standardised pairs over their correlations.

    With a and b the means of z1 z2 and of z1^2 + z2^2, the derivative vanishes where
    rho (1 - rho^2) + a (1 + rho^2) - b rho = 0: at a itself where b = 2.
    """
    a, b = product / total, squares / total
    complete = np.abs(b - 2) < COMPLETE

    def derivatives(rho: Array, rows: Index) -> tuple[Array, Array]:
        r = (1 - rho) * (1 + rho)
        level = (rho * r + a[rows] * (1 + rho**2) - b[rows] * rho) / r**2
        slope = (r - 2 * rho**2 + 2 * a[rows] * rho - b[rows]) / r**2
        return level, slope + 4 * rho * level / r

    return np.where(complete, a, correlation_root(derivatives=derivatives, start=a))


def _slice(Z: Array, around: Array, rho: Array) -> _Slice:
    """Standardise the edges given the continuous variables, and find the hazards."""
    t = (around - rho[:, None] * Z) / _root(rho)
    return _Slice(t=t, hazard=interval_hazards(upper=t[0], lower=t[1]))


def interval_hazards(*, upper: Array, lower: Array) -> Array:
    """Divide the normal density at the ends of an interval by its probability.

    Parameters
    ----------
    upper, lower : ndarray of the same shape
        Ends of the intervals, lower < upper.

    Returns
    -------
    ndarray of shape (2, ...)
        phi(upper) / P and phi(lower) / P with P = Phi(upper) - Phi(lower).

    Notes
    -----
    An interval in the lower tail is mirrored. With both ends a < b positive,
    P = phi(a) [M(a) - M(b) exp((a^2 - b^2) / 2)], M being Mills' ratio, so that no
    probability is too small.
    """
    mirrored = upper + lower < 0
    near = np.where(mirrored, -upper, lower)
    far = np.where(mirrored, -lower, upper)
    tail = near > 0
    decay = np.exp((near - far) * (near + far) / 2)  # phi(far) / phi(near)
    mills = _mills(np.where(tail, near, 1.0)) - _mills(np.where(tail, far, 2.0)) * decay
    body = np.where(tail, 1.0, ndtr(far) - ndtr(near))
    at_near = np.where(tail, 1.0 / mills, normal_density(near) / body)
    at_far = at_near * decay
    return np.stack(
        [np.where(mirrored, at_near, at_far), np.where(mirrored, at_far, at_near)]
    )


def _mills(x: Array) -> Array:
    """Return (1 - Phi(x)) / phi(x) for x >= 0."""
    return np.asarray(np.sqrt(np.pi / 2) * erfcx(x / np.sqrt(2)))


def _difference(pair: Array) -> Array:
    """Subtract what belongs to the lower edge from what belongs to the upper."""
    return np.asarray(pair[0] - pair[1])


def _root(rho: Array) -> Array:
    """Return sqrt(1 - rho^2) as a column."""
    return np.asarray(np.sqrt((1 - rho) * (1 + rho)))[:, None]
