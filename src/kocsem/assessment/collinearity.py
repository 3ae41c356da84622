"""Whether predictors, or constructs, say the same thing: variance inflation factors.

In: scored answers and a fit, which says what measures and what predicts what. Out: a
`Collinearity` with the factors of the predictors of each outcome and those of Kock's
(2015) full collinearity test, and a finding for each limit that is passed. statsmodels
computes the factors.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.outliers_influence import variance_inflation_factor

from kocsem.assessment.effects import paths_of
from kocsem.assessment.records import Collinearity
from kocsem.findings import Finding
from kocsem.results.fit import Fit

#: Limit for predictors, and for constructs where one is named that is less strict.
LIMIT, LIMIT_SOURCE = 5.0, "hair-risher-sarstedt-ringle-2019"
#: Limit of the full collinearity test.
FULL_LIMIT, FULL_SOURCE = 3.3, "kock-2015"

#: Condition number of standardised variables beyond which no factor has digits left;
#: statsmodels warns from here on.
MOST_CONDITION = 1e4


def assess_collinearity(scored: pd.DataFrame, fit: Fit) -> Collinearity:
    """Compute variance inflation factors of the predictors and of the constructs.

    Parameters
    ----------
    scored : DataFrame
        Answers, reversed items turned round, with all observed variables of the fit.
    fit : Fit
        The structural model.

    Returns
    -------
    Collinearity
        Factors and findings. The constructs are all latent variables that are not
        themselves dimensions of another one; with fewer than two of them there is no
        full collinearity test.

    Notes
    -----
    A latent variable is represented by the mean of its items, one with dimensions by
    the mean of their means; an observed predictor by itself. The factor of a variable
    is 1 / (1 - R^2), where R^2 belongs to its regression, with a constant, on the other
    predictors of the outcome; in the full collinearity test, on all other constructs.
    A path that is fixed to zero predicts nothing and is left out.

    References
    ----------
    hair-risher-sarstedt-ringle-2019, kock-2015

    Examples
    --------
    >>> import kocsem
    >>> rng = np.random.Generator(np.random.PCG64(1))
    >>> data = pd.DataFrame(rng.normal(size=(200, 2)), columns=["a", "b"])
    >>> data["y"] = data["a"] + data["b"] + rng.normal(size=200)
    >>> found = assess_collinearity(data, kocsem.sem("y ~ a + b", data))
    >>> found.predictors.round(2)
      outcome predictor   vif
    0       y         a  1.03
    1       y         b  1.03
    """
    indicators = _indicators(fit)
    paths = paths_of(fit).table
    used = dict.fromkeys(
        (outcome, predictor)
        for (predictor, outcome), path in paths.items()
        if path.free or path.est != 0
    )
    dimensions = {name for names in indicators.values() for name in names}
    constructs = [name for name in indicators if name not in dimensions]
    named = dict.fromkeys([*constructs, *(predictor for _, predictor in used)])
    means = composites(scored[list(fit.observed)].dropna(), indicators, list(named))
    findings: list[Finding] = []
    rows = []
    for outcome in dict.fromkeys(outcome for outcome, _ in used):
        predictors = [predictor for o, predictor in used if o == outcome]
        factors = variance_inflation(means[predictors])
        rows += [(outcome, name, factors[name]) for name in predictors]
        findings += _predictor_findings(outcome, factors)
    full = pd.Series(dtype=float)
    if len(constructs) > 1:
        full = variance_inflation(means[constructs])
        findings += _full_findings(full)
    return Collinearity(
        predictors=pd.DataFrame(rows, columns=["outcome", "predictor", "vif"]),
        constructs=full.rename_axis("construct").reset_index(name="vif"),
        findings=tuple(findings),
    )


def variance_inflation(variables: pd.DataFrame) -> pd.Series:
    """Compute the variance inflation factor of each variable among all of them.

    Parameters
    ----------
    variables : DataFrame of shape (n, k)
        The variables, without missing values.

    Returns
    -------
    Series of shape (k,)
        Factors by name; 1 for a single variable. All are missing when the variables
        depend on each other linearly, up to the accuracy of the computation.

    Examples
    --------
    >>> pair = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 3, 2, 4]})  # r = .8
    >>> variance_inflation(pair).round(4).to_dict()
    {'a': 2.7778, 'b': 2.7778}
    """
    names = list(variables.columns)
    X = variables.to_numpy(dtype=float)
    scale = X.std(axis=0)
    if (scale == 0).any() or len(X) <= len(names):
        return pd.Series(np.nan, index=names)
    Z = (X - X.mean(axis=0)) / scale
    if np.linalg.cond(Z) > MOST_CONDITION:
        return pd.Series(np.nan, index=names)
    design = np.column_stack([np.ones(len(Z)), Z])
    factors = [
        float(variance_inflation_factor(design, position))
        for position in range(1, design.shape[1])
    ]
    return pd.Series(factors, index=names)


def composites(
    scored: pd.DataFrame, indicators: dict[str, list[str]], names: Sequence[str]
) -> pd.DataFrame:
    """Compute the means that represent the variables of a model.

    Parameters
    ----------
    scored : DataFrame
        Answers to the items, without missing values.
    indicators : dict of str to list of str
        For each latent variable its items or dimensions.
    names : sequence of str
        The variables wanted, latent or observed.

    Returns
    -------
    DataFrame
        One column a variable.

    Examples
    --------
    >>> answers = pd.DataFrame({"a1": [1.0, 4.0], "a2": [2.0, 6.0]})
    >>> composites(answers, {"A": ["a1", "a2"]}, ["A"])
         A
    0  1.5
    1  5.0
    """

    def mean(name: str) -> pd.Series:
        if name not in indicators:
            return scored[name].astype(float)
        parts = [mean(part) for part in indicators[name]]
        return pd.concat(parts, axis=1).mean(axis=1)

    return pd.DataFrame({name: mean(name) for name in names}, index=scored.index)


def _indicators(fit: Fit) -> dict[str, list[str]]:
    """Return the indicators of each latent variable of a fit."""
    rows = fit.parameters.query("op == '=~'")
    found: dict[str, list[str]] = {}
    for name, part in zip(rows["lhs"], rows["rhs"], strict=True):
        found.setdefault(str(name), []).append(str(part))
    return found


def _predictor_findings(outcome: str, factors: pd.Series) -> Iterator[Finding]:
    """Hold the factors of the predictors of an outcome against the limit."""
    if factors.isna().any():
        yield _dependent(f"The predictors of {outcome}", outcome)
    for name, value in factors.items():
        if value > LIMIT:
            message = (
                f"VIF of {name} among the predictors of {outcome} is {value:.3f}, "
                f"above {LIMIT:g}; its path is hard to tell from those of the others."
            )
            subject = f"{name} -> {outcome}"
            yield Finding(
                "high-vif", "warning", subject, message, value, LIMIT, LIMIT_SOURCE
            )


def _full_findings(factors: pd.Series) -> Iterator[Finding]:
    """Hold the factors of the full collinearity test against both limits."""
    if factors.isna().any():
        yield _dependent("The constructs", "constructs")
    for name, value in factors.items():
        if not value > FULL_LIMIT:
            continue
        beyond_both = value > LIMIT
        limit = LIMIT if beyond_both else FULL_LIMIT
        message = (
            f"VIF of {name} among all constructs is {value:.3f}, above {limit:g}; the "
            "constructs overlap, which a common method may have brought about."
        )
        yield Finding(
            "high-full-vif",
            "warning" if beyond_both else "info",
            str(name),
            message,
            value,
            limit,
            LIMIT_SOURCE if beyond_both else FULL_SOURCE,
        )


def _dependent(what: str, subject: str) -> Finding:
    """Make the finding for variables that depend on each other linearly."""
    message = (
        f"{what} depend on each other linearly, or hardly vary, so they have no "
        "variance inflation factors."
    )
    return Finding("no-vif", "warning", subject, message)
