"""Little's test that answers are missing completely at random.

In: missing-data patterns and the saturated moments. Out: chi-square, degrees of
freedom and p value.
Source: Little (1988), with the maximum likelihood covariance matrix, as in the R
packages BaylorEdPsych, naniar and misty.
"""

from dataclasses import dataclass

from kocsem.core.incomplete.saturated import SaturatedMoments
from kocsem.core.indices import chi_square_pvalue


@dataclass(frozen=True, slots=True)
class McarTest:
    """The result of Little's test.

    Attributes
    ----------
    chisq : float
        The statistic d squared.
    df : int
        Means observed in the patterns, less the number of variables.
    pvalue : float
        Upper tail of the chi-square distribution; NaN for df = 0, where there is a
        single pattern and so nothing to test.
    """

    chisq: float
    df: int
    pvalue: float


def little_mcar(*, saturated: SaturatedMoments) -> McarTest:
    """Test whether the patterns' means differ by more than chance.

    Parameters
    ----------
    saturated : SaturatedMoments
        The saturated moments of the sample.

    Returns
    -------
    McarTest
        Statistic, degrees of freedom and p value.

    Notes
    -----
    chisq = sum n_j (ybar_j - mu_j)' Sigma_j^-1 (ybar_j - mu_j), df = sum p_j - p.
    """
    at = saturated.likelihood
    patterns, rows = at.patterns, at.patterns.digest
    gaps = rows.sums(rows.level[:, None] * at.deviations)
    pulls = rows.sums(rows.level[:, None] * at.pulls)
    chisq = float(((gaps * pulls).sum(axis=1) / patterns.mass).sum())
    df = int(patterns.observed.sum()) - patterns.p
    return McarTest(chisq=chisq, df=df, pvalue=chi_square_pvalue(chisq=chisq, df=df))
