"""Bounds that keep estimates where they can be interpreted.

In: the parameter table of each group, the sample variances of its items, and the name
of a set of bounds. Out: the `Bounds` of all free parameters. The sets and their numbers
are lavaan's (De Jonckheere and Rosseel, 2022): no variance below zero or above what the
data have to give, no loading or covariance beyond what those variances allow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt

import numpy as np

from kocsem.core.optimiser.optimise import Bounds
from kocsem.model.table import Parameter, ParameterTable

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an interval reaches, once it has been derived from the data.

    Attributes
    ----------
    lower, upper : float or None
        The interval is widened on this side until it is so many times as wide; None
        where this side is left open.
    """

    lower: float | None = None
    upper: float | None = None

    def of(self, interval: Interval, width: float) -> Interval:
        """Widen an interval; what is infinite remains so."""
        low, high = interval
        spare = width if isfinite(width) else 0.0
        return (
            low if self.lower is None else low - spare * (self.lower - 1.0),
            high if self.upper is None else high + spare * (self.upper - 1.0),
        )

    def kept(self, interval: Interval) -> Interval:
        """Open the sides that are not bounded."""
        return (
            -inf if self.lower is None else interval[0],
            inf if self.upper is None else interval[1],
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of bounds.

    Attributes
    ----------
    residual, factor, loading, covariance : Reach
        Of the variances of observed variables, those of latent variables, loadings of
        observed variables, covariances.
    reliability : float
        Share of its marker's variance that an exogenous factor has at least.
    endogenous : float
        Smallest residual variance of an endogenous latent variable.
    """

    residual: Reach = Reach()
    factor: Reach = Reach()
    loading: Reach = Reach()
    covariance: Reach = Reach()
    reliability: float = 0.0
    endogenous: float = 0.0


PROFILES: Mapping[str, Profile] = {
    "standard": Profile(
        residual=Reach(1.0, 1.005),
        factor=Reach(1.0, 1.0),
        loading=Reach(1.0, 1.0),
        covariance=Reach(0.999, 0.999),
        reliability=0.1,
        endogenous=0.005,
    ),
    "wide": Profile(
        residual=Reach(1.05, 1.2),
        factor=Reach(1.0, 1.3),
        loading=Reach(1.1, 1.1),
        covariance=Reach(1.0, 1.0),
        reliability=0.1,
        endogenous=0.005,
    ),
    "wide_zerovar": Profile(
        residual=Reach(1.0, 1.2),
        factor=Reach(1.0, 1.3),
        loading=Reach(1.1, 1.1),
        covariance=Reach(1.0, 1.0),
        reliability=0.1,
        endogenous=0.005,
    ),
    "pos_var": Profile(residual=Reach(lower=1.0), factor=Reach(lower=1.0)),
    "pos_ov_var": Profile(residual=Reach(lower=1.0)),
    "pos_lv_var": Profile(factor=Reach(lower=1.0)),
}


def parameter_bounds(
    *,
    parts: Sequence[ParameterTable],
    variances: Sequence[Mapping[str, float]],
    std_lv: bool,
    profile: Profile,
) -> Bounds:
    """Derive the bounds of all free parameters.

    Parameters
    ----------
    parts : sequence of ParameterTable
        The model of each group.
    variances : sequence of mapping
        Sample variance of each observed variable, group by group.
    std_lv : bool
        Whether latent variables are scaled by variance 1.
    profile : Profile
        One of `PROFILES`.

    Returns
    -------
    Bounds
        Group after group.
    """
    intervals = [
        interval
        for table, known in zip(parts, variances, strict=True)
        for interval in _intervals(table, known, std_lv, profile)
    ]
    lower, upper = np.array(intervals).reshape(-1, 2).T
    return Bounds(lower=lower, upper=upper)


def _markers(table: ParameterTable) -> dict[str, str]:
    """Return the item that scales each latent variable: its first loading fixed at 1.

    An item with another fixed loading than zero on a further factor scales none.
    """
    fixed = [row for row in table.rows if row.op == "=~" and row.fixed is not None]
    elsewhere = {
        (row.rhs, other.lhs)
        for row in fixed
        for other in fixed
        if other.rhs == row.rhs and other.lhs != row.lhs and row.fixed != 0
    }
    found: dict[str, str] = {}
    for row in fixed:
        if row.fixed == 1 and (row.rhs, row.lhs) not in elsewhere:
            found.setdefault(row.lhs, row.rhs)
    return found


def _residual_variances(
    table: ParameterTable, variances: Mapping[str, float], profile: Profile
) -> dict[str, Interval]:
    """Bound the variances of observed variables; a marker has to be reliable."""
    markers = set(_markers(table).values())
    found = {}
    for row in table.rows:
        if row.is_variance and row.lhs in variances:
            share = 1.0 - profile.reliability if row.lhs in markers else 1.0
            most = share * variances[row.lhs]
            found[row.lhs] = profile.residual.of((0.0, most), most)
    return found


def _totals(
    table: ParameterTable,
    variances: Mapping[str, float],
    std_lv: bool,
    profile: Profile,
) -> dict[str, Interval]:
    """Bound the whole variance of each latent variable by what its marker has."""
    markers, found = _markers(table), {}
    for name in table.variables.latent:
        marker = variances.get(markers.get(name, ""))
        if std_lv:
            found[name] = (1.0, 1.0)
        elif marker is None:
            found[name] = (0.0, max(variances.values()))
        else:
            found[name] = (profile.reliability * marker, marker)
    return found


def _factor_variances(
    table: ParameterTable,
    totals: Mapping[str, Interval],
    largest: float,
    std_lv: bool,
    profile: Profile,
) -> dict[str, Interval]:
    """Bound the variances of latent variables, residual ones where they are explained.

    With factors scaled by variance 1, one that is free all the same is bounded by the
    largest variance of the data.
    """
    explained = {row.rhs for row in table.rows if row.op == "=~"}
    explained |= {row.lhs for row in table.rows if row.op == "~"}
    found = {}
    for row in table.rows:
        if row.is_variance and row.lhs in totals:
            low, high = totals[row.lhs]
            if std_lv and row.free:
                low, high = 0.0, largest
            if row.lhs in explained:
                low = profile.endogenous
            found[row.lhs] = profile.factor.of((low, high), high - max(low, 0.0))
    return found


def _intervals(
    table: ParameterTable,
    variances: Mapping[str, float],
    std_lv: bool,
    profile: Profile,
) -> list[Interval]:
    """Bound the free parameters of one group, in their order."""
    totals = _totals(table, variances, std_lv, profile)
    largest = max(variances.values())
    residual = _residual_variances(table, variances, profile)
    factor = _factor_variances(table, totals, largest, std_lv, profile)
    known = {**residual, **factor}

    def interval(row: Parameter) -> Interval:
        if row.op == "=~" and row.rhs in variances:
            least = totals[row.lhs][0]
            size = sqrt(variances[row.rhs] / least) if least > 0 else inf
            reach = profile.loading
        elif row.is_variance and row.lhs in known:
            reach = profile.residual if row.lhs in residual else profile.factor
            return reach.kept(known[row.lhs])
        elif row.is_covariance and row.lhs in known and row.rhs in known:
            size = sqrt(known[row.lhs][1] * known[row.rhs][1])
            reach = profile.covariance
        else:
            return (-inf, inf)
        return reach.kept(reach.of((-size, size), 2.0 * size))

    return [interval(row) for row in table.free_rows]
