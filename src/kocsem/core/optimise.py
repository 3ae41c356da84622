"""Fisher scoring finished by Newton's method, with a trust region behind it.

In: a problem, a start and the space that equality constraints leave. Out: an `Optimum`. Scoring needs half a dozen steps where the model is sound. Where it
does not settle, a trust-region Newton method begins again from the start: it copes with
saddles and with directions about which the data say little. Everything is judged by the
Newton decrement, which does not change when items are rescaled.
Source: Jennrich and Sampson (1976); Lee and Jennrich (1979); Conn, Gould and Toint
(2000).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from kocsem.core.moments import Array
from kocsem.core.problem import JointPoint, Problem
from kocsem.core.trust_region import bounded_step

DECREMENT_TOLERANCE = 1e-20  # squared step in standard errors, per case
NEWTON_DECREMENT = 0.05  # from here on the observed information leads, when it can
ROUNDING_DECREMENT = 1e-13  # below this a refused step is rounding, not failure
SUFFICIENT_DECREASE = 1e-4
SMALLEST_STEP = 2.0**-10
SMALLEST_PIVOT = 1e-7
SCORING_STEPS = 25
FIRST_RADIUS = 0.3  # in units of one standard error of a single case
LARGEST_RADIUS = 1e3
SMALLEST_RADIUS = 1e-10


@dataclass(frozen=True, slots=True)
class AffineSpace:
    """The parameter vectors that satisfy the equality constraints, x = offset + K z.

    Attributes
    ----------
    K : ndarray of shape (k, k - r)
        Basis of the free directions.
    offset : ndarray of shape (k,)
        One vector that satisfies the constraints.
    """

    K: Array
    offset: Array

    @property
    def unrestricted(self) -> bool:
        """Whether there are no constraints at all."""
        return bool(self.K.shape[0] == self.K.shape[1])

    def coordinates(self, x: Array) -> Array:
        """Return the z whose x is nearest to the given one."""
        if not self.K.shape[1]:
            return np.zeros(0)
        if self.unrestricted:
            return x - self.offset
        return np.asarray(np.linalg.lstsq(self.K, x - self.offset, rcond=None)[0])

    def point(self, z: Array) -> Array:
        """Return offset + K z."""
        return self.offset + (z if self.unrestricted else self.K @ z)

    def gradient(self, gradient: Array) -> Array:
        """Return K' g, the gradient in z."""
        return gradient if self.unrestricted else self.K.T @ gradient

    def information(self, information: Array) -> Array:
        """Return K' I K, the information in z."""
        if self.unrestricted:
            return information
        return np.asarray(self.K.T @ information @ self.K)


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the optimiser stopped.

    Attributes
    ----------
    point : JointPoint
        The last point.
    converged : bool
        Whether the Newton decrement is at rounding level.
    iterations : int
        Number of accepted steps.
    decrement : float
        g' I^-1 g per case at the last point.
    """

    point: JointPoint
    converged: bool
    iterations: int
    decrement: float


@dataclass(frozen=True, slots=True)
class _Restricted:
    """A problem as functions of the free coordinates z."""

    problem: Problem
    space: AffineSpace

    def at(self, z: Array) -> JointPoint | None:
        """Evaluate the discrepancy; None where it does not exist."""
        return self.problem.at(self.space.point(z))

    def derivatives(
        self, point: JointPoint
    ) -> tuple[Array, Callable[[], Array], Callable[[], Array]]:
        """Return the gradient, and how to compute both kinds of information."""
        found, space = self.problem.derivatives(point), self.space
        return (
            space.gradient(found.gradient),
            lambda: space.information(found.observed()),
            lambda: space.information(found.expected()),
        )


def minimise(
    *,
    problem: Problem,
    start: Array,
    space: AffineSpace,
    max_iterations: int = 200,
) -> Optimum | None:
    """Minimise a discrepancy.

    Parameters
    ----------
    problem : Problem
        What is minimised.
    start : ndarray of shape (k,)
        Where to begin.
    space : AffineSpace
        What the equality constraints leave.
    max_iterations : int, default 200
        Largest number of steps, of both methods together.

    Returns
    -------
    Optimum or None
        None when the discrepancy does not exist at the start.
    """
    restricted = _Restricted(problem, space)
    z = space.coordinates(start)
    point = restricted.at(z)
    if point is None:
        return None
    if not z.size:
        return Optimum(point=point, converged=True, iterations=0, decrement=0.0)
    scored = _scoring(restricted, z, point, min(SCORING_STEPS, max_iterations))
    if scored.converged or scored.iterations >= max_iterations:
        return scored
    return _trust_region(restricted, z, point, (scored.iterations, max_iterations))


def _solve(info: Array, gradient: Array) -> Array | None:
    """Solve the scoring equations on the scale of a unit diagonal, when they can be."""
    scale = np.sqrt(np.maximum(np.diag(info), np.finfo(float).tiny))
    factor, failed = lapack.dpotrf(info / (scale[:, None] * scale), lower=1)
    if failed or np.diag(factor).min() < SMALLEST_PIVOT:
        return None
    step, _ = lapack.dpotrs(factor, -gradient / scale, lower=1)
    return np.asarray(step / scale)


def _scoring(problem: _Restricted, z: Array, point: JointPoint, steps: int) -> Optimum:
    """Take scoring steps, then Newton steps, until they settle or cannot be taken."""
    decrement = np.inf
    for iteration in range(steps):
        gradient, observed, expected = problem.derivatives(point)
        near = decrement < NEWTON_DECREMENT
        step = _solve(observed(), gradient) if near else None
        if step is None:
            step = _solve(expected(), gradient)
        if step is None:
            return Optimum(point, False, iteration, float(decrement))
        decrement = -float(gradient @ step)
        if decrement < DECREMENT_TOLERANCE:
            return Optimum(point, True, iteration, decrement)
        found = _line_search(problem, z, point, (step, decrement))
        if found is None:
            settled = decrement < ROUNDING_DECREMENT
            return Optimum(point, settled, iteration, decrement)
        length, point = found
        z = z + length * step
    return Optimum(point, False, steps, float(decrement))


def _line_search(
    problem: _Restricted, z: Array, point: JointPoint, way: tuple[Array, float]
) -> tuple[float, JointPoint] | None:
    """Halve the step until the discrepancy falls; None when it never does."""
    step, decrement = way
    # near the optimum rounding is forgiven
    slack = _rounding(point) if decrement < 1e-9 else 0.0
    length = 1.0
    while length >= SMALLEST_STEP:
        trial = problem.at(z + length * step)
        if trial is not None:
            fall = (point.discrepancy - trial.discrepancy) / 2
            if fall >= length * SUFFICIENT_DECREASE * decrement - slack:
                return length, trial
        length /= 2
    return None


def _rounding(point: JointPoint) -> float:
    """Return the size of rounding errors of half the discrepancy."""
    return 1e-13 * (1.0 + abs(point.discrepancy))


def _trust_region(
    problem: _Restricted, z: Array, point: JointPoint, steps: tuple[int, int]
) -> Optimum:
    """Take Newton steps within a ball that grows and shrinks with their success.

    Lengths are measured by the expected information at the start.
    """
    first, last = steps
    gradient, observed, expected = problem.derivatives(point)
    scale = np.sqrt(np.diag(expected()))
    scale = np.where(scale > 0, scale, 1.0)
    radius, decrement = FIRST_RADIUS, np.inf
    for iteration in range(first, last):
        way = bounded_step(
            gradient=gradient / scale,
            hessian=observed() / np.outer(scale, scale),
            radius=radius,
        )
        step = way.step / scale
        decrement = -float(gradient @ step)
        if way.interior and decrement < DECREMENT_TOLERANCE:
            return Optimum(point, True, iteration, decrement)
        trial = problem.at(z + step)
        fall = -np.inf
        if trial is not None:
            fall = (point.discrepancy - trial.discrepancy) / 2
        if trial is None or fall < SUFFICIENT_DECREASE * way.gain - _rounding(point):
            if way.interior and decrement < ROUNDING_DECREMENT:
                return Optimum(point, True, iteration, decrement)
            radius = float(np.linalg.norm(way.step)) / 4
            if radius < SMALLEST_RADIUS:
                return Optimum(point, False, iteration, decrement)
            continue
        if fall < 0.25 * way.gain and decrement > ROUNDING_DECREMENT:
            radius = float(np.linalg.norm(way.step)) / 4
        elif fall > 0.75 * way.gain and not way.interior:
            radius = min(2 * radius, LARGEST_RADIUS)
        z, point = z + step, trial
        gradient, observed, expected = problem.derivatives(point)
    return Optimum(point, False, last, decrement)
