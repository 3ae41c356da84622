"""Confidence limits from bootstrap replicates: percentile, bias-corrected and BCa.

In: a matrix of replicates, the estimates, for BCa the acceleration. Out: limits. The
quantiles are those of R's boot package, interpolated on the scale of normal quantiles,
which lavaan uses too. Only replicates that exist come in; how many there are is part of
what comes out. Source: Davison and Hinkley (1997), chapter 5; Efron (1987).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from kocsem.core.bootstrap.resampling import Units
from kocsem.core.moments import Array
from kocsem.core.structure import Index

ROBUST_SCALE = 1.4826  # median absolute deviation to standard deviation, if normal


@dataclass(frozen=True, slots=True)
class Limits:
    """Confidence limits of r statistics.

    Attributes
    ----------
    lower, upper : ndarray of shape (r,)
        NaN where a limit does not exist: no replicate lies on one side of the estimate,
        or the acceleration is too large for the level.
    extreme : ndarray of bool, shape (r,)
        Whether a limit is the smallest or largest replicate, so that more replicates
        are called for.
    used : ndarray of int, shape (r,)
        Number of replicates behind the limits.
    """

    lower: Array
    upper: Array
    extreme: NDArray[np.bool_]
    used: Index


def percentile_interval(*, replicates: Array, level: float) -> Limits:
    """Take the limits from the quantiles of the replicates.

    Parameters
    ----------
    replicates : ndarray of shape (B, r)
        One replicate a row; a statistic that is NaN does not count.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Limits
        Lavaan's ``boot.ci.type = "perc"``.
    """
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    return _limits(replicates, np.tile(tails[:, None], replicates.shape[1]))


def bca_interval(
    *, replicates: Array, estimate: Array, acceleration: Array, level: float
) -> Limits:
    """Correct the quantiles for bias and for a standard error that changes.

    Parameters
    ----------
    replicates : ndarray of shape (B, r)
        One replicate a row; a statistic that is NaN does not count.
    estimate : ndarray of shape (r,)
        The statistics in the full sample.
    acceleration : ndarray of shape (r,)
        See `acceleration`. Zeros give the bias-corrected limits, lavaan's
        ``boot.ci.type = "bca.simple"``.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Limits
        A statistic whose replicates are all equal has that value for both limits.

    Notes
    -----
    With z the normal quantile of the share of replicates below the estimate, the
    quantile at probability p becomes the one at Phi(z + (z + z_p) / (1 - a (z + z_p))).
    """
    known = np.isfinite(replicates).sum(axis=0)
    below = (replicates < estimate).sum(axis=0)
    inside = (below > 0) & (below < known)
    share = np.where(inside, below, 1.0) / np.where(inside, known, 2.0)
    bias = ndtri(share)
    tails = ndtri(np.array([[(1 - level) / 2], [(1 + level) / 2]]))
    stretch = 1.0 - acceleration * (bias + tails)
    usable = inside & (stretch > 0).all(axis=0)
    moved = bias + (bias + tails) / np.where(usable, stretch, 1.0)
    constant = _constant(replicates)
    probabilities = np.where(usable | constant, ndtr(moved), np.nan)
    return _limits(replicates, probabilities)


def _constant(replicates: Array) -> NDArray[np.bool_]:
    """Tell which statistics never change."""
    low = np.min(replicates, axis=0, where=np.isfinite(replicates), initial=np.inf)
    high = np.max(replicates, axis=0, where=np.isfinite(replicates), initial=-np.inf)
    return np.asarray(low == high)


def _limits(replicates: Array, probabilities: Array) -> Limits:
    """Find two quantiles of each column, interpolated between normal quantiles."""
    counted = np.where(np.isfinite(replicates), replicates, np.nan)
    ordered = np.sort(counted, axis=0)  # NaN comes last
    known = np.isfinite(counted).sum(axis=0)
    exists = np.isfinite(probabilities) & (known > 0)
    rank = np.where(exists, probabilities * (known + 1), 1.0)
    lower = np.clip(np.floor(rank), 0, known)
    inner = exists & (lower >= 1) & (lower < known)
    first, second = (
        ndtri(np.where(inner, (lower + more) / (known + 1), 0.25 * (1 + more)))
        for more in (0, 1)
    )
    weight = np.where(inner, ndtri(np.where(exists, probabilities, 0.5)) - first, 0.0)
    columns = np.arange(known.size)
    at = [
        ordered[
            np.clip(lower + more - 1, 0, np.maximum(known - 1, 0)).astype(int), columns
        ]
        for more in (0, 1)
    ]
    value = at[0] + np.where(inner, weight / (second - first) * (at[1] - at[0]), 0.0)
    limits = np.where(exists, value, np.nan)
    return Limits(
        lower=limits[0],
        upper=limits[1],
        extreme=(exists & ~inner).any(axis=0),
        used=known,
    )


def bootstrap_covariance(*, replicates: Array) -> Array:
    """Compute the covariance matrix of replicates.

    Parameters
    ----------
    replicates : ndarray of shape (B, r)
        One replicate a row, without NaN.

    Returns
    -------
    ndarray of shape (r, r)
        With divisor B, as in lavaan; its diagonal has the squared standard errors.
    """
    centred = replicates - replicates.mean(axis=0)
    return np.asarray(centred.T @ centred / replicates.shape[0])


def tail_weights(*, replicates: Array) -> Array:
    """Compare standard deviations with ones that outliers do not touch.

    Parameters
    ----------
    replicates : ndarray of shape (B, r)
        One replicate a row, without NaN.

    Returns
    -------
    ndarray of shape (r,)
        Standard deviation over scaled median absolute deviation; 1 for statistics that
        never change. Above 5 lavaan warns that a few draws make the standard error.
    """
    middle = np.median(replicates, axis=0)
    robust = ROBUST_SCALE * np.median(np.abs(replicates - middle), axis=0)
    spread = replicates.std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 0, spread / robust, 1.0)


def acceleration(*, deviations: Array) -> Array:
    """Compute the acceleration of the BCa interval.

    Parameters
    ----------
    deviations : ndarray of shape (u, r)
        What each unit does to the statistics, mean zero within strata.

    Returns
    -------
    ndarray of shape (r,)
        sum d^3 / (6 (sum d^2)^(3/2)); 0 for statistics that no unit moves.
    """
    square = (deviations**2).sum(axis=0)
    moved = square > 0
    scale = np.where(moved, square, 1.0) ** 1.5
    return np.where(moved, (deviations**3).sum(axis=0) / (6 * scale), 0.0)


def jackknife_deviations(*, left_out: Array, strata: Index) -> Array:
    """Compute what each unit does to the statistics from samples without it.

    Parameters
    ----------
    left_out : ndarray of shape (u, r)
        Statistics without one unit, those without a fit taken out.
    strata : ndarray of int, shape (u,)
        Stratum of each unit.

    Returns
    -------
    ndarray of shape (u, r)
        Mean of the stratum less the value.
    """
    return -_centred(left_out, strata)


def infinitesimal_deviations(*, scores: Array, inverse: Array, units: Units) -> Array:
    """Compute what each unit does to the estimates from derivatives, without a refit.

    Parameters
    ----------
    scores : ndarray of shape (n, k)
        Casewise scores, the derivatives of the log-likelihood, at the estimates.
    inverse : ndarray of shape (k, k)
        Inverse observed information within the equality constraints.
    units : Units
        What is drawn.

    Returns
    -------
    ndarray of shape (u, k)
        n times the derivative with respect to a unit's weight, the infinitesimal
        jackknife; times a Jacobian's transpose that of functions of the estimates.
    """
    sums = np.zeros((units.size, scores.shape[1]))
    np.add.at(sums, units.of_case, scores)
    return _centred(sums @ inverse, units.stratum)


def _centred(values: Array, strata: Index) -> Array:
    """Subtract the mean of each stratum."""
    sums = np.zeros((strata.max() + 1, values.shape[1]))
    np.add.at(sums, strata, values)
    counts = np.maximum(np.bincount(strata), 1)
    return np.asarray(values - (sums / counts[:, None])[strata])
