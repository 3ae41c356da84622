"""Root mean square residuals of ordered items.

In: sample and implied thresholds, slopes and correlations. Out: `ResidualIndices`.
Covariances count with a diagonal of zeros, thresholds and slopes on covariates in the
indices that include the means, and means and variances of continuous items not at all;
whose definition: lavaan's, which prints the index without thresholds as SRMR and none
of Mplus's for ordered items.
"""

import numpy as np

from kocsem.core.indices import ResidualIndices
from kocsem.core.moments import Array
from kocsem.core.ordinal.moments import OrdinalMoments

NAN = float("nan")


def ordinal_residual_indices(
    *, sample: OrdinalMoments, gap: Array, Sigma: Array, units: Array
) -> ResidualIndices:
    """Compute the root mean square residuals in three metrics.

    Parameters
    ----------
    sample : OrdinalMoments
        The sample's moments.
    gap : ndarray of shape (q,)
        Sample less implied moments, in the places of `MomentOrder`.
    Sigma : ndarray of shape (p - e, p - e)
        Implied covariance matrix on the sample's scale, given the e covariates.
    units : ndarray of shape (e,)
        Standard deviations of the covariates.

    Returns
    -------
    ResidualIndices
        NaN for Mplus's.
    """
    order = sample.order
    own = order.explained
    S = sample.S[np.ix_(own, own)]
    p, sd = own.size, np.sqrt(np.diag(S))
    lower, below = np.tril_indices(p), np.tril_indices(p, -1)
    raw = S - Sigma
    np.fill_diagonal(raw, 0.0)
    bentler = raw / np.outer(sd, sd)
    deviations = np.sqrt(np.diag(Sigma))
    bollen = S / np.outer(sd, sd) - Sigma / np.outer(deviations, deviations)
    squares = [
        float((matrix[at] ** 2).sum())
        for matrix, at in ((raw, lower), (bentler, lower), (bollen, below))
    ]
    thresholds = gap[: order.variable.size][order.level > 0]
    slopes = gap[order.slopes]
    standard = slopes * units[order.slope_on] / np.sqrt(np.diag(sample.S))[order.sloped]
    shift = float((thresholds**2).sum())
    shifts = [shift + float((part**2).sum()) for part in (slopes, standard, standard)]
    others = thresholds.size + slopes.size
    counts = (lower[0].size, lower[0].size, below[0].size)
    rmr, srmr, crmr = (
        float(np.sqrt((s + more) / (c + others)))
        for s, more, c in zip(squares, shifts, counts, strict=True)
    )
    plain = [float(np.sqrt(s / c)) for s, c in zip(squares, counts, strict=True)]
    return ResidualIndices(
        rmr=rmr,
        srmr=srmr,
        crmr=crmr,
        srmr_mplus=NAN,
        rmr_nomean=plain[0],
        srmr_nomean=plain[1],
        crmr_nomean=plain[2],
        srmr_mplus_nomean=NAN,
    )
