"""The GFI of LISREL and AMOS for data with holes, as lavaan defines it.

In: a sample with holes and the implied moments. Out: 1 - r'Vr / s'Vs with V the
expected information about the moments. Without weights s holds available-case means and
pairwise covariances, not the saturated moments.
Source: Tanaka and Huba (1985); lavaan's definition.
"""

import numpy as np

from kocsem.core.incomplete.casewise import CasewiseLikelihood
from kocsem.core.incomplete.casewise_information import expected_moment_information
from kocsem.core.incomplete.patterns import MissingPatterns
from kocsem.core.incomplete.sample import IncompleteSample
from kocsem.core.moments import Array, Mask, SampleMoments


def available_moments(*, patterns: MissingPatterns) -> SampleMoments:
    """Compute available-case means and pairwise covariances, without weights.

    Parameters
    ----------
    patterns : MissingPatterns
        The sample.

    Returns
    -------
    SampleMoments
        A covariance from the cases that answered both, around their means and with
        their number less 1 as divisor, then times (n - 1) / n; 0 where fewer than two
        cases did.
    """
    Y = patterns.cases.values
    seen = patterns.observed[patterns.cases.owner].astype(float)
    count = seen.T @ seen
    ybar = Y.sum(axis=0) / np.diag(count)
    d = (Y - ybar) * seen
    sums = d.T @ seen  # element (i, j): of item i over the cases that answered both
    products = d.T @ d - sums * sums.T / np.maximum(count, 1.0)
    n = patterns.order.size
    S = np.where(count > 1, products / np.maximum(count - 1, 1.0), 0.0) * (n - 1) / n
    return SampleMoments(S=(S + S.T) / 2, ybar=ybar, n=n)


def incomplete_gfi_lisrel(
    *, sample: IncompleteSample, at: CasewiseLikelihood, given: Mask
) -> float:
    """Compute the GFI of LISREL and AMOS of one group with holes.

    Parameters
    ----------
    sample : IncompleteSample
        The data.
    at : CasewiseLikelihood
        Their likelihood at the implied moments.
    given : ndarray of bool, shape (p,)
        Covariates whose moments are fixed; these do not count, as in lavaan.

    Returns
    -------
    float
        1 for a perfect fit.
    """
    moments = sample.moments
    if sample.patterns.weights is None:
        moments = available_moments(patterns=sample.patterns)
    free = sample.inference(given).free
    V = expected_moment_information(at=at)[np.ix_(free, free)]
    s = _stacked(moments.ybar, moments.S)[free]
    r = s - _stacked(at.mu, at.Sigma)[free]
    return float(1.0 - r @ V @ r / (s @ V @ s))


def _stacked(mu: Array, Sigma: Array) -> Array:
    """Stack means and vech of the covariances by rows."""
    return np.concatenate([mu, Sigma[np.tril_indices(mu.size)]])
