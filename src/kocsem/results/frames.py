"""A solution as tidy frames: parameters, standardised solution, modification indices.

In: a `Solution`. Out: frames whose columns have lavaan's names with underscores. A
fixed parameter has standard error 0 and no test; a cell that does not exist is NaN, as
usual in a frame of numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from kocsem.core.inference import (
    complex_jacobian,
    delta_covariance,
    standard_errors,
)
from kocsem.core.moments import Array
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.model.constraints import defined_values
from kocsem.results.group import Group
from kocsem.results.modification import modification_indices
from kocsem.results.solution import Solution
from kocsem.results.standardized import Metric, standardize, standardized_function

Z95 = 1.959963984540054


def two_sided(z: Array) -> Array:
    """Return two-sided normal p values, shape of z."""
    return np.asarray(2.0 * ndtr(-np.abs(z)))


def _tested(est: Array, se: Array, free: np.ndarray) -> dict[str, Array]:
    """Return z, p value and 95 % interval; none of the tests for a fixed value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(free & (se > 0), est / se, np.nan)
    return {
        "se": se,
        "z": z,
        "pvalue": two_sided(z),
        "ci_lower": est - Z95 * se,
        "ci_upper": est + Z95 * se,
    }


@dataclass(frozen=True)
class GivenCovariates:
    """Model-implied moments of ordered items given covariates, on the sample's scale.

    Attributes
    ----------
    thresholds : Series of shape (t,)
        Implied thresholds of the ordered items, where the covariates are zero.
    slopes : DataFrame of shape (p - e, e)
        Implied slopes on the covariates.
    cov : DataFrame of shape (p - e, p - e)
        Implied covariance matrix of what the covariates leave.
    """

    thresholds: pd.Series
    slopes: pd.DataFrame
    cov: pd.DataFrame


@dataclass(frozen=True)
class ImpliedMoments:
    """Model-implied moments with names.

    Attributes
    ----------
    cov : DataFrame of shape (p, p)
        Implied covariance matrix of the observed variables.
    mean : Series of shape (p,)
        Implied means; the sample's where the model has no mean structure.
    given : GivenCovariates or None
        What the discrepancy compares, where ordered items are taken given covariates.
    """

    cov: pd.DataFrame
    mean: pd.Series
    given: GivenCovariates | None = None


def keys(solution: Solution) -> dict[str, list[str] | list[int]]:
    """Return the identifying columns: rows of the table, then definitions.

    Parameters
    ----------
    solution : Solution
        The fitted model.

    Returns
    -------
    dict
        lhs op rhs group label.
    """
    rows, definitions = solution.table.rows, solution.table.definitions
    return {
        "lhs": [r.lhs for r in rows] + [d.name for d in definitions],
        "op": [r.op for r in rows] + [":="] * len(definitions),
        "rhs": [r.rhs for r in rows] + [d.expression.text for d in definitions],
        "group": [r.group for r in rows] + [0] * len(definitions),
        "label": [r.label for r in rows] + [d.name for d in definitions],
    }


def _all_values(solution: Solution, x: np.ndarray) -> np.ndarray:
    """Return the value of every row, then of every definition."""
    own = solution.row_values(x)
    labelled = {
        row.label: value
        for row, value in zip(solution.table, own, strict=True)
        if row.label
    }
    defined = defined_values(solution.table, labelled)
    return np.concatenate([own, np.array(list(defined.values()), dtype=own.dtype)])


def _standard_errors(solution: Solution) -> Array:
    """Return a standard error for every row, then for every definition."""
    count = len(solution.table.rows)
    vcov = solution.vcov
    se = np.zeros(count + len(solution.table.definitions))
    settled = solution.optimum.converged
    roots = standard_errors(covariance=vcov, settled=settled)
    for i, row in enumerate(solution.table):
        if row.free:
            se[i] = roots[row.free - 1]
    if solution.table.definitions:
        slope = complex_jacobian(
            function=lambda x: _all_values(solution, x)[count:], x=solution.x
        )
        covariance = delta_covariance(jacobian=slope, vcov=vcov)
        se[count:] = standard_errors(covariance=covariance, settled=settled)
    return se


def parameter_values(solution: Solution, X: Array) -> Array:
    """Evaluate every row and every definition at many parameter vectors.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    X : ndarray of shape (B, k)
        One parameter vector a row.

    Returns
    -------
    ndarray of shape (B, r)
        Rows of the table, then definitions.
    """
    if any(row.implied for row in solution.table):  # they follow from all the others
        return np.stack([_all_values(solution, x) for x in X])
    position = np.array([row.free - 1 for row in solution.table], dtype=np.intp)
    own = np.where(position >= 0, X[:, position], solution.values)
    labelled = {
        row.label: column
        for row, column in zip(solution.table, own.T, strict=True)
        if row.label
    }
    defined = defined_values(solution.table, labelled).values()
    columns = [np.broadcast_to(column, len(X)) for column in defined]
    return np.column_stack([own, *columns])


def parameter_frame(solution: Solution) -> pd.DataFrame:
    """List every parameter with its estimate and test.

    Parameters
    ----------
    solution : Solution
        The fitted model.

    Returns
    -------
    DataFrame
        lhs op rhs group label est se z pvalue ci_lower ci_upper std_lv std_all.
    """
    est = _all_values(solution, solution.x)
    se = _standard_errors(solution)
    return pd.DataFrame(
        {
            **keys(solution),
            "est": est,
            **_tested(est, se, se > 0),
            "std_lv": standardized_function(solution, "std_lv")(solution.x),
            "std_all": standardized_function(solution, "std_all")(solution.x),
        }
    )


def standardized_frame(solution: Solution, metric: Metric) -> pd.DataFrame:
    """List every standardised parameter with its own standard error.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    metric : {"std_all", "std_lv"}
        What is scaled.

    Returns
    -------
    DataFrame
        lhs op rhs group label est_std se z pvalue ci_lower ci_upper.
    """
    found = standardize(solution, metric)
    return pd.DataFrame(
        {
            **keys(solution),
            "est_std": found.values,
            **_tested(found.values, found.se, found.se > 0),
        }
    )


def modification_frame(solution: Solution) -> pd.DataFrame:
    """List the modification indices, largest first.

    Parameters
    ----------
    solution : Solution
        The fitted model.

    Returns
    -------
    DataFrame
        lhs op rhs group mi epc sepc_lv sepc_all.
    """
    found = modification_indices(solution)
    frame = pd.DataFrame(
        {
            "lhs": [r.lhs for r in found.rows],
            "op": [r.op for r in found.rows],
            "rhs": [r.rhs for r in found.rows],
            "group": [r.group for r in found.rows],
            "mi": found.mi,
            "epc": found.epc,
            "sepc_lv": found.sepc_lv,
            "sepc_all": found.sepc_all,
        }
    )
    return frame.sort_values("mi", ascending=False, kind="stable", ignore_index=True)


def square(matrix: Array, names: Sequence[str]) -> pd.DataFrame:
    """Put names on both sides of a matrix.

    Parameters
    ----------
    matrix : ndarray of shape (p, p)
        The numbers.
    names : sequence of str
        One a row.

    Returns
    -------
    DataFrame of shape (p, p)
        The numbers with their names.
    """
    axis = pd.Index(list(names))
    return pd.DataFrame(matrix, index=axis, columns=axis)


def latent_correlations(group: Group) -> pd.DataFrame:
    """Compute the implied correlations of the latent variables.

    Parameters
    ----------
    group : Group
        One group of a fitted model.

    Returns
    -------
    DataFrame of shape (m, m)
        NaN where a variance is not positive.
    """
    names = group.table.variables.latent
    at = [group.layout.factors.index(name) for name in names]
    Phi = group.implied.Phi[np.ix_(at, at)]
    variance = np.where(np.diag(Phi) > 0, np.diag(Phi), np.nan)
    return square(Phi / np.sqrt(np.outer(variance, variance)), names)


def explained_variance(group: Group) -> pd.Series:
    """Compute the share of variance explained of every outcome.

    Parameters
    ----------
    group : Group
        One group of a fitted model.

    Returns
    -------
    Series
        By outcome: indicators, then others; NaN with a negative residual variance.
    """
    rows, observed = group.rows, group.layout.observed
    outcomes = dict.fromkeys(
        [r.rhs for r in rows if r.op == "=~" and r.rhs in observed]
        + [r.lhs for r in rows if r.op == "~"]
        + [r.rhs for r in rows if r.op == "=~"]
    )
    residual = {
        r.lhs: v for r, v in zip(rows, group.values, strict=True) if r.is_variance
    }
    total = dict(zip(group.layout.factors, np.diag(group.implied.Phi), strict=True))
    total |= dict(zip(observed, np.diag(group.implied.Sigma), strict=True))
    shares = {
        name: 1.0 - residual[name] / total[name] if residual[name] >= 0 else np.nan
        for name in outcomes
    }
    return pd.Series(shares, name="rsquare", dtype=float)


def implied_moments(group: Group) -> ImpliedMoments:
    """Return the model-implied moments of one group.

    Parameters
    ----------
    group : Group
        One group of a fitted model.

    Returns
    -------
    ImpliedMoments
        Means are the sample's where the model has no mean structure.
    """
    names = group.layout.observed
    means = group.implied.mu if group.structure.means else group.moments.ybar
    return ImpliedMoments(
        cov=square(group.implied.Sigma, names),
        mean=pd.Series(means, index=list(names), name="mean"),
        given=_given_covariates(group),
    )


def _given_covariates(group: Group) -> GivenCovariates | None:
    """Return the moments given covariates, where there are any beside ordered items."""
    ordinal, names = group.sample.ordinal, group.layout.observed
    if ordinal is None or not ordinal.order.covariates.size:
        return None
    order, compared = ordinal.order, group.compared
    vector = OrdinalStructure(group.structure).vector(group.implied)
    pairs = zip(order.variable, order.level, strict=True)
    index = [f"{names[j]}|t{k}" for j, k in pairs if k]
    return GivenCovariates(
        thresholds=pd.Series(
            vector[: order.variable.size][order.level > 0], index, name="threshold"
        ),
        slopes=pd.DataFrame(
            vector[order.slopes].reshape(order.covariates.size, -1).T,
            index=list(compared.names),
            columns=[names[j] for j in order.covariates],
        ),
        cov=square(compared.Sigma, compared.names),
    )
