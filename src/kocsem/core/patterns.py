"""Missing-data patterns: what a normal-theory fit needs to know of data with holes.

In: a data matrix with NaN where an answer is missing. Out: `MissingPatterns`, the
sample moments of the cases that share a pattern. Within a pattern they are sufficient
for the normal likelihood, so that its cost grows with patterns and not with cases; the
patterns' matrices are padded to one size, stacked, and factored together.
Source: Little and Rubin (2002), chapter 11; Arbuckle (1996).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kocsem.core.moments import Array
from kocsem.core.structure import Index

Mask = NDArray[np.bool_]

BLOCK_ELEMENTS = 2**17  # elements of one stack of matrices: 1 MB, near the processor


@dataclass(frozen=True)
class MissingPatterns:
    """The patterns of one group, in order of first appearance, with their moments.

    Attributes
    ----------
    observed : ndarray of bool, shape (j, p)
        Which variables each of the j patterns has.
    rows : tuple of ndarray of int
        For each pattern the rows of the data matrix that have it, ascending.
    sizes : ndarray of int, shape (j,)
        Number of cases with each pattern.
    means : ndarray of shape (j, p)
        Means of the cases with each pattern; padded by 0 where `observed` is False.
    S : ndarray of shape (j, p, p)
        Covariance matrices with divisor `sizes`; padded by 0 likewise.
    empty : ndarray of int
        Rows without a single answer; they are part of no pattern and of no count.
    """

    observed: Mask
    rows: tuple[Index, ...]
    sizes: Index
    means: Array
    S: Array
    empty: Index

    @property
    def n(self) -> int:
        """Number of cases with at least one answer."""
        return int(self.sizes.sum())

    @property
    def p(self) -> int:
        """Number of variables."""
        return int(self.observed.shape[1])

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, empty rows aside."""
        return bool(self.observed.all())

    @cached_property
    def counts(self) -> Index:
        """Number of cases in which both of two variables are observed, (p, p)."""
        seen = self.observed.astype(np.intp)
        return np.asarray((seen * self.sizes[:, None]).T @ seen)

    @cached_property
    def coverage(self) -> Array:
        """Share of the n cases in which both of two variables are observed, (p, p)."""
        return np.asarray(self.counts / self.n)


def missing_patterns(*, Y: Array) -> MissingPatterns:
    """Sort the cases by what they left out.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Data, one case a row; NaN where an answer is missing.

    Returns
    -------
    MissingPatterns
        The distinct patterns with the moments of their cases.

    Examples
    --------
    >>> patterns = missing_patterns(Y=np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]))
    >>> patterns.sizes.tolist(), patterns.means.tolist()
    ([2, 1], [[3.0, 4.0], [3.0, 0.0]])
    """
    seen = ~np.isnan(Y)
    answered = seen.any(axis=1)
    kept = np.flatnonzero(answered)
    first, rows = _grouped(seen[kept], kept)
    observed = seen[first]
    j, p = observed.shape
    means, S = np.zeros((j, p)), np.zeros((j, p, p))
    for g, (cases, has) in enumerate(zip(rows, observed, strict=True)):
        block = Y[np.ix_(cases, has)]
        mean = block.mean(axis=0)
        means[g, has] = mean
        if cases.size > 1:
            centred = block - mean
            S[g][np.ix_(has, has)] = centred.T @ centred / cases.size
    return MissingPatterns(
        observed=observed,
        rows=rows,
        sizes=np.array([cases.size for cases in rows], dtype=np.intp),
        means=means,
        S=S,
        empty=np.flatnonzero(~answered),
    )


def _grouped(seen: Mask, labels: Index) -> tuple[Index, tuple[Index, ...]]:
    """Group rows of a mask: the first label of each group, and all its labels."""
    if not labels.size:
        return labels, ()
    packed = np.packbits(seen, axis=1)
    _, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    rank = np.argsort(by_appearance)[group.ravel()]
    order = np.argsort(rank, kind="stable")
    ends = np.cumsum(np.bincount(rank))[:-1]
    rows = tuple(np.split(labels[order], ends))
    return labels[np.sort(first)], rows


@dataclass(frozen=True, slots=True)
class PatternBlock:
    """Some patterns at one mean vector and covariance matrix.

    Attributes
    ----------
    n : ndarray of shape (b,)
        Cases.
    W : ndarray of shape (b, p, p)
        Inverse of the observed part of Sigma, padded by zeros.
    logdet : ndarray of shape (b,)
        log|Sigma_j| of that part.
    S : ndarray of shape (b, p, p)
        Sample covariances around the sample means.
    d, pull : ndarray of shape (b, p)
        ybar - mu, padded by zeros, and W d.
    """

    n: Array
    W: Array
    logdet: Array
    S: Array
    d: Array
    pull: Array

    def distances(self) -> Array:
        """Return tr(W S*), the mean squared Mahalanobis distance, shape (b,)."""
        return np.asarray((self.W * self.S).sum((1, 2)) + (self.d * self.pull).sum(1))

    def spread(self) -> Array:
        """Return W S* W, shape (b, p, p)."""
        outer = self.pull[:, :, None] * self.pull[:, None, :]
        return np.asarray(self.W @ self.S @ self.W + outer)


def pattern_blocks(
    *, patterns: MissingPatterns, mu: Array, Sigma: Array
) -> Iterator[PatternBlock]:
    """Factor Sigma for every pattern, a block of patterns at a time.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.

    Yields
    ------
    PatternBlock
        The patterns in their order, stacked.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite among the variables of some pattern, or a
        moment is not finite.
    """
    if not (np.isfinite(Sigma).all() and np.isfinite(mu).all()):
        raise np.linalg.LinAlgError("moments are not finite")
    p = patterns.p
    step = max(1, BLOCK_ELEMENTS // (p * p))
    eye = np.eye(p)
    for start in range(0, patterns.sizes.size, step):
        part = slice(start, start + step)
        seen = patterns.observed[part]
        both = seen[:, :, None] & seen[:, None, :]
        # The identity in the places of missing variables leaves log|Sigma_j| alone.
        padded = np.where(both, Sigma, eye)
        factor = np.linalg.cholesky(padded)
        inverse = np.linalg.inv(padded) * both
        W = (inverse + inverse.transpose(0, 2, 1)) / 2
        d = np.where(seen, patterns.means[part] - mu, 0.0)
        yield PatternBlock(
            n=patterns.sizes[part].astype(float),
            W=W,
            logdet=2.0 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1),
            S=patterns.S[part],
            d=d,
            pull=(W @ d[:, :, None])[:, :, 0],
        )
