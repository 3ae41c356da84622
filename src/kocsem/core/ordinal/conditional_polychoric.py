"""Polychoric correlations given covariates, in two steps, for many pairs at once.

In: between which limits each case's latent responses lie, given its covariates. Out:
the correlations of what the covariates leave, each case's scores, and its derivatives
by the limits, from which Gamma is made. There are no tables to count here: every case
has limits of its own. Source: Muthen (1984), second step.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from kocsem.core.moments import Array
from kocsem.core.ordinal.cell_probabilities import SUNK, rectangle_probabilities
from kocsem.core.ordinal.correlation_root import LIMIT, at_limit, correlation_root
from kocsem.core.ordinal.normal_bivariate import (
    bivariate_density,
    bivariate_log_density_slope,
)
from kocsem.core.ordinal.thresholds import normal_density
from kocsem.core.structure import Index

SIGNS = np.array([[1.0, -1.0], [-1.0, 1.0]])[:, :, None, None]


@dataclass(frozen=True, slots=True)
class ConditionalPolychoric:
    """Polychoric correlations given covariates, with their scores.

    Attributes
    ----------
    rho : ndarray of shape (r,)
        Correlations.
    score : ndarray of shape (r, n)
        Derivative of each case's log-likelihood by the correlation; 0 where its weight
        is.
    by_first, by_second : ndarray of shape (2, r, n)
        Derivatives by the lower and the upper limit of either variable.
    boundary : ndarray of bool, shape (r,)
        Whether the likelihood has no maximum inside; the scores then mean nothing.
    """

    rho: Array
    score: Array
    by_first: Array
    by_second: Array
    boundary: np.ndarray


def conditional_polychoric(
    *, first: Array, second: Array, weights: Array, start: Array
) -> ConditionalPolychoric:
    """Estimate polychoric correlations with thresholds and slopes held fixed.

    Parameters
    ----------
    first, second : ndarray of shape (2, r, n)
        Lower and upper limits of the two variables of each pair, in each case.
    weights : ndarray of shape (r, n)
        Weight of each case in each pair; 0 where one of the two is missing.
    start : ndarray of shape (r,)
        Where to begin, such as the correlations of the codes.

    Returns
    -------
    ConditionalPolychoric
        The correlations with their scores.
    """

    def derivatives(rho: Array, rows: Index) -> tuple[Array, Array]:
        h, k, w, at = first[:, rows], second[:, rows], weights[rows], rho[:, None]
        pi = rectangle_probabilities(h=h, k=k, rho=at)
        corner = {"h": h[:, None], "k": k[None], "rho": at}
        density = SIGNS * bivariate_density(**corner)
        slope = density.sum(axis=(0, 1)) / pi
        bend = (density * bivariate_log_density_slope(**corner)).sum(axis=(0, 1)) / pi
        # a case without probability drives the correlation inwards
        sunk = ((pi <= SUNK) & (w > 0)).any(axis=1)
        gradient = np.where(sunk, -np.sign(rho), (w * slope).sum(axis=1))
        return gradient, np.where(sunk, 0.0, (w * (bend - slope**2)).sum(axis=1))

    rho = correlation_root(derivatives=derivatives, start=start)
    at, seen = rho[:, None], weights > 0
    pi = rectangle_probabilities(h=first, k=second, rho=at)
    density = bivariate_density(h=first[:, None], k=second[None], rho=at)
    score = (SIGNS * density).sum(axis=(0, 1)) / pi * seen
    boundary = at_limit(rho=rho, information=(weights * score**2).sum(axis=1))
    return ConditionalPolychoric(
        rho=np.where(boundary, np.copysign(LIMIT, rho), rho),
        score=score,
        by_first=_by_limits(first, second, at) / pi,
        by_second=_by_limits(second, first, at) / pi,
        boundary=boundary,
    )


def _by_limits(own: Array, other: Array, rho: Array) -> Array:
    """Differentiate the probability by the lower and the upper limit of a variable.

    At an upper limit h it is phi(h) [Phi((k_1 - rho h) / r) - Phi((k_0 - rho h) / r)].
    """
    r = np.sqrt((1 - rho) * (1 + rho))
    inside = ndtr((other[1] - rho * own) / r) - ndtr((other[0] - rho * own) / r)
    change = normal_density(own) * inside
    return np.stack([-change[0], change[1]])
