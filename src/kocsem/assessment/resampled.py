"""Reliability and validity in the draws of a bootstrap.

In: a bootstrapped measurement model. Out: alpha, composite reliability, average
variance extracted and HTMT of every construct, with bootstrap intervals. Sources: those
of `reliability` and `validity`; Henseler, Ringle and Sarstedt (2015) for intervals of
HTMT.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from kocsem.assessment.reliability import (
    average_variance_extracted,
    composite_reliability,
    cronbach_alpha,
)
from kocsem.assessment.validity import htmt
from kocsem.core.moments import Array
from kocsem.errors import UnsupportedError
from kocsem.results.bootstrap import Bootstrap
from kocsem.results.group import Group
from kocsem.results.standardized import standardized_function


@dataclass(frozen=True)
class ResampledAssessment:
    """Reliability and validity with bootstrap intervals.

    Attributes
    ----------
    constructs : DataFrame
        group construct statistic (``"alpha"``, ``"cr"``, ``"ave"``) est se bias
        ci_lower ci_upper.
    htmt : DataFrame
        group first second est se bias ci_lower ci_upper.
    """

    constructs: pd.DataFrame
    htmt: pd.DataFrame


@dataclass(frozen=True)
class _Scale:
    """One construct of a group: its items, and the rows of its loadings."""

    construct: str
    items: list[int]
    rows: list[int]


def resampled_assessment(boot: Bootstrap) -> ResampledAssessment:
    """Assess the measurement of a bootstrapped model in every draw.

    Parameters
    ----------
    boot : Bootstrap
        Of a model by maximum likelihood with complete answers.

    Returns
    -------
    ResampledAssessment
        Constructs with two items of their own or more; residual covariances within a
        construct are not counted as error here.

    Raises
    ------
    UnsupportedError
        Where the draws have no covariance matrices of complete answers, or there is no
        construct with two items.

    Examples
    --------
    >>> import kocsem, numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> items = 0.8 * rng.normal(size=(200, 1)) + 0.6 * rng.normal(size=(200, 3))
    >>> data = pd.DataFrame(items, columns=["x1", "x2", "x3"])
    >>> boot = kocsem.cfa("f =~ x1 + x2 + x3", data).bootstrap(100, seed=1)
    >>> kocsem.resampled_assessment(boot).constructs["statistic"].tolist()
    ['alpha', 'cr', 'ave']
    """
    solution = boot.solution
    function = standardized_function(solution, "std_all")
    own = np.stack([group.moments.S for group in solution.groups])
    constructs, pairs, first = [], [], 0
    for number, group in enumerate(solution.groups):
        scales = _scales(group, first)
        first += len(group.rows)
        if scales:
            evaluate = _reliability(scales, number)
            names = pd.DataFrame(
                [
                    (group.number, scale.construct, statistic)
                    for scale in scales
                    for statistic in ("alpha", "cr", "ave")
                ],
                columns=["group", "construct", "statistic"],
            )
            constructs.append(_summary(boot, names, function, evaluate, own))
        if len(scales) > 1:
            names = pd.DataFrame(
                [
                    (group.number, a.construct, b.construct)
                    for a, b in combinations(scales, 2)
                ],
                columns=["group", "first", "second"],
            )
            pairs.append(_summary(boot, names, function, _ratios(scales, number), own))
    if not constructs:
        raise UnsupportedError("No construct has two observed items to assess.")
    return ResampledAssessment(
        constructs=pd.concat(constructs, ignore_index=True),
        htmt=pd.concat(pairs, ignore_index=True) if pairs else pd.DataFrame(),
    )


def _scales(group: Group, first: int) -> list[_Scale]:
    """List the constructs with two observed items or more, none shared."""
    at = {name: i for i, name in enumerate(group.layout.observed)}
    loaded = [row.rhs for row in group.rows if row.op == "=~"]
    found = []
    for construct in group.table.variables.latent:
        rows = [
            (first + i, row.rhs)
            for i, row in enumerate(group.rows)
            if row.op == "=~" and row.lhs == construct
        ]
        names = [name for _, name in rows]
        alone = all(name in at and loaded.count(name) == 1 for name in names)
        if alone and len(names) > 1:
            found.append(
                _Scale(construct, [at[name] for name in names], [i for i, _ in rows])
            )
    return found


Evaluate = Callable[[Array, Array], list[float]]


def _reliability(scales: list[_Scale], number: int) -> Evaluate:
    """Return what computes alpha, CR and AVE of one sample."""

    def evaluate(S: Array, std: Array) -> list[float]:
        values: list[float] = []
        for scale in scales:
            loadings = std[scale.rows]
            values += [
                cronbach_alpha(S[number][np.ix_(scale.items, scale.items)]),
                composite_reliability(loadings),
                average_variance_extracted(loadings),
            ]
        return values

    return evaluate


def _ratios(scales: list[_Scale], number: int) -> Evaluate:
    """Return what computes the HTMT of all pairs in one sample."""

    def evaluate(S: Array, std: Array) -> list[float]:
        del std
        sd = np.sqrt(np.diag(S[number]))
        R = S[number] / np.outer(sd, sd)
        pairs = combinations(scales, 2)
        return [htmt(R=R, first=a.items, second=b.items) for a, b in pairs]

    return evaluate


def _summary(
    boot: Bootstrap,
    names: pd.DataFrame,
    function: Callable[[Array], Array],
    evaluate: Evaluate,
    own: Array,
) -> pd.DataFrame:
    """Evaluate statistics in the full sample and in every other one."""

    def over(covariances: Array, X: Array) -> Array:
        pairs = zip(covariances, X, strict=True)
        return np.array([evaluate(S, function(x)) for S, x in pairs])

    def left() -> Array:
        X, exists, _ = boot.jackknife
        return over(boot.covariances(True)[exists], X)

    est = np.array(evaluate(own, function(boot.solution.x)))
    values = over(boot.covariances(False)[boot.used], boot.x)
    return boot.summary(names, est, values, left)
