"""What follows from an optimum: covariances, identification, the delta method.

In: information per case, the constraint space, functions of the parameters. Out:
covariance matrices and Jacobians. Source: Silvey (1959) for constrained information;
Squire and Trapp (1998) for the complex step.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from kocsem.core.moments import Array

COMPLEX_STEP = 1e-30


@dataclass(frozen=True, slots=True)
class Identification:
    """The information on the scale of a unit diagonal.

    Attributes
    ----------
    smallest : float
        Its smallest eigenvalue: 0 where parameters are not identified.
    direction : ndarray of shape (k,)
        The direction in the parameters that belongs to it, largest element 1.
    """

    smallest: float
    direction: Array


def identification(*, information: Array, K: Array) -> Identification:
    """Look for a direction about which the moments say nothing.

    Parameters
    ----------
    information : ndarray of shape (k, k)
        Expected information per case.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.

    Returns
    -------
    Identification
        The weakest direction.
    """
    info = K.T @ information @ K
    if not info.size:
        return Identification(smallest=1.0, direction=np.zeros(K.shape[0]))
    diagonal = np.diag(info)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(info / np.outer(scale, scale))
    direction = K @ (vectors[:, 0] / scale)
    return Identification(
        smallest=float(values[0]), direction=direction / np.abs(direction).max()
    )


def _is_whole(K: Array) -> bool:
    """Tell whether nothing is constrained; any basis is then as good as the units."""
    return bool(K.shape[0] == K.shape[1])


def _within(information: Array, K: Array) -> Array:
    """Return the information about what the constraints leave."""
    return information if _is_whole(K) else np.asarray(K.T @ information @ K)


def is_identified(*, information: Array, K: Array, bound: float) -> bool:
    """Tell cheaply whether the information is clear of singularity.

    Parameters
    ----------
    information : ndarray of shape (k, k)
        Expected information per case.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    bound : float
        Smallest eigenvalue wanted, on the scale of a unit diagonal.

    Returns
    -------
    bool
        True only if the smallest eigenvalue is above the bound: it is at least the
        reciprocal of the trace of the inverse.
    """
    info = _within(information, K)
    if not info.size:
        return True
    diagonal = np.diag(info)
    if (diagonal <= 0).any():
        return False
    scale = np.sqrt(diagonal)
    factor, failed = lapack.dpotrf(info / np.outer(scale, scale), lower=1)
    if failed:
        return False
    inverse, failed = lapack.dpotri(factor, lower=1)
    return not failed and bool(1.0 / np.trace(inverse) > bound)


def constrained_inverse(*, information: Array, K: Array) -> Array:
    """Invert the information within the constraint space.

    Parameters
    ----------
    information : ndarray of shape (k, k)
        Information per case.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.

    Returns
    -------
    ndarray of shape (k, k)
        K (K' I K)^-1 K'; divided by n it is the covariance matrix of the estimates.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the constrained information is singular.
    """
    info = _within(information, K)
    if not info.size:
        return np.zeros_like(information)
    scale = np.sqrt(np.diag(info))
    inverse = np.linalg.inv(info / np.outer(scale, scale)) / np.outer(scale, scale)
    full = inverse if _is_whole(K) else K @ inverse @ K.T
    return np.asarray((full + full.T) / 2)


def complex_jacobian(
    *, function: Callable[[np.ndarray], np.ndarray], x: Array
) -> Array:
    """Differentiate a real-analytic function by the complex step, exact to rounding.

    Parameters
    ----------
    function : callable
        Maps a vector of shape (k,), possibly complex, to one of shape (r,).
    x : ndarray of shape (k,)
        Where to differentiate.

    Returns
    -------
    ndarray of shape (r, k)
        The Jacobian.
    """
    columns = []
    for position in range(x.size):
        moved = x.astype(complex)
        moved[position] += 1j * COMPLEX_STEP
        columns.append(function(moved).imag / COMPLEX_STEP)
    return np.stack(columns, axis=1) if columns else np.zeros((function(x).size, 0))


def standard_errors(*, covariance: Array, settled: bool) -> Array:
    """Take the roots of the variances.

    Parameters
    ----------
    covariance : ndarray of shape (k, k)
        Covariance matrix of estimates, or of functions of them.
    settled : bool
        Whether it was taken at an optimum, where a negative variance is rounding of 0.

    Returns
    -------
    ndarray of shape (k,)
        NaN for a negative variance away from an optimum.
    """
    variance = np.diag(covariance)
    floor = 0.0 if settled else float("nan")
    return np.sqrt(np.where(variance < 0, floor, variance))


def delta_covariance(*, jacobian: Array, vcov: Array) -> Array:
    """Carry the covariance of the estimates over to functions of them.

    Parameters
    ----------
    jacobian : ndarray of shape (r, k)
        Derivatives of the functions.
    vcov : ndarray of shape (k, k)
        Covariance matrix of the estimates.

    Returns
    -------
    ndarray of shape (r, r)
        First-order covariance matrix of the functions.
    """
    return np.asarray(jacobian @ vcov @ jacobian.T)
