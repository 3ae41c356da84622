"""Where each moment of ordinal and continuous variables stands in the stacked vector.

In: the number of categories of each variable, and which of them are covariates that the
others are taken given. Out: `MomentOrder`, in the order of lavaan's `wls.obs`:
thresholds with minus the means of continuous variables in their places, slopes on the
covariates, variances of the continuous variables, then covariances column by column
below the diagonal. Covariates have no moments of their own.
"""

from dataclasses import dataclass

import numpy as np

from kocsem.core.ordered_items import NONE, Index


@dataclass(frozen=True, slots=True)
class MomentOrder:
    """The positions of q = t + s + v + r moments.

    Of p variables, e are covariates; without any, s = 0 and r = p (p - 1) / 2.

    Attributes
    ----------
    levels : ndarray of int, shape (p,)
        Number of categories of each variable; 0 for a continuous one.
    covariates : ndarray of int, shape (e,)
        The variables that the others are taken given.
    variable : ndarray of int, shape (t,)
        Variable of each threshold or mean.
    level : ndarray of int, shape (t,)
        Number of each threshold, from 1; 0 for a mean, which enters with a minus sign.
    begin : ndarray of int, shape (p,)
        Where the thresholds, or the mean, of each variable begin.
    sloped : ndarray of int, shape (s,)
        Variable of each slope.
    slope_on : ndarray of int, shape (s,)
        The covariate that it is a slope on, by its place in `covariates`.
    continuous : ndarray of int, shape (v,)
        The variables whose variances follow.
    first, second : ndarray of int, shape (r,)
        The two variables of each covariance, first < second.
    """

    levels: Index
    covariates: Index
    variable: Index
    level: Index
    begin: Index
    sloped: Index
    slope_on: Index
    continuous: Index
    first: Index
    second: Index

    @property
    def explained(self) -> Index:
        """Return the variables that are no covariates."""
        return self.variable[self.level <= 1]

    @property
    def numeric(self) -> Index:
        """Return the variables that are not ordinal, covariates included."""
        return np.flatnonzero(self.levels == 0)

    @property
    def variances(self) -> slice:
        """Return where the variances stand."""
        begin = self.variable.size + self.sloped.size
        return slice(begin, begin + self.continuous.size)

    @property
    def slopes(self) -> slice:
        """Return where the slopes stand."""
        return slice(self.variable.size, self.variable.size + self.sloped.size)

    @property
    def univariate(self) -> int:
        """Return how many moments of single variables there are: t + s + v."""
        return self.variable.size + self.sloped.size + self.continuous.size

    @property
    def size(self) -> int:
        """Return the number of moments, q."""
        return self.univariate + self.first.size

    @property
    def owner(self) -> Index:
        """Return the variable of each univariate moment, of shape (t + s + v,)."""
        return np.concatenate([self.variable, self.sloped, self.continuous])

    @property
    def slope_at(self) -> Index:
        """Return the position of each variable's slope on each covariate, (p, e).

        The place of a covariate, which has none, is -1.
        """
        at = np.full((self.levels.size, self.covariates.size), -1)
        at[self.sloped, self.slope_on] = np.arange(self.slopes.start, self.slopes.stop)
        return at

    @property
    def variance_at(self) -> Index:
        """Return the position of each variable's variance, of shape (p,).

        The place of an ordinal variable or covariate, which has none, is -1.
        """
        at = np.full(self.levels.size, -1)
        at[self.continuous] = np.arange(self.variances.start, self.variances.stop)
        return at


def moment_order(*, levels: Index, covariates: Index = NONE) -> MomentOrder:
    """Lay out the moments of one group.

    Parameters
    ----------
    levels : ndarray of int, shape (p,)
        Number of categories of each variable, 2 or more; 0 for a continuous one.
    covariates : ndarray of int, shape (e,), optional
        The variables that the others are taken given.

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

    With the second variable as a covariate the others have slopes on it:

    >>> order = moment_order(levels=np.array([3, 0, 2]), covariates=np.array([1]))
    >>> order.variable, order.sloped
    (array([0, 0, 2]), array([0, 2]))
    """
    levels = np.asarray(levels, dtype=np.intp)
    covariates = np.asarray(covariates, dtype=np.intp)
    own = np.ones(levels.size, dtype=bool)
    own[covariates] = False
    many = np.where(levels == 0, 1, levels - 1) * own
    begin = np.cumsum(many) - many
    variable = np.repeat(np.arange(levels.size), many)
    within = np.arange(variable.size) - begin[variable]
    explained = np.flatnonzero(own)
    first, second = np.triu_indices(explained.size, 1)
    return MomentOrder(
        levels=levels,
        covariates=covariates,
        variable=variable,
        level=np.where(levels[variable] == 0, 0, within + 1),
        begin=begin,
        sloped=np.tile(explained, covariates.size),
        slope_on=np.repeat(np.arange(covariates.size), explained.size),
        continuous=np.flatnonzero((levels == 0) & own),
        first=explained[first],
        second=explained[second],
    )
