"""A model posed for a sample: what is minimised, and where to begin.

In: a parameter table, a sample, the constraints and the family of the discrepancy. Out:
`Posed`, from which a fit, and every refit of a bootstrap, starts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.problem import Problem
from kocsem.data.group_sample import GroupSample
from kocsem.data.sample import Sample
from kocsem.model.layout import MatrixLayout, lay_out
from kocsem.model.parts import part
from kocsem.model.table import ParameterTable
from kocsem.results.family import Family

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

    @property
    def covariates(self) -> tuple[str, ...]:
        """The observed variables whose own moments are fixed at the sample's."""
        return tuple(dict.fromkeys(r.lhs for r in self.parts[0] if r.exogenous))

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
