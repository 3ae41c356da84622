"""The least-squares discrepancies: GLS, ULS, DWLS and WLS.

In: the moments of a structure, those of a sample, and a weight. Out: `Discrepancy`
objects that the optimiser can minimise, and Browne's residual-based statistic. With s
the sample's moments and sigma the implied ones, F = (1 - 1/n) (s - sigma)' V (s -
sigma), so that n F is the statistic, as in lavaan. Covariances of continuous items have
divisor n - 1 here, again as in lavaan (`unbiased`).
Source: Joreskog and Goldberger (1972) for GLS; Browne (1984); Muthen (1984).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kocsem.core.inference import constrained_inverse
from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moment_structure import (
    CovarianceStructure,
    MomentStructure,
    contracted,
)
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.problem import Derivatives, Point, Problem
from kocsem.core.robust import moment_tangents
from kocsem.core.structure import (
    Implied,
    Matrix,
    Structure,
    fill,
    implied_moments,
    tangents,
)


@dataclass(frozen=True)
class LeastSquares:
    """The least-squares discrepancy of one group with any weight.

    Attributes
    ----------
    moments : MomentStructure
        The moments as functions of the parameters.
    sample : ndarray of shape (q,)
        The sample's moments.
    weight : ndarray of shape (q,) or (q, q)
        V, or its diagonal: ones for ULS, the inverse of the diagonal of Gamma for DWLS,
        the inverse of Gamma for WLS.
    n : float
        Number of cases.
    """

    moments: MomentStructure
    sample: Array
    weight: Array
    n: float

    @property
    def k(self) -> int:
        """Number of parameters."""
        return self.moments.structure.k

    def at(self, x: Array) -> Point | None:
        """Evaluate at x, shape (k,).

        None where I - Beta is singular and where a scale is not positive.
        """
        implied = _implied(self.moments.structure, x)
        if implied is None:
            return None
        gap = self.sample - self.moments.vector(implied)
        value = float(gap @ weighted(weight=self.weight, of=gap))
        return _point(x, implied, (1 - 1 / self.n) * value)

    def derivatives(self, point: Point) -> Derivatives:
        """Return the derivatives at an evaluated point."""
        moments, share = self.moments, 1 - 1 / self.n
        Delta = moments.jacobian(point.implied)
        gap = self.sample - moments.vector(point.implied)
        pull = share * weighted(weight=self.weight, of=gap)

        def expected() -> Array:
            return share * (Delta.T @ weighted(weight=self.weight, of=Delta))

        def observed() -> Array:
            return expected() - moments.bend(point.implied, pull)

        return Derivatives(
            gradient=-(Delta.T @ pull), observed=observed, expected=expected
        )


@dataclass(frozen=True)
class GeneralisedLeastSquares:
    """The GLS discrepancy of one group: normal-theory weight at the sample's moments.

    Attributes
    ----------
    structure : Structure
        The model.
    moments : SampleMoments
        The sample moments; S positive definite, with divisor n - 1.

    Notes
    -----
    F = (1 - 1/n) [tr(W (S - Sigma) W (S - Sigma)) / 2 + (ybar - mu)' W (ybar - mu)],
    W the inverse of S.
    """

    structure: Structure
    moments: SampleMoments

    @property
    def k(self) -> int:
        """Number of parameters."""
        return self.structure.k

    @cached_property
    def W(self) -> Array:
        """Inverse of the sample covariance matrix, shape (p, p)."""
        return np.asarray(np.linalg.inv(self.moments.S), dtype=float)

    def explicit(self) -> LeastSquares:
        """Return the same discrepancy with its weight as a matrix."""
        means, stacked = self.structure.means, CovarianceStructure(self.structure)
        free = moment_tangents(p=self.W.shape[0], means=means)
        return LeastSquares(
            moments=stacked,
            sample=stacked.sample(self.moments),
            weight=cross_information(W=self.W, first=free, second=free, means=means),
            n=self.moments.n,
        )

    def at(self, x: Array) -> Point | None:
        """Evaluate at x, shape (k,); None where I - Beta is singular."""
        implied = _implied(self.structure, x)
        if implied is None:
            return None
        G, gap, pull, residual = self._residuals(implied)
        value = float((G * gap).sum()) / 2 + float(pull @ residual)
        return _point(x, implied, (1 - 1 / self.moments.n) * value)

    def derivatives(self, point: Point) -> Derivatives:
        """Return the derivatives at an evaluated point."""
        structure, share = self.structure, 1 - 1 / self.moments.n
        at = tangents(structure=structure, implied=point.implied)
        G, _, pull, _ = self._residuals(point.implied)

        def expected() -> Array:
            return share * cross_information(
                W=self.W, first=at, second=at, means=structure.means
            )

        def observed() -> Array:
            return expected() - share * contracted(
                structure=structure, implied=point.implied, at=at, G=G, w=pull
            )

        slope = (at.U * (G @ at.V)).sum(axis=0) + at.M.T @ pull
        return Derivatives(
            gradient=-share * slope, observed=observed, expected=expected
        )

    def _residuals(self, implied: Implied) -> tuple[Array, Array, Array, Array]:
        """Return W (S - Sigma) W, S - Sigma, W (ybar - mu), ybar - mu."""
        gap = self.moments.S - implied.Sigma
        residual = np.zeros(gap.shape[0])
        if self.structure.means:
            residual = self.moments.ybar - implied.mu
        return self.W @ gap @ self.W, gap, self.W @ residual, residual


def unbiased(*, moments: SampleMoments) -> SampleMoments:
    """Bring a covariance matrix from divisor n to n - 1, as least squares takes it.

    Parameters
    ----------
    moments : SampleMoments
        With divisor n.

    Returns
    -------
    SampleMoments
        With divisor n - 1.
    """
    share = moments.n / (moments.n - 1)
    return SampleMoments(S=moments.S * share, ybar=moments.ybar, n=moments.n)


def residual_statistic(*, problem: Problem, x: Array, K: Array, n: float) -> float:
    """Compute Browne's residual-based statistic of any estimates.

    Parameters
    ----------
    problem : Problem
        Least squares whose weight is the inverse of Gamma: GLS for the statistic of
        normal theory, WLS for the distribution-free one.
    x : ndarray of shape (k,)
        Estimates by any consistent method.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    n : float
        Number of cases of all groups.

    Returns
    -------
    float
        The statistic; chi-square distributed when the model holds. NaN where the
        problem does not exist at x.

    Notes
    -----
    (n - 1) r' (V - V Delta (Delta' V Delta)^-1 Delta' V) r with r = s - sigma (Browne,
    1984, equation 2.20a): what one Gauss-Newton step from the estimates would leave.
    """
    point = problem.at(x)
    if point is None:
        return float("nan")
    here = problem.derivatives(point)
    inverse = constrained_inverse(information=here.expected(), K=K)
    fall = float(here.gradient @ inverse @ here.gradient)
    return n * (point.discrepancy - fall)


def weighted(*, weight: Array, of: Array) -> Array:
    """Multiply moments by their weight.

    Parameters
    ----------
    weight : ndarray of shape (q,) or (q, q)
        V or its diagonal.
    of : ndarray of shape (q,) or (q, k)
        Moments, or columns of moments.

    Returns
    -------
    ndarray
        V times `of`.
    """
    if weight.ndim == 2:
        return np.asarray(weight @ of)
    return np.asarray((of.T * weight).T)


def _implied(structure: Structure, x: Array) -> Implied | None:
    """Compute the implied moments; None where they do not exist."""
    scales = structure.places.get(Matrix.DELTA)
    if scales is not None and (x[scales[0]] <= 0).any():
        return None
    try:
        implied = implied_moments(matrices=fill(structure=structure, x=x))
    except np.linalg.LinAlgError:
        return None
    return implied if np.isfinite(implied.Sigma).all() else None


def _point(x: Array, implied: Implied, discrepancy: float) -> Point:
    """Put an evaluated point together."""
    try:
        W = np.asarray(np.linalg.inv(implied.Sigma), dtype=float)
    except np.linalg.LinAlgError:
        W = np.full_like(implied.Sigma, np.nan)
    return Point(x=x, implied=implied, W=W, discrepancy=discrepancy)
