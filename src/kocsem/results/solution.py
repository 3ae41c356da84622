"""The solution: a point in the parameter space with everything that defines it.

In: nothing computed here beyond the covariance of the estimates. Out: `Solution`, the
record that all parts of a `Fit` are computed from.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kocsem.core.inference import (
    Identification,
    constrained_inverse,
    identification,
    is_identified,
)
from kocsem.core.maximum_likelihood import Point, expected_information, tangents_at
from kocsem.core.moments import Array
from kocsem.core.optimise import AffineSpace, Optimum
from kocsem.core.robust import (
    Sandwich,
    huber_white_covariance,
    robust_covariance,
    sandwich,
)
from kocsem.core.structure import Matrices, Tangents, fill
from kocsem.data.sample import Sample
from kocsem.errors import DataError
from kocsem.model.layout import MatrixLayout
from kocsem.model.options import Options
from kocsem.model.table import ParameterTable

WEAK_INFORMATION = 1e-6  # smallest eigenvalue below which estimates are hardly apart


@dataclass(frozen=True)
class Solution:
    """A fitted model, before anything is derived from it.

    Attributes
    ----------
    table : ParameterTable
        The parameters.
    layout : MatrixLayout
        Their places in the matrices.
    sample : Sample
        The data.
    space : AffineSpace
        What the equality constraints leave.
    optimum : Optimum
        The estimates and how the optimiser stopped.
    options : Options
        What was asked.
    """

    table: ParameterTable
    layout: MatrixLayout
    sample: Sample
    space: AffineSpace
    optimum: Optimum
    options: Options

    @property
    def point(self) -> Point:
        """The estimates with their implied moments."""
        return self.optimum.point

    @property
    def x(self) -> Array:
        """The estimates, shape (k,)."""
        return self.optimum.point.x

    @cached_property
    def matrices(self) -> Matrices:
        """The six matrices at the estimates."""
        return fill(structure=self.layout.structure, x=self.x)

    @cached_property
    def tangents(self) -> Tangents:
        """The tangents at the estimates."""
        return tangents_at(structure=self.layout.structure, point=self.point)

    @cached_property
    def information(self) -> Array:
        """Expected information per case, shape (k, k)."""
        return expected_information(
            structure=self.layout.structure, W=self.point.W, at=self.tangents
        )

    @cached_property
    def identification(self) -> Identification:
        """The weakest direction of the information."""
        return identification(information=self.information, K=self.space.K)

    @cached_property
    def well_identified(self) -> bool:
        """Whether the information is clear of singularity."""
        return is_identified(
            information=self.information, K=self.space.K, bound=WEAK_INFORMATION
        )

    @cached_property
    def inverse_information(self) -> Array:
        """Inverse of the information within the constraints, shape (k, k)."""
        return constrained_inverse(information=self.information, K=self.space.K)

    @cached_property
    def sandwich(self) -> Sandwich:
        """What robust inference is made of; needs the cases."""
        cases = self.sample.cases
        if cases is None:
            raise DataError("Robust inference needs the answers themselves.")
        return sandwich(
            structure=self.layout.structure,
            point=self.point,
            moments=self.sample.moments,
            Y=cases.to_numpy(),
            at=self.tangents,
            K=self.space.K,
            given=self.given,
        )

    @cached_property
    def vcov(self) -> Array:
        """Covariance matrix of the estimates, shape (k, k)."""
        if self.options.se == "robust_sem":
            return robust_covariance(self.sandwich)
        if self.options.se == "robust_huber_white":
            return huber_white_covariance(self.sandwich)
        return self.inverse_information / self.sample.moments.n

    @property
    def npar(self) -> int:
        """Free parameters less the equality constraints."""
        return int(self.space.K.shape[1])

    @cached_property
    def chisq(self) -> float:
        """N times the discrepancy; not below zero by rounding."""
        return max(self.sample.moments.n * self.point.discrepancy, 0.0)

    @cached_property
    def exogenous_count(self) -> int:
        """Number of moments of exogenous covariates that are fixed at the sample's."""
        return sum(1 for row in self.table if row.exogenous)

    @cached_property
    def given(self) -> NDArray[np.bool_]:
        """Which observed variables have their own moments fixed, shape (p,)."""
        fixed = {row.lhs for row in self.table if row.exogenous}
        return np.array([name in fixed for name in self.layout.observed])

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: sample moments less parameters."""
        p = len(self.layout.observed)
        count = p * (p + 1) // 2 + (p if self.table.means else 0)
        return count - self.exogenous_count - self.npar

    @cached_property
    def fixed_values(self) -> tuple[Array, NDArray[np.intp]]:
        """Fixed values, zeros elsewhere, and the position of each row in x or -1."""
        return _fixed_values(self)

    @cached_property
    def values(self) -> Array:
        """The value of every row of the table, shape (number of rows,)."""
        return row_values(self, self.x)


def row_values(solution: Solution, x: np.ndarray) -> np.ndarray:
    """Compute the value of every row of the table.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    x : ndarray of shape (k,)
        Real, or complex for a complex-step derivative.

    Returns
    -------
    ndarray of shape (number of rows,)
        Free parameters from x, fixed ones as they are.
    """
    base, position = solution.fixed_values
    out = base.astype(x.dtype)
    out[position >= 0] = x[position[position >= 0]]
    return out


def _fixed_values(solution: Solution) -> tuple[Array, NDArray[np.intp]]:
    """Return fixed values, zeros elsewhere, and the position of each row in x or -1."""
    template = solution.layout.structure.template
    parts = (
        template.Lambda,
        template.Beta,
        template.Psi,
        template.Theta,
        template.nu,
        template.alpha,
    )
    base = np.zeros(len(solution.table.rows))
    position = np.full(base.size, -1, dtype=np.intp)
    pairs = zip(solution.table.rows, solution.layout.cells, strict=True)
    for i, (row, cell) in enumerate(pairs):
        if row.free:
            position[i] = row.free - 1
        else:
            part = parts[cell.matrix]
            base[i] = part[cell.row] if part.ndim == 1 else part[cell.row, cell.col]
    return base, position
