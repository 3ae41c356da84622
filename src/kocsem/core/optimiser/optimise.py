"""From a start to an optimum.

In: a problem, a start, the space that equality constraints leave, bounds. Out: an
`Optimum`. Scoring needs half a dozen steps where the model is sound. Where it does not
settle, a trust-region Newton method begins again from the start: it copes with saddles
and with directions about which the data say little; where it runs away, the optimum is
looked for beyond infinity, then from the starts again, in short steps, and at last on
from the lowest point.
Everything is judged by the Newton decrement, which does not change when items are
rescaled. The methods are those of `scoring`, `trust_region` and `valley`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.optimiser.box import Box
from kocsem.core.optimiser.objective import Objective, Reached
from kocsem.core.optimiser.scoring import scoring
from kocsem.core.optimiser.trust_region import FIRST_RADIUS, descend
from kocsem.core.optimiser.valley import far_side
from kocsem.core.problem import Derivatives, JointPoint, Problem

SCORING_STEPS = 25
NEWTON_STEPS = 50
VALLEYS = 3
SHORT = 0.1  # first radius of the steps near a start
LAST = 4  # how often a point that no method settles is gone on from


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
class Bounds:
    """Between what the parameters stay.

    Attributes
    ----------
    lower, upper : ndarray of shape (k,)
        Infinite where there is no bound.
    """

    lower: Array
    upper: Array

    def box(self, space: AffineSpace) -> Box:
        """Return the bounds of the free coordinates.

        Parameters
        ----------
        space : AffineSpace
            Constraints that give parameters one value, and nothing else: each row of K
            has a single 1.

        Returns
        -------
        Box
            A coordinate is within the bounds of all the parameters it stands for.
        """
        own = np.argmax(space.K, axis=1)
        lower = np.full(space.K.shape[1], -np.inf)
        upper = -lower
        np.maximum.at(lower, own, self.lower)
        np.minimum.at(upper, own, self.upper)
        return Box(lower=lower, upper=upper)


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
    """A problem as a function of the free coordinates z."""

    problem: Problem
    space: AffineSpace

    def at(self, z: Array) -> JointPoint | None:
        """Evaluate the discrepancy; None where it does not exist."""
        return self.problem.at(self.space.point(z))

    def derivatives(self, point: JointPoint) -> Derivatives:
        """Return the derivatives in z."""
        found, space = self.problem.derivatives(point), self.space
        if space.unrestricted:
            return found
        return Derivatives(
            gradient=space.gradient(found.gradient),
            observed=lambda: space.information(found.observed()),
            expected=lambda: space.information(found.expected()),
        )


@dataclass(frozen=True, slots=True)
class _Course:
    """A start and two points on the way from it; the later is the last."""

    begin: Reached
    early: Reached
    late: Reached


def minimise(
    *,
    problem: Problem,
    start: Array,
    space: AffineSpace,
    max_iterations: int = 1000,
) -> Optimum | None:
    """Minimise a discrepancy from one start.

    Parameters
    ----------
    problem : Problem
        What is minimised.
    start : ndarray of shape (k,)
        Where to begin.
    space : AffineSpace
        What the equality constraints leave.
    max_iterations : int, default 1000
        Largest number of steps, of all methods together.

    Returns
    -------
    Optimum or None
        None when the discrepancy does not exist at the start.
    """
    return search(
        problem=problem, starts=[start], space=space, max_iterations=max_iterations
    )


def search(
    *,
    problem: Problem,
    starts: Iterable[Array],
    space: AffineSpace,
    bounds: Bounds | None = None,
    max_iterations: int = 1000,
) -> Optimum | None:
    """Minimise a discrepancy from the first start that leads to an optimum.

    Parameters
    ----------
    problem : Problem
        What is minimised.
    starts : iterable of ndarray of shape (k,)
        Where to begin, the best guess first.
    space : AffineSpace
        What the equality constraints leave.
    bounds : Bounds, optional
        Between what the parameters stay; only where the constraints do no more than
        give several parameters one value.
    max_iterations : int, default 1000
        Largest number of steps from one start, of all methods together.

    Returns
    -------
    Optimum or None
        The lowest point where none converged; None when the discrepancy does not exist
        at any start.
    """
    objective = _Restricted(problem, space)
    box = None if bounds is None else bounds.box(space)
    tried: list[_Course] = []
    for start in starts:
        course = _course(objective, space.coordinates(start), box, max_iterations)
        if course is not None:
            tried.append(course)
            if course.late.converged:
                return _optimum(course)
    if not tried:
        return None
    return _optimum(_rescued(objective, tried, box, max_iterations))


def _rescued(
    objective: Objective, tried: list[_Course], box: Box | None, most: int
) -> _Course:
    """Go on where no start has led to an optimum; return what did, or the lowest.

    Beyond infinity, from the starts again in short steps, and on from the lowest point.
    """
    tried.sort(key=lambda course: course.late.point.discrepancy)
    for number, course in enumerate(tried):
        tried[number] = _beyond(objective, course, box, most)
        if tried[number].late.converged:
            return tried[number]
    for course in tried:
        begin = replace(course.begin, steps=course.late.steps)
        near = _descended(objective, begin, box, most, radius=SHORT)
        again = _Course(begin, near, _descended(objective, near, box, most))
        again = _beyond(objective, again, box, most)
        if again.late.converged:
            return again
    lowest = min(tried, key=lambda course: course.late.point.discrepancy)
    for _ in range(LAST):
        late = _descended(objective, lowest.late, box, most)
        lowest = replace(lowest, late=late)
        if late.converged:
            break
    return lowest


def _optimum(course: _Course) -> Optimum:
    """Report where a course ended."""
    last = course.late
    return Optimum(
        point=last.point,
        converged=last.converged,
        iterations=last.steps,
        decrement=last.decrement,
    )


def _course(
    objective: Objective, z: Array, box: Box | None, most: int
) -> _Course | None:
    """Take scoring steps; where they do not settle, begin again within a region."""
    if box is not None:
        z = box.nearest(z)
    point = objective.at(z)
    if point is None:
        return None
    begin = Reached(z, point, not z.size, 0, 0.0 if not z.size else np.inf)
    if begin.converged:
        return _Course(begin, begin, begin)
    scored = scoring(
        objective=objective, z=z, point=point, most=min(SCORING_STEPS, most), box=box
    )
    if scored.converged or scored.steps >= most:
        return _Course(begin, begin, scored)
    early = _descended(objective, replace(begin, steps=scored.steps), box, most)
    if early.converged:
        return _Course(begin, begin, early)
    return _Course(begin, early, _descended(objective, early, box, most))


def _descended(
    objective: Objective,
    begin: Reached,
    box: Box | None,
    most: int,
    *,
    radius: float = FIRST_RADIUS,
) -> Reached:
    """Go on within a region of trust."""
    found = descend(
        objective=objective,
        z=begin.z,
        point=begin.point,
        most=min(NEWTON_STEPS, most - begin.steps),
        box=box,
        radius=radius,
    )
    return replace(found, steps=begin.steps + found.steps)


def _beyond(
    objective: Objective, course: _Course, box: Box | None, most: int
) -> _Course:
    """Follow the valley that a course ran into, and go on from its floor."""
    for _ in range(VALLEYS):
        last = course.late
        if last.converged or last.steps >= most:
            break
        floor = far_side(objective=objective, early=course.early, late=last, box=box)
        if floor is None:
            break
        early = replace(floor, steps=last.steps + floor.steps)
        late = _descended(objective, early, box, most)
        course = replace(course, early=early, late=late)
    return course
