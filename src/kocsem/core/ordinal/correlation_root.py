"""Maximise many likelihoods at once, each over a correlation of its own.

In: a function that gives the first two derivatives of the log-likelihoods, and start
values. Out: the correlations where the first derivative is zero. Source: Newton's
method safeguarded by bisection (Press, Teukolsky, Vetterling and Flannery 2007,
section 9.4).
"""

from collections.abc import Callable

import numpy as np

from kocsem.core.moments import Array
from kocsem.core.structure import Index

LIMIT = 0.9999  # correlations are sought between -LIMIT and LIMIT
NEWTON_TOLERANCE = 1e-6  # of the last step; the error after it is about its square
TOLERANCE = 1e-10  # of the last bisection
VANISHED = 1e-8  # sum of squared scores; at a maximum inside it is about 1 or more

Derivatives = Callable[[Array, Index], tuple[Array, Array]]


def correlation_root(*, derivatives: Derivatives, start: Array) -> Array:
    """Find the correlations at which the first derivatives vanish.

    Parameters
    ----------
    derivatives : callable
        Maps correlations of shape (a,) and the positions of shape (a,) of the
        problems that they belong to, to the first and the second derivatives of the
        log-likelihoods, each of shape (a,).
    start : ndarray of shape (r,)
        Where to begin.

    Returns
    -------
    ndarray of shape (r,)
        The correlations; within `TOLERANCE` of -LIMIT or LIMIT where the likelihood
        still rises there.
    """
    rho = np.clip(start, -0.9, 0.9)
    low, high = np.full_like(rho, -LIMIT), np.full_like(rho, LIMIT)
    last = np.full_like(rho, 2 * LIMIT)
    active = np.arange(rho.size)
    while active.size:
        here = rho[active]
        first, second = derivatives(here, active)
        rising = first > 0
        low[active] = np.where(rising, here, low[active])
        high[active] = np.where(rising, high[active], here)
        concave = second < 0
        newton = here - first / np.where(concave, second, -1.0)
        trusted = (
            concave
            & (newton >= low[active])
            & (newton <= high[active])
            & (np.abs(newton - here) <= last[active] / 2)
        )
        rho[active] = np.where(trusted, newton, (low[active] + high[active]) / 2)
        last[active] = np.abs(rho[active] - here)
        enough = np.where(trusted, NEWTON_TOLERANCE, TOLERANCE)
        active = active[last[active] > enough]
    return rho


def at_limit(*, rho: Array, information: Array) -> np.ndarray:
    """Tell which likelihoods have no maximum inside.

    Parameters
    ----------
    rho : ndarray of shape (r,)
        Correlations from `correlation_root`.
    information : ndarray of shape (r,)
        Sums of the squared casewise scores there.

    Returns
    -------
    ndarray of bool, shape (r,)
        True where the search ended at LIMIT, or where the likelihood has levelled out
        on its way there because no case contradicts a perfect correlation.
    """
    return (np.abs(rho) >= LIMIT - 1e-8) | (information < VANISHED)
