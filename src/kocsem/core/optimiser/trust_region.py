"""Newton's method within a region where its quadratic can be trusted.

Contents: (1) the step, the best point of a quadratic within a ball; (2) the method,
which lets the ball grow and shrink with the success of its steps. The Hessian may be
indefinite, which is what distinguishes this from scoring: a start near a saddle, such
as loadings near zero, is left along negative curvature.
Source: More and Sorensen (1983); Conn, Gould and Toint (2000); Bertsekas (1982) for
steps within bounds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from kocsem.core.moments import Array
from kocsem.core.optimiser.box import Box
from kocsem.core.optimiser.objective import Objective, Reached
from kocsem.core.optimiser.scoring import (
    ROUNDING_DECREMENT,
    SUFFICIENT_DECREASE,
    rounding,
    settled,
)
from kocsem.core.problem import Derivatives, JointPoint

SINGULAR = 1e-12  # smallest eigenvalue, relative to the largest, that can be divided by
FIRST_RADIUS = 0.3  # in units of one standard error of a single case
LARGEST_RADIUS = 1e3
SMALLEST_RADIUS = 1e-10


@dataclass(frozen=True, slots=True)
class Quadratic:
    """A quadratic g's + s'Hs / 2 in the axes of its Hessian.

    Attributes
    ----------
    slope : ndarray of shape (f,)
        g, along the axes.
    curvature : ndarray of shape (f,)
        Eigenvalues of H, the smallest first.
    axes : ndarray of shape (f, f)
        Eigenvectors of H.
    """

    slope: Array
    curvature: Array
    axes: Array

    @classmethod
    def of(cls, *, gradient: Array, hessian: Array) -> "Quadratic":
        """Find the axes; gradient of shape (f,), hessian symmetric."""
        curvature, axes = np.linalg.eigh(hessian)
        return cls(slope=axes.T @ gradient, curvature=curvature, axes=axes)

    def fall(self, step: Array) -> float:
        """Return how far the quadratic falls along a step, shape (f,)."""
        turned = self.axes.T @ step
        return -float(self.slope @ turned + 0.5 * (self.curvature * turned) @ turned)


@dataclass(frozen=True, slots=True)
class BoundedStep:
    """A step within the ball.

    Attributes
    ----------
    step : ndarray of shape (f,)
        The step.
    interior : bool
        Whether it is the full Newton step: the Hessian has no negative curvature, and
        the ball does not bind.
    """

    step: Array
    interior: bool


def bounded_step(*, quadratic: Quadratic, radius: float) -> BoundedStep:
    """Minimise a quadratic over all steps no longer than the radius.

    Parameters
    ----------
    quadratic : Quadratic
        What is minimised.
    radius : float
        Length of the longest step.

    Returns
    -------
    BoundedStep
        The step (H + mu I)^-1 (-g) with the smallest mu >= 0 for which it is allowed.
    """
    slope, curvature = quadratic.slope, quadratic.curvature
    lowest = float(curvature[0])
    floor = SINGULAR * max(1.0, float(np.abs(curvature).max()))
    least = 0.0 if lowest > floor else max(0.0, -lowest) + floor
    step = -slope / (curvature + least)
    length = float(np.linalg.norm(step))
    interior = length <= radius and lowest > -floor
    if length > radius:
        step = _on_the_sphere(quadratic, radius, least)
    elif not interior:  # no slope along the lowest axis: go along it all the same
        rest = np.sqrt(radius**2 - length**2)
        step[0] += rest if step[0] >= 0 else -rest
    return BoundedStep(step=quadratic.axes @ step, interior=interior)


def _on_the_sphere(quadratic: Quadratic, radius: float, least: float) -> Array:
    """Find the step of the given length, in the axes of the Hessian."""
    slope, curvature = quadratic.slope, quadratic.curvature

    def excess(mu: float) -> float:
        return 1.0 / radius - 1.0 / float(np.linalg.norm(slope / (curvature + mu)))

    # half this distance would do, but for rounding
    most = least + 2.0 * float(np.linalg.norm(slope)) / radius
    mu = float(brentq(excess, least, most, rtol=1e-8))
    return np.asarray(-slope / (curvature + mu))


@dataclass(frozen=True, slots=True)
class _Local:
    """The quadratic at a point, in units of standard errors of a single case.

    `movable` are the coordinates it is about, those that no bound holds.
    """

    quadratic: Quadratic
    scale: Array
    movable: NDArray[np.bool_]

    def step(self, scaled: Array) -> Array:
        """Return a step of all coordinates, from one in these units."""
        step = np.zeros(self.movable.size)
        step[self.movable] = scaled / self.scale
        return step

    def rise(self, scaled: Array) -> float:
        """Return the slope along a step in these units."""
        return float((self.quadratic.axes @ self.quadratic.slope) @ scaled)

    def gain(self, step: Array) -> float:
        """Return how far the quadratic falls along a step of all coordinates."""
        return self.quadratic.fall(step[self.movable] * self.scale)


def _local(found: Derivatives, z: Array, box: Box | None) -> _Local:
    """Expand the objective around a point; expected information gives the units."""
    gradient = found.gradient
    movable = np.ones(z.size, dtype=bool)
    hessian, scale = found.observed(), np.sqrt(np.maximum(np.diag(found.expected()), 0))
    if box is not None:
        movable = box.movable(z, gradient)
        hessian = hessian[np.ix_(movable, movable)]
        gradient, scale = gradient[movable], scale[movable]
    scale = np.where(scale > 0, scale, 1.0)
    quadratic = Quadratic.of(
        gradient=gradient / scale, hessian=hessian / np.outer(scale, scale)
    )
    return _Local(quadratic, scale, movable)


def descend(
    *,
    objective: Objective,
    z: Array,
    point: JointPoint,
    most: int,
    box: Box | None = None,
    radius: float = FIRST_RADIUS,
) -> Reached:
    """Take Newton steps within a ball that grows and shrinks with their success.

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
    radius : float, default 0.3
        Length of the longest first step, in standard errors of a single case.

    Returns
    -------
    Reached
        The last point.
    """
    decrement = np.inf
    local = _local(objective.derivatives(point), z, box)
    for number in range(most):
        if not local.scale.size:
            return Reached(z, point, True, number, 0.0)
        way = bounded_step(quadratic=local.quadratic, radius=radius)
        length = float(np.linalg.norm(way.step))
        before, decrement = decrement, -local.rise(way.step)
        if way.interior and settled(decrement, before):
            return Reached(z, point, True, number, decrement)
        ahead = z + local.step(way.step)
        if box is not None:
            ahead = box.nearest(ahead)
        trial = objective.at(ahead)
        success = _success(point, trial, local.gain(ahead - z))
        if trial is None or success < SUFFICIENT_DECREASE:
            if way.interior and decrement < ROUNDING_DECREMENT:
                return Reached(z, point, True, number, decrement)
            radius = length / 4
            if radius < SMALLEST_RADIUS:
                return Reached(z, point, False, number, decrement)
            continue
        if success < 0.25 and decrement > ROUNDING_DECREMENT:
            radius = length / 4
        elif success > 0.75 and not way.interior:
            radius = min(2 * radius, LARGEST_RADIUS)
        z, point = ahead, trial
        local = _local(objective.derivatives(point), z, box)
    return Reached(z, point, False, most, decrement)


def _success(point: JointPoint, trial: JointPoint | None, gain: float) -> float:
    """Return the fall of half the discrepancy over the fall that was promised."""
    if trial is None or gain <= 0:
        return -np.inf
    fall = (point.discrepancy - trial.discrepancy) / 2
    return float((fall + rounding(point)) / gain)
