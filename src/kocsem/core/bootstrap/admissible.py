"""Which of many parameter vectors of one group a researcher may interpret.

In: a structure and parameter vectors. Out: a mask. Admissible is what lavaan's
post.check asks for: no negative variance, covariance matrices of latent variables and
of residuals that are positive semidefinite.
"""

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array
from kocsem.core.structure import Index, Matrix, Structure, fill

ROUNDING = 1e-8  # smallest eigenvalue of a correlation matrix that passes for 0


def admissible(*, structure: Structure, X: Array, latent: Index) -> NDArray[np.bool_]:
    """Tell which parameter vectors are admissible.

    Parameters
    ----------
    structure : Structure
        The model.
    X : ndarray of shape (B, k)
        One parameter vector a row; NaN is not admissible.
    latent : ndarray of int
        The latent variables among the factors.

    Returns
    -------
    ndarray of bool, shape (B,)
        True for admissible vectors.
    """
    if structure.ordered is not None:
        X = np.asarray(X)
        return np.array([_one(structure, x, latent) for x in X], dtype=bool)
    known: NDArray[np.bool_] = np.asarray(np.isfinite(X).all(axis=1))
    values = np.where(known[:, None], X, 0.0)
    Beta = _filled(structure, Matrix.BETA, structure.template.Beta, values)
    Psi = _filled(structure, Matrix.PSI, structure.template.Psi, values)
    Theta = _filled(structure, Matrix.THETA, structure.template.Theta, values)
    A = np.eye(Beta.shape[1]) - Beta
    regular: NDArray[np.bool_] = np.asarray(np.abs(np.linalg.det(A)) > 0)
    A[~regular] = np.eye(Beta.shape[1])
    total = np.linalg.inv(A)
    Phi = (total @ Psi @ total.transpose(0, 2, 1))[:, latent][:, :, latent]
    found = known & regular & _proper(Phi) & _proper(Theta)
    return np.asarray(found & (np.diagonal(Psi, axis1=1, axis2=2) >= 0).all(axis=1))


def _one(structure: Structure, x: Array, latent: Index) -> bool:
    """Check one vector of a model with ordered items."""
    if not np.isfinite(x).all():
        return False
    try:
        parts = fill(structure=structure, x=x)
        total = np.linalg.inv(np.eye(parts.Beta.shape[0]) - parts.Beta)
    except np.linalg.LinAlgError:
        return False
    Phi = (total @ parts.Psi @ total.T)[np.ix_(latent, latent)]
    proper = _proper(Phi[None])[0] and _proper(parts.Theta[None])[0]
    return bool(proper and (np.diag(parts.Psi) >= 0).all())


def _filled(structure: Structure, which: Matrix, template: Array, X: Array) -> Array:
    """Place many parameter vectors into one matrix, shape (B, rows, columns)."""
    stack = np.tile(template, (X.shape[0], 1, 1))
    if which in structure.places:
        at, row, col = structure.places[which]
        stack[:, row, col] = X[:, at]
        if which in (Matrix.PSI, Matrix.THETA):
            stack[:, col, row] = X[:, at]
    return stack


def _proper(stack: Array) -> NDArray[np.bool_]:
    """Tell which matrices are covariance matrices, shape (B,)."""
    if not stack.shape[1]:
        return np.ones(stack.shape[0], dtype=bool)
    variance = np.diagonal(stack, axis1=1, axis2=2)
    scale = np.sqrt(np.where(variance > 0, variance, 1.0))
    scaled = stack / (scale[:, :, None] * scale[:, None, :])
    apart = ~np.eye(stack.shape[1], dtype=bool)
    proper = (variance >= 0).all(axis=1)
    if not (stack[:, apart] != 0).any():
        return np.asarray(proper)
    return np.asarray(proper & (np.linalg.eigvalsh(scaled)[:, 0] > -ROUNDING))
