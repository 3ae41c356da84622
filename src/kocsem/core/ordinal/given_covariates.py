"""What a structure implies given its covariates: slopes, and what they leave.

In: implied moments, and the factors of covariates that nothing predicts. Out: the same
moments where the covariates are held at zero, the derivatives of the slopes on them,
and these slopes' second derivatives. The slopes are the total effects of the covariates
on the items, columns of L = Lambda (I - Beta)^-1.
Source: Muthen (1984), equations 11 to 14.
"""

from dataclasses import replace

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.structure import Implied, Index, Matrix, Structure


def at_fixed_covariates(*, implied: Implied, given: Index) -> Implied:
    """Take out of the moments what covariates contribute.

    Parameters
    ----------
    implied : Implied
        The moments of all variables.
    given : ndarray of int, shape (e,)
        Factors of the covariates.

    Returns
    -------
    Implied
        Covariances given the covariates, and means where these are zero. A covariate
        itself has neither.
    """
    if not given.size:
        return implied
    A, L = implied.A[:, given], implied.L[:, given]
    Phi, eta = implied.Phi[np.ix_(given, given)], implied.eta[given]
    return replace(
        implied,
        Sigma=implied.Sigma - L @ Phi @ L.T,
        mu=implied.mu - L @ eta,
        C=implied.C - A @ Phi @ L.T,
        Phi=implied.Phi - A @ Phi @ A.T,
        eta=implied.eta - A @ eta,
    )


def slope_tangents(*, structure: Structure, implied: Implied, given: Index) -> Array:
    """Differentiate the slopes on covariates, in factored form.

    Parameters
    ----------
    structure : Structure
        Where the parameters stand.
    implied : Implied
        The moments at the point of interest.
    given : ndarray of int, shape (e,)
        Factors of the covariates.

    Returns
    -------
    ndarray of shape (e, k)
        H: the derivative of the slopes on covariate x by parameter a is U[:, a] H[x, a]
        with U of `Tangents`.
    """
    pairs = structure.pairs
    return np.asarray(implied.A[np.ix_(pairs.col, given)].T * pairs.directed)


def bent_slopes(
    *, structure: Structure, implied: Implied, UG: Array, H: Array
) -> Array:
    """Contract a gradient with the second derivatives of the slopes.

    Parameters
    ----------
    structure : Structure
        Where the parameters stand.
    implied : Implied
        The moments at the point of interest.
    UG : ndarray of shape (k, e)
        U'G with U of `Tangents` and G the gradient in the slopes.
    H : ndarray of shape (e, k)
        From `slope_tangents`.

    Returns
    -------
    ndarray of shape (k, k)
        The sum over all slopes, for every pair of parameters.
    """
    pairs = structure.pairs
    reached = np.outer(pairs.directed, structure.matrix == Matrix.BETA)
    bent = (UG @ H) * implied.A[np.ix_(pairs.col, pairs.row)] * reached
    return np.asarray(bent + bent.T)
