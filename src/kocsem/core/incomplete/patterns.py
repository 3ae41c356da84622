"""Missing-data patterns: what a normal-theory fit needs to know of data with holes.

In: a data matrix with NaN where an answer is missing. Out: `MissingPatterns`, the cases
sorted by what they left out, fewest holes first. Within a pattern the mean and the
covariances are sufficient for the normal likelihood; `digest` keeps them as a few rows,
so that its cost grows with patterns and not with cases.
Source: Little and Rubin (2002), chapter 11; Arbuckle (1996).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from kocsem.core.moments import Array, Mask
from kocsem.core.structure import Index

LAYER_ELEMENTS = 2**17  # elements of one stack of matrices: 1 MB, near the processor


@dataclass(frozen=True)
class Rows:
    """Cases sorted by pattern, or fewer rows that stand for them.

    With y the values and a the level of each row, the sums over a pattern of
    (y - a mu)(y - a mu)' and of a (y - a mu) are those of its cases, for every mu.

    Attributes
    ----------
    values : ndarray of shape (r, p)
        Zero where an answer is missing.
    level : ndarray of shape (r,)
        The multiple of mu to be taken off; 1 for a case.
    owner : ndarray of int, shape (r,)
        The pattern of each row, ascending.
    begin : ndarray of int, shape (j + 1,)
        Where the rows of each pattern begin; at the end, r.
    """

    values: Array
    level: Array
    owner: Index
    begin: Index

    def sums(self, values: Array) -> Array:
        """Add up the rows of an array by pattern, shape (r, c) to (j, c)."""
        return np.asarray(self._members @ values)

    @cached_property
    def _members(self) -> csr_array:
        """Which rows each pattern has, shape (j, r)."""
        r = self.owner.size
        parts = (np.ones(r), np.arange(r), self.begin)
        return csr_array(parts, shape=(self.begin.size - 1, r))


@dataclass(frozen=True, slots=True)
class Layer:
    """Neighbouring patterns with about the same number of holes.

    Attributes
    ----------
    patterns : slice
        Which patterns they are.
    holes : ndarray of int, shape (b, h)
        The missing variables of each, filled up with numbers p, p + 1, ... that belong
        to no variable.
    """

    patterns: slice
    holes: Index


@dataclass(frozen=True)
class MissingPatterns:
    """The patterns of one group: fewest holes first, then in order of appearance.

    Attributes
    ----------
    Y : ndarray of shape (n, p)
        The data, one case a row; NaN where an answer is missing.
    weights : ndarray of shape (n,) or None
        Weight of each case; None where all are 1.
    observed : ndarray of bool, shape (j, p)
        Which variables each of the j patterns has.
    owner : ndarray of int, shape (n,)
        The pattern of each case; -1 for a row without a single answer, which is part
        of no pattern and of no count.
    """

    Y: Array
    weights: Array | None
    observed: Mask
    owner: Index

    @property
    def p(self) -> int:
        """Number of variables."""
        return int(self.observed.shape[1])

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, empty rows aside."""
        return bool(self.observed.all())

    @cached_property
    def order(self) -> Index:
        """The cases with an answer, sorted by pattern."""
        order = np.argsort(self.owner, kind="stable")
        return order[np.count_nonzero(self.owner < 0) :]

    @cached_property
    def sizes(self) -> Index:
        """Number of cases with each pattern, shape (j,)."""
        counts = np.bincount(self.owner[self.order], minlength=len(self.observed))
        return np.asarray(counts, dtype=np.intp)

    @cached_property
    def mass(self) -> Array:
        """Sum of the weights of the cases with each pattern, shape (j,)."""
        if self.weights is None:
            return self.sizes.astype(float)
        owner, weights = self.owner[self.order], self.weights[self.order]
        total = np.bincount(owner, weights=weights, minlength=len(self.observed))
        return np.asarray(total, dtype=float)

    @cached_property
    def n(self) -> float:
        """Number of cases with an answer; the sum of their weights."""
        return float(self.mass.sum())

    @cached_property
    def answers(self) -> Array:
        """Number of answers to each variable, shape (p,); the sum of their weights."""
        return np.asarray(self.mass @ self.observed)

    @cached_property
    def coverage(self) -> Array:
        """Share of the n cases in which both of two variables are observed, (p, p)."""
        seen = self.observed.astype(float)
        return np.asarray((seen * self.mass[:, None]).T @ seen / self.n)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The patterns in layers of few enough to be taken together."""
        missing = (~self.observed).sum(axis=1)
        width = np.where(missing, 2 ** np.ceil(np.log2(np.maximum(missing, 1))), 0)
        most = max(1, LAYER_ELEMENTS // self.p**2)
        found = []
        for holes in np.unique(width.astype(np.intp)):
            begin, end = np.searchsorted(width, [holes, holes + 1])
            for start in range(begin, end, most):
                part = slice(start, min(start + most, end))
                found.append(Layer(part, self._holes(part, int(holes))))
        return tuple(found)

    def _holes(self, part: slice, width: int) -> Index:
        """List the missing variables of some patterns, filled up from p onwards."""
        missing = ~self.observed[part]
        filler = np.arange(width) < (width - missing.sum(axis=1))[:, None]
        where = np.hstack([missing, filler]).nonzero()[1]
        return where.reshape(len(missing), width)

    @cached_property
    def cases(self) -> Rows:
        """The cases with an answer, each as it is."""
        owner = self.owner[self.order]
        return Rows(
            values=np.nan_to_num(self.Y[self.order]),
            level=np.ones(owner.size),
            owner=owner,
            begin=np.concatenate([[0], np.cumsum(self.sizes)]),
        )

    @cached_property
    def digest(self) -> Rows:
        """At most one row more than variables for each pattern, with the weights in."""
        cases = self.cases
        large = np.flatnonzero(self.sizes > self.observed.sum(axis=1) + 1)
        if self.weights is None and not large.size:
            return cases
        root = np.ones(len(cases.owner))
        if self.weights is not None:
            root = np.sqrt(self.weights[self.order])
        values, level = cases.values * root[:, None], cases.level * root
        parts, levels, counts = [], [], self.sizes.copy()
        done = 0
        for j in large:
            start, stop = cases.begin[j], cases.begin[j + 1]
            own, own_level = _condensed(
                values[start:stop], level[start:stop], self.observed[j]
            )
            parts += [values[done:start], own]
            levels += [level[done:start], own_level]
            counts[j] = own_level.size
            done = stop
        return Rows(
            values=np.vstack([*parts, values[done:]]),
            level=np.concatenate([*levels, level[done:]]),
            owner=np.repeat(np.arange(counts.size), counts),
            begin=np.concatenate([[0], np.cumsum(counts)]),
        )


def _condensed(values: Array, level: Array, seen: Mask) -> tuple[Array, Array]:
    """Put the rows of one pattern as its mean and the root of its cross products."""
    norm = np.sqrt(level @ level)
    mean = level @ values / norm
    spread = values - np.outer(level / norm, mean)
    root = np.linalg.qr(spread[:, seen], mode="r")
    rows = np.zeros((1 + len(root), seen.size))
    rows[0], rows[1:, seen] = mean, root
    return rows, np.concatenate([[norm], np.zeros(len(root))])


def missing_patterns(*, Y: Array, weights: Array | None = None) -> MissingPatterns:
    """Sort the cases by what they left out.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Data, one case a row; NaN where an answer is missing.
    weights : ndarray of shape (n,), optional
        Weight of each case, above 0.

    Returns
    -------
    MissingPatterns
        The distinct patterns and the cases that have them.

    Examples
    --------
    >>> patterns = missing_patterns(Y=np.array([[1.0, np.nan], [3.0, 4.0], [5.0, 6.0]]))
    >>> patterns.observed.tolist(), patterns.owner.tolist()
    ([[True, True], [True, False]], [1, 0, 0])
    """
    seen = ~np.isnan(Y)
    answered = np.flatnonzero(seen.any(axis=1))
    owner = np.full(len(Y), -1, dtype=np.intp)
    kinds = _numbered(seen[answered])
    _, first, group = np.unique(kinds, return_index=True, return_inverse=True)
    first = answered[first]
    order = np.lexsort((first, -seen[first].sum(axis=1)))
    owner[answered] = np.argsort(order)[group.ravel()]
    return MissingPatterns(
        Y=Y, weights=weights, observed=seen[first[order]], owner=owner
    )


def _numbered(seen: Mask) -> Index:
    """Give equal rows of a mask equal numbers, 64 columns at a time."""
    packed = np.packbits(seen, axis=1)
    words = np.zeros((len(seen), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    numbers = np.zeros(len(seen), dtype=np.intp)
    for word in words.view(np.uint64).T:
        kinds, group = np.unique(word, return_inverse=True)
        _, numbers = np.unique(numbers * len(kinds) + group, return_inverse=True)
    return numbers
