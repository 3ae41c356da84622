"""Fisher scoring finished by Newton's method.

In: an objective and a point of it. Out: where the steps settled, or where one could not
be taken. Expected information leads far from an optimum, observed information near it;
a step is halved until the discrepancy falls. Source: Jennrich and Sampson (1976); Lee
and Jennrich (1979); Bertsekas (1982) for steps within bounds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from kocsem.core.moments import Array
from kocsem.core.optimiser.box import Box
from kocsem.core.optimiser.objective import Objective, Reached
from kocsem.core.problem import JointPoint

DECREMENT_TOLERANCE = 1e-20  # squared step in standard errors, per case
NEWTON_DECREMENT = 0.05  # from here on the observed information leads, when it can
SAME_INFORMATION = 1e-9  # from here on a step hardly changes the information
ROUNDING_DECREMENT = 1e-13  # below this a refused step is rounding, not failure
SUFFICIENT_DECREASE = 1e-4
SMALLEST_STEP = 2.0**-10
SMALLEST_PIVOT = 1e-7


@dataclass(frozen=True, slots=True)
class _Information:
    """Information on the scale of a unit diagonal, factored.

    Attributes
    ----------
    factor : ndarray of shape (f, f)
        Its Cholesky factor, in the lower triangle.
    scale : ndarray of shape (f,)
        Roots of the diagonal.
    movable : ndarray of bool, or None
        The coordinates that it is about; None for all of them.
    """

    factor: Array
    scale: Array
    movable: NDArray[np.bool_] | None

    def step(self, gradient: Array) -> Array:
        """Solve the scoring equations; other coordinates stay where they are."""
        if self.movable is None:
            scaled, _ = lapack.dpotrs(self.factor, -gradient / self.scale, lower=1)
            return np.asarray(scaled / self.scale)
        step = np.zeros(gradient.size)
        if self.scale.size:
            own = gradient[self.movable] / self.scale
            scaled, _ = lapack.dpotrs(self.factor, -own, lower=1)
            step[self.movable] = scaled / self.scale
        return step

    def all_of(self, z: Array, gradient: Array, box: Box | None) -> bool:
        """Tell whether no other coordinate could move down within the box."""
        if box is None or self.movable is None:
            return True
        return bool((self.movable | ~box.movable(z, gradient)).all())


def scoring(
    *,
    objective: Objective,
    z: Array,
    point: JointPoint,
    most: int,
    box: Box | None = None,
) -> Reached:
    """Take scoring steps, then Newton steps, until they settle or cannot be taken.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    z : ndarray of shape (f,)
        Where to begin.
    point : JointPoint
        The problem there.
    most : int
        Largest number of steps.
    box : Box, optional
        Bounds; z is within them.

    Returns
    -------
    Reached
        The last point.
    """
    decrement = np.inf
    known: _Information | None = None
    for number in range(most):
        found = objective.derivatives(point)
        gradient = found.gradient
        if known is not None and decrement < SAME_INFORMATION and box is None:
            left = -float(gradient @ known.step(gradient))
            if left < DECREMENT_TOLERANCE:
                return Reached(z, point, True, number, left)
        known = None
        if decrement < NEWTON_DECREMENT:
            known = _factored(found.observed(), z, gradient, box)
        if known is None:
            known = _factored(found.expected(), z, gradient, box)
        if known is None:
            return Reached(z, point, False, number, decrement)
        step = known.step(gradient)
        before, decrement = decrement, -float(gradient @ step)
        if settled(decrement, before):
            return Reached(z, point, known.all_of(z, gradient, box), number, decrement)
        trial = _line_search(objective, z, point, (gradient, step), box)
        if trial is None:
            rounded = decrement < ROUNDING_DECREMENT
            return Reached(z, point, rounded, number, decrement)
        z, point = trial
    return Reached(z, point, False, most, decrement)


def _factored(
    information: Array, z: Array, gradient: Array, box: Box | None
) -> _Information | None:
    """Factor the information, when it can be; within bounds, that of what may move."""
    if box is None:
        return _cholesky(information, None)
    movable = box.movable(z, gradient)
    while True:
        own = information[np.ix_(movable, movable)]
        known = _cholesky(own, movable)
        if known is None:
            return None
        inside = box.movable(z, -known.step(gradient))
        if inside[movable].all():
            return known
        movable &= inside


def _cholesky(
    information: Array, movable: NDArray[np.bool_] | None
) -> _Information | None:
    """Factor the information on the scale of a unit diagonal."""
    scale = np.sqrt(np.maximum(information.diagonal(), np.finfo(float).tiny))
    if not scale.size:
        return _Information(information, scale, movable)
    with np.errstate(over="ignore", invalid="ignore"):  # then it cannot be factored
        scaled = information / (scale[:, None] * scale)
    if not np.isfinite(scaled).all():
        return None
    factor, failed = lapack.dpotrf(scaled, lower=1)
    if failed or factor.diagonal().min() < SMALLEST_PIVOT:
        return None
    return _Information(factor, scale, movable)


def _line_search(
    objective: Objective,
    z: Array,
    point: JointPoint,
    way: tuple[Array, Array],
    box: Box | None,
) -> tuple[Array, JointPoint] | None:
    """Halve the step until the discrepancy falls; None when it never does."""
    gradient, step = way
    # near the optimum rounding is forgiven
    slack = rounding(point) if -(gradient @ step) < 1e-9 else 0.0
    length = 1.0
    while length >= SMALLEST_STEP:
        ahead = z + length * step
        if box is not None:
            ahead = box.nearest(ahead)
        trial = objective.at(ahead)
        if trial is not None:
            promised = -float(gradient @ (ahead - z))
            fall = (point.discrepancy - trial.discrepancy) / 2
            if promised > 0 and fall >= SUFFICIENT_DECREASE * promised - slack:
                return ahead, trial
        length /= 2
    return None


def settled(decrement: float, before: float) -> bool:
    """Tell whether a decrement is at rounding level, given the one before.

    Parameters
    ----------
    decrement : float
        g' H^-1 g per case.
    before : float
        The same one step earlier.

    Returns
    -------
    bool
        True below the tolerance; for information that is nearly singular, True where
        rounding keeps the decrement from falling further.
    """
    if decrement < DECREMENT_TOLERANCE:
        return True
    return decrement < ROUNDING_DECREMENT and decrement >= before


def rounding(point: JointPoint) -> float:
    """Return the size of rounding errors of half the discrepancy."""
    return 1e-13 * (1.0 + abs(point.discrepancy))
