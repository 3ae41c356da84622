"""Observed information of the normal-theory likelihood, analytic.

In: a structure, a point and sample moments. Out: the Hessian of half the discrepancy.
The second derivatives of Sigma are again products of columns of the identity, L, C and
of A = (I - Beta)^-1, so the Hessian needs element-wise products of gathered matrices
only.

With d = ybar - mu, S* = S + d d' and G = W (S* - Sigma) W, half the discrepancy has the
second derivative

    tr(W D_a W D_b) / 2 + tr(W D_a G D_b) - tr(G D_ab) / 2
        + m_a' W m_b + m_a' W D_b W d + m_b' W D_a W d - m_ab' W d

with D and m the derivatives of Sigma and mu. Source: Neudecker and Satorra (1991).
"""

import numpy as np

from kocsem.core.maximum_likelihood import Point, cross_information
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.structure import Implied, Matrix, Structure, Tangents


def observed_information(
    *, structure: Structure, point: Point, moments: SampleMoments, at: Tangents
) -> Array:
    """Compute the Hessian of half the discrepancy.

    Parameters
    ----------
    structure : Structure
        The model.
    point : Point
        Where to evaluate.
    moments : SampleMoments
        The sample moments.
    at : Tangents
        The tangents there.

    Returns
    -------
    ndarray of shape (k, k)
        Observed information per case.
    """
    W, U, V = point.W, at.U, at.V
    gap = moments.S - point.implied.Sigma
    pull = np.zeros(W.shape[0])
    if structure.means:
        residual = moments.ybar - point.implied.mu
        gap = gap + np.outer(residual, residual)
        pull = W @ residual
    G = W @ gap @ W
    GUU, GUV, GVV = U.T @ G @ U, U.T @ G @ V, V.T @ G @ V
    WUU, WUV, WVV = U.T @ W @ U, U.T @ W @ V, V.T @ W @ V
    hessian = cross_information(W=W, first=at, second=at, means=structure.means)
    mixed = WUV * GUV.T + WUU * GVV + WVV * GUU + WUV.T * GUV
    hessian = hessian + (mixed + mixed.T) / 2
    bend = _second_order(structure, point.implied, GUU, GUV)
    if structure.means:
        uw, vw = U.T @ pull, V.T @ pull
        across = (at.M.T @ W @ U) * vw + (at.M.T @ W @ V) * uw
        hessian = hessian + across + across.T
        bend = bend + _second_order_means(structure, point.implied, uw)
    return np.asarray(hessian - (bend + bend.T) / 2)


def _kinds(structure: Structure) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which parameters are loadings or paths, paths, and elements of Psi."""
    paths = structure.matrix == Matrix.BETA
    directed = paths | (structure.matrix == Matrix.LAMBDA)
    return directed, paths, structure.matrix == Matrix.PSI


def _second_order(
    structure: Structure, implied: Implied, GUU: Array, GUV: Array
) -> Array:
    """Contract G with the second derivatives of Sigma, one side of the symmetric sum.

    Element (a, b) is v_a' G du_a/dx_b + u_a' G dv_a/dx_b.
    """
    directed, paths, psi = _kinds(structure)
    row, col = structure.row, structure.col
    if not directed.any():
        return np.zeros_like(GUU)
    A, Phi = implied.A, implied.Phi
    m = A.shape[0] - 1
    row, col = np.minimum(row, m), np.minimum(col, m)  # rows of items are masked below
    half = np.where(structure.diagonal, 0.5, 1.0)
    on_left = (paths | psi)[:, None] & directed[None, :]
    A_left = A[col[None, :], row[:, None]]
    out = np.where(on_left, GUV.T * A_left, 0.0)
    both = directed[:, None] & directed[None, :]
    out += np.where(both, GUU * Phi[col[:, None], col[None, :]], 0.0)
    A_down = A[col[:, None], row[None, :]]
    to_path = directed[:, None] & (paths | psi)[None, :]
    out += np.where(to_path, GUV * A_down, 0.0)
    to_psi = directed[:, None] & psi[None, :]
    out += np.where(to_psi, GUU * A[col[:, None], col[None, :]] * half[None, :], 0.0)
    from_psi = psi[:, None] & directed[None, :]
    out += np.where(from_psi, GUU * A[col[None, :], col[:, None]] * half[:, None], 0.0)
    return out


def _second_order_means(structure: Structure, implied: Implied, uw: Array) -> Array:
    """Contract W d with the second derivatives of mu, twice one side of the sum."""
    directed, paths, _ = _kinds(structure)
    level = structure.matrix == Matrix.ALPHA
    A, eta = implied.A, implied.eta
    m = A.shape[0] - 1
    row, col = np.minimum(structure.row, m), np.minimum(structure.col, m)
    A_left = A[col[None, :], row[:, None]]
    moves = (paths | level)[:, None] & directed[None, :]
    height = np.where(level, 1.0, eta[col])
    out = np.where(moves, uw[None, :] * A_left * height[:, None], 0.0)
    A_down = A[col[:, None], row[None, :]]
    lifts = directed[:, None] & (paths | level)[None, :]
    lift = np.where(level, 1.0, eta[col])
    out += np.where(lifts, uw[:, None] * A_down * lift[None, :], 0.0)
    return out
