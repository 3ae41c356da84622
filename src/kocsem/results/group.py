"""One group of a fitted model.

In: nothing computed here beyond what follows from the point at once. Out: `Group`, the
record that everything about a single group is computed from.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.problem import Point
from kocsem.core.structure import (
    Implied,
    Matrices,
    Structure,
    Tangents,
    fill,
    tangents,
)
from kocsem.data.sample import GroupSample
from kocsem.model.layout import MatrixLayout
from kocsem.model.table import Parameter, ParameterTable


@dataclass(frozen=True)
class Group:
    """One group at the estimates.

    Attributes
    ----------
    number : int
        1-based number.
    table : ParameterTable
        The parameters of the group, numbered from 1.
    layout : MatrixLayout
        Their places in the matrices.
    sample : GroupSample
        The data.
    point : Point
        The estimates of the group with their implied moments.
    share : float
        Its cases over all cases.
    """

    number: int
    table: ParameterTable
    layout: MatrixLayout
    sample: GroupSample
    point: Point
    share: float

    @property
    def label(self) -> str:
        """The group's name."""
        return self.sample.label

    @property
    def rows(self) -> tuple[Parameter, ...]:
        """The parameters."""
        return self.table.rows

    @property
    def structure(self) -> Structure:
        """What core computes with."""
        return self.layout.structure

    @property
    def moments(self) -> SampleMoments:
        """The sample moments."""
        return self.sample.moments

    @property
    def implied(self) -> Implied:
        """The implied moments."""
        return self.point.implied

    @property
    def x(self) -> Array:
        """The estimates of the group, shape (k,)."""
        return self.point.x

    @cached_property
    def matrices(self) -> Matrices:
        """The six matrices at the estimates."""
        return fill(structure=self.structure, x=self.x)

    @cached_property
    def tangents(self) -> Tangents:
        """The tangents at the estimates."""
        return tangents(structure=self.structure, implied=self.implied)

    @cached_property
    def given(self) -> NDArray[np.bool_]:
        """Which observed variables have their own moments fixed, shape (p,)."""
        fixed = {row.lhs for row in self.rows if row.exogenous}
        return np.array([name in fixed for name in self.layout.observed])

    @cached_property
    def fixed_values(self) -> tuple[Array, NDArray[np.intp]]:
        """Fixed values, zeros elsewhere, and the position of each row in x or -1."""
        return _fixed_values(self)

    @cached_property
    def values(self) -> Array:
        """The value of every row, shape (number of rows,)."""
        return self.row_values(self.x)

    def row_values(self, x: np.ndarray) -> np.ndarray:
        """Compute the value of every row at x, shape (k,), real or complex."""
        base, position = self.fixed_values
        out = base.astype(x.dtype)
        out[position >= 0] = x[position[position >= 0]]
        return out


def _fixed_values(group: Group) -> tuple[Array, NDArray[np.intp]]:
    """Return fixed values, zeros elsewhere, and the position of each row in x or -1."""
    template = group.structure.template
    parts = (
        template.Lambda,
        template.Beta,
        template.Psi,
        template.Theta,
        template.nu,
        template.alpha,
    )
    base = np.zeros(len(group.rows))
    position = np.full(base.size, -1, dtype=np.intp)
    pairs = zip(group.rows, group.layout.cells, strict=True)
    for i, (row, cell) in enumerate(pairs):
        if row.free:
            position[i] = row.free - 1
        else:
            matrix = parts[cell.matrix]
            base[i] = (
                matrix[cell.row] if matrix.ndim == 1 else matrix[cell.row, cell.col]
            )
    return base, position
