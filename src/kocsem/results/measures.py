"""Fit measures by lavaan's names, with dots as underscores.

In: a `Solution`. Out: a mapping from name to number; NaN where a measure does not exist
(p values with df = 0). ``gfi`` is that of lavaan 0.7 (Maydeu-Olivares et al., 2024);
the index that LISREL, AMOS and lavaan 0.6 call GFI is ``gfi_lisrel``.
"""

from collections.abc import Mapping

import numpy as np

from kocsem.core import indices
from kocsem.results.scaled import saturated_measures, scaled_measures
from kocsem.results.solution import Solution

NAN = float("nan")
LEVEL = 0.90
CLOSE = 0.05
NOT_CLOSE = 0.08


def fit_measures(solution: Solution) -> dict[str, float]:
    """Compute all fit measures of a solution.

    Parameters
    ----------
    solution : Solution
        The fitted model.

    Returns
    -------
    dict
        Name to value, in lavaan's order.
    """
    test = _tests(solution)
    plain = {
        **test,
        **_incremental(test),
        **_likelihood(solution),
        **_rmsea(solution),
        **_residual(solution),
        **_absolute(solution),
    }
    more = scaled_measures if solution.df else saturated_measures
    return plain | more(solution, plain)


#: What a paper prints of a robust fit in place of the plain measure.
_REPORTED = {
    "chisq": "chisq_scaled",
    "df": "df_scaled",
    "pvalue": "pvalue_scaled",
    "cfi": "cfi_robust",
    "tli": "tli_robust",
    "nfi": "nfi_scaled",
    "ifi": "ifi_scaled",
    "rmsea": "rmsea_robust",
    "rmsea_ci_lower": "rmsea_ci_lower_robust",
    "rmsea_ci_upper": "rmsea_ci_upper_robust",
    "rmsea_pvalue": "rmsea_pvalue_robust",
}


def reported_measures(measures: Mapping[str, float]) -> dict[str, float]:
    """Choose what a paper prints: robust indices where there are any.

    Parameters
    ----------
    measures : mapping
        The measures of a fit.

    Returns
    -------
    dict
        The same names; the test is the scaled one, CFI, TLI and RMSEA are the robust
        ones, NFI and IFI use the scaled test. A model without degrees of freedom has
        the plain ones.
    """
    if not measures["df"]:
        return dict(measures)
    return {
        name: measures.get(_REPORTED.get(name, name), value)
        for name, value in measures.items()
    }


def _tests(solution: Solution) -> dict[str, float]:
    """Compute the test of the model and of the baseline model.

    Where a plain statistic follows no chi-square distribution it has no p value.
    """
    null = solution.family.baseline(solution.groups)
    known = solution.family.distributed
    return {
        "npar": solution.npar,
        "fmin": solution.point.discrepancy / 2,
        "chisq": solution.chisq,
        "df": solution.df,
        "pvalue": _pvalue(solution.chisq, solution.df) if known else NAN,
        "baseline_chisq": null.chisq,
        "baseline_df": null.df,
        "baseline_pvalue": _pvalue(null.chisq, null.df) if known else NAN,
    }


def _pvalue(chisq: float, df: int) -> float:
    """Return the upper tail of the chi-square distribution."""
    return indices.chi_square_pvalue(chisq=chisq, df=df)


def _incremental(test: dict[str, float]) -> dict[str, float]:
    """Compute the indices that compare with the baseline."""
    chisq, df = test["chisq"], int(test["df"])
    null, df_null = test["baseline_chisq"], int(test["baseline_df"])
    given = {"chisq": chisq, "df": df, "chisq_null": null, "df_null": df_null}
    tli = indices.tli(**given)
    return {
        "cfi": indices.cfi(**given),
        "tli": tli,
        "nnfi": tli,
        "rfi": indices.rfi(**given),
        "nfi": indices.nfi(**given),
        "pnfi": indices.pnfi(**given),
        "ifi": indices.ifi(chisq=chisq, df=df, chisq_null=null),
        "rni": indices.rni(**given),
    }


def _likelihood(solution: Solution) -> dict[str, float]:
    """Compute log-likelihoods and information criteria, given the covariates."""
    found = solution.family.likelihood(solution.groups)
    n, q = solution.sample.n, solution.npar
    if found is None:
        return {}
    logl = found.fitted
    return {
        "logl": logl,
        "unrestricted_logl": found.unrestricted,
        "aic": -2 * logl + 2 * q,
        "bic": -2 * logl + q * float(np.log(n)),
        "ntotal": n,
        "bic2": -2 * logl + q * float(np.log((n + 2) / 24)),
    }


def _rmsea(solution: Solution) -> dict[str, float]:
    """Compute the RMSEA, its interval and its two tests."""
    given = indices.Tested(
        chisq=solution.chisq,
        df=solution.df,
        n=solution.cases,
        groups=len(solution.groups),
    )
    interval = indices.rmsea_interval(**given, level=LEVEL)
    return {
        "rmsea": indices.rmsea(**given),
        "rmsea_ci_lower": interval.lower,
        "rmsea_ci_upper": interval.upper,
        "rmsea_ci_level": LEVEL,
        "rmsea_pvalue": indices.rmsea_close(**given, bound=CLOSE),
        "rmsea_close_h0": CLOSE,
        "rmsea_notclose_pvalue": indices.rmsea_not_close(**given, bound=NOT_CLOSE),
        "rmsea_notclose_h0": NOT_CLOSE,
    }


def _residual(solution: Solution) -> dict[str, float]:
    """Compute the root mean square residuals, averaged over the groups."""
    found = [solution.family.residual_indices(group) for group in solution.groups]
    # with ordered items the thresholds, which mostly fit, are left aside
    ordered = solution.options.ordered

    def average(name: str) -> float:
        pairs = zip(solution.groups, found, strict=True)
        return float(sum(group.share * getattr(own, name) for group, own in pairs))

    return {
        "rmr": average("rmr"),
        "rmr_nomean": average("rmr_nomean"),
        "srmr": average("srmr_nomean" if ordered else "srmr"),
        "srmr_bentler": average("srmr"),
        "srmr_bentler_nomean": average("srmr_nomean"),
        "crmr": average("crmr"),
        "crmr_nomean": average("crmr_nomean"),
        "srmr_mplus": average("srmr_mplus"),
        "srmr_mplus_nomean": average("srmr_mplus_nomean"),
    }


def _absolute(solution: Solution) -> dict[str, float]:
    """Compute the GFI families, critical N, MFI and ECVI."""
    chisq, df, n = solution.chisq, solution.df, solution.cases
    p, count = len(solution.groups[0].compared.names), solution.moment_count
    family, rls = solution.family, solution.residual_chisq
    ncp = indices.noncentrality_interval(chisq=rls, df=df, n=n, level=LEVEL)
    lisrel = sum(group.share * family.lisrel_gfi(group) for group in solution.groups)
    return {
        "gfi": indices.gfi(noncentrality=rls - df, n=n, p=p),
        "gfi_ci_lower": indices.gfi(noncentrality=ncp.upper, n=n, p=p),
        "gfi_ci_upper": indices.gfi(noncentrality=ncp.lower, n=n, p=p),
        "gfi_ci_level": LEVEL,
        "cn_05": indices.critical_n(chisq=chisq, df=df, n=n, alpha=0.05),
        "cn_01": indices.critical_n(chisq=chisq, df=df, n=n, alpha=0.01),
        "gfi_lisrel": lisrel,
        "agfi_lisrel": indices.agfi_lisrel(gfi=lisrel, moments=count, df=df),
        "pgfi": indices.pgfi(gfi=lisrel, moments=count, df=df),
        "mfi": indices.mfi(chisq=chisq, df=df, n=n),
        **_last(solution),
    }


def _last(solution: Solution) -> dict[str, float]:
    """Compute ECVI, or Mplus's WRMR of ordered items, by the first group's moments."""
    if not solution.options.ordered:
        chisq, npar, n = solution.chisq, solution.npar, solution.cases
        return {"ecvi": indices.ecvi(chisq=chisq, npar=npar, n=n)}
    first = solution.sample.groups[0]
    count = solution.family.moment_count(first, means=True)
    return {"wrmr": float(np.sqrt(solution.chisq / count))}
