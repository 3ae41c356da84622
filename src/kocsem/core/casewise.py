"""Normal likelihood of data with holes, and its gradient in the moments.

In: missing-data patterns and a mean vector with a covariance matrix, structured or
not. Out: the observed-data (full information) log-likelihood, by sample and by case.

With W the inverse of the observed part of Sigma, padded by zeros, d = ybar - mu and
S* = S + d d' in a pattern of n_j cases,

    logl = - sum n_j (p_j log(2 pi) + log|Sigma_j| + tr(W S*)) / 2
    dlogl = sum n_j ( tr(G dSigma) / 2 + d' W dmu ),   G = W (S* - Sigma) W.

Source: Arbuckle (1996); Yuan and Bentler (2000) for the scores.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.patterns import MissingPatterns, pattern_blocks

LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True)
class MomentGradient:
    """The log-likelihood of a sample and its gradient in the moments.

    Attributes
    ----------
    loglik : float
        Total observed-data log-likelihood.
    mu : ndarray of shape (p,)
        dlogl/dmu.
    Sigma : ndarray of shape (p, p)
        The symmetric matrix G with dlogl = sum(G * dSigma) for symmetric dSigma.
    """

    loglik: float
    mu: Array
    Sigma: Array


def casewise_loglik(*, patterns: MissingPatterns, mu: Array, Sigma: Array) -> float:
    """Compute the observed-data log-likelihood of a sample.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    float
        Sum over the cases; a row without answers adds nothing.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.
    """
    answers = int((patterns.observed.sum(axis=1) * patterns.sizes).sum())
    total = answers * LOG_2PI
    for block in pattern_blocks(patterns=patterns, mu=mu, Sigma=Sigma):
        total += float(block.n @ (block.logdet + block.distances()))
    return -total / 2


def loglik_by_case(
    *, patterns: MissingPatterns, Y: Array, mu: Array, Sigma: Array
) -> Array:
    """Compute the observed-data log-likelihood of every case.

    Parameters
    ----------
    patterns : MissingPatterns
        The patterns of Y.
    Y : ndarray of shape (n, p)
        The data they were made from.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    ndarray of shape (n,)
        In the order of Y; NaN for a row without answers.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.
    """
    logliks = np.full(Y.shape[0], np.nan)
    start = 0
    for block in pattern_blocks(patterns=patterns, mu=mu, Sigma=Sigma):
        for j, (W, logdet) in enumerate(zip(block.W, block.logdet, strict=True), start):
            cases, seen = patterns.rows[j], patterns.observed[j]
            d = (Y[cases] - mu)[:, seen]
            distance = (d @ W[np.ix_(seen, seen)] * d).sum(axis=1)
            logliks[cases] = -(seen.sum() * LOG_2PI + logdet + distance) / 2
        start += block.n.size
    return logliks


def moment_gradient(
    *, patterns: MissingPatterns, mu: Array, Sigma: Array
) -> MomentGradient:
    """Compute the log-likelihood of a sample with its gradient in the moments.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    MomentGradient
        Sums over the cases.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.
    """
    answers = int((patterns.observed.sum(axis=1) * patterns.sizes).sum())
    total = answers * LOG_2PI
    slope, G = np.zeros(patterns.p), np.zeros((patterns.p, patterns.p))
    for block in pattern_blocks(patterns=patterns, mu=mu, Sigma=Sigma):
        total += float(block.n @ (block.logdet + block.distances()))
        slope += block.n @ block.pull
        G += np.tensordot(block.n, block.spread() - block.W, 1)
    return MomentGradient(loglik=-total / 2, mu=slope, Sigma=(G + G.T) / 4)


def casewise_scores(
    *, patterns: MissingPatterns, Y: Array, mu: Array, Sigma: Array
) -> Array:
    """Compute the score of every case with respect to the moments.

    Parameters
    ----------
    patterns : MissingPatterns
        The patterns of Y.
    Y : ndarray of shape (n, p)
        The data they were made from.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    ndarray of shape (n, q)
        dlogl_i / d(mu, vech Sigma), vech by rows of the lower triangle; zeros for a row
        without answers, whose likelihood is constant.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.
    """
    p = patterns.p
    row, col = np.tril_indices(p)
    weight = np.where(row == col, 0.5, 1.0)
    scores = np.zeros((Y.shape[0], p + row.size))
    d = np.where(np.isnan(Y), 0.0, Y - mu)
    start = 0
    for block in pattern_blocks(patterns=patterns, mu=mu, Sigma=Sigma):
        for j, W in enumerate(block.W, start):
            cases = patterns.rows[j]
            scores[cases, :p] = d[cases] @ W
            scores[cases, p:] = -W[row, col]
        start += block.n.size
    z = scores[:, :p]
    scores[:, p:] += z[:, row] * z[:, col]
    scores[:, p:] *= weight
    return scores
