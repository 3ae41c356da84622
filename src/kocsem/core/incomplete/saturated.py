"""Moments of data with holes: saturated, and of independent variables.

In: missing-data patterns. Out: the maximum likelihood mean vector and covariance
matrix. An EM step is a step along the gradient: with g and G the gradient per case,
mu moves by Sigma g and Sigma by 2 Sigma G Sigma - Sigma g g' Sigma. After a few of
them Newton's method takes over, because EM slows down with the share of holes: with the
observed information, kept as long as it serves, or with the expected one where the
likelihood is not concave.
Source: Dempster, Laird and Rubin (1977); Jamshidian and Bentler (1999).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from kocsem.core.incomplete.casewise import CasewiseLikelihood, casewise_likelihood
from kocsem.core.incomplete.casewise_information import (
    expected_moment_information,
    observed_moment_information,
)
from kocsem.core.incomplete.patterns import MissingPatterns, missing_patterns
from kocsem.core.moments import Array, Mask, SampleMoments

EM_STEPS = 4  # before Newton's method is tried
LARGEST_NEWTON = 60  # variables; beyond, the Hessian of 1,890 moments costs too much
SLOW = 0.1  # a Newton step of this share of the last calls for new information
STEP_TOLERANCE = 1e-9  # change of the moments, in standard deviations
LOGLIK_TOLERANCE = 1e-12  # change of the log-likelihood, relative
SHORTEST_STEP = 2.0**-6
MAX_ITERATIONS = 1000
SMALLEST_PIVOT = 1e-7  # of the correlation matrix; below, a variable is redundant
SMALLEST_SPREAD = 1e-12  # deviation over mean; below, a variable is constant

SINGULAR = (
    "The saturated model has no estimate for these data with missing answers: the "
    "covariance matrix became singular. Leave out items that are constant, unanswered "
    "or a sum of others, or collect more cases."
)


@dataclass(frozen=True, slots=True)
class SaturatedMoments:
    """The unrestricted maximum likelihood moments of data with holes.

    Attributes
    ----------
    likelihood : CasewiseLikelihood
        The likelihood at its maximum.
    iterations : int
        EM and Newton steps.
    converged : bool
        Whether the last step was at rounding level.
    """

    likelihood: CasewiseLikelihood
    iterations: int
    converged: bool

    @property
    def loglik(self) -> float:
        """Total observed-data log-likelihood."""
        return self.likelihood.loglik

    @property
    def moments(self) -> SampleMoments:
        """Means and covariance matrix, with divisor n where nothing is missing.

        They are to residuals and their indices what the moments of a complete sample
        are.
        """
        at = self.likelihood
        return SampleMoments(S=at.Sigma, ybar=at.mu, n=at.patterns.n)


def saturated_moments(
    *, patterns: MissingPatterns, max_iterations: int = MAX_ITERATIONS
) -> SaturatedMoments:
    """Estimate the unrestricted moments: EM, finished by Newton's method.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    max_iterations : int
        Where to give up; `converged` is then False.

    Returns
    -------
    SaturatedMoments
        The maximum, to 1e-9 standard deviations.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the covariance matrix is singular at the maximum, or there are no answers.

    Notes
    -----
    A covariance of two variables that no case answers both (coverage 0) has no
    estimate of its own: the maximum is then a ridge, of which one point is returned.
    """
    here = _start(patterns)
    newton = _Newton()
    change, converged, iteration = np.inf, False, 0
    while not converged and iteration < max_iterations:
        iteration += 1
        found = None
        if iteration > EM_STEPS and patterns.p <= LARGEST_NEWTON:
            found = newton.step(here, change)
        found = found or _expectation_maximisation(here)
        gain, change = found.loglik - here.loglik, _distance(here, found)
        here = found
        flat = abs(gain) <= LOGLIK_TOLERANCE * max(1.0, abs(here.loglik))
        converged = flat and change <= STEP_TOLERANCE
    return SaturatedMoments(likelihood=here, iterations=iteration, converged=converged)


def _start(patterns: MissingPatterns) -> CasewiseLikelihood:
    """Take the pairwise covariances, shrunk until they can all hold at once."""
    mu, spread = _available(patterns)
    rows = patterns.digest
    d = (rows.values - np.outer(rows.level, mu)) * patterns.observed[rows.owner]
    Sigma = d.T @ d / np.maximum(patterns.coverage * patterns.n, 1.0)
    while not _regular(Sigma):
        Sigma = (Sigma + np.diag(spread)) / 2
    return casewise_likelihood(patterns=patterns, mu=mu, Sigma=Sigma)


def _expectation_maximisation(here: CasewiseLikelihood) -> CasewiseLikelihood:
    """Make one EM step; the likelihood cannot fall."""
    n, Sigma = here.patterns.n, here.Sigma
    lift = Sigma @ here.mu_gradient / n
    turn = Sigma @ here.Sigma_gradient @ Sigma / n - np.outer(lift, lift)
    mu, Sigma = here.mu + lift, Sigma + (turn + turn.T) / 2
    if not _regular(Sigma):
        raise np.linalg.LinAlgError(SINGULAR)
    return casewise_likelihood(patterns=here.patterns, mu=mu, Sigma=Sigma)


class _Newton:
    """Newton's method with an information matrix that is kept while it serves."""

    def __init__(self) -> None:
        """Begin without information."""
        self._factor: Array | None = None
        self._scale = np.ones(0)
        self._last = np.inf
        self._wait = self._pause = 0  # EM steps before the next try, doubled in vain

    def step(
        self, here: CasewiseLikelihood, change: float
    ) -> CasewiseLikelihood | None:
        """Step on; None where EM goes on better.

        The change is that of the step before.
        """
        if self._wait:
            self._wait -= 1
            return None
        if self._factor is None or change > SLOW * self._last:
            self._inform(here)
            change = np.inf
        self._last = change
        found = None if self._factor is None else _moved(here, self._direction(here))
        if found is None:
            self._factor = None
            self._wait = self._pause = 2 * self._pause + 1
        else:
            self._pause = 0
        return found

    def _inform(self, here: CasewiseLikelihood) -> None:
        """Factor the information, the observed one where it can be."""
        self._factor = None
        for information in (observed_moment_information, expected_moment_information):
            info = information(at=here)
            if not (np.diag(info) > 0).all():
                continue
            self._scale = np.sqrt(np.diag(info))
            scaled = info / (self._scale[:, None] * self._scale)
            factor, failed = lapack.dpotrf(scaled, lower=1)
            if not failed:
                self._factor = factor
                return

    def _direction(self, here: CasewiseLikelihood) -> Array:
        """Return inverse information times gradient, shape (q,)."""
        slope = here.gradient / (here.patterns.n * self._scale)
        step, _ = lapack.dpotrs(self._factor, slope, lower=1)
        return np.asarray(step / self._scale)


def _moved(here: CasewiseLikelihood, way: Array) -> CasewiseLikelihood | None:
    """Go as far as the likelihood rises and Sigma stays regular, if at all."""
    p = here.patterns.p
    row, col = np.tril_indices(p)
    rounding = LOGLIK_TOLERANCE * abs(here.loglik)
    length = 1.0
    while length >= SHORTEST_STEP:
        Sigma = here.Sigma.copy()
        Sigma[row, col] += length * way[p:]
        Sigma[col, row] = Sigma[row, col]
        if _regular(Sigma):
            mu = here.mu + length * way[:p]
            found = casewise_likelihood(patterns=here.patterns, mu=mu, Sigma=Sigma)
            if found.loglik >= here.loglik - rounding:
                return found
        length /= 2
    return None


def _distance(before: CasewiseLikelihood, after: CasewiseLikelihood) -> float:
    """Return the largest change of a moment, in standard deviations."""
    deviation = np.sqrt(np.diag(after.Sigma))
    means = np.abs(after.mu - before.mu) / deviation
    covariances = np.abs(after.Sigma - before.Sigma) / np.outer(deviation, deviation)
    return float(max(means.max(), covariances.max()))


def _regular(Sigma: Array) -> bool:
    """Tell whether a covariance matrix is well inside the parameter space."""
    variance = np.diag(Sigma)
    if not (variance > 0).all():
        return False
    deviation = np.sqrt(variance)
    factor, failed = lapack.dpotrf(Sigma / np.outer(deviation, deviation), lower=1)
    return bool(not failed and np.diag(factor).min() > SMALLEST_PIVOT)


def _available(patterns: MissingPatterns) -> tuple[Array, Array]:
    """Compute each variable's mean and variance from all its answers."""
    answers, rows = patterns.answers, patterns.digest
    if not answers.all():
        raise np.linalg.LinAlgError(SINGULAR)
    seen = patterns.observed[rows.owner]
    centre = rows.level @ rows.values / answers
    d = (rows.values - np.outer(rows.level, centre)) * seen
    spread = (d**2).sum(axis=0) / answers
    if not (np.sqrt(spread) > SMALLEST_SPREAD * np.abs(centre)).all():
        raise np.linalg.LinAlgError(SINGULAR)
    return centre, np.asarray(spread)


def independence_moments(
    *, patterns: MissingPatterns, covariates: Mask | None = None
) -> SampleMoments:
    """Estimate the moments of uncorrelated variables: the baseline model.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    covariates : ndarray of bool, shape (p,), optional
        Variables that stay correlated among themselves.

    Returns
    -------
    SampleMoments
        Available-case means and variances; saturated moments in the block of the
        covariates, if any.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a variable has no variance, or the covariates have no estimate.
    """
    mu, spread = _available(patterns)
    Sigma = np.diag(spread)
    if covariates is not None and covariates.sum() > 1:
        block = missing_patterns(Y=patterns.Y[:, covariates], weights=patterns.weights)
        joint = saturated_moments(patterns=block).moments
        mu[covariates] = joint.ybar
        Sigma[np.ix_(covariates, covariates)] = joint.S
    return SampleMoments(S=Sigma, ybar=mu, n=patterns.n)


def independence_loglik(
    *, patterns: MissingPatterns, covariates: Mask | None = None
) -> float:
    """Compute the log-likelihood of the baseline model at its maximum.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    covariates : ndarray of bool, shape (p,), optional
        Variables that stay correlated among themselves.

    Returns
    -------
    float
        Total observed-data log-likelihood of uncorrelated variables.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a variable has no variance, or the covariates have no estimate.
    """
    baseline = independence_moments(patterns=patterns, covariates=covariates)
    return casewise_likelihood(
        patterns=patterns, mu=baseline.ybar, Sigma=baseline.S
    ).loglik
