"""The refits of a bootstrap that go one sample at a time.

In: a model as it was posed, and rows of its sample. Out: the moments of these rows and
what is minimised for them, and blocks that fit many such samples: of ordered items from
the moments of all draws, and for the jackknife of any family.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kocsem.core.bootstrap.batched import Bootstrap, Jackknife
from kocsem.core.bootstrap.replicates import (
    Block,
    Redraw,
    Refit,
    Replicates,
    Status,
    refit,
)
from kocsem.core.bootstrap.resampling import Units, drawn_rows, multiplicities
from kocsem.core.least_squares import LeastSquares, unbiased
from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace, Bounds
from kocsem.core.ordinal.draws import OrdinalDraws, ordinal_draws
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Problem
from kocsem.core.structure import Index
from kocsem.data.group_sample import GroupSample, Rows, complete_group, incomplete_group
from kocsem.data.ordered import ordinal_group
from kocsem.errors import DataError
from kocsem.estimation.pose import Posed, pose
from kocsem.model.options import Options
from kocsem.results.family import Family


@dataclass(frozen=True)
class Redrawn:
    """The model posed for other rows of its sample.

    Attributes
    ----------
    posed : Posed
        The model and the full sample.
    family : Family
        Which discrepancy is minimised.
    options : Options
        What was asked.
    rows : tuple of Rows
        The rows of every group.
    """

    posed: Posed
    family: Family
    options: Options
    rows: tuple[Rows, ...]

    def __call__(self, drawn: Index) -> Problem | None:
        """Pose the model for some rows; None where they cannot carry it.

        Parameters
        ----------
        drawn : ndarray of int
            Rows of the sample, one group after the other, repeated as often as drawn.

        Returns
        -------
        Problem or None
            What is minimised.
        """
        groups = self.groups(drawn)
        if groups is None:
            return None
        sample = replace(self.posed.sample, groups=groups)
        posed = pose(self.posed.table, sample, self.posed.space, self.family)
        return posed.problem

    def groups(self, drawn: Index) -> tuple[GroupSample, ...] | None:
        """Compute the moments of some rows; None where they have none.

        Parameters
        ----------
        drawn : ndarray of int
            As when called.

        Returns
        -------
        tuple of GroupSample or None
            One a group.
        """
        groups, first = [], 0
        for rows in self.rows:
            last = first + len(rows.cases)
            own = drawn[(drawn >= first) & (drawn < last)] - first
            try:
                groups.append(self._group(rows, own))
            except DataError:
                return None
            first = last
        return tuple(groups)

    def covariances(self, drawn: Index) -> Array:
        """Return the sample covariance matrix of every group, shape (groups, p, p).

        NaN where the rows have none.
        """
        groups = self.groups(drawn)
        if groups is None:
            p = len(self.posed.sample.names)
            return np.full((len(self.rows), p, p), np.nan)
        return np.stack([group.moments.S for group in groups])

    def _group(self, rows: Rows, own: Index) -> GroupSample:
        """Compute the moments of some rows of a group."""
        weights = None if rows.weights is None else rows.weights[own]
        chosen = Rows(rows.label, rows.cases.iloc[own], weights, None)
        if self.options.missing == "fiml":
            return incomplete_group(chosen)
        if self.options.ordered:
            counts = Counter(r.lhs for r in self.posed.parts[0] if r.op == "|")
            levels = [(name, count + 1) for name, count in counts.items()]
            return ordinal_group(levels, self.posed.covariates)(chosen)
        group = complete_group(chosen)
        if self.options.discrepancy == "ML":
            return group
        return replace(group, moments=unbiased(moments=group.moments))


@dataclass(frozen=True)
class LeaveOut:
    """The jackknife of any estimator, one group of units after the other: a block.

    Attributes
    ----------
    units : Units
        What is left out.
    groups : list of ndarray of int
        Units that are left out together.
    problem : callable
        Poses the model for the rows that are left.
    starts : tuple of ndarray of shape (k,)
        Starts, tried in this order.
    space : AffineSpace
        What the equality constraints leave.
    bounds : Bounds or None
        Between what the parameters are kept.
    """

    units: Units
    groups: list[Index]
    problem: Callable[[Index], Problem | None]
    starts: tuple[Array, ...]
    space: AffineSpace
    bounds: Bounds | None = None

    def __call__(self, numbers: range) -> Replicates:
        """Fit the samples without the groups of these numbers."""
        found, sizes = [], []
        for number in numbers:
            rows = self.kept(number)
            problem = self.problem(rows)
            sizes.append(float(rows.size))
            found.append(_refitted(problem, self.starts, self.space, self.bounds))
        return _replicates(found, sizes)

    def kept(self, number: int) -> Index:
        """List the rows that stay when a group of units is left out."""
        gone = np.isin(self.units.of_case, self.groups[number])
        return np.flatnonzero(~gone)


@dataclass(frozen=True)
class OrdinalRedraw:
    """The bootstrap of least squares with ordered items: a block.

    Attributes
    ----------
    posed : Posed
        The model and the full sample.
    diagonal : bool
        Whether moments are weighted by the inverse of their variances (DWLS).
    units : Units
        What is drawn.
    starts : tuple of ndarray of shape (k,)
        Starts, tried in this order.
    seed : int
        Seed of the whole bootstrap.
    bounds : Bounds or None
        Between what the parameters are kept.
    """

    posed: Posed
    diagonal: bool
    units: Units
    starts: tuple[Array, ...]
    seed: int
    bounds: Bounds | None = None

    def __call__(self, draws: range) -> Replicates:
        """Fit the draws of these numbers, from the moments of all of them."""
        counts = multiplicities(units=self.units, seed=self.seed, draws=draws)
        moments = self._moments(counts)
        found, sizes = [], counts.sum(axis=1)
        for draw in range(len(draws)):
            own = [(group.vector[draw], group.spread[draw]) for group in moments]
            found.append(
                _refitted(
                    self._problem(own), self.starts, self.posed.space, self.bounds
                )
            )
        return _replicates(found, [float(size) for size in sizes])

    def covariances(self, draws: range) -> Array:
        """Return the sample covariance matrices, shape (draws, groups, p, p).

        NaN in a draw that has none.
        """
        counts = multiplicities(units=self.units, seed=self.seed, draws=draws)
        return np.stack([group.S for group in self._moments(counts)], axis=1)

    def _moments(self, counts: Array) -> list[OrdinalDraws]:
        """Estimate the moments of every group in all draws."""
        moments, first = [], 0
        for group, layout in zip(
            self.posed.sample.groups, self.posed.layouts, strict=True
        ):
            rows, ordered = group.rows, layout.structure.ordered
            assert rows is not None
            assert ordered is not None
            last = first + len(rows.cases)
            moments.append(
                ordinal_draws(
                    Y=rows.cases.to_numpy(),
                    levels=ordered.levels,
                    covariates=ordered.covariates,
                    counts=counts[:, first:last],
                )
            )
            first = last
        return moments

    def _problem(self, moments: list[tuple[Array, Array]]) -> Problem | None:
        """Return what is minimised in one draw."""
        posed = self.posed
        if not all(np.isfinite(vector).all() for vector, _ in moments):
            return None
        groups = []
        for (vector, spread), layout, sample in zip(
            moments, posed.layouts, posed.sample.groups, strict=True
        ):
            weight = 1.0 / spread if self.diagonal else np.ones_like(vector)
            groups.append(
                LeastSquares(
                    moments=OrdinalStructure(layout.structure),
                    sample=vector,
                    weight=weight,
                    n=sample.moments.n,
                )
            )
        return Problem(groups=tuple(groups), shares=posed.problem.shares)


def sample_covariances(block: Block, numbers: range, redrawn: Redrawn) -> Array:
    """Return the sample covariance matrices of some samples of a block.

    Parameters
    ----------
    block : callable
        What fits the samples.
    numbers : range
        Which of them.
    redrawn : Redrawn
        The rows that they are made of.

    Returns
    -------
    ndarray of shape (number, groups, p, p)
        NaN in a sample that has none.
    """
    if isinstance(block, Bootstrap | Jackknife):
        p = len(redrawn.posed.sample.names)
        return block.samples(numbers).S[:, :, :p, :p]
    if isinstance(block, OrdinalRedraw):
        return block.covariances(numbers)
    if isinstance(block, LeaveOut):
        rows = [block.kept(number) for number in numbers]
    else:
        assert isinstance(block, Redraw)
        rows = [
            drawn_rows(units=block.units, seed=block.seed, draw=draw)
            for draw in numbers
        ]
    return np.stack([redrawn.covariances(own) for own in rows])


def _refitted(
    problem: Problem | None,
    starts: tuple[Array, ...],
    space: AffineSpace,
    bounds: Bounds | None,
) -> Refit:
    """Fit one sample, if it can be fitted."""
    if problem is None:
        return Refit(np.full(starts[0].size, np.nan), np.nan, Status.UNUSABLE)
    return refit(problem=problem, starts=starts, space=space, bounds=bounds)


def _replicates(found: list[Refit], sizes: list[float]) -> Replicates:
    """Put the fits of a block together."""
    return Replicates(
        x=np.stack([one.x for one in found]),
        discrepancy=np.array([one.discrepancy for one in found]),
        n=np.array(sizes),
        status=np.array([one.status for one in found]),
    )
