"""Modification indices: what freeing one more parameter would bring.

In: a `Solution`. Out: one row a candidate with the score test, the expected parameter
change and its standardised forms. Expected information, as in lavaan's modindices().
Source: Sorbom (1989); Saris, Satorra and Sorbom (1987).
"""

from dataclasses import dataclass, replace

import numpy as np

from kocsem.core.moments import Array
from kocsem.errors import EstimationError
from kocsem.model.layout import lay_out
from kocsem.model.table import Parameter, ParameterTable
from kocsem.results.group import Group
from kocsem.results.solution import Solution
from kocsem.results.standardized import Metric, standardized_changes

NOT_IDENTIFIED = float(np.finfo(float).eps ** (1 / 3))


@dataclass(frozen=True)
class Modification:
    """Modification indices of the candidates that would be identified.

    Attributes
    ----------
    rows : tuple of Parameter
        The candidates.
    mi : ndarray of shape (c,)
        Expected fall of chi-square.
    epc : ndarray of shape (c,)
        Expected parameter change.
    sepc_lv, sepc_all : ndarray of shape (c,)
        The change standardised like std_lv and std_all.
    """

    rows: tuple[Parameter, ...]
    mi: Array
    epc: Array
    sepc_lv: Array
    sepc_all: Array


def candidates(table: ParameterTable) -> tuple[Parameter, ...]:
    """List the parameters that could be set free, by lavaan's rules.

    Parameters
    ----------
    table : ParameterTable
        The model.

    Returns
    -------
    tuple of Parameter
        Loadings of all factors on all items, covariances of items, of covariates and of
        factors, paths among the variables of the structural part; not what is free,
        nor the residual variances of ordered items.
    """
    variables = table.variables
    latent = variables.latent
    inner = [n for n in variables.observed if n not in variables.exogenous]
    structural = tuple(
        dict.fromkeys(
            [r.lhs for r in table if r.op == "~"]
            + [r.rhs for r in table if r.op == "~"]
        )
    )
    orphans = {
        n
        for n in variables.observed
        if n not in {*variables.indicators, *variables.exogenous, *structural}
    }
    pairs = [(f, "=~", i) for f in latent for i in inner if i not in structural]
    pairs += [
        (a, "~~", b)
        for at, a in enumerate(inner)
        for b in inner[at:]
        if not {a, b} & orphans
    ]
    for group in (variables.exogenous, latent):
        pairs += [(a, "~~", b) for at, a in enumerate(group) for b in group[at:]]
    pairs += [
        (y, "~", x)
        for y in structural
        for x in structural
        if y != x and not (y in variables.indicators and x in latent)
    ]
    if table.means:
        pairs += [(name, "~1", "") for name in (*variables.observed, *latent)]
    present = {row.key for row in table}
    found = [row for row in table if not row.free]
    found += [row for row in map(_row, pairs) if row.key not in present]
    given = _given(table)
    return tuple(
        row for row in found if row.lhs not in given and not _follows(row, table)
    )


def _row(pair: tuple[str, str, str]) -> Parameter:
    """Make a row of what stands in it."""
    return Parameter(*pair)


def _given(table: ParameterTable) -> set[str]:
    """Return the covariates that ordered items are taken given: nothing moves them."""
    if not table.variables.ordered:
        return set()
    return {row.lhs for row in table if row.exogenous}


def _follows(row: Parameter, table: ParameterTable) -> bool:
    """Whether it is a residual variance of an ordered item, which its scale sets."""
    ordered = table.variables.ordered
    return row.op == "~~" and row.lhs == row.rhs and row.lhs in ordered


@dataclass(frozen=True)
class _Wide:
    """One group with every candidate set free, at the estimates.

    Attributes
    ----------
    group : Group
        The widened group.
    gradient : ndarray of shape (k + c,)
        Of half its discrepancy.
    information : ndarray of shape (k + c, k + c)
        Expected information per case.
    k : int
        Number of parameters that were free before.
    extra : tuple of Parameter
        The candidates.
    """

    group: Group
    gradient: Array
    information: Array
    k: int
    extra: tuple[Parameter, ...]


def _widen(solution: Solution, group: Group) -> _Wide:
    """Set the candidates of a group free without moving anything."""
    extra = candidates(group.table)
    table = group.table.with_candidates(extra)
    current = dict(zip((row.key for row in group.rows), group.values, strict=True))
    layout = lay_out(table, {r.key: current[r.key] for r in table if r.exogenous})
    x = np.array([current.get(row.key, 0.0) for row in table.free_rows])
    discrepancy = solution.family.discrepancy(layout, group.sample)
    point = discrepancy.at(x)
    if point is None:  # the same moments as at the solution, so only by rounding
        raise EstimationError("The implied covariance matrix is not positive definite.")
    wide = replace(group, table=table, layout=layout, point=point)
    return _Wide(
        group=wide,
        gradient=discrepancy.derivatives(point).gradient,
        information=solution.family.score_information(wide, group.given),
        k=group.structure.k,
        extra=extra,
    )


def modification_indices(solution: Solution) -> Modification:
    """Compute modification indices and expected parameter changes.

    Parameters
    ----------
    solution : Solution
        The fitted model.

    Returns
    -------
    Modification
        Candidates that would not be identified are left out.
    """
    found, end = [], 0
    for group in solution.groups:
        start, end = end, end + group.structure.k
        inverse = solution.unit_inverse[start:end, start:end]
        found.append(_of_group(solution, group, inverse))
    return Modification(
        rows=tuple(row for part in found for row in part.rows),
        mi=np.concatenate([part.mi for part in found]),
        epc=np.concatenate([part.epc for part in found]),
        sepc_lv=np.concatenate([part.sepc_lv for part in found]),
        sepc_all=np.concatenate([part.sepc_all for part in found]),
    )


def _of_group(solution: Solution, group: Group, inverse: Array) -> Modification:
    """Compute what freeing one more parameter of one group would bring."""
    wide, k = _widen(solution, group), group.structure.k
    gradient = group.share * wide.gradient[k:]
    across = group.share * wide.information[:k, k:]
    own = group.share * np.diag(wide.information)[k:]
    variance = own - np.einsum("ij,ij->j", across, inverse @ across)
    keep = np.flatnonzero(variance > NOT_IDENTIFIED * own)
    gradient, variance = gradient[keep], variance[keep]
    epc = np.full(len(wide.extra), np.nan)
    epc[keep] = -gradient / variance
    return Modification(
        rows=tuple(replace(wide.extra[i], group=group.number) for i in keep),
        mi=solution.sample.n * gradient**2 / variance,
        epc=epc[keep],
        sepc_lv=_standardized_change(wide, epc, "std_lv")[keep],
        sepc_all=_standardized_change(wide, epc, "std_all")[keep],
    )


def _standardized_change(wide: _Wide, epc: Array, metric: Metric) -> Array:
    """Standardise the expected changes in the metric of the solution."""
    group = wide.group
    changes = group.values.copy()
    at = [i for i, row in enumerate(group.rows) if row.free > wide.k]
    order = [group.rows[i].free - wide.k - 1 for i in at]
    changes[at] = epc[order]
    out = np.empty(len(epc))
    out[order] = standardized_changes(group, changes, metric)[at]
    return out
