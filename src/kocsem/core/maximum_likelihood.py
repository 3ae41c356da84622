"""Maximum likelihood for complete normal data.

Contents: (1) the discrepancy, (2) its score, (3) expected information, (4) the
log-likelihood, (5) the residual-based statistic. All are per case unless they
say otherwise; n enters where a statistic is formed.
Source: Joreskog (1967); Yuan and Bentler (1997) for the mean structure; lavaan's
numbers.
"""

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.problem import Point
from kocsem.core.structure import (
    Structure,
    Tangents,
    fill,
    implied_moments,
    tangents,
)


def log_determinant(*, S: Array) -> float:
    """Compute the log-determinant of a positive definite matrix.

    Parameters
    ----------
    S : ndarray of shape (p, p)
        Symmetric, positive definite.

    Returns
    -------
    float
        log|S|.

    Raises
    ------
    numpy.linalg.LinAlgError
        When S is not positive definite.
    """
    return float(2.0 * np.log(np.diag(np.linalg.cholesky(S))).sum())


def evaluate(
    *, structure: Structure, x: Array, moments: SampleMoments, logdet_S: float
) -> Point | None:
    """Evaluate the discrepancy function.

    Parameters
    ----------
    structure : Structure
        The model.
    x : ndarray of shape (k,)
        The parameter vector.
    moments : SampleMoments
        The sample moments.
    logdet_S : float
        log|S|, computed once.

    Returns
    -------
    Point or None
        None where the implied covariance matrix is not positive definite.
    """
    try:
        implied = implied_moments(matrices=fill(structure=structure, x=x))
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(implied.Sigma).all():
        return None
    p = implied.Sigma.shape[0]
    factor, info = scipy.linalg.lapack.dpotrf(implied.Sigma, lower=1)
    if info != 0:
        return None
    inverse, info = scipy.linalg.lapack.dpotri(factor, lower=1)
    if info != 0:
        return None
    W = inverse + inverse.T  # only the lower triangle of the inverse is filled
    W.flat[:: p + 1] /= 2
    logdet = 2.0 * np.log(np.diag(factor)).sum()
    value = logdet + (W * moments.S).sum() - logdet_S - p
    if structure.means:
        residual = moments.ybar - implied.mu
        value += residual @ W @ residual
    return Point(x=x, implied=implied, W=W, discrepancy=float(value))


def score(
    *, structure: Structure, point: Point, moments: SampleMoments, at: Tangents
) -> Array:
    """Compute the gradient of half the discrepancy, d(F/2)/dx.

    Parameters
    ----------
    structure : Structure
        The model.
    point : Point
        Where to evaluate.
    moments : SampleMoments
        The sample moments.
    at : Tangents
        The tangents at that point.

    Returns
    -------
    ndarray of shape (k,)
        Minus the score of the log-likelihood per case.
    """
    W = point.W
    gap = moments.S - point.implied.Sigma
    if not structure.means:
        G = W @ gap @ W
        return -np.asarray((at.U * (G @ at.V)).sum(axis=0))
    residual = moments.ybar - point.implied.mu
    G = W @ (gap + np.outer(residual, residual)) @ W
    return -np.asarray((at.U * (G @ at.V)).sum(axis=0) + at.M.T @ (W @ residual))


def expected_information(*, structure: Structure, W: Array, at: Tangents) -> Array:
    """Compute the expected information per case.

    Parameters
    ----------
    structure : Structure
        The model.
    W : ndarray of shape (p, p)
        Inverse of the implied covariance matrix.
    at : Tangents
        The tangents there.

    Returns
    -------
    ndarray of shape (k, k)
        (U'WU) o (V'WV) + (U'WV) o (V'WU) + M'WM.

    Notes
    -----
    The first two terms are tr(W dSigma_a W dSigma_b) / 2 with the factored derivatives.
    """
    return cross_information(W=W, first=at, second=at, means=structure.means)


def cross_information(
    *, W: Array, first: Tangents, second: Tangents, means: bool
) -> Array:
    """Compute the expected information between two sets of parameters.

    Parameters
    ----------
    W : ndarray of shape (p, p)
        Inverse of the implied covariance matrix.
    first, second : Tangents
        The tangents of the two sets.
    means : bool
        Whether the mean structure is part of the model.

    Returns
    -------
    ndarray of shape (k1, k2)
        One block of the expected information per case.
    """
    WU, WV = W @ second.U, W @ second.V
    info = (first.U.T @ WU) * (first.V.T @ WV) + (first.U.T @ WV) * (first.V.T @ WU)
    if means:
        info = info + first.M.T @ (W @ second.M)
    return np.asarray(info)


def conditional_information(
    *,
    W: Array,
    first: Tangents,
    second: Tangents,
    means: bool,
    given: NDArray[np.bool_],
) -> Array:
    """Compute the expected information when some moments are taken as known.

    Parameters
    ----------
    W : ndarray of shape (p, p)
        Inverse of the implied covariance matrix.
    first, second : Tangents
        The tangents of the two sets.
    means : bool
        Whether the mean structure is part of the model.
    given : ndarray of shape (p,)
        The covariates whose own moments carry no information (fixed x).

    Returns
    -------
    ndarray of shape (k1, k2)
        The information with the derivatives of those moments set to zero, as in lavaan.
    """
    if not given.any():
        return cross_information(W=W, first=first, second=second, means=means)
    total = np.zeros((first.U.shape[1], second.U.shape[1]))
    for sign, left in ((1.0, first), (-1.0, _restricted(first, given))):
        for other, right in ((1.0, second), (-1.0, _restricted(second, given))):
            block = cross_information(W=W, first=left, second=right, means=means)
            total += sign * other * block
    return total


def _restricted(at: Tangents, given: NDArray[np.bool_]) -> Tangents:
    """Keep the derivatives of the moments of some variables only."""
    rows = given[:, None]
    return Tangents(U=at.U * rows, V=at.V * rows, M=at.M * rows)


def tangents_at(*, structure: Structure, point: Point) -> Tangents:
    """Compute the tangents at an evaluated point.

    Parameters
    ----------
    structure : Structure
        The model.
    point : Point
        Where to evaluate.

    Returns
    -------
    Tangents
        U, V and M there.
    """
    return tangents(structure=structure, implied=point.implied)


def saturated_loglik(*, moments: SampleMoments) -> float:
    """Compute the log-likelihood of the saturated model.

    Parameters
    ----------
    moments : SampleMoments
        Moments of n cases.

    Returns
    -------
    float
        -n/2 (p log(2 pi) + log|S| + p).
    """
    p = moments.S.shape[0]
    constant = p * (np.log(2 * np.pi) + 1.0)
    return float(-moments.n / 2 * (constant + log_determinant(S=moments.S)))


def residual_quadratic(
    *, point: Point, moments: SampleMoments, at: Tangents, means: bool
) -> tuple[float, Array]:
    """Weight the residual moments of one group by normal theory at the implied moments.

    Parameters
    ----------
    point : Point
        The estimate.
    moments : SampleMoments
        The sample moments.
    at : Tangents
        The tangents there.
    means : bool
        Whether the mean structure is part of the model.

    Returns
    -------
    total : float
        r'Vr.
    slope : ndarray of shape (k,)
        Delta'Vr. With the inverse information, n (r'Vr - r'V Delta I^-1 Delta'Vr) is
        Browne's residual-based statistic (Browne, 1984, equation 2.20a).
    """
    W = point.W
    gap = moments.S - point.implied.Sigma
    G = W @ gap @ W
    total = 0.5 * float((G * gap).sum())
    slope = (at.U * (G @ at.V)).sum(axis=0)
    if means:
        residual = moments.ybar - point.implied.mu
        total += float(residual @ W @ residual)
        slope = slope + at.M.T @ (W @ residual)
    return total, np.asarray(slope)
