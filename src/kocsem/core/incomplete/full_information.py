"""Full-information maximum likelihood: models of data with holes.

In: a structure with means and an `IncompleteSample`. Out: a `Discrepancy` for the
optimiser, and `Evidence` at the estimates. n F is twice the log-likelihood that the
model loses against the saturated model; n counts the cases with at least one answer.
Sources: Arbuckle (1996); Yuan and Bentler (2000) for robust inference; lavaan's
definitions.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kocsem.core.evidence import Evidence
from kocsem.core.incomplete.casewise import (
    CasewiseLikelihood,
    casewise_likelihood,
    model_scores,
)
from kocsem.core.incomplete.casewise_information import (
    model_expected_information,
    model_observed_information,
    observed_moment_information,
)
from kocsem.core.incomplete.sample import IncompleteSample
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, Mask
from kocsem.core.problem import Derivatives, Point
from kocsem.core.structure import (
    Structure,
    Tangents,
    fill,
    implied_moments,
    jacobian,
    tangents,
)


@dataclass(frozen=True)
class FullInformationPoint(Point):
    """A point that knows its derivatives; each is computed once.

    Attributes
    ----------
    structure : Structure
        The model.
    likelihood : CasewiseLikelihood
        The likelihood at the implied moments.
    """

    structure: Structure
    likelihood: CasewiseLikelihood

    @cached_property
    def tangents(self) -> Tangents:
        """The tangents."""
        return tangents(structure=self.structure, implied=self.implied)

    @cached_property
    def gradient(self) -> Array:
        """Gradient of F / 2, shape (k,)."""
        at, D = self.likelihood, self.tangents
        slope = (D.U * (at.Sigma_gradient @ D.V)).sum(axis=0) + D.M.T @ at.mu_gradient
        return np.asarray(-slope / at.patterns.n)

    @cached_property
    def observed(self) -> Array:
        """Hessian of F / 2, shape (k, k)."""
        return model_observed_information(
            at=self.likelihood,
            structure=self.structure,
            implied=self.implied,
            tangents=self.tangents,
        )

    @cached_property
    def expected(self) -> Array:
        """Expected information given where the holes are, shape (k, k)."""
        return model_expected_information(at=self.likelihood, tangents=self.tangents)

    @cached_property
    def scores(self) -> Array:
        """Score of every case, shape (n, k)."""
        return model_scores(at=self.likelihood, tangents=self.tangents)


@dataclass(frozen=True)
class FullInformation:
    """The full-information ML discrepancy of one group.

    Attributes
    ----------
    structure : Structure
        The model, with a mean structure.
    sample : IncompleteSample
        The data.
    """

    structure: Structure
    sample: IncompleteSample

    @property
    def k(self) -> int:
        """Number of parameters."""
        return self.structure.k

    def at(self, x: Array) -> FullInformationPoint | None:
        """Evaluate at x, shape (k,); None where Sigma is not positive definite."""
        try:
            implied = implied_moments(matrices=fill(structure=self.structure, x=x))
            at = casewise_likelihood(
                patterns=self.sample.patterns, mu=implied.mu, Sigma=implied.Sigma
            )
        except np.linalg.LinAlgError:
            return None
        p = implied.mu.size
        lost = self.sample.saturated.loglik - at.loglik
        return FullInformationPoint(
            x=x,
            implied=implied,
            W=at.inverses.W[:p, :p],
            discrepancy=2.0 * lost / self.sample.n,
            structure=self.structure,
            likelihood=at,
        )

    def derivatives(self, point: Point) -> Derivatives:
        """Return the derivatives at an evaluated point.

        The Hessian's stand-in is the expected information given where the holes are.
        """
        own = self.own(point)
        return Derivatives(
            gradient=own.gradient,
            observed=lambda: own.observed,
            expected=lambda: own.expected,
        )

    def own(self, point: Point) -> FullInformationPoint:
        """Return a point with its derivatives, evaluated anew if it is another's."""
        if isinstance(point, FullInformationPoint):
            return point
        found = self.at(point.x)
        if found is None:
            raise np.linalg.LinAlgError("covariance matrix not positive definite")
        return found


def full_information_moment_fit(
    *, problem: FullInformation, point: Point, given: Mask, robust: bool
) -> MomentFit:
    """Collect what the residuals of one group vary by.

    Parameters
    ----------
    problem : FullInformation
        What was minimised.
    point : Point
        The estimate.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on; they have no holes.
    robust : bool
        Whether the saturated moments vary as their casewise scores do.

    Returns
    -------
    MomentFit
        Of means and covariances; the weight is the observed information about the
        moments at the implied ones, as in lavaan.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the information about the saturated moments is singular.
    """
    own, sample = problem.own(point), problem.sample
    saturated, q = sample.inference(given), sample.information.shape[0]
    Gamma = np.zeros((q, q))
    Gamma[np.ix_(saturated.free, saturated.free)] = saturated.covariance(robust=robust)
    Delta = jacobian(tangents=own.tangents, means=True)
    row, col = np.tril_indices(given.size)
    gap = sample.moments.S - point.implied.Sigma
    return MomentFit(
        Delta=Delta,
        pull=observed_moment_information(at=own.likelihood) @ Delta,
        Gamma=Gamma,
        n=sample.n,
        gap=gap[row, col],
        row=row,
        col=col,
    )


def full_information_evidence(
    *, problem: FullInformation, point: Point, given: Mask
) -> Evidence:
    """Collect the evidence of one group fitted to data with holes.

    Parameters
    ----------
    problem : FullInformation
        What was minimised; its model, or the baseline model.
    point : Point
        The estimate.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on; they have no holes.

    Returns
    -------
    Evidence
        NaN where Gamma of complete data would be needed (MLM, MLMV), and for the
        expected information: it holds only where holes do not depend on the answers.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the information about the saturated moments is singular.
    """
    sample, k, own = problem.sample, problem.k, problem.own(point)
    saturated = sample.inference(given)
    nothing = np.full((k, k), np.nan)
    return Evidence(
        n=sample.n,
        count=saturated.free.size,
        expected=nothing,
        observed=own.observed,
        meat=sample.mean_product(own.scores),
        middle=nothing,
        twice=nothing,
        trace=float("nan"),
        trace_squared=float("nan"),
        saturated_trace=float(np.trace(saturated.misfit)),
    )
