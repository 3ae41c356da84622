"""Factor scores of cases that answered ordered and continuous items.

In: the joint normal distribution of factors and latent responses that a model implies,
and the answers. Out: one score a case and factor, from the answers that the case gave:
the mode of the posterior density, or the mode of the likelihood. Both are lavaan's
(``EBM`` and ``ML``) where its items are independent given the factors; residual
covariances with and among continuous items are taken into account here. Sources:
Samejima (1969); Muthen (1984) for the latent responses.

Notes
-----
Continuous answers are conditioned on, which keeps everything normal. What remains are
normal responses of the ordered items, independent given the factors, each in the
interval of its category: `core.ordinal.probit_mode`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.ordinal.moment_order import MomentOrder
from kocsem.core.ordinal.probit_mode import ProbitTerms, probit_modes
from kocsem.core.structure import Index

SINGULAR = 1e-12  # share of a variance, or of a slope, that counts as none


@dataclass(frozen=True, slots=True)
class JointNormal:
    """Factors, then latent responses and continuous items, in one normal distribution.

    Attributes
    ----------
    m : int
        Number of factors.
    mean : ndarray of shape (n, m + p)
        Expectations by case; one row where all are alike.
    cov : ndarray of shape (m + p, m + p)
        Covariance matrix.
    """

    m: int
    mean: Array
    cov: Array

    def given(self, items: Index, values: Array) -> "JointNormal":
        """Condition on the values (n, number of items) of some continuous items.

        These stay in their places, without variance.
        """
        at = items + self.m
        slopes = np.linalg.solve(self.cov[np.ix_(at, at)], self.cov[at])
        return JointNormal(
            m=self.m,
            mean=self.mean + (values - self.mean[:, at]) @ slopes,
            cov=self.cov - self.cov[:, at] @ slopes,
        )

    @property
    def factors(self) -> slice:
        """Where the factors stand."""
        return slice(0, self.m)


@dataclass(frozen=True, slots=True)
class Scoring:
    """Cases with answers to the same continuous items, ready to be scored.

    Attributes
    ----------
    cases : ndarray of int, shape (n,)
        Which cases.
    level : ndarray of shape (n, m)
        The factors where u is zero.
    root : ndarray of shape (m, r)
        The factors are level + root u.
    precision, pull : ndarray of shape (r, r) and (n, r)
        What is known of u before the ordered items are looked at.
    center : ndarray of shape (n, o)
        Means of the responses of the ordered items where u is zero.
    slopes : ndarray of shape (o, r)
        Their slopes on u.
    V : ndarray of shape (o, o)
        Their covariance matrix given the factors and the continuous answers. Scores
        exist where it is diagonal and positive definite.
    """

    cases: Index
    level: Array
    root: Array
    precision: Array
    pull: Array
    center: Array
    slopes: Array
    V: Array


def posterior_scorings(
    *, joint: JointNormal, Y: Array, order: MomentOrder
) -> tuple[Scoring, ...]:
    """Prepare the mode of the posterior density of the factors.

    Parameters
    ----------
    joint : JointNormal
        Factors and items; the factors may determine each other.
    Y : ndarray of shape (n, p)
        Answers: categories 0..K-1 of ordered items, values of continuous ones; NaN
        where missing.
    order : MomentOrder
        Which items are ordered.

    Returns
    -------
    tuple of Scoring
        By the continuous items that were answered. u has the standard normal
        distribution.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the factors have no positive semidefinite covariance matrix given the
        continuous answers.
    """
    f, ordered = joint.factors, np.flatnonzero(order.levels) + joint.m
    spread = np.sqrt(np.abs(np.diag(joint.cov)[f]))
    made = []
    for cases, seen in _alike(Y, order.numeric):
        left = joint.given(seen, Y[np.ix_(cases, seen)])
        level, center = _rows(left, cases)[:, f], _rows(left, cases)[:, ordered]
        values, vectors = np.linalg.eigh(left.cov[f, f] / np.outer(spread, spread))
        if (values < -SINGULAR).any():
            raise np.linalg.LinAlgError("The factors have a negative variance.")
        has = values > SINGULAR
        root = spread[:, None] * vectors[:, has] * np.sqrt(values[has])
        back = vectors[:, has] / np.sqrt(values[has]) / spread[:, None]
        slopes = left.cov[ordered, f] @ back
        made.append(
            Scoring(
                cases=cases,
                level=level,
                root=root,
                precision=np.eye(root.shape[1]),
                pull=np.zeros((cases.size, root.shape[1])),
                center=center,
                slopes=slopes,
                V=left.cov[np.ix_(ordered, ordered)] - slopes @ slopes.T,
            )
        )
    return tuple(made)


def likelihood_scorings(
    *, joint: JointNormal, Y: Array, order: MomentOrder, covariates: Index
) -> tuple[Scoring, ...]:
    """Prepare the mode of the likelihood of the answers, given the covariates.

    Parameters
    ----------
    joint : JointNormal
        Factors with items of their own, none of which determines another, and items.
    Y : ndarray of shape (n, p)
        Answers, as in `posterior_scorings`.
    order : MomentOrder
        Which items are ordered.
    covariates : ndarray of int
        The continuous items that are no answers but given.

    Returns
    -------
    tuple of Scoring
        By the continuous items that were answered. u is the distance of the factors
        from their expectation given the covariates.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the continuous items have no positive definite covariance matrix given the
        factors.
    """
    f, ordered = joint.factors, np.flatnonzero(order.levels) + joint.m
    made = []
    for cases, seen in _alike(Y, order.numeric):
        known = np.intersect1d(seen, covariates)
        measured = np.setdiff1d(seen, covariates)
        left = joint.given(known, Y[np.ix_(cases, known)])
        mean = _rows(left, cases)
        scale = np.sqrt(np.abs(np.diag(left.cov)))
        slopes = np.linalg.solve(left.cov[f, f], left.cov[f]).T
        V = _cleared(left.cov - slopes @ left.cov[f], np.outer(scale, scale))
        slopes = _cleared(slopes, scale[:, None] / scale[f])
        at = measured + joint.m
        unit = V[np.ix_(at, at)] / np.outer(scale[at], scale[at])
        np.linalg.cholesky(unit - SINGULAR * np.eye(at.size))
        weight = np.linalg.solve(V[np.ix_(at, at)], slopes[at])
        along = np.linalg.solve(V[np.ix_(at, at)], V[np.ix_(at, ordered)])
        away = Y[np.ix_(cases, measured)] - mean[:, at]
        made.append(
            Scoring(
                cases=cases,
                level=mean[:, f],
                root=np.eye(joint.m),
                precision=np.asarray(slopes[at].T @ weight),
                pull=away @ weight,
                center=mean[:, ordered] + away @ along,
                slopes=np.asarray(slopes[ordered] - along.T @ slopes[at]),
                V=V[np.ix_(ordered, ordered)] - V[np.ix_(ordered, at)] @ along,
            )
        )
    return tuple(made)


def scored(
    *, scorings: tuple[Scoring, ...], Y: Array, order: MomentOrder, tau: Array
) -> Array:
    """Compute the scores.

    Parameters
    ----------
    scorings : tuple of Scoring
        All cases.
    Y : ndarray of shape (n, p)
        Their answers.
    order : MomentOrder
        Which items are ordered.
    tau : ndarray of shape (t,)
        Thresholds, in the places of `order`.

    Returns
    -------
    ndarray of shape (n, m)
        NaN for a case without answers, and where the mode does not exist.
    """
    lower, upper = category_limits(Y=Y, order=order, tau=tau)
    m = scorings[0].level.shape[1]
    scores = np.full((len(Y), m), np.nan)
    for one in scorings:
        sd = np.sqrt(np.diag(one.V))
        modes, exists = probit_modes(
            ProbitTerms(
                lower=(lower[one.cases] - one.center) / sd,
                upper=(upper[one.cases] - one.center) / sd,
                slopes=one.slopes / sd[:, None],
                precision=one.precision,
                pull=one.pull,
            )
        )
        lacking = ~exists @ (one.root != 0).T
        scores[one.cases] = np.where(lacking, np.nan, one.level + modes @ one.root.T)
    scores[np.isnan(Y).all(axis=1)] = np.nan
    return scores


def category_limits(*, Y: Array, order: MomentOrder, tau: Array) -> tuple[Array, Array]:
    """Return between which thresholds the responses of the ordered items lie.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Answers; NaN where missing.
    order : MomentOrder
        Which items are ordered.
    tau : ndarray of shape (t,)
        Thresholds, in the places of `order`.

    Returns
    -------
    lower, upper : ndarray of shape (n, o)
        Infinite at the ends, and on both sides of a missing answer.
    """
    items = np.flatnonzero(order.levels)
    lower = np.full((len(Y), items.size), -np.inf)
    upper = np.full((len(Y), items.size), np.inf)
    for at, j in enumerate(items):
        own = tau[order.begin[j] : order.begin[j] + order.levels[j] - 1]
        edges = np.concatenate([[-np.inf], own, [np.inf]])
        seen = np.flatnonzero(~np.isnan(Y[:, j]))
        code = Y[seen, j].astype(np.intp)
        lower[seen, at], upper[seen, at] = edges[code], edges[code + 1]
    return lower, upper


def _alike(Y: Array, items: Index) -> Iterator[tuple[Index, Index]]:
    """Sort the cases by which of some items they answered."""
    kinds, owner = np.unique(~np.isnan(Y[:, items]), axis=0, return_inverse=True)
    for number, kind in enumerate(kinds):
        yield np.flatnonzero(owner.ravel() == number), items[kind]


def _rows(joint: JointNormal, cases: Index) -> Array:
    """Return the expectations of all cases, shape (n, m + p)."""
    return np.broadcast_to(joint.mean, (cases.size, joint.mean.shape[1]))


def _cleared(matrix: np.ndarray, scale: np.ndarray) -> Array:
    """Put zeros where nothing but rounding is left."""
    return np.where(np.abs(matrix) > SINGULAR * scale, matrix, 0.0)
