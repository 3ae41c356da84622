"""One group of a fitted model.

In: nothing computed here beyond what follows from the point at once. Out: `Group`, the
record that everything about a single group is computed from.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Point
from kocsem.core.structure import (
    Implied,
    Index,
    Matrices,
    Matrix,
    Structure,
    Tangents,
    fill,
    tangents,
)
from kocsem.data.group_sample import GroupSample
from kocsem.model.layout import MatrixLayout
from kocsem.model.table import Parameter, ParameterTable


@dataclass(frozen=True)
class Compared:
    """The covariances that a discrepancy compares.

    Attributes
    ----------
    names : tuple of str
        The variables; without the covariates that they are taken given.
    S, Sigma : ndarray of shape (p, p)
        Those of the sample, and those implied, on one scale.
    """

    names: tuple[str, ...]
    S: Array
    Sigma: Array


MATRICES = ("Lambda", "Beta", "Psi", "Theta", "nu", "alpha", "tau", "delta")


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
    def Sigma(self) -> Array:
        """Implied covariance matrix on the scale of the sample's, shape (p, p)."""
        scale = self.implied.delta
        Sigma = self.implied.Sigma
        return Sigma * np.outer(scale, scale) if scale.size else Sigma

    @cached_property
    def compared(self) -> Compared:
        """The covariances that were compared: with ordered items given covariates."""
        names, ordinal = self.layout.observed, self.sample.ordinal
        if ordinal is None or not ordinal.order.covariates.size:
            return Compared(names, self.moments.S, self.Sigma)
        own, scale = ordinal.order.explained, self.implied.delta
        moments = OrdinalStructure(self.structure)
        Sigma = moments.given_covariates(self.implied).Sigma * np.outer(scale, scale)
        pick = np.ix_(own, own)
        return Compared(tuple(names[i] for i in own), ordinal.S[pick], Sigma[pick])

    @property
    def x(self) -> Array:
        """The estimates of the group, shape (k,)."""
        return self.point.x

    @cached_property
    def matrices(self) -> Matrices:
        """The parameter matrices at the estimates."""
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
    def places(self) -> dict[Matrix, tuple[Index, Index, Index]]:
        """For each matrix: which rows of the table stand in it, and where."""
        cells = self.layout.cells
        found = {}
        for which in Matrix:
            at = [i for i, cell in enumerate(cells) if cell.matrix == which]
            if at:
                found[which] = (
                    np.array(at, dtype=np.intp),
                    np.array([cells[i].row for i in at], dtype=np.intp),
                    np.array([cells[i].col for i in at], dtype=np.intp),
                )
        return found

    @cached_property
    def values(self) -> Array:
        """The value of every row, shape (number of rows,)."""
        return self.row_values(self.x)

    def row_values(self, x: np.ndarray) -> np.ndarray:
        """Compute the value of every row at x, shape (k,), real or complex."""
        filled = fill(structure=self.structure, x=x)
        parts = [getattr(filled, name) for name in MATRICES]
        out = np.empty(len(self.rows), dtype=x.dtype)
        for which, (at, row, col) in self.places.items():
            part = parts[which]
            out[at] = part[row] if part.ndim == 1 else part[row, col]
        return out
