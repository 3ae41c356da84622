"""Bounds on the free coordinates, as an active set.

In: lower and upper bounds, infinite where there are none. Out: which coordinates may
move, and the nearest point that is allowed. Source: Bertsekas (1982).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array


@dataclass(frozen=True, slots=True)
class Box:
    """The vectors between two bounds.

    Attributes
    ----------
    lower, upper : ndarray of shape (f,)
        The bounds.
    """

    lower: Array
    upper: Array

    def nearest(self, z: Array) -> Array:
        """Return the allowed vector nearest to z."""
        return np.minimum(np.maximum(z, self.lower), self.upper)

    def without(self, place: int) -> "Box":
        """Return the bounds of the other coordinates."""
        return Box(np.delete(self.lower, place), np.delete(self.upper, place))

    def movable(self, z: Array, slope: Array) -> NDArray[np.bool_]:
        """Tell which coordinates are not pressed against a bound.

        Parameters
        ----------
        z : ndarray of shape (f,)
            An allowed vector.
        slope : ndarray of shape (f,)
            The gradient there, or minus a step.

        Returns
        -------
        ndarray of bool, shape (f,)
            False where the way down leads out of the box.
        """
        pressed = (z <= self.lower) & (slope > 0)
        return ~(pressed | ((z >= self.upper) & (slope < 0)))
