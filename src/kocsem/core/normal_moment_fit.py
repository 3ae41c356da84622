"""What the residuals of a fit by normal theory to complete data vary by.

In: an optimum, the moments of the sample, and the cases where the distribution is to be
theirs. Out: a `MomentFit`. Whose definition: lavaan's, in which Huber-White standard
errors go with the observed information about the moments.
"""

import numpy as np
from numpy.typing import NDArray

from kocsem.core.least_squares_evidence import normal_covariance
from kocsem.core.moment_fit import MomentFit
from kocsem.core.moments import SampleMoments
from kocsem.core.problem import Point
from kocsem.core.robust import Cases, asymptotic_covariance, moment_information
from kocsem.core.structure import Structure, jacobian, tangents


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
    weight = moment_information(
        point=point, moments=moments, means=means, observed=observed
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
