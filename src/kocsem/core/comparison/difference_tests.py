"""Tests of the difference between two nested models that do not rest on normality.

In: the scaled tests of both models, or the evidence of the wider one and the directions
that the restricted one leaves in it. Out: how the difference of the two plain
statistics is brought to its reference distribution. Sources: Satorra and Bentler (2001,
2010); Satorra (2000); Asparouhov and Muthen (2010). Whose definition: lavaan's.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from kocsem.core.evidence import Inference
from kocsem.core.inference import constrained_inverse
from kocsem.core.moments import Array
from kocsem.core.scaling import Scaling

NAN = float("nan")
PERFECT = 1.5e-8  # a statistic below this is 0 but for rounding, as in lavaan


@dataclass(frozen=True, slots=True)
class ScaledTest:
    """The test of one model.

    Attributes
    ----------
    chisq : float
        The plain statistic.
    df : int
        Degrees of freedom.
    factor : float
        What the plain statistic is divided by.
    """

    chisq: float
    df: int
    factor: float

    @property
    def weight(self) -> float:
        """The factor times df: 0 for a perfect fit, NaN for a factor that is not one.

        A model without degrees of freedom fits perfectly.
        """
        if not self.df or self.chisq < PERFECT:
            return 0.0
        return self.df * self.factor if self.factor > 0 else NAN


@dataclass(frozen=True, slots=True)
class Traces:
    """What the difference of two statistics is like without normality.

    Attributes
    ----------
    first : float
        tr(U Gamma), its mean.
    second : float
        tr(U Gamma U Gamma), half its variance.
    """

    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A scaling, and the degrees of freedom that go with it.

    Attributes
    ----------
    scaling : Scaling
        What is done to the difference of the plain statistics.
    df : float
        Degrees of freedom of the result, not always a whole number.
    """

    scaling: Scaling
    df: float


def scaled_difference(*, restricted: ScaledTest, wider: ScaledTest) -> Reference:
    """Scale a difference by the factors of the two models.

    Parameters
    ----------
    restricted, wider : ScaledTest
        The two models. The wider one has its factor at its own estimates (Satorra and
        Bentler, 2001) or at those of the restricted one (2010).

    Returns
    -------
    Reference
        The factor (df0 c0 - df1 c1) / (df0 - df1). There is a test only where it is
        positive; NaN where that of one of the models is not.
    """
    df = restricted.df - wider.df
    factor = (restricted.weight - wider.weight) / df
    return Reference(scaling=Scaling(factor=factor), df=df)


def tangent_by_moments(
    *, wider: tuple[Array, Array], restricted: tuple[Array, Array]
) -> Array:
    """Find the directions of the restricted model in the wider one by their moments.

    Parameters
    ----------
    wider, restricted : tuple of ndarray
        For each model the Jacobian of the moments of all groups, shape (q, k), and the
        basis that its equality constraints leave, shape (k, k - r).

    Returns
    -------
    ndarray of shape (k1, k0 - r0)
        Those directions of the wider model's parameters that change the moments most
        nearly as the restricted model's do: unweighted least squares, the "delta"
        method of lavaan.
    """
    (Delta, K), (Delta0, K0) = wider, restricted
    found, *_ = np.linalg.lstsq(Delta @ K, Delta0 @ K0, rcond=None)
    return np.asarray(K @ found)


def difference_traces(
    parts: Inference, *, information: Array, tangent: Array
) -> Traces:
    """Compute the traces of the difference of two models.

    Parameters
    ----------
    parts : Inference
        The evidence of the wider model, with what rests on Gamma.
    information : ndarray of shape (k, k)
        Its information per case, expected or observed.
    tangent : ndarray of shape (k, k0)
        Directions in its parameters that the restricted model leaves.

    Returns
    -------
    Traces
        With P the information, K the basis of the wider model and H that of the
        restricted one, U = V Delta M Delta' V and M = K (K'PK)^-1 K' - H (H'PH)^-1 H'.
        M equals P^-1 A'(A P^-1 A')^-1 A P^-1 with A the restrictions (Satorra, 2000,
        equation 23).
    """
    scale = np.sqrt(np.diag(information))
    H = scipy.linalg.orth(tangent * scale[:, None]) / scale[:, None]
    M = constrained_inverse(information=information, K=parts.K)
    M = M - constrained_inverse(information=information, K=H)
    product = M @ parts.joined("middle")
    return Traces(
        first=float(np.trace(product)), second=float((product * product.T).sum())
    )


def mean_scaled(traces: Traces, *, df: int) -> Reference:
    """Scale the mean of a difference; df is that of the difference."""
    return Reference(scaling=Scaling(factor=traces.first / df), df=df)


def mean_and_variance_scaled(traces: Traces) -> Reference:
    """Scale mean and variance of a difference by its degrees of freedom."""
    return Reference(
        scaling=Scaling(factor=traces.second / traces.first),
        df=traces.first**2 / traces.second,
    )


def scaled_and_shifted(traces: Traces, *, df: int) -> Reference:
    """Scale mean and variance of a difference, keeping its degrees of freedom."""
    a = float(np.sqrt(df / traces.second)) if traces.second > 0 else NAN
    shift = df - a * traces.first
    return Reference(scaling=Scaling(factor=1.0 / a, shift=shift), df=df)
