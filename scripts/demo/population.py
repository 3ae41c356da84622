"""A population of respondents: latent variables, what moves them, what shows them.

In: correlations, paths, products and loadings as records. Out: the moments that they
imply, in closed form. Every latent variable has mean 0 and variance 1 before `means`
are added, so that all coefficients are standardised; every item has variance 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from demo.polynomial import (
    FloatArray,
    Polynomial,
    constant,
    expectation,
    times,
    total,
    variable,
)

Pair = tuple[str, str]

MARKER = "MV"
MARKER_LOADINGS = {"MV1": 0.74, "MV2": 0.80, "MV3": 0.72}
METHOD_LOADING = 0.15
MINOR_SHARE = 0.18


@dataclass(frozen=True, slots=True)
class Structure:
    """Latent variables and what moves them.

    Attributes
    ----------
    exogenous : tuple of str
        Latent variables that nothing in the model explains.
    correlations : ndarray of shape (exogenous, exogenous)
        How they correlate.
    paths : mapping of str to mapping of str to float
        Coefficients by outcome and predictor, causes before effects. The facets of a
        second-order factor are outcomes of it.
    products : mapping of (str, str, str) to float
        By outcome and two latent variables: the coefficient of their product.
    residual_correlations : mapping of (str, str) to float
        Correlations of what the model does not explain of two outcomes.
    residual_paths : mapping of (str, str) to float
        By two outcomes: the coefficient with which the standardised residual of the
        first goes into the residual of the second.
    """

    exogenous: tuple[str, ...]
    correlations: FloatArray
    paths: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    products: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    residual_correlations: Mapping[Pair, float] = field(default_factory=dict)
    residual_paths: Mapping[Pair, float] = field(default_factory=dict)

    @property
    def factors(self) -> tuple[str, ...]:
        """All latent variables, causes before effects."""
        return (*self.exogenous, *self.paths)


@dataclass(frozen=True, slots=True)
class Moments:
    """What a structure implies.

    Attributes
    ----------
    Psi : ndarray of shape (factors, factors)
        Covariances of exogenous variables and residuals.
    R : ndarray of shape (factors, factors)
        Correlations of the latent variables.
    """

    Psi: FloatArray
    R: FloatArray


@dataclass(frozen=True, slots=True)
class Population:
    """Latent variables and the items that show them.

    Attributes
    ----------
    structure : Structure
        The latent variables.
    loadings : mapping of str to float
        By item; its code without the digits is that of its construct.
    profile_of : mapping of str to str
        By construct: which thresholds its items follow.
    cross_loadings : mapping of str to (str, float)
        By item: a second construct that it shows, and how much.
    minor_pairs : tuple of (str, str)
        Pairs of items that share something that is no construct.
    means : mapping of str to float
        Latent means, where they are not 0.
    intercepts : mapping of str to float
        By item: how much easier it is to agree with than its construct accounts for.
    """

    structure: Structure
    loadings: Mapping[str, float]
    profile_of: Mapping[str, str]
    cross_loadings: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    minor_pairs: tuple[Pair, ...] = ()
    means: Mapping[str, float] = field(default_factory=dict)
    intercepts: Mapping[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> Mapping[str, float]:
        """Loadings of all items, those of the marker last."""
        return {**self.loadings, **MARKER_LOADINGS}


def construct_of(code: str) -> str:
    """Return the construct that an item shows first."""
    return code.rstrip("0123456789")


def moments(structure: Structure) -> Moments:
    """Return what a structure implies, residual variances such that all are 1."""
    factors = structure.factors
    place = {name: i for i, name in enumerate(factors)}
    k = len(structure.exogenous)
    Psi = np.eye(len(factors))
    Psi[:k, :k] = structure.correlations
    made: list[Polynomial] = [variable(i) for i in range(k)]
    for outcome in structure.paths:
        explained = _explained(structure, outcome, made, Psi)
        own = place[outcome]
        Psi[own, own] = 1 - expectation(times(explained, explained), Psi)
        made.append(total((1.0, explained), (1.0, variable(own))))
    for (one, other), r in _residual_correlations(structure, Psi).items():
        i, j = place[one], place[other]
        Psi[i, j] = Psi[j, i] = r * np.sqrt(Psi[i, i] * Psi[j, j])
    R = [[expectation(times(one, other), Psi) for other in made] for one in made]
    return Moments(Psi, np.array(R))


def _explained(
    structure: Structure, outcome: str, made: list[Polynomial], Psi: FloatArray
) -> Polynomial:
    """Return the part of an outcome that predictors and products make up."""
    known = dict(zip(structure.factors, made, strict=False))
    parts = [(b, known[name]) for name, b in structure.paths[outcome].items()]
    for (moved, one, other), b in structure.products.items():
        if moved == outcome:
            both = times(known[one], known[other])
            parts += [(b, both), (-b, constant(expectation(both, Psi)))]
    return total(*parts)


def _residual_correlations(structure: Structure, Psi: FloatArray) -> dict[Pair, float]:
    """Put correlations of residuals and paths between them on one scale."""
    place = {name: i for i, name in enumerate(structure.factors)}
    found = dict(structure.residual_correlations)
    for (one, other), b in structure.residual_paths.items():
        j = place[other]
        found[one, other] = b / float(np.sqrt(Psi[j, j]))
    return found


def explained_variance(structure: Structure, outcome: str) -> float:
    """Return the share of an outcome that its paths explain, products left out."""
    linear = replace(structure, products={})
    R = moments(linear).R
    paths = structure.paths[outcome]
    at = [structure.factors.index(name) for name in paths]
    beta = np.array(list(paths.values()))
    return float(beta @ R[np.ix_(at, at)] @ beta)


def effect(structure: Structure, *route: str) -> float:
    """Return the effect along a route: the product of its paths."""
    steps = [structure.paths[after][before] for before, after in pairwise(route)]
    return float(np.prod(steps))


def common_variance(population: Population, code: str, R: FloatArray) -> float:
    """Return the share of an item's variance that its own error leaves."""
    loading = population.rows[code]
    share = loading**2 + METHOD_LOADING**2
    share += MINOR_SHARE * sum(code in pair for pair in population.minor_pairs)
    if code in population.cross_loadings:
        other, cross = population.cross_loadings[code]
        factors = population.structure.factors
        r = R[factors.index(construct_of(code)), factors.index(other)]
        share += cross**2 + 2 * loading * cross * float(r)
    return share
