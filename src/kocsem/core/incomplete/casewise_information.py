"""Information in data with holes: about the moments, and about model parameters.

In: the likelihood of a sample at given moments, structured or not. Out: observed and
expected information of the normal likelihood, per case that has an answer. Between two
covariances it is a sum of Kronecker products over patterns, made as one matrix product.
Source: Savalei (2010); Kenward and Molenberghs (1998); lavaan's definitions.
"""

import numpy as np

from kocsem.core.incomplete.casewise import CasewiseLikelihood
from kocsem.core.moments import Array, Mask
from kocsem.core.observed import bend
from kocsem.core.structure import Implied, Index, Structure, Tangents, jacobian


def observed_moment_information(*, at: CasewiseLikelihood) -> Array:
    """Compute the observed information about the moments, per case.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample and the moments.

    Returns
    -------
    ndarray of shape (q, q)
        Minus the Hessian of logl in (mu, vech Sigma), over the number of cases that
        have an answer; vech by rows of the lower triangle.

    Notes
    -----
    Between two covariances tr(W D_a H D_b) with H = W S* W - W / 2 and S* the mean of
    d d', between a mean and a covariance m' W D W d, between two means W; each summed
    over the cases.
    """
    patterns, W = at.patterns, at.triangles()
    rows, row, col = patterns.digest, *np.tril_indices(patterns.p)
    lift = rows.sums(rows.level[:, None] * at.pulls)
    z = np.ascontiguousarray(at.pulls.T)
    spread = rows.sums((z[row] * z[col]).T)
    kron = W.T @ (spread - patterns.mass[:, None] * W / 2)
    cube = (W.T @ lift)[_places(patterns.p)]
    half = np.where(row == col, 0.5, 1.0)
    between = (cube[:, row, col] + cube[:, col, row]) * (half / patterns.n)
    means = at.inverses.total() / patterns.n
    return _assembled(means, between, _covariance_block(kron / patterns.n))


def expected_moment_information(*, at: CasewiseLikelihood) -> Array:
    """Compute the expected information about the moments, per case, holes as given.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample and the moments.

    Returns
    -------
    ndarray of shape (q, q)
        Block diagonal in (mu, vech Sigma): W and tr(W D_a W D_b) / 2 averaged over the
        cases that have an answer.

    Notes
    -----
    It is the expectation of the observed information when holes do not depend on the
    answers (MCAR), and biased otherwise (Kenward and Molenberghs, 1998).
    """
    patterns, W = at.patterns, at.triangles()
    kron = (W * patterns.mass[:, None]).T @ W / 2
    means = at.inverses.total() / patterns.n
    between = np.zeros((patterns.p, W.shape[1]))
    return _assembled(means, between, _covariance_block(kron / patterns.n))


def _places(p: int) -> Index:
    """Return where each element of a symmetric matrix stands in its vech, (p, p)."""
    row, col = np.tril_indices(p)
    place = np.zeros((p, p), dtype=np.intp)
    place[row, col] = place[col, row] = np.arange(row.size)
    return place


def _covariance_block(kron: Array) -> Array:
    """Turn sum W_ab H_cd into sum tr(W D_a H D_b), both of shape (q, q).

    With D of (i, j) and (k, l) the trace is W_il H_jk + W_jl H_ik + W_ik H_jl +
    W_jk H_il, halved once for every variance.
    """
    size = len(kron)
    p = int((np.sqrt(8 * size + 1) - 1) / 2)
    row, col = np.tril_indices(p)
    place, both = _places(p), kron + kron.T
    # flat places of (il, jk) and (ik, jl): `take` is three times as fast as indexing
    begin = place * size
    across = begin[row].take(col, axis=1) + place[col].take(row, axis=1)
    along = begin[row].take(row, axis=1) + place[col].take(col, axis=1)
    half = np.where(row == col, 0.5, 1.0)
    return np.asarray((both.take(across) + both.take(along)) * np.outer(half, half))


def _assembled(means: Array, between: Array, covariances: Array) -> Array:
    """Put the blocks of an information matrix together."""
    p = len(means)
    info = np.empty((p + len(covariances), p + len(covariances)))
    info[:p, :p], info[:p, p:] = (means + means.T) / 2, between
    info[p:, :p], info[p:, p:] = between.T, covariances
    return info


def model_observed_information(
    *,
    at: CasewiseLikelihood,
    structure: Structure,
    implied: Implied,
    tangents: Tangents,
) -> Array:
    """Compute the observed information about model parameters, per case.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample at the moments of the model.
    structure : Structure
        The model, with a mean structure.
    implied : Implied
        Its moments.
    tangents : Tangents
        Their derivatives.

    Returns
    -------
    ndarray of shape (k, k)
        Minus the Hessian of logl in the parameters, over the number of cases that have
        an answer.

    Notes
    -----
    Delta' I Delta with the information I about the moments, less the gradient of logl
    in the moments times their second derivatives.
    """
    Delta, n = jacobian(tangents=tangents, means=True), at.patterns.n
    U, V = tangents.U, tangents.V
    GU = at.Sigma_gradient @ U / n
    bent = bend(
        structure=structure,
        implied=implied,
        GUU=U.T @ GU,
        GUV=GU.T @ V,
        uw=U.T @ at.mu_gradient / n,
    )
    info = observed_moment_information(at=at)
    return np.asarray(Delta.T @ info @ Delta - bent)


def model_expected_information(
    *, at: CasewiseLikelihood, tangents: Tangents, given: Mask | None = None
) -> Array:
    """Compute the expected information about model parameters, per case.

    Parameters
    ----------
    at : CasewiseLikelihood
        The sample at the moments of a model with a mean structure.
    tangents : Tangents
        The derivatives of these moments.
    given : ndarray of bool, shape (p,), optional
        Covariates whose own moments carry no information (fixed x), as in lavaan.

    Returns
    -------
    ndarray of shape (k, k)
        Delta' I Delta with the expected information I about the moments.
    """
    Delta = jacobian(tangents=tangents, means=True)
    if given is not None:
        row, col = np.tril_indices(given.size)
        Delta[np.concatenate([given, given[row] & given[col]])] = 0.0
    return np.asarray(Delta.T @ expected_moment_information(at=at) @ Delta)
