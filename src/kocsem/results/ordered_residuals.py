"""Standardised residuals of ordered items: residuals over their standard errors.

In: a `Solution` by least squares with ordered items. Out: z values of the residual
variances and covariances of one group. A residual is s_g less the part of s that the
fit answers, Delta_g I^-1 sum_h f_h Delta_h' V_h s_h, V being the weight of the fit and
f the groups' shares; s has the covariance matrix Gamma / n. Source: Ogasawara (2001).
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.least_squares import LeastSquares, weighted
from kocsem.core.moments import Array
from kocsem.core.ordinal_moments import OrdinalMoments
from kocsem.errors import EstimationError
from kocsem.results.group import Group
from kocsem.results.solution import Solution

NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class _Moments:
    """One group: its moments, how many cases, and what the fit makes of them.

    Delta is the Jacobian, `pull` V Delta, `gap` the sample's less the implied moments.
    """

    sample: OrdinalMoments
    Delta: Array
    pull: Array
    gap: Array


def ordered_residuals(solution: Solution, group: Group) -> Array:
    """Compute the standardised residuals of one group.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    group : Group
        One of its groups.

    Returns
    -------
    ndarray of shape (p, p)
        Of the variables of `Group.compared`; NaN where the model must reproduce a
        moment, as the variance of an ordered item.
    """
    found = [_moments(solution, other) for other in solution.groups]
    ends = np.cumsum([other.structure.k for other in solution.groups])
    own, end = found[group.number - 1], ends[group.number - 1]
    order = own.sample.order
    kept = slice(order.variances.start, order.size)
    bread = solution.unit_inverse[end - group.structure.k : end]
    response = own.Delta[kept] @ bread
    variance = np.zeros(len(response))
    for other, at, last in zip(solution.groups, found, ends, strict=True):
        answer = response[:, last - other.structure.k : last] * other.share
        Q = -answer @ at.pull.T
        if other.number == group.number:
            Q[:, kept] += np.eye(len(Q))
        variance += ((Q @ at.sample.Gamma) * Q).sum(axis=1) / at.sample.n
    bound = NO_VARIANCE * np.diag(own.sample.Gamma)[kept] / own.sample.n
    z = own.gap[kept] / np.sqrt(np.where(variance > bound, variance, np.nan))
    first = np.concatenate([order.continuous, order.first])
    second = np.concatenate([order.continuous, order.second])
    out = np.full_like(own.sample.S, np.nan)
    out[first, second] = out[second, first] = z
    return out[np.ix_(order.explained, order.explained)]


def _moments(solution: Solution, group: Group) -> _Moments:
    """Collect what the residuals of a group rest on."""
    problem, sample = solution.problem.groups[group.number - 1], group.sample.ordinal
    if sample is None or not isinstance(problem, LeastSquares):
        raise EstimationError("Ordered items need the answers themselves.")
    Delta = problem.moments.jacobian(group.implied)
    return _Moments(
        sample=sample,
        Delta=Delta,
        pull=weighted(weight=problem.weight, of=Delta),
        gap=problem.sample - problem.moments.vector(group.implied),
    )
