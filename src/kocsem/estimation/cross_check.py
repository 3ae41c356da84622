"""Two engines, one model: the estimates side by side.

In: a fit. Out: an `EngineComparison`. Agreement of two independent programs is evidence
that a number is right; a disagreement is a finding, and so is a failure of the other
engine. semopy fits complete answers by maximum likelihood: a model fitted to answers
with holes is fitted once more, by both, to the rows without.
"""

from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
import pandas as pd

from kocsem.data.sample import sample_from_frame
from kocsem.errors import KocsemError
from kocsem.estimation.pipeline import fit_table
from kocsem.findings import Finding
from kocsem.model.options import Engine, Options
from kocsem.model.table import ParameterTable, numbered
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
    nobs : int
        Number of cases that both were given: the complete rows.
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
    nobs: int
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
        there is nothing to compare, or that engine fails, both frames are empty and a
        finding says why.

    Notes
    -----
    Estimates by full-information maximum likelihood have no counterpart in semopy. Both
    engines then fit the complete rows by maximum likelihood, without the mean structure
    where it is saturated; the comparison is of the engines and of the model, not of the
    estimates of `fit`. Least squares and ordered items are not compared.

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
    if fit.options.discrepancy != "ML":
        return _nothing(engine, fit.nobs, _other_estimator(engine, fit.options))
    try:
        own = _on_complete_rows(fit)
        options = replace(own.options, engine=engine)
        second = fit_table(own.table, own.solution.sample, options)
    except KocsemError as error:
        message = f"{engine} gave no solution to compare with: {error}"
        failed = Finding("no-cross-check", "warning", engine, message)
        return _nothing(engine, fit.nobs, failed)
    both = (own, second)
    share, at = _largest(own, second)
    return EngineComparison(
        engine=engine,
        version=version(engine),
        nobs=own.nobs,
        parameters=_parameters(both),
        indices=_indices(both),
        largest=share,
        where=own.table.free_rows[at].text,
        findings=_disagreement(own, second, engine),
    )


def _other_estimator(engine: Engine, options: Options) -> Finding:
    """Say that an engine has no counterpart of an estimator."""
    message = (
        f"{engine} fits numbers by maximum likelihood only, so that estimates by "
        f"{options.estimator} cannot be compared with it."
    )
    return Finding("estimator-not-compared", "info", engine, message)


def _nothing(engine: Engine, nobs: int, finding: Finding) -> EngineComparison:
    """Return a comparison in which there is nothing to compare."""
    return EngineComparison(
        engine=engine,
        version=version(engine),
        nobs=nobs,
        parameters=_parameters(()),
        indices=_indices(()),
        largest=float("nan"),
        where="",
        findings=(finding,),
    )


def _on_complete_rows(fit: Fit) -> Fit:
    """Fit a model with holes in its data once more, to what both engines can fit."""
    data, asked = fit.data, fit.options
    if asked.missing != "fiml" or data is None or asked.group or asked.weights:
        return fit
    options = replace(
        asked,
        estimator="ML",
        se="standard",
        test="standard",
        missing="listwise",
        meanstructure=False,
    )
    sample = sample_from_frame(data, fit.observed)
    return fit_table(_without_means(fit.table), sample, options)


def _without_means(table: ParameterTable) -> ParameterTable:
    """Leave out a mean structure that is saturated, which changes nothing else."""
    means = [row for row in table.rows if row.op == "~1"]
    own = [row for row in means if row.lhs in table.variables.observed]
    saturated = all(
        (row.free or row.exogenous) and not row.label for row in own
    ) and not any(row.free or row.fixed for row in means if row not in own)
    if not saturated or table.constraints:
        return table
    kept = numbered(row for row in table.rows if row.op != "~1")
    return replace(table, rows=kept, means=False)


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
