"""Expectations of polynomials in jointly normal variables.

In: sums and products of normal variables with mean 0. Out: their expected values, by
the theorem of Isserlis (1918): a product of normal variables has the expectation of all
ways to pair them off. With them a latent variable that products of others move has a
variance in closed form.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Coefficients by the numbers of the variables that are multiplied, in order.
Polynomial = Mapping[tuple[int, ...], float]


def variable(number: int) -> Polynomial:
    """Return one of the normal variables."""
    return {(number,): 1.0}


def constant(value: float) -> Polynomial:
    """Return a number."""
    return {(): value}


def total(*parts: tuple[float, Polynomial]) -> Polynomial:
    """Add up polynomials, each with its coefficient."""
    terms: defaultdict[tuple[int, ...], float] = defaultdict(float)
    for coefficient, part in parts:
        for factors, value in part.items():
            terms[factors] += coefficient * value
    return dict(terms)


def times(one: Polynomial, other: Polynomial) -> Polynomial:
    """Multiply two polynomials."""
    terms: defaultdict[tuple[int, ...], float] = defaultdict(float)
    for (f, a), (g, b) in product(one.items(), other.items()):
        terms[tuple(sorted(f + g))] += a * b
    return dict(terms)


def expectation(polynomial: Polynomial, Psi: FloatArray) -> float:
    """Return the expected value, the variables having the covariance matrix `Psi`."""
    return sum(value * _paired(f, Psi) for f, value in polynomial.items())


def _paired(factors: tuple[int, ...], Psi: FloatArray) -> float:
    """Add up the products of covariances over all ways to pair the factors off."""
    if len(factors) % 2:
        return 0.0
    if not factors:
        return 1.0
    first, *rest = factors
    return sum(
        float(Psi[first, other]) * _paired((*rest[:k], *rest[k + 1 :]), Psi)
        for k, other in enumerate(rest)
        if Psi[first, other]
    )
