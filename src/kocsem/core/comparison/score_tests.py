"""Score tests: what releasing equality constraints would bring.

In: gradient and information at a constrained optimum, the constraints as rows of a
matrix, and which of them to release. Out: the statistic, its degrees of freedom, the
expected change of the parameters, and what robust versions need. Sources: Silvey
(1959); Satorra (1989, 2000). Whose definition: lavaan's, but for the degrees of freedom
where the released parameters are not identified together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kocsem.core.comparison.difference_tests import Traces
from kocsem.core.inference import constrained_inverse
from kocsem.core.moments import Array

NAN = float("nan")
IDENTIFIED = float(np.finfo(float).eps ** (1 / 3))  # share of information that counts
REDUNDANT = 1e-8  # length of a direction that other constraints leave nothing of
TOUCHED = 1e-6  # share of an unidentified direction that makes a change unknown


@dataclass(frozen=True, slots=True)
class Slope:
    """A constrained optimum, seen from outside the constraints; all per case.

    Attributes
    ----------
    gradient : ndarray of shape (k,)
        Of half the discrepancy.
    expected : ndarray of shape (k, k)
        Expected information, which tells what is identified.
    information : ndarray of shape (k, k)
        The information that the test uses, expected or observed.
    meat : ndarray of shape (k, k) or None
        Covariance matrix of the gradient, times n; None where it is the information.
    K : ndarray of shape (k, k - r)
        Basis that the constraints leave.
    n : float
        Number of cases.
    """

    gradient: Array
    expected: Array
    information: Array
    meat: Array | None
    K: Array
    n: float


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """A score test.

    Attributes
    ----------
    chisq : float
        The statistic; NaN where the information used is not positive definite.
    df : int
        Parameters that are identified beyond those there were.
    change : ndarray of shape (k,)
        Expected change of the parameters; NaN where it is not identified.
    traces : Traces or None
        Mean and variance of the statistic without normality.
    generalized : float
        The statistic that needs no normality; NaN without the meat.
    """

    chisq: float
    df: int
    change: Array
    traces: Traces | None
    generalized: float


def released_directions(*, R: Array, released: NDArray[np.bool_]) -> Array:
    """Find the directions that open when some constraints are released.

    Parameters
    ----------
    R : ndarray of shape (r, k)
        The constraints, R x constant.
    released : ndarray of bool, shape (r,)
        Which to release.

    Returns
    -------
    ndarray of shape (k, s)
        Together with the directions that were open they are all that the other
        constraints leave; a constraint that these imply opens none.
    """
    own, kept = R[released].T, R[~released].T
    rest = own
    if kept.size:
        rest = own - kept @ np.linalg.lstsq(kept, own, rcond=None)[0]
    lengths = np.linalg.norm(rest, axis=0)
    return np.asarray(rest[:, lengths > REDUNDANT * np.linalg.norm(own, axis=0)])


def score_test(slope: Slope, *, directions: Array) -> ScoreTest:
    """Test whether directions should be opened.

    Parameters
    ----------
    slope : Slope
        The constrained optimum.
    directions : ndarray of shape (k, s)
        Directions that the constraints close.

    Returns
    -------
    ScoreTest
        With D the directions that are identified, V = K (K'IK)^-1 K' and
        P = D - V I D, the statistic is n g'D (P'IP)^-1 D'g.
    """
    opened, lost = _identified(slope, directions)
    ways = _whitened(_across(opened, slope.information, slope.K), slope.information)
    pull = ways.T @ slope.gradient
    change = -(ways @ pull)
    change[_unknown(slope, lost)] = np.nan
    traces, generalized = None, NAN
    if slope.meat is not None:
        G = ways.T @ slope.meat @ ways
        traces = Traces(first=float(np.trace(G)), second=float((G * G).sum()))
        generalized = NAN
        if np.isfinite(G).all():
            inverse = np.linalg.pinv(G, hermitian=True)
            generalized = slope.n * float(pull @ inverse @ pull)
    return ScoreTest(
        chisq=slope.n * float(pull @ pull),
        df=opened.shape[1],
        change=change,
        traces=traces,
        generalized=generalized,
    )


def _across(D: Array, information: Array, K: Array) -> Array:
    """Take out of directions what the open ones explain of them."""
    V = constrained_inverse(information=information, K=K)
    return np.asarray(D - V @ (information @ D))


def _identified(slope: Slope, D: Array) -> tuple[Array, Array]:
    """Turn directions into those with information, and those without."""
    P = _across(D, slope.expected, slope.K)
    length = np.einsum("ij,ij->j", D, slope.expected @ D)
    P = P / np.sqrt(np.where(length > 0, length, 1.0))
    values, vectors = np.linalg.eigh(P.T @ slope.expected @ P)
    turned = P @ vectors
    found = values > IDENTIFIED
    return turned[:, found], turned[:, ~found]


def _whitened(P: Array, information: Array) -> Array:
    """Bring directions to unit information; NaN where it is not positive."""
    values, vectors = np.linalg.eigh(P.T @ information @ P)
    root = np.sqrt(np.where(values > 0, values, np.nan))
    return np.asarray(P @ (vectors / root))


def _unknown(slope: Slope, lost: Array) -> NDArray[np.bool_]:
    """Return which parameters take part in directions without information."""
    lost = np.abs(lost) * np.sqrt(np.diag(slope.expected))[:, None]
    # several constraints that say the same leave combinations that are nothing at all
    lost = lost[:, np.linalg.norm(lost, axis=0) > REDUNDANT]
    return np.asarray((lost > TOUCHED * lost.max(axis=0)).any(axis=1))
