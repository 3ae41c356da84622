"""The step of a trust-region method: the best point of a quadratic within a ball.

In: gradient, Hessian and radius, in coordinates in which the ball makes sense. Out: the
step. The Hessian may be indefinite, which is what distinguishes this from scoring: a
start near a saddle, such as loadings near zero, is left along negative curvature.
Source: More and Sorensen (1983).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from kocsem.core.moments import Array

SINGULAR = 1e-12  # smallest eigenvalue, relative to the largest, that can be divided by


@dataclass(frozen=True, slots=True)
class BoundedStep:
    """A step within the ball.

    Attributes
    ----------
    step : ndarray of shape (k,)
        The step.
    gain : float
        Fall of the quadratic along it.
    interior : bool
        Whether it is the full Newton step: the Hessian has no negative curvature, and
        the ball does not bind.
    """

    step: Array
    gain: float
    interior: bool


def bounded_step(*, gradient: Array, hessian: Array, radius: float) -> BoundedStep:
    """Minimise g's + s'Hs / 2 over all s no longer than the radius.

    Parameters
    ----------
    gradient : ndarray of shape (k,)
        g.
    hessian : ndarray of shape (k, k)
        H, symmetric.
    radius : float
        Length of the longest step.

    Returns
    -------
    BoundedStep
        The step (H + mu I)^-1 (-g) with the smallest mu >= 0 for which it is allowed.
    """
    curvature, axes = np.linalg.eigh(hessian)
    along = axes.T @ gradient
    lowest = float(curvature[0])
    floor = SINGULAR * max(1.0, float(np.abs(curvature).max()))
    least = 0.0 if lowest > floor else max(0.0, -lowest) + floor
    step = -along / (curvature + least)
    length = float(np.linalg.norm(step))
    interior = length <= radius and lowest > -floor
    if length > radius:
        step = _on_the_sphere(along, curvature, radius, least)
    elif not interior:  # no slope along the lowest axis: go along it all the same
        rest = np.sqrt(radius**2 - length**2)
        step[0] += rest if step[0] >= 0 else -rest
    gain = -float(along @ step + 0.5 * (curvature * step) @ step)
    return BoundedStep(step=axes @ step, gain=gain, interior=interior)


def _on_the_sphere(
    along: Array, curvature: Array, radius: float, least: float
) -> Array:
    """Find the step of the given length, in the axes of the Hessian."""

    def excess(mu: float) -> float:
        return 1.0 / radius - 1.0 / float(np.linalg.norm(along / (curvature + mu)))

    most = least + float(np.linalg.norm(along)) / radius
    mu = float(brentq(excess, least, most, rtol=1e-8))
    return np.asarray(-along / (curvature + mu))
