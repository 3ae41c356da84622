"""Simple slopes of a moderated path, and where along the moderator they count.

In: a `Moderation`. Out: the slope of an outcome on a predictor at values of the
moderator, and the values at which it begins or ceases to be significant. Sources: Aiken
and West (1991); Johnson and Neyman (1936), as in Bauer and Curran (2005).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from kocsem.assessment.conditional import Focus, ModeratedPaths, find_focus
from kocsem.assessment.draws import Limits, estimated
from kocsem.assessment.moderation import Moderation
from kocsem.core.effects import Values, batch_jacobian
from kocsem.core.inference import delta_covariance
from kocsem.core.moments import Array
from kocsem.errors import KocsemError
from kocsem.results.intervals import check_level

Significant = Literal["everywhere", "nowhere", "between", "outside", "below", "above"]


def simple_slopes(
    moderation: Moderation,
    outcome: str | None = None,
    predictor: str | None = None,
    moderator: str | None = None,
    values: Sequence[float] | None = None,
    at: Mapping[str, float] | None = None,
    interval: Limits | None = None,
) -> pd.DataFrame:
    """Return the slope of an outcome on a predictor at values of a moderator.

    Parameters
    ----------
    moderation : Moderation
        What `kocsem.assessment.moderation.moderation` returned.
    outcome, predictor, moderator : str, optional
        The path, and the variable that moderates it; may be left out where the model
        leaves no choice. Of two variables that a product joins, the first is then the
        predictor.
    values : sequence of float, optional
        Values of the moderator on its own scale; by default its mean and one standard
        deviation below and above, or both values of an observed one that has two.
    at : mapping of str to float, optional
        Values of further moderators; by default their means.
    interval : Interval or ndarray of shape (B, k), optional
        The kind of interval, or draws of the free parameters, in the order of
        ``fit.table.free_rows``, such as those of a bootstrap; their percentiles are
        then the limits, of 95 %. By default the delta method.

    Returns
    -------
    DataFrame
        outcome predictor moderator level value est se z pvalue ci_lower ci_upper.

    Raises
    ------
    KocsemError
        When it is not clear which path is meant, or a value is no number.

    Notes
    -----
    Standard errors are those of the delta method; the values of the moderator are taken
    as known. Estimates are those of semTools' ``probe2WayMC()`` and ``probe2WayRC()``.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> x, z = rng.normal(size=(2, 500))
    >>> y = 0.5 * x + 0.3 * x * z + rng.normal(size=500)
    >>> made = moderation("y ~ x + z + x:z", pd.DataFrame({"x": x, "z": z, "y": y}))
    >>> simple_slopes(made)[["level", "est"]].round(2)
             level   est
    0  mean - 1 SD  0.15
    1         mean  0.51
    2  mean + 1 SD  0.87
    """
    paths = ModeratedPaths(moderation)
    focus = find_focus(paths, outcome, predictor, moderator)
    held = paths.held(focus.moderator, at)
    probes = paths.probes(focus.moderator, values)
    deviation = np.array([probe.deviation for probe in probes])

    def slopes(X: Values) -> Values:
        line = paths.line(X, (focus.predictor, focus.outcome), focus.moderator, held)
        return np.asarray(line[:, :1] + line[:, 1:] * deviation)

    named = pd.DataFrame(
        {
            "outcome": focus.outcome,
            "predictor": focus.predictor,
            "moderator": focus.moderator,
            "level": [probe.level for probe in probes],
            "value": [probe.value for probe in probes],
        }
    )
    found = estimated(moderation.fit, slopes, interval)
    return pd.concat([named, found], axis=1)


@dataclass(frozen=True, slots=True)
class JohnsonNeyman:
    """Where along a moderator a slope is significant.

    Attributes
    ----------
    focus : Focus
        The path and its moderator.
    level : float
        Confidence level of the test at each value.
    bounds : tuple of float
        Values of the moderator at which the slope begins or ceases to be significant,
        in ascending order: two, one or none.
    shares : tuple of float
        Share of respondents below each bound: counted for an observed moderator, that
        of a normal distribution for a latent one.
    significant : str
        ``"between"`` the bounds or ``"outside"`` them; ``"below"`` or ``"above"`` a
        single one; ``"everywhere"`` or ``"nowhere"``.
    """

    focus: Focus
    level: float
    bounds: tuple[float, ...]
    shares: tuple[float, ...]
    significant: Significant

    @property
    def regions(self) -> tuple[tuple[float, float], ...]:
        """The intervals of the moderator in which the slope is significant."""
        ends = (-np.inf, *self.bounds, np.inf)
        first = self.significant in ("everywhere", "outside", "below")
        kept = range(0 if first else 1, len(ends) - 1, 2)
        return tuple((ends[i], ends[i + 1]) for i in kept)


def johnson_neyman(
    moderation: Moderation,
    outcome: str | None = None,
    predictor: str | None = None,
    moderator: str | None = None,
    at: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> JohnsonNeyman:
    """Find the values of a moderator at which a slope is significant.

    Parameters
    ----------
    moderation : Moderation
        What `kocsem.assessment.moderation.moderation` returned.
    outcome, predictor, moderator : str, optional
        As in `simple_slopes`.
    at : mapping of str to float, optional
        Values of further moderators; by default their means.
    level : float, default 0.95
        One less the level of the test.

    Returns
    -------
    JohnsonNeyman
        The bounds and the side on which the slope is significant.

    Raises
    ------
    KocsemError
        When it is not clear which path is meant, or the slope has no standard error.

    Notes
    -----
    The bounds solve (b + c d)² = t² (v_b + 2 d v_bc + d² v_c), with b and c the slope's
    level and change, v their covariances, d the deviation of the moderator and t the
    normal quantile (Bauer & Curran 2005).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> x, z = rng.normal(size=(2, 500))
    >>> y = 0.1 * x + 0.3 * x * z + rng.normal(size=500)
    >>> made = moderation("y ~ x + z + x:z", pd.DataFrame({"x": x, "z": z, "y": y}))
    >>> found = johnson_neyman(made)
    >>> found.significant, [round(bound, 2) for bound in found.bounds]
    ('outside', [-0.78, -0.1])
    """
    check_level(level)
    paths = ModeratedPaths(moderation)
    focus = find_focus(paths, outcome, predictor, moderator)
    held = paths.held(focus.moderator, at)
    fit = moderation.fit

    def line(X: Values) -> Values:
        return paths.line(X, (focus.predictor, focus.outcome), focus.moderator, held)

    x = fit.solution.x
    (line_at,) = line(x[None])
    slope = batch_jacobian(function=line, x=x)
    covariance = delta_covariance(jacobian=slope, vcov=fit.vcov.to_numpy(dtype=float))
    if not (np.isfinite(covariance).all() and np.diag(covariance).max() > 0):
        raise KocsemError(
            f"The slope of {focus.outcome} on {focus.predictor} has no standard error, "
            "so that no region of significance exists. Look at fit.findings."
        )
    quantile = float(ndtri((1 + level) / 2))
    deviations, significant = _region(line_at, covariance, quantile)
    centre = paths.centre(focus.moderator)
    bounds = tuple(float(deviation) + centre for deviation in deviations)
    shares = tuple(_share_below(paths, focus.moderator, bound) for bound in bounds)
    return JohnsonNeyman(focus, level, bounds, shares, significant)


def _region(
    line: Array, covariance: Array, quantile: float
) -> tuple[tuple[float, ...], Significant]:
    """Solve for the deviations at which the test statistic equals its quantile."""
    (b, c), V = line, covariance * quantile**2
    square, half, constant = c**2 - V[1, 1], b * c - V[0, 1], b**2 - V[0, 0]
    if square == 0 and half != 0:
        return (float(-constant / (2 * half)),), "above" if half > 0 else "below"
    discriminant = half**2 - square * constant
    if square == 0 or discriminant <= 0:
        return (), "everywhere" if constant > 0 else "nowhere"
    root = half + np.copysign(np.sqrt(discriminant), half)
    both = sorted((float(-root / square), float(-constant / root)))
    return tuple(both), "outside" if square > 0 else "between"


def _share_below(paths: ModeratedPaths, moderator: str, bound: float) -> float:
    """Return the share of respondents whose moderator is below a value."""
    if moderator in paths.answers:
        return float((paths.answers[moderator].dropna() < bound).mean())
    return float(ndtr((bound - paths.mean(moderator)) / paths.deviation(moderator)))
