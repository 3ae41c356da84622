"""Start values that suit any scale of the items.

In: the parameter table, its layout and the sample moments. Out: a start vector, and a
plainer one for when the first leads nowhere. In the first, loadings come from
instrumental-variable estimates on the covariances (Hagglund, 1982, in the two-stage
form), variances from the same covariances, the rest from zero or the sample; rescaling
an item rescales its start values.
"""

import numpy as np

from kocsem.core.moments import Array, SampleMoments
from kocsem.model.layout import MatrixLayout
from kocsem.model.table import Parameter, ParameterTable

SMALLEST_SHARE = 0.1
LARGEST_SHARE = 0.9
HALF = 0.5
SMALL = 0.05
NO_STRENGTH = 1e-3  # squared correlations too small to divide by


def _loadings(R: Array, marker: int, items: list[int]) -> Array:
    """Estimate loadings relative to the marker's from correlations, shape of items.

    The slope of an item on the marker, with the other items as instruments; its sign
    alone where the instruments are too weak, or there are none.
    """
    block = R[np.ix_(items, items)]
    own = items.index(marker)
    with_marker = block[own].copy()
    with_marker[own] = 0.0
    strength = with_marker @ with_marker - with_marker**2
    cross = block @ with_marker - with_marker  # less the item with itself
    usable = strength > NO_STRENGTH
    slope = cross / np.where(usable, strength, 1.0)
    sign = np.where(np.where(usable, slope, block[own]) < 0, -1.0, 1.0)
    found = sign * np.where(usable, np.clip(np.abs(slope), 0.1, 3.0), 1.0)
    found[own] = 1.0
    return np.asarray(found)


def _common_variance(S: Array, marker: int, loadings: dict[int, float]) -> float:
    """Estimate the variance of a factor in the metric of its marker."""
    shares = [
        S[marker, item] / loading
        for item, loading in loadings.items()
        if item != marker
    ]
    total = float(S[marker, marker])
    found = float(np.mean(shares)) if shares else total
    return float(np.clip(found, SMALLEST_SHARE * total, LARGEST_SHARE * total))


def _surface(table: ParameterTable, name: str, observed: dict[str, int]) -> list[int]:
    """List observed variables that stand for a variable: itself, or its indicators."""
    if name in observed:
        return [observed[name]]
    return [
        item
        for child in table.indicators_of.get(name, ())
        for item in _surface(table, child, observed)[:1]
    ]


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
    S = moments.S
    observed = {name: i for i, name in enumerate(layout.observed)}
    loadings: dict[tuple[str, str], float] = {}
    variance: dict[str, float] = {}
    for latent in table.variables.latent:
        _factor_starts(table, latent, observed, S, loadings, variance)
    x = np.zeros(len(table.free_rows))
    for row in table.free_rows:
        x[row.free - 1] = _start(row, table, observed, moments, (loadings, variance))
    return x


def _factor_starts(
    table: ParameterTable,
    latent: str,
    observed: dict[str, int],
    S: Array,
    loadings: dict[tuple[str, str], float],
    variance: dict[str, float],
) -> None:
    """Fill in the loadings and the variance of one factor."""
    at = {}
    for row in table:
        if row.op == "=~" and row.lhs == latent:
            stand_ins = _surface(table, row.rhs, observed)
            if stand_ins:
                at[row.rhs] = stand_ins[0]
    if not at:
        return
    held = {
        row.rhs: row.fixed
        for row in table
        if row.op == "=~" and row.lhs == latent and row.fixed and row.rhs in at
    }
    marker_name = next(iter(held), next(iter(at)))
    marker = at[marker_name]
    sd = np.sqrt(np.diag(S))
    R = S / np.outer(sd, sd)
    items = list(at.values())
    found = _loadings(R, marker, items) * sd[items] / sd[marker]
    relative = dict(zip(at, found.tolist(), strict=True))
    common = _common_variance(S, marker, {at[n]: v for n, v in relative.items()})
    scale = held.get(marker_name)
    if scale is None:
        fixed = next(
            (r.fixed for r in table if r.is_variance and r.lhs == latent), None
        )
        scale = float(np.sqrt(common / fixed)) if fixed and fixed > 0 else 1.0
    variance[latent] = common / scale**2
    loadings |= {(latent, name): value * scale for name, value in relative.items()}


def _start(
    row: Parameter,
    table: ParameterTable,
    observed: dict[str, int],
    moments: SampleMoments,
    known: tuple[dict[tuple[str, str], float], dict[str, float]],
) -> float:
    """Choose the start value of one row."""
    loadings, variance = known
    if row.start is not None:
        return row.start
    if row.op == "=~":
        return loadings.get((row.lhs, row.rhs), 1.0)
    if row.op == "~*~":
        return 1.0
    if row.op == "~1":
        return float(moments.ybar[observed[row.lhs]]) if row.lhs in observed else 0.0
    if row.is_variance and row.lhs not in observed:
        return variance.get(row.lhs, 1.0)
    if row.is_variance:
        total = float(moments.S[observed[row.lhs], observed[row.lhs]])
        explained = sum(
            value**2 * variance.get(latent, 0.0)
            for (latent, name), value in loadings.items()
            if name == row.lhs
        )
        return float(np.clip(total - explained, SMALLEST_SHARE * total, total))
    exogenous = table.variables.exogenous
    if row.op == "~~" and row.lhs in exogenous and row.rhs in exogenous:
        return float(moments.S[observed[row.lhs], observed[row.rhs]])
    return 0.0


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
    S = moments.S
    observed = {name: i for i, name in enumerate(layout.observed)}
    x = start_values(table, layout, moments)
    for row in table.free_rows:
        if row.start is not None:
            continue
        if row.op == "=~":
            size = _scale(row.rhs, table, observed, S) / _scale(
                row.lhs, table, observed, S
            )
            # the sign of an item can be seen; that of a factor, from its first item,
            # hardly
            sign = np.sign(x[row.free - 1]) if row.rhs in observed else 1.0
            x[row.free - 1] = size * (sign or 1.0)
        elif row.is_variance and row.lhs in observed:
            x[row.free - 1] = HALF * S[observed[row.lhs], observed[row.lhs]]
        elif row.is_variance:
            x[row.free - 1] = SMALL * _scale(row.lhs, table, observed, S) ** 2
    return x


def _scale(
    name: str, table: ParameterTable, observed: dict[str, int], S: Array
) -> float:
    """Return a standard deviation: of an item, or of the item that scales a factor."""
    if name in observed:
        return float(np.sqrt(S[observed[name], observed[name]]))
    for row in table:
        if row.op == "=~" and row.lhs == name and row.fixed:
            return _scale(row.rhs, table, observed, S) / abs(row.fixed)
    return 1.0 / HALF
