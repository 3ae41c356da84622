"""The mode of a quadratic form plus logarithms of normal probabilities, case by case.

In: for every case, intervals in which normal variables lie whose means are linear in
unknown scores, and what else is known of the scores as a quadratic form. Out: the
scores with the highest density, by Newton's method for all cases at once, and which of
them exist. The function is concave (Prekopa, 1973). Where the quadratic form leaves a
direction open it may rise for ever; which intervals take part in that is a question of
linear inequalities, as for logistic regression (Albert and Anderson, 1984).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import nnls
from scipy.special import log_ndtr

from kocsem.core.moments import Array, Mask

EDGE = 1e8  # stands for infinity: no double distinguishes its probability from 0 or 1
RANK_TOLERANCE = 1e-10  # of the information, 1 being that of all intervals
REACHED = 1e-6  # how far a score may lie outside of what the intervals speak of
SEPARATED = 1e-9  # least slope, of rows and directions of length 1, that is not zero
DONE = 1e-16  # squared Newton decrement after whose step nothing remains
ROUNDING = 1e-10  # squared decrement below which a gain drowns in rounding
SUFFICIENT = 1e-4  # least share of the promised gain (Armijo, 1966)
STEPS, HALVINGS = 100, 40
LOG_ROOT_2PI = float(np.log(2 * np.pi) / 2)


@dataclass(frozen=True, slots=True)
class ProbitTerms:
    """pull'u - u'Pu / 2 + the sum of log(Phi(upper - s'u) - Phi(lower - s'u)).

    Attributes
    ----------
    lower, upper : ndarray of shape (n, o)
        Intervals of normal variables with variance 1; infinite where open.
    slopes : ndarray of shape (o, r)
        Slopes s of their means on the scores u.
    precision : ndarray of shape (r, r)
        P, positive semidefinite.
    pull : ndarray of shape (n, r)
        Within the range of P.
    """

    lower: Array
    upper: Array
    slopes: Array
    precision: Array
    pull: Array

    def information(self, weights: Array) -> Array:
        """Add P and the slopes' squares times weights (n, o); shape (n, r, r)."""
        o, r = self.slopes.shape
        squares = self.slopes[:, :, None] * self.slopes[:, None, :]
        total = weights @ squares.reshape(o, r * r)
        return np.asarray(self.precision + total.reshape(len(weights), r, r))


def probit_modes(terms: ProbitTerms) -> tuple[Array, Mask]:
    """Find the mode of every case.

    Parameters
    ----------
    terms : ProbitTerms
        The functions.

    Returns
    -------
    modes : ndarray of shape (n, r)
        The scores.
    exists : ndarray of bool, shape (n, r)
        Which of them are determined: False where the function rises for ever, or does
        not depend on the score.

    Notes
    -----
    An interval that lets the function rise for ever has probability 1 in the limit. The
    other scores are those of the remaining intervals. A function that is flat to the
    last digit, as it is far inside of wide intervals, determines no score either.
    """
    scale = _scale(terms)
    terms = replace(
        terms,
        slopes=terms.slopes / scale,
        precision=terms.precision / np.outer(scale, scale),
        pull=terms.pull / scale,
    )
    gone = endless(terms)
    closed = replace(
        terms,
        lower=np.where(gone, -EDGE, np.maximum(terms.lower, -EDGE)),
        upper=np.where(gone, EDGE, np.minimum(terms.upper, EDGE)),
    )
    modes, gain = np.zeros_like(terms.pull), np.full(len(terms.pull), np.inf)
    going = np.arange(len(terms.pull))
    for _ in range(STEPS):
        here = replace(
            closed,
            lower=closed.lower[going],
            upper=closed.upper[going],
            pull=closed.pull[going],
        )
        modes[going], gain[going] = _improved(here, modes[going])
        going = going[gain[going] > DONE]
        if not going.size:
            break
    _, _, weights = _evaluated(closed, modes)
    exists = _determined(closed.information(weights))
    return modes / scale, exists & (gain <= DONE)[:, None]


def log_interval(lower: Array, upper: Array) -> tuple[Array, Array, Array]:
    """Compute the logarithm of a normal probability and its derivatives by the mean.

    Parameters
    ----------
    lower, upper : ndarray of the same shape
        Finite limits minus the mean, lower < upper.

    Returns
    -------
    value, slope, curvature : ndarray
        The logarithm, its derivative, and minus its second derivative, between 0 and 1.

    Notes
    -----
    Intervals above the mean are reflected, so that both limits lie in the tail whose
    logarithm is exact.
    """
    above = lower + upper > 0
    a, b = np.where(above, -upper, lower), np.where(above, -lower, upper)
    log_b = log_ndtr(b)
    value = log_b + np.log1p(-np.exp(log_ndtr(a) - log_b))
    at_a = np.exp(-(a**2) / 2 - LOG_ROOT_2PI - value)
    at_b = np.exp(-(b**2) / 2 - LOG_ROOT_2PI - value)
    slope = at_a - at_b
    curvature = slope**2 + b * at_b - a * at_a
    return value, np.where(above, -slope, slope), np.clip(curvature, 0.0, 1.0)


def _evaluated(terms: ProbitTerms, u: Array) -> tuple[Array, Array, Array]:
    """Compute the values (n,), the gradients (n, r) and the weights of the slopes."""
    mean = u @ terms.slopes.T
    value, slope, weights = log_interval(terms.lower - mean, terms.upper - mean)
    held = u @ terms.precision
    total = value.sum(axis=1) + ((terms.pull - held / 2) * u).sum(axis=1)
    return total, terms.pull - held + slope @ terms.slopes, weights


def _improved(terms: ProbitTerms, u: Array) -> tuple[Array, Array]:
    """Take one step, halved until it gains; return where it led, and the decrement."""
    value, gradient, weights = _evaluated(terms, u)
    bend = terms.information(weights) + RANK_TOLERANCE * np.eye(u.shape[1])
    step = np.linalg.solve(bend, gradient[:, :, None])[:, :, 0]
    gain = (gradient * step).sum(axis=1)
    share = np.ones(len(u))
    for _ in range(HALVINGS):
        reached, _, _ = _evaluated(terms, u + share[:, None] * step)
        enough = reached >= value + SUFFICIENT * share * gain
        enough |= gain <= ROUNDING * (1 + np.abs(value))
        if enough.all():
            break
        share = np.where(enough, share, share / 2)
    return u + share[:, None] * step, gain


def _scale(terms: ProbitTerms) -> Array:
    """Return the root of what all intervals say of each score; 1 where nothing."""
    whole = np.diag(terms.precision) + (terms.slopes**2).sum(axis=0)
    return np.sqrt(np.where(whole > 0, whole, 1.0))


def _determined(information: Array) -> Mask:
    """Say which unit vectors lie in the range of each matrix, shape (n, r)."""
    values, vectors = np.linalg.eigh(information)
    kept = vectors * (values > RANK_TOLERANCE)[:, None, :]
    return np.asarray(np.abs((kept**2).sum(axis=2) - 1.0) < REACHED)


def endless(terms: ProbitTerms) -> Mask:
    """Find the intervals whose probability goes to 1 as the function rises for ever.

    Parameters
    ----------
    terms : ProbitTerms
        The functions, with an information of all intervals near 1 on the diagonal.

    Returns
    -------
    ndarray of bool, shape (n, o)
        Empty rows where the function has a mode.

    Notes
    -----
    Along v a half-open interval rises for ever if v leads into it; a closed one allows
    no movement, nor does P. With the rows g of all these conditions g'v >= 0, either
    some v makes one of them positive, or positive weights add the rows up to zero
    (Stiemke, 1915). The shortest sum with weights of at least 1 is zero, or is such a
    v. Rows that it makes positive are taken out, until no more are found.
    """
    below, above = np.isfinite(terms.lower), np.isfinite(terms.upper)
    firm = _determined(terms.information((below & above).astype(float)))
    doubtful = np.flatnonzero(~firm.all(axis=1))
    found = np.zeros(below.shape, dtype=bool)
    if not doubtful.size:
        return found
    limits = np.hstack([below[doubtful], above[doubtful]])
    kinds, owner = np.unique(limits, axis=0, return_inverse=True)
    values, vectors = np.linalg.eigh(terms.precision)
    held = vectors[:, values > RANK_TOLERANCE].T
    rows = np.vstack([terms.slopes, -terms.slopes])
    rising = np.zeros_like(kinds)
    for kind, out in zip(kinds, rising, strict=True):
        out[kind] = _positive(np.vstack([rows[kind], held, -held]))[: kind.sum()]
    o = below.shape[1]
    found[doubtful] = (rising[:, :o] | rising[:, o:])[owner.ravel()]
    return found


def _positive(rows: Array) -> Mask:
    """Say which rows g some v with g'v >= 0 for all makes positive."""
    length = np.linalg.norm(rows, axis=1)
    unit = rows / np.where(length > 0, length, 1.0)[:, None]
    left, found = length > 0, np.zeros(len(rows), dtype=bool)
    while left.any():
        total = unit[left].sum(axis=0)
        weights, _ = nnls(unit[left].T, -total)
        v = total + weights @ unit[left]
        size = np.linalg.norm(v)
        if size <= SEPARATED * (1 + weights).sum():
            break
        rises = left & (unit @ (v / size) > SEPARATED)
        found |= rises
        left &= ~rises
    return found
