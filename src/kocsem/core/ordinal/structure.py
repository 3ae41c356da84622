"""The moments of ordered items, which weighted least squares compares with a sample's.

In: a structure with ordered items and its implied moments. Out: scaled thresholds,
minus means, scaled slopes on covariates, variances of continuous items, scaled
covariances, in the places of `MomentOrder`; their Jacobian and second derivatives.
Where there are covariates, all but the slopes are moments given them. The residual
variances of ordered items follow from all parameters, and every derivative takes that
into account.
Source: Muthen (1984); Muthen and Asparouhov (2002), delta parameterisation; lavaan.

Notes
-----
Only residual variances of items with a factor of their own (`Ordered.outcomes`) reach
other moments. They are treated as further parameters r, held by the conditions
c = diag(Sigma) - 1 / delta^2 = 0. With R = dr/dx, first derivatives follow by the chain
rule, and second derivatives are T'(d2 of phi + l'c)T, where T is the identity above R
and the multipliers l make the derivatives by r vanish (Lagrange).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kocsem.core.moment_structure import contracted
from kocsem.core.moments import Array
from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal.given_covariates import (
    at_fixed_covariates,
    bent_slopes,
    slope_tangents,
)
from kocsem.core.ordinal.moment_order import MomentOrder, moment_order
from kocsem.core.structure import (
    Implied,
    Index,
    Matrix,
    Structure,
    Tangents,
    tangents,
)

NOWHERE: tuple[Index, Index, Index] = (
    np.zeros(0, dtype=np.intp),
    np.zeros(0, dtype=np.intp),
    np.zeros(0, dtype=np.intp),
)


@dataclass(frozen=True)
class OrdinalStructure:
    """The moments of ordered and continuous items of one group.

    Attributes
    ----------
    structure : Structure
        The model, with means and with ordered items.
    """

    structure: Structure

    @property
    def ordered(self) -> Ordered:
        """The ordered items."""
        if self.structure.ordered is None:
            raise ValueError("The structure has no ordered items.")
        return self.structure.ordered

    @cached_property
    def order(self) -> MomentOrder:
        """Where each moment stands."""
        return moment_order(
            levels=self.ordered.levels, covariates=self.ordered.covariates
        )

    @cached_property
    def opened(self) -> Structure:
        """The structure with the residual variances of outcomes as parameters."""
        own, factors = self.structure, self.ordered.factors
        return replace(
            own,
            matrix=np.append(own.matrix, np.full_like(factors, Matrix.PSI)),
            row=np.append(own.row, factors),
            col=np.append(own.col, factors),
            ordered=None,
        )

    def given_covariates(self, implied: Implied) -> Implied:
        """Return the implied moments at fixed values of the covariates."""
        return at_fixed_covariates(implied=implied, given=self.ordered.given)

    def vector(self, implied: Implied) -> Array:
        """Stack the implied moments, shape (q,)."""
        implied = self.given_covariates(implied)
        order, Sigma, scale = self.order, implied.Sigma, implied.delta
        v, i, j = order.variable, order.first, order.second
        return np.concatenate(
            [
                scale[v] * (implied.tau - implied.mu[v]),
                scale[order.sloped] * self._slopes(implied),
                Sigma[order.continuous, order.continuous],
                scale[i] * scale[j] * Sigma[i, j],
            ]
        )

    def jacobian(self, implied: Implied) -> Array:
        """Differentiate the moments, shape (q, k)."""
        implied = self.given_covariates(implied)
        at = tangents(structure=self.opened, implied=implied)
        Delta = self._direct(implied, at)
        k = self.structure.k
        return Delta[:, :k] + Delta[:, k:] @ self._response(implied, at)

    def bend(self, implied: Implied, gradient: Array) -> Array:
        """Sum the moments' second derivatives times a gradient of shape (q,)."""
        implied = self.given_covariates(implied)
        order, scale = self.order, implied.delta
        at = tangents(structure=self.opened, implied=implied)
        p, i, j = scale.size, order.first, order.second
        G = np.zeros((p, p))
        G[i, j] = gradient[order.univariate :] * scale[i] * scale[j]
        G += G.T
        bent = _bent_scales(self, implied, at, G, gradient)
        G[order.continuous, order.continuous] = 2 * gradient[order.variances]
        multipliers = self._multipliers(implied, G)
        outcomes = self.ordered.outcomes
        G[outcomes, outcomes] = 2 * multipliers[outcomes]
        down = scale[order.variable] * gradient[: order.variable.size]
        w = -np.bincount(order.variable, down, p).astype(float)
        bent += contracted(structure=self.opened, implied=implied, at=at, G=G, w=w)
        if order.sloped.size:
            bent += _bent_slopes(self, implied, at, gradient)
        positions, item, _ = self.places(Matrix.DELTA)
        bent[positions, positions] -= 6 * multipliers[item] * scale[item] ** -4.0
        T = np.vstack([np.eye(self.structure.k), self._response(implied, at)])
        return np.asarray(T.T @ bent @ T)

    def places(self, which: Matrix) -> tuple[Index, Index, Index]:
        """Return positions in x, rows and columns of the free elements of a matrix."""
        return self.structure.places.get(which, NOWHERE)

    def _slopes(self, implied: Implied) -> Array:
        """Return the slopes on the covariates, shape (s,)."""
        found = implied.L[self.order.sloped, self.ordered.given[self.order.slope_on]]
        return np.asarray(found)

    def slope_tangents(self, implied: Implied) -> Array:
        """Return what the slopes' derivatives are made of, shape (e, k)."""
        return slope_tangents(
            structure=self.opened, implied=implied, given=self.ordered.given
        )

    def _effects(self, implied: Implied) -> Array:
        """Return how the residual variances of outcomes count in their totals."""
        return implied.L[np.ix_(self.ordered.outcomes, self.ordered.factors)] ** 2

    def _response(self, implied: Implied, at: Tangents) -> Array:
        """Differentiate the residual variances of outcomes, shape (b, k)."""
        outcomes, k = self.ordered.outcomes, self.structure.k
        change = -2 * at.U[outcomes, :k] * at.V[outcomes, :k]
        positions, item, _ = self.places(Matrix.DELTA)
        change[:, positions] -= (
            2 * implied.delta[item] ** -3.0 * (outcomes[:, None] == item)
        )
        return np.asarray(np.linalg.solve(self._effects(implied), change))

    def _multipliers(self, implied: Implied, G: Array) -> Array:
        """Return the multiplier of each item's condition; 0 where there is none."""
        u = implied.L[:, self.ordered.factors]
        pull = (u * (G @ u)).sum(axis=0) / 2
        found = np.zeros(implied.delta.size)
        found[self.ordered.outcomes] = -np.linalg.solve(self._effects(implied).T, pull)
        return found

    def _direct(self, implied: Implied, at: Tangents) -> Array:
        """Differentiate the moments by all parameters of the opened structure."""
        order, scale, (U, V, M) = self.order, implied.delta, (at.U, at.V, at.M)
        v, c, i, j = order.variable, order.continuous, order.first, order.second
        Delta = np.vstack(
            [
                -scale[v, None] * M[v],
                self._direct_slopes(implied, U),
                2 * U[c] * V[c],
                (scale[i] * scale[j])[:, None] * (U[i] * V[j] + V[i] * U[j]),
            ]
        )
        positions, threshold, _ = self.places(Matrix.TAU)
        Delta[threshold, positions] = scale[v[threshold]]
        positions, item, _ = self.places(Matrix.DELTA)
        if item.size:
            height = implied.tau - implied.mu[v]
            Delta[: v.size, positions] = height[:, None] * (v[:, None] == item)
            Delta[order.univariate :, positions] = implied.Sigma[i, j][:, None] * (
                (i[:, None] == item) * scale[j, None]
                + (j[:, None] == item) * scale[i, None]
            )
        return Delta

    def _direct_slopes(self, implied: Implied, U: Array) -> Array:
        """Differentiate the slopes by all parameters of the opened structure."""
        order = self.order
        y, x = order.sloped, order.slope_on
        if not y.size:
            return np.zeros((0, self.opened.k))
        Delta = implied.delta[y, None] * U[y] * self.slope_tangents(implied)[x]
        positions, item, _ = self.places(Matrix.DELTA)
        Delta[:, positions] += self._slopes(implied)[:, None] * (y[:, None] == item)
        return np.asarray(Delta)


def _bent_slopes(
    moments: OrdinalStructure, implied: Implied, at: Tangents, gradient: Array
) -> Array:
    """Contract the gradient with the second derivatives of the slopes."""
    order, scale, H = moments.order, implied.delta, moments.slope_tangents(implied)
    G = np.zeros((scale.size, H.shape[0]))
    G[order.sloped, order.slope_on] = gradient[order.slopes]
    bent = bent_slopes(
        structure=moments.opened,
        implied=implied,
        UG=at.U.T @ (G * scale[:, None]),
        H=H,
    )
    positions, item, _ = moments.places(Matrix.DELTA)
    across = at.U[item] * (G[item] @ H)
    bent[positions] += across
    bent[:, positions] += across.T
    return bent


def _bent_scales(
    moments: OrdinalStructure, implied: Implied, at: Tangents, G: Array, gradient: Array
) -> Array:
    """Contract the gradient with the second derivatives that involve a scale."""
    k, order = moments.opened.k, moments.order
    bent = np.zeros((k, k))
    positions, item, _ = moments.places(Matrix.DELTA)
    if not item.size:
        return bent
    scale, slope = implied.delta[item, None], gradient[: order.variable.size]
    level = -np.bincount(order.variable, slope, implied.delta.size)[item, None]
    U, V = at.U[item], at.V[item]
    across = (U * (G @ at.V)[item] + V * (G @ at.U)[item]) / scale
    across += level * at.M[item]
    at_tau, threshold, _ = moments.places(Matrix.TAU)
    across[:, at_tau] = slope[threshold] * (item[:, None] == order.variable[threshold])
    bent[positions] = across
    bent[:, positions] = across.T
    pair = np.ix_(item, item)
    bent[np.ix_(positions, positions)] = (
        G[pair] * implied.Sigma[pair] / (scale * scale.T)
    )
    return bent
