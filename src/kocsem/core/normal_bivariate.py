"""The bivariate standard normal distribution, element by element.

In: limits and correlations that broadcast. Out: the distribution function, the density
(its derivative by the correlation, Plackett 1954), and the derivative of the density
by the correlation. The distribution function stands on Owen's T as scipy computes it
(Patefield and Tandy 2000); its absolute error is below 1e-14 up to correlations of
0.9999. Source: Owen (1956), equation 2.1.
"""

import numpy as np
from scipy.special import ndtr, owens_t

from kocsem.core.moments import Array


def bivariate_cdf(*, h: Array, k: Array, rho: Array) -> Array:
    """Compute the probability that both variables stay below their limits.

    Parameters
    ----------
    h, k : ndarray, broadcastable
        Upper limits, finite.
    rho : ndarray, broadcastable
        Correlations, strictly between -1 and 1.

    Returns
    -------
    ndarray
        Probabilities, in the broadcast shape.

    Notes
    -----
    (Phi(h) + Phi(k)) / 2 - T(h, (k - rho h) / (h r)) - T(k, (h - rho k) / (k r)) - d,
    with r = sqrt(1 - rho^2), and d = 1/2 where h and k lie on two sides of 0, else 0;
    at h = k = 0 it is 1/4 + asin(rho) / (2 pi).

    Examples
    --------
    >>> zero, half = np.array(0.0), np.array(0.5)
    >>> bool(np.isclose(bivariate_cdf(h=zero, k=zero, rho=half), 1 / 3, atol=1e-15))
    True
    """
    h, k, rho = np.broadcast_arrays(h, k, rho)
    apart = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    general = (
        (ndtr(h) + ndtr(k)) / 2
        - owens_t(h, _slope(h, k, rho))
        - owens_t(k, _slope(k, h, rho))
        - 0.5 * apart
    )
    centre = (h == 0) & (k == 0)
    return np.asarray(np.where(centre, 0.25 + np.arcsin(rho) / (2 * np.pi), general))


def _slope(at: Array, other: Array, rho: Array) -> Array:
    """Return the second argument of Owen's T; infinite where the first is 0."""
    zero = at == 0
    finite = (other - rho * at) / (np.where(zero, 1.0, at) * _root(rho))
    return np.asarray(np.where(zero, np.copysign(np.inf, other), finite))


def bivariate_density(*, h: Array, k: Array, rho: Array) -> Array:
    """Compute the density, which is also the derivative of the cdf by `rho`.

    Parameters
    ----------
    h, k : ndarray, broadcastable
        Where to evaluate.
    rho : ndarray, broadcastable
        Correlations, strictly between -1 and 1.

    Returns
    -------
    ndarray
        Densities, in the broadcast shape.
    """
    return np.asarray(np.exp(-_distance(h, k, rho) / 2) / (2 * np.pi * _root(rho)))


def bivariate_density_slope(*, h: Array, k: Array, rho: Array) -> Array:
    """Compute the derivative of the density by the correlation.

    Parameters
    ----------
    h, k : ndarray, broadcastable
        Where to evaluate.
    rho : ndarray, broadcastable
        Correlations, strictly between -1 and 1.

    Returns
    -------
    ndarray
        Second derivatives of the cdf by `rho`, in the broadcast shape.

    Notes
    -----
    The density times (h k + rho - rho Q) / (1 - rho^2), where
    Q = (h^2 - 2 rho h k + k^2) / (1 - rho^2).
    """
    bend = h * k + rho - rho * _distance(h, k, rho)
    density = bivariate_density(h=h, k=k, rho=rho)
    return np.asarray(density * bend / _root(rho) ** 2)


def _distance(h: Array, k: Array, rho: Array) -> Array:
    """Return the squared Mahalanobis distance, without cancellation near |rho| = 1."""
    return np.asarray(((h - rho * k) / _root(rho)) ** 2 + k**2)


def _root(rho: Array) -> Array:
    """Return sqrt(1 - rho^2), accurate near |rho| = 1."""
    return np.asarray(np.sqrt((1 - rho) * (1 + rho)))
