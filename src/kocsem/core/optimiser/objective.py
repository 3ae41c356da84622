"""What an optimiser sees of a problem, and what it leaves behind.

In: nothing is computed here. Out: `Objective`, a function of free coordinates z with
its derivatives, and `Reached`, where a method stopped. The constraints of a model are
gone by then: z is any vector.
"""

from dataclasses import dataclass
from typing import Protocol

from kocsem.core.moments import Array
from kocsem.core.problem import Derivatives, JointPoint


class Objective(Protocol):
    """Half a discrepancy as a function of free coordinates."""

    def at(self, z: Array) -> JointPoint | None:
        """Evaluate at z, shape (f,); None where the function does not exist."""

    def derivatives(self, point: JointPoint) -> Derivatives:
        """Return the derivatives in z at an evaluated point."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a method stopped.

    Attributes
    ----------
    z : ndarray of shape (f,)
        The free coordinates.
    point : JointPoint
        The problem there.
    converged : bool
        Whether the Newton decrement is at rounding level.
    steps : int
        Number of steps taken.
    decrement : float
        g' H^-1 g per case; infinite where nothing was tried.
    """

    z: Array
    point: JointPoint
    converged: bool
    steps: int
    decrement: float
