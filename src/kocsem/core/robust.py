"""Inference that does not rest on normality: sandwich covariances and scaled tests.

In: a structure, the optimum, complete cases. Out: covariance matrices of the estimates
and scaling of the test statistic. Contents: (1) casewise moments and their weight, (2)
the robust covariance of MLM and MLMV, (3) the Huber-White sandwich of MLR, (4) the
scaling of the test: Satorra and Bentler (1994), Asparouhov and Muthen (2010), and the
variant of Yuan and Bentler (2000) that Mplus uses. Moments are ordered means, then vech
of the covariances, as in `structure.jacobian`. Whose definition: lavaan's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kocsem.core.inference import constrained_inverse
from kocsem.core.maximum_likelihood import Point, cross_information
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.observed import observed_information
from kocsem.core.structure import Structure, Tangents


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a test statistic is brought to its reference distribution.

    Attributes
    ----------
    factor : float
        The statistic is divided by it.
    shift : float
        Added after the division; 0 but for the scaled and shifted statistic.
    h1, h0 : float
        Factors of the saturated and of the fitted model (MLR); NaN elsewhere.
    """

    factor: float
    shift: float = 0.0
    h1: float = float("nan")
    h0: float = float("nan")

    def scaled(self, chisq: float) -> float:
        """Return the scaled statistic."""
        return chisq / self.factor + self.shift

    def constant(self, df: int) -> float:
        """Return the c of the robust indices (Savalei, 2018, for the shifted one)."""
        return self.factor * (df - self.shift) / df if self.shift else self.factor


@dataclass(frozen=True, slots=True)
class Sandwich:
    """What robust inference is made of.

    Attributes
    ----------
    weight : ndarray of shape (q, q)
        Normal-theory weight V of the moments at the implied moments.
    slope : ndarray of shape (k, q)
        Delta' V.
    Gamma : ndarray of shape (q, q)
        Distribution-free covariance of the moments, times n.
    meat : ndarray of shape (k, k)
        First-order information: mean outer product of the casewise scores.
    bread : ndarray of shape (k, k)
        Inverse expected information per case within the constraints.
    observed : ndarray of shape (k, k)
        Inverse observed information per case within the constraints.
    saturated_trace : float
        tr(V_S Gamma) with V_S the weight at the sample moments.
    n : int
        Number of cases.
    count : int
        Number of moments that are not taken as known.
    """

    weight: Array
    slope: Array
    Gamma: Array
    meat: Array
    bread: Array
    observed: Array
    saturated_trace: float
    n: int
    count: int


def moment_tangents(*, p: int, means: bool) -> Tangents:
    """Return the tangents of the unrestricted moments: unit vectors and matrices.

    Parameters
    ----------
    p : int
        Number of variables.
    means : bool
        Whether the means come first.

    Returns
    -------
    Tangents
        With q = p (p + 1) / 2 columns, p more with means.
    """
    row, col = np.tril_indices(p)
    eye = np.eye(p)
    half = np.where(row == col, 0.5, 1.0)
    U, V, M = eye[:, row], eye[:, col] * half, np.zeros((p, row.size))
    if not means:
        return Tangents(U=U, V=V, M=M)
    none = np.zeros((p, p))
    return Tangents(
        U=np.hstack([none, U]), V=np.hstack([none, V]), M=np.hstack([eye, M])
    )


def casewise_moments(*, Y: Array, mu: Array, Sigma: Array, means: bool) -> Array:
    """Return what each case contributes to the moments, less their expectation.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Complete data.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.
    means : bool
        Whether the means come first.

    Returns
    -------
    ndarray of shape (n, q)
        y - mu and vech((y - mu)(y - mu)' - Sigma).
    """
    deviation = Y - mu
    row, col = np.tril_indices(Y.shape[1])
    products = deviation[:, row] * deviation[:, col] - Sigma[row, col]
    return np.hstack([deviation, products]) if means else products


def _explained(*, Y: Array, ybar: Array, given: NDArray[np.bool_]) -> Array:
    """Return what the covariates explain of each case, as deviations from the mean."""
    deviation = Y - ybar
    if not given.any():
        return np.zeros_like(deviation)
    X = deviation[:, given]
    return np.asarray(X @ np.linalg.lstsq(X, deviation, rcond=None)[0])


def asymptotic_covariance(
    *, Y: Array, moments: SampleMoments, means: bool, given: NDArray[np.bool_]
) -> Array:
    """Compute the distribution-free covariance of the moments, times n.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Complete data.
    moments : SampleMoments
        Their moments.
    means : bool
        Whether the means come first.
    given : ndarray of shape (p,)
        Covariates that are conditioned on: what they explain is taken out, as in
        lavaan.

    Returns
    -------
    ndarray of shape (q, q)
        Gamma (Browne, 1984).
    """
    own = casewise_moments(Y=Y, mu=moments.ybar, Sigma=moments.S, means=means)
    fitted = _explained(Y=Y, ybar=moments.ybar, given=given)
    if given.any():
        row, col = np.tril_indices(Y.shape[1])
        known = fitted[:, row] * fitted[:, col]
        known = known - known.mean(axis=0)
        own = own - (np.hstack([fitted, known]) if means else known)
    return np.asarray(own.T @ own / moments.n)


def _open_moments(given: NDArray[np.bool_], means: bool) -> int:
    """Count the moments that are not those of covariates alone."""
    row, col = np.tril_indices(given.size)
    count = (~(given[row] & given[col])).sum() + ((~given).sum() if means else 0)
    return int(count)


def sandwich(
    *,
    structure: Structure,
    point: Point,
    moments: SampleMoments,
    Y: Array,
    at: Tangents,
    K: Array,
    given: NDArray[np.bool_],
) -> Sandwich:
    """Compute everything that robust inference is made of.

    Parameters
    ----------
    structure : Structure
        The model.
    point : Point
        The estimate.
    moments : SampleMoments
        Moments of the cases.
    Y : ndarray of shape (n, p)
        The cases.
    at : Tangents
        The tangents at the estimate.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    given : ndarray of shape (p,)
        Covariates that are conditioned on.

    Returns
    -------
    Sandwich
        Bread, meat and weights.
    """
    means, n = structure.means, moments.n
    free = moment_tangents(p=Y.shape[1], means=means)
    slope = cross_information(W=point.W, first=at, second=free, means=means)
    mu = point.implied.mu if means else moments.ybar
    model = casewise_moments(Y=Y, mu=mu, Sigma=point.implied.Sigma, means=means)
    scores = model @ slope.T
    Gamma = asymptotic_covariance(Y=Y, moments=moments, means=means, given=given)
    inverse_S = np.asarray(np.linalg.inv(moments.S), dtype=float)
    saturated = cross_information(W=inverse_S, first=free, second=free, means=means)
    expected = cross_information(W=point.W, first=at, second=at, means=means)
    hessian = observed_information(
        structure=structure, point=point, moments=moments, at=at
    )
    return Sandwich(
        weight=cross_information(W=point.W, first=free, second=free, means=means),
        slope=slope,
        Gamma=Gamma,
        meat=scores.T @ scores / n,
        bread=constrained_inverse(information=expected, K=K),
        observed=constrained_inverse(information=hessian, K=K),
        saturated_trace=float((saturated * Gamma).sum()),
        n=n,
        count=_open_moments(given, means),
    )


def robust_covariance(parts: Sandwich) -> Array:
    """Compute the robust covariance of the estimates of MLM and MLMV.

    Parameters
    ----------
    parts : Sandwich
        Bread and weights.

    Returns
    -------
    ndarray of shape (k, k)
        (1/n) I^-1 Delta' V Gamma V Delta I^-1 (Browne, 1984, equation 2.12).
    """
    middle = parts.slope @ parts.Gamma @ parts.slope.T
    return np.asarray(parts.bread @ middle @ parts.bread / parts.n)


def huber_white_covariance(parts: Sandwich) -> Array:
    """Compute the Huber-White covariance of the estimates, as in MLR.

    Parameters
    ----------
    parts : Sandwich
        Observed information and meat.

    Returns
    -------
    ndarray of shape (k, k)
        (1/n) H^-1 J H^-1 (Huber, 1967; White, 1982).
    """
    return np.asarray(parts.observed @ parts.meat @ parts.observed / parts.n)


def _residual_weight(parts: Sandwich) -> Array:
    """Return U = V - V Delta I^-1 Delta' V."""
    return np.asarray(parts.weight - parts.slope.T @ parts.bread @ parts.slope)


def satorra_bentler(parts: Sandwich, *, df: int) -> Scaling:
    """Scale the mean of the statistic: tr(U Gamma) / df.

    Parameters
    ----------
    parts : Sandwich
        Weights and Gamma.
    df : int
        Degrees of freedom, above 0.

    Returns
    -------
    Scaling
        Satorra and Bentler (1994).
    """
    return Scaling(factor=float((_residual_weight(parts) * parts.Gamma).sum()) / df)


def scaled_shifted(parts: Sandwich, *, df: int) -> Scaling:
    """Scale mean and variance of the statistic, keeping its degrees of freedom.

    Parameters
    ----------
    parts : Sandwich
        Weights and Gamma.
    df : int
        Degrees of freedom, above 0.

    Returns
    -------
    Scaling
        a T + df - a tr(U Gamma) with a = sqrt(df / tr(U Gamma U Gamma)) (Asparouhov and
        Muthen, 2010).
    """
    product = _residual_weight(parts) @ parts.Gamma
    a = float(np.sqrt(df / (product * product.T).sum()))
    return Scaling(factor=1.0 / a, shift=df - a * float(np.trace(product)))


def yuan_bentler_mplus(parts: Sandwich, *, df: int) -> Scaling:
    """Scale by the difference of the traces of the saturated and the fitted model.

    Parameters
    ----------
    parts : Sandwich
        Observed information, meat and the trace of the saturated model.
    df : int
        Degrees of freedom, above 0.

    Returns
    -------
    Scaling
        (tr_1 - tr_0) / df (Yuan and Bentler, 2000, in the form that Mplus uses).
    """
    fitted = float((parts.meat * parts.observed).sum())
    return Scaling(
        factor=(parts.saturated_trace - fitted) / df,
        h1=parts.saturated_trace / parts.count,
        h0=fitted / parts.meat.shape[0],
    )
