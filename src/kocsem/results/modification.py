"""Modification indices: what freeing one more parameter would bring.

In: a `Solution`. Out: one row a candidate with the score test, the expected parameter
change and its standardised forms. Expected information, as in lavaan's modindices().
Source: Sorbom (1989); Saris, Satorra and Sorbom (1987).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from kocsem.core.maximum_likelihood import (
    conditional_information,
    evaluate,
    log_determinant,
    score,
)
from kocsem.core.moments import Array
from kocsem.core.optimise import AffineSpace, Optimum
from kocsem.core.structure import Tangents
from kocsem.errors import EstimationError
from kocsem.model.layout import lay_out
from kocsem.model.table import Parameter, ParameterTable
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
        factors, paths among the variables of the structural part; not what is free.
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
    held = tuple(row for row in table if not row.free)
    return (*held, *(Parameter(*p) for p in pairs if Parameter(*p).key not in present))


@dataclass(frozen=True)
class _Wide:
    """The model with every candidate set free, at the estimates."""

    solution: Solution
    k: int

    @property
    def halves(self) -> tuple[Tangents, Tangents]:
        """The tangents of the free parameters and of the candidates."""
        at = self.solution.tangents
        parts = (slice(0, self.k), slice(self.k, None))
        old, new = (Tangents(U=at.U[:, s], V=at.V[:, s], M=at.M[:, s]) for s in parts)
        return old, new


def _widen(solution: Solution, extra: tuple[Parameter, ...]) -> _Wide:
    """Set the candidates free without moving anything."""
    table = solution.table.with_candidates(extra)
    layout = lay_out(table, {})
    current = dict(
        zip((row.key for row in solution.table), solution.values, strict=True)
    )
    x = np.array([current.get(row.key, 0.0) for row in table.free_rows])
    moments = solution.sample.moments
    point = evaluate(
        structure=layout.structure,
        x=x,
        moments=moments,
        logdet_S=log_determinant(S=moments.S),
    )
    if point is None:  # the same moments as at the solution, so only by rounding
        raise EstimationError("The implied covariance matrix is not positive definite.")
    wide = Solution(
        table=table,
        layout=layout,
        sample=solution.sample,
        space=AffineSpace(K=np.eye(x.size), offset=np.zeros(x.size)),
        optimum=Optimum(point=point, converged=True, iterations=0, decrement=0.0),
        options=solution.options,
    )
    return _Wide(solution=wide, k=solution.x.size)


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
    extra = candidates(solution.table)
    wide = _widen(solution, extra)
    old, new = wide.halves
    moments, point = solution.sample.moments, wide.solution.point
    structure = wide.solution.layout.structure
    gradient = score(structure=structure, point=point, moments=moments, at=new)
    information = partial(
        conditional_information, W=point.W, means=structure.means, given=solution.given
    )
    across = information(first=old, second=new)
    own = np.diag(information(first=new, second=new))
    variance = own - np.einsum(
        "ij,ij->j", across, solution.inverse_information @ across
    )
    keep = np.flatnonzero(variance > NOT_IDENTIFIED * own)
    gradient, variance = gradient[keep], variance[keep]
    epc = np.full(len(extra), np.nan)
    epc[keep] = -gradient / variance
    return Modification(
        rows=tuple(extra[i] for i in keep),
        mi=moments.n * gradient**2 / variance,
        epc=epc[keep],
        sepc_lv=_standardized_change(wide, epc, "std_lv")[keep],
        sepc_all=_standardized_change(wide, epc, "std_all")[keep],
    )


def _standardized_change(wide: _Wide, epc: Array, metric: Metric) -> Array:
    """Standardise the expected changes in the metric of the solution."""
    solution = wide.solution
    changes = solution.values.copy()
    at = [i for i, row in enumerate(solution.table) if row.free > wide.k]
    order = [solution.table.rows[i].free - wide.k - 1 for i in at]
    changes[at] = epc[order]
    out = np.empty(len(epc))
    out[order] = standardized_changes(solution, changes, metric)[at]
    return out
