"""What is minimised: one discrepancy function a group, added up over the groups.

In: a `Discrepancy` for each group, and the groups' shares of the cases. Out: a
`Problem` in the parameters of all groups. Each group has parameters of its own, one
stretch of x after the other; what is equal across groups is a constraint. Information
is therefore block diagonal, whichever the estimator.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import scipy.linalg

from kocsem.core.moments import Array
from kocsem.core.structure import Implied


@dataclass(frozen=True, slots=True)
class Point:
    """The discrepancy function of one group at one parameter vector.

    Attributes
    ----------
    x : ndarray of shape (k,)
        The parameters of the group.
    implied : Implied
        Implied moments there.
    W : ndarray of shape (p, p)
        Inverse of the implied covariance matrix; NaN where least squares led to one
        that is singular.
    discrepancy : float
        F.
    """

    x: Array
    implied: Implied
    W: Array
    discrepancy: float


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Derivatives of half a discrepancy at a point.

    Attributes
    ----------
    gradient : ndarray of shape (k,)
        Of F / 2.
    observed : callable
        Returns the Hessian of F / 2, shape (k, k).
    expected : callable
        Returns its positive semidefinite stand-in, the expected information per case.
    """

    gradient: Array
    observed: Callable[[], Array]
    expected: Callable[[], Array]


class Discrepancy(Protocol):
    """The discrepancy function of one group."""

    @property
    def k(self) -> int:
        """Number of parameters."""

    def at(self, x: Array) -> Point | None:
        """Evaluate at x, shape (k,); None where the function does not exist."""

    def derivatives(self, point: Point) -> Derivatives:
        """Return the derivatives at an evaluated point."""


@dataclass(frozen=True, slots=True)
class JointPoint:
    """All groups at one parameter vector.

    Attributes
    ----------
    x : ndarray of shape (k,)
        Parameters of all groups, one group after the other.
    parts : tuple of Point
        The groups.
    discrepancy : float
        Sum of the groups' discrepancies, each times its share of the cases.
    """

    x: Array
    parts: tuple[Point, ...]
    discrepancy: float


@dataclass(frozen=True)
class Problem:
    """The discrepancy of all groups together.

    Attributes
    ----------
    groups : tuple of Discrepancy
        One a group.
    shares : tuple of float
        Cases of each group over all cases.
    """

    groups: tuple[Discrepancy, ...]
    shares: tuple[float, ...]

    @cached_property
    def k(self) -> int:
        """Number of parameters of all groups."""
        return sum(group.k for group in self.groups)

    def split(self, x: Array) -> Iterator[Array]:
        """Give each group its stretch of a vector, shape (k,)."""
        end = 0
        for group in self.groups:
            start, end = end, end + group.k
            yield x[start:end]

    def at(self, x: Array) -> JointPoint | None:
        """Evaluate at x, shape (k,); None where a group's function does not exist."""
        parts, total = [], 0.0
        for group, share, own in zip(
            self.groups, self.shares, self.split(x), strict=True
        ):
            point = group.at(own)
            if point is None:
                return None
            parts.append(point)
            total += share * point.discrepancy
        return JointPoint(x=x, parts=tuple(parts), discrepancy=total)

    def derivatives(self, point: JointPoint) -> Derivatives:
        """Return the derivatives at an evaluated point."""
        pairs = zip(self.groups, point.parts, strict=True)
        parts = [group.derivatives(part) for group, part in pairs]
        if len(parts) == 1:
            return parts[0]
        return Derivatives(
            gradient=np.concatenate(
                [s * d.gradient for s, d in zip(self.shares, parts, strict=True)]
            ),
            observed=lambda: self._joined([part.observed() for part in parts]),
            expected=lambda: self._joined([part.expected() for part in parts]),
        )

    def _joined(self, blocks: list[Array]) -> Array:
        """Put the groups' information on the diagonal, each times its share."""
        weighted = [s * b for s, b in zip(self.shares, blocks, strict=True)]
        return np.asarray(scipy.linalg.block_diag(*weighted))
