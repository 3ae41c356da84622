"""The structural model once more, by the other engine.

In: a fit. Out: an `EngineComparison`. Agreement of two independent programs is evidence
that a number is right; a disagreement is a finding, and so is a failure of the other
engine.
"""

from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pandas as pd

from kocsem.errors import KocsemError
from kocsem.estimation.run import fit_table
from kocsem.findings import Finding
from kocsem.model.options import Engine
from kocsem.results.fit import Fit
from kocsem.study.analysis import EngineComparison

#: Largest difference between engines, in standard errors, that is no finding.
TOLERANCE = 0.01

_INDICES = ("chisq", "cfi", "tli", "rmsea", "srmr")


def compare_engines(fit: Fit) -> EngineComparison:
    """Fit the same model to the same moments with the other engine.

    Parameters
    ----------
    fit : Fit
        A model fitted with either engine.

    Returns
    -------
    EngineComparison
        Free parameters and indices side by side, `other` being the other engine. When
        that engine fails, both frames are empty and a finding says why.
    """
    engine: Engine = "kocsem" if fit.options.engine == "semopy" else "semopy"
    options = replace(fit.options, engine=engine)
    try:
        second = fit_table(fit.table, fit.solution.sample, options)
    except KocsemError as error:
        message = f"{engine} gave no solution to compare with: {error}"
        failed = Finding("no-cross-check", "warning", engine, message)
        return EngineComparison(
            engine, version(engine), _parameters(()), _indices(()), (failed,)
        )
    both = (fit, second)
    return EngineComparison(
        engine=engine,
        version=version(engine),
        parameters=_parameters(both),
        indices=_indices(both),
        findings=_disagreement(fit, second, engine),
    )


def _parameters(fits: tuple[()] | tuple[Fit, Fit]) -> pd.DataFrame:
    """Put the free parameters of two fits side by side."""
    rows = fits[0].table.free_rows if fits else ()
    est, other = (fit.solution.x for fit in fits) if fits else (np.empty(0),) * 2
    return pd.DataFrame(
        {
            "lhs": [row.lhs for row in rows],
            "op": [row.op for row in rows],
            "rhs": [row.rhs for row in rows],
            "est": est,
            "other": other,
            "difference": other - est,
        }
    )


def _indices(fits: tuple[()] | tuple[Fit, Fit]) -> pd.DataFrame:
    """Put the fit indices of two fits side by side."""
    names = _INDICES if fits else ()
    value, other = (
        (np.array([fit.fit_measures[name] for name in names]) for fit in fits)
        if fits
        else (np.empty(0),) * 2
    )
    return pd.DataFrame(
        {
            "index": list(names),
            "value": value,
            "other": other,
            "difference": other - value,
        }
    )


def _disagreement(fit: Fit, second: Fit, engine: str) -> tuple[Finding, ...]:
    """Report the largest difference when it is beyond the tolerance."""
    est, other = fit.solution.x, second.solution.x
    se = np.sqrt(np.diag(fit.solution.vcov))
    share = np.abs(other - est) / np.where(se > 0, se, np.nan)
    if not (share > TOLERANCE).any():
        return ()
    at = int(np.nanargmax(share))
    name = fit.table.free_rows[at].text
    message = (
        f"{engine} estimates {name} as {other[at]:.4f}, here it is {est[at]:.4f}: "
        f"{share[at]:.2f} standard errors apart. One of the two has not reached the "
        "optimum."
    )
    value = float(share[at])
    return (Finding("engines-disagree", "warning", name, message, value, TOLERANCE),)
