"""Reliability and validity in the draws of a bootstrap.

In: a bootstrapped measurement model. Out: alpha, composite reliability, average
variance extracted and HTMT of every construct, with bootstrap intervals. Sources: those
of `reliability` and `validity`; Henseler, Ringle and Sarstedt (2015) for intervals of
HTMT.
"""

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


@dataclass(frozen=True)
class _Plan:
    """What is computed in one group.

    Attributes
    ----------
    number : int
        The group's number, from 1.
    place : int
        Its place among the covariance matrices.
    scales : list of _Scale
        Its constructs.
    """

    number: int
    place: int
    scales: list[_Scale]

    @property
    def names(self) -> pd.DataFrame:
        """Name the statistics: group first second statistic, one row each."""
        alone: list[tuple[int, str, str | None, str]] = [
            (self.number, scale.construct, None, statistic)
            for scale in self.scales
            for statistic in ("alpha", "cr", "ave")
        ]
        pairs: list[tuple[int, str, str | None, str]] = [
            (self.number, a.construct, b.construct, "htmt")
            for a, b in combinations(self.scales, 2)
        ]
        return pd.DataFrame(
            alone + pairs, columns=["group", "first", "second", "statistic"]
        )

    def evaluate(self, S: Array, std: Array) -> Array:
        """Compute the statistics of all samples, shape (samples, statistics).

        From the covariances of the group, shape (samples, p, p), and the standardised
        solution, shape (samples, rows).
        """
        found = []
        for scale in self.scales:
            loadings = std[:, scale.rows]
            found += [
                cronbach_alpha(S[:, scale.items][:, :, scale.items]),
                composite_reliability(loadings),
                average_variance_extracted(loadings),
            ]
        sd = np.sqrt(np.diagonal(S, axis1=1, axis2=2))
        R = S / (sd[:, :, None] * sd[:, None, :])
        for a, b in combinations(self.scales, 2):
            found.append(htmt(R=R, first=a.items, second=b.items))
        return np.stack(found, axis=1) if found else np.zeros((len(S), 0))


def resampled_assessment(boot: Bootstrap) -> ResampledAssessment:
    """Assess the measurement of a bootstrapped model in every draw.

    Parameters
    ----------
    boot : Bootstrap
        Of any model that was fitted to answers.

    Returns
    -------
    ResampledAssessment
        Constructs with two items of their own or more; residual covariances within a
        construct are not counted as error here. With missing answers alpha and HTMT
        rest on the saturated moments, of ordered items on polychoric correlations.

    Raises
    ------
    UnsupportedError
        When there is no construct with two items.

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
    plans, first = [], 0
    for number, group in enumerate(boot.solution.groups):
        plans.append(_Plan(group.number, number, _scales(group, first)))
        first += len(group.rows)
    if not any(plan.scales for plan in plans):
        raise UnsupportedError("No construct has two observed items to assess.")
    names = pd.concat([plan.names for plan in plans], ignore_index=True)
    frame = _summary(boot, names, plans)
    single = frame["second"].isna()
    return ResampledAssessment(
        constructs=frame[single]
        .drop(columns="second")
        .rename(columns={"first": "construct"})
        .reset_index(drop=True),
        htmt=frame[~single].drop(columns="statistic").reset_index(drop=True),
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


def _summary(boot: Bootstrap, names: pd.DataFrame, plans: list[_Plan]) -> pd.DataFrame:
    """Evaluate statistics in the full sample and in every other one."""
    function = standardized_function(boot.solution, "std_all")

    def over(covariances: Array, X: Array) -> Array:
        std = np.stack([function(x) for x in X])
        return np.concatenate(
            [plan.evaluate(covariances[:, plan.place], std) for plan in plans], axis=1
        )

    def left() -> Array:
        X, exists, _ = boot.jackknife
        return over(boot.covariances(True)[exists], X)

    own = np.stack([group.moments.S for group in boot.solution.groups])
    est = over(own[None, :], boot.solution.x[None, :])[0]
    values = over(boot.covariances(False)[boot.used], boot.x)
    return boot.summary(names, est, values, left)
