"""The inverse covariance matrix of every pattern, from one inverse of them all.

In: missing-data patterns and a covariance matrix. Out: `PatternInverses`. With W the
inverse of Sigma and m the missing variables of a pattern, V = inverse(W_mm) is the
covariance matrix of the missing answers given the others, and the inverse of the
observed part of Sigma is W - W_.m V W_m., with log-determinant log|Sigma| - log|V|. A
pattern thus costs a matrix of the size of its holes.
Source: Little and Rubin (2002), chapter 11 (the sweep operator).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from kocsem.core.incomplete.patterns import LAYER_ELEMENTS, MissingPatterns, Rows
from kocsem.core.moments import Array


@dataclass(frozen=True, slots=True)
class PatternInverses:
    """The inverse W_j of the observed part of Sigma, for every pattern j.

    Attributes
    ----------
    patterns : MissingPatterns
        The patterns.
    W : ndarray of shape (p + f, p + f)
        Inverse of Sigma, bordered by an identity matrix for the fillers of the layers.
    V : tuple of ndarray of shape (b, h, h)
        For each layer the covariance matrices of the missing answers given the others.
    logdet : ndarray of shape (j,)
        log|Sigma_j| of the observed part.
    """

    patterns: MissingPatterns
    W: Array
    V: tuple[Array, ...]
    logdet: Array

    def deviations(self, rows: Rows, mu: Array) -> Array:
        """Return y - a mu of every row, zero where missing, shape (r, p)."""
        seen = self.patterns.observed[rows.owner]
        return np.asarray((rows.values - np.outer(rows.level, mu)) * seen)

    def pulls(self, rows: Rows, deviations: Array) -> Array:
        """Return W_j d for the deviations d of every row, shape (r, p)."""
        p = self.patterns.p
        whole = self.W[:p]
        pulls = np.asarray(deviations @ whole)
        filled = np.zeros_like(pulls)
        for layer, V in zip(self.patterns.layers, self.V, strict=True):
            if not V.size:
                continue
            start, stop = rows.begin[[layer.patterns.start, layer.patterns.stop]]
            step = max(1, LAYER_ELEMENTS // V.shape[1] ** 2)
            for first in range(start, stop, step):
                part = slice(first, min(first + step, stop))
                own = rows.owner[part] - layer.patterns.start
                holes = layer.holes[own]
                pull = np.take_along_axis(pulls[part], holes, axis=1)
                guess = -(V[own] @ pull[:, :, None])[:, :, 0]
                np.put_along_axis(filled[part], holes, guess, axis=1)
        pulls += filled @ self.W
        return pulls[:, :p] * self.patterns.observed[rows.owner]

    def stacks(self) -> Iterator[Array]:
        """Yield the matrices W_j of each layer, zero where missing, (b, p, p)."""
        p = self.patterns.p
        for layer, V in zip(self.patterns.layers, self.V, strict=True):
            across = self.W[layer.holes, :p]
            whole = self.W[:p, :p] - across.transpose(0, 2, 1) @ (V @ across)
            seen = self.patterns.observed[layer.patterns]
            yield whole * (seen[:, :, None] & seen[:, None, :])

    def total(self) -> Array:
        """Return the sum of the W_j of all cases, shape (p, p)."""
        p, size = self.patterns.p, len(self.W)
        spread = np.zeros(size * size)
        for layer, V in zip(self.patterns.layers, self.V, strict=True):
            places = layer.holes[:, :, None] * size + layer.holes[:, None, :]
            weighted = V * self.patterns.mass[layer.patterns, None, None]
            spread += np.bincount(places.ravel(), weighted.ravel(), size * size)
        W = self.W[:p, :p]
        lost = W @ spread.reshape(size, size)[:p, :p] @ W
        return np.asarray(self.patterns.n * W - lost)


def pattern_inverses(*, patterns: MissingPatterns, Sigma: Array) -> PatternInverses:
    """Invert the observed part of a covariance matrix for every pattern.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Returns
    -------
    PatternInverses
        The inverses with their log-determinants.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite, or not finite.
    """
    p = patterns.p
    factor, failed = lapack.dpotrf(Sigma, lower=1)
    if failed or not np.isfinite(Sigma).all():
        raise np.linalg.LinAlgError("covariance matrix not positive definite")
    inverse, _ = lapack.dpotri(factor, lower=1)
    fillers = max((layer.holes.shape[1] for layer in patterns.layers), default=0)
    W = np.eye(p + fillers)
    W[:p, :p] = inverse + np.tril(inverse, -1).T
    logdet = np.full(len(patterns.observed), 2 * np.log(np.diag(factor)).sum())
    stacks = []
    for layer in patterns.layers:
        block = W[layer.holes[:, :, None], layer.holes[:, None, :]]
        roots = np.diagonal(np.linalg.cholesky(block), axis1=1, axis2=2)
        logdet[layer.patterns] += 2 * np.log(roots).sum(axis=1)
        stacks.append(np.asarray(np.linalg.inv(block)))
    return PatternInverses(patterns=patterns, W=W, V=tuple(stacks), logdet=logdet)
