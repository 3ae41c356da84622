"""Effects along the paths of a linear system, at many parameter vectors at once.

In: where paths, loadings and covariances take their values from, which effects are
wanted, and a matrix with one parameter vector a row. Out: one row of effects for each,
so that estimates, derivatives and draws are all one call.

With B the paths, an effect along a chain is the product of its paths, and the total
effects are T = (I - B)^-1 - I; they are the direct ones, B, and the indirect ones,
T - B. A standardised effect is the effect times the standard deviation of the predictor
over that of the outcome, from A Psi A' with A = (I - B - G)^-1 and G the loadings of
factors on factors. Source: Bollen (1987); Sobel (1982); Bentler and Freeman (1983).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kocsem.core.inference import COMPLEX_STEP
from kocsem.core.moments import Array
from kocsem.core.ordered_items import NONE
from kocsem.core.structure import Index

BLOCK = 1024  # vectors evaluated together: their matrices stay in the cache

Values = NDArray[np.inexact]


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements of a square matrix, free or fixed; all others are zero.

    Attributes
    ----------
    row, col : ndarray of shape (e,)
        Their places.
    position : ndarray of shape (e,)
        Their positions in the parameter vector; -1 where fixed.
    value : ndarray of shape (e,)
        Their values where fixed.
    """

    row: Index
    col: Index
    position: Index
    value: Array

    def at(self, X: Values) -> Values:
        """Return the elements at each row of X, shape (B, e)."""
        found = np.tile(self.value.astype(X.dtype), (len(X), 1))
        free = self.position >= 0
        found[:, free] = X[:, self.position[free]]
        return found

    def placed(self, X: Values, size: int) -> Values:
        """Return the matrix at each row of X, shape (B, size, size)."""
        matrix = np.zeros((len(X), size, size), dtype=X.dtype)
        matrix[:, self.row, self.col] = self.at(X)
        return matrix


@dataclass(frozen=True, slots=True)
class PathSystem:
    """Variables joined by paths, by loadings and by covariances.

    Attributes
    ----------
    size : int
        Number of variables, v.
    paths : Elements
        Structural paths B; row = outcome, column = predictor.
    loadings : Elements
        Loadings G of factors on variables of the system; row = indicator.
    covariances : Elements
        (Residual) covariances Psi, on both sides of the diagonal, without the variances
        of ordered variables.
    scales : Elements
        Scales of ordered variables, on the diagonal: the total variance of one is
        scale^-2, whatever explains it.
    given : ndarray of shape (e,)
        Covariates by which ordered variables vary beyond that; they covary among
        themselves only.
    """

    size: int
    paths: Elements
    loadings: Elements
    covariances: Elements
    scales: Elements
    given: Index = field(default_factory=lambda: NONE)


@dataclass(frozen=True, slots=True)
class EffectPlan:
    """Which effects of a system are wanted.

    Attributes
    ----------
    system : PathSystem
        The variables and what joins them.
    chains : ndarray of shape (c, l)
        Positions of the paths of each chain among those of the system; their number
        stands where a chain has ended.
    ends : ndarray of shape (c, 2)
        Outcome and predictor of each chain.
    pairs : ndarray of shape (t, 2)
        Outcome and predictor of each total effect.
    order : ndarray of shape (r,)
        The effects wanted, as positions among the chains, then the total effects of the
        pairs, then their total indirect effects.
    standardized : bool
        Whether effects are in standard deviations.
    """

    system: PathSystem
    chains: Index
    ends: Index
    pairs: Index
    order: Index
    standardized: bool


def effect_values(*, plan: EffectPlan, X: Values) -> Values:
    """Evaluate effects at many parameter vectors.

    Parameters
    ----------
    plan : EffectPlan
        The effects.
    X : ndarray of shape (B, k)
        One parameter vector a row; real, or complex for a complex-step derivative.

    Returns
    -------
    ndarray of shape (B, r)
        The effects; NaN where a standardised one meets a variance that is not positive.
    """
    starts = range(0, max(len(X), 1), BLOCK)
    return np.concatenate([_values(plan, X[i : i + BLOCK]) for i in starts])


def _values(plan: EffectPlan, X: Values) -> Values:
    """Evaluate the effects for one block of parameter vectors."""
    paths = plan.system.paths.at(X)
    paths = np.concatenate([paths, np.ones_like(paths, shape=(len(X), 1))], axis=1)
    products = np.ones_like(paths, shape=(len(X), len(plan.chains)))
    for step in plan.chains.T:
        products = products * paths[:, step]
    parts = [products]
    if len(plan.pairs):
        outcome, predictor = plan.pairs.T
        B = plan.system.paths.placed(X, plan.system.size)
        total = _influence(B)[:, outcome, predictor]
        parts += [total, total - B[:, outcome, predictor]]
    found = np.concatenate(parts, axis=1)
    if plan.standardized:
        outcome, predictor = np.concatenate([plan.ends, plan.pairs, plan.pairs]).T
        deviation = _deviations(plan.system, X)
        found = found * deviation[:, predictor] / deviation[:, outcome]
    return np.asarray(found[:, plan.order])


def _influence(B: Values) -> Values:
    """Return (I - B)^-1 for each B, shape (B, v, v)."""
    return np.asarray(np.linalg.inv(np.eye(B.shape[-1]) - B))


def _deviations(system: PathSystem, X: Values) -> Values:
    """Return the implied standard deviations of the variables, shape (B, v)."""
    B = system.paths.placed(X, system.size)
    A = _influence(B + system.loadings.placed(X, system.size))
    Psi = system.covariances.placed(X, system.size)
    parts = (A @ Psi) * A
    variance = parts.sum(axis=2)
    ordered = system.scales.row
    if ordered.size:
        # total variances are linear in the residual ones
        weight = (A * A)[:, :, ordered]
        inner = variance - parts[:, :, system.given].sum(axis=2)
        rest = system.scales.at(X) ** -2.0 - inner[:, ordered]
        residual = np.linalg.solve(weight[:, ordered], rest[..., None])
        variance = variance + (weight @ residual)[..., 0]
    return np.sqrt(np.where(variance.real > 0, variance, np.nan))


def batch_jacobian(*, function: Callable[[Values], Values], x: Array) -> Array:
    """Differentiate by the complex step a function of many points at once.

    Parameters
    ----------
    function : callable
        Maps points of shape (B, k), possibly complex, to values of shape (B, r).
    x : ndarray of shape (k,)
        Where to differentiate.

    Returns
    -------
    ndarray of shape (r, k)
        The Jacobian, exact to rounding, from one call of the function.
    """
    moved = function(x + 1j * COMPLEX_STEP * np.eye(x.size))
    return np.asarray(moved.imag.T / COMPLEX_STEP)


def stability_index(*, system: PathSystem, x: Array) -> float:
    """Return the largest modulus of the eigenvalues of the paths.

    Parameters
    ----------
    system : PathSystem
        The variables and what joins them.
    x : ndarray of shape (k,)
        The parameters.

    Returns
    -------
    float
        The stability index of Bentler and Freeman (1983): 0 without a loop; below 1
        where the effects of a loop die away, so that total effects exist.
    """
    (B,) = system.paths.placed(x[None], system.size)
    return float(np.abs(np.linalg.eigvals(B)).max(initial=0.0))
