"""The LISREL mean and covariance structure with all variables on the y side.

In: a parameter vector x. Out: the implied moments and the tangents from which every
derivative is made. What ordered items add is in `ordinal_structure`.

    Sigma(x) = Lambda (I - Beta)^-1 Psi (I - Beta)^-T Lambda' + Theta
    mu(x)    = nu + Lambda (I - Beta)^-1 alpha

An observed variable that takes part in a regression is its own factor: loading 1,
residual variance 0. Every derivative of Sigma is u v' + v u', with u and v columns of
the identity, of L = Lambda (I - Beta)^-1, or of C = (I - Beta)^-1 Psi L' (joint
covariance of factors and items); two thin matrices U and V thus replace the Jacobian.
Source: Bollen (1989), chapter 8; Joreskog and Sorbom (1996).
"""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kocsem.core.ordered_items import Ordered, residual_variances

Array = NDArray[np.float64]
Index = NDArray[np.intp]


class Matrix(IntEnum):
    """The parameter matrices; the last four are vectors."""

    LAMBDA = 0
    BETA = 1
    PSI = 2
    THETA = 3
    NU = 4
    ALPHA = 5
    TAU = 6
    DELTA = 7


SYMMETRIC = (Matrix.PSI, Matrix.THETA)


def _none() -> Array:
    """Return the vector of a matrix that continuous items do not have."""
    return np.zeros(0)


@dataclass(frozen=True, slots=True)
class Matrices:
    """The matrices at one point.

    Attributes
    ----------
    Lambda : ndarray of shape (p, m)
        Loadings.
    Beta : ndarray of shape (m, m)
        Paths; row = outcome, column = predictor.
    Psi : ndarray of shape (m, m)
        Factor (residual) covariances.
    Theta : ndarray of shape (p, p)
        Residual covariances of the items.
    nu : ndarray of shape (p,)
        Intercepts of the items.
    alpha : ndarray of shape (m,)
        Intercepts of the factors.
    tau : ndarray of shape (t,)
        Thresholds of ordered items, in the places of `MomentOrder`; 0 for continuous
        ones. Empty where all items are continuous.
    delta : ndarray of shape (p,)
        Scales of the ordered items; 1 for continuous ones. Empty where all are.
    """

    Lambda: Array
    Beta: Array
    Psi: Array
    Theta: Array
    nu: Array
    alpha: Array
    tau: Array = field(default_factory=_none)
    delta: Array = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Masks over pairs of parameters, for second derivatives of the moments.

    Directed parameters are loadings and paths; inner ones are paths and elements of
    Psi, which stand between factors.

    Attributes
    ----------
    row, col : ndarray of shape (k,)
        Places among the factors; clipped where a parameter stands among the items.
    half : ndarray of shape (1, k)
        0.5 for variances, else 1.
    directed : ndarray of shape (k,)
        Whether a parameter is directed.
    directed_to_inner, directed_to_directed : ndarray of shape (k, k)
        1 where row and column are of these kinds, else 0.
    directed_to_psi, psi_to_directed : ndarray of shape (k, k)
        The same for elements of Psi.
    """

    row: Index
    col: Index
    half: Array
    directed: NDArray[np.bool_]
    directed_to_inner: Array
    directed_to_directed: Array
    directed_to_psi: Array
    psi_to_directed: Array


@dataclass(frozen=True)
class Structure:
    """Where each free parameter stands, and what stands everywhere else.

    Attributes
    ----------
    template : Matrices
        The matrices with every fixed value in place and zeros where parameters are
        free.
    matrix : ndarray of shape (k,)
        The `Matrix` of each free parameter.
    row, col : ndarray of shape (k,)
        Its place there; `col` is 0 for the vectors.
    means : bool
        Whether the mean structure is part of the model; it is with ordered items.
    ordered : Ordered, optional
        The ordered items; None where all are continuous.
    """

    template: Matrices
    matrix: Index
    row: Index
    col: Index
    means: bool
    ordered: Ordered | None = None

    @cached_property
    def places(self) -> dict[Matrix, tuple[Index, Index, Index]]:
        """For each matrix: positions in x, rows and columns of its free elements."""
        found = {}
        for which in Matrix:
            at = np.flatnonzero(self.matrix == which)
            if at.size:
                found[which] = (at, self.row[at], self.col[at])
        return found

    @cached_property
    def diagonal(self) -> NDArray[np.bool_]:
        """Whether each free parameter is a variance, shape (k,)."""
        symmetric = np.isin(self.matrix, SYMMETRIC)
        return np.asarray(symmetric & (self.row == self.col))

    @cached_property
    def pairs(self) -> "Pairs":
        """Which pairs of parameters have second derivatives."""
        return _pairs(self)

    @property
    def k(self) -> int:
        """Number of free parameters."""
        return int(self.matrix.size)


def _pairs(structure: Structure) -> Pairs:
    """Sort the pairs of parameters by the second derivatives they have."""
    last = structure.template.Beta.shape[0] - 1
    paths, psi = structure.matrix == Matrix.BETA, structure.matrix == Matrix.PSI
    directed = paths | (structure.matrix == Matrix.LAMBDA)
    to_psi = np.outer(directed, psi).astype(float)
    return Pairs(
        row=np.minimum(structure.row, last),
        col=np.minimum(structure.col, last),
        half=np.where(structure.diagonal, 0.5, 1.0)[None, :],
        directed=directed,
        directed_to_inner=np.outer(directed, paths | psi).astype(float),
        directed_to_directed=np.outer(directed, directed).astype(float),
        directed_to_psi=to_psi,
        psi_to_directed=to_psi.T.copy(),
    )


@dataclass(frozen=True, slots=True)
class Implied:
    """The implied moments and the products that derivatives are made of.

    Attributes
    ----------
    Sigma : ndarray of shape (p, p)
        Implied covariance matrix of the items.
    mu : ndarray of shape (p,)
        Implied means of the items.
    A : ndarray of shape (m, m)
        (I - Beta)^-1: total effects of the factors' disturbances on the factors.
    L : ndarray of shape (p, m)
        Lambda (I - Beta)^-1: total effects of the factors' disturbances on the items.
    C : ndarray of shape (m, p)
        Implied covariances of factors and items.
    Phi : ndarray of shape (m, m)
        Implied covariance matrix of the factors.
    eta : ndarray of shape (m,)
        Implied means of the factors.
    tau, delta : ndarray of shape (t,) and (p,)
        Thresholds and scales, as they are; empty where all items are continuous.
    """

    Sigma: Array
    mu: Array
    A: Array
    L: Array
    C: Array
    Phi: Array
    eta: Array
    tau: Array = field(default_factory=_none)
    delta: Array = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Tangents:
    """Derivatives of the implied moments in factored form.

    dSigma/dx_a = U[:, a] V[:, a]' + V[:, a] U[:, a]' and dmu/dx_a = M[:, a]. Residual
    variances of ordered items are held where they are.

    Attributes
    ----------
    U, V : ndarray of shape (p, k)
        The two factors.
    M : ndarray of shape (p, k)
        Derivatives of the means.
    """

    U: Array
    V: Array
    M: Array


def fill(*, structure: Structure, x: NDArray[np.inexact]) -> Matrices:
    """Place the parameter vector into the matrices.

    Parameters
    ----------
    structure : Structure
        Where each parameter stands.
    x : ndarray of shape (k,)
        Real, or complex for a complex-step derivative.

    Returns
    -------
    Matrices
        With the symmetric ones filled on both sides, and with the residual variances
        of ordered items.

    Raises
    ------
    numpy.linalg.LinAlgError
        When I - Beta is singular and items are ordered.
    """
    template, ordered = structure.template, structure.ordered
    parts = [
        part.astype(x.dtype)
        for part in (
            template.Lambda,
            template.Beta,
            template.Psi,
            template.Theta,
            template.nu,
            template.alpha,
            template.tau,
            template.delta,
        )
    ]
    for which, (at, row, col) in structure.places.items():
        if which >= Matrix.NU:
            parts[which][row] = x[at]
        else:
            parts[which][row, col] = x[at]
            if which in SYMMETRIC:
                parts[which][col, row] = x[at]
    filled = Matrices(*parts)
    return filled if ordered is None else _settled(filled, ordered)


def _settled(filled: Matrices, ordered: Ordered) -> Matrices:
    """Put the residual variances of ordered items into their places."""
    rest = residual_variances(
        ordered=ordered,
        Lambda=filled.Lambda,
        Beta=filled.Beta,
        Psi=filled.Psi,
        Theta=filled.Theta,
        delta=filled.delta,
    )
    a = ordered.items.size
    filled.Theta[ordered.items, ordered.items] = rest[:a]
    filled.Psi[ordered.factors, ordered.factors] = rest[a:]
    return filled


def implied_moments(*, matrices: Matrices) -> Implied:
    """Compute the implied moments.

    Parameters
    ----------
    matrices : Matrices
        The parameter matrices.

    Returns
    -------
    Implied
        Sigma, mu and the products behind them.

    Raises
    ------
    numpy.linalg.LinAlgError
        When I - Beta is singular.
    """
    Lambda, Beta = matrices.Lambda, matrices.Beta
    eye = np.eye(Beta.shape[0])
    A = np.asarray(np.linalg.inv(eye - Beta)) if Beta.any() else eye
    if Beta.any():
        L = Lambda @ A
        Phi = A @ matrices.Psi @ A.T
        eta = A @ matrices.alpha
    else:
        L, Phi, eta = Lambda, matrices.Psi, matrices.alpha
    C = Phi @ Lambda.T
    Sigma = Lambda @ C + matrices.Theta
    return Implied(
        Sigma=(Sigma + Sigma.T) / 2,
        mu=matrices.nu + Lambda @ eta,
        A=A,
        L=L,
        C=C,
        Phi=Phi,
        eta=eta,
        tau=matrices.tau,
        delta=matrices.delta,
    )


def tangents(*, structure: Structure, implied: Implied) -> Tangents:
    """Compute the factored derivatives of the implied moments.

    Parameters
    ----------
    structure : Structure
        Where each free parameter stands.
    implied : Implied
        The implied moments at the point of interest.

    Returns
    -------
    Tangents
        U, V and M.
    """
    U, V, M = np.zeros((3, implied.Sigma.shape[0], structure.k))
    L, C, eta = implied.L, implied.C, implied.eta
    for which, (at, row, col) in structure.places.items():
        if which is Matrix.LAMBDA:
            U[row, at], V[:, at], M[row, at] = 1.0, C[col].T, eta[col]
        elif which is Matrix.BETA:
            U[:, at] = L[:, row]
            V[:, at], M[:, at] = C[col].T, U[:, at] * eta[col]
        elif which is Matrix.PSI:
            half = np.where(row == col, 0.5, 1.0)
            U[:, at], V[:, at] = L[:, row], L[:, col] * half
        elif which is Matrix.THETA:
            U[row, at], V[col, at] = 1.0, np.where(row == col, 0.5, 1.0)
        elif which is Matrix.NU:
            M[row, at] = 1.0
        elif which is Matrix.ALPHA:
            M[:, at] = L[:, row]
    return Tangents(U=U, V=V, M=M)


def jacobian(*, tangents: Tangents, means: bool) -> Array:
    """Expand the tangents to the Jacobian of the moments.

    Parameters
    ----------
    tangents : Tangents
        The factored derivatives.
    means : bool
        Whether the means come first.

    Returns
    -------
    ndarray of shape (q, k)
        Delta = d(mu, vech Sigma)/dx, with vech by rows of the lower triangle.
    """
    p = tangents.U.shape[0]
    row, col = np.tril_indices(p)
    U, V = tangents.U, tangents.V
    Delta = U[row] * V[col] + V[row] * U[col]
    return np.vstack([tangents.M, Delta]) if means else Delta
