"""Thresholds and slopes of an ordinal variable given covariates.

In: the codes of one variable, and covariates. Out: its thresholds, its slopes and the
casewise scores of both. A code c is seen where a normal variable with mean b'x and
variance 1 lies between the c-th and the (c + 1)-th edge. Without covariates the
thresholds have a closed form; with them the likelihood, which is concave, is climbed by
Newton's method. Source: McKelvey and Zavoina (1975); Muthen (1984), first step.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.ordinal.polyserial import interval_hazards
from kocsem.core.ordinal.thresholds import EDGE, threshold_edges, threshold_scores
from kocsem.core.structure import Index

STEPS = 100
FAR = 20.0  # thresholds and slopes beyond which there is no maximum to be found
SETTLED = 1e-9  # of the last step; the error after it is about its square
HALVINGS = 30


@dataclass(frozen=True, slots=True)
class ProbitRegression:
    """An ordinal variable given covariates.

    Attributes
    ----------
    edges : ndarray of shape (K + 1,)
        ``-EDGE``, the K - 1 thresholds where the covariates are zero, and ``EDGE``.
    slopes : ndarray of shape (e,)
        Slopes of the latent response on the covariates.
    scores : ndarray of shape (K - 1 + e, n)
        Derivatives of each case's log-likelihood by thresholds and slopes; 0 where the
        answer is missing.
    """

    edges: Array
    slopes: Array
    scores: Array


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """The log-likelihood at one point: scores of the cases, value and Hessian."""

    value: float
    scores: Array
    hessian: Array


def probit_regression(
    *, codes: Index, K: int, X: Array, weights: Array
) -> ProbitRegression:
    """Regress an ordinal variable on covariates.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Categories 0..K-1, each of which occurs.
    K : int
        Number of categories.
    X : ndarray of shape (e, n)
        Covariates, one a row, about zero and of size 1.
    weights : ndarray of shape (n,)
        Weights of the cases; 0 where the answer is missing.

    Returns
    -------
    ProbitRegression
        The estimates and their scores.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the likelihood has no maximum, as where a covariate separates the
        categories, or no unique one, as where covariates are collinear.

    Examples
    --------
    >>> codes, X = np.array([0, 0, 1, 1, 0, 1]), np.array([[-1.0, 0, 0, 1, 1, -1]])
    >>> found = probit_regression(codes=codes, K=2, X=X, weights=np.ones(6))
    >>> found.edges, found.slopes
    (array([-1000.,     0.,  1000.]), array([0.]))
    """
    counts = np.bincount(codes, weights, K).astype(float)
    edges, seen = threshold_edges(counts=counts), weights > 0
    if not X.shape[0]:
        scores = threshold_scores(codes=codes, counts=counts, edges=edges)
        return ProbitRegression(edges=edges, slopes=np.zeros(0), scores=scores * seen)
    theta = np.concatenate([edges[1:-1], np.zeros(X.shape[0])])
    here = _likelihood(theta, codes, X, weights)
    for _ in range(STEPS):
        step = np.asarray(np.linalg.solve(here.hessian, -(here.scores @ weights)))
        theta, here = _climbed(theta, step, here, codes, X, weights)
        if np.abs(step).max() < SETTLED:
            return ProbitRegression(
                edges=np.concatenate([[-EDGE], theta[: K - 1], [EDGE]]),
                slopes=theta[K - 1 :],
                scores=here.scores * seen,
            )
    raise np.linalg.LinAlgError("The probit regression has no maximum.")


def _climbed(
    theta: Array, step: Array, here: _Likelihood, codes: Index, X: Array, weights: Array
) -> tuple[Array, _Likelihood]:
    """Go a step, or so much of it that the likelihood does not fall."""
    slack = 1e-12 * abs(here.value)
    for _ in range(HALVINGS):
        there = theta + step
        inside = (np.abs(there) < FAR).all()
        if inside and (np.diff(there[: theta.size - X.shape[0]]) > 0).all():
            found = _likelihood(there, codes, X, weights)
            if found.value >= here.value - slack:
                return there, found
        step = step / 2
    raise np.linalg.LinAlgError("The probit regression cannot be improved.")


def _likelihood(theta: Array, codes: Index, X: Array, weights: Array) -> _Likelihood:
    """Evaluate the log-likelihood with its first two derivatives.

    With h the normal density at the edges over the probability between them, and z the
    edges less b'x, the second derivatives by the two edges of a case are
    -z_1 h_1 - h_1^2, z_0 h_0 - h_0^2 and h_0 h_1.
    """
    t = theta.size - X.shape[0]
    edges = np.concatenate([[-EDGE], theta[:t], [EDGE]])
    mean = theta[t:] @ X
    upper, lower = edges[codes + 1] - mean, edges[codes] - mean
    above, below = interval_hazards(upper=upper, lower=lower)
    # the probability, from the end of the interval that is nearer to zero; it is 1
    # where even there the density is nothing to it
    first = np.abs(upper) < np.abs(lower)
    near, hazard = np.where(first, upper, lower), np.where(first, above, below)
    share = -(near**2 + np.log(2 * np.pi)) / 2 - np.log(np.where(hazard > 0, hazard, 1))
    value = np.where(hazard > 0, share, 0.0)
    member = np.arange(t)[:, None]
    by_upper = np.concatenate([(codes == member).astype(float), -X])
    by_lower = np.concatenate([(codes == member + 1).astype(float), -X])
    across = (by_upper * (weights * above * below)) @ by_lower.T
    hessian = (by_upper * (weights * -above * (upper + above))) @ by_upper.T
    hessian += (by_lower * (weights * below * (lower - below))) @ by_lower.T
    return _Likelihood(
        value=float(weights @ value),
        scores=by_upper * above - by_lower * below,
        hessian=hessian + across + across.T,
    )
