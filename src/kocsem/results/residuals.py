"""Residuals: what the model leaves of the sample moments, in four metrics.

In: a `Solution`. Out: a matrix of residual covariances. ``raw`` is S - Sigma;
``cor_bollen`` compares correlations (Bollen, 1989); ``cor_bentler`` divides by the
sample's standard deviations (Bentler, 1995); ``standardized`` divides by the standard
error of the residual (Ogasawara, 2001), a z value.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moments import Array
from kocsem.core.structure import Tangents, jacobian
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


def _standardized(solution: Solution) -> Array:
    """Divide the residuals by their standard errors.

    The residual is Q s with Q = I - Delta I^-1 Delta' V, V the normal-theory weight at
    the implied moments; s has the normal-theory covariance at the sample moments, given
    the moments of fixed covariates.
    """
    moments, W, at = solution.sample.moments, solution.point.W, solution.tangents
    p = W.shape[0]
    row, col = np.tril_indices(p)
    eye = np.eye(p)
    # tangents of the unrestricted covariances: the matrix units
    half = np.where(row == col, 0.5, 1.0)
    units = Tangents(U=eye[:, row], V=eye[:, col] * half, M=np.zeros((p, row.size)))
    S, given = moments.S, solution.given
    response = jacobian(tangents=at, means=False) @ solution.inverse_information
    Q = np.eye(row.size) - response @ cross_information(
        W=W, first=at, second=units, means=False
    )
    Gamma = S[np.ix_(row, row)] * S[np.ix_(col, col)]
    Gamma = Gamma + S[np.ix_(row, col)] * S[np.ix_(col, row)]
    spread = _variances(Q, _conditional(Gamma, given[row] & given[col]))
    if solution.table.means:
        spread = spread + _variances(response @ at.M.T @ W, _conditional(S, given))
    gap = (S - solution.point.implied.Sigma)[row, col]
    exists = spread > NO_VARIANCE * np.diag(Gamma)
    se = np.sqrt(np.where(exists, spread, np.nan) / moments.n)
    out = np.empty((p, p))
    out[row, col] = out[col, row] = gap / se
    return out


def _variances(Q: Array, Gamma: Array) -> Array:
    """Return the diagonal of Q Gamma Q'."""
    return np.asarray(((Q @ Gamma) * Q).sum(axis=1))


def _conditional(Gamma: Array, known: NDArray[np.bool_]) -> Array:
    """Return the covariance that is left when some of the variables are known."""
    if not known.any():
        return Gamma
    shared = Gamma[:, known]
    return np.asarray(Gamma - shared @ np.linalg.solve(shared[known], shared.T))
