"""Little's test that answers are missing completely at random.

In: missing-data patterns and the saturated moments. Out: chi-square, degrees of
freedom and p value.
Source: Little (1988), with the maximum likelihood covariance matrix, as in the R
packages BaylorEdPsych, naniar and misty.
"""

from dataclasses import dataclass

from kocsem.core.indices import chi_square_pvalue
from kocsem.core.patterns import MissingPatterns, pattern_blocks
from kocsem.core.saturated import SaturatedMoments


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


def little_mcar(*, patterns: MissingPatterns, saturated: SaturatedMoments) -> McarTest:
    """Test whether the patterns' means differ by more than chance.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample; every variable has an answer.
    saturated : SaturatedMoments
        Its saturated moments.

    Returns
    -------
    McarTest
        Statistic, degrees of freedom and p value.

    Notes
    -----
    chisq = sum n_j (ybar_j - mu_j)' Sigma_j^-1 (ybar_j - mu_j), df = sum p_j - p.
    """
    chisq = 0.0
    blocks = pattern_blocks(patterns=patterns, mu=saturated.mu, Sigma=saturated.Sigma)
    for block in blocks:
        chisq += float(block.n @ (block.d * block.pull).sum(axis=1))
    df = int(patterns.observed.sum()) - patterns.p
    return McarTest(chisq=chisq, df=df, pvalue=chi_square_pvalue(chisq=chisq, df=df))
