"""What robust inference needs of one group that was fitted by least squares.

In: a discrepancy, its estimate, and the covariance matrix Gamma of the sample's
moments. Out: `Evidence`; the degrees of freedom and factor of the mean- and variance-
adjusted test. Sources: Browne (1984); Satorra and Bentler (1994); whose definition:
lavaan's.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from kocsem.core.evidence import Evidence, Inference
from kocsem.core.least_squares import LeastSquares, weighted
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.problem import Point
from kocsem.core.robust import known_moments
from kocsem.core.structure import Index


def least_squares_evidence(
    *, discrepancy: LeastSquares, point: Point, Gamma: Array | None, count: int
) -> Evidence:
    """Collect the evidence of one group.

    Parameters
    ----------
    discrepancy : LeastSquares
        What was minimised; for GLS its `explicit` form.
    point : Point
        The estimate.
    Gamma : ndarray of shape (q, q) or None
        Covariance matrix of the sample's moments, times n; None where only standard
        errors that rest on V being right are wanted: what needs Gamma is then NaN.
    count : int
        Number of moments that are not taken as known.

    Returns
    -------
    Evidence
        Information without the factor 1 - 1/n of the discrepancy, as in lavaan; there
        are no casewise scores.
    """
    weight, k = discrepancy.weight, discrepancy.k
    Delta = discrepancy.moments.jacobian(point.implied)
    slope = weighted(weight=weight, of=Delta)
    middle = twice = none = np.full((k, k), np.nan)
    trace = trace_squared = float("nan")
    if Gamma is not None:
        spread, product = Gamma @ slope, weighted(weight=weight, of=Gamma)
        middle = slope.T @ spread
        twice = spread.T @ weighted(weight=weight, of=spread)
        trace = float(np.trace(product))
        trace_squared = float((product * product.T).sum())
    return Evidence(
        n=discrepancy.n,
        count=count,
        expected=Delta.T @ slope,
        observed=discrepancy.derivatives(point).observed(),
        meat=none,
        middle=middle,
        twice=twice,
        trace=trace,
        trace_squared=trace_squared,
        saturated_trace=float("nan"),
    )


def least_squares_moment_fit(
    *, discrepancy: LeastSquares, point: Point, Gamma: Array, cells: tuple[Index, Index]
) -> MomentFit:
    """Collect what the residuals of one group vary by.

    Parameters
    ----------
    discrepancy : LeastSquares
        What was minimised; for GLS its `explicit` form.
    point : Point
        The estimate.
    Gamma : ndarray of shape (q, q)
        Covariance matrix of the sample's moments, times n.
    cells : tuple of ndarray of int, shape (r,) each
        The variables of the last r moments, which are (co)variances.

    Returns
    -------
    MomentFit
        With the weight of the fit.
    """
    Delta = discrepancy.moments.jacobian(point.implied)
    gap = discrepancy.sample - discrepancy.moments.vector(point.implied)
    row, col = cells
    return MomentFit(
        Delta=Delta,
        pull=weighted(weight=discrepancy.weight, of=Delta),
        Gamma=Gamma,
        n=discrepancy.n,
        gap=gap[gap.size - row.size :],
        row=row,
        col=col,
    )


def normal_covariance(
    *, moments: SampleMoments, given: NDArray[np.bool_], means: bool
) -> Array:
    """Compute the covariance of means and covariances under normality, times n.

    Parameters
    ----------
    moments : SampleMoments
        The sample's moments.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on: what they explain is taken out, as in
        lavaan.
    means : bool
        Whether the means come first.

    Returns
    -------
    ndarray of shape (q, q)
        Gamma, by which ULS and DWLS of continuous items are judged (Browne, 1984).

    Examples
    --------
    A variance of 3: its estimate has the variance 2 (3^2) / n.

    >>> moments = SampleMoments(S=np.array([[3.0]]), ybar=np.zeros(1), n=10)
    >>> normal_covariance(moments=moments, given=np.array([False]), means=False)
    array([[18.]])
    """
    S = moments.S
    Gamma = _of_covariances(S)
    level = S
    if given.any():
        X = S[given]
        explained = X.T @ np.linalg.solve(X[:, given], X)
        Gamma, level = Gamma - _of_covariances(explained), S - explained
    if means:
        Gamma = scipy.linalg.block_diag(level, Gamma)
    known = known_moments(given, means=means)
    Gamma[known], Gamma[:, known] = 0.0, 0.0
    return Gamma


def _of_covariances(S: Array) -> Array:
    """Return s_ik s_jl + s_il s_jk for the pairs of the lower triangle by rows."""
    i, j = np.tril_indices(S.shape[0])
    return np.asarray(
        S[np.ix_(i, i)] * S[np.ix_(j, j)] + S[np.ix_(i, j)] * S[np.ix_(j, i)]
    )


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A test statistic with mean and variance of a chi-square statistic.

    Attributes
    ----------
    factor : float
        The statistic is divided by it.
    df : float
        Degrees of freedom of its reference distribution, not an integer.
    """

    factor: float
    df: float


def mean_variance_adjusted(parts: Inference) -> Adjusted:
    """Adjust the degrees of freedom to mean and variance of the statistic.

    Parameters
    ----------
    parts : Inference
        The evidence.

    Returns
    -------
    Adjusted
        With df = tr(U Gamma)^2 / tr(U Gamma U Gamma) (Satterthwaite, 1941; Satorra and
        Bentler, 1994), as in WLSMVS and ULSMVS.
    """
    fitted = parts.bread @ parts.joined("middle")
    trace = parts.total("trace") - float(np.trace(fitted))
    squared = parts.total("trace_squared") + float((fitted * fitted.T).sum())
    squared -= 2 * float((parts.bread * parts.joined("twice")).sum())
    return Adjusted(factor=squared / trace, df=trace**2 / squared)
