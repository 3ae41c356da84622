"""The first step to the moments of ordinal variables: one variable at a time.

In: the answers, and covariates if there are any. Out: `Margins`: thresholds of ordinal
variables, means and variances of continuous ones, slopes of both on the covariates, and
the casewise scores of them all. An ordinal variable is regressed by probit, a
continuous one by least squares, which is maximum likelihood. Source: Muthen (1984).
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.ordinal.moment_order import MomentOrder
from kocsem.core.ordinal.probit_regression import probit_regression
from kocsem.core.structure import Index


@dataclass(frozen=True, slots=True)
class Margins:
    """What the first step knows of each variable.

    Attributes
    ----------
    codes : ndarray of int, shape (p, n)
        Categories; 0 for continuous variables and where the answer is missing.
    seen : ndarray of bool, shape (p, n)
        Where there is an answer.
    weights : ndarray of shape (n,)
        Weights of the cases.
    X : ndarray of shape (e, n)
        Covariates.
    Z : ndarray of shape (p, n)
        What the covariates leave of the continuous variables, standardised (divisor n);
        0 for all others and where missing.
    edges : tuple of ndarray
        Edges of each ordinal variable, where the covariates are zero; empty for
        continuous ones.
    slopes : ndarray of shape (p, e)
        Slopes on the covariates; 0 for these themselves.
    ybar, sd : ndarray of shape (p,)
        Means where the covariates are zero, and residual deviations (divisor n) of
        continuous variables; 0 and 1 for ordinal ones; 0 and 0 for covariates.
    scores : ndarray of shape (t + s + v, n)
        Casewise scores of thresholds, means, slopes and variances, those of continuous
        variables in units of their deviations; 0 where the answer is missing.
    """

    codes: Index
    seen: np.ndarray
    weights: Array
    X: Array
    Z: Array
    edges: tuple[Array, ...]
    slopes: Array
    ybar: Array
    sd: Array
    scores: Array

    def shared(self, first: Index, second: Index) -> Array:
        """Return the weights of pairs of variables, 0 where either is missing."""
        return np.asarray(self.weights * (self.seen[first] & self.seen[second]))

    def limits(self, j: int) -> Array:
        """Return between which limits an ordinal variable lies in each case, (2, n).

        Those of its latent response, less what the covariates explain.
        """
        edges, codes = self.edges[j], self.codes[j]
        ends = np.stack([edges[codes], edges[codes + 1]])
        return np.asarray(ends - self.slopes[j] @ self.X)


def ordinal_margins(
    *, Y: Array, X: Array, order: MomentOrder, weights: Array
) -> Margins:
    """Estimate thresholds, slopes, means and variances.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Answers; NaN where one is missing. Ordinal variables hold the codes 0..K-1.
    X : ndarray of shape (e, n)
        Covariates, one a row, about zero and of size 1.
    order : MomentOrder
        Where each moment stands.
    weights : ndarray of shape (n,)
        Weights of the cases.

    Returns
    -------
    Margins
        The estimates and their scores.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a regression on the covariates has no unique estimate.
    """
    n, p = Y.shape
    seen = ~np.isnan(Y).T
    answers = np.where(seen, Y.T, 0.0)
    codes, Z = np.zeros((p, n), dtype=np.intp), np.zeros((p, n))
    ybar, sd = np.zeros(p), np.ones(p)
    sd[order.covariates] = 0.0
    slopes = np.zeros((p, X.shape[0]))
    scores = np.zeros((order.univariate, n))
    edges, slope_at = [np.zeros(0)] * p, order.slope_at
    for j in order.continuous:
        w = weights * seen[j]
        ybar[j], slopes[j] = _regression(answers[j], X, w)
        away = (answers[j] - ybar[j] - slopes[j] @ X) * seen[j]
        sd[j] = np.sqrt(away**2 @ w / w.sum())
        Z[j] = away / sd[j]
        scores[order.begin[j]] = Z[j]
        scores[slope_at[j]] = Z[j] * X
        scores[order.variance_at[j]] = (Z[j] ** 2 - 1) / 2 * seen[j]
    for j in np.flatnonzero(order.levels):
        K, begin = int(order.levels[j]), order.begin[j]
        codes[j] = answers[j]
        found = probit_regression(codes=codes[j], K=K, X=X, weights=weights * seen[j])
        edges[j], slopes[j] = found.edges, found.slopes
        scores[begin : begin + K - 1] = found.scores[: K - 1]
        scores[slope_at[j]] = found.scores[K - 1 :]
    return Margins(
        codes=codes,
        seen=seen,
        weights=weights,
        X=X,
        Z=Z,
        edges=tuple(edges),
        slopes=slopes,
        ybar=ybar,
        sd=sd,
        scores=scores,
    )


def _regression(answers: Array, X: Array, weights: Array) -> tuple[float, Array]:
    """Regress a continuous variable on the covariates: intercept and slopes."""
    design = np.concatenate([np.ones((1, answers.size)), X])
    heavy = design * weights
    found = np.linalg.solve(heavy @ design.T, heavy @ answers)
    return float(found[0]), found[1:]
