"""From a parameter table and a sample to a `Fit`.

In: what was asked, as records. Out: the fitted model. Each step is a function of a room
below; the order of the steps is this module's only knowledge.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.optimise import AffineSpace, Optimum, minimise
from kocsem.core.problem import Problem
from kocsem.data.group_sample import GroupSample
from kocsem.data.sample import Sample
from kocsem.errors import EstimationError, IdentificationError
from kocsem.estimation.semopy_engine import semopy_optimum
from kocsem.estimation.starts import plain_starts, start_values
from kocsem.model.constraints import constraint_space
from kocsem.model.layout import MatrixLayout, lay_out
from kocsem.model.options import Options
from kocsem.model.parts import part
from kocsem.model.table import ParameterTable
from kocsem.results.admissibility import weak_parameters
from kocsem.results.families import family_for
from kocsem.results.family import Family
from kocsem.results.fit import Fit
from kocsem.results.solution import Solution

UNIDENTIFIED = 1e-11
SETTLED = 1e-9  # Newton decrement from which on the information is the optimum's

Starts = Callable[[ParameterTable, MatrixLayout, SampleMoments], Array]


def exogenous_values(
    table: ParameterTable, sample: GroupSample, names: tuple[str, ...]
) -> dict[tuple[str, str, str], float]:
    """Look up the sample value of every fixed exogenous moment.

    Parameters
    ----------
    table : ParameterTable
        The parameters of one group.
    sample : GroupSample
        Its data.
    names : tuple of str
        The observed variables.

    Returns
    -------
    dict
        Value by the row's key.
    """
    at = {name: i for i, name in enumerate(names)}
    S, ybar = sample.moments.S, sample.moments.ybar
    return {
        row.key: float(
            ybar[at[row.lhs]] if row.op == "~1" else S[at[row.lhs], at[row.rhs]]
        )
        for row in table
        if row.exogenous
    }


@dataclass(frozen=True)
class Posed:
    """A model posed for a sample: what is minimised, and where to begin.

    Attributes
    ----------
    table : ParameterTable
        The model.
    parts : tuple of ParameterTable
        The model of each group.
    layouts : tuple of MatrixLayout
        Its places in the matrices.
    sample : Sample
        The data.
    space : AffineSpace
        What the equality constraints leave.
    problem : Problem
        What is minimised.
    """

    table: ParameterTable
    parts: tuple[ParameterTable, ...]
    layouts: tuple[MatrixLayout, ...]
    sample: Sample
    space: AffineSpace
    problem: Problem

    def start(self, starts: Starts) -> Array:
        """Choose start values of all groups; thresholds begin at the sample's."""
        groups = zip(self.parts, self.layouts, self.sample.groups, strict=True)
        found = []
        for table, layout, sample in groups:
            x = starts(table, layout, sample.moments)
            if sample.ordinal is not None:
                for row, cell in zip(table, layout.cells, strict=True):
                    if row.op == "|" and row.free and row.start is None:
                        x[row.free - 1] = sample.ordinal.tau[cell.row]
            found.append(x)
        return np.concatenate(found)

    def completed(self, start: Array) -> Array:
        """Move the start to where the moments would lead if nothing were missing."""
        if all(group.incomplete is None for group in self.sample.groups):
            return start
        pairs = zip(self.layouts, self.sample.groups, strict=True)
        problem = Problem(
            groups=tuple(
                NormalTheory(structure=layout.structure, moments=group.moments)
                for layout, group in pairs
            ),
            shares=self.problem.shares,
        )
        found = minimise(problem=problem, start=start, space=self.space)
        return found.point.x if found is not None and found.converged else start


def pose(
    table: ParameterTable, sample: Sample, space: AffineSpace, family: Family
) -> Posed:
    """Lay the model out and bring it together with a sample.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        The data.
    space : AffineSpace
        What the equality constraints leave.
    family : Family
        Which discrepancy is minimised.

    Returns
    -------
    Posed
        Ready to be minimised.
    """
    parts = tuple(part(table, number) for number in range(1, table.groups + 1))
    layouts = tuple(
        lay_out(own, exogenous_values(own, group, sample.names))
        for own, group in zip(parts, sample.groups, strict=True)
    )
    problem = Problem(
        groups=tuple(
            family.discrepancy(layout, group)
            for layout, group in zip(layouts, sample.groups, strict=True)
        ),
        shares=tuple(group.moments.n / sample.n for group in sample.groups),
    )
    return Posed(
        table=table,
        parts=parts,
        layouts=layouts,
        sample=sample,
        space=space,
        problem=problem,
    )


def fit_table(table: ParameterTable, sample: Sample, options: Options) -> Fit:
    """Fit a parameter table to a sample.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        The data.
    options : Options
        What was asked.

    Returns
    -------
    Fit
        The fitted model.

    Raises
    ------
    IdentificationError
        When there are more parameters than moments, or a direction in the parameters
        about which the moments say nothing.
    EstimationError
        When no start gives a positive definite implied covariance matrix.
    """
    space, family = constraint_space(table), family_for(options)
    _count_moments(table, sample, space, family)
    posed = pose(table, sample, space, family)
    if options.engine == "semopy":
        start = posed.start(start_values)
        optimum = semopy_optimum(table, sample, posed.problem, space, start)
    else:
        optimum = _optimum(posed)
    solution = Solution(
        table=table,
        layouts=posed.layouts,
        sample=sample,
        space=space,
        problem=posed.problem,
        optimum=optimum,
        options=options,
        family=family,
    )
    if optimum.decrement < SETTLED and not solution.well_identified:
        _refuse_unidentified(solution)
    return Fit(solution=solution)


def _refuse_unidentified(solution: Solution) -> None:
    """Refuse a solution with a direction about which the moments say nothing."""
    if solution.identification.smallest < UNIDENTIFIED:
        names = ", ".join(weak_parameters(solution))
        raise IdentificationError(
            "The model is not identified: the data cannot tell these parameters apart: "
            f"{names}. Fix one of them, or give the factor more indicators."
        )


def _count_moments(
    table: ParameterTable, sample: Sample, space: AffineSpace, family: Family
) -> None:
    """Refuse a model with more parameters than moments."""
    moments = sum(
        family.moment_count(group, means=table.means) for group in sample.groups
    )
    moments -= sum(1 for row in table if row.exogenous)
    free = space.K.shape[1]
    if free > moments:
        raise IdentificationError(
            f"The model is not identified: {free} free parameters, but only {moments} "
            f"sample moments (df = {moments - free}). Add indicators, or fix "
            "parameters."
        )


def _optimum(posed: Posed) -> Optimum:
    """Minimise the discrepancy, from a plainer start when the first leads nowhere."""
    found: list[Optimum] = []
    for starts in (start_values, plain_starts):
        start = posed.completed(posed.start(starts))
        optimum = minimise(problem=posed.problem, start=start, space=posed.space)
        if optimum is not None:
            found.append(optimum)
            if optimum.converged:
                return optimum
    if not found:
        raise EstimationError(
            "The implied covariance matrix is not positive definite at the start "
            "values. Check the fixed values and start() values in the model."
        )
    return min(found, key=lambda optimum: optimum.point.discrepancy)
