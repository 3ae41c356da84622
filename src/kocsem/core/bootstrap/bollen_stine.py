"""Data for which the model holds exactly: the bootstrap of the test of fit.

In: complete data and the implied moments of each group. Out: data with these moments,
from which samples are drawn as if the model were true. Source: Bollen and Stine (1992);
the roots are the symmetric ones, as in lavaan.
"""

import numpy as np

from kocsem.core.moments import Array, sample_moments


def transformed(*, Y: Array, Sigma: Array, mu: Array) -> Array:
    """Give the data of one group the moments that a model implies.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Complete data; their covariance matrix is positive definite.
    Sigma : ndarray of shape (p, p)
        Implied covariance matrix.
    mu : ndarray of shape (p,)
        Implied means; those of the data where the model has no mean structure.

    Returns
    -------
    ndarray of shape (n, p)
        (Y - ybar) S^(-1/2) Sigma^(1/2) + mu, with covariance matrix (divisor n) Sigma
        and means mu.
    """
    moments = sample_moments(Y=Y)
    turn = _power(moments.S, -0.5) @ _power(Sigma, 0.5)
    return np.asarray((Y - moments.ybar) @ turn + mu)


def _power(S: Array, exponent: float) -> Array:
    """Raise a symmetric positive definite matrix to a power."""
    values, vectors = np.linalg.eigh(S)
    return np.asarray((vectors * values**exponent) @ vectors.T)


def bootstrap_p_value(*, statistic: float, replicates: Array) -> float:
    """Compute the share of samples that fit worse than the data.

    Parameters
    ----------
    statistic : float
        Test statistic of the data, n F.
    replicates : ndarray of shape (B,)
        Test statistics of samples for which the model holds, failed fits taken out.

    Returns
    -------
    float
        Share of replicates above the statistic, as in lavaan; NaN without any.
    """
    if not replicates.size:
        return float("nan")
    return float((replicates > statistic).mean())
