"""How far items are from a normal distribution, one by one and all together.

In: scored answers to the items of a model. Out: a `Normality` with Mardia's (1970)
multivariate skewness and kurtosis, the test of Henze and Zirkler (1990), the test of
Shapiro and Wilk (1965) for each item, and a finding for each limit that is passed.
pingouin computes the last two tests; no library offers Mardia's, so they stand here.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pingouin
from scipy import linalg, stats

from kocsem.assessment.records import Normality, NormalityTest
from kocsem.data.describe import item_descriptives
from kocsem.findings import Finding, Unavailable

Array = npt.NDArray[np.float64]

#: Absolute skewness and excess kurtosis: name, mild limit and grave limit.
ITEM_LIMITS = (("skew", "skewness", 2.0, 3.0), ("kurtosis", "kurtosis", 7.0, 10.0))
MILD_SOURCE, GRAVE_SOURCE = "west-finch-curran-1995", "kline-2016"

#: Critical ratio of Mardia's kurtosis.
RATIO_LIMIT, RATIO_SOURCE = 5.0, "bentler-2005"

#: Fewest and most answers for which the p value of Shapiro and Wilk is known.
SHAPIRO_RANGE = (4, 5000)

#: Beyond these numbers of answer sheets and of items the test of Henze and Zirkler
#: needs the memory of all pairs of sheets, or more digits than a float has.
HENZE_ZIRKLER_MOST = (3000, 60)

_ONE_ITEM = "One item has no multivariate distribution."
_SINGULAR = "The covariance matrix of the items is singular."
_TOO_LARGE = (
    f"The Henze-Zirkler test is computed for up to {HENZE_ZIRKLER_MOST[0]} answer "
    f"sheets and {HENZE_ZIRKLER_MOST[1]} items."
)


def assess_normality(scored: pd.DataFrame, items: Sequence[str]) -> Normality:
    """Test items for normality, one by one and all together.

    Parameters
    ----------
    scored : DataFrame
        Answers, reversed items turned round.
    items : sequence of str
        Columns to test; leave out predictors whose distribution the model takes as
        given.

    Returns
    -------
    Normality
        Tests and findings. The multivariate tests rest on the sheets without a missing
        item; they do not exist for a single item or a singular covariance matrix.

    Notes
    -----
    Skewness and kurtosis of an item are G1 and G2, as in
    `kocsem.data.describe.item_descriptives`. Answers on a scale are never normal, so a
    significant test says little by itself; the limits are about its size.

    References
    ----------
    shapiro-wilk-1965, mardia-1970, henze-zirkler-1990, west-finch-curran-1995,
    kline-2016, bentler-2005

    Examples
    --------
    >>> rng = np.random.Generator(np.random.PCG64(1))
    >>> drawn = pd.DataFrame(rng.normal(size=(200, 3)), columns=["a", "b", "c"])
    >>> found = assess_normality(drawn, ["a", "b", "c"])
    >>> found.mardia_kurtosis.expected, found.mardia_kurtosis.pvalue > 0.05
    (15.0, True)
    """
    frame = scored[list(items)].astype(float)
    described = item_descriptives(frame, items)[["item", "skew", "kurtosis"]]
    table = described.join(_shapiro_wilk(frame), on="item")
    complete = frame.dropna()
    X = complete.to_numpy()
    reason = _no_multivariate(X)
    skewness: NormalityTest | Unavailable = Unavailable(reason)
    kurtosis: NormalityTest | Unavailable = Unavailable(reason)
    if not reason:
        skewness, kurtosis = mardia_skewness(X), mardia_kurtosis(X)
    return Normality(
        nobs=len(complete),
        items=table,
        mardia_skewness=skewness,
        mardia_kurtosis=kurtosis,
        henze_zirkler=Unavailable(reason) if reason else _henze_zirkler(X),
        findings=(*_item_findings(table), *_kurtosis_findings(kurtosis, len(items))),
    )


def mardia_skewness(X: Array) -> NormalityTest:
    """Test Mardia's multivariate skewness.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Complete cases with a regular covariance matrix.

    Returns
    -------
    NormalityTest
        b1 with n b1 / 6, a chi-square with p (p + 1) (p + 2) / 6 degrees of freedom.

    Notes
    -----
    b1 = mean over all pairs (i, j) of [(x_i - m)' S^-1 (x_j - m)]^3, where S has the
    divisor n, as in Mardia (1970). ``psych::mardia`` and ``semTools::mardiaSkew`` take
    n - 1; their b1 is this one times ((n - 1) / n)^3. With z = L^-1 (x - m) and
    S = L L', b1 is also the sum over (a, b, c) of mean(z_a z_b z_c)^2, which needs no
    matrix of all pairs.

    References
    ----------
    mardia-1970

    Examples
    --------
    >>> test = mardia_skewness(np.array([[1.0], [2.0], [3.0], [6.0]]))
    >>> round(test.value, 4), test.df
    (0.4723, 1)
    """
    n, p = X.shape
    Z = _whitened(X)
    thirds = ((Z[:, [a]] * Z).T @ Z / n for a in range(p))
    value = float(sum((block**2).sum() for block in thirds))
    statistic, df = n * value / 6, p * (p + 1) * (p + 2) // 6
    return NormalityTest(
        value=value,
        expected=0.0,
        statistic=statistic,
        df=df,
        pvalue=float(stats.chi2.sf(statistic, df)),
    )


def mardia_kurtosis(X: Array) -> NormalityTest:
    """Test Mardia's multivariate kurtosis.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Complete cases with a regular covariance matrix.

    Returns
    -------
    NormalityTest
        b2 with the z value (b2 - p (p + 2)) / sqrt(8 p (p + 2) / n), which programs for
        structural equations print as its critical ratio, and its two-sided p value.

    Notes
    -----
    b2 = mean over i of [(x_i - m)' S^-1 (x_i - m)]^2, where S has the divisor n, as in
    Mardia (1970). ``psych::mardia`` and ``semTools::mardiaKurtosis`` take n - 1;
    their b2 is this one times ((n - 1) / n)^2.

    References
    ----------
    mardia-1970

    Examples
    --------
    >>> test = mardia_kurtosis(np.array([[1.0], [2.0], [3.0], [6.0]]))
    >>> round(test.value, 6), test.expected, round(test.statistic, 4)
    (2.0, 3.0, -0.4082)
    """
    n, p = X.shape
    value = float(((_whitened(X) ** 2).sum(axis=1) ** 2).mean())
    expected = float(p * (p + 2))
    statistic = (value - expected) / float(np.sqrt(8 * expected / n))
    return NormalityTest(
        value=value,
        expected=expected,
        statistic=statistic,
        df=None,
        pvalue=float(2 * stats.norm.sf(abs(statistic))),
    )


def _whitened(X: Array) -> Array:
    """Turn cases into uncorrelated ones with variance 1 (divisor n)."""
    centred = X - X.mean(axis=0)
    L = linalg.cholesky(centred.T @ centred / len(X), lower=True)
    Z: Array = linalg.solve_triangular(L, centred.T, lower=True).T
    return Z


def _no_multivariate(X: Array) -> str:
    """Return why there is no multivariate test; empty when there is."""
    if X.shape[1] < 2:
        return _ONE_ITEM
    if len(X) <= X.shape[1]:
        return _SINGULAR
    scale = X.std(axis=0)
    standardised = (X - X.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    regular = np.linalg.matrix_rank(standardised) == X.shape[1]
    return "" if regular else _SINGULAR


def _henze_zirkler(X: Array) -> NormalityTest | Unavailable:
    """Return the test of Henze and Zirkler where it can be computed."""
    if X.shape[0] > HENZE_ZIRKLER_MOST[0] or X.shape[1] > HENZE_ZIRKLER_MOST[1]:
        return Unavailable(_TOO_LARGE)
    found = pingouin.multivariate_normality(X)
    value = float(found.hz)
    return NormalityTest(value, None, value, None, float(found.pval))


def _shapiro_wilk(frame: pd.DataFrame) -> pd.DataFrame:
    """Return W and its p value by item; missing where the test does not exist."""
    least, most = SHAPIRO_RANGE
    counts = frame.count()
    fit = counts.between(least, most) & (frame.nunique() > 1)
    empty = pd.DataFrame(index=frame.columns, columns=["w", "pvalue"], dtype=float)
    if not fit.any():
        return empty
    tests = pingouin.normality(frame.loc[:, fit])
    found: pd.DataFrame = tests[["W", "pval"]].astype(float).reindex(frame.columns)
    return found.set_axis(["w", "pvalue"], axis=1)


def _item_findings(table: pd.DataFrame) -> Iterator[Finding]:
    """Hold skewness and kurtosis of each item against their limits."""
    for _, row in table.iterrows():
        for column, name, mild, grave in ITEM_LIMITS:
            value = float(row[column])
            if not abs(value) > mild:
                continue
            is_grave = abs(value) > grave
            limit = grave if is_grave else mild
            message = (
                f"{row['item']} has a {name} of {value:.2f}, beyond {limit:g} in "
                "absolute value."
            )
            yield Finding(
                f"high-{name}",
                "warning" if is_grave else "info",
                str(row["item"]),
                message,
                value,
                limit,
                GRAVE_SOURCE if is_grave else MILD_SOURCE,
            )


def _kurtosis_findings(
    test: NormalityTest | Unavailable, items: int
) -> Iterator[Finding]:
    """Hold the critical ratio of Mardia's kurtosis against its limit."""
    if isinstance(test, Unavailable) or not abs(test.statistic) > RATIO_LIMIT:
        return
    message = (
        f"Mardia's kurtosis of the {items} items is {test.value:.1f} where a normal "
        f"distribution has {test.expected:.0f}, z = {test.statistic:.2f}, beyond "
        f"{RATIO_LIMIT:g}: chi-square and standard errors of maximum likelihood are "
        "approximate."
    )
    yield Finding(
        "not-multivariate-normal",
        "warning",
        "items",
        message,
        test.statistic,
        RATIO_LIMIT,
        RATIO_SOURCE,
    )
