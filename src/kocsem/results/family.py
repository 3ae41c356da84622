"""What depends on the discrepancy function that was minimised, and on nothing else.

In: groups at the estimates. Out: `Family`, the face that the discrepancies of complete,
incomplete and ordinal data share, so that measures, tests and tables are written once.
"""

from dataclasses import dataclass
from typing import Protocol

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.moments import Array
from kocsem.core.problem import Discrepancy
from kocsem.data.sample import GroupSample
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


class Family(Protocol):
    """One kind of discrepancy function, with what inference needs to know of it."""

    def discrepancy(self, layout: MatrixLayout, sample: GroupSample) -> Discrepancy:
        """Return what is minimised in one group."""

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs of one group."""

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the baseline model."""

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect what robust inference on the baseline model needs."""

    def likelihood(self, groups: tuple[Group, ...]) -> Likelihood | None:
        """Compute log-likelihoods; None where there is no likelihood."""

    def residual_statistic(self, groups: tuple[Group, ...], bread: Array) -> float:
        """Compute the statistic that lavaan's GFI rests on.

        The bread is the inverse expected information within the constraints.
        """

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL and AMOS of one group."""
