"""Two engines, one model: the estimates side by side.

In: a `Fit`. Out: an `EngineComparison` with the largest difference. Agreement of two
independent programs is evidence that a number is right; a difference is shown, never
hidden.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kocsem.estimation.run import fit_table
from kocsem.model.options import Engine
from kocsem.results.fit import Fit


@dataclass(frozen=True)
class EngineComparison:
    """Estimates of kocsem and semopy.

    Attributes
    ----------
    estimates : DataFrame
        lhs op rhs est_kocsem est_semopy difference; free parameters only.
    largest : float
        Largest absolute difference in units of the standard error.
    where : str
        The parameter it belongs to.
    converged : bool
        Whether both engines reached a solution.
    """

    estimates: pd.DataFrame
    largest: float
    where: str
    converged: bool


def cross_check(fit: Fit) -> EngineComparison:
    """Fit the same model with the other engine and compare.

    Parameters
    ----------
    fit : Fit
        A model fitted with either engine.

    Returns
    -------
    EngineComparison
        Estimates side by side.

    Raises
    ------
    UnsupportedError
        When semopy does not offer what the model needs.
    EstimationError
        When the other engine fails.
    """
    solution = fit.solution
    other: Engine = "kocsem" if solution.options.engine == "semopy" else "semopy"
    options = replace(solution.options, engine=other)
    second = fit_table(solution.table, solution.sample, options)
    ours, theirs = (second, fit) if other == "kocsem" else (fit, second)
    rows = solution.table.free_rows
    difference = theirs.solution.x - ours.solution.x
    se = np.sqrt(np.diag(ours.solution.vcov))
    share = np.abs(difference) / se
    estimates = pd.DataFrame(
        {
            "lhs": [r.lhs for r in rows],
            "op": [r.op for r in rows],
            "rhs": [r.rhs for r in rows],
            "est_kocsem": ours.solution.x,
            "est_semopy": theirs.solution.x,
            "difference": difference,
        }
    )
    at = int(share.argmax())
    return EngineComparison(
        estimates=estimates,
        largest=float(share[at]),
        where=rows[at].text,
        converged=ours.converged and theirs.converged,
    )
