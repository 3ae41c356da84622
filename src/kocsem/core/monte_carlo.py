"""Monte-Carlo intervals: draws of the estimates, and the limits that they give.

In: estimates and their covariance matrix; values of a function at the draws. Out: draws
from the normal distribution that the estimates have in large samples; percentiles of
the values. Source: MacKinnon, Lockwood and Williams (2004); Preacher and Selig (2012).
"""

import numpy as np

from kocsem.core.moments import Array


def normal_draws(
    *,
    mean: Array,
    covariance: Array,
    replicates: int,
    generator: np.random.Generator,
) -> Array:
    """Draw vectors from a normal distribution whose covariance may be singular.

    Parameters
    ----------
    mean : ndarray of shape (k,)
        Its mean.
    covariance : ndarray of shape (k, k)
        Its covariance matrix, positive semidefinite; singular where the vector obeys
        linear constraints, which every draw then obeys as well.
    replicates : int
        Number of draws, B.
    generator : Generator
        Where the random numbers come from.

    Returns
    -------
    ndarray of shape (B, k)
        One draw a row.

    Notes
    -----
    Standard normal vectors are multiplied by the symmetric root of the covariance
    matrix. There is one such root, so that draws do not depend on signs or order of the
    eigenvectors; it is taken on the scale of a unit diagonal, so that parameters of
    different size are drawn alike.
    """
    deviation = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scale = np.where(deviation > 0, deviation, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    rounding = mean.size * np.finfo(float).eps * values.max(initial=0.0)
    roots = np.sqrt(np.where(values > rounding, values, 0.0))
    root = (vectors * roots) @ vectors.T
    standard = generator.standard_normal((replicates, mean.size))
    return np.asarray(mean + (standard @ root) * deviation)


def percentile_limits(*, draws: Array, level: float) -> Array:
    """Find the percentiles that enclose the middle of each column of draws.

    Parameters
    ----------
    draws : ndarray of shape (B, r)
        Values at the draws; those that are NaN do not count.
    level : float
        Share of the draws to enclose, between 0 and 1.

    Returns
    -------
    ndarray of shape (2, r)
        Lower and upper limits, interpolated between neighbouring draws; NaN for a
        column of nothing but NaN.
    """
    tails = [(1.0 - level) / 2, (1.0 + level) / 2]
    limits = np.quantile(draws, tails, axis=0)
    for column in np.flatnonzero(np.isnan(draws).any(axis=0)):
        known = draws[~np.isnan(draws[:, column]), column]
        if known.size:
            limits[:, column] = np.quantile(known, tails)
    return np.asarray(limits)
