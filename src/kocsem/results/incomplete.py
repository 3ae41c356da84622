"""Full-information maximum likelihood with missing answers: one `Family`.

In: groups at the estimates. Out: baseline, log-likelihood and evidence, with the
saturated model estimated from the same incomplete rows. Sources: those of
`core.incomplete.full_information` and `core.incomplete.complete_data_test`.
"""

from collections.abc import Callable

import numpy as np

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.incomplete.casewise_information import model_expected_information
from kocsem.core.incomplete.complete_data_test import complete_data_test, completion
from kocsem.core.incomplete.full_information import (
    FullInformation,
    full_information_evidence,
    full_information_moment_fit,
)
from kocsem.core.incomplete.gfi import incomplete_gfi_lisrel
from kocsem.core.incomplete.sample import IncompleteSample
from kocsem.core.incomplete.saturated import independence_loglik, independence_moments
from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.indices import ResidualIndices
from kocsem.core.maximum_likelihood import saturated_loglik
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, Mask, SampleMoments
from kocsem.core.problem import Point
from kocsem.data.group_sample import GroupSample
from kocsem.errors import EstimationError
from kocsem.model.layout import MatrixLayout
from kocsem.results.family import (
    Baseline,
    Likelihood,
    RobustTest,
    covariance_count,
    covariates,
    likelihood_ratio,
    normal_residuals,
)
from kocsem.results.group import Group


class IncompleteData:
    """Full-information maximum likelihood for data with holes."""

    observed = True
    unbiased = False
    distributed = True

    def discrepancy(self, layout: MatrixLayout, sample: GroupSample) -> FullInformation:
        """Return the full-information ML discrepancy."""
        return FullInformation(structure=layout.structure, sample=_incomplete(sample))

    def moment_count(self, sample: GroupSample, *, means: bool) -> int:
        """Count covariances, and means where they are modelled."""
        return covariance_count(sample, means=means)

    def statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Return the likelihood-ratio statistic."""
        del K
        return likelihood_ratio(groups)

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs; nothing here rests on moments."""
        del moment_based
        return full_information_evidence(
            problem=self.discrepancy(group.layout, group.sample),
            point=group.point,
            given=group.given,
        )

    def moment_fit(self, group: Group, *, se: str) -> MomentFit:
        """Collect what residuals vary by."""
        return full_information_moment_fit(
            problem=self.discrepancy(group.layout, group.sample),
            point=group.point,
            given=group.given,
            robust=se != "standard",
        )

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the independence model."""
        chisq, df = 0.0, 0
        for group in groups:
            sample, apart = _incomplete(group.sample), ~covariates(group)
            logl = independence_loglik(patterns=sample.patterns, covariates=~apart)
            chisq += 2.0 * (sample.saturated.loglik - logl)
            p, px = apart.size, int((~apart).sum())
            df += p * (p - 1) // 2 - px * (px - 1) // 2
        return Baseline(chisq=chisq, df=df)

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect the evidence of the independence model."""
        del moment_based
        found = []
        for group in groups:
            problem, point = _baseline(group)
            found.append(
                full_information_evidence(
                    problem=problem, point=point, given=group.given
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
    ) -> tuple[RobustTest, RobustTest]:
        """Return the tests that model and baseline would face without holes."""
        del inference
        own = tuple(
            completion(
                problem=self.discrepancy(group.layout, group.sample),
                point=group.point,
                given=group.given,
            )
            for group in groups
        )
        alone = tuple(
            completion(problem=problem, point=point, given=group.given)
            for group in groups
            for problem, point in [_baseline(group)]
        )
        n = sum(group.moments.n for group in groups)
        k = sum(part.complete.shape[0] for part in alone)
        model = complete_data_test(groups=own, K=K, df=df, robust=scaled)
        df_null = self.baseline(groups).df
        null = complete_data_test(groups=alone, K=np.eye(k), df=df_null, robust=scaled)
        return (
            RobustTest(model.chisq, df, n, model.scaling),
            RobustTest(null.chisq, df_null, n, null.scaling),
        )

    def score_information(self, group: Group, given: Mask) -> Array:
        """Compute the expected information, given where the holes are."""
        own = self.discrepancy(group.layout, group.sample).own(group.point)
        return model_expected_information(
            at=own.likelihood, tangents=own.tangents, given=given
        )

    def likelihood(self, groups: tuple[Group, ...]) -> Likelihood:
        """Compute log-likelihoods, given fixed covariates."""
        unrestricted = chisq = 0.0
        for group in groups:
            moments, given = group.moments, group.given
            unrestricted += _incomplete(group.sample).saturated.loglik
            if given.any():  # rows without a covariate are not used
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
        """Return the likelihood-ratio statistic, as lavaan does with holes."""
        del K
        return likelihood_ratio(groups)

    def residual_indices(self, group: Group) -> ResidualIndices:
        """Compute the root mean square residuals."""
        return normal_residuals(group)

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL and AMOS."""
        own = self.discrepancy(group.layout, group.sample).own(group.point)
        return incomplete_gfi_lisrel(
            sample=_incomplete(group.sample), at=own.likelihood, given=group.given
        )


def _incomplete(sample: GroupSample) -> IncompleteSample:
    """Return the rows of a group by what they left out."""
    if sample.incomplete is None:
        raise EstimationError("Full information needs the answers themselves.")
    return sample.incomplete


def _alone(group: Group) -> SampleMoments:
    """Estimate the moments of the independence model."""
    return independence_moments(
        patterns=_incomplete(group.sample).patterns, covariates=covariates(group)
    )


def _baseline(group: Group) -> tuple[FullInformation, Point]:
    """Return the independence model at its estimates."""
    alone = _alone(group)
    structure = independence_structure(
        moments=alone, given=group.given, covariates=covariates(group), means=True
    )
    problem = FullInformation(structure=structure, sample=_incomplete(group.sample))
    point = problem.at(independence_estimates(structure=structure, moments=alone))
    if point is None:  # variances are positive, so only by overflow
        raise EstimationError("The baseline model has no positive definite moments.")
    return problem, point
