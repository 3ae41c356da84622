"""Differences between effects of a fitted model.

In: a `Solution` and pairs of effects, named by their chains of paths, of one group or
of two. Out: each difference with its test and interval. Source: Preacher and Hayes
(2008) for contrasts of indirect effects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from kocsem.core.effects import EffectPlan, Values, effect_values
from kocsem.errors import KocsemError, UnsupportedError
from kocsem.results.effects import EffectName, plan_effects
from kocsem.results.intervals import Interval, IntervalKind, estimates_of
from kocsem.results.solution import Solution
from kocsem.results.structural_part import structural_part


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two effects to be compared.

    Attributes
    ----------
    first, second : str
        Direct or specific indirect effects, as in ``"CA -> TR -> PI"``.
    first_group, second_group : int
        1-based numbers of their groups.
    """

    first: str
    second: str
    first_group: int = 1
    second_group: int = 1


def contrasts_frame(
    solution: Solution,
    contrasts: Iterable[Contrast],
    *,
    standardized: bool = False,
    interval: IntervalKind = "delta",
    level: float = 0.95,
    replicates: int = 20_000,
    seed: int = 1,
) -> pd.DataFrame:
    r"""Estimate differences between effects.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    contrasts : iterable of Contrast
        The effects to compare; the difference is first minus second.
    standardized, interval, level, replicates, seed
        As in `effects_frame`. All contrasts are evaluated at the same draws.

    Returns
    -------
    DataFrame
        first first_group second second_group est se z pvalue ci_lower ci_upper.

    Raises
    ------
    KocsemError
        Without contrasts, for an effect that the model does not have, and as
        `effects_frame` does.
    UnsupportedError
        For a specific indirect effect in a model with a feedback loop.

    Notes
    -----
    A difference of unstandardised effects has a meaning where both are in the same
    units: one outcome and one predictor (Preacher & Hayes, 2008). In lavaan:
    ``difference := a1*b1 - a2*b2``.

    Examples
    --------
    >>> import kocsem
    >>> rng = np.random.Generator(np.random.PCG64(1))
    >>> data = pd.DataFrame(rng.normal(size=(200, 3)), columns=["x", "m", "n"])
    >>> data["m"] += 0.5 * data["x"]
    >>> data["y"] = 0.5 * data["m"] + rng.normal(size=200)
    >>> fit = kocsem.sem("m ~ x\nn ~ x\ny ~ m + n + x", data)
    >>> asked = Contrast("x -> m -> y", "x -> n -> y")
    >>> contrasts_frame(fit.solution, [asked])[["first", "second", "est"]].round(2)
             first       second   est
    0  x -> m -> y  x -> n -> y  0.21
    """
    wanted = Interval(interval, level, replicates, seed)
    asked = list(contrasts)
    if not asked:
        raise KocsemError("No contrast is named; give at least one pair of effects.")
    plans = [
        (
            _one(solution, c.first, c.first_group, standardized),
            _one(solution, c.second, c.second_group, standardized),
        )
        for c in asked
    ]

    def differences(X: Values) -> Values:
        return np.concatenate(
            [effect_values(plan=a, X=X) - effect_values(plan=b, X=X) for a, b in plans],
            axis=1,
        )

    keys = ("first", "first_group", "second", "second_group")
    named = pd.DataFrame({key: [getattr(c, key) for c in asked] for key in keys})
    found = estimates_of(solution, differences, wanted)
    return pd.concat([named, found.frame()], axis=1)


def _one(solution: Solution, text: str, group: int, standardized: bool) -> EffectPlan:
    """Plan one effect that the user names."""
    part = structural_part(solution, group)
    nodes = tuple(name.strip() for name in text.split("->"))
    for name in nodes:
        if name not in part.graph.variables:
            raise KocsemError(
                f"{name!r} in the effect {text!r} takes part in no path of the model."
            )
    for predictor, outcome in pairwise(nodes):
        if (predictor, outcome) not in part.graph.steps:
            raise KocsemError(
                f"The effect {text!r} needs a path from {predictor} to {outcome}, and "
                "the model has none."
            )
    if len(nodes) < 2:
        raise KocsemError(
            f"{text!r} is no effect; write it as in 'CA -> TR -> PI', from cause to "
            "outcome."
        )
    if len(nodes) > 2 and not part.graph.is_recursive:
        raise UnsupportedError(
            f"{text!r} is no effect of its own: the paths of the model form a loop, so "
            "that the effect of a chain is an infinite sum."
        )
    return plan_effects(part, [EffectName("indirect", nodes)], standardized)
