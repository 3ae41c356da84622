"""Least squares for ordered items: one `Family`.

In: groups at the estimates, with thresholds and polychoric correlations. Out: test,
baseline and evidence of DWLS and ULS, from which WLSMV and ULSMV follow. Sources: those
of `core.least_squares` and of `core.ordinal`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.indices import ResidualIndices
from kocsem.core.least_squares import LeastSquares
from kocsem.core.least_squares_evidence import (
    least_squares_evidence,
    least_squares_moment_fit,
)
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, Mask
from kocsem.core.ordinal.baseline import (
    ordinal_independence,
    ordinal_independence_estimates,
)
from kocsem.core.ordinal.categorical_ml import FittedGroup, categorical_ml
from kocsem.core.ordinal.moments import OrdinalMoments
from kocsem.core.ordinal.residuals import ordinal_residual_indices
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Point
from kocsem.core.scaling import Scaling
from kocsem.data.group_sample import GroupSample
from kocsem.errors import EstimationError
from kocsem.model.layout import MatrixLayout
from kocsem.results.family import Baseline, RobustTest, likelihood_ratio
from kocsem.results.group import Group
from kocsem.results.least_squares import delta_information, weighted_gfi

NAN = float("nan")


@dataclass(frozen=True)
class OrderedData:
    """Least squares with a diagonal weight for ordered and continuous items.

    Attributes
    ----------
    diagonal : bool
        Whether moments are weighted by the inverse of their variances (DWLS), or all
        alike (ULS).
    """

    diagonal: bool

    observed = False
    unbiased = True
    distributed = False

    def discrepancy(self, layout: MatrixLayout, sample: GroupSample) -> LeastSquares:
        """Return the least-squares discrepancy."""
        return self._problem(OrdinalStructure(layout.structure), _ordinal(sample))

    def _problem(
        self, moments: OrdinalStructure, sample: OrdinalMoments
    ) -> LeastSquares:
        """Compare a structure with a sample."""
        variances = np.diag(sample.Gamma)
        weight = 1.0 / variances if self.diagonal else np.ones_like(variances)
        return LeastSquares(
            moments=moments, sample=sample.vector, weight=weight, n=sample.n
        )

    def moment_count(self, sample: GroupSample, *, means: bool) -> int:
        """Count thresholds, means, slopes, variances and covariances."""
        del means
        return int(_ordinal(sample).vector.size)

    def statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Return the sum of n F."""
        del K
        return likelihood_ratio(groups)

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs; Gamma only if asked for."""
        sample = _ordinal(group.sample)
        return least_squares_evidence(
            discrepancy=self.discrepancy(group.layout, group.sample),
            point=group.point,
            Gamma=sample.Gamma if moment_based else None,
            count=sample.vector.size,
        )

    def moment_fit(self, group: Group, *, se: str) -> MomentFit:
        """Collect what residuals vary by, whatever the standard errors rest on."""
        del se
        sample = _ordinal(group.sample)
        order = sample.order
        return least_squares_moment_fit(
            discrepancy=self.discrepancy(group.layout, group.sample),
            point=group.point,
            Gamma=sample.Gamma,
            cells=(
                np.concatenate([order.continuous, order.first]),
                np.concatenate([order.continuous, order.second]),
            ),
        )

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the independence model: thresholds, means and variances free."""
        chisq, df = 0.0, 0
        for group in groups:
            problem, point = self._baseline(group)
            chisq += group.moments.n * point.discrepancy
            df += problem.sample.size - problem.k
        return Baseline(chisq=chisq, df=df)

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect the evidence of the independence model."""
        found = []
        for group in groups:
            problem, point = self._baseline(group)
            sample = _ordinal(group.sample)
            found.append(
                least_squares_evidence(
                    discrepancy=problem,
                    point=point,
                    Gamma=sample.Gamma if moment_based else None,
                    count=sample.vector.size,
                )
            )
        k = sum(evidence.expected.shape[0] for evidence in found)
        return Inference(groups=tuple(found), K=np.eye(k))

    def _baseline(self, group: Group) -> tuple[LeastSquares, Point]:
        """Return the independence model at its estimates."""
        sample = _ordinal(group.sample)
        structure = OrdinalStructure(ordinal_independence(order=sample.order))
        problem = self._problem(structure, sample)
        point = problem.at(ordinal_independence_estimates(moments=sample))
        if point is None:  # it has no loops and no scales
            raise EstimationError("The baseline model cannot be evaluated.")
        return problem, point

    def robust_tests(
        self,
        groups: tuple[Group, ...],
        K: Array,
        inference: Callable[[], Inference],
        *,
        df: int,
        scaled: bool,
    ) -> tuple[RobustTest, RobustTest] | None:
        """Return the ML tests at the polychoric correlations (Savalei, 2021).

        They exist where every item is ordered, nothing is taken given, and the
        correlations are those of a positive definite matrix.
        """
        del K, df
        if not scaled:
            return None
        n = sum(group.moments.n for group in groups)
        nothing = RobustTest(NAN, 0, n, Scaling(factor=NAN))
        samples = [_ordinal(group.sample) for group in groups]
        orders = [sample.order for sample in samples]
        if any(order.continuous.size or order.covariates.size for order in orders):
            return nothing, nothing
        found = categorical_ml(
            groups=[
                FittedGroup(
                    discrepancy=self.discrepancy(group.layout, group.sample),
                    point=group.point,
                    moments=sample,
                )
                for group, sample in zip(groups, samples, strict=True)
            ],
            inference=inference(),
        )
        if found is None:
            return nothing, nothing
        return (
            RobustTest(found.chisq, found.df, n, Scaling(factor=found.factor)),
            RobustTest(
                found.chisq_null, found.df_null, n, Scaling(factor=found.factor_null)
            ),
        )

    def score_information(self, group: Group, given: Mask) -> Array:
        """Compute Delta' V Delta."""
        del given
        return delta_information(
            self.discrepancy(group.layout, group.sample), group.point
        )

    def likelihood(self, groups: tuple[Group, ...]) -> None:
        """Return nothing: there is no likelihood."""
        del groups

    def residual_statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Return the ordinary statistic, as lavaan does for ordered items."""
        return self.statistic(groups, K)

    def residual_indices(self, group: Group) -> ResidualIndices:
        """Compute the root mean square residuals of thresholds and correlations."""
        sample = _ordinal(group.sample)
        structure = OrdinalStructure(group.structure)
        variances = np.diag(group.moments.S)
        return ordinal_residual_indices(
            sample=sample,
            gap=sample.vector - structure.vector(group.implied),
            Sigma=group.compared.Sigma,
            units=np.sqrt(variances[sample.order.covariates]),
        )

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL with the weight of the fit."""
        return weighted_gfi(self.discrepancy(group.layout, group.sample), group.point)


def _ordinal(sample: GroupSample) -> OrdinalMoments:
    """Return the thresholds and correlations of a group."""
    if sample.ordinal is None:
        raise EstimationError("Ordered items need the answers themselves.")
    return sample.ordinal
