"""Scaled tests, and the scaled and robust indices that follow from them.

In: a `Solution` whose options ask for a test that does not rest on normality, and its
plain measures. Out: the measures that lavaan names ``.scaled`` and ``.robust``. Scaled
indices put scaled statistics into the ordinary formulas; robust ones estimate the
population value of the ordinary index. Sources: Satorra and Bentler (1994); Brosseau-
Liard, Savalei and Li (2012); Brosseau-Liard and Savalei (2014); Savalei (2018); Maydeu-
Olivares et al. (2024).
"""

from collections.abc import Callable, Mapping

import numpy as np

from kocsem.core import indices
from kocsem.core.scaling import (
    Scaling,
    satorra_bentler,
    scaled_shifted,
    yuan_bentler_mplus,
)
from kocsem.results.solution import Solution

NAN = float("nan")

SCALINGS: Mapping[str, Callable[..., Scaling]] = {
    "satorra_bentler": satorra_bentler,
    "scaled_shifted": scaled_shifted,
    "yuan_bentler_mplus": yuan_bentler_mplus,
}


def scaled_measures(solution: Solution, plain: Mapping[str, float]) -> dict[str, float]:
    """Compute the scaled and robust measures.

    Parameters
    ----------
    solution : Solution
        A fitted model with at least one degree of freedom.
    plain : mapping
        Its measures by the normal-theory test.

    Returns
    -------
    dict
        Name to value.
    """
    scale = SCALINGS[solution.options.test]
    df, df_null = int(plain["df"]), int(plain["baseline_df"])
    model = model_scaling(solution)
    null = scale(
        solution.family.baseline_inference(
            solution.groups, moment_based=solution.options.moment_based
        ),
        df=df_null,
    )
    scaled = {
        "chisq": model.scaled(plain["chisq"]),
        "df": df,
        "chisq_null": null.scaled(plain["baseline_chisq"]),
        "df_null": df_null,
    }
    return {
        **_tests(model, null, scaled),
        **_incremental(plain, model, null, scaled),
        **_rmsea(plain, model, scaled, len(solution.groups)),
    }


def model_scaling(solution: Solution) -> Scaling:
    """Scale the test of a model by the test that its options name.

    Parameters
    ----------
    solution : Solution
        A fitted model with at least one degree of freedom.

    Returns
    -------
    Scaling
        Factor and shift.
    """
    return SCALINGS[solution.options.test](solution.inference, df=solution.df)


def _tests(
    model: Scaling, null: Scaling, scaled: Mapping[str, float]
) -> dict[str, float]:
    """Name the scaled tests and their factors."""
    df, df_null = int(scaled["df"]), int(scaled["df_null"])
    found = {
        "chisq_scaled": scaled["chisq"],
        "df_scaled": df,
        "pvalue_scaled": indices.chi_square_pvalue(chisq=scaled["chisq"], df=df),
        "chisq_scaling_factor": model.factor,
        "baseline_chisq_scaled": scaled["chisq_null"],
        "baseline_df_scaled": df_null,
        "baseline_pvalue_scaled": indices.chi_square_pvalue(
            chisq=scaled["chisq_null"], df=df_null
        ),
        "baseline_chisq_scaling_factor": null.factor,
    }
    if np.isfinite(model.h1):
        found |= {"scaling_factor_h1": model.h1, "scaling_factor_h0": model.h0}
    return found


def _incremental(
    plain: Mapping[str, float],
    model: Scaling,
    null: Scaling,
    scaled: Mapping[str, float],
) -> dict[str, float]:
    """Compute the scaled and the robust incremental indices."""
    given = dict(scaled)
    tli = indices.tli(**given)
    df, df_null = int(plain["df"]), int(plain["baseline_df"])
    over = plain["chisq"] - model.constant(df) * df
    over_null = plain["baseline_chisq"] - null.constant(df_null) * df_null
    worst = max(over, over_null, 0.0)
    robust_tli = 1.0 - over * df_null / (over_null * df)
    return {
        "cfi_scaled": indices.cfi(**given),
        "tli_scaled": tli,
        "cfi_robust": 1.0 - max(over, 0.0) / worst if worst > 0 else 1.0,
        "tli_robust": robust_tli,
        "nnfi_scaled": tli,
        "rfi_scaled": indices.rfi(**given),
        "nfi_scaled": indices.nfi(**given),
        "pnfi_scaled": indices.pnfi(**given),
        "ifi_scaled": indices.ifi(
            chisq=scaled["chisq"], df=df, chisq_null=scaled["chisq_null"]
        ),
        "rni_scaled": indices.rni(**given),
        "nnfi_robust": robust_tli,
        "rni_robust": 1.0 - over / over_null,
    }


def _rmsea(
    plain: Mapping[str, float],
    model: Scaling,
    scaled: Mapping[str, float],
    groups: int,
) -> dict[str, float]:
    """Compute the scaled and the robust RMSEA with intervals and tests."""
    df, n, level = int(plain["df"]), plain["ntotal"], plain["rmsea_ci_level"]
    close, far = plain["rmsea_close_h0"], plain["rmsea_notclose_h0"]
    constant, root = model.constant(df), float(np.sqrt(model.factor))
    # without a shift lavaan refers the plain statistic to c df degrees of freedom
    own = (scaled["chisq"], df) if model.shift else (plain["chisq"], model.factor * df)
    given = indices.Tested(chisq=own[0], df=own[1], n=n, groups=groups)
    other = indices.Tested(chisq=scaled["chisq"], df=df, n=n, groups=groups)
    interval = indices.rmsea_interval(**given, level=level)
    robust = indices.rmsea_interval(**other, level=level)
    over = max(plain["chisq"] / n / df - constant / n, 0.0)
    return {
        "rmsea_scaled": indices.rmsea(**given),
        "rmsea_ci_lower_scaled": interval.lower,
        "rmsea_ci_upper_scaled": interval.upper,
        "rmsea_pvalue_scaled": indices.rmsea_close(**given, bound=close),
        "rmsea_notclose_pvalue_scaled": indices.rmsea_not_close(**given, bound=far),
        "rmsea_robust": float(np.sqrt(over * groups)),
        "rmsea_ci_lower_robust": robust.lower * root,
        "rmsea_ci_upper_robust": robust.upper * root,
        "rmsea_pvalue_robust": indices.rmsea_close(**other, bound=close / root),
        "rmsea_notclose_pvalue_robust": indices.rmsea_not_close(
            **other, bound=far / root
        ),
    }


def robust_gfi(solution: Solution, *, rls: float, level: float) -> dict[str, float]:
    """Compute the robust form of lavaan's GFI.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    rls : float
        The residual-based statistic.
    level : float
        Confidence level.

    Returns
    -------
    dict
        ``gfi_robust`` and its interval.
    """
    scaling = model_scaling(solution)
    df, n, p = solution.df, solution.sample.n, len(solution.sample.names)
    ncp = indices.noncentrality_interval(
        chisq=scaling.scaled(rls), df=df, n=n, level=level
    )
    over = {
        "gfi_robust": rls - scaling.constant(df) * df,
        "gfi_ci_lower_robust": scaling.factor * ncp.upper,
        "gfi_ci_upper_robust": scaling.factor * ncp.lower,
    }
    return {
        name: indices.gfi(noncentrality=value, n=n, p=p) for name, value in over.items()
    }
