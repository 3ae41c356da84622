"""Information in data with holes: about the moments, and about model parameters.

In: missing-data patterns and moments, structured or not. Out: observed and expected
information of the normal likelihood, per case that has an answer. Between two
covariances it is a sum of Kronecker products over patterns, made as one matrix product.
Source: Savalei (2010); Kenward and Molenberghs (1998); lavaan's definitions.
"""

import numpy as np

from kocsem.core.casewise import moment_gradient
from kocsem.core.moments import Array
from kocsem.core.observed import bend
from kocsem.core.patterns import MissingPatterns, pattern_blocks
from kocsem.core.structure import Implied, Structure, Tangents, jacobian


def observed_moment_information(
    *, patterns: MissingPatterns, mu: Array, Sigma: Array
) -> Array:
    """Compute the observed information about the moments, per case.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    ndarray of shape (q, q)
        Minus the Hessian of logl in (mu, vech Sigma), over the number of cases that
        have an answer; vech by rows of the lower triangle.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.

    Notes
    -----
    Between two covariances tr(W D_a H D_b) with H = W S* W - W / 2, between a mean and
    a covariance m' W D W d, between two means W; each summed over the cases.
    """
    p = patterns.p
    row, col = np.tril_indices(p)
    place = np.zeros((p, p), dtype=np.intp)
    place[row, col] = place[col, row] = np.arange(row.size)
    means, lean = np.zeros((p, p)), np.zeros((p * p, p))
    kron = np.zeros((row.size, row.size))
    for block in pattern_blocks(patterns=patterns, mu=mu, Sigma=Sigma):
        H = block.spread() - block.W / 2
        weighted = block.W * block.n[:, None, None]
        means += weighted.sum(axis=0)
        lean += weighted.reshape(-1, p * p).T @ block.pull
        kron += weighted[:, row, col].T @ H[:, row, col]
    cube = lean.reshape(p, p, p)
    half = np.where(row == col, 0.5, 1.0)
    between = (cube[:, row, col] + cube[:, col, row]) * half
    return _assembled(means, between, _covariance_block(kron)) / patterns.n


def expected_moment_information(*, patterns: MissingPatterns, Sigma: Array) -> Array:
    """Compute the expected information about the moments, per case, holes as given.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    ndarray of shape (q, q)
        Block diagonal in (mu, vech Sigma): W and tr(W D_a W D_b) / 2 averaged over the
        cases that have an answer.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.

    Notes
    -----
    It is the expectation of the observed information when holes do not depend on the
    answers (MCAR), and biased otherwise (Kenward and Molenberghs, 1998).
    """
    p = patterns.p
    row, col = np.tril_indices(p)
    means, kron = np.zeros((p, p)), np.zeros((row.size, row.size))
    for block in pattern_blocks(patterns=patterns, mu=np.zeros(p), Sigma=Sigma):
        W = block.W[:, row, col]
        means += np.tensordot(block.n, block.W, 1)
        kron += (W * block.n[:, None]).T @ W / 2
    between = np.zeros((p, row.size))
    return _assembled(means, between, _covariance_block(kron)) / patterns.n


def _covariance_block(kron: Array) -> Array:
    """Turn sum W_ab H_cd into sum tr(W D_a H D_b), both of shape (q, q).

    With D of (i, j) and (k, l) the trace is W_il H_jk + W_jl H_ik + W_ik H_jl +
    W_jk H_il, halved once for every variance.
    """
    size = kron.shape[0]
    p = int((np.sqrt(8 * size + 1) - 1) / 2)
    row, col = np.tril_indices(p)
    place = np.zeros((p, p), dtype=np.intp)
    place[row, col] = place[col, row] = np.arange(size)
    ik, il = place[np.ix_(row, row)], place[np.ix_(row, col)]
    jk, jl = place[np.ix_(col, row)], place[np.ix_(col, col)]
    half = np.where(row == col, 0.5, 1.0)
    total = kron[il, jk] + kron[jl, ik] + kron[ik, jl] + kron[jk, il]
    return np.asarray(total * np.outer(half, half))


def _assembled(means: Array, between: Array, covariances: Array) -> Array:
    """Put the blocks of an information matrix together."""
    info = np.block([[means, between], [between.T, covariances]])
    return np.asarray((info + info.T) / 2)


def model_observed_information(
    *,
    patterns: MissingPatterns,
    structure: Structure,
    implied: Implied,
    tangents: Tangents,
) -> Array:
    """Compute the observed information about model parameters, per case.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    structure : Structure
        The model, with a mean structure.
    implied : Implied
        Its moments at the point of interest.
    tangents : Tangents
        Their derivatives there.

    Returns
    -------
    ndarray of shape (k, k)
        Minus the Hessian of logl in the parameters, over the number of cases that have
        an answer.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.

    Notes
    -----
    Delta' I Delta with the information I about the moments, less the gradient of logl
    in the moments times their second derivatives.
    """
    mu, Sigma = implied.mu, implied.Sigma
    gradient = moment_gradient(patterns=patterns, mu=mu, Sigma=Sigma)
    info = observed_moment_information(patterns=patterns, mu=mu, Sigma=Sigma)
    Delta = jacobian(tangents=tangents, means=True)
    U, V = tangents.U, tangents.V
    GU = 2 * gradient.Sigma @ U / patterns.n
    bent = bend(
        structure=structure,
        implied=implied,
        GUU=U.T @ GU,
        GUV=GU.T @ V,
        uw=U.T @ gradient.mu / patterns.n,
    )
    return np.asarray(Delta.T @ info @ Delta - bent)


def model_expected_information(
    *, patterns: MissingPatterns, implied: Implied, tangents: Tangents
) -> Array:
    """Compute the expected information about model parameters, per case.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    implied : Implied
        Moments of a model with a mean structure at the point of interest.
    tangents : Tangents
        Their derivatives there.

    Returns
    -------
    ndarray of shape (k, k)
        Delta' I Delta with the expected information I about the moments.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern.
    """
    info = expected_moment_information(patterns=patterns, Sigma=implied.Sigma)
    Delta = jacobian(tangents=tangents, means=True)
    return np.asarray(Delta.T @ info @ Delta)
