"""What the residuals of a fit by normal theory to complete data vary by.

In: an optimum, the moments of the sample, and the cases where the distribution is to be
theirs. Out: a `MomentFit`. Whose definition: lavaan's, in which Huber-White standard
errors go with the observed information about the moments.
"""

import numpy as np
from numpy.typing import NDArray

from kocsem.core.least_squares_evidence import normal_covariance
from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.problem import Point
from kocsem.core.robust import Cases, asymptotic_covariance, moment_tangents
from kocsem.core.structure import Structure, Tangents, jacobian, tangents


def normal_moment_fit(
    *,
    structure: Structure,
    point: Point,
    moments: SampleMoments,
    given: NDArray[np.bool_],
    cases: Cases | None,
    observed: bool,
) -> MomentFit:
    """Collect what the residuals of one group vary by.

    Parameters
    ----------
    structure : Structure
        The model.
    point : Point
        The estimate.
    moments : SampleMoments
        Moments of the cases.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on.
    cases : Cases or None
        The cases, where Gamma is theirs; None for that of normal theory.
    observed : bool
        Whether the weight is the observed information about the moments, or the
        expected one; both at the implied moments, as in lavaan.

    Returns
    -------
    MomentFit
        Of covariances, after means where they are modelled.
    """
    means, implied = structure.means, point.implied
    units = moment_tangents(p=moments.S.shape[0], means=means)
    mu = implied.mu if means else moments.ybar
    weight = (
        _observed_weight(W=point.W, at=units, moments=moments, mu=mu, means=means)
        if observed
        else cross_information(W=point.W, first=units, second=units, means=means)
    )
    Delta = jacobian(
        tangents=tangents(structure=structure, implied=implied), means=means
    )
    row, col = np.tril_indices(moments.S.shape[0])
    return MomentFit(
        Delta=Delta,
        pull=weight @ Delta,
        Gamma=normal_covariance(moments=moments, given=given, means=means)
        if cases is None
        else asymptotic_covariance(cases=cases, moments=moments, means=means),
        n=moments.n,
        gap=(moments.S - implied.Sigma)[row, col],
        row=row,
        col=col,
    )


def _observed_weight(
    *, W: Array, at: Tangents, moments: SampleMoments, mu: Array, means: bool
) -> Array:
    """Compute the observed information about the moments, shape (q, q).

    With D = uv' + vu' the tangents of covariances and S* the mean of dd', d = y - mu,
    it is that of normal theory plus tr(W D_a E D_b), E = W S* W - W, and m'W D W d
    between a mean and a covariance.
    """
    d = moments.ybar - mu
    excess = W @ (moments.S + np.outer(d, d)) @ W - W
    found = cross_information(W=W, first=at, second=at, means=means)
    WU, WV, EU, EV = W @ at.U, W @ at.V, excess @ at.U, excess @ at.V
    found += (at.U.T @ WU) * (at.V.T @ EV) + (at.V.T @ WV) * (at.U.T @ EU)
    found += (at.U.T @ WV) * (at.V.T @ EU) + (at.V.T @ WU) * (at.U.T @ EV)
    if means:
        pull = W @ d
        cross = at.M.T @ (WU * (at.V.T @ pull) + WV * (at.U.T @ pull))
        found += cross + cross.T
    return found
