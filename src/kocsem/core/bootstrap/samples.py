"""Sample moments of many resamples of the same complete cases.

In: complete data of all groups, and how often each case counts in each sample, or which
unit is left out of it. Out: `Samples`, the moments of every group in every sample.
Sums are written out rather than left to a BLAS, whose order of addition depends on how
many threads it has.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kocsem.core.bootstrap.compiled import compiled, compiled_inside
from kocsem.core.bootstrap.packed import padded
from kocsem.core.bootstrap.resampling import Units
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.structure import Index


@dataclass(frozen=True)
class Cases:
    """Complete data of all groups, ready to be drawn from.

    Attributes
    ----------
    centred : ndarray of shape (n, w)
        Cases less the mean of their group, one group after the other; zeros to the
        right of the p variables.
    centre : ndarray of shape (g, w)
        These means.
    weights : ndarray of shape (n,)
        Weight of each case; 1 where there are no sampling weights.
    sizes : tuple of int
        Number of cases of each group.
    p : int
        Number of variables.
    """

    centred: Array
    centre: Array
    weights: Array
    sizes: tuple[int, ...]
    p: int

    @property
    def group(self) -> Index:
        """Group of each case, shape (n,)."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def moments(self) -> "Samples":
        """Moments of the full sample, the only one in the record."""
        return resampled(cases=self, multiplicities=np.ones((1, sum(self.sizes))))


@dataclass(frozen=True, slots=True)
class Samples:
    """Moments of every group in R samples.

    Attributes
    ----------
    moments : ndarray of shape (R, g w w + g w)
        Covariance matrices of the groups with divisor n, then means. Beyond the p
        variables stand dummies with variance 1 that covary with nothing.
    n : ndarray of shape (R, g)
        Sum of the weights of each group.
    p : int
        Number of variables.
    """

    moments: Array
    n: Array
    p: int

    @property
    def S(self) -> Array:
        """Covariance matrices, shape (R, g, w, w)."""
        count, groups = self.n.shape
        width = padded(self.p)
        return self.moments[:, : groups * width**2].reshape(count, groups, width, width)

    @property
    def ybar(self) -> Array:
        """Means, shape (R, g, w)."""
        count, groups = self.n.shape
        width = padded(self.p)
        return self.moments[:, groups * width**2 :].reshape(count, groups, width)

    def of(self, number: int) -> tuple[SampleMoments, ...]:
        """Return the moments of one sample, a group at a time."""
        p = self.p
        return tuple(
            SampleMoments(S=S[:p, :p], ybar=ybar[:p], n=float(n))
            for S, ybar, n in zip(
                self.S[number], self.ybar[number], self.n[number], strict=True
            )
        )


def gather_cases(
    *, groups: Sequence[Array], weights: Sequence[Array] | None = None
) -> Cases:
    """Put the complete data of all groups together.

    Parameters
    ----------
    groups : sequence of ndarray of shape (n_g, p)
        Data of each group, the same variables in each.
    weights : sequence of ndarray of shape (n_g,), optional
        Sampling weights.

    Returns
    -------
    Cases
        The data about the means of their groups.
    """
    p = groups[0].shape[1]
    sizes = tuple(Y.shape[0] for Y in groups)
    given = weights or [np.ones(size) for size in sizes]
    centre = np.array([w @ Y / w.sum() for Y, w in zip(groups, given, strict=True)])
    rest = ((0, 0), (0, padded(p) - p))
    centred = [Y - ybar for Y, ybar in zip(groups, centre, strict=True)]
    return Cases(
        centred=np.ascontiguousarray(np.pad(np.concatenate(centred), rest)),
        centre=np.pad(centre, rest),
        weights=np.concatenate(given),
        sizes=sizes,
        p=p,
    )


def _empty(cases: Cases, count: int) -> Samples:
    """Reserve the moments of some samples."""
    groups, width = cases.centre.shape
    return Samples(
        moments=np.zeros((count, groups * width * (width + 1))),
        n=np.zeros((count, groups)),
        p=cases.p,
    )


def _finish(cases: Cases, samples: Samples) -> Samples:
    """Move the means to where they belong, and add the dummies."""
    np.add(samples.ybar, cases.centre, out=samples.ybar)
    dummies = np.arange(cases.p, cases.centre.shape[1])
    samples.S[:, :, dummies, dummies] = 1.0
    return samples


def resampled(*, cases: Cases, multiplicities: Array) -> Samples:
    """Compute the moments of samples in which cases count several times or not at all.

    Parameters
    ----------
    cases : Cases
        The data.
    multiplicities : ndarray of shape (R, n)
        How often each case counts.

    Returns
    -------
    Samples
        Moments of R samples.
    """
    samples = _empty(cases, multiplicities.shape[0])
    weights = multiplicities * cases.weights
    end = 0
    for group, size in enumerate(cases.sizes):
        start, end = end, end + size
        n, S, ybar = _weighted_moments(
            cases.centred[start:end], np.ascontiguousarray(weights[:, start:end])
        )
        samples.n[:, group], samples.S[:, group], samples.ybar[:, group] = n, S, ybar
    return _finish(cases, samples)


def left_out(*, cases: Cases, units: Units, numbers: range) -> Samples:
    """Compute the moments of the sample without one unit, for several units.

    Parameters
    ----------
    cases : Cases
        The data.
    units : Units
        What is left out: a case or a cluster.
    numbers : range
        The units to leave out, one at a time.

    Returns
    -------
    Samples
        Moments of one sample a unit; NaN for a group of which nothing is left.
    """
    samples = _empty(cases, len(numbers))
    gone = (units.of_case >= numbers.start) & (units.of_case < numbers.stop)
    place = (units.of_case[gone] - numbers.start, cases.group[gone])
    weights, Y = cases.weights[gone], cases.centred[gone]
    heavy = weights[:, None] * Y
    n, ybar, S = samples.n, samples.ybar, samples.S
    np.subtract.at(n, place, weights)
    np.subtract.at(ybar, place, heavy)
    np.subtract.at(S, place, heavy[:, :, None] * Y[:, None, :])
    whole = cases.moments
    n += whole.n
    S += (whole.S * whole.n[:, :, None, None])[0]
    left = np.tile(cases.sizes, (len(numbers), 1))
    np.subtract.at(left, place, 1)
    n[left == 0] = np.nan
    ybar /= n[:, :, None]
    S /= n[:, :, None, None]
    S -= ybar[:, :, :, None] * ybar[:, :, None, :]
    n[left == 0] = 0.0
    return _finish(cases, samples)


@compiled
def _weighted_moments(Y: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Return sums of weights, covariances and means of every sample of one group."""
    R, n = weights.shape
    width = Y.shape[1]
    total, ybar, S = np.zeros(R), np.zeros((R, width)), np.zeros((R, width, width))
    rows, heavy = np.zeros(n + 4, np.intp), np.zeros(n + 4)
    for r in range(R):
        present = 0
        for i in range(n):
            rows[present], heavy[present] = i, weights[r, i]
            total[r] += weights[r, i]
            present += weights[r, i] != 0.0
        heavy[present : present + 3] = 0.0
        _add_cases(Y, rows, heavy, present, S[r], ybar[r])
        for i in range(width):
            ybar[r, i] /= total[r]
        for i in range(width):
            for j in range(i + 1):
                S[r, j, i] = S[r, i, j] / total[r] - ybar[r, i] * ybar[r, j]
                S[r, i, j] = S[r, j, i]
    return total, S, ybar


@compiled_inside
def _add_cases(
    Y: Array, rows: Index, weights: Array, count: int, S: Array, ybar: Array
) -> None:
    """Add weighted cases to the sums, four cases and two variables at a time."""
    for s in range(0, count, 4):
        a, b, c, d = rows[s], rows[s + 1], rows[s + 2], rows[s + 3]
        wa, wb, wc, wd = weights[s], weights[s + 1], weights[s + 2], weights[s + 3]
        for i in range(0, S.shape[0], 2):
            fa, fb, fc, fd = wa * Y[a, i], wb * Y[b, i], wc * Y[c, i], wd * Y[d, i]
            i1 = i + 1
            ga, gb, gc, gd = wa * Y[a, i1], wb * Y[b, i1], wc * Y[c, i1], wd * Y[d, i1]
            ybar[i] += (fa + fb) + (fc + fd)
            ybar[i1] += (ga + gb) + (gc + gd)
            for j in range(S.shape[0]):
                ya, yb, yc, yd = Y[a, j], Y[b, j], Y[c, j], Y[d, j]
                S[i, j] += (fa * ya + fb * yb) + (fc * yc + fd * yd)
                S[i1, j] += (ga * ya + gb * yb) + (gc * yc + gd * yd)


@compiled
def log_determinants(S: Array, floors: Array) -> Array:
    """Compute log-determinants of covariance matrices.

    Parameters
    ----------
    S : ndarray of shape (R, g, w, w)
        Covariance matrices of every group in R samples.
    floors : ndarray of shape (g, w)
        What an item must have of variance that the items before it do not explain.

    Returns
    -------
    ndarray of shape (R, g)
        NaN for a matrix that counts as singular.
    """
    R, g, width, _ = S.shape
    found, rest = np.zeros((R, g)), np.empty((width, width))
    for place in range(R * g):
        r, group = place // g, place % g
        for i in range(width):
            for j in range(width):
                rest[i, j] = S[r, group, i, j]
        for k in range(width):
            if not rest[k, k] > floors[group, k]:
                found[r, group] = math.nan
                break
            found[r, group] += math.log(rest[k, k])
            for i in range(k + 1, width):
                f = rest[k, i] / rest[k, k]
                for j in range(i, width):
                    rest[i, j] -= f * rest[k, j]
    return found
