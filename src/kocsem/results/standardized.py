"""The standardised solution, with its own standard errors.

In: a `Solution`. Out: the standardised value of every row, in two metrics, and their
covariance by the delta method. std_lv scales factors to variance 1, std_all all
variables. A residual covariance is divided by the residual standard deviations, as in
lavaan (cov.std = TRUE). Source: Bollen (1989), page 349; lavaan's
standardizedSolution().
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kocsem.core.inference import (
    complex_jacobian,
    delta_covariance,
    standard_errors,
)
from kocsem.core.moments import Array
from kocsem.core.structure import fill, implied_moments
from kocsem.model.constraints import defined_values
from kocsem.model.options import recognise
from kocsem.results.group import Group
from kocsem.results.solution import Solution

Metric = Literal["std_all", "std_lv"]

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Standardized:
    """Standardised values with their standard errors.

    Attributes
    ----------
    values : ndarray of shape (r + d,)
        Rows of the table, then definitions.
    se : ndarray of shape (r + d,)
        Delta-method standard errors; NaN where a negative variance leaves none.
    """

    values: Array
    se: Array


@dataclass(frozen=True, slots=True)
class _Plan:
    """By which deviations each row is multiplied and divided, as positions.

    Positions 0..p-1 are observed variables, p..p+m-1 factors, p+m stands for 1, and
    what follows for observed variables given covariates. A covariance is divided by
    roots of two rows of the table, its variances.
    """

    times: NDArray[np.intp]
    over: NDArray[np.intp]
    again: NDArray[np.intp]
    covariances: NDArray[np.intp]
    variances: NDArray[np.intp]


def _plan(group: Group, metric: Metric) -> _Plan:
    """Work out how each row is standardised."""
    layout, latent = group.layout, set(group.table.variables.latent)
    p, one = len(layout.observed), len(layout.observed) + len(layout.factors)
    at = {
        name: i if metric == "std_all" else one
        for i, name in enumerate(layout.observed)
    }
    at |= {name: p + i for i, name in enumerate(layout.factors) if name in latent}
    own = {r.lhs: i for i, r in enumerate(group.rows) if r.is_variance}
    positions, covariances, variances = [], [], []
    for i, row in enumerate(group.rows):
        if row.op == "=~":
            positions.append((at[row.lhs], at[row.rhs], one))
        elif row.op == "~":
            positions.append((at[row.rhs], at[row.lhs], one))
        elif row.op in ("~1", "|"):
            positions.append((one, at[row.lhs], one))
        elif row.op == "~*~":
            scaled = metric == "std_all"
            given = one + 1 + layout.observed.index(row.lhs)
            positions.append((given if scaled else one, one, one))
        elif row.is_variance:
            positions.append((one, at[row.lhs], at[row.lhs]))
        else:
            positions.append((one, one, one))
            for name in (row.lhs, row.rhs):
                if metric == "std_all" or name in latent:
                    covariances.append(i)
                    variances.append(own[name])
    times, over, again = np.array(positions, dtype=np.intp).T
    return _Plan(
        times=times,
        over=over,
        again=again,
        covariances=np.array(covariances, dtype=np.intp),
        variances=np.array(variances, dtype=np.intp),
    )


def _deviations(group: Group, x: np.ndarray) -> np.ndarray:
    """Return implied standard deviations of items and factors, then 1.

    After it those that ordered items have by definition, given the covariates.
    """
    implied = implied_moments(matrices=fill(structure=group.structure, x=x))
    variance = np.concatenate(
        [np.diag(implied.Sigma), np.diag(implied.Phi), [1.0], implied.delta**-2.0]
    )
    with np.errstate(invalid="ignore"):
        return np.where(variance.real > 0, np.sqrt(variance), np.nan)


def _apply(
    plan: _Plan, own: np.ndarray, scale: np.ndarray, own_variances: np.ndarray
) -> np.ndarray:
    """Standardise the rows; residual covariances by roots of absolute variances.

    With a variance of zero there is no correlation, hence NaN.
    """
    with np.errstate(invalid="ignore"):  # numpy warns of complex NaN
        out = own * scale[plan.times] / (scale[plan.over] * scale[plan.again])
    variance = own_variances[plan.variances]
    variance = np.where(variance.real < 0, -variance, variance)
    root = np.sqrt(np.where(variance.real == 0, np.nan, variance))
    np.divide.at(out, plan.covariances, root)
    return np.asarray(out)


def standardized_changes(group: Group, changes: Array, metric: Metric) -> Array:
    """Standardise other numbers, such as expected changes, in a group's metric.

    Parameters
    ----------
    group : Group
        One group of a fitted model.
    changes : ndarray of shape (r,)
        One number a row of the group.
    metric : {"std_all", "std_lv"}
        What is scaled.

    Returns
    -------
    ndarray of shape (r,)
        The numbers, standardised like the rows they belong to.
    """
    scale = _deviations(group, group.x)
    return _apply(_plan(group, metric), changes, scale, group.values)


def standardized_function(
    solution: Solution, metric: Metric
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the standardised solution as a function of the parameter vector.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    metric : {"std_all", "std_lv"}
        What is scaled.

    Returns
    -------
    callable
        Maps x of shape (k,), real or complex, to rows of the table, then definitions.
    """
    plans = [(group, _plan(group, metric)) for group in solution.groups]
    # parameters with one label may differ once standardised: the first counts, as in
    # lavaan
    labels: dict[str, int] = {}
    for i, row in enumerate(solution.table):
        if row.label:
            labels.setdefault(row.label, i)

    def function(x: np.ndarray) -> np.ndarray:
        parts = []
        for (group, plan), at in zip(plans, solution.problem.split(x), strict=True):
            own = group.row_values(at)
            parts.append(_apply(plan, own, _deviations(group, at), own))
        out = np.concatenate(parts)
        defined = defined_values(
            solution.table, {label: out[i] for label, i in labels.items()}
        )
        return np.concatenate([out, np.array(list(defined.values()), dtype=out.dtype)])

    return function


def standardize(solution: Solution, metric: Metric) -> Standardized:
    """Compute the standardised solution with delta-method standard errors.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    metric : {"std_all", "std_lv"}
        What is scaled.

    Returns
    -------
    Standardized
        Values and standard errors.

    Raises
    ------
    UnsupportedError
        When the metric is none of these.
    """
    metric = recognise("metric", metric, get_args(Metric))
    function = standardized_function(solution, metric)
    values = function(solution.x)
    slope = complex_jacobian(function=function, x=solution.x)
    covariance = delta_covariance(jacobian=slope, vcov=solution.vcov)
    se = standard_errors(covariance=covariance, settled=solution.optimum.converged)
    # a constant, such as the standardised variance of a predictor, has se 0 but for
    # rounding
    return Standardized(values=values, se=np.where(se < ROUNDING, 0.0, se))
