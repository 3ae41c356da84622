"""Every measure that lavaan reports of two fits with holes, from core calls alone."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core import indices
from kocsem.core.incomplete.gfi import incomplete_gfi_lisrel
from kocsem.core.scaling import yuan_bentler_mplus
from missing_cases import solved
from tolerances import INDEX_ATOL, INDEX_RTOL, NONCENTRALITY_ATOL

LEVELS = {"rmsea.ci.level": 0.9, "gfi.ci.level": 0.9}
BOUNDS = {"rmsea.close.h0": 0.05, "rmsea.notclose.h0": 0.08}
P = 9


def incremental(suffix, given):
    """Compare a test with that of the baseline."""
    tli, chisq = indices.tli(**given), given["chisq"]
    ifi = indices.ifi(chisq=chisq, df=given["df"], chisq_null=given["chisq_null"])
    return {
        f"cfi{suffix}": indices.cfi(**given),
        f"tli{suffix}": tli,
        f"nnfi{suffix}": tli,
        f"rfi{suffix}": indices.rfi(**given),
        f"nfi{suffix}": indices.nfi(**given),
        f"pnfi{suffix}": indices.pnfi(**given),
        f"ifi{suffix}": ifi,
        f"rni{suffix}": indices.rni(**given),
    }


def rmsea(suffix, chisq, df, n):
    """Compute the RMSEA of a test with its interval and tests."""
    given = {"chisq": chisq, "df": df, "n": n}
    interval = indices.rmsea_interval(**given, level=0.9)
    return {
        f"rmsea{suffix}": indices.rmsea(**given),
        f"rmsea.ci.lower{suffix}": interval.lower,
        f"rmsea.ci.upper{suffix}": interval.upper,
        f"rmsea.pvalue{suffix}": indices.rmsea_close(**given, bound=0.05),
        f"rmsea.notclose.pvalue{suffix}": indices.rmsea_not_close(**given, bound=0.08),
    }


def gfi(suffix, noncentrality, interval, n):
    """Compute the GFI of a noncentrality and of its bounds."""
    values = {
        f"gfi{suffix}": noncentrality,
        f"gfi.ci.lower{suffix}": interval.upper,
        f"gfi.ci.upper{suffix}": interval.lower,
    }
    return {k: indices.gfi(noncentrality=v, n=n, p=P) for k, v in values.items()}


def plain(done):
    """Compute what rests on normality."""
    n, q, df, df_null = done.n, 30, 24, 36
    chisq, null = done.chisq(), done.chisq(baseline=True)
    given = {"chisq": chisq, "df": df, "chisq_null": null, "df_null": df_null}
    (model,), (point,) = done.models, done.points
    saturated = model.sample.saturated.loglik
    logl = saturated - chisq / 2
    found = indices.residual_indices(
        moments=model.sample.moments, implied=point.implied, means=True
    )
    lisrel = incomplete_gfi_lisrel(
        sample=model.sample, at=point.likelihood, given=done.fixed
    )
    ncp = indices.noncentrality_interval(chisq=chisq, df=df, n=n, level=0.9)
    return {
        "npar": q,
        "fmin": chisq / (2 * n),
        "chisq": chisq,
        "df": df,
        "pvalue": indices.chi_square_pvalue(chisq=chisq, df=df),
        "baseline.chisq": null,
        "baseline.df": df_null,
        "baseline.pvalue": indices.chi_square_pvalue(chisq=null, df=df_null),
        **incremental("", given),
        "logl": logl,
        "unrestricted.logl": saturated,
        "aic": -2 * logl + 2 * q,
        "bic": -2 * logl + q * np.log(n),
        "bic2": -2 * logl + q * np.log((n + 2) / 24),
        "ntotal": n,
        **rmsea("", chisq, df, n),
        **LEVELS,
        **BOUNDS,
        "rmr": found.rmr,
        "rmr_nomean": found.rmr_nomean,
        "srmr": found.srmr,
        "srmr_bentler": found.srmr,
        "srmr_bentler_nomean": found.srmr_nomean,
        "crmr": found.crmr,
        "crmr_nomean": found.crmr_nomean,
        "srmr_mplus": found.srmr_mplus,
        "srmr_mplus_nomean": found.srmr_mplus_nomean,
        **gfi("", chisq - df, ncp, n),
        "cn_05": indices.critical_n(chisq=chisq, df=df, n=n, alpha=0.05),
        "cn_01": indices.critical_n(chisq=chisq, df=df, n=n, alpha=0.01),
        "gfi_lisrel": lisrel,
        "agfi_lisrel": indices.agfi_lisrel(gfi=lisrel, moments=P * (P + 3) // 2, df=df),
        "pgfi": indices.pgfi(gfi=lisrel, moments=P * (P + 3) // 2, df=df),
        "mfi": indices.mfi(chisq=chisq, df=df, n=n),
        "ecvi": indices.ecvi(chisq=chisq, npar=q, n=n),
    }


def without_holes(done):
    """Compute the robust indices."""
    (model, df), (null, df_null) = done.complete_test(), done.complete_test(True)
    n, c = done.n, model.scaling.factor
    given = {
        "chisq": model.chisq - (c - 1) * df,
        "df": df,
        "chisq_null": null.chisq - (null.scaling.factor - 1) * df_null,
        "df_null": df_null,
    }
    indices_of = incremental(".robust", given)
    kept = ("cfi.robust", "tli.robust", "nnfi.robust", "rni.robust")
    scaled, root = model.scaling.scaled(model.chisq), np.sqrt(c)
    own = {"chisq": scaled, "df": df, "n": n}
    interval = indices.rmsea_interval(**own, level=0.9)
    ncp = indices.noncentrality_interval(**own, level=0.9)
    stretched = indices.Interval(c * ncp.lower, c * ncp.upper)
    return {
        **{name: indices_of[name] for name in kept},
        "rmsea.robust": indices.rmsea(chisq=given["chisq"], df=df, n=n),
        "rmsea.ci.lower.robust": interval.lower * root,
        "rmsea.ci.upper.robust": interval.upper * root,
        "rmsea.pvalue.robust": indices.rmsea_close(**own, bound=0.05 / root),
        "rmsea.notclose.pvalue.robust": indices.rmsea_not_close(
            **own, bound=0.08 / root
        ),
        **gfi(".robust", model.chisq - c * df, stretched, n),
    }


def scaled_tests(done):
    """Compute the scaled tests of MLR and what follows from them."""
    df, df_null = 24, 36
    model = yuan_bentler_mplus(done.inference(), df=df)
    null = yuan_bentler_mplus(done.inference(baseline=True), df=df_null)
    chisq = model.scaled(done.chisq())
    chisq_null = null.scaled(done.chisq(baseline=True))
    given = {"chisq": chisq, "df": df, "chisq_null": chisq_null, "df_null": df_null}
    return {
        "chisq.scaled": chisq,
        "df.scaled": df,
        "pvalue.scaled": indices.chi_square_pvalue(chisq=chisq, df=df),
        "chisq.scaling.factor": model.factor,
        "baseline.chisq.scaled": chisq_null,
        "baseline.df.scaled": df_null,
        "baseline.pvalue.scaled": indices.chi_square_pvalue(
            chisq=chisq_null, df=df_null
        ),
        "baseline.chisq.scaling.factor": null.factor,
        "scaling.factor.h1": model.h1,
        "scaling.factor.h0": model.h0,
        **incremental(".scaled", given),
        # the plain statistic against c df degrees of freedom, as in lavaan
        **rmsea(".scaled", done.chisq(), model.factor * df, done.n),
    }


@pytest.mark.parametrize("case", ["hs_cfa_fiml", "hs_cfa_fiml_mlr"])
def test_every_measure_is_lavaans(case):
    done = solved(case)
    found = plain(done) | without_holes(done)
    if done.robust:
        found |= scaled_tests(done)
    assert found.keys() == done.measures.keys()
    for name, wanted in done.measures.items():
        bracketed = ".ci." in name or "pvalue." in name
        atol = NONCENTRALITY_ATOL if bracketed else INDEX_ATOL
        assert_allclose(found[name], wanted, rtol=INDEX_RTOL, atol=atol, err_msg=name)
