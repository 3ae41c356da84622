"""Structures with ordered items of every kind, at arbitrary points."""

from dataclasses import dataclass

import numpy as np

from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal.moment_order import moment_order
from kocsem.core.structure import Matrices, Matrix, Structure

L, B, P, T, N, A, TAU, D = Matrix

# free cells (matrix, row, col) besides the thresholds; `own` are the items with a
# factor of their own, in the order of the factors that follow the `latent` ones
KINDS = {
    # f with a marker 1 and a loading; y ~ f; z ~ y, all but the marker ordered
    "chain": {
        "levels": (0, 2, 3, 2),
        "latent": 1,
        "own": (2, 3),
        "loadings": {(0, 0): 1.0, (1, 0): 0.6},
        "variances": {0: 1.0},
        "free": ((L, 1, 0), (B, 1, 0), (B, 2, 1)),
    },
    "factors": {
        "levels": (3, 2, 4, 2, 3, 2),
        "latent": 2,
        "own": (),
        "loadings": {(0, 0): 1.0, (3, 1): 1.0},
        "variances": {},
        "free": (
            *((L, 1, 0), (L, 2, 0), (L, 4, 1), (L, 5, 1), (L, 2, 1)),
            *((P, 0, 0), (P, 1, 1), (B, 1, 0), (T, 4, 0), (T, 2, 1)),
        ),
    },
    # scales and means are free, as in the second of two groups
    "scales": {
        "levels": (3, 2, 4, 2),
        "latent": 1,
        "own": (),
        "loadings": {(0, 0): 1.0},
        "variances": {},
        "free": (
            *((L, 1, 0), (L, 2, 0), (L, 3, 0), (P, 0, 0), (A, 0, 0)),
            *((D, 0, 0), (D, 1, 0), (D, 2, 0), (D, 3, 0), (N, 2, 0)),
        ),
    },
    "loop": {
        "levels": (2, 3, 2, 4),
        "latent": 0,
        "own": (0, 1, 2, 3),
        "loadings": {},
        "variances": {},
        "free": (
            *((B, 0, 1), (B, 1, 0), (B, 0, 2), (B, 1, 3), (B, 1, 2)),
            *((P, 2, 3), (P, 0, 1), (D, 1, 0), (D, 2, 0), (A, 3, 0), (A, 0, 0)),
        ),
    },
    # an ordered and a continuous outcome predict each other's followers
    "mixed": {
        "levels": (0, 3, 2, 4, 0, 2),
        "latent": 1,
        "own": (3, 4, 5),
        "loadings": {(0, 0): 1.0},
        "variances": {},
        "free": (
            *((L, 1, 0), (L, 2, 0), (P, 0, 0), (B, 1, 0), (B, 2, 1), (B, 3, 2)),
            *((B, 3, 0), (P, 2, 2), (P, 3, 1), (T, 0, 0), (T, 2, 0), (T, 2, 1)),
            *((N, 0, 0), (A, 2, 0), (A, 0, 0), (D, 1, 0), (D, 3, 0), (D, 5, 0)),
        ),
    },
    # f and an ordered outcome, which predicts a continuous one, given two covariates
    "given": {
        "levels": (3, 0, 2, 4, 0, 0, 0),
        "latent": 1,
        "own": (3, 4, 5, 6),
        "covariates": (5, 6),
        "loadings": {(0, 0): 1.0},
        "variances": {3: 1.7, 4: 0.6},
        "free": (
            *((L, 1, 0), (L, 2, 0), (P, 0, 0), (B, 0, 3), (B, 0, 4), (B, 1, 0)),
            *((B, 1, 3), (B, 2, 1), (B, 2, 4), (P, 2, 2), (T, 1, 1), (T, 2, 0)),
            *((N, 1, 0), (A, 2, 0), (A, 0, 0), (D, 0, 0), (D, 2, 0), (D, 3, 0)),
        ),
    },
}


@dataclass(frozen=True)
class OrdinalCase:
    """A structure and a point inside its parameter space."""

    structure: Structure
    x: np.ndarray

    @property
    def k(self):
        return self.x.size


def ordinal_case(kind, seed=0):
    """Build one of the kinds at a random point."""
    given = KINDS[kind]
    levels = np.array(given["levels"], dtype=np.intp)
    own = np.array(given["own"], dtype=np.intp)
    covariates = np.array(given.get("covariates", ()), dtype=np.intp)
    order = moment_order(levels=levels, covariates=covariates)
    p, m = levels.size, given["latent"] + own.size
    template = Matrices(
        Lambda=np.zeros((p, m)),
        Beta=np.zeros((m, m)),
        Psi=np.zeros((m, m)),
        Theta=np.zeros((p, p)),
        nu=np.zeros(p),
        alpha=np.zeros(m),
        tau=np.zeros(order.variable.size),
        delta=np.ones(p),
    )
    for place, value in given["loadings"].items():
        template.Lambda[place] = value
    factors = given["latent"] + np.arange(own.size)
    template.Lambda[own, factors] = 1.0
    for place, value in given["variances"].items():
        template.Psi[place, place] = value
    taken = factors[np.isin(own, covariates)]
    template.Psi[np.ix_(taken, taken)] += 0.2
    template.alpha[taken] = 0.4
    thresholds = [(TAU, t, 0) for t in np.flatnonzero(order.level > 0)]
    which, row, col = np.array([*given["free"], *thresholds], dtype=np.intp).T
    ordered = levels > 0
    structure = Structure(
        template=template,
        matrix=which,
        row=row,
        col=col,
        means=True,
        ordered=Ordered(
            levels=levels,
            items=np.setdiff1d(np.flatnonzero(ordered), own),
            outcomes=own[ordered[own]],
            factors=factors[ordered[own]],
            covariates=covariates,
            given=taken,
        ),
    )
    return OrdinalCase(structure, point(structure, order, seed))


def point(structure, order, seed):
    """Draw a point: loadings about .7, scales about 1, thresholds in order."""
    g, which = np.random.default_rng(seed), structure.matrix
    x = g.uniform(-0.25, 0.25, which.size)
    x += np.where(which == L, 0.7, 0.0) + np.where(which == D, 1.0, 0.0)
    x += np.where(structure.diagonal, 0.6, 0.0)
    at, row, _ = structure.places[TAU]
    x[at] += order.level[row] - 1.5
    return x
