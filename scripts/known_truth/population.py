"""The KOC core model as a population, and answers drawn from it.

In: a sample size and the number of a replication. Out: four frames of answers to the
19 items, all from the same normal scores: as they are, with heavy tails, on five
points, with pages skipped. What their moments are in the population is computed, not
simulated. The population is that of the demo answers, without their flaws.
"""

from functools import cache

import numpy as np
import pandas as pd
from demo.draw import THRESHOLDS
from demo.koc_core import LOADINGS, POPULATION, STRUCTURE
from demo.population import moments
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, ndtr

from kocsem.core.ordinal.normal_bivariate import bivariate_cdf

FloatArray = NDArray[np.float64]

SEED = 20251212
OPTIONAL = ("IQ5", "PI4")
ITEMS = tuple(item for item in LOADINGS if item not in OPTIONAL)
NORMAL, HEAVY, ROUNDED, SKIPPED = "normal", "heavy-tailed", "five-point", "skipped"

#: Respondents differ in how far they go to the ends of the scale: a gamma variable with
#: this shape and mean 1 multiplies the variance, and the excess kurtosis is 3 / shape.
SHAPE = 1.5

#: Two pages may be skipped, each by itself; the less trust, the more likely.
PAGES = tuple(tuple(i for i in ITEMS if i[:2] == factor) for factor in ("AL", "PI"))
TRUST_ITEMS = tuple(item for item in ITEMS if item[:2] == "TR")
MISSING_SHARE = 0.10
SKIP_SLOPE = -1.5  # log-odds for each standard deviation of the mean trust answer


def model_text(intention: tuple[str, ...] = ("TR", "CA", "IQ", "AL")) -> str:
    """Write the model with the given predictors of purchase intention.

    Its indirect effects all run over trust, which has to be among the predictors.
    """
    measurement = [
        f"{factor} =~ " + " + ".join(item for item in ITEMS if item[:2] == factor)
        for factor in STRUCTURE.factors
    ]
    sources = STRUCTURE.exogenous
    return "\n".join(
        [
            *measurement,
            "TR ~ " + " + ".join(f"{name}_TR*{name}" for name in sources),
            "PI ~ " + " + ".join(f"{name}_PI*{name}" for name in intention),
            *(f"{name}_TR_PI := {name}_TR * TR_PI" for name in sources),
        ]
    )


@cache
def covariance() -> FloatArray:
    """Return the covariance matrix of the normal answers, unit variances."""
    Lambda = np.array(
        [[LOADINGS[i] * (i[:2] == name) for name in STRUCTURE.factors] for i in ITEMS]
    )
    Sigma = Lambda @ moments(STRUCTURE).R @ Lambda.T
    np.fill_diagonal(Sigma, 1.0)
    return np.asarray(Sigma)


def cuts(item: str) -> FloatArray:
    """Return the four thresholds of an item's answers on five points."""
    return np.array(THRESHOLDS[POPULATION.profile_of[item[:2]]])


@cache
def rounded_covariance() -> FloatArray:
    """Return the covariance matrix of the answers on five points.

    An answer is 1 plus the number of thresholds that were passed; two of them are
    passed together with the probability of a quadrant.
    """
    Sigma, result = covariance(), np.empty((len(ITEMS), len(ITEMS)))
    for i, one in enumerate(ITEMS):
        h = cuts(one)[:, None]
        for j, other in enumerate(ITEMS):
            k = cuts(other)[None, :]
            both = (
                ndtr(np.minimum(h, k))
                if i == j
                else bivariate_cdf(h=h, k=k, rho=Sigma[i, j])
            )
            result[i, j] = (both - ndtr(h) * ndtr(k)).sum()
    return result


@cache
def skip_intercept() -> float:
    """Return the log-odds of skipping a page at average trust.

    It is set so that the wanted share of all answers is missing.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    share = MISSING_SHARE * len(ITEMS) / sum(map(len, PAGES))
    return float(
        brentq(lambda a: weights @ expit(a + SKIP_SLOPE * nodes) - share, -10.0, 10.0)
    )


def draw(n: int, number: int) -> dict[str, pd.DataFrame]:
    """Draw the answers of one replication, by kind."""
    rng = np.random.default_rng([SEED, n, number])
    Y = rng.standard_normal((n, len(ITEMS))) @ np.linalg.cholesky(covariance()).T
    spread = np.sqrt(rng.gamma(SHAPE, 1 / SHAPE, (n, 1)))
    passed = [cuts(item).searchsorted(y) for item, y in zip(ITEMS, Y.T, strict=True)]
    normal = _frame(Y)
    return {
        NORMAL: normal,
        HEAVY: _frame(Y * spread),
        ROUNDED: _frame(1.0 + np.column_stack(passed)),
        SKIPPED: _skip_pages(normal, rng.random((n, len(PAGES)))),
    }


def _frame(answers: FloatArray) -> pd.DataFrame:
    """Put the codes of the items over their answers."""
    return pd.DataFrame(answers, columns=list(ITEMS))


def _skip_pages(answers: pd.DataFrame, chance: FloatArray) -> pd.DataFrame:
    """Leave out pages, depending on the answers about trust, which all are there."""
    at = [ITEMS.index(item) for item in TRUST_ITEMS]
    deviation = np.sqrt(covariance()[np.ix_(at, at)].mean())
    trust = answers[list(TRUST_ITEMS)].mean(axis=1).to_numpy() / deviation
    skips = chance < expit(skip_intercept() + SKIP_SLOPE * trust)[:, None]
    result = answers.copy()
    for page, skipped in zip(PAGES, skips.T, strict=True):
        result.loc[skipped, list(page)] = np.nan
    return result
