"""The structural part of one group: its regression paths, and what scales them.

In: a `Solution` and the number of a group. Out: a `StructuralPart`: the graph of the
paths and the system that core evaluates effects in, with the loadings and covariances
that the variances of its variables rest on.

Loadings are measurement and no effects of the structural part: no chain leads from a
second-order factor to its dimensions. A path fixed at zero joins nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kocsem.core.effects import Elements, PathSystem
from kocsem.core.structure import Index
from kocsem.errors import KocsemError
from kocsem.model.table import Parameter
from kocsem.results.chains import Chain, PathGraph
from kocsem.results.solution import Solution

Row = tuple[Parameter, float]


@dataclass(frozen=True)
class StructuralPart:
    """The regression paths of one group.

    Attributes
    ----------
    group : int
        1-based number of the group.
    graph : PathGraph
        Who acts on whom.
    variables : tuple of str
        The names in the order of the system's matrices.
    system : PathSystem
        The same with values.
    """

    group: int
    graph: PathGraph
    variables: tuple[str, ...]
    system: PathSystem

    def step_table(self, chains: Sequence[Chain]) -> Index:
        """Find the paths of chains among those of the system, shape (c, l).

        Their number stands where a chain has ended.
        """
        place = {step: i for i, step in enumerate(self.graph.steps)}
        longest = max((len(nodes) - 1 for nodes in chains), default=0)
        found = np.full((len(chains), longest), len(place), dtype=np.intp)
        for own, nodes in zip(found, chains, strict=True):
            own[: len(nodes) - 1] = [place[step] for step in pairwise(nodes)]
        return found

    def end_table(self, chains: Sequence[Chain]) -> Index:
        """Find outcome and predictor of chains in the matrices, shape (c, 2)."""
        at = {name: i for i, name in enumerate(self.variables)}
        ends = [(at[nodes[-1]], at[nodes[0]]) for nodes in chains]
        return np.array(ends, dtype=np.intp).reshape(-1, 2)


def structural_part(solution: Solution, group: int = 1) -> StructuralPart:
    """Find the regression paths of one group.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    group : int, default 1
        1-based number of the group.

    Returns
    -------
    StructuralPart
        Its paths.

    Raises
    ------
    KocsemError
        When there is no such group.
    """
    rows = _rows_of(solution, group)
    paths = [(r, v) for r, v in rows if r.op == "~" and (r.free or v)]
    graph = PathGraph(tuple((r.rhs, r.lhs) for r, _ in paths))
    loadings = _loadings_above(graph.variables, rows)
    variables = tuple(dict.fromkeys([*graph.variables, *(r.lhs for r, _ in loadings)]))
    at = {name: i for i, name in enumerate(variables)}
    inner = [(r, v) for r, v in rows if r.lhs in at and r.rhs in at]
    scales = [(r, v) for r, v in inner if r.op == "~*~"]
    ordered = {r.lhs for r, _ in scales}
    covariances = [
        (r, v)
        for r, v in inner
        if r.op == "~~" and not (r.is_variance and r.lhs in ordered)
    ]
    system = PathSystem(
        size=len(variables),
        paths=_elements([(at[r.lhs], at[r.rhs], r, v) for r, v in paths]),
        loadings=_elements([(at[r.rhs], at[r.lhs], r, v) for r, v in loadings]),
        covariances=_elements(
            [(at[r.lhs], at[r.rhs], r, v) for r, v in covariances]
            + [(at[r.rhs], at[r.lhs], r, v) for r, v in covariances]
        ),
        scales=_elements([(at[r.lhs], at[r.rhs], r, v) for r, v in scales]),
        given=np.array(
            [at[r.lhs] for r, _ in inner if r.exogenous and r.is_variance],
            dtype=np.intp,
        ),
    )
    return StructuralPart(group, graph, variables, system)


def _rows_of(solution: Solution, group: int) -> list[Row]:
    """List the rows of one group with their values."""
    pairs = zip(solution.table, solution.values, strict=True)
    rows = [(row, float(value)) for row, value in pairs if row.group == group]
    if not rows:
        last = max((row.group for row in solution.table), default=1)
        raise KocsemError(
            f"group={group!r} is not a group of this model; groups are numbered from 1 "
            f"to {last}."
        )
    return rows


def _loadings_above(variables: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """List the loadings of variables on factors, and of these on further factors."""
    found: list[Row] = []
    reached, waiting = set(variables), set(variables)
    while waiting:
        above = [(r, v) for r, v in rows if r.op == "=~" and r.rhs in waiting]
        found += above
        waiting = {r.lhs for r, _ in above} - reached
        reached |= waiting
    return found


def _elements(entries: Sequence[tuple[int, int, Parameter, float]]) -> Elements:
    """Gather elements of a matrix from rows of the parameter table."""
    return Elements(
        row=np.array([e[0] for e in entries], dtype=np.intp),
        col=np.array([e[1] for e in entries], dtype=np.intp),
        position=np.array([e[2].free - 1 for e in entries], dtype=np.intp),
        value=np.array([0.0 if e[2].free else e[3] for e in entries], dtype=float),
    )
