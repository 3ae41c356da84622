"""What a fit makes of the sample's moments, and how far its residuals vary.

In: for every group the Jacobian of its moments, the weight that the fit gives them, and
their asymptotic covariance matrix. Out: the variances of the residuals s - sigma. With
Q = I - Delta (Delta' V Delta)^-1 Delta' V over all groups it is the diagonal of
Q acov(s) Q', where V counts each group by its share. Source: Bentler and Dijkstra
(1985); Ogasawara (2001); whose definition: lavaan's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from kocsem.core.inference import constrained_inverse
from kocsem.core.moments import Array
from kocsem.core.structure import Index

NO_VARIANCE = 1e-12  # share of a moment's variance that counts as none


@dataclass(frozen=True, slots=True)
class MomentFit:
    """The moments of one group at the estimates; the last ones are (co)variances.

    Attributes
    ----------
    Delta : ndarray of shape (q, k)
        Jacobian of the moments.
    pull : ndarray of shape (q, k)
        V Delta, V being the weight of the fit: the information about the moments.
    Gamma : ndarray of shape (q, q)
        Asymptotic covariance matrix of the sample's moments, times n; zeros where a
        moment is taken as known.
    n : float
        Number of cases.
    gap : ndarray of shape (r,)
        The sample's (co)variances less the implied ones.
    row, col : ndarray of int, shape (r,)
        Their variables.
    """

    Delta: Array
    pull: Array
    Gamma: Array
    n: float
    gap: Array
    row: Index
    col: Index


def standardized_residuals(
    *, groups: Sequence[MomentFit], K: Array, place: int
) -> Array:
    """Divide the residual (co)variances of one group by their standard errors.

    Parameters
    ----------
    groups : sequence of MomentFit
        All groups.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    place : int
        Which group, from 0.

    Returns
    -------
    ndarray of shape (r,)
        z values; NaN where the model must reproduce a moment.
    """
    n = sum(group.n for group in groups)
    shares = [group.n / n for group in groups]
    blocks = [
        share * group.Delta.T @ group.pull
        for share, group in zip(shares, groups, strict=True)
    ]
    bread = constrained_inverse(information=scipy.linalg.block_diag(*blocks), K=K)
    ends = np.cumsum([len(block) for block in blocks])
    own = groups[place]
    last = slice(len(own.Delta) - own.gap.size, None)
    response = own.Delta[last] @ bread[ends[place] - len(blocks[place]) : ends[place]]
    variance = np.zeros(own.gap.size)
    for group, share, end in zip(groups, shares, ends, strict=True):
        answer = response[:, end - group.Delta.shape[1] : end] * share
        Q = -answer @ group.pull.T
        if group is own:
            Q[:, last] += np.eye(len(Q))
        variance += ((Q @ group.Gamma) * Q).sum(axis=1) / group.n
    total = np.diag(own.Gamma)[last] / own.n
    varies = (total > 0) & (variance > NO_VARIANCE * total)
    return own.gap / np.sqrt(np.where(varies, variance, np.nan))
