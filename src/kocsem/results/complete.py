"""Maximum likelihood with complete continuous data: one `Family`.

In: groups at the estimates. Out: baseline, log-likelihood and evidence by normal
theory. Sources: those of `core.maximum_likelihood` and `core.robust`.
"""

import numpy as np

from kocsem.core import indices
from kocsem.core.evidence import Evidence, Inference
from kocsem.core.maximum_likelihood import (
    evaluate,
    log_determinant,
    residual_quadratic,
    saturated_loglik,
)
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.problem import Point
from kocsem.core.robust import Cases, normal_evidence
from kocsem.core.structure import Matrices, Matrix, Structure
from kocsem.data.sample import GroupSample
from kocsem.errors import DataError, EstimationError
from kocsem.model.layout import MatrixLayout
from kocsem.results.family import Baseline, Likelihood
from kocsem.results.group import Group


class CompleteData:
    """Normal-theory maximum likelihood for complete data."""

    def discrepancy(self, layout: MatrixLayout, sample: GroupSample) -> NormalTheory:
        """Return the ML discrepancy."""
        return NormalTheory(structure=layout.structure, moments=sample.moments)

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs; Gamma only if asked for."""
        return normal_evidence(
            structure=group.structure,
            point=group.point,
            moments=group.moments,
            cases=_cases(group),
            moment_based=moment_based,
        )

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the independence model, in closed form."""
        chisq, df = 0.0, 0
        for group in groups:
            moments, covariates = group.moments, _covariates(group)
            px = int(covariates.sum())
            logdet = float(np.log(np.diag(moments.S)[~covariates]).sum())
            if px:
                logdet += log_determinant(S=moments.S[np.ix_(covariates, covariates)])
            chisq += moments.n * (logdet - log_determinant(S=moments.S))
            p = covariates.size
            df += p * (p - 1) // 2 - px * (px - 1) // 2
        return Baseline(chisq=chisq, df=df)

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect the evidence of the independence model."""
        found = []
        for group in groups:
            structure = _baseline_structure(group)
            found.append(
                normal_evidence(
                    structure=structure,
                    point=_baseline_point(structure, group.moments),
                    moments=group.moments,
                    cases=_cases(group),
                    moment_based=moment_based,
                )
            )
        k = sum(evidence.expected.shape[0] for evidence in found)
        return Inference(groups=tuple(found), K=np.eye(k))

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

    def residual_statistic(self, groups: tuple[Group, ...], bread: Array) -> float:
        """Compute Browne's residual-based statistic at the implied moments."""
        n = sum(group.moments.n for group in groups)
        total, slopes = 0.0, []
        for group in groups:
            own, slope = residual_quadratic(
                point=group.point,
                moments=group.moments,
                at=group.tangents,
                means=group.structure.means,
            )
            total += group.share * own
            slopes.append(group.share * slope)
        slope = np.concatenate(slopes)
        return n * (total - float(slope @ bread @ slope))

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL and AMOS."""
        moments, point = group.moments, group.point
        means = group.structure.means
        return indices.gfi_lisrel(
            S=moments.S,
            W=point.W,
            residual_mean=moments.ybar - point.implied.mu if means else None,
            ybar=moments.ybar,
            given=group.given,
        )


def _cases(group: Group) -> Cases:
    """Return the rows of a group as arrays."""
    sample = group.sample
    if sample.cases is None:
        raise DataError("Robust inference needs the answers themselves.")
    return Cases(
        Y=sample.cases.to_numpy(),
        weights=sample.weights,
        clusters=sample.clusters,
        given=group.given,
    )


def _covariates(group: Group) -> np.ndarray:
    """Return which observed variables are covariates, fixed or not, shape (p,)."""
    names = group.table.variables.exogenous
    return np.array([name in names for name in group.layout.observed])


def _baseline_structure(group: Group) -> Structure:
    """Return the independence model: free variances, covariates as they are."""
    moments, given = group.moments, group.given
    p, means = given.size, group.structure.means
    apart = np.flatnonzero(~given)
    theta = np.zeros((p, p))
    theta[np.ix_(given, given)] = moments.S[np.ix_(given, given)]
    levels = apart if means else apart[:0]
    return Structure(
        template=Matrices(
            Lambda=np.zeros((p, 1)),
            Beta=np.zeros((1, 1)),
            Psi=np.ones((1, 1)),
            Theta=theta,
            nu=np.where(given, moments.ybar, 0.0),
            alpha=np.zeros(1),
        ),
        matrix=np.array(
            [Matrix.THETA] * apart.size + [Matrix.NU] * levels.size, dtype=np.intp
        ),
        row=np.concatenate([apart, levels]),
        col=np.concatenate([apart, np.zeros_like(levels)]),
        means=means,
    )


def _baseline_point(structure: Structure, moments: SampleMoments) -> Point:
    """Return the independence model at its estimates."""
    variances = np.diag(moments.S)[structure.row]
    levels = moments.ybar[structure.row]
    point = evaluate(
        structure=structure,
        x=np.where(structure.matrix == Matrix.THETA, variances, levels),
        moments=moments,
        logdet_S=log_determinant(S=moments.S),
    )
    if point is None:  # variances are positive, so only by overflow
        raise EstimationError("The baseline model has no positive definite moments.")
    return point
