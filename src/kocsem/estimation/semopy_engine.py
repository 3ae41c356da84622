"""semopy as the second engine: the same model, an independent minimiser.

In: a parameter table and the sample moments. Out: an `Optimum` at semopy's estimates.
Names are replaced by plain ones, every row of the table is written out so that no
default of semopy's can add to the model, and the tolerance is set so that it converges:
its own default stops up to 1e-2 away from the optimum (Political Democracy). Source:
Igolkina and Meshcheryakov (2020); Meshcheryakov, Igolkina and Samsonova (2021).
"""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace, Optimum
from kocsem.core.problem import Problem
from kocsem.data.sample import Sample
from kocsem.errors import EstimationError, UnsupportedError
from kocsem.model.table import Parameter, ParameterTable

TOLERANCE = 1e-14
MAX_ITERATIONS = 10_000
CONVERGED_DECREMENT = 1e-9


def _aliases(table: ParameterTable) -> dict[str, str]:
    """Give every variable a plain name that semopy's grammar can read."""
    variables = table.variables
    names = {name: f"o{i}" for i, name in enumerate(variables.observed)}
    return names | {name: f"l{i}" for i, name in enumerate(variables.latent)}


def semopy_text(table: ParameterTable, start: Array) -> str:
    """Write a parameter table as a model text for semopy, nothing left to defaults.

    Parameters
    ----------
    table : ParameterTable
        The model.
    start : ndarray of shape (k,)
        Start values; only loadings use them, because semopy 2.3.11 never returns from
        its own choice for a factor without a fixed loading.

    Returns
    -------
    str
        One line a parameter; covariances that the model does not have are fixed at 0.

    Raises
    ------
    UnsupportedError
        When the model has something that semopy does not offer.
    """
    if table.means:
        raise UnsupportedError("engine='semopy' fits no mean structure.")
    if table.constraints:
        raise UnsupportedError("engine='semopy' fits no == constraints; use labels.")
    alias = _aliases(table)
    labels = {label: f"q{i}" for i, label in enumerate(_shared_labels(table))}
    lines = []
    for row in table:
        if row.exogenous:
            continue
        modifier = "" if row.free else f"{row.fixed!r}*"
        if row.free and row.label in labels:
            modifier = f"{labels[row.label]}*"
        elif row.free and row.op == "=~":
            modifier = f"p{row.free}*"  # without a name semopy would fix the first at 1
        lines.append(f"{alias[row.lhs]} {row.op} {modifier}{alias[row.rhs]}")
        if row.free and row.op == "=~":
            lines.append(f"START({start[row.free - 1]:.6g}) {modifier[:-1]}")
    present = {row.key for row in table}
    for first, second in _default_pairs(table):
        if Parameter(first, "~~", second).key not in present:
            lines.append(f"{alias[first]} ~~ 0*{alias[second]}")
    return "\n".join(lines)


def _default_pairs(table: ParameterTable) -> list[tuple[str, str]]:
    """List the covariances that semopy would add: exogenous factors, pure outcomes."""
    receives = {r.lhs for r in table if r.op == "~"}
    receives |= {r.rhs for r in table if r.op == "=~"}
    sends = {r.rhs for r in table if r.op == "~"} | set(table.variables.latent)
    sources = [name for name in table.variables.latent if name not in receives]
    outcomes = [n for n in table.variables.observed if n in receives and n not in sends]
    outcomes = [n for n in outcomes if n not in table.variables.indicators]
    ends = {r.rhs for r in table if r.op == "~"}
    last = [n for n in table.variables.latent if n in receives and n not in ends]
    return [*combinations(sources, 2), *combinations([*last, *outcomes], 2)]


def _shared_labels(table: ParameterTable) -> list[str]:
    """List the labels that more than one free parameter carries."""
    labels = [row.label for row in table if row.free and row.label]
    return sorted({label for label in labels if labels.count(label) > 1})


def _read_estimates(
    table: ParameterTable, alias: dict[str, str], inspected: pd.DataFrame
) -> Array:
    """Put semopy's estimates in the order of the free parameters."""
    found: dict[tuple[str, str, str], float] = {}
    columns = (inspected[name] for name in ("lval", "op", "rval", "Estimate"))
    for left, op, right, value in zip(*columns, strict=True):
        found[left, op, right] = float(value)
        if op == "~~":
            found[right, op, left] = float(value)
    x = np.empty(len(table.free_rows))
    for row in table.free_rows:
        left, right = alias[row.lhs], alias[row.rhs]
        key = (right, "~", left) if row.op == "=~" else (left, row.op, right)
        if key not in found:
            raise EstimationError(f"semopy returned no estimate for {row.text}.")
        x[row.free - 1] = found[key]
    return x


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep semopy's prints, warnings and log lines from the user, and undo it after."""
    root, handler = logging.getLogger(), logging.NullHandler()
    level = root.manager.disable
    root.addHandler(handler)
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        root.removeHandler(handler)


def semopy_optimum(
    table: ParameterTable,
    sample: Sample,
    problem: Problem,
    space: AffineSpace,
    start: Array,
) -> Optimum:
    """Minimise the ML discrepancy with semopy.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        The data.
    problem : Problem
        The discrepancy as kocsem knows it.
    space : AffineSpace
        What the shared labels leave.
    start : ndarray of shape (k,)
        Start values of the loadings.

    Returns
    -------
    Optimum
        At semopy's estimates; `decrement` says how far they are from the optimum.

    Raises
    ------
    UnsupportedError
        When the model has something that semopy does not offer.
    EstimationError
        When semopy fails, or ends where the implied covariance matrix is not positive
        definite.
    """
    rows = sample.groups[0].rows
    if len(sample.groups) > 1 or (rows is not None and rows.weights is not None):
        raise UnsupportedError(
            "engine='semopy' fits one group of unweighted answers only."
        )
    # semopy takes two seconds to import, and most fits do not need it
    import semopy

    alias = _aliases(table)
    names = [alias[name] for name in sample.names]
    moments = sample.groups[0].moments
    S = pd.DataFrame(moments.S, index=names, columns=names)
    with _quiet():
        try:
            model = semopy.Model(semopy_text(table, start))
            result = model.fit(
                cov=S,
                n_samples=moments.n,
                options={"ftol": TOLERANCE, "maxiter": MAX_ITERATIONS},
            )
            inspected = model.inspect()
        except (ValueError, np.linalg.LinAlgError, KeyError) as error:
            raise EstimationError(f"semopy could not fit the model: {error}.") from None
    point = problem.at(_read_estimates(table, alias, inspected))
    if point is None:
        raise EstimationError(
            "semopy ended at estimates whose implied covariance matrix is not positive "
            "definite; use engine='kocsem'."
        )
    derivatives = problem.derivatives(point)
    gradient = space.gradient(derivatives.gradient)
    info = space.information(derivatives.expected())
    decrement = float(gradient @ np.linalg.pinv(info) @ gradient)
    return Optimum(
        point=point,
        converged=bool(result.success) and decrement < CONVERGED_DECREMENT,
        iterations=int(result.n_it),
        decrement=decrement,
    )
