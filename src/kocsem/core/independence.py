"""The baseline model: uncorrelated variables, covariates left as they are.

In: the moments of independent variables. Out: the structure of the baseline model and
its estimates, so that it can be treated like any other model.
"""

import numpy as np

from kocsem.core.moments import Array, Mask, SampleMoments
from kocsem.core.structure import Matrices, Matrix, Structure


def independence_structure(
    *, moments: SampleMoments, given: Mask, covariates: Mask, means: bool
) -> Structure:
    """Lay out the baseline model.

    Parameters
    ----------
    moments : SampleMoments
        The moments that are fixed where covariates are conditioned on.
    given : ndarray of bool, shape (p,)
        These covariates.
    covariates : ndarray of bool, shape (p,)
        All covariates; they stay correlated among themselves.
    means : bool
        Whether the mean structure is part of the model.

    Returns
    -------
    Structure
        Variances, covariances of covariates and means, all free but the given ones.
    """
    p = given.size
    row, col = np.tril_indices(p)
    kept = (row == col) | (covariates[row] & covariates[col])
    kept &= ~(given[row] & given[col])
    levels = np.flatnonzero(~given) if means else np.zeros(0, dtype=np.intp)
    known = np.outer(given, given)
    return Structure(
        template=Matrices(
            Lambda=np.zeros((p, 1)),
            Beta=np.zeros((1, 1)),
            Psi=np.ones((1, 1)),
            Theta=np.where(known, moments.S, 0.0),
            nu=np.where(given, moments.ybar, 0.0),
            alpha=np.zeros(1),
        ),
        matrix=np.repeat([Matrix.THETA, Matrix.NU], [kept.sum(), levels.size]),
        row=np.concatenate([row[kept], levels]),
        col=np.concatenate([col[kept], np.zeros_like(levels)]),
        means=means,
    )


def independence_estimates(*, structure: Structure, moments: SampleMoments) -> Array:
    """Pick the estimates of the baseline model from the moments it implies.

    Parameters
    ----------
    structure : Structure
        The baseline model.
    moments : SampleMoments
        The moments of independent variables, covariates correlated.

    Returns
    -------
    ndarray of shape (k,)
        The parameter vector.
    """
    row, col = structure.row, structure.col
    spread = structure.matrix == Matrix.THETA
    return np.where(spread, moments.S[row, col], moments.ybar[row])
