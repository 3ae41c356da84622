"""Fit indices as plain formulas: numbers in, a number out, nothing checked.

Contents: (1) incremental indices against the baseline, (2) the RMSEA with its interval
and tests, (3) information criteria, (4) the two families called GFI, (5) residual-based
indices, (6) others. Guards for df = 0 follow lavaan 0.7. A value that does not exist is
NaN here and becomes `Unavailable` or an empty cell further up. Sources: Bentler (1990);
Tucker and Lewis (1973); Bollen (1989); Steiger (1990); Browne and Cudeck (1993); Tanaka
and Huba (1985); Maydeu-Olivares et al. (2024); Hoelter (1983); McDonald (1989).
"""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri, chndtr

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.structure import Implied

NAN = float("nan")
ZERO = 1.5e-8


class Tested(TypedDict):
    """A test statistic as the RMSEA wants it: with cases and groups behind it."""

    chisq: float
    df: float
    n: float
    groups: int


def chi_square_pvalue(*, chisq: float, df: float) -> float:
    """Compute the upper tail of the chi-square distribution; NaN for df = 0."""
    return float(chdtrc(df, chisq)) if df > 0 else NAN


def cfi(*, chisq: float, df: float, chisq_null: float, df_null: float) -> float:
    """Compute the comparative fit index (Bentler, 1990), clipped to 0..1."""
    model = max(chisq - df, 0.0)
    worst = max(chisq - df, chisq_null - df_null, 0.0)
    return 1.0 if worst < ZERO else 1.0 - model / worst


def rni(*, chisq: float, df: float, chisq_null: float, df_null: float) -> float:
    """Compute the relative noncentrality index (McDonald and Marsh, 1990)."""
    null = chisq_null - df_null
    return NAN if abs(null) < ZERO else 1.0 - (chisq - df) / null


def tli(*, chisq: float, df: float, chisq_null: float, df_null: float) -> float:
    """Compute the Tucker-Lewis index, also called NNFI; not clipped."""
    null = (chisq_null - df_null) * df
    if df > 0 and null != 0.0:
        return 1.0 - (chisq - df) * df_null / null
    return 1.0


def rfi(*, chisq: float, df: float, chisq_null: float, df_null: float) -> float:
    """Compute the relative fit index (Bollen, 1986)."""
    if df > df_null:
        return NAN
    if df == 0 or df_null == 0:
        return 1.0
    null = chisq_null / df_null
    gain = null - chisq / df
    return 1.0 if gain < 0 or null <= 0 else gain / null


def nfi(*, chisq: float, df: float, chisq_null: float, df_null: float) -> float:
    """Compute the normed fit index (Bentler and Bonett, 1980)."""
    if df > df_null or abs(chisq_null) < ZERO:
        return NAN
    return (chisq_null - chisq) / chisq_null if df > 0 else 1.0


def pnfi(*, chisq: float, df: float, chisq_null: float, df_null: float) -> float:
    """Compute the parsimony normed fit index (James, Mulaik and Brett, 1982)."""
    if df_null == 0 or chisq_null <= 0:
        return NAN
    return df / df_null * (chisq_null - chisq) / chisq_null


def ifi(*, chisq: float, df: float, chisq_null: float) -> float:
    """Compute the incremental fit index (Bollen, 1989)."""
    null = chisq_null - df
    if abs(null) < ZERO:
        return NAN
    return 1.0 if null < 0 else (chisq_null - chisq) / null


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval; NaN where a bound does not exist."""

    lower: float
    upper: float


def noncentrality_interval(
    *, chisq: float, df: float, n: float, level: float
) -> Interval:
    """Bracket the noncentrality parameter of a chi-square statistic.

    Parameters
    ----------
    chisq : float
        The statistic.
    df : float
        Its degrees of freedom; a scaled test can have a fraction.
    n : float
        Number of cases; the upper bound is searched up to max(n, 4 chisq), as in
        lavaan.
    level : float
        Confidence level.

    Returns
    -------
    Interval
        Zeros where the statistic is too small for a positive bound.
    """
    if not np.isfinite([chisq, df]).all():
        return Interval(NAN, NAN)
    tail = (1.0 - level) / 2.0
    if df < 1:
        return Interval(0.0, 0.0)

    def excess(ncp: float, probability: float) -> float:
        return float(chndtr(chisq, df, ncp)) - probability

    lower = upper = 0.0
    if excess(0.0, 1 - tail) > 0:
        lower = float(brentq(excess, 0.0, chisq, args=(1 - tail,), xtol=1e-12))
    far = max(float(n), 4.0 * chisq)
    if excess(0.0, tail) > 0 and excess(far, tail) < 0:
        upper = float(brentq(excess, 0.0, far, args=(tail,), xtol=1e-12))
    return Interval(lower, upper)


def rmsea(*, chisq: float, df: float, n: float, groups: int = 1) -> float:
    """Compute the RMSEA with n, not n - 1, in the denominator (lavaan, Mplus).

    With several groups it is multiplied by the root of their number (Steiger, 1998).
    """
    if df <= 0:
        return 0.0
    return float(np.sqrt(max(chisq / n / df - 1.0 / n, 0.0)) * np.sqrt(groups))


def rmsea_interval(
    *, chisq: float, df: float, n: float, level: float, groups: int = 1
) -> Interval:
    """Compute the interval of the RMSEA from that of the noncentrality."""
    if df < 1:
        return Interval(0.0, 0.0)
    ncp = noncentrality_interval(chisq=chisq, df=df, n=n, level=level)
    return Interval(
        float(np.sqrt(groups * ncp.lower / (n * df))),
        float(np.sqrt(groups * ncp.upper / (n * df))),
    )


def rmsea_close(
    *, chisq: float, df: float, n: float, bound: float, groups: int = 1
) -> float:
    """Compute the p value of H0: RMSEA <= bound (Browne and Cudeck, 1993)."""
    return 1.0 - rmsea_not_close(chisq=chisq, df=df, n=n, bound=bound, groups=groups)


def rmsea_not_close(
    *, chisq: float, df: float, n: float, bound: float, groups: int = 1
) -> float:
    """Compute the p value of H0: RMSEA >= bound (MacCallum et al., 1996)."""
    return float(chndtr(chisq, df, n * df * bound**2 / groups)) if df > 0 else NAN


def gfi_lisrel(
    *,
    S: Array,
    W: Array,
    residual_mean: Array | None,
    ybar: Array,
    given: NDArray[np.bool_],
) -> float:
    """Compute the GFI of LISREL and AMOS, 1 - r'Vr / s'Vs.

    Parameters
    ----------
    S : ndarray of shape (p, p)
        Sample covariance matrix.
    W : ndarray of shape (p, p)
        Inverse of the implied covariance matrix.
    residual_mean : ndarray of shape (p,) or None
        ybar - mu with a mean structure, which then counts on both sides, as in lavaan.
    ybar : ndarray of shape (p,)
        Sample means.
    given : ndarray of shape (p,)
        Covariates whose moments are fixed; these do not count, as in lavaan.

    Returns
    -------
    float
        With V the normal-theory weight at the implied moments (Tanaka and Huba, 1985).
    """
    ratio = W @ S
    gap = ratio - np.eye(S.shape[0])
    misfit = 0.5 * float((gap * gap.T).sum())
    counted = W @ np.where(np.outer(given, given), 0.0, S)
    total = 0.5 * float((counted * counted.T).sum())
    if residual_mean is not None:
        misfit += float(residual_mean @ W @ residual_mean)
        level = np.where(given, 0.0, ybar)
        total += float(level @ W @ level)
    return 1.0 - misfit / total


def agfi_lisrel(*, gfi: float, moments: int, df: float) -> float:
    """Adjust the LISREL GFI for degrees of freedom."""
    return 1.0 - moments / df * (1.0 - gfi) if df > 0 else 1.0


def pgfi(*, gfi: float, moments: int, df: float) -> float:
    """Compute the parsimony GFI (Mulaik et al., 1989)."""
    return df / moments * gfi


def gfi(*, noncentrality: float, n: float, p: int) -> float:
    """Compute the GFI of Maydeu-Olivares et al. (2024), np / (np + 2 ncp)."""
    denominator = n * p + 2.0 * noncentrality
    return min(n * p / denominator, 1.0) if denominator > 0 else NAN


def critical_n(*, chisq: float, df: float, n: float, alpha: float) -> float:
    """Compute Hoelter's critical N (Hoelter, 1983); infinite for a perfect fit."""
    if df == 0:
        return NAN
    if chisq == 0.0:
        return float("inf")
    return float(chdtri(df, alpha)) / (chisq / n) + 1.0


def mfi(*, chisq: float, df: float, n: float) -> float:
    """Compute McDonald's fit index (McDonald, 1989)."""
    return float(np.exp(-0.5 * (chisq - df) / n))


def ecvi(*, chisq: float, npar: int, n: float) -> float:
    """Compute the expected cross-validation index (Browne and Cudeck, 1989)."""
    return (chisq + 2.0 * npar) / n


@dataclass(frozen=True, slots=True)
class ResidualIndices:
    """Root mean square residuals, with the means where they are modelled.

    Attributes
    ----------
    rmr, srmr, crmr, srmr_mplus : float
        Raw; Bentler's standardised; Bollen's correlation residuals off the diagonal;
        Mplus's.
    rmr_nomean, srmr_nomean, crmr_nomean, srmr_mplus_nomean : float
        The same from the covariances alone.
    """

    rmr: float
    srmr: float
    crmr: float
    srmr_mplus: float
    rmr_nomean: float
    srmr_nomean: float
    crmr_nomean: float
    srmr_mplus_nomean: float


def residual_indices(
    *, moments: SampleMoments, implied: Implied, means: bool
) -> ResidualIndices:
    """Compute the root mean square residuals in four metrics.

    Parameters
    ----------
    moments : SampleMoments
        Sample moments.
    implied : Implied
        Implied moments.
    means : bool
        Whether the mean structure is part of the model.

    Returns
    -------
    ResidualIndices
        Bentler (1995) divides by sample deviations; Bollen (1989) compares
        correlations.
    """
    S, Sigma = moments.S, implied.Sigma
    p = S.shape[0]
    lower = np.tril_indices(p)
    below = np.tril_indices(p, -1)
    variance = np.diag(Sigma)  # that of least squares may be negative
    sd, implied_sd = np.sqrt(np.diag(S)), np.sqrt(np.where(variance > 0, variance, NAN))
    raw = S - Sigma
    bentler = raw / np.outer(sd, sd)
    bollen = S / np.outer(sd, sd) - Sigma / np.outer(implied_sd, implied_sd)
    gap = moments.ybar - implied.mu
    own = moments.ybar / sd - implied.mu / implied_sd  # Mplus; lavaan's CRMR does not
    squares = (
        float((raw[lower] ** 2).sum()),
        float((bentler[lower] ** 2).sum()),
        float((bollen[below] ** 2).sum()),
        float((bollen[below] ** 2).sum() + (np.diag(bentler) ** 2).sum()),
    )
    shifts = tuple(float((g**2).sum()) for g in (gap, gap / sd, gap / sd, own))
    star = p * (p + 1) / 2
    counts = (star, star, star - p, star)
    plain = [_root(q, c) for q, c in zip(squares, counts, strict=True)]
    if not means:
        return ResidualIndices(*plain, *plain)
    full = [
        _root(q + s, c + p) for q, s, c in zip(squares, shifts, counts, strict=True)
    ]
    return ResidualIndices(*full, *plain)


def _root(total: float, count: float) -> float:
    """Return the root of a mean; NaN when there is nothing to average."""
    return float(np.sqrt(total / count)) if count > 0 else NAN
