"""Residuals: what the model leaves of the sample moments, in four metrics.

In: a `Solution`. Out: a matrix of residual covariances. ``raw`` is S - Sigma;
``cor_bollen`` compares correlations (Bollen, 1989); ``cor_bentler`` divides by the
sample's standard deviations (Bentler, 1995); ``standardized`` divides by the standard
error of the residual (Ogasawara, 2001), a z value, which rests on the covariance matrix
of the moments that the standard errors of the fit rest on.
"""

from typing import Literal, get_args

import numpy as np

from kocsem.core.moment_fit import standardized_residuals
from kocsem.core.moments import Array
from kocsem.model.options import recognise
from kocsem.results.group import Group
from kocsem.results.solution import Solution

Kind = Literal["raw", "cor_bollen", "cor_bentler", "standardized"]


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
    return _standardized(solution, group)


def _standardized(solution: Solution, group: Group) -> Array:
    """Divide the residuals by their standard errors.

    Where the test rests on the covariance of the moments, so do these, as in lavaan.
    """
    se = solution.options.se
    if solution.options.moment_based and se != "robust_huber_white":
        se = "robust_sem"
    fits = [solution.family.moment_fit(other, se=se) for other in solution.groups]
    z = standardized_residuals(groups=fits, K=solution.space.K, place=group.number - 1)
    own, p = fits[group.number - 1], len(group.layout.observed)
    out = np.full((p, p), np.nan)
    out[own.row, own.col] = out[own.col, own.row] = z
    at = [group.layout.observed.index(name) for name in group.compared.names]
    return out[np.ix_(at, at)]
