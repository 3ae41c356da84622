"""What inference needs of one group at the estimates, whichever the estimator.

In: nothing is computed here but sums over groups. Out: `Evidence` of one group and
`Inference`, the evidence of all groups on one footing. With V the weight of the
moments, Delta their Jacobian and Gamma their asymptotic covariance matrix (times n),
everything that robust standard errors and scaled tests ask for is one of a few k x k
matrices and traces, so that no matrix of all groups' moments is ever formed.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg

from kocsem.core.inference import constrained_inverse
from kocsem.core.moments import Array


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pieces of robust inference of one group, per case.

    A piece that an estimator does not have is NaN.

    Attributes
    ----------
    n : float
        Number of cases; the sum of the weights where cases are weighted.
    count : int
        Number of moments that are not taken as known.
    expected : ndarray of shape (k, k)
        Delta' V Delta, the expected information.
    observed : ndarray of shape (k, k)
        Hessian of half the discrepancy.
    meat : ndarray of shape (k, k)
        Mean outer product of the casewise scores; of their sums within clusters.
    middle : ndarray of shape (k, k)
        Delta' V Gamma V Delta.
    twice : ndarray of shape (k, k)
        Delta' V Gamma V Gamma V Delta.
    trace : float
        tr(V Gamma).
    trace_squared : float
        tr(V Gamma V Gamma).
    saturated_trace : float
        Trace of inverse information times meat in the saturated model (MLR).
    """

    n: float
    count: int
    expected: Array
    observed: Array
    meat: Array
    middle: Array
    twice: Array
    trace: float
    trace_squared: float
    saturated_trace: float


@dataclass(frozen=True)
class Inference:
    """The evidence of all groups together, within the equality constraints.

    Attributes
    ----------
    groups : tuple of Evidence
        One a group.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    """

    groups: tuple[Evidence, ...]
    K: Array

    @property
    def n(self) -> float:
        """Number of cases of all groups."""
        return sum(group.n for group in self.groups)

    def joined(self, name: str) -> Array:
        """Put one matrix of every group on a diagonal, times its share of the cases."""
        blocks = [getattr(group, name) * (group.n / self.n) for group in self.groups]
        return np.asarray(scipy.linalg.block_diag(*blocks))

    def total(self, name: str) -> float:
        """Add up one number of every group."""
        return float(sum(getattr(group, name) for group in self.groups))

    @cached_property
    def bread(self) -> Array:
        """Inverse expected information within the constraints, shape (k, k)."""
        return constrained_inverse(information=self.joined("expected"), K=self.K)

    @cached_property
    def observed(self) -> Array:
        """Inverse observed information within the constraints, shape (k, k)."""
        return constrained_inverse(information=self.joined("observed"), K=self.K)
