"""Start values that suit any scale of the items.

In: the parameter table, its layout and the sample moments. Out: start vectors, the best
guess first, plainer ones for when it leads nowhere. The best guess takes loadings from
instrumental-variable estimates on the correlations (Hagglund, 1982, in the two-stage
form), variances from the same correlations, the rest from zero or the sample. Rescaling
an item rescales its start values.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import copysign, sqrt

import numpy as np

from kocsem.core.moments import Array, SampleMoments
from kocsem.model.layout import MatrixLayout
from kocsem.model.table import Parameter, ParameterTable

SMALLEST_SHARE = 0.1  # of a variance
LARGEST_SHARE = 0.9
SMALLEST_LOADING = 0.1  # relative to the marker's, items in standard deviations
LARGEST_LOADING = 3.0
NO_STRENGTH = 1e-3  # squared correlations too small to divide by


@dataclass(frozen=True, slots=True)
class _Sample:
    """Sample moments as plain numbers, which is fast one at a time."""

    at: dict[str, int]
    S: list[list[float]]
    ybar: list[float]
    sd: list[float]

    @classmethod
    def of(cls, layout: MatrixLayout, moments: SampleMoments) -> "_Sample":
        """Unpack the moments."""
        S = moments.S.tolist()
        return cls(
            at={name: i for i, name in enumerate(layout.observed)},
            S=S,
            ybar=moments.ybar.tolist(),
            sd=[sqrt(S[i][i]) for i in range(len(S))],
        )

    def correlation(self, first: int, second: int) -> float:
        """Return the correlation of two items."""
        return self.S[first][second] / (self.sd[first] * self.sd[second])


@dataclass(slots=True)
class _Factor:
    """What the table says of one latent variable.

    `items` are all that loads on it, `held` the fixed loadings other than 0, `variance`
    is its own when fixed.
    """

    items: list[str] = field(default_factory=list)
    held: dict[str, float] = field(default_factory=dict)
    variance: float | None = None


def _factors(table: ParameterTable) -> dict[str, _Factor]:
    """Collect the latent variables."""
    found = {name: _Factor() for name in table.variables.latent}
    for row in table.rows:
        if row.op == "=~":
            found[row.lhs].items.append(row.rhs)
            if row.fixed:
                found[row.lhs].held[row.rhs] = row.fixed
        elif row.is_variance and row.fixed and row.lhs in found:
            found[row.lhs].variance = row.fixed
    return found


def _surface(name: str, factors: dict[str, _Factor], sample: _Sample) -> int | None:
    """Return the item that stands for a variable: itself, or its first indicator's."""
    if name in sample.at:
        return sample.at[name]
    for item in factors[name].items:
        found = _surface(item, factors, sample)
        if found is not None:
            return found
    return None


def _relative_loadings(sample: _Sample, marker: int, items: list[int]) -> list[float]:
    """Estimate loadings relative to the marker's, all items in standard deviations.

    The slope of an item on the marker, with the other items as instruments; its sign
    alone where the instruments are too weak, or there are none.
    """
    with_marker = {i: sample.correlation(i, marker) for i in items if i != marker}
    strength = sum(r * r for r in with_marker.values())
    found = []
    for item in items:
        if item == marker:
            found.append(1.0)
            continue
        own = with_marker[item]
        size, left = 1.0, strength - own * own
        if left > NO_STRENGTH:
            cross = sum(
                sample.correlation(item, other) * r
                for other, r in with_marker.items()
                if other != item
            )
            own = cross / left
            size = min(max(abs(own), SMALLEST_LOADING), LARGEST_LOADING)
        found.append(copysign(size, own))
    return found


@dataclass(frozen=True, slots=True)
class _Guess:
    """The best guess of a measurement model.

    `loadings` by factor and item, `variance` by factor, `explained` by item.
    """

    loadings: dict[tuple[str, str], float]
    variance: dict[str, float]
    explained: dict[str, float]

    @classmethod
    def of(cls, factors: dict[str, _Factor], sample: _Sample) -> "_Guess":
        """Guess factor by factor."""
        guess = cls({}, {}, {})
        for name, factor in factors.items():
            guess._add(name, factor, factors, sample)
        return guess

    def _add(
        self, name: str, factor: _Factor, factors: dict[str, _Factor], sample: _Sample
    ) -> None:
        """Guess the loadings and the variance of one factor."""
        at = {item: _surface(item, factors, sample) for item in factor.items}
        places = {item: place for item, place in at.items() if place is not None}
        if not places:
            return
        scaling = next((item for item in factor.held if item in places), None)
        marker = places[next(iter(places)) if scaling is None else scaling]
        relative = _relative_loadings(sample, marker, list(places.values()))
        shares = [
            sample.correlation(marker, place) / loading
            for place, loading in zip(places.values(), relative, strict=True)
            if place != marker
        ]
        share = sum(shares) / len(shares) if shares else 1.0
        share = min(max(share, SMALLEST_SHARE), LARGEST_SHARE)
        common = share * sample.S[marker][marker]
        scale = 1.0
        if scaling is not None:
            scale = factor.held[scaling]
        elif factor.variance is not None and factor.variance > 0:
            scale = sqrt(common / factor.variance)
        self.variance[name] = common / scale**2
        for (item, place), loading in zip(places.items(), relative, strict=True):
            value = loading * scale * sample.sd[place] / sample.sd[marker]
            self.loadings[name, item] = value
            part = value * value * self.variance[name]
            self.explained[item] = self.explained.get(item, 0.0) + part


def start_values(
    table: ParameterTable, layout: MatrixLayout, moments: SampleMoments
) -> Array:
    """Compute start values for all free parameters.

    Parameters
    ----------
    table : ParameterTable
        The parameters; the user's start values win.
    layout : MatrixLayout
        Names along the matrices.
    moments : SampleMoments
        Sample moments, in the order of the layout's observed names.

    Returns
    -------
    ndarray of shape (k,)
        The start vector.
    """
    sample = _Sample.of(layout, moments)
    guess = _Guess.of(_factors(table), sample)
    exogenous = frozenset(table.variables.exogenous)

    def start(row: Parameter) -> float:
        if row.op == "=~":
            return guess.loadings.get((row.lhs, row.rhs), 1.0)
        if row.op == "~1":
            return sample.ybar[sample.at[row.lhs]] if row.lhs in sample.at else 0.0
        if row.is_variance and row.lhs not in sample.at:
            return guess.variance.get(row.lhs, 1.0)
        if row.is_variance:
            total = sample.S[sample.at[row.lhs]][sample.at[row.lhs]]
            rest = total - guess.explained.get(row.lhs, 0.0)
            return max(rest, SMALLEST_SHARE * total)
        if row.op == "~~" and row.lhs in exogenous and row.rhs in exogenous:
            return sample.S[sample.at[row.lhs]][sample.at[row.rhs]]
        return 1.0 if row.op == "~*~" else 0.0

    return _filled(table, start)


def plain_starts(
    table: ParameterTable, layout: MatrixLayout, moments: SampleMoments
) -> Array:
    """Compute start values that ask little of the data.

    Parameters
    ----------
    table : ParameterTable
        The parameters; the user's start values win.
    layout : MatrixLayout
        Names along the matrices.
    moments : SampleMoments
        Sample moments, in the order of the layout's observed names.

    Returns
    -------
    ndarray of shape (k,)
        Equal loadings on small factors, residual variances half of the sample's.
    """
    return _even_starts(table, layout, moments, _Even(1.0, 0.5, 0.05))


def loose_starts(
    table: ParameterTable, layout: MatrixLayout, moments: SampleMoments
) -> Array:
    """Compute start values that leave room on all sides.

    Parameters
    ----------
    table : ParameterTable
        The parameters; the user's start values win.
    layout : MatrixLayout
        Names along the matrices.
    moments : SampleMoments
        Sample moments, in the order of the layout's observed names.

    Returns
    -------
    ndarray of shape (k,)
        Equal loadings on large factors, residual variances those of the sample.
    """
    return _even_starts(table, layout, moments, _Even(0.7, 1.0, 1.0))


@dataclass(frozen=True, slots=True)
class _Even:
    """Values that all loadings and variances start at, items in standard deviations."""

    loading: float
    residual: float
    factor: float


def _even_starts(
    table: ParameterTable, layout: MatrixLayout, moments: SampleMoments, even: _Even
) -> Array:
    """Give all loadings one value, and all variances of a kind, on the items' scale."""
    x = start_values(table, layout, moments)
    sample, factors = _Sample.of(layout, moments), _factors(table)

    def scale(name: str) -> float:
        if name in sample.at:
            return sample.sd[sample.at[name]]
        for item, loading in factors[name].held.items():
            return scale(item) / abs(loading)
        return sqrt(abs(factors[name].variance or 1.0) / even.factor)

    for row in table.free_rows:
        at = row.free - 1
        if row.start is not None:
            continue
        if row.op == "=~":
            # the sign of an item can be seen; that of a factor, from its first item,
            # hardly
            sign = copysign(1.0, x[at]) if row.rhs in sample.at else 1.0
            x[at] = sign * even.loading * scale(row.rhs) / scale(row.lhs)
        elif row.is_variance:
            share = even.residual if row.lhs in sample.at else even.factor
            x[at] = share * scale(row.lhs) ** 2
    return x


def _filled(table: ParameterTable, start: Callable[[Parameter], float]) -> Array:
    """Fill in the free parameters; the user's own start values win."""
    return np.array(
        [start(row) if row.start is None else row.start for row in table.free_rows]
    )


#: From the best guess to the one that asks least of the data.
STARTS = (start_values, plain_starts, loose_starts)
