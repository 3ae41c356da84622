"""Tests and intervals from the delta method, or from draws that are given.

In: a fit, a function of its parameters, and the kind of interval or a matrix of draws,
such as those of a bootstrap. Out: a tidy frame of estimates.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from kocsem.core.effects import Values
from kocsem.core.moments import Array
from kocsem.core.monte_carlo import percentile_limits
from kocsem.errors import KocsemError
from kocsem.results.fit import Fit
from kocsem.results.intervals import Interval, estimates_of

Limits = Interval | Array

LEVEL = 0.95
FEWEST = 40  # draws of which one lies beyond each limit


def estimated(
    fit: Fit, function: Callable[[Values], Values], limits: Limits | None
) -> pd.DataFrame:
    """Estimate functions of the parameters, with tests and limits.

    Parameters
    ----------
    fit : Fit
        The fitted model.
    function : callable
        Maps parameter vectors of shape (B, k), possibly complex, to (B, r) values.
    limits : Interval or ndarray of shape (B, k), optional
        The kind of interval; or draws of the free parameters, in the order of
        ``fit.table.free_rows``, whose percentiles are the limits of 95 %. By default
        the delta method, which the standard errors are from in any case.

    Returns
    -------
    DataFrame
        est se z pvalue ci_lower ci_upper, one row a value.

    Raises
    ------
    KocsemError
        When the draws are no such matrix.
    """
    if limits is None or isinstance(limits, Interval):
        return estimates_of(fit.solution, function, limits or Interval()).frame()
    draws = _checked(limits, fit.table.free_names)
    found = estimates_of(fit.solution, function, Interval())
    percentiles = percentile_limits(draws=np.real(function(draws)), level=LEVEL)
    return replace(found, limits=percentiles).frame()


def _checked(draws: object, names: tuple[str, ...]) -> Array:
    """Return draws as a matrix of floats, if they are one."""
    try:
        matrix = np.asarray(draws, dtype=float)
    except (TypeError, ValueError):
        raise KocsemError(
            f"interval= must be an Interval, or a matrix of numbers with one draw a "
            f"row, not {type(draws).__name__}."
        ) from None
    if matrix.ndim != 2 or matrix.shape[1] != len(names):
        raise KocsemError(
            f"interval= holds draws of shape {matrix.shape}; one draw a row, and one "
            f"column for each of the {len(names)} free parameters, are needed."
        )
    if len(matrix) < FEWEST:
        raise KocsemError(
            f"{len(matrix)} draws are too few for limits of 95 %; at least {FEWEST} "
            "are needed, and some thousands are usual."
        )
    if not np.isfinite(matrix).all():
        raise KocsemError(
            "interval= holds draws that are no numbers. Leave out the replicates that "
            "did not converge."
        )
    return matrix
