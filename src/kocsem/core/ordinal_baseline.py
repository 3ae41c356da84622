"""The baseline model of ordered items: thresholds and variances free, no covariances.

In: the moments of ordered and continuous items. Out: a structure and its estimates, so
that the baseline is fitted, tested and scaled like every other model.
"""

import numpy as np

from kocsem.core.moment_order import MomentOrder
from kocsem.core.moments import Array
from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal_moments import OrdinalMoments
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
        items, in this order.
    """
    p, continuous = order.levels.size, order.continuous
    thresholds = np.flatnonzero(order.level > 0)
    none = np.zeros(0, dtype=np.intp)
    sizes = [thresholds.size, continuous.size, continuous.size]
    return Structure(
        template=Matrices(
            Lambda=np.zeros((p, 1)),
            Beta=np.zeros((1, 1)),
            Psi=np.ones((1, 1)),
            Theta=np.zeros((p, p)),
            nu=np.zeros(p),
            alpha=np.zeros(1),
            tau=np.zeros(order.variable.size),
            delta=np.ones(p),
        ),
        matrix=np.repeat([Matrix.TAU, Matrix.NU, Matrix.THETA], sizes),
        row=np.concatenate([thresholds, continuous, continuous]),
        col=np.concatenate([np.zeros(sizes[0] + sizes[1], dtype=np.intp), continuous]),
        means=True,
        ordered=Ordered(
            levels=order.levels,
            items=np.flatnonzero(order.levels > 0),
            outcomes=none,
            factors=none,
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
        Thresholds, means, variances. They minimise the discrepancy where its weight is
        diagonal; elsewhere they are where to begin.
    """
    order = moments.order
    c = order.continuous
    return np.concatenate(
        [moments.tau[order.level > 0], moments.ybar[c], moments.S[c, c]]
    )
