"""Slopes that depend on a moderator, as functions of the parameters.

In: a `Moderation`. Out: for each path the straight line in a moderator that its slope
is. With deviations from what the products were centred at, the slope of x is
b_x + b_xz z (Aiken and West, 1991; Lin, Wen, Marsh and Lin, 2010). A residual-centred
product of three is, with normal variables, x z w less what its parts explain, so that
z w is replaced by z w less its mean (Geldhof, Pornprasertmanit, Schoemann and Little,
2013).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import permutations
from operator import mul

import numpy as np
import pandas as pd

from kocsem.assessment.moderation import Moderation
from kocsem.assessment.parameter_values import ParameterValues
from kocsem.assessment.product_lines import Product
from kocsem.core.effects import Values
from kocsem.errors import KocsemError
from kocsem.instrument.nearest import hinted

Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ModeratorValue:
    """A value of a moderator at which an effect is looked at.

    Attributes
    ----------
    level : str
        What it is, such as ``"mean + 1 SD"``; empty for a value that was chosen.
    value : float
        On the scale of the moderator.
    deviation : float
        The value less what the products were centred at.
    """

    level: str
    value: float
    deviation: float


@dataclass(frozen=True)
class ModeratedPaths:
    """The paths of a model with products, as functions of the free parameters.

    Attributes
    ----------
    moderation : Moderation
        The fitted model.
    """

    moderation: Moderation

    @cached_property
    def values(self) -> ParameterValues:
        """The parameters."""
        return ParameterValues(self.moderation.fit)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The variables that are multiplied."""
        products = self.moderation.products
        return tuple(dict.fromkeys(part for p in products for part in p.parts))

    def products_of(self, outcome: str, part: str) -> tuple[Product, ...]:
        """List the products with a part that predict an outcome."""
        return tuple(
            product
            for product in self.moderation.products
            if part in product.parts and (outcome, "~", product.name) in self.values
        )

    def unit(self, X: Values, product: Product) -> Values:
        """Return the units of a product to a unit of each of its parts, shape (B,).

        Its first indicator tells: 1 where all loadings in question are markers.
        """
        unit = np.ones_like(X, shape=len(X))
        if product.indicators:
            first = product.indicators[0]
            for part, item in zip(product.parts, first.items, strict=True):
                if part not in product.centres:
                    unit = unit * self.values.at(X, (part, "=~", item))
            unit = unit / self.values.at(X, (product.name, "=~", first.name))
        return unit

    def effect(self, X: Values, product: Product, outcome: str) -> Values:
        """Return the effect of a product in units of its parts, shape (B,)."""
        effect = self.values.at(X, (outcome, "~", product.name))
        return np.asarray(effect * self.unit(X, product))

    def line(
        self, X: Values, step: Step, moderator: str, held: Mapping[str, float]
    ) -> Values:
        """Return a slope as a straight line in a moderator.

        Parameters
        ----------
        X : ndarray of shape (B, k)
            One parameter vector a row.
        step : (predictor, outcome)
            The path.
        moderator : str
            The variable that the slope is a line in.
        held : mapping of str to float
            Deviations at which the other moderators are held.

        Returns
        -------
        ndarray of shape (B, 2)
            The slope where the deviation of the moderator is 0, and its change with one
            unit of the moderator.
        """
        predictor, outcome = step
        slope = self.values.at(X, (outcome, "~", predictor))
        change = np.zeros_like(slope)
        for product in self.products_of(outcome, predictor):
            effect = self.effect(X, product, outcome)
            others = [part for part in product.parts if part != predictor]
            kept = reduce(mul, (held[x] for x in others if x != moderator), 1.0)
            if moderator in others:
                change = change + effect * kept
            else:
                slope = slope + effect * kept
            if len(others) == 2 and self.moderation.centring == "residual":
                slope = slope - effect * self.values.covariances(X, others)[:, 0, 1]
        return np.stack([slope, change], axis=1)

    def centre(self, part: str) -> float:
        """Return what a part was centred at when it was multiplied."""
        for product in self.moderation.products:
            if part in product.centres:
                return product.centres[part]
        return self.mean(part)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The answers to the observed parts, of the rows that were analysed."""
        data = self.moderation.fit.data
        observed = [p for p in self.parts if data is not None and p in data.columns]
        return pd.DataFrame() if data is None else data[observed]

    def mean(self, part: str) -> float:
        """Return the mean of an observed part, or the implied mean of a latent one."""
        source = self.answers.mean() if part in self.answers else self.values.means
        return float(source[part])

    def deviation(self, part: str) -> float:
        """Return the standard deviation of a part, divisor n; implied if latent."""
        if part in self.answers:
            return float(self.answers[part].std(ddof=0))
        return float(self.values.deviations[part])

    def held(self, moderator: str, at: Mapping[str, float] | None) -> dict[str, float]:
        """Return the deviations of the other moderators: their means, or chosen ones.

        Raises
        ------
        KocsemError
            When a variable is named that is not multiplied, or is the moderator.
        """
        given = dict(at or {})
        others = [part for part in self.parts if part != moderator]
        for name, value in given.items():
            if name not in others:
                said = f"at= holds {name!r}, which is no further moderator"
                raise KocsemError(hinted(said, name, others))
            check_number("at", value)
        return {
            name: float(given.get(name, self.mean(name))) - self.centre(name)
            for name in others
        }

    def probes(
        self, moderator: str, values: Sequence[float] | None
    ) -> tuple[ModeratorValue, ...]:
        """Return the values of a moderator at which effects are looked at.

        Parameters
        ----------
        moderator : str
            Its name.
        values : sequence of float or None
            The values wanted; by default the mean and one standard deviation to either
            side, or both values of an observed variable that has only two.

        Returns
        -------
        tuple of ModeratorValue
            At least one.
        """
        centre = self.centre(moderator)
        if values is not None:
            chosen = [check_number("values", value) for value in values]
            if not chosen:
                raise KocsemError("values= is empty; name at least one value.")
            return tuple(ModeratorValue("", v, v - centre) for v in chosen)
        if moderator in self.answers:
            both = sorted(map(float, self.answers[moderator].dropna().unique()))
            if len(both) == 2:
                return tuple(ModeratorValue("", v, v - centre) for v in both)
        mean, deviation = self.mean(moderator), self.deviation(moderator)
        levels = {"mean - 1 SD": -deviation, "mean": 0.0, "mean + 1 SD": deviation}
        return tuple(
            ModeratorValue(level, mean + shift, mean + shift - centre)
            for level, shift in levels.items()
        )


@dataclass(frozen=True, slots=True)
class Focus:
    """The moderated path that a question is about.

    Attributes
    ----------
    outcome, predictor, moderator : str
        The slope of the outcome on the predictor, at values of the moderator.
    """

    outcome: str
    predictor: str
    moderator: str


def find_focus(
    paths: ModeratedPaths,
    outcome: str | None,
    predictor: str | None,
    moderator: str | None,
) -> Focus:
    """Find the moderated path that is meant.

    Parameters
    ----------
    paths : ModeratedPaths
        The model.
    outcome, predictor, moderator : str or None
        What the user named. Where the model leaves a choice of predictor and moderator
        only, the variable that the product names first is the predictor.

    Returns
    -------
    Focus
        The only path that fits.

    Raises
    ------
    KocsemError
        When none fits, or several do.
    """
    wanted = (outcome, predictor, moderator)
    every = list(dict.fromkeys(_foci(paths)))
    fitting = [
        focus
        for focus in every
        if all(
            name in (None, own)
            for name, own in zip(
                wanted, (focus.outcome, focus.predictor, focus.moderator), strict=True
            )
        )
    ]
    distinct = {(f.outcome, frozenset((f.predictor, f.moderator))) for f in fitting}
    if len(distinct) == 1:
        return fitting[0]
    listed = "; ".join(
        f"outcome={f.outcome!r}, predictor={f.predictor!r}, moderator={f.moderator!r}"
        for f in (fitting or every)
    )
    problem = "Several paths are" if fitting else "No such path is"
    raise KocsemError(f"{problem} moderated in this model. Choose one of: {listed}.")


def _foci(paths: ModeratedPaths) -> Iterator[Focus]:
    """Walk all moderated paths, the order of the product first."""
    outcomes = {row.lhs: None for row in paths.moderation.fit.table if row.op == "~"}
    for outcome in outcomes:
        for product in paths.moderation.products:
            if product in paths.products_of(outcome, product.parts[0]):
                for predictor, moderator in permutations(product.parts, 2):
                    yield Focus(outcome, predictor, moderator)


def check_number(name: str, value: object) -> float:
    """Return a value that is a finite number.

    Parameters
    ----------
    name : str
        The argument, for the message.
    value : object
        What the user gave.

    Returns
    -------
    float
        The number.

    Raises
    ------
    KocsemError
        When it is none.
    """
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        if np.isfinite(number) and not isinstance(value, bool):
            return number
    raise KocsemError(f"{name}= must hold numbers, not {value!r}.")
