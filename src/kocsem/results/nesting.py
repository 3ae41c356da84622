"""Whether one model is nested in another, and where in it.

In: two solutions for the same data. Out: an `Embedding`: the parameters of the wider
model that reproduce the moments which the restricted one implies. Where the restricted
model only fixes or ties parameters of the wider one they are read off; otherwise the
wider model is fitted to those moments. Source: Bentler and Satorra (2010); Asparouhov
and Muthen (2019), with lavaan's bounds.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg

from kocsem.core.comparison.difference_tests import tangent_by_moments
from kocsem.core.comparison.population import moments_of, population_discrepancy
from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.problem import Problem
from kocsem.core.structure import Implied, Structure, fill, implied_moments
from kocsem.errors import EstimationError
from kocsem.model.layout import lay_out
from kocsem.model.table import Parameter
from kocsem.results.group import Group
from kocsem.results.solution import Solution

PERFECT = 1e-7  # a discrepancy below this is none
APART = 1e-6  # a discrepancy above this is one
WITHIN = 1e-7  # distance from a space of parameters that is rounding


@dataclass(frozen=True, slots=True)
class Embedding:
    """Where the restricted model stands within the wider one.

    Attributes
    ----------
    x : ndarray of shape (k1,)
        Parameters of the wider model.
    discrepancy : float
        Between the moments there and those that the restricted model implies; 0 where
        the parameters could be read off.
    settled : bool
        Whether the search for these parameters reached a minimum.
    tangent : ndarray of shape (k1, k0 - r0), or None
        Directions in the wider model's parameters that the restricted one leaves; None
        where it is not a restriction of the same parameters.
    """

    x: Array
    discrepancy: float
    settled: bool = True
    tangent: Array | None = None

    @property
    def nested(self) -> bool | None:
        """Whether the restricted model is nested; None where that is in doubt."""
        if self.discrepancy < PERFECT:
            return True
        return False if self.settled and self.discrepancy > APART else None


def embed(wider: Solution, restricted: Solution) -> Embedding:
    """Look for the restricted model within the wider one.

    Parameters
    ----------
    wider, restricted : Solution
        Fits to the same data, their groups in the same order.

    Returns
    -------
    Embedding
        Parameters of the wider model that come nearest to the restricted one.

    Raises
    ------
    EstimationError
        When the search cannot begin at the wider model's estimates.
    """
    return _by_parameter(wider, restricted) or _by_moments(wider, restricted)


def moment_tangent(wider: Solution, restricted: Solution) -> Array:
    """Find the restricted model's directions in the wider one by their moments.

    Parameters
    ----------
    wider, restricted : Solution
        As in `embed`.

    Returns
    -------
    ndarray of shape (k1, k0 - r0)
        Directions in the wider model's parameters, each model at its own estimates.
    """
    names = wider.sample.names
    own = [moments_of(g.structure).jacobian(g.implied) for g in wider.groups]
    others = [
        moments_of(structure).jacobian(implied)
        for structure, implied in (_aligned(g, names) for g in restricted.groups)
    ]
    return tangent_by_moments(
        wider=(scipy.linalg.block_diag(*own), wider.space.K),
        restricted=(scipy.linalg.block_diag(*others), restricted.space.K),
    )


def _by_parameter(wider: Solution, restricted: Solution) -> Embedding | None:
    """Read the parameters off; None where the models do not share them."""
    own, others = _rows(wider), _rows(restricted)
    x = np.zeros(wider.problem.k)
    places = np.zeros((x.size, restricted.problem.k))
    for identity in {**own, **others}:
        row = own.get(identity) or _absent(others[identity])
        other = others.get(identity) or _absent(row)
        if not _permits(row, other):
            return None
        at, there = row.parameter.free, other.parameter.free
        if at:
            x[at - 1] = other.value
            if there:
                places[at - 1, there - 1] = 1.0
    tangent = places @ restricted.space.K
    reach = np.column_stack([tangent, x - wider.space.offset])
    if not _within(wider.space, reach):
        return None
    return Embedding(x=x, discrepancy=0.0, tangent=tangent)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a parameter table with its value."""

    parameter: Parameter
    value: float


def _rows(solution: Solution) -> dict[tuple[int, str, str, str], _Row]:
    """Return the rows of a solution by group and parameter."""
    pairs = zip(solution.table, solution.values, strict=True)
    return {row.identity: _Row(row, float(value)) for row, value in pairs}


def _absent(row: _Row) -> _Row:
    """Return what a table that does not list a parameter says of it."""
    return _Row(row.parameter.fixed_at(0.0), 0.0)


def _permits(row: _Row, other: _Row) -> bool:
    """Return whether the first row leaves room for what the second one says."""
    if row.parameter.free:
        return True
    if other.parameter.free:
        return False
    # moments of covariates may differ by rounding, with the order of the variables
    same = bool(np.isclose(row.value, other.value, rtol=WITHIN, atol=0.0))
    return row.parameter.implied or same


def _within(space: AffineSpace, vectors: Array) -> bool:
    """Return whether directions lie in those that the constraints leave."""
    if space.unrestricted:
        return True
    inside = space.K @ np.linalg.lstsq(space.K, vectors, rcond=None)[0]
    return bool(np.abs(vectors - inside).max() <= WITHIN * (1 + np.abs(vectors).max()))


def _by_moments(wider: Solution, restricted: Solution) -> Embedding:
    """Fit the wider model to the moments that the restricted one implies."""
    names = wider.sample.names
    others = [_aligned(group, names) for group in restricted.groups]
    problem = Problem(
        groups=tuple(
            population_discrepancy(
                structure=own.structure, source=source, implied=implied, n=own.moments.n
            )
            for own, (source, implied) in zip(wider.groups, others, strict=True)
        ),
        shares=wider.problem.shares,
    )
    found = minimise(problem=problem, start=wider.x, space=wider.space)
    if found is None:
        raise EstimationError(
            "Nesting cannot be checked: the wider model has no positive definite "
            "implied covariance matrix at its estimates."
        )
    return Embedding(
        x=found.point.x,
        discrepancy=found.point.discrepancy,
        settled=found.converged,
    )


def _aligned(group: Group, names: tuple[str, ...]) -> tuple[Structure, Implied]:
    """Return the structure and its moments with the items in another order."""
    if names == group.layout.observed:
        return group.structure, group.implied
    table = group.table
    table = replace(table, variables=replace(table.variables, observed=names))
    pairs = zip(group.rows, group.values, strict=True)
    given = {row.key: float(value) for row, value in pairs if row.exogenous}
    structure = lay_out(table, given).structure
    return structure, implied_moments(matrices=fill(structure=structure, x=group.x))
