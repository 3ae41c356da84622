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
from kocsem.core.evidence import Inference
from kocsem.core.scaling import (
    Scaling,
    satorra_bentler,
    scaled_shifted,
    yuan_bentler_mplus,
)
from kocsem.results.family import RobustTest
from kocsem.results.solution import Solution

NAN = float("nan")

ROBUST = (
    "cfi_robust",
    "tli_robust",
    "nnfi_robust",
    "rni_robust",
    "rmsea_robust",
    "rmsea_ci_lower_robust",
    "rmsea_ci_upper_robust",
    "rmsea_pvalue_robust",
    "rmsea_notclose_pvalue_robust",
    "gfi_robust",
    "gfi_ci_lower_robust",
    "gfi_ci_upper_robust",
)

SCALED_RMSEA = (
    "rmsea_scaled",
    "rmsea_ci_lower_scaled",
    "rmsea_ci_upper_scaled",
    "rmsea_pvalue_scaled",
    "rmsea_notclose_pvalue_scaled",
)

SCALINGS: Mapping[str, Callable[..., Scaling]] = {
    "satorra_bentler": satorra_bentler,
    "scaled_shifted": scaled_shifted,
}


def saturated_measures(
    solution: Solution, plain: Mapping[str, float]
) -> dict[str, float]:
    """Compute the scaled and robust measures of a model that fits perfectly.

    Parameters
    ----------
    solution : Solution
        A fitted model without degrees of freedom.
    plain : mapping
        Its measures by the ordinary test.

    Returns
    -------
    dict
        Name to value, as in lavaan: the test has no factor, that of the baseline model
        has one; robust CFI and TLI exist where the robust test is one of its own, with
        missing answers and where all items are ordered.
    """
    options, found = solution.options, dict[str, float]()
    scaled, own = options.test != "standard", solution.family.observed
    if scaled:
        null = _baseline_scaling(solution, plain)
        found = _tests(plain, Scaling(factor=NAN), null)
        found["chisq_scaled"] = plain["chisq"]
        found |= _scaled_incremental(found) | dict.fromkeys(SCALED_RMSEA, NAN)
    elif not own:
        return found
    if options.test == "scaled_shifted":
        found |= dict.fromkeys(SCALED_RMSEA[:3], 0.0)
    robust = dict.fromkeys(ROBUST, NAN)
    ordinal = [group.sample.ordinal for group in solution.groups]
    if not any(one and one.order.continuous.size for one in ordinal):
        robust |= dict.fromkeys(ROBUST[4:7], 0.0)
        if own or options.ordered:
            robust |= dict.fromkeys(ROBUST[:4] + ROBUST[-2:], 1.0)
    return found | robust


def scaled_measures(solution: Solution, plain: Mapping[str, float]) -> dict[str, float]:
    """Compute the scaled and robust measures.

    Parameters
    ----------
    solution : Solution
        A fitted model with at least one degree of freedom.
    plain : mapping
        Its measures by the ordinary test.

    Returns
    -------
    dict
        Name to value; empty where there is neither a scaled test nor a robust index.
    """
    scaled = solution.options.test != "standard"
    tests = solution.family.robust_tests(
        solution.groups,
        solution.space.K,
        lambda: solution.inference,
        df=solution.df,
        scaled=scaled,
    )
    found: dict[str, float] = {}
    if scaled:
        model, null = model_scaling(solution), _baseline_scaling(solution, plain)
        found = _tests(plain, model, null)
        found |= _scaled_incremental(found)
        found |= _scaled_rmsea(plain, found, model, solution)
        tests = tests or (
            RobustTest(plain["chisq"], solution.df, solution.cases, model),
            RobustTest(
                plain["baseline_chisq"],
                int(plain["baseline_df"]),
                solution.cases,
                null,
            ),
        )
    if tests is None:
        return found
    if not all(np.isfinite([t.chisq, t.scaling.factor]).all() for t in tests):
        return found | dict.fromkeys(ROBUST, NAN)
    return {
        **found,
        **_robust_incremental(*tests),
        **_robust_rmsea(plain, tests[0], len(solution.groups)),
        **_robust_gfi(solution, plain, tests[0]),
    }


def _baseline_scaling(solution: Solution, plain: Mapping[str, float]) -> Scaling:
    """Scale the test of the baseline model."""
    inference = solution.family.baseline_inference(
        solution.groups, moment_based=solution.options.moment_based
    )
    return _scaling(solution, inference, int(plain["baseline_df"]))


def _scaling(solution: Solution, inference: Inference, df: int) -> Scaling:
    """Scale a test; no df or no positive factor scale nothing, hence NaN."""
    options = solution.options
    if not df:
        return Scaling(factor=NAN)
    if options.test == "yuan_bentler_mplus":
        plain = options.se != "robust_huber_white" and not solution.family.observed
        found = yuan_bentler_mplus(inference, df=df, expected=plain)
    else:
        found = SCALINGS[options.test](inference, df=df)
    return found if found.factor > 0 else Scaling(factor=NAN)


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
    return _scaling(solution, solution.inference, solution.df)


def _tests(
    plain: Mapping[str, float], model: Scaling, null: Scaling
) -> dict[str, float]:
    """Name the scaled tests and their factors."""
    df, df_null = int(plain["df"]), int(plain["baseline_df"])
    chisq, chisq_null = (
        model.scaled(plain["chisq"]),
        null.scaled(plain["baseline_chisq"]),
    )
    found = {
        "chisq_scaled": chisq,
        "df_scaled": df,
        "pvalue_scaled": indices.chi_square_pvalue(chisq=chisq, df=df),
        "chisq_scaling_factor": model.factor,
        "baseline_chisq_scaled": chisq_null,
        "baseline_df_scaled": df_null,
        "baseline_pvalue_scaled": indices.chi_square_pvalue(
            chisq=chisq_null, df=df_null
        ),
        "baseline_chisq_scaling_factor": null.factor,
    }
    if np.isfinite(model.h1):
        found |= {"scaling_factor_h1": model.h1, "scaling_factor_h0": model.h0}
    return found


def _scaled_incremental(tests: Mapping[str, float]) -> dict[str, float]:
    """Put the scaled tests into the incremental indices."""
    chisq, df = tests["chisq_scaled"], int(tests["df_scaled"])
    given = {
        "chisq": chisq,
        "df": df,
        "chisq_null": tests["baseline_chisq_scaled"],
        "df_null": int(tests["baseline_df_scaled"]),
    }
    tli = indices.tli(**given)
    return {
        "cfi_scaled": indices.cfi(**given),
        "tli_scaled": tli,
        "nnfi_scaled": tli,
        "rfi_scaled": indices.rfi(**given),
        "nfi_scaled": indices.nfi(**given),
        "pnfi_scaled": indices.pnfi(**given),
        "ifi_scaled": indices.ifi(chisq=chisq, df=df, chisq_null=given["chisq_null"]),
        "rni_scaled": indices.rni(**given),
    }


def _scaled_rmsea(
    plain: Mapping[str, float],
    tests: Mapping[str, float],
    model: Scaling,
    solution: Solution,
) -> dict[str, float]:
    """Put the scaled test into the RMSEA.

    Without a shift lavaan refers the plain statistic to c df degrees of freedom.
    """
    df = int(plain["df"])
    own = (plain["chisq"], model.factor * df)
    if model.shift:
        own = (tests["chisq_scaled"], float(df))
    given = indices.Tested(
        chisq=own[0], df=own[1], n=solution.cases, groups=len(solution.groups)
    )
    interval = indices.rmsea_interval(**given, level=plain["rmsea_ci_level"])
    close, far = plain["rmsea_close_h0"], plain["rmsea_notclose_h0"]
    return {
        "rmsea_scaled": indices.rmsea(**given),
        "rmsea_ci_lower_scaled": interval.lower,
        "rmsea_ci_upper_scaled": interval.upper,
        "rmsea_pvalue_scaled": indices.rmsea_close(**given, bound=close),
        "rmsea_notclose_pvalue_scaled": indices.rmsea_not_close(**given, bound=far),
    }


def _robust_incremental(model: RobustTest, null: RobustTest) -> dict[str, float]:
    """Estimate what the incremental indices would be in the population."""
    df, df_null = model.df, null.df
    over = model.chisq - model.scaling.constant(df) * df
    over_null = null.chisq - null.scaling.constant(df_null) * df_null
    worst = max(over, over_null, 0.0)
    tli = 1.0 - over * df_null / (over_null * df)
    return {
        "cfi_robust": 1.0 - max(over, 0.0) / worst if worst > 0 else 1.0,
        "tli_robust": tli,
        "nnfi_robust": tli,
        "rni_robust": 1.0 - over / over_null,
    }


def _robust_rmsea(
    plain: Mapping[str, float], model: RobustTest, groups: int
) -> dict[str, float]:
    """Estimate what the RMSEA would be in the population."""
    df, n, scaling = model.df, model.n, model.scaling
    close, far = plain["rmsea_close_h0"], plain["rmsea_notclose_h0"]
    root = float(np.sqrt(scaling.factor))
    given = indices.Tested(chisq=scaling.scaled(model.chisq), df=df, n=n, groups=groups)
    interval = indices.rmsea_interval(**given, level=plain["rmsea_ci_level"])
    over = max(model.chisq / n / df - scaling.constant(df) / n, 0.0)
    return {
        "rmsea_robust": float(np.sqrt(over * groups)),
        "rmsea_ci_lower_robust": interval.lower * root,
        "rmsea_ci_upper_robust": interval.upper * root,
        "rmsea_pvalue_robust": indices.rmsea_close(**given, bound=close / root),
        "rmsea_notclose_pvalue_robust": indices.rmsea_not_close(
            **given, bound=far / root
        ),
    }


def _robust_gfi(
    solution: Solution, plain: Mapping[str, float], model: RobustTest
) -> dict[str, float]:
    """Estimate what lavaan's GFI would be in the population.

    It rests on the residual-based statistic, unless the robust test has a statistic of
    its own.
    """
    df, n, p = model.df, model.n, len(solution.groups[0].compared.names)
    chisq, scaling = model.chisq, model.scaling
    if chisq == plain["chisq"]:
        chisq = solution.residual_chisq
    ncp = indices.noncentrality_interval(
        chisq=scaling.scaled(chisq), df=df, n=n, level=plain["gfi_ci_level"]
    )
    over = {
        "gfi_robust": chisq - scaling.constant(df) * df,
        "gfi_ci_lower_robust": scaling.factor * ncp.upper,
        "gfi_ci_upper_robust": scaling.factor * ncp.lower,
    }
    return {
        name: indices.gfi(noncentrality=value, n=n, p=p) for name, value in over.items()
    }
