"""Evidence of complete cases for inference that does not rest on normality.

In: an optimum and complete cases. Out: the covariance Gamma of the moments, and
`Evidence`. Moments are ordered means, then vech of the covariances, as in
`structure.jacobian`. Cases are taken in blocks, so that memory does not grow with the
number of cases times the number of moments. Whose definition: lavaan's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kocsem.core.evidence import Evidence
from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moments import Array, SampleMoments, blocks
from kocsem.core.observed import observed_information
from kocsem.core.problem import Point
from kocsem.core.structure import (
    Index,
    Structure,
    Tangents,
    jacobian,
    tangents,
)


@dataclass(frozen=True, slots=True)
class Cases:
    """Complete cases of one group, with what is known of how they were drawn.

    Attributes
    ----------
    Y : ndarray of shape (n, p)
        One case a row.
    weights : ndarray of shape (n,) or None
        Sampling weights; None where all are 1.
    clusters : ndarray of int, shape (n,), or None
        Number of each case's cluster, 0..c-1; None where cases are independent.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on.
    """

    Y: Array
    weights: Array | None
    clusters: Index | None
    given: NDArray[np.bool_]


def moment_tangents(*, p: int, means: bool) -> Tangents:
    """Return the tangents of the unrestricted moments: unit vectors and matrices.

    Parameters
    ----------
    p : int
        Number of variables.
    means : bool
        Whether the means come first.

    Returns
    -------
    Tangents
        With q = p (p + 1) / 2 columns, p more with means.
    """
    row, col = np.tril_indices(p)
    eye = np.eye(p)
    half = np.where(row == col, 0.5, 1.0)
    U, V, M = eye[:, row], eye[:, col] * half, np.zeros((p, row.size))
    if not means:
        return Tangents(U=U, V=V, M=M)
    none = np.zeros((p, p))
    return Tangents(
        U=np.hstack([none, U]), V=np.hstack([none, V]), M=np.hstack([eye, M])
    )


def moment_information(
    *, point: Point, moments: SampleMoments, means: bool, observed: bool
) -> Array:
    """Compute the information about the moments at the implied ones.

    Parameters
    ----------
    point : Point
        The implied moments.
    moments : SampleMoments
        Those of the sample.
    means : bool
        Whether the means come first.
    observed : bool
        Whether it is the observed information, or the expected one.

    Returns
    -------
    ndarray of shape (q, q)
        V of normal theory. With D = uv' + vu' the tangents of covariances and S* the
        mean of dd', d = y - mu, the observed one adds tr(W D_a E D_b), E = W S* W - W,
        and m'W D W d between a mean and a covariance.
    """
    W, S = point.W, moments.S
    at = moment_tangents(p=W.shape[0], means=means)
    found = cross_information(W=W, first=at, second=at, means=means)
    if not observed:
        return found
    d = (moments.ybar - point.implied.mu) * means
    excess = W @ (S + np.outer(d, d)) @ W - W
    WU, WV, EU, EV = W @ at.U, W @ at.V, excess @ at.U, excess @ at.V
    found += (at.U.T @ WU) * (at.V.T @ EV) + (at.V.T @ WV) * (at.U.T @ EU)
    found += (at.U.T @ WV) * (at.V.T @ EU) + (at.V.T @ WU) * (at.U.T @ EV)
    pull = W @ d
    cross = at.M.T @ (WU * (at.V.T @ pull) + WV * (at.U.T @ pull))
    return np.asarray(found + cross + cross.T)


def casewise_moments(*, Y: Array, mu: Array, Sigma: Array, means: bool) -> Array:
    """Return what each case contributes to the moments, less their expectation.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Complete data.
    mu : ndarray of shape (p,)
        Means.
    Sigma : ndarray of shape (p, p)
        Covariance matrix.
    means : bool
        Whether the means come first.

    Returns
    -------
    ndarray of shape (n, q)
        y - mu and vech((y - mu)(y - mu)' - Sigma).
    """
    deviation = Y - mu
    row, col = np.tril_indices(Y.shape[1])
    products = deviation[:, row] * deviation[:, col] - Sigma[row, col]
    return np.hstack([deviation, products]) if means else products


class _Products:
    """Sums of outer products of casewise vectors, or of their sums within clusters."""

    def __init__(self, cases: Cases, width: int) -> None:
        """Begin with nothing; width is the length of the vectors."""
        self._cases = cases
        self._total = np.zeros((width, width))
        clusters = cases.clusters
        self._sums = (
            None if clusters is None else np.zeros((int(clusters.max()) + 1, width))
        )

    def add(self, rows: slice, vectors: Array) -> None:
        """Take in the vectors of some cases, one a row."""
        weights, clusters = self._cases.weights, self._cases.clusters
        if weights is not None:
            vectors = vectors * weights[rows, None]
        if self._sums is None or clusters is None:
            self._total += vectors.T @ vectors
        else:
            np.add.at(self._sums, clusters[rows], vectors)

    def mean(self, n: float) -> Array:
        """Return the sum of outer products over n.

        With c clusters times c / (c - 1), as in lavaan.
        """
        if self._sums is None:
            return self._total / n
        c = self._sums.shape[0]
        return np.asarray(self._sums.T @ self._sums * (c / (c - 1)) / n)


def _slopes(moments: SampleMoments, given: NDArray[np.bool_]) -> Array:
    """Return B, shape (p, p), with y explained by the covariates as B (y - ybar)."""
    B = np.zeros_like(moments.S)
    if given.any():
        S = moments.S
        B[:, given] = np.linalg.solve(S[np.ix_(given, given)], S[given]).T
    return B


def asymptotic_covariance(
    *, cases: Cases, moments: SampleMoments, means: bool
) -> Array:
    """Compute the distribution-free covariance of the moments, times n.

    Parameters
    ----------
    cases : Cases
        Complete data; what covariates explain is taken out, as in lavaan.
    moments : SampleMoments
        Their moments.
    means : bool
        Whether the means come first.

    Returns
    -------
    ndarray of shape (q, q)
        Gamma (Browne, 1984).
    """
    p = cases.Y.shape[1]
    B = _slopes(moments, cases.given)
    explained = B @ moments.S @ B.T
    width = p * (p + 1) // 2 + (p if means else 0)
    products = _Products(cases, width)
    zero = np.zeros(p)
    for rows in blocks(n=cases.Y.shape[0], width=width):
        Y = cases.Y[rows]
        own = casewise_moments(Y=Y, mu=moments.ybar, Sigma=moments.S, means=means)
        if cases.given.any():
            fitted = (Y - moments.ybar) @ B.T
            own -= casewise_moments(Y=fitted, mu=zero, Sigma=explained, means=means)
        products.add(rows, own)
    Gamma = products.mean(moments.n)
    known = known_moments(cases.given, means=means)
    Gamma[known], Gamma[:, known] = 0.0, 0.0
    return Gamma


def known_moments(given: NDArray[np.bool_], *, means: bool) -> NDArray[np.bool_]:
    """Tell which moments are those of covariates alone.

    Parameters
    ----------
    given : ndarray of bool, shape (p,)
        The covariates.
    means : bool
        Whether the mean structure is part of the model.

    Returns
    -------
    ndarray of bool, shape (q,)
        Means, if modelled, then vech of the covariances.
    """
    row, col = np.tril_indices(given.size)
    known = given[row] & given[col]
    return np.concatenate([given, known]) if means else known


def open_moments(given: NDArray[np.bool_], *, means: bool) -> int:
    """Count the moments that are not those of covariates alone.

    Parameters
    ----------
    given : ndarray of bool, shape (p,)
        The covariates.
    means : bool
        Whether the mean structure is part of the model.

    Returns
    -------
    int
        Their number.
    """
    return int((~known_moments(given, means=means)).sum())


def normal_evidence(
    *,
    structure: Structure,
    point: Point,
    moments: SampleMoments,
    cases: Cases,
    moment_based: bool,
    observed: bool = False,
) -> Evidence:
    """Collect the evidence of one group fitted by ML to complete data.

    Parameters
    ----------
    structure : Structure
        The model.
    point : Point
        The estimate.
    moments : SampleMoments
        Moments of the cases.
    cases : Cases
        The cases.
    moment_based : bool
        Whether the pieces that need Gamma (MLM, MLMV) are wanted; else they are NaN.
    observed : bool, default False
        Whether these rest on the observed information about the moments.

    Returns
    -------
    Evidence
        With the weight V that of normal theory at the implied moments.
    """
    means = structure.means
    at = tangents(structure=structure, implied=point.implied)
    middle = twice = np.full((structure.k, structure.k), np.nan)
    trace = trace_squared = float("nan")
    expected = cross_information(W=point.W, first=at, second=at, means=means)
    if moment_based:
        weight = moment_information(
            point=point, moments=moments, means=means, observed=observed
        )
        Delta = jacobian(tangents=at, means=means)
        slope = Delta.T @ weight
        expected = slope @ Delta if observed else expected
        Gamma = asymptotic_covariance(cases=cases, moments=moments, means=means)
        spread, product = slope @ Gamma, weight @ Gamma
        middle, twice = spread @ slope.T, spread @ weight @ spread.T
        trace = float(np.trace(product))
        trace_squared = float((product * product.T).sum())
    return Evidence(
        n=moments.n,
        count=open_moments(cases.given, means=means),
        expected=expected,
        observed=observed_information(
            structure=structure, point=point, moments=moments, at=at
        ),
        meat=_meat(point, moments, cases, at, means=means),
        middle=middle,
        twice=twice,
        trace=trace,
        trace_squared=trace_squared,
        saturated_trace=_saturated_trace(moments, cases, means=means),
    )


def _meat(
    point: Point, moments: SampleMoments, cases: Cases, at: Tangents, *, means: bool
) -> Array:
    """Average the outer products of the casewise scores.

    With d = y - mu the score of a case is u'Wd v'Wd - u'Wv, plus m'Wd with means.
    """
    WU, WV, WM = point.W @ at.U, point.W @ at.V, point.W @ at.M
    mu = point.implied.mu if means else moments.ybar
    mean = (at.U * WV).sum(axis=0)
    products = _Products(cases, mean.size)
    for rows in blocks(n=cases.Y.shape[0], width=sum(WU.shape)):
        d = cases.Y[rows] - mu
        own = (d @ WU) * (d @ WV) - mean
        products.add(rows, own + d @ WM if means else own)
    return products.mean(moments.n)


def _saturated_trace(moments: SampleMoments, cases: Cases, *, means: bool) -> float:
    """Compute tr(V Gamma) at the sample moments, W being the inverse of S.

    For independent cases it is an average of products of squared distances: with y the
    case and f what covariates explain of it, of ((y'Wy)^2 - 2 (y'Wf)^2 + (f'Wf)^2) / 2
    less tr(WCWC) / 2, C being the mean of yy' - ff'; and of (y - f)'W(y - f).
    """
    W = np.asarray(np.linalg.inv(moments.S), dtype=float)
    if cases.clusters is not None:
        Gamma = asymptotic_covariance(cases=cases, moments=moments, means=means)
        at = moment_tangents(p=W.shape[0], means=means)
        weight = cross_information(W=W, first=at, second=at, means=means)
        return float((weight * Gamma).sum())
    B = _slopes(moments, cases.given)
    C = W @ (moments.S - B @ moments.S @ B.T)
    CW, total, constant = C @ W, 0.0, float((C * C.T).sum())
    for rows in blocks(n=cases.Y.shape[0], width=W.shape[0]):
        y = cases.Y[rows] - moments.ybar
        own = _casewise_products(y, W, y)
        part = (own**2 + constant) / 2 - _casewise_products(y, CW, y)
        if means:
            part += own
        if cases.given.any():
            f = y @ B.T
            cross, known = _casewise_products(y, W, f), _casewise_products(f, W, f)
            part += known**2 / 2 - cross**2 + _casewise_products(f, CW, f)
            if means:
                part += known - 2 * cross
        if cases.weights is not None:
            part *= cases.weights[rows] ** 2
        total += float(part.sum())
    return total / moments.n


def _casewise_products(left: Array, W: Array, right: Array) -> Array:
    """Return l'Wr for each case."""
    return np.asarray(np.einsum("ij,ij->i", left @ W, right))
