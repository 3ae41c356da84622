"""Residuals: what the model leaves of the sample moments, in four metrics.

In: a `Solution`. Out: a matrix of residual covariances. ``raw`` is S - Sigma;
``cor_bollen`` compares correlations (Bollen, 1989); ``cor_bentler`` divides by the
sample's standard deviations (Bentler, 1995); ``standardized`` divides by the standard
error of the residual (Ogasawara, 2001), a z value.
"""

from typing import Literal, get_args

import numpy as np

from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moments import Array
from kocsem.core.structure import Tangents, jacobian
from kocsem.errors import UnsupportedError
from kocsem.model.options import choose
from kocsem.results.solution import Solution

Kind = Literal["raw", "cor_bollen", "cor_bentler", "standardized"]

NO_VARIANCE = 1e-12


def residual_matrix(solution: Solution, kind: Kind) -> Array:
    """Compute the residual covariances in one metric.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    kind : {"raw", "cor_bollen", "cor_bentler", "standardized"}
        The metric.

    Returns
    -------
    ndarray of shape (p, p)
        Symmetric; with ``standardized`` NaN where the model must reproduce a moment, so
        that its residual has no variance.

    Raises
    ------
    UnsupportedError
        When the kind is none of these.
    """
    choose("kind", kind, get_args(Kind))
    S, Sigma = solution.sample.moments.S, solution.point.implied.Sigma
    sd = np.sqrt(np.diag(S))
    if kind == "raw":
        return S - Sigma
    if kind == "cor_bentler":
        return np.asarray((S - Sigma) / np.outer(sd, sd))
    if kind == "cor_bollen":
        other = np.sqrt(np.diag(Sigma))
        return np.asarray(S / np.outer(sd, sd) - Sigma / np.outer(other, other))
    return _standardized(solution)


def residual_means(solution: Solution, kind: Kind) -> Array:
    """Compute the residual means in one metric.

    Parameters
    ----------
    solution : Solution
        A model with a mean structure.
    kind : {"raw", "cor_bollen", "cor_bentler"}
        The metric.

    Returns
    -------
    ndarray of shape (p,)
        Residual means.

    Raises
    ------
    UnsupportedError
        For standardised residual means.
    """
    moments, implied = solution.sample.moments, solution.point.implied
    gap = moments.ybar - implied.mu
    sd = np.sqrt(np.diag(moments.S))
    if kind == "raw":
        return gap
    if kind == "cor_bentler":
        return np.asarray(gap / sd)
    if kind == "cor_bollen":
        return np.asarray(
            moments.ybar / sd - implied.mu / np.sqrt(np.diag(implied.Sigma))
        )
    raise UnsupportedError("Standardised residuals are offered for covariances only.")


def _standardized(solution: Solution) -> Array:
    """Divide the residuals by their standard errors.

    The residual is Q s with Q = I - Delta I^-1 Delta' V, V the normal-theory weight at
    the implied moments; s has the normal-theory covariance at the sample moments.
    """
    moments, W = solution.sample.moments, solution.point.W
    p = W.shape[0]
    row, col = np.tril_indices(p)
    eye = np.eye(p)
    # tangents of the unrestricted covariances: the matrix units
    half = np.where(row == col, 0.5, 1.0)
    units = Tangents(U=eye[:, row], V=eye[:, col] * half, M=np.zeros((p, row.size)))
    at = solution.tangents
    covariances_only = jacobian(tangents=at, means=False)
    weight = cross_information(W=W, first=at, second=units, means=False)
    inverse = solution.inverse_information
    Q = np.eye(row.size) - covariances_only @ inverse @ weight
    S = moments.S
    Gamma = S[np.ix_(row, row)] * S[np.ix_(col, col)]
    Gamma = Gamma + S[np.ix_(row, col)] * S[np.ix_(col, row)]
    acov = np.einsum("ij,jk,ik->i", Q, Gamma, Q, optimize=True) / moments.n
    own = np.diag(Gamma) / moments.n
    gap = (S - solution.point.implied.Sigma)[row, col]
    out = np.full((p, p), np.nan)
    exists = acov > NO_VARIANCE * own
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(exists, gap / np.sqrt(np.where(exists, acov, 1.0)), np.nan)
    out[row, col] = z
    out[col, row] = z
    return out
