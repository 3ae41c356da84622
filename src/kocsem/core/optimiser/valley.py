"""Optima on the far side of infinity.

In: an objective whose minimisation runs away, and two points of its course. Out: a
point at the foot of the valley that it ran into, mostly beyond infinity.

Where the item that scales a factor has hardly anything in common with it, loadings run
off to infinity while the discrepancy falls ever more slowly. Nothing happens to the
implied moments there: with t a coordinate that runs away, they are smooth functions of
1/t, and so is the lowest discrepancy for a given t, which falls on through 1/t = 0 to
an optimum with loadings of the opposite sign. The valley is followed from one 1/t to
the next, all other coordinates being settled there; they are extrapolated by Laurent
polynomials in 1/t.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.optimiser.box import Box
from kocsem.core.optimiser.objective import Objective, Reached
from kocsem.core.optimiser.scoring import scoring
from kocsem.core.optimiser.trust_region import descend
from kocsem.core.problem import Derivatives, JointPoint

OUTWARD = (1.2, 1.5, 2.0, 3.0, 4.5)  # how t grows before infinity is crossed
INWARD = 2.0  # how t shrinks from floor to floor on the far side
FLOORS = 20  # most floors on that side
DEGREE = 5  # floors that an extrapolation rests on
SCORING_STEPS = 10
NEWTON_STEPS = 40
NEARLY_SETTLED = 1e-6  # decrement of a floor that can be built on


@dataclass(frozen=True, slots=True)
class Held:
    """An objective with one coordinate held.

    Attributes
    ----------
    objective : Objective
        The whole.
    place : int
        Which coordinate.
    value : float
        Where it is held.
    """

    objective: Objective
    place: int
    value: float

    def whole(self, z: Array) -> Array:
        """Put the value into its place."""
        return np.insert(z, self.place, self.value)

    def at(self, z: Array) -> JointPoint | None:
        """Evaluate at the other coordinates."""
        return self.objective.at(self.whole(z))

    def derivatives(self, point: JointPoint) -> Derivatives:
        """Return the derivatives in the other coordinates."""
        found = self.objective.derivatives(point)

        def rest(information: Array) -> Array:
            rows = np.delete(information, self.place, axis=0)
            return np.delete(rows, self.place, axis=1)

        return Derivatives(
            gradient=np.delete(found.gradient, self.place),
            observed=lambda: rest(found.observed()),
            expected=lambda: rest(found.expected()),
        )


@dataclass(frozen=True, slots=True)
class Floor:
    """The lowest point of a valley for one value of its coordinate.

    Attributes
    ----------
    inverse : float
        1/t.
    reached : Reached
        All coordinates, the one held included.
    """

    inverse: float
    reached: Reached

    @property
    def height(self) -> float:
        """The discrepancy."""
        return self.reached.point.discrepancy


def far_side(
    *, objective: Objective, early: Reached, late: Reached, box: Box | None = None
) -> Reached | None:
    """Follow a valley until it rises.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    early, late : Reached
        Two points on the way into the valley.
    box : Box, optional
        Bounds; one that a coordinate can run into makes no valley.

    Returns
    -------
    Reached or None
        The lowest point found; None where nothing runs away.
    """
    place = _runaway(objective, early, late, box)
    if place is None:
        return None
    valley = _Valley(objective, place, box)
    first = valley.floor(1.0 / late.z[place], [late.z])
    if first is None:
        return None
    floors = [first]
    rises = valley.follow(floors, [first.inverse / times for times in OUTWARD])
    if not rises:
        across = -floors[-1].inverse
        rises = valley.follow(floors, [across * INWARD**i for i in range(FLOORS)])
    vertex = _vertex(floors) if rises else None
    if vertex is not None:
        valley.follow(floors, [vertex])
    lowest = min(floors, key=lambda floor: floor.height).reached
    return replace(lowest, steps=sum(floor.reached.steps for floor in floors))


def _runaway(
    objective: Objective, early: Reached, late: Reached, box: Box | None
) -> int | None:
    """Find the coordinate that moved furthest away from zero, in standard errors."""
    information = objective.derivatives(early.point).expected()
    scale = np.sqrt(np.maximum(np.diag(information), 0.0))
    away = np.abs(late.z) - np.abs(early.z)
    if box is not None:
        away[np.isfinite(box.lower) | np.isfinite(box.upper)] = 0.0
    place = int(np.argmax(away * scale))
    return place if away[place] > 0 else None


@dataclass(frozen=True, slots=True)
class _Valley:
    """A valley of an objective and the coordinate that runs away in it."""

    objective: Objective
    place: int
    box: Box | None

    def floor(self, inverse: float, guesses: Iterable[Array]) -> Floor | None:
        """Settle all other coordinates; None where that cannot be done."""
        held = Held(self.objective, self.place, 1.0 / inverse)
        box = None if self.box is None else self.box.without(self.place)
        for guess in guesses:
            z = np.delete(guess, self.place)
            z = z if box is None else box.nearest(z)
            point = held.at(z)
            if point is None:
                continue
            found = scoring(
                objective=held, z=z, point=point, most=SCORING_STEPS, box=box
            )
            if found.decrement > NEARLY_SETTLED:
                spent = found.steps
                found = descend(
                    objective=held, z=z, point=point, most=NEWTON_STEPS, box=box
                )
                found = replace(found, steps=found.steps + spent)
            if found.decrement < NEARLY_SETTLED:
                return Floor(inverse, replace(found, z=held.whole(found.z)))
        return None

    def follow(self, floors: list[Floor], inverses: Iterable[float]) -> bool:
        """Add floors until one is higher than the one before; tell whether one was."""
        for inverse in inverses:
            ahead = _extrapolated(floors[-DEGREE:], inverse)
            found = self.floor(inverse, [ahead, floors[-1].reached.z])
            if found is None:
                return False
            floors.append(found)
            if found.height > floors[-2].height:
                return True
        return False


def _extrapolated(floors: list[Floor], inverse: float) -> Array:
    """Continue a valley: z / t is a polynomial in 1/t, through the floors known."""
    known = np.array([floor.inverse for floor in floors])
    if known.size == 1:
        return floors[0].reached.z
    weights = [
        np.prod((inverse - np.delete(known, i)) / (at - np.delete(known, i))) * at
        for i, at in enumerate(known)
    ]
    return np.asarray(weights @ np.stack([f.reached.z for f in floors]) / inverse)


def _vertex(floors: list[Floor]) -> float | None:
    """Return 1/t where the parabola through the last three floors is lowest."""
    if len(floors) < 3:
        return None
    (a, fa), (b, fb), (c, fc) = ((f.inverse, f.height) for f in floors[-3:])
    left, right = (b - a) * (fb - fc), (b - c) * (fb - fa)
    if left == right:
        return None
    vertex = b - 0.5 * ((b - a) * left - (b - c) * right) / (left - right)
    return vertex if vertex and min(a, c) < vertex < max(a, c) else None
