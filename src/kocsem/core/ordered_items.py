"""The residual variances of ordered items: what their total variances leave.

In: which items are ordered, and the matrices of a structure. Out: the residual
variances. An ordered item shows where a normal variable lies between thresholds; the
variance of that variable, given covariates if there are any, is 1 / delta^2 by
definition, so that its residual variance is no parameter. Source: Muthen (1984), the
delta parameterisation.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array

Index = NDArray[np.intp]
NONE: Index = np.zeros(0, dtype=np.intp)  # no item


@dataclass(frozen=True, slots=True)
class Ordered:
    """Which items are ordered, and where their residual variances stand.

    The template of the structure holds 0 in these places, Theta at `outcomes` included.

    Attributes
    ----------
    levels : ndarray of int, shape (p,)
        Number of categories of each item; 0 for a continuous one.
    items : ndarray of int, shape (a,)
        Ordered items whose residual variance stands on the diagonal of Theta.
    outcomes : ndarray of int, shape (b,)
        Ordered items with a factor of their own, as outcomes of regressions have.
    factors : ndarray of int, shape (b,)
        These factors; the residual variances stand on the diagonal of Psi.
    covariates : ndarray of int, shape (e,)
        Variables that the others are taken given: thresholds, variances and
        correlations are then those at fixed values of them.
    given : ndarray of int, shape (e,)
        Their factors, which have no predictors.
    """

    levels: Index
    items: Index
    outcomes: Index
    factors: Index
    covariates: Index = field(default_factory=lambda: NONE)
    given: Index = field(default_factory=lambda: NONE)


def residual_variances(
    *,
    ordered: Ordered,
    Lambda: Array,
    Beta: Array,
    Psi: Array,
    Theta: Array,
    delta: Array,
) -> Array:
    """Solve diag(Sigma) = 1 / delta^2 for the residual variances of ordered items.

    Parameters
    ----------
    ordered : Ordered
        The ordered items.
    Lambda, Beta, Psi, Theta : ndarray
        Matrices with zeros where the residual variances stand; real or complex.
    delta : ndarray of shape (p,)
        Scales of the items.

    Returns
    -------
    ndarray of shape (a + b,)
        Residual variances of `items`, then of `outcomes`; negative where the model
        explains more than the total.

    Raises
    ------
    numpy.linalg.LinAlgError
        When I - Beta is singular.

    Notes
    -----
    The total variances are linear in the residual ones: a residual variance counts by
    the square of its total effect on the item. The solution is exact in loops, too.
    What covariates explain does not count.
    """
    every = np.concatenate([ordered.items, ordered.outcomes])
    L = Lambda[every]
    if Beta.any():
        L = L @ np.linalg.inv(np.eye(Beta.shape[0]) - Beta)
    spread = L @ Psi
    if ordered.given.size:  # they covary among themselves only
        spread[:, ordered.given] = 0.0
    explained = (spread * L).sum(axis=1) + Theta[every, every]
    weight = np.eye(every.size, dtype=L.dtype)
    weight[:, ordered.items.size :] = L[:, ordered.factors] ** 2
    return np.asarray(np.linalg.solve(weight, delta[every] ** -2.0 - explained))
