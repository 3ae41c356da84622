"""Who fits the samples of a bootstrap: one block of draws for every family.

In: a fitted model as it was posed. Out: blocks for `core.bootstrap.replicates`. ML with
complete answers is fitted by compiled code, many draws at once; ordered items from the
moments of many draws; full information, and whatever is weighted, draw by draw.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kocsem.core.bootstrap.batched import Bootstrap, Jackknife, MaximumLikelihood
from kocsem.core.bootstrap.bollen_stine import transformed
from kocsem.core.bootstrap.packed import SampleCells
from kocsem.core.bootstrap.replicates import Block, Redraw
from kocsem.core.bootstrap.resampling import Units, case_units, cluster_units
from kocsem.core.bootstrap.samples import gather_cases
from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import Bounds
from kocsem.core.structure import Index
from kocsem.data.group_sample import Rows
from kocsem.errors import DataError, UnsupportedError
from kocsem.estimation.pose import Posed
from kocsem.estimation.redraw import (
    LeaveOut,
    OrdinalRedraw,
    Redrawn,
    sample_covariances,
)
from kocsem.estimation.starts import plain_starts, start_values
from kocsem.model.options import Options
from kocsem.results.family import Family
from kocsem.results.request import Request
from kocsem.results.solution import Solution

PART = 500  # draws whose moments are made at once
GROUPS = 200  # of units that a jackknife leaves out together, where refits are slow


@dataclass(frozen=True)
class Resampler:
    """How a fit is repeated on other samples of the same rows.

    Attributes
    ----------
    posed : Posed
        The model and the sample.
    family : Family
        Which discrepancy is minimised.
    options : Options
        What was asked.
    bounds : Bounds or None
        Between what the parameters are kept.
    """

    posed: Posed
    family: Family
    options: Options
    bounds: Bounds | None = None

    @cached_property
    def rows(self) -> tuple[Rows, ...]:
        """The rows of every group."""
        found = tuple(
            group.rows for group in self.posed.sample.groups if group.rows is not None
        )
        if len(found) < len(self.posed.sample.groups):
            raise DataError(
                "The bootstrap draws from the answers themselves; this model was "
                "fitted to a covariance matrix."
            )
        return found

    @cached_property
    def units(self) -> Units:
        """What is drawn: rows within groups, or clusters."""
        clusters = [rows.clusters for rows in self.rows]
        known = [own for own in clusters if own is not None]
        if known:
            return cluster_units(clusters=known)
        return case_units(sizes=[len(rows.cases) for rows in self.rows])

    @property
    def redrawn(self) -> Redrawn:
        """What poses the model for other rows of the sample."""
        return Redrawn(
            posed=self.posed,
            family=self.family,
            options=self.options,
            rows=self.rows,
        )

    @property
    def compiled(self) -> bool:
        """Whether compiled code fits many draws at once."""
        weighted = any(rows.weights is not None for rows in self.rows)
        options = self.options
        plain = self.bounds is None and not weighted
        return plain and options.discrepancy == "ML" and options.missing != "fiml"

    def starts(self, x: Array) -> tuple[Array, ...]:
        """List where to begin: the estimate, then the starts of the full sample."""
        others = (self.posed.start(start_values), self.posed.start(plain_starts))
        return (x, *others)

    def draws(self, x: Array, seed: int) -> Block:
        """Return what fits the draws of a bootstrap.

        Parameters
        ----------
        x : ndarray of shape (k,)
            The estimate in the full sample.
        seed : int
            Seed of the whole bootstrap.

        Returns
        -------
        callable
            Makes the replicates of a range of draws.
        """
        if self.compiled:
            return Bootstrap(model=self._likelihood(x), units=self.units, seed=seed)
        if self.options.ordered and not any(r.weights is not None for r in self.rows):
            return OrdinalRedraw(
                posed=self.posed,
                diagonal=self.options.discrepancy == "DWLS",
                units=self.units,
                starts=self.starts(x),
                seed=seed,
                bounds=self.bounds,
            )
        return Redraw(
            units=self.units,
            seed=seed,
            problem=self.redrawn,
            starts=self.starts(x),
            space=self.posed.space,
            bounds=self.bounds,
        )

    def left_out(self, x: Array) -> tuple[Block, int, Index]:
        """Return what fits the samples of a jackknife, their number, and their strata.

        One unit is left out at a time where compiled code does the fits; elsewhere
        units are left out in at most 200 groups.
        """
        if self.compiled:
            single = Jackknife(model=self._likelihood(x), units=self.units)
            return single, self.units.size, self.units.stratum
        groups, strata = self._groups()
        block = LeaveOut(
            units=self.units,
            groups=groups,
            problem=self.redrawn,
            starts=self.starts(x),
            space=self.posed.space,
            bounds=self.bounds,
        )
        return block, len(groups), strata

    def covariances(self, x: Array, request: Request, *, jackknife: bool) -> Array:
        """Return sample covariance matrices of the draws, or of the jackknife.

        With missing answers they are the saturated moments, of ordered items the
        polychoric correlations; NaN in a sample that has none.
        """
        if jackknife:
            block, count, _ = self.left_out(x)
        else:
            block, count = self.draws(x, request.seed), request.replicates
        parts = [
            sample_covariances(
                block, range(start, min(start + PART, count)), self.redrawn
            )
            for start in range(0, count, PART)
        ]
        return np.concatenate(parts)

    def null_draws(self, solution: Solution, seed: int) -> Block:
        """Return what fits draws from data for which the model holds.

        Raises
        ------
        UnsupportedError
            Where Bollen and Stine's transformation is not defined: with ordered items,
            missing answers, weights, or by least squares.
        """
        if not self.compiled:
            raise UnsupportedError(
                "The Bollen-Stine bootstrap is for maximum likelihood with complete, "
                "unweighted answers."
            )
        moved = [
            transformed(
                Y=rows.cases.to_numpy(),
                Sigma=group.implied.Sigma,
                mu=group.implied.mu if solution.table.means else group.moments.ybar,
            )
            for rows, group in zip(self.rows, solution.groups, strict=True)
        ]
        model = self._likelihood(solution.x)
        model = replace(model, cases=gather_cases(groups=moved))
        return Bootstrap(model=model, units=self.units, seed=seed)

    def _likelihood(self, x: Array) -> MaximumLikelihood:
        """Return the fit as compiled code repeats it."""
        return MaximumLikelihood(
            structures=tuple(layout.structure for layout in self.posed.layouts),
            cells=self._cells,
            space=self.posed.space,
            starts=self.starts(x),
            cases=gather_cases(groups=[rows.cases.to_numpy() for rows in self.rows]),
        )

    @property
    def _cells(self) -> tuple[SampleCells, ...]:
        """Find the cells that hold sample moments of fixed covariates."""
        at = {name: i for i, name in enumerate(self.posed.sample.names)}
        found = []
        for table, layout in zip(self.posed.parts, self.posed.layouts, strict=True):
            rows = [
                (cell.matrix, cell.row, cell.col, at[row.lhs], at.get(row.rhs, -1))
                for cell, row in zip(layout.cells, table, strict=True)
                if row.exogenous
            ]
            columns = np.array(rows, dtype=np.intp).reshape(-1, 5).T
            found.append(SampleCells(*np.ascontiguousarray(columns)))
        return tuple(found)

    def _groups(self) -> tuple[list[Index], Index]:
        """Part the units of every stratum into groups that are left out together."""
        count = max(1, -(-self.units.size // GROUPS))
        found: list[Index] = []
        strata: list[int] = []
        for stratum, members in enumerate(self.units.strata):
            for start in range(0, members.size, count):
                found.append(members[start : start + count])
                strata.append(stratum)
        return found, np.array(strata, dtype=np.intp)
