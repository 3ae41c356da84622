"""Maximum likelihood with complete continuous data: one `Family`.

In: groups at the estimates. Out: baseline, log-likelihood and evidence by normal
theory. Sources: those of `core.maximum_likelihood` and `core.robust`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.indices import ResidualIndices
from kocsem.core.maximum_likelihood import (
    conditional_information,
    log_determinant,
    saturated_loglik,
)
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, Mask, SampleMoments
from kocsem.core.normal_moment_fit import normal_moment_fit
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.robust import Cases, normal_evidence
from kocsem.core.structure import tangents
from kocsem.data.group_sample import GroupSample
from kocsem.errors import DataError, EstimationError
from kocsem.model.layout import MatrixLayout
from kocsem.results.family import (
    Baseline,
    Likelihood,
    browne_at_implied,
    covariance_count,
    covariates,
    likelihood_ratio,
    normal_gfi,
    normal_residuals,
)
from kocsem.results.group import Group


@dataclass(frozen=True)
class CompleteData:
    """Normal-theory maximum likelihood for complete data.

    Attributes
    ----------
    observed_moments : bool
        Whether what rests on Gamma takes the observed information about the moments,
        as lavaan does beside Huber-White errors.
    """

    observed_moments: bool = False

    observed = False
    unbiased = False
    distributed = True

    def discrepancy(self, layout: MatrixLayout, sample: GroupSample) -> NormalTheory:
        """Return the ML discrepancy."""
        return NormalTheory(structure=layout.structure, moments=sample.moments)

    def moment_count(self, sample: GroupSample, *, means: bool) -> int:
        """Count covariances, and means where they are modelled."""
        return covariance_count(sample, means=means)

    def statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Return the likelihood-ratio statistic."""
        del K
        return likelihood_ratio(groups)

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs; Gamma only if asked for."""
        return normal_evidence(
            structure=group.structure,
            point=group.point,
            moments=group.moments,
            cases=cases_of(group),
            moment_based=moment_based,
            observed=self.observed_moments,
        )

    def moment_fit(self, group: Group, *, se: str) -> MomentFit:
        """Collect what residuals vary by: normal theory, or what the cases say."""
        robust = se != "standard"
        return normal_moment_fit(
            structure=group.structure,
            point=group.point,
            moments=group.moments,
            given=group.given,
            cases=cases_of(group) if robust else None,
            observed=se == "robust_huber_white",
        )

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the independence model, in closed form."""
        chisq, df = 0.0, 0
        for group in groups:
            moments, apart = group.moments, ~covariates(group)
            px = int((~apart).sum())
            logdet = float(np.log(np.diag(moments.S)[apart]).sum())
            if px:
                logdet += log_determinant(S=moments.S[np.ix_(~apart, ~apart)])
            chisq += moments.n * (logdet - log_determinant(S=moments.S))
            p = apart.size
            df += p * (p - 1) // 2 - px * (px - 1) // 2
        return Baseline(chisq=chisq, df=df)

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect the evidence of the independence model."""
        found = []
        for group in groups:
            structure = independence_structure(
                moments=group.moments,
                given=group.given,
                covariates=covariates(group),
                means=group.structure.means,
            )
            problem = NormalTheory(structure=structure, moments=group.moments)
            point = problem.at(
                independence_estimates(structure=structure, moments=group.moments)
            )
            if point is None:  # variances are positive, so only by overflow
                raise EstimationError(
                    "The baseline model has no positive definite moments."
                )
            found.append(
                normal_evidence(
                    structure=structure,
                    point=point,
                    moments=group.moments,
                    cases=cases_of(group),
                    moment_based=moment_based,
                    observed=self.observed_moments,
                )
            )
        k = sum(evidence.expected.shape[0] for evidence in found)
        return Inference(groups=tuple(found), K=np.eye(k))

    def robust_tests(
        self,
        groups: tuple[Group, ...],
        K: Array,
        inference: Callable[[], Inference],
        *,
        df: int,
        scaled: bool,
    ) -> None:
        """Leave robust indices to the scaled tests."""
        del groups, K, inference, df, scaled

    def score_information(self, group: Group, given: Mask) -> Array:
        """Compute the expected information, given the covariates."""
        at = tangents(structure=group.structure, implied=group.implied)
        return conditional_information(
            W=group.point.W,
            first=at,
            second=at,
            means=group.structure.means,
            given=given,
        )

    def likelihood(self, groups: tuple[Group, ...]) -> Likelihood:
        """Compute log-likelihoods, given fixed covariates."""
        unrestricted = chisq = 0.0
        for group in groups:
            moments, given = group.moments, group.given
            unrestricted += saturated_loglik(moments=moments)
            if given.any():
                among = SampleMoments(
                    S=moments.S[np.ix_(given, given)],
                    ybar=moments.ybar[given],
                    n=moments.n,
                )
                unrestricted -= saturated_loglik(moments=among)
            chisq += moments.n * group.point.discrepancy
        return Likelihood(
            fitted=unrestricted - max(chisq, 0.0) / 2, unrestricted=unrestricted
        )

    def residual_statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Compute Browne's residual-based statistic at the implied moments."""
        return browne_at_implied(groups, K)

    def residual_indices(self, group: Group) -> ResidualIndices:
        """Compute the root mean square residuals."""
        return normal_residuals(group)

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL and AMOS."""
        return normal_gfi(group)


def cases_of(group: Group) -> Cases:
    """Return the rows of a group as arrays."""
    rows = group.sample.rows
    if rows is None:
        raise DataError("Robust inference needs the answers themselves.")
    return Cases(
        Y=rows.cases.to_numpy(),
        weights=rows.weights,
        clusters=rows.clusters,
        given=group.given,
    )
