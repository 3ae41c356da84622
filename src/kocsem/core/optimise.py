"""Fisher scoring with safeguards, finished by Newton's method.

In: a structure, sample moments, a start and the space that equality constraints leave.
Out: an `Optimum`. Steps use the expected information far from the optimum and the
observed one near it, are damped when the information is near singular, and halved until
the implied covariance matrix is positive definite and the discrepancy falls. Everything
is judged by the Newton decrement, which does not change when items are rescaled.
Source: Jennrich and Sampson (1976); Lee and Jennrich (1979); Levenberg (1944).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from kocsem.core.maximum_likelihood import (
    Point,
    evaluate,
    expected_information,
    log_determinant,
    score,
    tangents_at,
)
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.observed import observed_information
from kocsem.core.structure import Structure

DECREMENT_TOLERANCE = 1e-20  # squared step in standard errors, per case
NEWTON_DECREMENT = 0.05  # from here on the observed information leads, when it can
ROUNDING_DECREMENT = 1e-13  # below this a refused step is rounding, not failure
SUFFICIENT_DECREASE = 1e-4
SMALLEST_STEP = 2.0**-30
SMALLEST_PIVOT = 1e-7
FIRST_DAMPING = 1e-6
LARGEST_DAMPING = 1e6


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
    point : Point
        The last point.
    converged : bool
        Whether the Newton decrement is at rounding level.
    iterations : int
        Number of accepted steps.
    decrement : float
        g' I^-1 g per case at the last point.
    """

    point: Point
    converged: bool
    iterations: int
    decrement: float


@dataclass(frozen=True, slots=True)
class _Direction:
    """A scoring step with its slope and decrement."""

    step: Array
    slope: float
    decrement: float


def _solve_damped(info: Array, gradient: Array, damping: float) -> Array | None:
    """Solve the scoring equations on the scale of a unit diagonal."""
    scale = np.sqrt(np.maximum(np.diag(info), np.finfo(float).tiny))
    scaled = info / np.outer(scale, scale)
    scaled[np.diag_indices_from(scaled)] += damping
    factor, failed = lapack.dpotrf(scaled, lower=1)
    if failed or np.diag(factor).min() < SMALLEST_PIVOT:
        return None
    step, _ = lapack.dpotrs(factor, -gradient / scale, lower=1)
    return np.asarray(step / scale)


def _direction(
    structure: Structure,
    moments: SampleMoments,
    point: Point,
    space: AffineSpace,
    damping: float,
    near: bool,
) -> tuple[_Direction, float]:
    """Compute the next step, damping the information until it can be solved."""
    at = tangents_at(structure=structure, point=point)
    gradient = space.gradient(
        score(structure=structure, point=point, moments=moments, at=at)
    )
    step = None
    if near:
        hessian = observed_information(
            structure=structure, point=point, moments=moments, at=at
        )
        step = _solve_damped(space.information(hessian), gradient, damping)
    info = np.empty((0, 0))
    if step is None:
        info = space.information(
            expected_information(structure=structure, W=point.W, at=at)
        )
        step = _solve_damped(info, gradient, damping)
    while step is None:
        damping = max(FIRST_DAMPING, damping * 10)
        if damping > LARGEST_DAMPING:
            step = -gradient
        else:
            step = _solve_damped(info, gradient, damping)
    slope = float(gradient @ step)
    return _Direction(step=step, slope=slope, decrement=-slope), damping


def _line_search(
    structure: Structure,
    moments: SampleMoments,
    logdet_S: float,
    space: AffineSpace,
    here: tuple[Array, Point],
    way: _Direction,
) -> tuple[float, Point | None]:
    """Halve the step until the discrepancy falls; None when it never does."""
    z, point = here
    length = 1.0
    while length >= SMALLEST_STEP:
        trial = evaluate(
            structure=structure,
            x=space.point(z + length * way.step),
            moments=moments,
            logdet_S=logdet_S,
        )
        target = length * SUFFICIENT_DECREASE * way.slope
        if trial is not None and _falls(trial, point, target, way.decrement):
            return length, trial
        length /= 2
    return length, None


def minimise(
    *,
    structure: Structure,
    moments: SampleMoments,
    start: Array,
    space: AffineSpace,
    max_iterations: int = 1000,
) -> Optimum | None:
    """Minimise the ML discrepancy.

    Parameters
    ----------
    structure : Structure
        The model.
    moments : SampleMoments
        Sample moments; the covariance matrix must be positive definite.
    start : ndarray of shape (k,)
        Where to begin.
    space : AffineSpace
        What the equality constraints leave.
    max_iterations : int, default 1000
        Largest number of accepted steps.

    Returns
    -------
    Optimum or None
        None when the implied covariance matrix at the start is not positive definite.
    """
    logdet_S = log_determinant(S=moments.S)
    z = space.coordinates(start)
    point = evaluate(
        structure=structure, x=space.point(z), moments=moments, logdet_S=logdet_S
    )
    if point is None:
        return None
    if not z.size:
        return Optimum(point=point, converged=True, iterations=0, decrement=0.0)
    damping = 0.0
    decrement = np.inf
    for iteration in range(max_iterations):
        way, used = _direction(
            structure, moments, point, space, damping, decrement < NEWTON_DECREMENT
        )
        decrement = way.decrement
        if decrement < DECREMENT_TOLERANCE:
            return Optimum(point, True, iteration, decrement)
        length, found = _line_search(
            structure, moments, logdet_S, space, (z, point), way
        )
        if found is None:
            if decrement < ROUNDING_DECREMENT or used >= LARGEST_DAMPING:
                return Optimum(
                    point, decrement < ROUNDING_DECREMENT, iteration, decrement
                )
            damping = max(FIRST_DAMPING, used * 100)
            continue
        z, point = z + length * way.step, found
        damping = used / 10 if length == 1.0 and used > FIRST_DAMPING else 0.0
    return Optimum(point, False, max_iterations, float(decrement))


def _falls(trial: Point, point: Point, target: float, decrement: float) -> bool:
    """Tell whether a trial is good enough; near the optimum rounding is forgiven."""
    change = (trial.discrepancy - point.discrepancy) / 2
    rounding = 1e-13 * (1.0 + abs(point.discrepancy))
    return change <= target + (rounding if decrement < 1e-9 else 0.0)
