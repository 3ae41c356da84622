"""Moments of data with holes: saturated, and of independent variables.

In: missing-data patterns. Out: the maximum likelihood mean vector and covariance
matrix. An EM step is a step along the gradient: with g and G the gradient per case,
mu moves by Sigma g and Sigma by 2 Sigma G Sigma - Sigma g g' Sigma. After a few of
them Newton's method takes over, because EM slows down with the share of holes.
Source: Dempster, Laird and Rubin (1977); Jamshidian and Bentler (1999).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import lapack

from kocsem.core.casewise import MomentGradient, casewise_loglik, moment_gradient
from kocsem.core.casewise_information import observed_moment_information
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.patterns import Mask, MissingPatterns

EM_STEPS = 5  # before Newton's method is tried
LARGEST_NEWTON = 60  # variables; beyond, the Hessian of 1,890 moments costs too much
STEP_TOLERANCE = 1e-9  # change of the moments, in standard deviations
LOGLIK_TOLERANCE = 1e-12  # change of the log-likelihood, relative
MAX_ITERATIONS = 5000
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
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix, with divisor n where nothing is missing.
    loglik : float
        Total observed-data log-likelihood there.
    iterations : int
        EM and Newton steps.
    converged : bool
        Whether the last step was at rounding level.
    """

    mu: Array
    Sigma: Array
    loglik: float
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True)
class _State:
    """One iterate with the likelihood there."""

    mu: Array
    Sigma: Array
    gradient: MomentGradient


def saturated_moments(
    *, patterns: MissingPatterns, max_iterations: int = MAX_ITERATIONS
) -> SaturatedMoments:
    """Estimate the unrestricted moments by EM, finished by Newton's method.

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
    centre, spread = _available(patterns)
    scale = np.sqrt(spread)
    standard = _standardised(patterns, centre, scale)
    state, iterations, converged = _climb(standard, max_iterations)
    answers = (patterns.observed * patterns.sizes[:, None]).sum(axis=0)
    return SaturatedMoments(
        mu=centre + scale * state.mu,
        Sigma=state.Sigma * np.outer(scale, scale),
        loglik=state.gradient.loglik - float(answers @ np.log(scale)),
        iterations=iterations,
        converged=converged,
    )


def _climb(patterns: MissingPatterns, max_iterations: int) -> tuple[_State, int, bool]:
    """Step uphill from the available-case moments until nothing moves."""
    state = _start(patterns)
    for iteration in range(1, max_iterations + 1):
        newton = iteration > EM_STEPS and patterns.p <= LARGEST_NEWTON
        proposed = _newton(patterns, state) if newton else None
        proposed = proposed or _expectation_maximisation(patterns, state)
        gain = proposed.gradient.loglik - state.gradient.loglik
        change = _distance(state, proposed)
        state = proposed
        flat = abs(gain) <= LOGLIK_TOLERANCE * max(1.0, abs(state.gradient.loglik))
        if flat and change <= STEP_TOLERANCE:
            return state, iteration, True
    return state, max_iterations, False


def _start(patterns: MissingPatterns) -> _State:
    """Take the pairwise covariances, shrunk until they can all hold at once."""
    counts = np.maximum(patterns.counts, 1)
    outer = patterns.means[:, :, None] * patterns.means[:, None, :]
    Sigma = np.tensordot(patterns.sizes.astype(float), patterns.S + outer, 1) / counts
    mu = np.zeros(patterns.p)
    diagonal = np.diag(np.diag(Sigma))
    while not _regular(Sigma):
        Sigma = (Sigma + diagonal) / 2
    gradient = moment_gradient(patterns=patterns, mu=mu, Sigma=Sigma)
    return _State(mu=mu, Sigma=Sigma, gradient=gradient)


def _expectation_maximisation(patterns: MissingPatterns, state: _State) -> _State:
    """Make one EM step; the likelihood cannot fall."""
    n, Sigma = patterns.n, state.Sigma
    lift = Sigma @ state.gradient.mu / n
    turn = Sigma @ state.gradient.Sigma @ Sigma * (2 / n) - np.outer(lift, lift)
    mu, Sigma = state.mu + lift, Sigma + (turn + turn.T) / 2
    if not _regular(Sigma):
        raise np.linalg.LinAlgError(SINGULAR)
    gradient = moment_gradient(patterns=patterns, mu=mu, Sigma=Sigma)
    return _State(mu=mu, Sigma=Sigma, gradient=gradient)


def _newton(patterns: MissingPatterns, state: _State) -> _State | None:
    """Make one Newton step, or none where the likelihood is not concave enough."""
    p = patterns.p
    row, col = np.tril_indices(p)
    info = observed_moment_information(
        patterns=patterns, mu=state.mu, Sigma=state.Sigma
    )
    slope = state.gradient.Sigma[row, col] * np.where(row == col, 1.0, 2.0)
    slope = np.concatenate([state.gradient.mu, slope]) / patterns.n
    factor, failed = lapack.dpotrf(info, lower=1)
    if failed:
        return None
    step, _ = lapack.dpotrs(factor, slope, lower=1)
    Sigma = state.Sigma.copy()
    Sigma[row, col] += step[p:]
    Sigma[col, row] = Sigma[row, col]
    if not _regular(Sigma):
        return None
    mu = state.mu + step[:p]
    gradient = moment_gradient(patterns=patterns, mu=mu, Sigma=Sigma)
    rounding = LOGLIK_TOLERANCE * abs(state.gradient.loglik)
    if not gradient.loglik >= state.gradient.loglik - rounding:
        return None
    return _State(mu=mu, Sigma=Sigma, gradient=gradient)


def _distance(before: _State, after: _State) -> float:
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
    weights = patterns.observed * patterns.sizes[:, None]
    answers = weights.sum(axis=0)
    if not answers.all():
        raise np.linalg.LinAlgError(SINGULAR)
    centre = (weights * patterns.means).sum(axis=0) / answers
    within = np.diagonal(patterns.S, axis1=1, axis2=2)
    squares = within + (patterns.means - centre) ** 2
    spread = (weights * squares).sum(axis=0) / answers
    if not (np.sqrt(spread) > SMALLEST_SPREAD * np.abs(centre)).all():
        raise np.linalg.LinAlgError(SINGULAR)
    return centre, np.asarray(spread)


def _standardised(
    patterns: MissingPatterns, centre: Array, scale: Array
) -> MissingPatterns:
    """Express the answers as standard scores."""
    means = np.where(patterns.observed, (patterns.means - centre) / scale, 0.0)
    return replace(patterns, means=means, S=patterns.S / np.outer(scale, scale))


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
        block = saturated_moments(patterns=_among(patterns, covariates))
        mu[covariates] = block.mu
        Sigma[np.ix_(covariates, covariates)] = block.Sigma
    return SampleMoments(S=Sigma, ybar=mu, n=patterns.n)


def _among(patterns: MissingPatterns, items: Mask) -> MissingPatterns:
    """Look at some variables only; patterns that become equal stay apart."""
    answered = patterns.observed[:, items].any(axis=1)
    kept, gone = np.flatnonzero(answered), np.flatnonzero(~answered)
    lost = [patterns.rows[j] for j in gone]
    return MissingPatterns(
        observed=patterns.observed[kept][:, items],
        rows=tuple(patterns.rows[j] for j in kept),
        sizes=patterns.sizes[kept],
        means=patterns.means[kept][:, items],
        S=patterns.S[kept][:, items][:, :, items],
        empty=np.sort(np.concatenate([patterns.empty, *lost])),
    )


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
    return casewise_loglik(patterns=patterns, mu=baseline.ybar, Sigma=baseline.S)
