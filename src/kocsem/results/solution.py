"""The solution: a point in the parameter space with everything that defines it.

In: nothing computed here beyond the covariance of the estimates. Out: `Solution`, the
record that all parts of a `Fit` are computed from.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kocsem.core.evidence import Inference
from kocsem.core.inference import (
    Identification,
    constrained_inverse,
    identification,
    is_identified,
)
from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace, Bounds, Optimum
from kocsem.core.problem import Derivatives, JointPoint, Problem
from kocsem.core.scaling import huber_white_covariance, robust_covariance
from kocsem.data.sample import Sample
from kocsem.model.layout import MatrixLayout
from kocsem.model.options import Options
from kocsem.model.parts import part
from kocsem.model.table import ParameterTable
from kocsem.results.family import Family
from kocsem.results.group import Group

NO_INFORMATION = 1e-11  # smallest eigenvalue, unit diagonal, that rounding leaves
WEAK_INFORMATION = 1e-6  # smallest eigenvalue below which estimates are hardly apart


@dataclass(frozen=True)
class Solution:
    """A fitted model, before anything is derived from it.

    Attributes
    ----------
    table : ParameterTable
        The parameters of all groups.
    layouts : tuple of MatrixLayout
        Their places in the matrices, group by group.
    sample : Sample
        The data.
    space : AffineSpace
        What the equality constraints leave.
    problem : Problem
        What was minimised.
    optimum : Optimum
        The estimates and how the optimiser stopped.
    options : Options
        What was asked.
    family : Family
        What depends on the discrepancy function.
    bounds : Bounds or None
        Between what the parameters were kept.
    """

    table: ParameterTable
    layouts: tuple[MatrixLayout, ...]
    sample: Sample
    space: AffineSpace
    problem: Problem
    optimum: Optimum
    options: Options
    family: Family
    bounds: Bounds | None = None

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups at the estimates."""
        parts = zip(
            self.layouts,
            self.sample.groups,
            self.point.parts,
            self.problem.shares,
            strict=True,
        )
        return tuple(
            Group(
                number=number,
                table=part(self.table, number),
                layout=layout,
                sample=sample,
                point=point,
                share=share,
            )
            for number, (layout, sample, point, share) in enumerate(parts, start=1)
        )

    @property
    def point(self) -> JointPoint:
        """The estimates with their implied moments."""
        return self.optimum.point

    @property
    def x(self) -> Array:
        """The estimates, shape (k,)."""
        return self.optimum.point.x

    @cached_property
    def derivatives(self) -> Derivatives:
        """The derivatives of half the discrepancy at the estimates."""
        return self.problem.derivatives(self.point)

    @cached_property
    def expected_information(self) -> Array:
        """Expected information per case, shape (k, k)."""
        return self.derivatives.expected()

    @cached_property
    def identification(self) -> Identification:
        """The weakest direction of the information."""
        return identification(information=self.expected_information, K=self.space.K)

    @cached_property
    def well_identified(self) -> bool:
        """Whether the information is clear of singularity."""
        return is_identified(
            information=self.expected_information,
            K=self.space.K,
            bound=WEAK_INFORMATION,
        )

    @cached_property
    def inverse_information(self) -> Array:
        """Inverse expected information within the constraints, shape (k, k)."""
        return constrained_inverse(
            information=self.expected_information, K=self.space.K
        )

    @cached_property
    def unit_inverse(self) -> Array:
        """The inverse information without the n - 1 of least squares, (k, k)."""
        return (
            self.inference.bread if self.family.unbiased else self.inverse_information
        )

    @cached_property
    def inference(self) -> Inference:
        """What robust inference is made of; needs the cases."""
        return Inference(
            groups=tuple(
                self.family.evidence(group, moment_based=self.options.moment_based)
                for group in self.groups
            ),
            K=self.space.K,
        )

    @property
    def cases(self) -> float:
        """Number of cases that statistics count: n, or n - 1 in each group."""
        lost = len(self.layouts) if self.family.unbiased else 0
        return self.sample.n - lost

    @cached_property
    def vcov(self) -> Array:
        """Covariance matrix of the estimates, shape (k, k)."""
        if self.options.se in ("robust_sem", "robust_sem_nt"):
            found = robust_covariance(self.inference, n=self.cases)
        elif self.options.se == "robust_huber_white":
            found = huber_white_covariance(self.inference, n=self.cases)
        elif self.family.observed:
            observed = self.derivatives.observed()
            inverse = constrained_inverse(information=observed, K=self.space.K)
            found = inverse / self.cases
        else:
            found = self.unit_inverse / self.cases
        return np.asarray((found + found.T) / 2)

    @property
    def npar(self) -> int:
        """Free parameters less the equality constraints."""
        return int(self.space.K.shape[1])

    @cached_property
    def chisq(self) -> float:
        """The test statistic; not below zero by rounding."""
        return max(self.family.statistic(self.groups, self.space.K), 0.0)

    @cached_property
    def residual_chisq(self) -> float:
        """The statistic behind lavaan's GFI: Browne's, or the ordinary one."""
        return self.family.residual_statistic(self.groups, self.space.K)

    @cached_property
    def moment_count(self) -> int:
        """Number of sample moments, those of fixed covariates included."""
        means = self.table.means
        return sum(
            self.family.moment_count(group, means=means) for group in self.sample.groups
        )

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: sample moments less parameters."""
        return self.moment_count - self.table.known_count - self.npar

    @cached_property
    def values(self) -> Array:
        """The value of every row of the table, shape (number of rows,)."""
        return np.concatenate([group.values for group in self.groups])

    def row_values(self, x: np.ndarray) -> np.ndarray:
        """Compute the value of every row of the table at another point.

        Parameters
        ----------
        x : ndarray of shape (k,)
            Real, or complex for a complex-step derivative.

        Returns
        -------
        ndarray of shape (number of rows,)
            Free parameters from x, fixed ones as they are.
        """
        parts = zip(self.groups, self.problem.split(x), strict=True)
        return np.concatenate([group.row_values(own) for group, own in parts])
