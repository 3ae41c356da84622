"""How strong interactions are: effects of products, and what they explain.

In: a `Moderation`. Out: one row for each outcome and product. Sources: Wen, Marsh and
Hau (2010) for the standardised effect; Cohen, Cohen, West and Aiken (2003) for the
share of variance that a product adds.
"""

import numpy as np
import pandas as pd

from kocsem.assessment.conditional import ModeratedPaths
from kocsem.assessment.draws import Limits, estimated
from kocsem.assessment.moderation import Moderation
from kocsem.assessment.product_lines import Product
from kocsem.core.effects import Values


def interaction_effects(
    moderation: Moderation, interval: Limits | None = None
) -> pd.DataFrame:
    """Return the effects of products on outcomes.

    Parameters
    ----------
    moderation : Moderation
        What `kocsem.assessment.moderation.moderation` returned.
    interval : Interval or ndarray of shape (B, k), optional
        As in `kocsem.assessment.simple_slopes.simple_slopes`.

    Returns
    -------
    DataFrame
        outcome product est se z pvalue ci_lower ci_upper std delta_rsquare. `est` is
        the change of a slope with one unit of the moderator; `delta_rsquare` the share
        of the outcome's variance that the product explains beyond the other predictors.

    Notes
    -----
    `std` is est sd(x) sd(z) / sd(y), the effect if all three variables are
    standardised before they are multiplied; the ordinary standardised coefficient
    divides by the standard deviation of the product, which has no meaning. Variances
    are those implied by the model.

    References
    ----------
    wen-marsh-hau-2010, cohen-cohen-west-aiken-2003

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> x, z = rng.normal(size=(2, 500))
    >>> y = 0.5 * x + 0.3 * x * z + rng.normal(size=500)
    >>> made = moderation("y ~ x + z + x:z", pd.DataFrame({"x": x, "z": z, "y": y}))
    >>> interaction_effects(made)[["product", "est", "std", "delta_rsquare"]].round(2)
      product   est   std  delta_rsquare
    0     x:z  0.34  0.27           0.07
    """
    paths = ModeratedPaths(moderation)
    outcomes = {row.lhs: None for row in moderation.fit.table if row.op == "~"}
    pairs = [
        (outcome, product)
        for outcome in outcomes
        for product in moderation.products
        if (outcome, "~", product.name) in paths.values
    ]

    def effects(X: Values) -> Values:
        return np.stack([paths.effect(X, p, outcome) for outcome, p in pairs], axis=1)

    named = pd.DataFrame(
        [{"outcome": outcome, "product": product.text} for outcome, product in pairs]
    )
    found = estimated(moderation.fit, effects, interval)
    deviations = paths.values.deviations
    found["std"] = [
        est * deviations[list(product.parts)].prod(skipna=False) / deviations[outcome]
        for est, (outcome, product) in zip(found["est"], pairs, strict=True)
    ]
    found["delta_rsquare"] = [_added_share(paths, *pair) for pair in pairs]
    return pd.concat([named, found], axis=1)


def _added_share(paths: ModeratedPaths, outcome: str, product: Product) -> float:
    """Return the share of variance that a product adds to the other predictors."""
    values = paths.values
    predictors = [
        row.rhs
        for row in paths.moderation.fit.table
        if row.op == "~" and row.lhs == outcome and (row.free or row.fixed)
    ]
    if product.name not in predictors:
        return 0.0
    (implied,) = values.covariances(values.x, [*predictors, outcome])
    own = predictors.index(product.name)
    # of the product, what the other predictors do not explain
    left = 1.0 / np.linalg.inv(implied[:-1, :-1])[own, own]
    (effect,) = values.at(values.x, (outcome, "~", product.name))
    return float(effect**2 * left / implied[-1, -1])
