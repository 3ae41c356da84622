"""What depends on the discrepancy function that was minimised, and on nothing else.

In: groups at the estimates. Out: `Family`, the face that the discrepancies of complete,
incomplete and ordinal data share, so that measures, tests and tables are written once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import block_diag

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.indices import ResidualIndices, gfi_lisrel, residual_indices
from kocsem.core.inference import constrained_inverse
from kocsem.core.maximum_likelihood import cross_information, residual_quadratic
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, Mask
from kocsem.core.problem import Discrepancy
from kocsem.core.scaling import Scaling
from kocsem.data.group_sample import GroupSample
from kocsem.model.layout import MatrixLayout
from kocsem.results.group import Group


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Log-likelihoods of all groups, given the covariates.

    Attributes
    ----------
    fitted, unrestricted : float
        Of the model, and of the saturated model.
    """

    fitted: float
    unrestricted: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """The test of the baseline model.

    The baseline leaves the covariates correlated and everything else uncorrelated.

    Attributes
    ----------
    chisq : float
        The statistic.
    df : int
        Degrees of freedom.
    """

    chisq: float
    df: int


@dataclass(frozen=True, slots=True)
class RobustTest:
    """The test that robust indices are made of.

    Attributes
    ----------
    chisq : float
        The statistic.
    df : int
        Degrees of freedom.
    n : float
        Number of cases behind it.
    scaling : Scaling
        Its mean over the degrees of freedom.
    """

    chisq: float
    df: int
    n: float
    scaling: Scaling


class Family(Protocol):
    """One kind of discrepancy function, with what inference needs to know of it.

    Attributes
    ----------
    observed : bool
        Whether standard errors rest on the observed information.
    unbiased : bool
        Whether covariances have divisor n - 1, so that a group counts with n - 1 cases.
    """

    observed: bool
    unbiased: bool

    @property
    def distributed(self) -> bool:
        """Whether the plain statistic follows a chi-square distribution."""

    def discrepancy(self, layout: MatrixLayout, sample: GroupSample) -> Discrepancy:
        """Return what is minimised in one group."""

    def moment_count(self, sample: GroupSample, *, means: bool) -> int:
        """Count the sample's moments in one group, those of covariates included."""

    def statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Compute the test statistic, within the constraints of basis K."""

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs of one group."""

    def moment_fit(self, group: Group, *, se: str) -> MomentFit:
        """Collect what residuals vary by, as the standard errors of this kind do."""

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the baseline model."""

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect what robust inference on the baseline model needs."""

    def robust_tests(
        self,
        groups: tuple[Group, ...],
        K: Array,
        inference: Callable[[], Inference],
        *,
        df: int,
        scaled: bool,
    ) -> tuple[RobustTest, RobustTest] | None:
        """Return the tests of model and baseline behind robust indices.

        None where these are the scaled tests themselves.
        """

    def score_information(self, group: Group, given: Mask) -> Array:
        """Compute the expected information that score tests use, shape (k, k).

        The moments of the given covariates carry no information.
        """

    def likelihood(self, groups: tuple[Group, ...]) -> Likelihood | None:
        """Compute log-likelihoods; None where there is no likelihood."""

    def residual_statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Compute the statistic that lavaan's GFI rests on."""

    def residual_indices(self, group: Group) -> ResidualIndices:
        """Compute the root mean square residuals of one group."""

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL and AMOS of one group."""


def covariates(group: Group) -> np.ndarray:
    """Return which observed variables are covariates, fixed or not, shape (p,)."""
    names = group.table.variables.exogenous
    return np.array([name in names for name in group.layout.observed])


def covariance_count(sample: GroupSample, *, means: bool) -> int:
    """Count covariances, and means where they are modelled."""
    p = sample.moments.ybar.size
    return p * (p + 1) // 2 + (p if means else 0)


def likelihood_ratio(groups: tuple[Group, ...]) -> float:
    """Add up n F over the groups."""
    return float(sum(group.moments.n * group.point.discrepancy for group in groups))


def normal_residuals(group: Group) -> ResidualIndices:
    """Compute the root mean square residuals of means and covariances."""
    return residual_indices(
        moments=group.moments, implied=group.implied, means=group.structure.means
    )


def normal_gfi(group: Group) -> float:
    """Compute the GFI of LISREL and AMOS by normal theory at the implied moments."""
    moments, point = group.moments, group.point
    means = group.structure.means
    return gfi_lisrel(
        S=moments.S,
        W=point.W,
        residual_mean=moments.ybar - point.implied.mu if means else None,
        ybar=moments.ybar,
        given=group.given,
    )


def browne_at_implied(groups: tuple[Group, ...], K: Array, *, lost: int = 0) -> float:
    """Compute Browne's residual-based statistic at the implied moments.

    Parameters
    ----------
    groups : tuple of Group
        The groups at the estimates.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    lost : {0, 1}
        Cases that a group does not count with.

    Returns
    -------
    float
        The statistic (Browne, 1984, equation 2.20a); NaN where least squares led to
        implied moments that are no covariance matrix.
    """
    total, slopes, blocks = 0.0, [], []
    for group in groups:
        if np.linalg.eigvalsh(group.implied.Sigma)[0] <= 0:
            return float("nan")
        n, means = group.moments.n - lost, group.structure.means
        own, slope = residual_quadratic(
            point=group.point, moments=group.moments, at=group.tangents, means=means
        )
        total += n * own
        slopes.append(n * slope)
        blocks.append(
            n
            * cross_information(
                W=group.point.W,
                first=group.tangents,
                second=group.tangents,
                means=means,
            )
        )
    slope = np.concatenate(slopes)
    bread = constrained_inverse(information=block_diag(*blocks), K=K)
    return float(total - slope @ bread @ slope)
