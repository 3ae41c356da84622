"""The points of an interaction plot.

In: a `Moderation`. Out: the expected outcome along a predictor, one line for each value
of the moderator, as a tidy frame. Source: Aiken and West (1991).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from kocsem.assessment.conditional import ModeratedPaths, find_focus
from kocsem.assessment.moderation import Moderation
from kocsem.assessment.product_lines import Product


def interaction_lines(
    moderation: Moderation,
    outcome: str | None = None,
    predictor: str | None = None,
    moderator: str | None = None,
    values: Sequence[float] | None = None,
    at: Mapping[str, float] | None = None,
    predictor_values: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Return the expected outcome along a predictor, for values of a moderator.

    Parameters
    ----------
    moderation : Moderation
        What `kocsem.assessment.moderation.moderation` returned.
    outcome, predictor, moderator : str, optional
        As in `kocsem.assessment.simple_slopes.simple_slopes`.
    values : sequence of float, optional
        Values of the moderator, one line each; by default as for simple slopes.
    at : mapping of str to float, optional
        Values of further moderators; by default their means.
    predictor_values : sequence of float, optional
        Where along each line the points lie; by default as for a moderator.

    Returns
    -------
    DataFrame
        outcome predictor moderator level value predictor_level predictor_value est; all
        other variables are at their means.

    Raises
    ------
    KocsemError
        When it is not clear which path is meant, or a value is no number.

    Notes
    -----
    The expected outcome is its mean, plus main effects times deviations from the mean,
    plus products of deviations less their expectation. A latent variable has mean 0
    unless the model says otherwise. The expectation of a product of latent variables is
    its mean where the model has one (``centring="mean"`` and ``TR:OC ~ NA*1``), else
    their implied covariance; that of three is taken as for normal variables.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> x, z = rng.normal(size=(2, 500))
    >>> y = 0.5 * x + 0.3 * x * z + rng.normal(size=500)
    >>> made = moderation("y ~ x + z + x:z", pd.DataFrame({"x": x, "z": z, "y": y}))
    >>> drawn = interaction_lines(made, values=[0, 1], predictor_values=[0, 1])
    >>> drawn[["value", "predictor_value", "est"]].round(2)
       value  predictor_value   est
    0    0.0              0.0 -0.02
    1    0.0              1.0  0.52
    2    1.0              0.0  0.07
    3    1.0              1.0  0.94
    """
    paths = ModeratedPaths(moderation)
    focus = find_focus(paths, outcome, predictor, moderator)
    held = paths.held(focus.moderator, at)
    points = [
        {
            "outcome": focus.outcome,
            "predictor": focus.predictor,
            "moderator": focus.moderator,
            "level": line.level,
            "value": line.value,
            "predictor_level": point.level,
            "predictor_value": point.value,
            "est": _expected(
                paths,
                focus.outcome,
                {
                    **held,
                    focus.predictor: point.deviation,
                    focus.moderator: line.deviation,
                },
            ),
        }
        for line in paths.probes(focus.moderator, values)
        for point in paths.probes(focus.predictor, predictor_values)
    ]
    return pd.DataFrame(points)


def _expected(
    paths: ModeratedPaths, outcome: str, deviations: Mapping[str, float]
) -> float:
    """Return the outcome expected at deviations from what was centred at."""
    values = paths.values
    expected = float(values.means[outcome])
    for part in paths.parts:
        if (outcome, "~", part) in values:
            (slope,) = values.at(values.x, (outcome, "~", part))
            shift = deviations[part] + paths.centre(part) - paths.mean(part)
            expected += float(slope * shift)
    for product in paths.moderation.products:
        if (outcome, "~", product.name) in values:
            (effect,) = paths.effect(values.x, product, outcome)
            expected += float(effect * _product_deviation(paths, product, deviations))
    return expected


def _product_deviation(
    paths: ModeratedPaths, product: Product, deviations: Mapping[str, float]
) -> float:
    """Return a product of deviations less its expectation."""
    parts = list(product.parts)
    own = np.array([deviations[part] for part in parts])
    mean = float(paths.values.means[product.name])
    if product.indicators and mean and paths.moderation.centring == "mean":
        (unit,) = paths.unit(paths.values.x, product)
        return float(own.prod() - mean / unit)
    if not product.indicators:
        known = paths.answers[parts].dropna() - pd.Series(product.centres)
        return float(own.prod() - known.prod(axis=1).mean())
    offset = np.array([paths.mean(part) - paths.centre(part) for part in parts])
    (implied,) = paths.values.covariances(paths.values.x, parts)
    residual = paths.moderation.centring == "residual"
    expectation = 0.0
    for i, j in combinations(range(len(parts)), 2):
        rest = np.delete(own if residual else offset, [i, j]).prod()
        expectation += implied[i, j] * rest
    return float(own.prod() - expectation)
