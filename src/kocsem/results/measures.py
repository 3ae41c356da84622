"""Fit measures by lavaan's names, with dots as underscores.

In: a `Solution`. Out: a mapping from name to number; NaN where a measure does not exist
(p values with df = 0). ``gfi`` is that of lavaan 0.7 (Maydeu-Olivares et al., 2024);
the index that LISREL, AMOS and lavaan 0.6 call GFI is ``gfi_lisrel``.
"""

from collections.abc import Mapping

import numpy as np

from kocsem.core import indices
from kocsem.core.maximum_likelihood import (
    log_determinant,
    reweighted_least_squares,
    saturated_loglik,
)
from kocsem.core.moments import SampleMoments
from kocsem.results.scaled import robust_gfi, scaled_measures
from kocsem.results.solution import Solution

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
    if solution.options.test == "standard" or solution.df == 0:
        return plain
    return plain | scaled_measures(solution, plain)


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
        ones, NFI and IFI use the scaled test.
    """
    return {
        name: measures.get(_REPORTED.get(name, name), value)
        for name, value in measures.items()
    }


def _exogenous_moments(solution: Solution) -> SampleMoments | None:
    """Return the sample moments of the covariates, None when there are none."""
    names = solution.table.variables.exogenous
    if not names:
        return None
    at = [solution.layout.observed.index(name) for name in names]
    moments = solution.sample.moments
    return SampleMoments(
        S=moments.S[np.ix_(at, at)], ybar=moments.ybar[at], n=moments.n
    )


def _tests(solution: Solution) -> dict[str, float]:
    """Compute the test of the model and of the baseline model.

    The baseline leaves the covariates correlated and everything else uncorrelated.
    """
    moments = solution.sample.moments
    p = len(solution.layout.observed)
    covariates = _exogenous_moments(solution)
    names = solution.table.variables.exogenous
    apart = [i for i, name in enumerate(solution.layout.observed) if name not in names]
    logdet = float(np.log(np.diag(moments.S)[apart]).sum())
    px = len(names)
    if covariates is not None:
        logdet += log_determinant(S=covariates.S)
    null = moments.n * (logdet - log_determinant(S=moments.S))
    df_null = p * (p - 1) // 2 - px * (px - 1) // 2
    return {
        "npar": solution.npar,
        "fmin": solution.chisq / (2 * moments.n),
        "chisq": solution.chisq,
        "df": solution.df,
        "pvalue": indices.chi_square_pvalue(chisq=solution.chisq, df=solution.df),
        "baseline_chisq": null,
        "baseline_df": df_null,
        "baseline_pvalue": indices.chi_square_pvalue(chisq=null, df=df_null),
    }


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
    moments = solution.sample.moments
    unrestricted = saturated_loglik(moments=moments)
    covariates = _exogenous_moments(solution)
    if covariates is not None and solution.options.fixed_x:
        unrestricted -= saturated_loglik(moments=covariates)
    logl = unrestricted - solution.chisq / 2
    n, q = moments.n, solution.npar
    return {
        "logl": logl,
        "unrestricted_logl": unrestricted,
        "aic": -2 * logl + 2 * q,
        "bic": -2 * logl + q * float(np.log(n)),
        "ntotal": n,
        "bic2": -2 * logl + q * float(np.log((n + 2) / 24)),
    }


def _rmsea(solution: Solution) -> dict[str, float]:
    """Compute the RMSEA, its interval and its two tests."""
    chisq, df, n = solution.chisq, solution.df, solution.sample.moments.n
    ncp = indices.noncentrality_interval(chisq=chisq, df=df, n=n, level=LEVEL)
    interval = indices.rmsea_interval(noncentrality=ncp, df=df, n=n)
    return {
        "rmsea": indices.rmsea(chisq=chisq, df=df, n=n),
        "rmsea_ci_lower": interval.lower,
        "rmsea_ci_upper": interval.upper,
        "rmsea_ci_level": LEVEL,
        "rmsea_pvalue": indices.rmsea_close(chisq=chisq, df=df, n=n, bound=CLOSE),
        "rmsea_close_h0": CLOSE,
        "rmsea_notclose_pvalue": indices.rmsea_not_close(
            chisq=chisq, df=df, n=n, bound=NOT_CLOSE
        ),
        "rmsea_notclose_h0": NOT_CLOSE,
    }


def _residual(solution: Solution) -> dict[str, float]:
    """Compute the root mean square residuals by lavaan's names."""
    found = indices.residual_indices(
        moments=solution.sample.moments,
        implied=solution.point.implied,
        means=solution.table.means,
    )
    return {
        "rmr": found.rmr,
        "rmr_nomean": found.rmr_nomean,
        "srmr": found.srmr,
        "srmr_bentler": found.srmr,
        "srmr_bentler_nomean": found.srmr_nomean,
        "crmr": found.crmr,
        "crmr_nomean": found.crmr_nomean,
        "srmr_mplus": found.srmr_mplus,
        "srmr_mplus_nomean": found.srmr_mplus_nomean,
    }


def _absolute(solution: Solution) -> dict[str, float]:
    """Compute the GFI families, critical N, MFI and ECVI."""
    chisq, df = solution.chisq, solution.df
    moments, point = solution.sample.moments, solution.point
    n, p = moments.n, len(solution.layout.observed)
    rls = reweighted_least_squares(
        point=point,
        moments=moments,
        at=solution.tangents,
        inverse=solution.inverse_information,
        means=solution.table.means,
    )
    ncp = indices.noncentrality_interval(chisq=rls, df=df, n=n, level=LEVEL)
    gap = moments.ybar - point.implied.mu if solution.table.means else None
    lisrel = indices.gfi_lisrel(
        S=moments.S,
        W=point.W,
        residual_mean=gap,
        ybar=moments.ybar,
        given=solution.given,
    )
    robust = {}
    if solution.options.test != "standard" and df > 0:
        robust = robust_gfi(solution, rls=rls, df=df, n=n, level=LEVEL)
    count = p * (p + 1) // 2 + (p if solution.table.means else 0)
    return {
        "gfi": indices.gfi(noncentrality=rls - df, n=n, p=p),
        "gfi_ci_lower": indices.gfi(noncentrality=ncp.upper, n=n, p=p),
        "gfi_ci_upper": indices.gfi(noncentrality=ncp.lower, n=n, p=p),
        "gfi_ci_level": LEVEL,
        **robust,
        "cn_05": indices.critical_n(chisq=chisq, df=df, n=n, alpha=0.05),
        "cn_01": indices.critical_n(chisq=chisq, df=df, n=n, alpha=0.01),
        "gfi_lisrel": lisrel,
        "agfi_lisrel": indices.agfi_lisrel(gfi=lisrel, moments=count, df=df),
        "pgfi": indices.pgfi(gfi=lisrel, moments=count, df=df),
        "mfi": indices.mfi(chisq=chisq, df=df, n=n),
        "ecvi": indices.ecvi(chisq=chisq, npar=solution.npar, n=n),
    }
