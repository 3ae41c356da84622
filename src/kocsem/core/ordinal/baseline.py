"""The baseline model of ordered items: thresholds and variances free, no covariances.

In: the moments of ordered and continuous items. Out: a structure and its estimates, so
that the baseline is fitted, tested and scaled like every other model. Slopes on
covariates are free in it, as in lavaan, so that it concerns the covariances alone.
"""

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal.moment_order import MomentOrder
from kocsem.core.ordinal.moments import OrdinalMoments
from kocsem.core.structure import Matrices, Matrix, Structure


def ordinal_independence(*, order: MomentOrder) -> Structure:
    """Lay out the baseline model.

    Parameters
    ----------
    order : MomentOrder
        Where the moments stand.

    Returns
    -------
    Structure
        Its parameters are the thresholds, the means and the variances of continuous
        items, the slopes on covariates, in this order.
    """
    p, continuous, e = order.levels.size, order.continuous, order.covariates.size
    thresholds = np.flatnonzero(order.level > 0)
    none = np.zeros(0, dtype=np.intp)
    sizes = [thresholds.size, continuous.size, continuous.size, order.sloped.size]
    loadings = np.zeros((p, max(e, 1)))
    loadings[order.covariates, np.arange(e)] = 1.0
    return Structure(
        template=Matrices(
            Lambda=loadings,
            Beta=np.zeros((max(e, 1), max(e, 1))),
            Psi=np.eye(max(e, 1)),
            Theta=np.zeros((p, p)),
            nu=np.zeros(p),
            alpha=np.zeros(max(e, 1)),
            tau=np.zeros(order.variable.size),
            delta=np.ones(p),
        ),
        matrix=np.repeat([Matrix.TAU, Matrix.NU, Matrix.THETA, Matrix.LAMBDA], sizes),
        row=np.concatenate([thresholds, continuous, continuous, order.sloped]),
        col=np.concatenate(
            [np.zeros(sizes[0] + sizes[1], dtype=np.intp), continuous, order.slope_on]
        ),
        means=True,
        ordered=Ordered(
            levels=order.levels,
            items=np.flatnonzero(order.levels > 0),
            outcomes=none,
            factors=none,
            covariates=order.covariates,
            given=np.arange(e),
        ),
    )


def ordinal_independence_estimates(*, moments: OrdinalMoments) -> Array:
    """Pick the baseline model's estimates from the sample's moments.

    Parameters
    ----------
    moments : OrdinalMoments
        The sample's moments.

    Returns
    -------
    ndarray of shape (k,)
        Thresholds, means, variances, slopes. They minimise the discrepancy where its
        weight is diagonal; elsewhere they are where to begin.
    """
    order = moments.order
    c = order.continuous
    return np.concatenate(
        [
            moments.tau[order.level > 0],
            moments.ybar[c],
            moments.S[c, c],
            moments.slopes[order.sloped, order.slope_on],
        ]
    )
