"""The stacked moments of a structure, which least squares compares with a sample's.

In: a structure and its implied moments. Out: the vector of moments, its Jacobian, and
the contraction of its second derivatives with a gradient. `CovarianceStructure` is for
continuous items; `ordinal_structure` holds the one for ordered items.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kocsem.core.moments import Array, SampleMoments
from kocsem.core.observed import bend
from kocsem.core.structure import (
    Implied,
    Structure,
    Tangents,
    jacobian,
    tangents,
)


class MomentStructure(Protocol):
    """The moments of one group as functions of its parameters."""

    @property
    def structure(self) -> Structure:
        """Where the parameters stand."""

    def vector(self, implied: Implied) -> Array:
        """Stack the implied moments, shape (q,)."""

    def jacobian(self, implied: Implied) -> Array:
        """Differentiate the moments, shape (q, k)."""

    def bend(self, implied: Implied, gradient: Array) -> Array:
        """Sum the moments' second derivatives times a gradient of shape (q,)."""


@dataclass(frozen=True)
class CovarianceStructure:
    """Means, where they are part of the model, then vech of the covariances.

    Attributes
    ----------
    structure : Structure
        The model.
    """

    structure: Structure

    def stack(self, *, mu: Array, Sigma: Array) -> Array:
        """Stack means and covariances, shape (q,)."""
        half = Sigma[np.tril_indices(mu.size)]
        return np.concatenate([mu, half]) if self.structure.means else half

    def sample(self, moments: SampleMoments) -> Array:
        """Stack the sample's moments, shape (q,)."""
        return self.stack(mu=moments.ybar, Sigma=moments.S)

    def vector(self, implied: Implied) -> Array:
        """Stack the implied moments, shape (q,)."""
        return self.stack(mu=implied.mu, Sigma=implied.Sigma)

    def jacobian(self, implied: Implied) -> Array:
        """Differentiate the moments, shape (q, k)."""
        at = tangents(structure=self.structure, implied=implied)
        return jacobian(tangents=at, means=self.structure.means)

    def bend(self, implied: Implied, gradient: Array) -> Array:
        """Sum the moments' second derivatives times a gradient of shape (q,)."""
        p = implied.mu.size
        row, col = np.tril_indices(p)
        G = np.zeros((p, p))
        G[row, col] = gradient[-row.size :]
        return contracted(
            structure=self.structure,
            implied=implied,
            at=tangents(structure=self.structure, implied=implied),
            G=G + G.T,
            w=gradient[:p] if self.structure.means else np.zeros(p),
        )


def contracted(
    *, structure: Structure, implied: Implied, at: Tangents, G: Array, w: Array
) -> Array:
    """Contract a gradient with the second derivatives of mean and covariance matrix.

    Parameters
    ----------
    structure : Structure
        The model.
    implied : Implied
        Its moments at the point of interest.
    at : Tangents
        The tangents there.
    G : ndarray of shape (p, p)
        Symmetric; half of it is the gradient in Sigma.
    w : ndarray of shape (p,)
        The gradient in mu.

    Returns
    -------
    ndarray of shape (k, k)
        tr(G d2Sigma) / 2 + w' d2mu for every pair of parameters.
    """
    GU, GV = G @ at.U, G @ at.V
    return bend(
        structure=structure,
        implied=implied,
        GUU=at.U.T @ GU,
        GUV=at.U.T @ GV,
        uw=at.U.T @ w,
    )
