"""Two engines, one model: the estimates side by side.

In: a fit. Out: an `EngineComparison`. Agreement of two independent programs is evidence
that a number is right; a disagreement is a finding, and so is a failure of the other
engine.
"""

from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
import pandas as pd

from kocsem.errors import KocsemError
from kocsem.estimation.pipeline import fit_table
from kocsem.findings import Finding
from kocsem.model.options import Engine
from kocsem.results.fit import Fit

#: Largest difference between engines, in standard errors, that is no finding.
TOLERANCE = 0.01

_INDICES = ("chisq", "cfi", "tli", "rmsea", "srmr")


@dataclass(frozen=True)
class EngineComparison:
    """A model fitted by a second, independent program.

    Attributes
    ----------
    engine, version : str
        The program and its version.
    parameters : DataFrame
        ``lhs op rhs est other difference``: the estimates here and there.
    indices : DataFrame
        ``index value other difference``: indices by one formula at both estimates, so
        that a difference is one of estimates and not of definitions.
    largest : float
        Largest difference of an estimate in standard errors; NaN without a comparison.
    where : str
        The parameter it belongs to.
    findings : tuple of Finding
        A disagreement beyond the tolerance, or why there is no comparison.
    """

    engine: str
    version: str
    parameters: pd.DataFrame
    indices: pd.DataFrame
    largest: float
    where: str
    findings: tuple[Finding, ...]


def cross_check(fit: Fit) -> EngineComparison:
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

    Examples
    --------
    >>> import kocsem, pandas as pd
    >>> names = ["x1", "x2", "x3", "x4"]
    >>> printed = pd.DataFrame(0.5, index=names, columns=names)
    >>> for name in names:
    ...     printed.loc[name, name] = 1.0
    >>> fit = kocsem.cfa("f =~ x1 + x2 + x3 + x4", sample_cov=printed, sample_nobs=200)
    >>> kocsem.cross_check(fit).largest < 0.001
    True
    """
    engine: Engine = "kocsem" if fit.options.engine == "semopy" else "semopy"
    options = replace(fit.options, engine=engine)
    try:
        second = fit_table(fit.table, fit.solution.sample, options)
    except KocsemError as error:
        message = f"{engine} gave no solution to compare with: {error}"
        failed = Finding("no-cross-check", "warning", engine, message)
        return EngineComparison(
            engine=engine,
            version=version(engine),
            parameters=_parameters(()),
            indices=_indices(()),
            largest=float("nan"),
            where="",
            findings=(failed,),
        )
    both = (fit, second)
    share, at = _largest(fit, second)
    return EngineComparison(
        engine=engine,
        version=version(engine),
        parameters=_parameters(both),
        indices=_indices(both),
        largest=share,
        where=fit.table.free_rows[at].text,
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


def _largest(fit: Fit, second: Fit) -> tuple[float, int]:
    """Return the largest difference in standard errors, and where it is."""
    se = np.sqrt(np.diag(fit.solution.vcov))
    apart = np.abs(second.solution.x - fit.solution.x)
    share = apart / np.where(se > 0, se, np.nan)
    at = int(np.nanargmax(share))
    return float(share[at]), at


def _disagreement(fit: Fit, second: Fit, engine: str) -> tuple[Finding, ...]:
    """Report the largest difference when it is beyond the tolerance."""
    share, at = _largest(fit, second)
    if share <= TOLERANCE:
        return ()
    name = fit.table.free_rows[at].text
    est, other = fit.solution.x[at], second.solution.x[at]
    message = (
        f"{engine} estimates {name} as {other:.4f}, here it is {est:.4f}: "
        f"{share:.2f} standard errors apart. One of the two is not at the optimum."
    )
    return (Finding("engines-disagree", "warning", name, message, share, TOLERANCE),)
