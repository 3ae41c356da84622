"""What the assessment of a fit says, as frozen records.

The functions of this room make these records from a fit; reports print them. A number
that does not exist is an empty cell (NaN in a frame, None in a record); a finding or
a reason says why.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from kocsem.findings import Finding, Unavailable
from kocsem.instrument.types import Hypothesis, HypothesisKind

Relation = Literal["<", "<=", ">", ">="]
IndexVerdict = Literal["good", "acceptable", "poor"]
HypothesisVerdict = Literal["supported", "not supported", "contrary", "not tested"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that a number is held against.

    Attributes
    ----------
    relation : {"<", "<=", ">", ">="}
        How a number that meets it compares.
    limit : float
        The limit.
    """

    relation: Relation
    limit: float

    def met_by(self, value: float) -> bool:
        """Return whether a number meets the threshold.

        Parameters
        ----------
        value : float
            The number.

        Returns
        -------
        bool
            Whether it does.

        Examples
        --------
        >>> Threshold("<=", 0.06).met_by(0.06)
        True
        """
        match self.relation:
            case "<":
                return value < self.limit
            case "<=":
                return value <= self.limit
            case ">":
                return value > self.limit
            case ">=":
                return value >= self.limit

    def __str__(self) -> str:
        return f"{self.relation} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class JudgedIndex:
    """A fit index held against its criterion.

    Attributes
    ----------
    index : str
        Its name among the fit measures, such as ``"cfi"``; ``"chisq_df"`` is the ratio
        of chi-square to its degrees of freedom.
    value : float or None
        The value; None when it does not exist, as with no degrees of freedom.
    criterion : Threshold
        What good fit needs.
    lenient : Threshold or None
        What acceptable fit needs; None where the literature names one limit only.
    verdict : {"good", "acceptable", "poor"} or None
        The judgement; None without a value.
    citations : tuple of str
        Keys of the sources of the two limits.
    reason : str
        Why there is no value; empty when there is one.
    """

    index: str
    value: float | None
    criterion: Threshold
    lenient: Threshold | None
    verdict: IndexVerdict | None
    citations: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HypothesisResult:
    """What a fit says of a hypothesis.

    Attributes
    ----------
    hypothesis : Hypothesis
        The hypothesis, with its path and sign.
    kind : {"direct", "indirect", "moderation", "statement"}
        One path, a product of paths along a chain, an interaction, or none of these.
    est, se, z, pvalue, ci_lower, ci_upper : float or None
        The effect in the units of the data; None when it does not exist.
    std : float or None
        The standardised effect.
    verdict : {"supported", "not supported", "contrary", "not tested"}
        ``"contrary"`` is significant with the other sign.
    reason : str
        One sentence on how the verdict came about.
    pvalue_holm : float or None
        The p value adjusted for the number of direct hypotheses; None for an indirect
        hypothesis and for one that is not tested.
    """

    hypothesis: Hypothesis
    kind: HypothesisKind
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    ci_lower: float | None
    ci_upper: float | None
    std: float | None
    verdict: HypothesisVerdict
    reason: str
    pvalue_holm: float | None = None


@dataclass(frozen=True)
class Assessment:
    """Reliability and validity of a measurement model.

    Attributes
    ----------
    loadings : DataFrame
        One row an indicator: ``construct item est se z pvalue std_all``.
    constructs : DataFrame
        One row a construct: ``construct k alpha alpha_lower alpha_upper cr ave``, where
        `k` is the number of indicators.
    correlations : DataFrame
        Correlations of the constructs as the model implies them, square.
    htmt : DataFrame
        Heterotrait-monotrait ratios, square and symmetric, ones on the diagonal.
    findings : tuple of Finding
        Every threshold not met, and why a number does not exist.
    """

    loadings: pd.DataFrame
    constructs: pd.DataFrame
    correlations: pd.DataFrame
    htmt: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class NormalityTest:
    """A test of multivariate normality.

    Attributes
    ----------
    value : float
        The measure itself.
    expected : float or None
        What it is near to in a normal population; None where that says nothing.
    statistic : float
        The test statistic: a chi-square, a z value, or the measure itself.
    df : int or None
        Degrees of freedom of a chi-square.
    pvalue : float
        Probability of a statistic as extreme in a normal population.
    """

    value: float
    expected: float | None
    statistic: float
    df: int | None
    pvalue: float


@dataclass(frozen=True)
class Normality:
    """How far the answers to the items are from a normal distribution.

    Attributes
    ----------
    nobs : int
        Number of answer sheets without a missing item, on which the multivariate
        tests rest.
    items : DataFrame
        One row an item: ``item skew kurtosis w pvalue``, the last two of the
        Shapiro-Wilk test.
    mardia_skewness, mardia_kurtosis, henze_zirkler : NormalityTest or Unavailable
        Tests of all items together.
    findings : tuple of Finding
        Every threshold passed.
    """

    nobs: int
    items: pd.DataFrame
    mardia_skewness: NormalityTest | Unavailable
    mardia_kurtosis: NormalityTest | Unavailable
    henze_zirkler: NormalityTest | Unavailable
    findings: tuple[Finding, ...]

    @property
    def tested(self) -> int:
        """Number of items with a Shapiro-Wilk test."""
        return int(self.items["pvalue"].notna().sum())

    @property
    def rejected(self) -> int:
        """Number of items that the Shapiro-Wilk test finds not normal at .05."""
        return int((self.items["pvalue"] < 0.05).sum())


@dataclass(frozen=True)
class Collinearity:
    """Variance inflation factors of construct means.

    Attributes
    ----------
    predictors : DataFrame
        One row a structural path: ``outcome predictor vif``.
    constructs : DataFrame
        One row a construct: ``construct vif``, each regressed on all the others.
    findings : tuple of Finding
        Every threshold passed, and why a factor does not exist.
    """

    predictors: pd.DataFrame
    constructs: pd.DataFrame
    findings: tuple[Finding, ...]
