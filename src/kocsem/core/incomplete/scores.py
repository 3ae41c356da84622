"""Factor scores of cases with missing answers.

In: the likelihood of a sample at the moments of a model. Out: one score a case and
factor from the answers that the case gave, as in lavaan: ``regression`` is the
posterior mean (Thurstone, 1935; Thomson, 1938), ``bartlett`` the generalised least
squares score (Bartlett, 1937), around the implied factor means.
"""

import numpy as np

from kocsem.core.incomplete.casewise import CasewiseLikelihood
from kocsem.core.moments import Array

RANK_TOLERANCE = 1e-10  # of the information about the scores, 1 being all items'
REACHED = 1e-6  # how far a factor may lie outside of what the answers speak of


def regression_scores(*, at: CasewiseLikelihood, C: Array, eta: Array) -> Array:
    """Compute the expectation of the factors given each case's answers.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample at the implied moments.
    C : ndarray of shape (m, p)
        Implied covariances of factors and items.
    eta : ndarray of shape (m,)
        Implied means of the factors.

    Returns
    -------
    ndarray of shape (n, m)
        In the order of the data; NaN for a row without answers.

    Notes
    -----
    eta + C W_j d with the padded inverse W_j of the case's pattern.
    """
    scores = np.full((len(at.patterns.Y), eta.size), np.nan)
    scores[at.patterns.order] = eta + at.case_pulls @ C.T
    return scores


def bartlett_scores(*, at: CasewiseLikelihood, slope: Array, eta: Array) -> Array:
    """Compute the least squares scores of the factors from each case's answers.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample at the implied moments.
    slope : ndarray of shape (p, m)
        Slopes L of the items on the factors.
    eta : ndarray of shape (m,)
        Implied means of the factors.

    Returns
    -------
    ndarray of shape (n, m)
        In the order of the data; NaN for a row without answers, and for a factor that
        the answers of the case cannot tell apart from the others, as when it left out
        all its items.

    Notes
    -----
    eta + (L' W_j L)^-1 L' W_j d.
    """
    patterns, p = at.patterns, len(slope)
    whole = np.sqrt(np.diag(slope.T @ at.inverses.W[:p, :p] @ slope))
    unit = slope / whole  # factors on the scale of what all items together say of them
    stacks = [unit.T @ W @ unit for W in at.inverses.stacks()]
    empty = np.zeros((0, eta.size, eta.size))
    weights, reached = _inverted(np.concatenate([empty, *stacks]))
    owner = patterns.cases.owner
    found = (weights[owner] @ (at.case_pulls @ unit)[:, :, None])[:, :, 0] / whole
    scores = np.full((len(patterns.Y), eta.size), np.nan)
    scores[patterns.order] = np.where(reached[owner], eta + found, np.nan)
    return scores


def _inverted(stack: Array) -> tuple[Array, Array]:
    """Invert positive semidefinite matrices on the directions that they have.

    Returns inverses of shape (j, m, m), and whether each unit vector is one of these
    directions, shape (j, m).
    """
    values, vectors = np.linalg.eigh(stack)
    has = values > RANK_TOLERANCE
    kept = vectors * has[:, None, :]
    scaled = kept / np.where(has, values, 1.0)[:, None, :]
    inverse = scaled @ kept.transpose(0, 2, 1)
    return inverse, np.abs((kept**2).sum(axis=2) - 1.0) < REACHED
