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

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.problem import Point
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
    GU, GV, WU, WV = G @ U, G @ V, W @ U, W @ V
    GUU, GUV, GVV = U.T @ GU, U.T @ GV, V.T @ GV
    WUU, WUV, WVV = U.T @ WU, U.T @ WV, V.T @ WV
    twist = WUV * GUV.T
    hessian = WUU * (WVV + GVV) + WVV * GUU + WUV * WUV.T + twist + twist.T
    uw, vw = U.T @ pull, V.T @ pull
    if structure.means:
        across = (at.M.T @ WU) * vw + (at.M.T @ WV) * uw
        hessian = hessian + at.M.T @ (W @ at.M) + across + across.T
    implied = point.implied
    bent = bend(structure=structure, implied=implied, GUU=GUU, GUV=GUV, uw=uw)
    return np.asarray(hessian - bent)


def bend(
    *, structure: Structure, implied: Implied, GUU: Array, GUV: Array, uw: Array
) -> Array:
    """Contract a gradient in the moments with the moments' second derivatives.

    Parameters
    ----------
    structure : Structure
        The model.
    implied : Implied
        Its moments at the point of interest.
    GUU, GUV : ndarray of shape (k, k)
        U'GU and U'GV with U and V the tangents and G / 2 the gradient in Sigma.
    uw : ndarray of shape (k,)
        U'w with w the gradient in mu; left aside without a mean structure.

    Returns
    -------
    ndarray of shape (k, k)
        tr(G d2Sigma) / 2 + w' d2mu for every pair of parameters.
    """
    bent = _second_order(structure, implied, GUU, GUV)
    if structure.means:
        bent = bent + _second_order_means(structure, implied, uw)
    return np.asarray((bent + bent.T) / 2)


def _second_order(
    structure: Structure, implied: Implied, GUU: Array, GUV: Array
) -> Array:
    """Contract G with the second derivatives of Sigma, one side of the symmetric sum.

    Element (a, b) is v_a' G du_a/dx_b + u_a' G dv_a/dx_b.
    """
    pairs = structure.pairs
    if not pairs.directed.any():
        return np.zeros_like(GUU)
    col, A, Phi = pairs.col, implied.A, implied.Phi
    down = A[
        np.ix_(col, pairs.row)
    ]  # element (a, b): from the row of b to the col of a
    across = A[np.ix_(col, col)] * pairs.half
    bend = GUV * down * pairs.directed_to_inner
    bend += bend.T
    bend += GUU * (
        Phi[np.ix_(col, col)] * pairs.directed_to_directed
        + across * pairs.directed_to_psi
        + across.T * pairs.psi_to_directed
    )
    return np.asarray(bend)


def _second_order_means(structure: Structure, implied: Implied, uw: Array) -> Array:
    """Contract W d with the second derivatives of mu, twice one side of the sum."""
    pairs = structure.pairs
    if not pairs.directed.any():
        return np.zeros((structure.k, structure.k))
    level = structure.matrix == Matrix.ALPHA
    height = np.where(level, 1.0, implied.eta[pairs.col])
    down = implied.A[np.ix_(pairs.col, pairs.row)]
    reached = structure.matrix == Matrix.BETA
    lifts = np.outer(pairs.directed, reached | level) * down
    weighted = uw[:, None] * lifts * height[None, :]
    return np.asarray(weighted + weighted.T)
