"""Reliability of sum scores and convergent validity, from arrays.

In: covariance matrices, loadings, error covariances; of one sample, or of many along
leading axes. Out: Cronbach's alpha with its interval, composite reliability, average
variance extracted. No names, no frames; the definitions are those of Cronbach (1951),
Feldt, Woodruff and Salih (1987), Fornell and Larcker (1981) and Raykov (2001).
"""

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]


def cronbach_alpha(S: npt.ArrayLike) -> Array:
    """Compute Cronbach's alpha (raw, not standardised).

    Parameters
    ----------
    S : array_like of shape (..., k, k)
        Covariance matrix of the k items of a scale, k at least 2.

    Returns
    -------
    ndarray of shape (...)
        k / (k - 1) * (1 - trace(S) / sum(S)).

    References
    ----------
    cronbach-1951

    Examples
    --------
    >>> print(cronbach_alpha([[1.0, 0.5], [0.5, 1.0]]))
    0.6666666666666667
    """
    S = np.asarray(S, dtype=float)
    k = S.shape[-1]
    share = np.trace(S, axis1=-2, axis2=-1) / S.sum(axis=(-2, -1))
    return np.asarray(k / (k - 1) * (1 - share))[()]


def alpha_interval(
    *, alpha: float, k: int, n: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Compute the confidence interval of alpha from the F distribution.

    Parameters
    ----------
    alpha : float
        The coefficient.
    k, n : int
        Number of items and of cases, both at least 2.
    confidence : float
        Coverage.

    Returns
    -------
    tuple of float
        Lower and upper limit.

    Notes
    -----
    The formula is the one of ``pingouin.cronbach_alpha``, which rounds its limits to
    three decimals; here they keep their precision.

    References
    ----------
    feldt-woodruff-salih-1987

    Examples
    --------
    >>> lower, upper = alpha_interval(alpha=0.8, k=4, n=200)
    >>> round(lower, 3), round(upper, 3)
    (0.751, 0.842)
    """
    tail = (1 - confidence) / 2
    df1, df2 = n - 1, (n - 1) * (k - 1)
    lower = 1 - (1 - alpha) * stats.f.isf(tail, df1, df2)
    upper = 1 - (1 - alpha) * stats.f.isf(1 - tail, df1, df2)
    return float(lower), float(upper)


def composite_reliability(
    loadings: npt.ArrayLike, errors: npt.ArrayLike | None = None
) -> Array:
    """Compute the composite reliability of a scale.

    Parameters
    ----------
    loadings : array_like of shape (..., k)
        Loadings on the factor, whose variance is 1.
    errors : array_like of shape (..., k, k), optional
        Covariance matrix of the measurement errors. Without it the loadings are taken
        as standardised and the errors as uncorrelated with variance 1 - l^2.

    Returns
    -------
    ndarray of shape (...)
        (sum l)^2 / ((sum l)^2 + sum of all elements of errors).

    Notes
    -----
    Standardised loadings without error covariances give the coefficient of Fornell and
    Larcker (1981), which is also what SmartPLS and seminr call rho_C. Error covariances
    enter as in Raykov (2001): each is counted twice in the denominator; a positive one
    that is ignored makes the coefficient too high.

    References
    ----------
    fornell-larcker-1981, raykov-2001

    Examples
    --------
    >>> print(composite_reliability([0.8, 0.7, 0.6]).round(3))
    0.745
    """
    values = np.asarray(loadings, dtype=float)
    true = values.sum(axis=-1) ** 2
    if errors is None:
        error = (1 - values**2).sum(axis=-1)
    else:
        error = np.asarray(errors, dtype=float).sum(axis=(-2, -1))
    return np.asarray(true / (true + error))[()]


def average_variance_extracted(loadings: npt.ArrayLike) -> Array:
    """Compute the average variance extracted.

    Parameters
    ----------
    loadings : array_like of shape (..., k)
        Standardised loadings.

    Returns
    -------
    ndarray of shape (...)
        Mean of the squared loadings.

    References
    ----------
    fornell-larcker-1981

    Examples
    --------
    >>> print(average_variance_extracted([0.8, 0.7, 0.6]).round(3))
    0.497
    """
    return np.asarray(np.square(loadings).mean(axis=-1))[()]
