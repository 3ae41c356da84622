"""Sandwich covariances of the estimates, and scaling of the test statistic.

In: the evidence of all groups. Out: the robust covariance of MLM and the Huber-White
sandwich of MLR; the scaling of the test by Satorra and Bentler (1994), by Asparouhov
and Muthen (2010), and in the variant of Yuan and Bentler (2000) that Mplus uses. Whose
definition: lavaan's.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.evidence import Inference
from kocsem.core.moments import Array


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


def robust_covariance(parts: Inference, *, n: float) -> Array:
    """Compute the robust covariance of the estimates of MLM and MLMV.

    Parameters
    ----------
    parts : Inference
        The evidence.
    n : float
        Number of cases.

    Returns
    -------
    ndarray of shape (k, k)
        (1/n) I^-1 Delta' V Gamma V Delta I^-1 (Browne, 1984, equation 2.12).
    """
    return np.asarray(parts.bread @ parts.joined("middle") @ parts.bread / n)


def huber_white_covariance(parts: Inference, *, n: float) -> Array:
    """Compute the Huber-White covariance of the estimates, as in MLR.

    Parameters
    ----------
    parts : Inference
        The evidence.
    n : float
        Number of cases.

    Returns
    -------
    ndarray of shape (k, k)
        (1/n) H^-1 J H^-1 (Huber, 1967; White, 1982).
    """
    return np.asarray(parts.observed @ parts.joined("meat") @ parts.observed / n)


def satorra_bentler(parts: Inference, *, df: int) -> Scaling:
    """Scale the mean of the statistic: tr(U Gamma) / df.

    Parameters
    ----------
    parts : Inference
        The evidence.
    df : int
        Degrees of freedom, above 0.

    Returns
    -------
    Scaling
        Satorra and Bentler (1994).
    """
    fitted = float((parts.bread * parts.joined("middle")).sum())
    return Scaling(factor=(parts.total("trace") - fitted) / df)


def scaled_shifted(parts: Inference, *, df: int) -> Scaling:
    """Scale mean and variance of the statistic, keeping its degrees of freedom.

    Parameters
    ----------
    parts : Inference
        The evidence.
    df : int
        Degrees of freedom, above 0.

    Returns
    -------
    Scaling
        a T + df - a tr(U Gamma) with a = sqrt(df / tr(U Gamma U Gamma)) (Asparouhov and
        Muthen, 2010).
    """
    fitted = parts.bread @ parts.joined("middle")
    squared = parts.total("trace_squared") + float((fitted * fitted.T).sum())
    squared -= 2 * float((parts.bread * parts.joined("twice")).sum())
    a = float(np.sqrt(df / squared))
    trace = parts.total("trace") - float(np.trace(fitted))
    return Scaling(factor=1.0 / a, shift=df - a * trace)


def yuan_bentler_mplus(parts: Inference, *, df: int, expected: bool = False) -> Scaling:
    """Scale by the difference of the traces of the saturated and the fitted model.

    Parameters
    ----------
    parts : Inference
        The evidence.
    df : int
        Degrees of freedom, above 0.
    expected : bool, default False
        Whether the fitted model's trace rests on the expected information, as it does
        in lavaan where standard errors do.

    Returns
    -------
    Scaling
        (tr_1 - tr_0) / df (Yuan and Bentler, 2000, in the form that Mplus uses).
    """
    inverse = parts.bread if expected else parts.observed
    fitted = float((parts.joined("meat") * inverse).sum())
    saturated = parts.total("saturated_trace")
    return Scaling(
        factor=(saturated - fitted) / df,
        h1=saturated / sum(group.count for group in parts.groups),
        h0=fitted / parts.K.shape[0],
    )
