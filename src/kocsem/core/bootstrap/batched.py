"""Maximum likelihood for many samples of the same cases: bootstrap and jackknife.

In: a model, its estimate in the full sample, complete cases. Out: blocks for
`replicates.replicate`, one that draws samples and one that leaves units out. Both hand
the moments of their samples to compiled code, which takes Newton steps from the full
sample's estimate; a sample that it gives up is fitted by `optimise.search`.
Source: Efron and Tibshirani (1993).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kocsem.core.bootstrap.kernel import fit_all
from kocsem.core.bootstrap.packed import NAMES, Packed, SampleCells, pack, scratch
from kocsem.core.bootstrap.replicates import Replicates, Status, refit
from kocsem.core.bootstrap.resampling import Units, multiplicities
from kocsem.core.bootstrap.samples import (
    Cases,
    Samples,
    left_out,
    log_determinants,
    resampled,
)
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.optimiser.optimise import AffineSpace
from kocsem.core.problem import Problem
from kocsem.core.structure import SYMMETRIC, Structure

SINGULAR = 1e-10  # share of an item's variance that the items before it must leave


@dataclass(frozen=True)
class MaximumLikelihood:
    """A fit to complete data that is to be repeated on other samples of the same cases.

    Attributes
    ----------
    structures : tuple of Structure
        One a group, with the same observed variables, all continuous.
    cells : tuple of SampleCells
        Cells of each group that hold sample moments.
    space : AffineSpace
        What the equality constraints leave.
    starts : tuple of ndarray of shape (k,)
        Where to begin; the first is the estimate in the full sample.
    cases : Cases
        The full sample.
    """

    structures: tuple[Structure, ...]
    cells: tuple[SampleCells, ...]
    space: AffineSpace
    starts: tuple[Array, ...]
    cases: Cases

    @cached_property
    def packed(self) -> Packed:
        """The model as compiled code reads it."""
        return pack(structures=self.structures, cells=self.cells, space=self.space)

    @cached_property
    def floors(self) -> Array:
        """Variances below which an item counts as explained by others, shape (g, w)."""
        (S,) = self.cases.moments.S
        return SINGULAR * np.diagonal(S, axis1=1, axis2=2)

    @cached_property
    def factor(self) -> Array:
        """Root of the observed information at the estimate, shape (k - r, k - r).

        R with R'R the information and, below the diagonal, R'. Raises
        `numpy.linalg.LinAlgError` where the estimate is no minimum.
        """
        problem = self.problem(self.cases.moments.of(0))
        point = problem.at(self.starts[0])
        if point is None:
            raise np.linalg.LinAlgError("Sigma is not positive definite at the start.")
        information = self.space.information(problem.derivatives(point).observed())
        lower = np.linalg.cholesky(information)
        return np.asarray(lower + np.tril(lower, -1).T)

    def problem(self, moments: tuple[SampleMoments, ...]) -> Problem:
        """Return what is minimised in one sample, given the moments of its groups."""
        n = sum(own.n for own in moments)
        every = zip(self.structures, self.cells, moments, strict=True)
        return Problem(
            groups=tuple(NormalTheory(_with_moments(*one), one[2]) for one in every),
            shares=tuple(own.n / n for own in moments),
        )

    def fit(self, samples: Samples) -> Replicates:
        """Fit samples that resemble the full one, to the precision of `search`."""
        n = samples.n.sum(axis=1)
        shares = samples.n / n[:, None]
        own = log_determinants(samples.S, self.floors) + samples.S.shape[2]
        x = np.tile(self.starts[0], (n.size, 1))
        discrepancy, status = fit_all(
            self.packed,
            scratch(structures=self.structures, free=self.space.K.shape[1]),
            samples.moments,
            shares,
            (shares * own).sum(axis=1),
            x,
            self.factor,
        )
        for number in np.flatnonzero(status == Status.UNSETTLED):
            problem = self.problem(samples.of(int(number)))
            again = refit(problem=problem, starts=self.starts, space=self.space)
            x[number], discrepancy[number] = again.x, again.discrepancy
            status[number] = again.status
        x[status == Status.UNUSABLE] = np.nan
        return Replicates(x, discrepancy, n, status.astype(np.intp))


def _with_moments(
    structure: Structure, cells: SampleCells, moments: SampleMoments
) -> Structure:
    """Put sample moments into the template where it holds such."""
    if not cells.matrix.size:
        return structure
    covariance = moments.S[cells.first, cells.second]
    values = np.where(cells.second < 0, moments.ybar[cells.first], covariance)
    parts = {name: getattr(structure.template, name).copy() for name in NAMES}
    for matrix, row, col, value in zip(
        cells.matrix, cells.row, cells.col, values, strict=True
    ):
        part = parts[NAMES[matrix]]
        part[(row, col)[: part.ndim]] = value
        if matrix in SYMMETRIC:
            part[col, row] = value
    return replace(structure, template=replace(structure.template, **parts))


@dataclass(frozen=True)
class Bootstrap:
    """The bootstrap of a maximum likelihood fit: a block.

    Attributes
    ----------
    model : MaximumLikelihood
        The fit to the full sample; for a test, to the data of `bollen_stine`.
    units : Units
        What is drawn.
    seed : int
        Seed of the whole bootstrap.
    """

    model: MaximumLikelihood
    units: Units
    seed: int

    def __call__(self, draws: range) -> Replicates:
        """Fit the draws of these numbers."""
        return self.model.fit(self.samples(draws))

    def samples(self, draws: range) -> Samples:
        """Compute the moments of the draws of these numbers."""
        counts = multiplicities(units=self.units, seed=self.seed, draws=draws)
        return resampled(cases=self.model.cases, multiplicities=counts)


@dataclass(frozen=True)
class Jackknife:
    """The jackknife of a maximum likelihood fit: a block.

    Attributes
    ----------
    model : MaximumLikelihood
        The fit to the full sample.
    units : Units
        What is left out, one at a time.
    """

    model: MaximumLikelihood
    units: Units

    def __call__(self, numbers: range) -> Replicates:
        """Fit the samples without the units of these numbers."""
        return self.model.fit(self.samples(numbers))

    def samples(self, numbers: range) -> Samples:
        """Compute the moments of the samples without the units of these numbers."""
        return left_out(cases=self.model.cases, units=self.units, numbers=numbers)
