"""Where each row of a parameter table stands in the LISREL matrices.

In: a `ParameterTable` and the sample values of fixed exogenous moments. Out: a
`MatrixLayout`: the names along the matrices and the `Structure` that core computes
with. An observed variable that takes part in a regression, or covaries with a factor,
gets a factor of its own.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal.moment_order import MomentOrder, moment_order
from kocsem.core.structure import Matrices, Matrix, Structure
from kocsem.model.table import Parameter, ParameterTable


@dataclass(frozen=True)
class Cell:
    """One place in the matrices."""

    matrix: Matrix
    row: int
    col: int


@dataclass(frozen=True)
class MatrixLayout:
    """Names along the matrices, and the structure without names.

    Attributes
    ----------
    observed : tuple of str
        Names along Sigma, length p.
    factors : tuple of str
        Names along Psi, length m: latent variables, then observed ones with a factor.
    cells : tuple of Cell
        The place of each row of the table.
    structure : Structure
        What core computes with.
    """

    observed: tuple[str, ...]
    factors: tuple[str, ...]
    cells: tuple[Cell, ...]
    structure: Structure


def _promoted(table: ParameterTable) -> list[str]:
    """List the observed variables that need a factor of their own."""
    latent = set(table.variables.latent)
    chosen = {
        name
        for row in table
        if row.op == "~"
        for name in (row.lhs, row.rhs)
        if name not in latent
    }
    pairs = [
        {row.lhs, row.rhs} for row in table if row.op == "~~" and row.lhs != row.rhs
    ]
    growing = True
    while growing:
        before = len(chosen)
        for pair in pairs:
            if pair & (latent | chosen):
                chosen |= pair - latent
        growing = len(chosen) > before
    return [name for name in table.variables.observed if name in chosen]


def _levels(table: ParameterTable) -> np.ndarray:
    """Count the categories of each observed variable; 0 for a continuous one."""
    counts = Counter(row.lhs for row in table if row.op == "|")
    names = table.variables.observed
    return np.array([counts[name] + 1 if counts[name] else 0 for name in names])


def _covariates(table: ParameterTable) -> np.ndarray:
    """List the observed variables whose own moments are fixed at the sample's."""
    fixed = {row.lhs for row in table if row.exogenous}
    names = table.variables.observed
    return np.array([i for i, n in enumerate(names) if n in fixed], dtype=np.intp)


def _cell(
    row: Parameter, observed: Mapping[str, int], factors: Mapping[str, int]
) -> Cell:
    """Find the place of one row; that of a threshold is counted within its item."""
    left, right = row.lhs, row.rhs
    if row.op == "|":
        return Cell(Matrix.TAU, int(right.removeprefix("t")) - 1, 0)
    if row.op == "~*~":
        return Cell(Matrix.DELTA, observed[left], 0)
    if row.op == "=~":
        if right in factors:
            return Cell(Matrix.BETA, factors[right], factors[left])
        return Cell(Matrix.LAMBDA, observed[right], factors[left])
    if row.op == "~":
        return Cell(Matrix.BETA, factors[left], factors[right])
    if row.op == "~1":
        if left in factors:
            return Cell(Matrix.ALPHA, factors[left], 0)
        return Cell(Matrix.NU, observed[left], 0)
    if left in factors:
        return Cell(Matrix.PSI, factors[left], factors[right])
    return Cell(Matrix.THETA, observed[left], observed[right])


def lay_out(
    table: ParameterTable, exogenous: Mapping[tuple[str, str, str], float]
) -> MatrixLayout:
    """Place the parameters of one group in the matrices.

    Parameters
    ----------
    table : ParameterTable
        The parameters.
    exogenous : mapping
        Sample value of each fixed exogenous moment, by the row's key.

    Returns
    -------
    MatrixLayout
        Names and structure.
    """
    return _kept(table) if not exogenous else _laid_out(table, exogenous)


def _laid_out(
    table: ParameterTable, exogenous: Mapping[tuple[str, str, str], float]
) -> MatrixLayout:
    """Place the parameters; the template can no longer be changed."""
    observed = table.variables.observed
    promoted = _promoted(table)
    factors = (*table.variables.latent, *promoted)
    at_observed = {name: i for i, name in enumerate(observed)}
    at_factor = {name: i for i, name in enumerate(factors)}
    levels, covariates = _levels(table), _covariates(table)
    order = moment_order(levels=levels, covariates=covariates)
    cells = []
    for row in table:
        cell = _cell(row, at_observed, at_factor)
        if cell.matrix == Matrix.TAU:
            begin = int(order.begin[at_observed[row.lhs]])
            cell = replace(cell, row=cell.row + begin)
        cells.append(cell)
    parts = _blank(order, len(factors))
    for name in promoted:
        parts[Matrix.LAMBDA][at_observed[name], at_factor[name]] = 1.0
    count = sum(1 for row in table if row.free)
    where = np.zeros((3, count), dtype=np.intp)
    for row, cell in zip(table, cells, strict=True):
        if row.free:
            where[:, row.free - 1] = (cell.matrix, cell.row, cell.col)
        elif not row.implied:
            value = exogenous[row.key] if row.exogenous else row.fixed
            _place(parts[cell.matrix], cell, 0.0 if value is None else value)
    for part in parts:
        part.flags.writeable = False
    return MatrixLayout(
        observed=observed,
        factors=factors,
        cells=tuple(cells),
        structure=Structure(
            template=Matrices(*parts),
            matrix=where[0],
            row=where[1],
            col=where[2],
            means=table.means,
            ordered=_ordered(table, cells, order, at_factor),
        ),
    )


@lru_cache(maxsize=64)
def _kept(table: ParameterTable) -> MatrixLayout:
    """Keep the layout of a table for the next fit; both are frozen."""
    return _laid_out(table, {})


def _blank(order: MomentOrder, m: int) -> list[np.ndarray]:
    """Return matrices without a parameter; scales are 1."""
    p = order.levels.size
    parts = [
        np.zeros((p, m)),
        np.zeros((m, m)),
        np.zeros((m, m)),
        np.zeros((p, p)),
        np.zeros(p),
        np.zeros(m),
    ]
    if order.levels.any():
        parts += [np.zeros(order.variable.size), np.ones(p)]
    return parts


def _ordered(
    table: ParameterTable,
    cells: list[Cell],
    order: MomentOrder,
    factors: Mapping[str, int],
) -> Ordered | None:
    """Say which items are ordered, and where their residual variances stand."""
    if not order.levels.any():
        return None
    names = table.variables.observed
    residual = [
        (names.index(row.lhs), cell)
        for row, cell in zip(table, cells, strict=True)
        if row.implied
    ]
    own = [item for item, cell in residual if cell.matrix == Matrix.THETA]
    outcomes = [(i, cell.row) for i, cell in residual if cell.matrix == Matrix.PSI]
    return Ordered(
        levels=order.levels,
        items=np.array(own, dtype=np.intp),
        outcomes=np.array([i for i, _ in outcomes], dtype=np.intp),
        factors=np.array([row for _, row in outcomes], dtype=np.intp),
        covariates=order.covariates,
        given=np.array([factors[names[i]] for i in order.covariates], dtype=np.intp),
    )


def _place(target: np.ndarray, cell: Cell, value: float) -> None:
    """Put a fixed value into its matrix, on both sides of a symmetric one."""
    if cell.matrix >= Matrix.NU:
        target[cell.row] = value
    else:
        target[cell.row, cell.col] = value
        if cell.matrix in (Matrix.PSI, Matrix.THETA):
            target[cell.col, cell.row] = value
