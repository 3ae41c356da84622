"""Respondents drawn from a population: latent scores, and answers in categories.

In: a population and standard normal numbers. Out: answers 1 to 5. The normal numbers
are a record of their own, so that one respondent can answer twice with some of them in
common.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.polynomial import FloatArray
from demo.population import (
    MARKER,
    METHOD_LOADING,
    MINOR_SHARE,
    Population,
    Structure,
    common_variance,
    construct_of,
    moments,
)

IntArray = NDArray[np.int64]

#: Thresholds that cut a standard normal into five categories.
THRESHOLDS = {
    "A": (-1.881, -1.227, -0.385, 0.706),  # shares .03 .08 .24 .41 .24
    "B": (-1.751, -1.036, -0.126, 0.915),  # shares .04 .11 .30 .37 .18
    "C": (-2.054, -1.405, -0.583, 0.583),  # shares .02 .06 .20 .44 .28
    "D": (-1.555, -0.842, 0.050, 1.036),  # shares .06 .14 .32 .33 .15
    "mirrored B": (-0.915, 0.126, 1.036, 1.751),  # shares .18 .37 .30 .11 .04
}

#: Every other item is easier, the rest harder to agree with.
SHIFT = 0.1


@dataclass(frozen=True, slots=True)
class Normals:
    """Independent standard normal numbers that a set of answers is made of.

    Attributes
    ----------
    latent : ndarray of shape (n, factors)
        Of exogenous variables and residuals.
    marker, method : ndarray of shape (n,)
        Of the marker variable and the common method.
    minor : ndarray of shape (pairs, n)
        Of what pairs of items share.
    errors : ndarray of shape (rows, n)
        Of the items' errors.
    """

    latent: FloatArray
    marker: FloatArray
    method: FloatArray
    minor: FloatArray
    errors: FloatArray


def draw_normals(rng: np.random.Generator, population: Population, n: int) -> Normals:
    """Draw what `n` respondents' answers are made of."""
    return Normals(
        latent=rng.standard_normal((n, len(population.structure.factors))),
        marker=rng.standard_normal(n),
        method=rng.standard_normal(n),
        minor=rng.standard_normal((len(population.minor_pairs), n)),
        errors=rng.standard_normal((len(population.rows), n)),
    )


def latent_scores(structure: Structure, latent: FloatArray) -> dict[str, FloatArray]:
    """Return the latent scores, by factor, each of mean 0 and variance 1."""
    implied = moments(structure)
    factors = structure.factors
    own = latent @ np.linalg.cholesky(implied.Psi).T
    scores: dict[str, FloatArray] = {}
    for name, values in zip(factors, own.T, strict=True):
        for predictor, b in structure.paths.get(name, {}).items():
            values = values + b * scores[predictor]
        for (outcome, one, other), b in structure.products.items():
            if outcome == name:
                mean = implied.R[factors.index(one), factors.index(other)]
                values = values + b * (scores[one] * scores[other] - mean)
        scores[name] = values
    return scores


def item_values(population: Population, normals: Normals) -> dict[str, FloatArray]:
    """Return what lies behind the answers, by row, before it is cut."""
    scores = latent_scores(population.structure, normals.latent)
    scores = {name: s + population.means.get(name, 0.0) for name, s in scores.items()}
    scores[MARKER] = normals.marker
    R = moments(population.structure).R
    found = {}
    for number, (code, loading) in enumerate(population.rows.items()):
        values = loading * scores[construct_of(code)] + METHOD_LOADING * normals.method
        if code in population.cross_loadings:
            other, cross = population.cross_loadings[code]
            values = values + cross * scores[other]
        for pair, score in zip(population.minor_pairs, normals.minor, strict=True):
            if code in pair:
                values = values + np.sqrt(MINOR_SHARE) * score
        spread = np.sqrt(1 - common_variance(population, code, R))
        shift = -SHIFT if number % 2 else SHIFT
        shift += population.intercepts.get(code, 0.0)
        found[code] = values + spread * normals.errors[number] + shift
    return found


def answers_of(population: Population, normals: Normals) -> dict[str, IntArray]:
    """Return the answers to all items and marker items, categories 1 to 5."""
    return {
        code: categories(
            values,
            population.profile_of[construct_of(code)],
            is_reversed=population.rows[code] < 0,
        )
        for code, values in item_values(population, normals).items()
    }


def categories(values: FloatArray, profile: str, *, is_reversed: bool) -> IntArray:
    """Cut normal values into 1 to 5; a reversed item mirrors the thresholds."""
    cuts = np.array(THRESHOLDS[profile])
    edges = np.sort(-cuts) if is_reversed else cuts
    return np.asarray(np.searchsorted(edges, values) + 1, dtype=np.int64)
