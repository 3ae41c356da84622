"""Normal likelihood of data with holes, and its gradient in the moments.

In: missing-data patterns and a mean vector with a covariance matrix, structured or
not. Out: the observed-data (full information) log-likelihood with its scores, by sample
and by case.

With W the inverse of the observed part of Sigma, padded by zeros, d = y - mu where y is
observed, zero elsewhere, and q the number of answers of a case,

    logl = - sum (q log(2 pi) + log|Sigma_j| + d'Wd) / 2
    dlogl = sum ( tr(G dSigma) / 2 + d' W dmu ),   G = W (d d' - Sigma) W.

Source: Arbuckle (1996); Yuan and Bentler (2000) for the scores.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kocsem.core.incomplete.pattern_inverses import PatternInverses, pattern_inverses
from kocsem.core.incomplete.patterns import MissingPatterns
from kocsem.core.moments import Array
from kocsem.core.structure import Tangents, jacobian

LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class CasewiseLikelihood:
    """The likelihood of a sample with holes at one mean vector and covariance matrix.

    Attributes
    ----------
    patterns : MissingPatterns
        The sample.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.
    inverses : PatternInverses
        The inverse W_j of its observed part, by pattern.
    """

    patterns: MissingPatterns
    mu: Array
    Sigma: Array
    inverses: PatternInverses

    @cached_property
    def deviations(self) -> Array:
        """The deviations d of the rows of the digest, shape (r, p)."""
        return self.inverses.deviations(self.patterns.digest, self.mu)

    @cached_property
    def pulls(self) -> Array:
        """W_j d of the rows of the digest, shape (r, p)."""
        return self.inverses.pulls(self.patterns.digest, self.deviations)

    @cached_property
    def case_deviations(self) -> Array:
        """The deviations d of the cases with an answer, sorted by pattern."""
        if self.patterns.digest is self.patterns.cases:
            return self.deviations
        return self.inverses.deviations(self.patterns.cases, self.mu)

    @cached_property
    def case_pulls(self) -> Array:
        """W_j d of the cases with an answer, sorted by pattern."""
        if self.patterns.digest is self.patterns.cases:
            return self.pulls
        return self.inverses.pulls(self.patterns.cases, self.case_deviations)

    @cached_property
    def loglik(self) -> float:
        """Sum of the cases' log-likelihoods, times their weights."""
        patterns = self.patterns
        constant = float(patterns.answers.sum()) * LOG_2PI
        logdet = float(patterns.mass @ self.inverses.logdet)
        return -(constant + logdet + float((self.deviations * self.pulls).sum())) / 2

    @cached_property
    def mu_gradient(self) -> Array:
        """Gradient of logl in mu, shape (p,)."""
        return np.asarray(self.patterns.digest.level @ self.pulls)

    @cached_property
    def Sigma_gradient(self) -> Array:
        """The symmetric G with dlogl = sum(G * dSigma) / 2, shape (p, p)."""
        return np.asarray(self.pulls.T @ self.pulls - self.inverses.total())

    @cached_property
    def gradient(self) -> Array:
        """Gradient of logl in (mu, vech Sigma), shape (q,), vech by rows."""
        row, col = np.tril_indices(self.patterns.p)
        half = np.where(row == col, 0.5, 1.0)
        return np.concatenate([self.mu_gradient, self.Sigma_gradient[row, col] * half])

    def triangles(self) -> Array:
        """Return the lower triangle of every W_j by rows, (j, p (p + 1) / 2)."""
        p = self.patterns.p
        row, col = np.tril_indices(p)
        stacks = self.inverses.stacks()
        flat = [np.zeros((0, p * p)), *(W.reshape(-1, p * p) for W in stacks)]
        return np.concatenate(flat).take(row * p + col, axis=1)


def casewise_likelihood(
    *, patterns: MissingPatterns, mu: Array, Sigma: Array
) -> CasewiseLikelihood:
    """Evaluate the observed-data likelihood of a sample.

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
    CasewiseLikelihood
        What is asked of it is computed once.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite, or a moment is not finite.
    """
    if not np.isfinite(mu).all():
        raise np.linalg.LinAlgError("means are not finite")
    inverses = pattern_inverses(patterns=patterns, Sigma=Sigma)
    return CasewiseLikelihood(patterns=patterns, mu=mu, Sigma=Sigma, inverses=inverses)


def loglik_by_case(*, at: CasewiseLikelihood) -> Array:
    """Compute the log-likelihood of every case.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample and the moments.

    Returns
    -------
    ndarray of shape (n,)
        In the order of the data, without the weights; NaN for a row without answers.
    """
    patterns = at.patterns
    distance = (at.case_deviations * at.case_pulls).sum(axis=1)
    constant = patterns.observed.sum(axis=1) * LOG_2PI + at.inverses.logdet
    found = np.full(len(patterns.Y), np.nan)
    found[patterns.order] = -(constant[patterns.cases.owner] + distance) / 2
    return found


def casewise_scores(*, at: CasewiseLikelihood) -> Array:
    """Compute the score of every case with respect to the moments.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample and the moments.

    Returns
    -------
    ndarray of shape (n, q)
        dlogl_i / d(mu, vech Sigma), vech by rows of the lower triangle, in the order of
        the data and without the weights; zeros for a row without answers, whose
        likelihood is constant.
    """
    patterns, z = at.patterns, at.case_pulls
    row, col = np.tril_indices(patterns.p)
    curved = z.take(row, axis=1) * z.take(col, axis=1)
    curved -= at.triangles()[patterns.cases.owner]
    curved *= np.where(row == col, 0.5, 1.0)
    scores = np.zeros((len(patterns.Y), patterns.p + row.size))
    scores[patterns.order] = np.hstack([z, curved])
    return scores


def model_scores(*, at: CasewiseLikelihood, tangents: Tangents) -> Array:
    """Compute the score of every case with respect to model parameters.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample at the moments of a model with a mean structure.
    tangents : Tangents
        The derivatives of these moments.

    Returns
    -------
    ndarray of shape (n, k)
        In the order of the data and without the weights; zeros for a row without
        answers.

    Notes
    -----
    (z'U) o (z'V) + z'M less tr(W_j dSigma) / 2 with the pull z = W_j d of the case.
    """
    patterns, z = at.patterns, at.case_pulls
    row, col = np.tril_indices(patterns.p)
    half = np.where(row == col, 0.5, 1.0)
    size = at.triangles() @ (jacobian(tangents=tangents, means=False) * half[:, None])
    found = (z @ tangents.U) * (z @ tangents.V) + z @ tangents.M
    scores = np.zeros((len(patterns.Y), size.shape[1]))
    scores[patterns.order] = found - size[patterns.cases.owner]
    return scores
