"""Robust fit indices of ordered items: the ML discrepancy at the polychoric matrix.

In: a least-squares fit of ordered items, group by group. Out: the statistics of model
and baseline with the factors and degrees of freedom that CFI, TLI and RMSEA want. The
usual scaled indices of DWLS and ULS estimate something that depends on the estimator;
these estimate what ML with continuous data would. Source: Savalei (2021), equations 6
and 7; whose definition: lavaan's ("catML").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from kocsem.core.evidence import Inference
from kocsem.core.least_squares import LeastSquares, weighted
from kocsem.core.moments import Array
from kocsem.core.ordinal.moments import OrdinalMoments
from kocsem.core.problem import Point

SMALLEST_EIGENVALUE = float(np.sqrt(np.finfo(float).eps))  # lavaan's bound


@dataclass(frozen=True, slots=True)
class CategoricalML:
    """Statistics of a model and of its baseline with their scaling factors.

    Attributes
    ----------
    chisq, chisq_null : float
        n times the ML discrepancy of the polychoric correlations.
    df, df_null : int
        Degrees of freedom; thresholds do not count.
    factor, factor_null : float
        What each statistic is divided by, by the mean of its distribution.
    """

    chisq: float
    df: int
    factor: float
    chisq_null: float
    df_null: int
    factor_null: float


@dataclass(frozen=True, slots=True)
class FittedGroup:
    """One group of ordered items at the estimates.

    Attributes
    ----------
    discrepancy : LeastSquares
        What was minimised.
    point : Point
        The estimate.
    moments : OrdinalMoments
        The sample's moments; all items ordered, `Gamma` finite.
    """

    discrepancy: LeastSquares
    point: Point
    moments: OrdinalMoments


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What one group adds, per case.

    With V the normal-theory weight of the correlations at the implied ones, zero at the
    thresholds, and Gamma_r the part of Gamma that belongs to the correlations:
    discrepancies F and F0, tr(V Gamma), tr(Gamma_r), Delta'V Delta,
    Delta'V Gamma W Delta and Delta'W Gamma W Delta; and the slopes of the correlations.
    """

    F: float
    F0: float
    trace: float
    trace_null: float
    curvature: Array
    cross: Array
    middle: Array
    slopes: Array


def categorical_ml(
    *, groups: Sequence[FittedGroup], inference: Inference
) -> CategoricalML | None:
    """Compute what the robust indices of ordered items are made of.

    Parameters
    ----------
    groups : sequence of FittedGroup
        The groups, every item of them ordered.
    inference : Inference
        Their evidence.

    Returns
    -------
    CategoricalML or None
        None where a group's polychoric or implied correlation matrix is not positive
        definite, as then there is no ML discrepancy.

    Notes
    -----
    With E the information of the fit, the factor times df is the trace of
    (I - W Delta E^-1 Delta') V (I - Delta E^-1 Delta' W) Gamma, where V is zero at the
    thresholds. The baseline's is the trace of Gamma at the correlations, which in
    lavaan, and here, each group enters over its share of the cases: with several groups
    the robust CFI and TLI depend on their number. The thresholds are no part of the
    discrepancy, but where they are restricted the correlations are estimated from them
    too. df is the number of correlations less that of the directions in which the model
    moves them, whatever its parameters are.
    """
    pieces = []
    for group in groups:
        piece = _pieces(group)
        if piece is None:
            return None
        pieces.append(piece)
    n = [group.moments.n for group in groups]
    shares = np.array(n) / sum(n)

    def joined(name: str) -> Array:
        blocks = [s * getattr(p, name) for s, p in zip(shares, pieces, strict=True)]
        return np.asarray(block_diag(*blocks))

    bread = inference.bread
    ahead = bread @ joined("middle") @ bread
    total = sum(piece.trace for piece in pieces)
    total += float((ahead * joined("curvature")).sum())
    total -= 2 * float((bread * joined("cross")).sum())
    correlations = sum(group.moments.order.first.size for group in groups)
    slopes = block_diag(*[piece.slopes for piece in pieces]) @ inference.K
    df = correlations - int(np.linalg.matrix_rank(slopes))
    return CategoricalML(
        chisq=float(sum(m * piece.F for m, piece in zip(n, pieces, strict=True))),
        df=df,
        factor=total / df if df else float("nan"),
        chisq_null=float(sum(m * piece.F0 for m, piece in zip(n, pieces, strict=True))),
        df_null=correlations,
        factor_null=sum(
            piece.trace_null / share
            for piece, share in zip(pieces, shares, strict=True)
        )
        / correlations,
    )


def _pieces(group: FittedGroup) -> _Pieces | None:
    """Compute one group's part; None where a matrix is not positive definite."""
    moments, implied = group.moments, group.point.implied
    R, P = moments.R, implied.Sigma * np.outer(implied.delta, implied.delta)
    if min(np.linalg.eigvalsh(M)[0] for M in (R, P)) < SMALLEST_EIGENVALUE:
        return None
    F0 = -float(np.linalg.slogdet(R)[1])
    W = np.linalg.inv(P)
    i, j, first = moments.order.first, moments.order.second, moments.order.univariate
    V = W[np.ix_(i, i)] * W[np.ix_(j, j)] + W[np.ix_(i, j)] * W[np.ix_(j, i)]
    Gamma = moments.Gamma[first:, first:]
    Delta = group.discrepancy.moments.jacobian(implied)
    slope = weighted(weight=group.discrepancy.weight, of=Delta)
    spread = moments.Gamma @ slope
    Delta = Delta[first:]
    logdet = float(np.linalg.slogdet(P)[1])
    return _Pieces(
        F=logdet + F0 + float((W * R).sum()) - R.shape[0],
        F0=F0,
        trace=float((V * Gamma).sum()),
        trace_null=float(np.trace(Gamma)),
        curvature=Delta.T @ V @ Delta,
        cross=Delta.T @ V @ spread[first:],
        middle=slope.T @ spread,
        slopes=Delta,
    )
