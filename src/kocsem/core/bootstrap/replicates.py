"""Estimates of many samples, made in blocks, by whoever has time.

In: a function that turns a block of numbers into `Replicates`. Out: the replicates of
all blocks, in order. What runs the blocks is anything that behaves like `map`: the
builtin, the map of an executor, or joblib on threads, processes or a dask cluster.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kocsem.core.bootstrap.resampling import STREAM, Units, drawn_rows
from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace, Bounds, search
from kocsem.core.problem import Problem
from kocsem.core.structure import Index


class Status(IntEnum):
    """How the fit of one sample ended."""

    CONVERGED = 0
    UNSETTLED = 1  # no start led to an optimum
    OUTSIDE = 2  # no start has a positive definite implied covariance matrix
    UNUSABLE = 3  # the sample itself cannot be fitted, a constant item for instance


@dataclass(frozen=True, slots=True)
class Replicates:
    """Estimates of R samples.

    Attributes
    ----------
    x : ndarray of shape (R, k)
        Estimates; NaN where there are none.
    discrepancy : ndarray of shape (R,)
        F; NaN where there are no estimates.
    n : ndarray of shape (R,)
        Number of cases, so that n F is the test statistic.
    status : ndarray of int, shape (R,)
        The `Status` of each fit.
    """

    x: Array
    discrepancy: Array
    n: Array
    status: Index

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Which samples have estimates, shape (R,)."""
        return np.asarray(self.status == Status.CONVERGED)

    def count(self, status: Status) -> int:
        """Count the fits that ended in one way."""
        return int((self.status == status).sum())


Block = Callable[[range], Replicates]


class Run(Protocol):
    """Anything that behaves like `map`, and gives back results in order."""

    def __call__(
        self, block: Block, numbers: Iterable[range], /
    ) -> Iterable[Replicates]:
        """Apply the block to every range of numbers."""


def replicate(
    *,
    block: Block,
    count: int,
    run: Run = map,
    progress: Callable[[int], None] | None = None,
) -> Replicates:
    """Make replicates in blocks.

    Parameters
    ----------
    block : callable
        Makes the replicates of a range of numbers.
    count : int
        How many there are, numbered from 0.
    run : callable, default `map`
        Runs the blocks. With threads or processes the numbers are the same: a block
        knows its numbers, and nothing else matters.
    progress : callable, optional
        Called with the number of replicates made so far, after each block.

    Returns
    -------
    Replicates
        In the order of their numbers.
    """
    starts = range(0, count, STREAM)
    numbers = [range(start, min(start + STREAM, count)) for start in starts]
    parts, made = [], 0
    for part in run(block, numbers):
        parts.append(part)
        made += part.status.size
        if progress is not None:
            progress(made)
    return Replicates(
        x=np.concatenate([part.x for part in parts]),
        discrepancy=np.concatenate([part.discrepancy for part in parts]),
        n=np.concatenate([part.n for part in parts]),
        status=np.concatenate([part.status for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class Refit:
    """The estimates of one sample.

    Attributes
    ----------
    x : ndarray of shape (k,)
        NaN where the fit did not converge.
    discrepancy : float
        F; NaN where the fit did not converge.
    status : Status
        How it ended.
    """

    x: Array
    discrepancy: float
    status: Status


def refit(
    *,
    problem: Problem,
    starts: tuple[Array, ...],
    space: AffineSpace,
    bounds: Bounds | None = None,
) -> Refit:
    """Fit one sample from the first start that leads to an optimum.

    Parameters
    ----------
    problem : Problem
        What is minimised.
    starts : tuple of ndarray of shape (k,)
        Starts, tried in this order.
    space : AffineSpace
        What the equality constraints leave.
    bounds : Bounds, optional
        Between what the parameters stay.

    Returns
    -------
    Refit
        The estimates, or why there are none.
    """
    optimum = search(problem=problem, starts=starts, space=space, bounds=bounds)
    if optimum is not None and optimum.converged:
        return Refit(optimum.point.x, optimum.point.discrepancy, Status.CONVERGED)
    status = Status.OUTSIDE if optimum is None else Status.UNSETTLED
    return Refit(np.full(starts[0].size, np.nan), np.nan, status)


@dataclass(frozen=True)
class Redraw:
    """The bootstrap of any estimator, one draw after the other: a block.

    Attributes
    ----------
    units : Units
        What is drawn.
    seed : int
        Seed of the whole bootstrap.
    problem : callable
        Turns the rows of a draw into what is minimised; None where these rows cannot be
        fitted. Has to be picklable where processes run the blocks.
    starts : tuple of ndarray of shape (k,)
        Starts, tried in this order; the estimate of the full sample comes first.
    space : AffineSpace
        What the equality constraints leave.
    bounds : Bounds, optional
        Between what the parameters stay.
    """

    units: Units
    seed: int
    problem: Callable[[Index], Problem | None]
    starts: tuple[Array, ...]
    space: AffineSpace
    bounds: Bounds | None = None

    def __call__(self, draws: range) -> Replicates:
        """Fit the draws of these numbers."""
        rows = [drawn_rows(units=self.units, seed=self.seed, draw=d) for d in draws]
        found = [self._fit(own) for own in rows]
        return Replicates(
            x=np.stack([one.x for one in found]),
            discrepancy=np.array([one.discrepancy for one in found]),
            n=np.array([float(own.size) for own in rows]),
            status=np.array([one.status for one in found]),
        )

    def _fit(self, rows: Index) -> Refit:
        """Fit one draw."""
        problem = self.problem(rows)
        if problem is None:
            nowhere = np.full(self.starts[0].size, np.nan)
            return Refit(nowhere, np.nan, Status.UNUSABLE)
        return refit(
            problem=problem, starts=self.starts, space=self.space, bounds=self.bounds
        )
