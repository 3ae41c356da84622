"""Residuals: what the model leaves of the sample moments, in four metrics.

In: a `Solution`. Out: a matrix of residual covariances. ``raw`` is S - Sigma;
``cor_bollen`` compares correlations (Bollen, 1989); ``cor_bentler`` divides by the
sample's standard deviations (Bentler, 1995); ``standardized`` divides by the standard
error of the residual (Ogasawara, 2001), a z value, which with ordered items rests on
the covariance matrix of their thresholds and correlations.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moments import Array
from kocsem.core.structure import Tangents, jacobian
from kocsem.model.options import recognise
from kocsem.results.group import Group
from kocsem.results.ordered_residuals import ordered_residuals
from kocsem.results.solution import Solution

Kind = Literal["raw", "cor_bollen", "cor_bentler", "standardized"]

NO_VARIANCE = 1e-12


def residual_matrix(solution: Solution, group: Group, kind: Kind) -> Array:
    """Compute the residual covariances of one group in one metric.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    group : Group
        One of its groups.
    kind : {"raw", "cor_bollen", "cor_bentler", "standardized"}
        The metric.

    Returns
    -------
    ndarray of shape (p, p)
        Of the variables of `Group.compared`, symmetric; with ``standardized`` NaN where
        the model must reproduce a moment, so that its residual has no variance; with
        ``cor_bollen`` NaN where an implied variance is negative.

    Raises
    ------
    UnsupportedError
        When the kind is none of these.
    """
    kind = recognise("kind", kind, get_args(Kind))
    S, Sigma = group.compared.S, group.compared.Sigma
    sd = np.sqrt(np.diag(S))
    if kind == "raw":
        return S - Sigma
    if kind == "cor_bentler":
        return np.asarray((S - Sigma) / np.outer(sd, sd))
    if kind == "cor_bollen":
        variance = np.diag(Sigma)  # that of least squares may be negative
        other = np.sqrt(np.where(variance > 0, variance, np.nan))
        return np.asarray(S / np.outer(sd, sd) - Sigma / np.outer(other, other))
    if group.sample.ordinal is not None:
        return ordered_residuals(solution, group)
    return _standardized(solution, group)


def _standardized(solution: Solution, group: Group) -> Array:
    """Divide the residuals by their standard errors.

    The residual is s_g less Delta_g I^-1 sum_h f_h Delta_h' V_h s_h, V being the
    normal-theory weight at the implied moments and f the groups' shares; s has the
    normal-theory covariance at the sample moments, given the moments of fixed
    covariates.
    """
    p = group.moments.S.shape[0]
    row, col = np.tril_indices(p)
    eye = np.eye(p)
    # tangents of the unrestricted covariances: the matrix units
    half = np.where(row == col, 0.5, 1.0)
    units = Tangents(U=eye[:, row], V=eye[:, col] * half, M=np.zeros((p, row.size)))
    ends = np.cumsum([other.structure.k for other in solution.groups])
    own = slice(ends[group.number - 1] - group.structure.k, ends[group.number - 1])
    slopes = jacobian(tangents=group.tangents, means=False)
    response = slopes @ solution.inverse_information[own]
    variance, total = np.zeros(row.size), np.zeros(row.size)
    for other, end in zip(solution.groups, ends, strict=True):
        S, given, at = other.moments.S, other.given, other.tangents
        W = other.point.W
        answer = response[:, end - other.structure.k : end] * other.share
        Q = -answer @ cross_information(W=W, first=at, second=units, means=False)
        Gamma = S[np.ix_(row, row)] * S[np.ix_(col, col)]
        Gamma = Gamma + S[np.ix_(row, col)] * S[np.ix_(col, row)]
        if other is group:
            Q, total = Q + np.eye(row.size), np.diag(Gamma) / other.moments.n
        spread = _variances(Q, _conditional(Gamma, given[row] & given[col]))
        if other.structure.means:
            spread = spread + _variances(answer @ at.M.T @ W, _conditional(S, given))
        variance += spread / other.moments.n
    gap = (group.moments.S - group.implied.Sigma)[row, col]
    se = np.sqrt(np.where(variance > NO_VARIANCE * total, variance, np.nan))
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
