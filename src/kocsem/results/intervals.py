"""Tests and intervals of functions of the estimates.

In: a `Solution`, a function of many parameter vectors at once, and the kind of interval
asked for. Out: `Estimates` with delta-method standard errors and with limits of the
delta method or of Monte-Carlo draws. Source: Sobel (1982) for the delta method;
MacKinnon, Lockwood and Williams (2004) for the draws.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from kocsem.core.effects import Values, batch_jacobian
from kocsem.core.inference import delta_covariance, standard_errors
from kocsem.core.moments import Array
from kocsem.core.monte_carlo import normal_draws, percentile_limits
from kocsem.errors import EstimationError, KocsemError, KocsemWarning
from kocsem.model.options import choose
from kocsem.results.frames import two_sided
from kocsem.results.solution import Solution
from kocsem.results.standardized import ROUNDING

IntervalKind = Literal["delta", "monte_carlo"]

FEWEST_BEYOND = 25  # draws beyond each limit: 1,000 draws for an interval of 95 %
INDEFINITE = -1e-8  # eigenvalue of the correlations of estimates that is not rounding


@dataclass(frozen=True, slots=True)
class Interval:
    """Which interval is asked for.

    Attributes
    ----------
    kind : {"delta", "monte_carlo"}
        Normal-theory limits around the estimate, or percentiles of draws.
    level : float
        Confidence level, between 0 and 1.
    replicates : int
        Number of draws.
    seed : int
        Seed of the draws.

    Raises
    ------
    UnsupportedError
        For another kind of interval.
    KocsemError
        For a level outside 0 to 1, too few draws for it, or a seed that is none.
    """

    kind: IntervalKind = "delta"
    level: float = 0.95
    replicates: int = 20_000
    seed: int = 1

    def __post_init__(self) -> None:
        choose("interval", self.kind, ("delta", "monte_carlo"))
        check_level(self.level)
        if self.kind == "delta":
            return
        check_whole("replicates", self.replicates)
        check_whole("seed", self.seed)
        enough = ceil(round(2 * FEWEST_BEYOND / (1 - self.level), 6))
        if self.replicates < enough:
            raise KocsemError(
                f"replicates={self.replicates} draws are too few for the limits of a "
                f"{100 * self.level:g} % interval; ask for at least {enough}."
            )


def check_level(level: float) -> None:
    """Refuse a confidence level that is none.

    Parameters
    ----------
    level : float
        What the user gave.

    Raises
    ------
    KocsemError
        Unless it is a number between 0 and 1.
    """
    number = isinstance(level, (int, float)) and not isinstance(level, bool)
    if not (number and 0 < level < 1):
        raise KocsemError(
            f"level must be a number between 0 and 1, such as 0.95, not {level!r}."
        )


def check_whole(name: str, value: int) -> None:
    """Refuse what is not a whole number, or below 0.

    Parameters
    ----------
    name : str
        The argument.
    value : int
        What the user gave.

    Raises
    ------
    KocsemError
        Naming the argument.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not (whole and value >= 0):
        raise KocsemError(f"{name} must be a whole number from 0 up, not {value!r}.")


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates with standard errors and limits, each of shape (r,).

    Attributes
    ----------
    est, se : ndarray of shape (r,)
        Estimates and standard errors; 0 for what is fixed.
    limits : ndarray of shape (2, r)
        Lower and upper limits.
    """

    est: Array
    se: Array
    limits: Array

    def frame(self) -> pd.DataFrame:
        """Return est se z pvalue ci_lower ci_upper; no test without standard error."""
        z = np.full_like(self.est, np.nan)
        np.divide(self.est, self.se, out=z, where=self.se > 0)
        lower, upper = self.limits
        return pd.DataFrame(
            {
                "est": self.est,
                "se": self.se,
                "z": z,
                "pvalue": two_sided(z),
                "ci_lower": lower,
                "ci_upper": upper,
            }
        )


def estimates_of(
    solution: Solution, function: Callable[[Values], Values], interval: Interval
) -> Estimates:
    """Estimate functions of the parameters, with standard errors and limits.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    function : callable
        Maps parameter vectors of shape (B, k), possibly complex, to (B, r) values.
    interval : Interval
        The interval asked for; standard errors are those of the delta method anyway.

    Returns
    -------
    Estimates
        In the order of the values.

    Raises
    ------
    EstimationError
        When draws are asked for and the estimates have no covariance matrix.

    Warns
    -----
    KocsemWarning
        When some draws have no value, such as a standardised one where a variance was
        drawn below zero; limits are then those of the other draws.
    """
    x = solution.x
    (est,) = function(x[None])
    slope = batch_jacobian(function=function, x=x)
    covariance = delta_covariance(jacobian=slope, vcov=solution.vcov)
    se = standard_errors(covariance=covariance, settled=solution.optimum.converged)
    se = np.where(se < ROUNDING, 0.0, se)
    if interval.kind == "delta":
        half = ndtri((1 + interval.level) / 2) * se
        return Estimates(est=est, se=se, limits=np.stack([est - half, est + half]))
    draws = function(_draws(solution, interval))
    lost = int(np.isnan(draws[:, ~np.isnan(est)]).any(axis=1).sum())
    if lost:
        warnings.warn(
            f"{lost} of {interval.replicates} draws have no value for some of the "
            "effects, because a variance was drawn at or below zero; the limits are "
            "those of the other draws. Look for a variance near zero in the model.",
            KocsemWarning,
            stacklevel=3,
        )
    limits = percentile_limits(draws=np.real(draws), level=interval.level)
    return Estimates(est=est, se=se, limits=limits)


def _draws(solution: Solution, interval: Interval) -> Array:
    """Draw parameter vectors from the large-sample distribution of the estimates."""
    vcov = solution.vcov
    if not (np.isfinite(vcov).all() and _is_semidefinite(vcov)):
        raise EstimationError(
            "The estimates have no covariance matrix to draw from: it holds cells that "
            "are no number, or variances below zero. Look at fit.findings first."
        )
    return normal_draws(
        mean=solution.x,
        covariance=vcov,
        replicates=interval.replicates,
        generator=np.random.Generator(np.random.PCG64(interval.seed)),
    )


def _is_semidefinite(covariance: Array) -> bool:
    """Return whether no direction has a variance below zero, but for rounding."""
    variance = np.diag(covariance)
    scale = np.sqrt(np.where(variance > 0, variance, 1.0))
    values = np.linalg.eigvalsh(covariance / np.outer(scale, scale))
    return bool(values.min(initial=0.0) > INDEFINITE)
