"""Least squares for continuous items: one `Family`.

In: groups at the estimates. Out: test, baseline and evidence of GLS and ULS. Sources:
those of `core.least_squares`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.indices import ResidualIndices
from kocsem.core.least_squares import (
    GeneralisedLeastSquares,
    LeastSquares,
    residual_statistic,
    weighted,
)
from kocsem.core.least_squares_evidence import (
    least_squares_evidence,
    least_squares_moment_fit,
    normal_covariance,
)
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moment_structure import CovarianceStructure
from kocsem.core.moments import Array, Mask
from kocsem.core.optimiser.optimise import AffineSpace, minimise
from kocsem.core.problem import Point, Problem
from kocsem.core.robust import asymptotic_covariance, open_moments
from kocsem.core.structure import Structure
from kocsem.data.group_sample import GroupSample
from kocsem.errors import EstimationError
from kocsem.model.layout import MatrixLayout
from kocsem.results.complete import cases_of
from kocsem.results.family import (
    Baseline,
    browne_at_implied,
    covariance_count,
    covariates,
    likelihood_ratio,
    normal_residuals,
)
from kocsem.results.group import Group


@dataclass(frozen=True)
class LeastSquaresData:
    """Least squares for complete continuous data.

    Attributes
    ----------
    weighted : bool
        Whether moments are weighted by normal theory at the sample's moments (GLS), or
        all alike (ULS).
    residual_based : bool
        Whether the test is Browne's residual-based one, as that of ULS without scaling.
    """

    weighted: bool
    residual_based: bool

    observed = False
    unbiased = True

    @property
    def distributed(self) -> bool:
        """Whether the plain statistic follows a chi-square distribution."""
        return self.weighted or self.residual_based

    def discrepancy(
        self, layout: MatrixLayout, sample: GroupSample
    ) -> LeastSquares | GeneralisedLeastSquares:
        """Return the least-squares discrepancy."""
        return _problem(layout.structure, sample, normal=self.weighted)

    def moment_count(self, sample: GroupSample, *, means: bool) -> int:
        """Count covariances, and means where they are modelled."""
        return covariance_count(sample, means=means)

    def statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Return n F, or Browne's residual-based statistic."""
        if not self.residual_based:
            return likelihood_ratio(groups)
        structures = tuple(group.structure for group in groups)
        x = np.concatenate([group.x for group in groups])
        return _browne(groups, structures, x, K)

    def evidence(self, group: Group, *, moment_based: bool) -> Evidence:
        """Collect what robust inference needs.

        Gamma is that of normal theory, or distribution-free if asked for.
        """
        return self._evidence(group, group.structure, group.x, free=moment_based)

    def _evidence(
        self, group: Group, structure: Structure, x: Array, *, free: bool
    ) -> Evidence:
        """Collect the evidence of a structure at x; distribution-free if asked for."""
        problem = _problem(structure, group.sample, normal=self.weighted)
        point = problem.at(x)
        if point is None:
            raise EstimationError("The implied moments do not exist.")
        return least_squares_evidence(
            discrepancy=_explicit(problem),
            point=point,
            Gamma=_covariance(group, free=free),
            count=open_moments(group.given, means=structure.means),
        )

    def moment_fit(self, group: Group, *, se: str) -> MomentFit:
        """Collect what residuals vary by: normal theory, or what the cases say."""
        problem = _problem(group.structure, group.sample, normal=self.weighted)
        return least_squares_moment_fit(
            discrepancy=_explicit(problem),
            point=group.point,
            Gamma=_covariance(group, free=se == "robust_sem"),
            cells=np.tril_indices(len(group.layout.observed)),
        )

    def baseline(self, groups: tuple[Group, ...]) -> Baseline:
        """Test the independence model."""
        structures, x = _baseline(groups, normal=self.weighted)
        K = np.eye(x.size)
        if not self.residual_based:
            point = _joint(groups, structures, normal=self.weighted).at(x)
            n = sum(group.moments.n for group in groups)
            chisq = float("nan") if point is None else n * point.discrepancy
        else:
            chisq = _browne(groups, structures, x, K)
        df = 0
        for group in groups:
            apart = ~covariates(group)
            p, px = apart.size, int((~apart).sum())
            df += p * (p - 1) // 2 - px * (px - 1) // 2
        return Baseline(chisq=chisq, df=df)

    def baseline_inference(
        self, groups: tuple[Group, ...], *, moment_based: bool
    ) -> Inference:
        """Collect the evidence of the independence model."""
        structures, x = _baseline(groups, normal=self.weighted)
        found, end = [], 0
        for group, structure in zip(groups, structures, strict=True):
            start, end = end, end + structure.k
            found.append(
                self._evidence(group, structure, x[start:end], free=moment_based)
            )
        return Inference(groups=tuple(found), K=np.eye(end))

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
        """Compute Delta' V Delta."""
        del given
        return delta_information(
            _explicit(self.discrepancy(group.layout, group.sample)), group.point
        )

    def likelihood(self, groups: tuple[Group, ...]) -> None:
        """Return nothing: there is no likelihood."""
        del groups

    def residual_statistic(self, groups: tuple[Group, ...], K: Array) -> float:
        """Compute Browne's residual-based statistic at the implied moments."""
        return browne_at_implied(groups, K, lost=1)

    def residual_indices(self, group: Group) -> ResidualIndices:
        """Compute the root mean square residuals."""
        return normal_residuals(group)

    def lisrel_gfi(self, group: Group) -> float:
        """Compute the GFI of LISREL with the weight of the fit."""
        return weighted_gfi(
            _explicit(self.discrepancy(group.layout, group.sample)), group.point
        )


def _problem(
    structure: Structure, sample: GroupSample, *, normal: bool
) -> LeastSquares | GeneralisedLeastSquares:
    """Compare a structure with a sample, by GLS or by ULS."""
    if normal:
        return GeneralisedLeastSquares(structure=structure, moments=sample.moments)
    moments = CovarianceStructure(structure)
    own = moments.sample(sample.moments)
    return LeastSquares(
        moments=moments, sample=own, weight=np.ones_like(own), n=sample.moments.n
    )


def _explicit(problem: LeastSquares | GeneralisedLeastSquares) -> LeastSquares:
    """Return a discrepancy with its weight as a vector or matrix."""
    if isinstance(problem, GeneralisedLeastSquares):
        return problem.explicit()
    return problem


def _joint(
    groups: tuple[Group, ...], structures: tuple[Structure, ...], *, normal: bool
) -> Problem:
    """Put the groups' discrepancies together."""
    return Problem(
        groups=tuple(
            _problem(structure, group.sample, normal=normal)
            for structure, group in zip(structures, groups, strict=True)
        ),
        shares=tuple(group.share for group in groups),
    )


def _browne(
    groups: tuple[Group, ...], structures: tuple[Structure, ...], x: Array, K: Array
) -> float:
    """Compute the residual-based statistic of structures at x."""
    problem = _joint(groups, structures, normal=True)
    n = sum(group.moments.n for group in groups)
    return residual_statistic(problem=problem, x=x, K=K, n=n)


def _baseline(
    groups: tuple[Group, ...], *, normal: bool
) -> tuple[tuple[Structure, ...], Array]:
    """Return the independence model and its estimates."""
    structures = tuple(
        independence_structure(
            moments=group.moments,
            given=group.given,
            covariates=covariates(group),
            means=group.structure.means,
        )
        for group in groups
    )
    start = np.concatenate(
        [
            independence_estimates(structure=structure, moments=group.moments)
            for structure, group in zip(structures, groups, strict=True)
        ]
    )
    k = start.size
    optimum = minimise(
        problem=_joint(groups, structures, normal=normal),
        start=start,
        space=AffineSpace(K=np.eye(k), offset=np.zeros(k)),
    )
    if optimum is None:
        raise EstimationError("The baseline model cannot be evaluated.")
    return structures, optimum.point.x


def _covariance(group: Group, *, free: bool) -> Array:
    """Return Gamma: that of normal theory, or distribution-free if asked for."""
    moments, means = group.moments, group.structure.means
    if not free:
        return normal_covariance(moments=moments, given=group.given, means=means)
    centred = replace(moments, S=moments.S * (moments.n - 1) / moments.n)
    return asymptotic_covariance(cases=cases_of(group), moments=centred, means=means)


def delta_information(problem: LeastSquares, point: Point) -> Array:
    """Compute Delta' V Delta, shape (k, k).

    Parameters
    ----------
    problem : LeastSquares
        The discrepancy.
    point : Point
        Where to evaluate.

    Returns
    -------
    ndarray of shape (k, k)
        The information of least squares per case.
    """
    Delta = problem.moments.jacobian(point.implied)
    return np.asarray(Delta.T @ weighted(weight=problem.weight, of=Delta))


def weighted_gfi(problem: LeastSquares, point: Point) -> float:
    """Compute 1 - r'Vr / s'Vs, the GFI of LISREL with the weight of the fit.

    Parameters
    ----------
    problem : LeastSquares
        The discrepancy.
    point : Point
        The estimate.

    Returns
    -------
    float
        GFI (Tanaka and Huba, 1985).
    """
    own = problem.sample
    gap = own - problem.moments.vector(point.implied)
    misfit = float(gap @ weighted(weight=problem.weight, of=gap))
    return 1.0 - misfit / float(own @ weighted(weight=problem.weight, of=own))
