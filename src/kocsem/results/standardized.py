"""The standardised solution, with its own standard errors.

In: a `Solution`. Out: the standardised value of every row, in two metrics, and their
covariance by the delta method. std_lv scales factors to variance 1, std_all all
variables. A residual covariance is divided by the residual standard deviations, as in
lavaan (cov.std = TRUE). Source: Bollen (1989), page 349; lavaan's
standardizedSolution().
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kocsem.core.inference import complex_jacobian, delta_covariance
from kocsem.core.moments import Array
from kocsem.core.structure import fill, implied_moments
from kocsem.model.constraints import defined_values
from kocsem.results.solution import Solution, row_values

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


def _real_root(variance: np.ndarray) -> np.ndarray:
    """Take the square root of variances; NaN where one is not positive."""
    with np.errstate(invalid="ignore"):
        return np.where(variance.real > 0, np.sqrt(variance), np.nan)


def _absolute_root(variance: complex) -> complex:
    """Take the root of the absolute value, as lavaan does for residual covariances."""
    return complex(np.emath.sqrt(-variance if np.real(variance) < 0 else variance))


def _deviations(
    solution: Solution, x: np.ndarray, metric: Metric
) -> dict[str, complex | float]:
    """Return the implied standard deviation of every name; 1 where it is not scaled."""
    implied = implied_moments(matrices=fill(structure=solution.layout.structure, x=x))
    layout, latent = solution.layout, set(solution.table.variables.latent)
    factors = _real_root(np.diag(implied.Phi))
    items = _real_root(np.diag(implied.Sigma))
    scale: dict[str, complex | float] = {}
    for name, sd in zip(layout.observed, items, strict=True):
        scale[name] = sd if metric == "std_all" else 1.0
    own = zip(layout.factors, factors, strict=True)
    return scale | {name: sd for name, sd in own if name in latent}


def standardized_values(
    solution: Solution,
    x: np.ndarray,
    metric: Metric,
    values: np.ndarray | None = None,
) -> np.ndarray:
    """Standardise every row of the table, and the definitions from them.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    x : ndarray of shape (k,)
        Real, or complex for a complex-step derivative.
    metric : {"std_all", "std_lv"}
        What is scaled.
    values : ndarray of shape (r,), optional
        Other numbers to standardise in the metric of x, such as expected changes.

    Returns
    -------
    ndarray of shape (r + d,)
        Rows of the table, then definitions.
    """
    own = row_values(solution, x) if values is None else values
    scale = _deviations(solution, x, metric)
    latent = set(solution.table.variables.latent)
    variance = {
        row.lhs: value
        for row, value in zip(solution.table, own, strict=True)
        if row.is_variance
    }
    out = own.astype(np.result_type(x.dtype, float))
    for i, row in enumerate(solution.table):
        if row.op == "=~":
            out[i] = own[i] * scale[row.lhs] / scale[row.rhs]
        elif row.op == "~":
            out[i] = own[i] * scale[row.rhs] / scale[row.lhs]
        elif row.op == "~1":
            out[i] = own[i] / scale[row.lhs]
        elif row.is_variance:
            out[i] = own[i] / scale[row.lhs] ** 2
        else:
            for name in (row.lhs, row.rhs):
                if metric == "std_all" or name in latent:
                    out[i] = out[i] / _absolute_root(variance.get(name, np.nan))
    labelled = {r.label: out[i] for i, r in enumerate(solution.table) if r.label}
    defined = defined_values(solution.table, labelled)
    return np.concatenate([out, np.array(list(defined.values()), dtype=out.dtype)])


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
    """

    def function(x: np.ndarray) -> np.ndarray:
        return standardized_values(solution, x, metric)

    values = function(solution.x)
    slope = complex_jacobian(function=function, x=solution.x)
    covariance = delta_covariance(jacobian=slope, vcov=solution.vcov)
    se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    # a constant, such as the standardised variance of a predictor, has se 0 but for
    # rounding
    return Standardized(values=values, se=np.where(se < ROUNDING, 0.0, se))
