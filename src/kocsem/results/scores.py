"""Factor scores of the rows that were analysed.

In: a `Solution` with cases. Out: one score a case and factor. ``regression`` is the
posterior mean (Thurstone, 1935; Thomson, 1938), ``bartlett`` the generalised least
squares score (Bartlett, 1937), both around the implied factor means, as in lavaan.
"""

from typing import Literal, get_args

import numpy as np

from kocsem.core.moments import Array
from kocsem.errors import DataError
from kocsem.model.options import choose
from kocsem.results.solution import Solution

Method = Literal["regression", "bartlett"]


def factor_scores(solution: Solution, method: Method) -> Array:
    """Compute factor scores.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    method : {"regression", "bartlett"}
        The kind of score.

    Returns
    -------
    ndarray of shape (n, number of latent variables)
        In the order of the cases and of the latent variables.

    Raises
    ------
    DataError
        When there are no cases, or no latent variables.
    UnsupportedError
        When the method is none of these.
    """
    choose("method", method, get_args(Method))
    cases, latent = solution.sample.cases, solution.table.variables.latent
    if cases is None:
        raise DataError(
            "Factor scores need the answers themselves; this model was fitted to a "
            "covariance matrix."
        )
    if not latent:
        raise DataError("The model has no latent variable, so there are no scores.")
    implied, point = solution.point.implied, solution.point
    at = [solution.layout.factors.index(name) for name in latent]
    means = implied.mu if solution.table.means else solution.sample.moments.ybar
    centred = cases.to_numpy() - means
    if method == "regression":
        weights = implied.C[at] @ point.W
    else:
        weights = _bartlett(solution, at)
    eta = implied.eta[at] if solution.table.means else np.zeros(len(at))
    return np.asarray(eta + centred @ weights.T)


def _bartlett(solution: Solution, at: list[int]) -> Array:
    """Compute (L' V^-1 L)^-1 L' V^-1, V being what the factors do not explain."""
    implied, W = solution.point.implied, solution.point.W
    C = implied.C[at]
    slope = np.linalg.solve(implied.Phi[np.ix_(at, at)], C).T
    # Sigma^-1 may stand for V^-1: the two differ within the space of the slopes only
    return np.asarray(np.linalg.solve(slope.T @ W @ slope, slope.T @ W))
