"""Where each moment of ordinal and continuous variables stands in the stacked vector.

In: the number of categories of each variable. Out: `MomentOrder`, in the order of
lavaan's `wls.obs`: thresholds with minus the means of continuous variables in their
places, variances of the continuous variables, then covariances column by column below
the diagonal.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.structure import Index


@dataclass(frozen=True, slots=True)
class MomentOrder:
    """The positions of q = t + v + p (p - 1) / 2 moments.

    Attributes
    ----------
    levels : ndarray of int, shape (p,)
        Number of categories of each variable; 0 for a continuous one.
    variable : ndarray of int, shape (t,)
        Variable of each threshold or mean.
    level : ndarray of int, shape (t,)
        Number of each threshold, from 1; 0 for a mean, which enters with a minus sign.
    begin : ndarray of int, shape (p,)
        Where the thresholds, or the mean, of each variable begin.
    continuous : ndarray of int, shape (v,)
        The variables whose variances follow.
    first, second : ndarray of int, shape (p (p - 1) / 2,)
        The two variables of each covariance, first < second.
    """

    levels: Index
    variable: Index
    level: Index
    begin: Index
    continuous: Index
    first: Index
    second: Index

    @property
    def univariate(self) -> int:
        """Return how many thresholds, means and variances there are: t + v."""
        return self.variable.size + self.continuous.size

    @property
    def size(self) -> int:
        """Return the number of moments, q."""
        return self.univariate + self.first.size

    @property
    def owner(self) -> Index:
        """Return the variable of each univariate moment, of shape (t + v,)."""
        return np.concatenate([self.variable, self.continuous])

    @property
    def variance_at(self) -> Index:
        """Return the position of each variable's variance, of shape (p,).

        The place of an ordinal variable, which has none, is -1.
        """
        at = np.full(self.levels.size, -1)
        at[self.continuous] = self.variable.size + np.arange(self.continuous.size)
        return at


def moment_order(*, levels: Index) -> MomentOrder:
    """Lay out the moments of one group.

    Parameters
    ----------
    levels : ndarray of int, shape (p,)
        Number of categories of each variable, 2 or more; 0 for a continuous one.

    Returns
    -------
    MomentOrder
        The positions.

    Examples
    --------
    >>> order = moment_order(levels=np.array([3, 0, 2]))
    >>> order.variable, order.level
    (array([0, 0, 1, 2]), array([1, 2, 0, 1]))
    >>> order.first, order.second
    (array([0, 0, 1]), array([1, 2, 2]))
    """
    levels = np.asarray(levels, dtype=np.intp)
    many = np.where(levels == 0, 1, levels - 1)
    begin = np.cumsum(many) - many
    variable = np.repeat(np.arange(levels.size), many)
    within = np.arange(variable.size) - begin[variable]
    first, second = np.triu_indices(levels.size, 1)
    return MomentOrder(
        levels=levels,
        variable=variable,
        level=np.where(levels[variable] == 0, 0, within + 1),
        begin=begin,
        continuous=np.flatnonzero(levels == 0),
        first=first,
        second=second,
    )
