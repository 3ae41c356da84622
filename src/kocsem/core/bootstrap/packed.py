"""A model laid out for compiled code: flat arrays in place of records.

In: the structure of each group, the cells that hold sample moments, the space that
equality constraints leave. Out: `Packed`, which never changes, and `Scratch`, the
memory that one fit after another overwrites. Both are named tuples because compiled
code can read no other record.

A column of the tangents U and V is a column of B = [I, L, C'], so that every product of
tangents is an element of B'WB or of B'GB: what is stored of a parameter is where its
two columns stand in B. Source: `structure` and `observed`, which have the formulas.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace
from kocsem.core.structure import SYMMETRIC, Index, Matrix, Structure

NAMES = ("Lambda", "Beta", "Psi", "Theta", "nu", "alpha")  # in the order of `Matrix`
ON_ITEMS = (Matrix.LAMBDA, Matrix.THETA, Matrix.NU)


@dataclass(frozen=True, slots=True)
class SampleCells:
    """Cells of a template that hold sample moments: those of fixed covariates.

    Attributes
    ----------
    matrix, row, col : ndarray of int, shape (e,)
        The cells; `col` is 0 for vectors.
    first, second : ndarray of int, shape (e,)
        The observed variables whose covariance stands there; `second` is -1 where it is
        the mean of the first.
    """

    matrix: Index
    row: Index
    col: Index
    first: Index
    second: Index


class Packed(NamedTuple):
    """What compiled code reads of a model.

    The matrices of all groups are one flat vector: Lambda of every group, then Beta of
    every group, and so on.

    Attributes
    ----------
    first : ndarray of int, shape (g + 1,)
        Where each group's parameters begin.
    cell, mirror : ndarray of int, shape (k,)
        Where each parameter stands among the matrices, and on their other side.
    given_cell, given_mirror, given_source : ndarray of int, shape (e,)
        The same for cells that hold sample moments, and where these stand in a row of
        `Samples.moments`.
    matrix, row, col : ndarray of int, shape (k,)
        The parameter's `Matrix` and its place there.
    left, right : ndarray of int, shape (k,)
        Columns u and v of B with dSigma/dx = half (u v' + v u').
    half : ndarray of shape (k,)
        1, 0.5 for variances, 0 for intercepts.
    paths : ndarray of bool, shape (g,)
        Whether the group has paths between factors.
    means : bool
        Whether the mean structure is part of the model.
    start, column, value : ndarray
        K by rows: the entries of row a are start[a] to start[a + 1].
    """

    first: Index
    cell: Index
    mirror: Index
    given_cell: Index
    given_mirror: Index
    given_source: Index
    matrix: Index
    row: Index
    col: Index
    left: Index
    right: Index
    half: Array
    paths: NDArray[np.bool_]
    means: bool
    start: Index
    column: Index
    value: Array


class Scratch(NamedTuple):
    """Memory of a fit; where there is an axis for groups, it is the first.

    Attributes
    ----------
    matrices : ndarray
        The six matrices of all groups, flat; `Lambda` to `alpha` are views of it.
    A, Phi, eta, W : ndarray
        As in `Implied` and `Point`.
    gap : ndarray of shape (g, p)
        ybar - mu, or 0.
    columns, rows : ndarray of shape (g, p, 2m) and (g, 2m, p)
        [L, C'] and its transpose.
    D : ndarray of shape (g, p, p)
        Second moments about mu.
    R, pull : ndarray of shape (g, p + 2m, p + 2m) and (g, p + 2m)
        B'GB and B'W gap.
    T, G : ndarray of shape (p, p)
        D W, and W D W - W.
    inner, core, Q : ndarray of shape (2m, p), (2m, 2m), (p + 2m, p + 2m)
        Products with [L, C']; B'WB.
    level : ndarray of shape (k,)
        dmu/dx is `level` times the left column.
    gradient, hessian : ndarray of shape (k,) and (k, k)
        Derivatives of half the discrepancy.
    mixed, turned : ndarray of shape (k - r, k) and (k, k - r)
        K' times the Hessian, and its transpose.
    """

    matrices: Array
    Lambda: Array
    Beta: Array
    Psi: Array
    Theta: Array
    nu: Array
    alpha: Array
    A: Array
    Phi: Array
    eta: Array
    W: Array
    gap: Array
    columns: Array
    rows: Array
    D: Array
    R: Array
    pull: Array
    T: Array
    G: Array
    inner: Array
    core: Array
    Q: Array
    level: Array
    gradient: Array
    hessian: Array
    mixed: Array
    turned: Array


@dataclass(frozen=True, slots=True)
class _Plan:
    """Sizes of the flat vector of matrices: g groups, p variables, m factors."""

    g: int
    p: int
    m: int

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shape of each matrix of all groups, in the order of `Matrix`."""
        g, p, m = self.g, self.p, self.m
        return (g, p, m), (g, m, m), (g, m, m), (g, p, p), (g, p), (g, m)

    @property
    def ends(self) -> list[int]:
        """Where each matrix ends."""
        return list(accumulate(int(np.prod(shape)) for shape in self.shapes))

    def find(self, group: int, places: Structure | SampleCells) -> tuple[Index, Index]:
        """Find cells of one group in the flat vector, and their mirror images."""
        matrix, row, col = places.matrix, places.row, places.col
        begin = np.array([0, *self.ends[:-1]])[matrix]
        own = np.array([np.prod(shape[1:]) for shape in self.shapes])[matrix]
        width = np.array([*(shape[2] for shape in self.shapes[:4]), 1, 1])[matrix]
        symmetric = np.isin(matrix, SYMMETRIC)
        begin = begin + group * own
        mirror = begin + np.where(symmetric, col * width + row, row * width + col)
        return begin + row * width + col, mirror

    def source(self, group: int, cells: SampleCells) -> Index:
        """Find sample moments of one group in a row of `Samples.moments`."""
        covariance = (group * self.p + cells.first) * self.p + cells.second
        mean = (self.g * self.p + group) * self.p + cells.first
        return np.where(cells.second < 0, mean, covariance)


def padded(p: int) -> int:
    """Return the number of variables that compiled code works with.

    A multiple of four: loops over four rows at a time then leave no rest. What is added
    are dummies of variance 1, which every model fits.

    Parameters
    ----------
    p : int
        Number of variables.

    Returns
    -------
    int
        p, or up to three more.
    """
    return -(-p // 4) * 4


def _plan(structures: tuple[Structure, ...]) -> _Plan:
    """Fix the sizes; groups with fewer factors than others get empty ones."""
    shapes = [structure.template.Lambda.shape for structure in structures]
    return _Plan(len(shapes), padded(shapes[0][0]), max(m for _, m in shapes))


def pack(
    *,
    structures: tuple[Structure, ...],
    cells: tuple[SampleCells, ...],
    space: AffineSpace,
) -> Packed:
    """Lay a model out for compiled code.

    Parameters
    ----------
    structures : tuple of Structure
        One a group, with the same observed variables, all continuous.
    cells : tuple of SampleCells
        One a group.
    space : AffineSpace
        What the equality constraints leave.

    Returns
    -------
    Packed
        The model.
    """
    plan = _plan(structures)
    matrix, row, col = (
        np.concatenate([getattr(structure, name) for structure in structures])
        for name in ("matrix", "row", "col")
    )
    cell, mirror = _joined([plan.find(i, s) for i, s in enumerate(structures)])
    given_cell, given_mirror = _joined([plan.find(i, c) for i, c in enumerate(cells)])
    along, column = np.nonzero(space.K)
    kinds = [matrix <= Matrix.BETA, matrix == Matrix.PSI, matrix == Matrix.THETA]
    right = np.select(kinds, [plan.p + plan.m + col, plan.p + col, col], 0)
    variance = np.isin(matrix, SYMMETRIC) & (row == col)
    return Packed(
        first=np.array([0, *accumulate(structure.k for structure in structures)]),
        cell=cell,
        mirror=mirror,
        given_cell=given_cell,
        given_mirror=given_mirror,
        given_source=np.concatenate([plan.source(i, c) for i, c in enumerate(cells)]),
        matrix=matrix,
        row=row,
        col=col,
        left=np.where(np.isin(matrix, ON_ITEMS), row, plan.p + row),
        right=right,
        half=np.select([matrix >= Matrix.NU, variance], [0.0, 0.5], 1.0),
        paths=np.array(
            [
                bool(s.template.Beta.any() or (s.matrix == Matrix.BETA).any())
                for s in structures
            ]
        ),
        means=structures[0].means,
        start=np.searchsorted(along, np.arange(matrix.size + 1)),
        column=np.ascontiguousarray(column),  # one type of array, one compilation
        value=space.K[along, column],
    )


def _joined(pairs: list[tuple[Index, Index]]) -> tuple[Index, Index]:
    """Put pairs of vectors end to end."""
    first, second = zip(*pairs, strict=True)
    return np.concatenate(first), np.concatenate(second)


def scratch(*, structures: tuple[Structure, ...], free: int) -> Scratch:
    """Reserve the memory of a fit, with the fixed values of every group in place.

    Parameters
    ----------
    structures : tuple of Structure
        One a group.
    free : int
        Number of free directions, k - r.

    Returns
    -------
    Scratch
        Memory for one thread.
    """
    plan = _plan(structures)
    g, p, m, wide = plan.g, plan.p, plan.m, plan.p + 2 * plan.m
    matrices = np.zeros(plan.ends[-1])
    blocks = zip(np.split(matrices, plan.ends[:-1]), plan.shapes, strict=True)
    views = [block.reshape(shape) for block, shape in blocks]
    dummies = np.arange(structures[0].template.nu.size, p)
    views[Matrix.THETA][:, dummies, dummies] = 1.0
    for name, view in zip(NAMES, views, strict=True):
        for group, structure in zip(view, structures, strict=True):
            fixed = getattr(structure.template, name)
            group[tuple(slice(size) for size in fixed.shape)] = fixed
    k = sum(structure.k for structure in structures)
    shapes: list[tuple[int, ...]] = [
        *((g, m, m), (g, m, m), (g, m), (g, p, p), (g, p)),
        *((g, p, 2 * m), (g, 2 * m, p), (g, p, p), (g, wide, wide), (g, wide)),
        *((p, p), (p, p), (2 * m, p), (2 * m, 2 * m), (wide, wide)),
        *((k,), (k,), (k, k), (free, k), (k, free)),
    ]
    return Scratch(matrices, *views, *(np.zeros(shape) for shape in shapes))
