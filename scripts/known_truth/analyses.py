"""What is done with the answers of one replication.

In: a sample size and the number of a replication. Out: for every analysis estimates,
standard errors and limits of the quantities that have a known value, and p values of
the tests. An analysis is a call of `kocsem.sem` as a researcher would write it.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import kocsem
from known_truth.population import (
    HEAVY,
    ITEMS,
    NORMAL,
    ROUNDED,
    SKIPPED,
    FloatArray,
    covariance,
    draw,
    model_text,
    rounded_covariance,
)
from kocsem.errors import KocsemError, KocsemWarning

MONTE_CARLO_DRAWS, BOOTSTRAP_DRAWS, BOLLEN_STINE_DRAWS = 2000, 1000, 300
WALD, MONTE_CARLO, PERCENTILE, BCA = "Wald", "Monte-Carlo", "percentile", "BCa"
KINDS = {"=~": "loading", "~": "path", ":=": "indirect effect"}
COLUMNS = ["est", "se", "ci_lower", "ci_upper"]

MODEL, BOLLEN_STINE = "model", "model, Bollen-Stine"
ZERO_PATH, MEDIATION = "AL has no direct effect", "trust mediates everything"
DIFFERENCE = ", difference"

#: Predictors of purchase intention in a model that holds, and in one that does not.
RESTRICTED = {ZERO_PATH: ("TR", "CA", "IQ"), MEDIATION: ("TR",)}


@dataclass(frozen=True)
class Analysis:
    """One way to analyse one kind of answers.

    Attributes
    ----------
    answers : str
        The kind of answers.
    label : str
        What the analysis is called.
    options : mapping
        What `kocsem.sem` is asked for.
    restricted : bool
        Whether the restricted models are fitted and compared as well.
    monte_carlo, bootstrap : bool
        Whether these limits of indirect effects are wanted.
    bollen_stine : bool
        Whether the model is tested by the bootstrap, too.
    """

    answers: str
    label: str
    options: Mapping[str, Any]
    restricted: bool = False
    monte_carlo: bool = False
    bootstrap: bool = False
    bollen_stine: bool = False


def _by_estimator(answers: str, *labels: str, **more: bool) -> Iterator[Analysis]:
    """Analyse complete answers as continuous by several estimators."""
    for label in labels:
        yield Analysis(answers, label, {"estimator": label}, **more)


RESAMPLED = {"monte_carlo": True, "bootstrap": True}
ANALYSES = (
    *_by_estimator(NORMAL, "ML", restricted=True, bollen_stine=True, **RESAMPLED),
    *_by_estimator(NORMAL, "MLR", monte_carlo=True),
    *_by_estimator(NORMAL, "MLM", "MLMV", "GLS", "ULS"),
    *_by_estimator(HEAVY, "ML", restricted=True, bollen_stine=True, **RESAMPLED),
    *_by_estimator(HEAVY, "MLR", restricted=True, monte_carlo=True),
    *_by_estimator(HEAVY, "MLM", "MLMV", restricted=True),
    *_by_estimator(ROUNDED, "ML", **RESAMPLED),
    *_by_estimator(ROUNDED, "MLR", monte_carlo=True),
    *_by_estimator(ROUNDED, "MLM", "MLMV"),
    Analysis(ROUNDED, "WLSMV", {"ordered": True}, restricted=True, monte_carlo=True),
    Analysis(ROUNDED, "ULSMV", {"ordered": True, "estimator": "ULSMV"}),
    Analysis(SKIPPED, "FIML", {"missing": "fiml"}),
    Analysis(SKIPPED, "FIML, MLR", {"missing": "fiml", "estimator": "MLR"}),
    Analysis(SKIPPED, "listwise", {}),
)


@dataclass(frozen=True)
class Outcome:
    """What one analysis of one sample gave.

    Attributes
    ----------
    converged, admissible : bool
        Whether there are estimates, and whether no finding is an error.
    values : mapping of str to ndarray of shape (q, 4)
        By kind of interval: estimate, standard error, lower and upper limit of each
        quantity; NaN where the interval does not exist.
    pvalues : mapping of str to float
        By name of the test; NaN where it has no p value.
    """

    converged: bool
    admissible: bool
    values: Mapping[str, FloatArray] = field(default_factory=dict)
    pvalues: Mapping[str, float] = field(default_factory=dict)


def _shown(frame: pd.DataFrame, *, markers: bool) -> NDArray[np.bool_]:
    """Tell which rows of a frame of parameters are loadings, paths and effects."""
    op, rhs = frame["op"].to_numpy(), frame["rhs"].to_numpy()
    fixed = [o == "=~" and r.endswith("1") for o, r in zip(op, rhs, strict=True)]
    return np.asarray(np.isin(op, list(KINDS)) & (markers | ~np.array(fixed)))


def quantities(fit: kocsem.Fit) -> FloatArray:
    """Take estimate, standard error and limits of every quantity, shape (q, 4)."""
    own = fit.parameters
    std = fit.standardized().rename(columns={"est_std": "est"})
    return np.concatenate(
        [
            own.loc[_shown(own, markers=False), COLUMNS].to_numpy(),
            std.loc[_shown(std, markers=True), COLUMNS].to_numpy(),
        ]
    )


@cache
def truth(answers: str) -> pd.DataFrame:
    """Return the value of every quantity in the population: kind name value.

    Values are the estimates from the exact moments: for normal answers, whatever their
    tails and gaps, and for the responses behind answers on five points the parameters
    that the population was made of; for answers on five points that are taken as
    continuous the parameters that maximum likelihood tends to.
    """
    S = rounded_covariance() if answers == ROUNDED else covariance()
    names = list(ITEMS)
    printed = pd.DataFrame(S, index=names, columns=names)
    fit = kocsem.sem(model_text(), sample_cov=printed, sample_nobs=1000)
    parts = []
    for prefix in ("", "standardised "):
        rows = fit.parameters
        rows = rows[_shown(rows, markers=bool(prefix))]
        loading = rows["lhs"] + "_" + rows["rhs"]
        name = rows["label"].where(rows["op"] != "=~", loading)
        parts.append(
            pd.DataFrame({"kind": prefix + rows["op"].map(KINDS), "name": name})
        )
    return pd.concat(parts, ignore_index=True).assign(value=quantities(fit)[:, 0])


def estimand(analysis: Analysis) -> FloatArray:
    """Return what an analysis estimates, shape (q,)."""
    ordered = "ordered" in analysis.options
    return np.array(truth(NORMAL if ordered else analysis.answers)["value"])


def replication(n: int, number: int) -> tuple[Outcome, ...]:
    """Draw one sample and analyse it in every way."""
    answers = draw(n, number)
    return tuple(analyse(one, answers[one.answers], number) for one in ANALYSES)


def analyse(analysis: Analysis, data: pd.DataFrame, number: int) -> Outcome:
    """Analyse one sample in one way."""
    failed = Outcome(converged=False, admissible=False)
    try:
        fit = kocsem.sem(model_text(), data, **analysis.options)
    except KocsemError:
        return failed
    if not fit.converged:
        return failed
    values = {WALD: quantities(fit)}
    pvalues = {MODEL: _pvalue(fit)}
    if analysis.monte_carlo:
        values[MONTE_CARLO] = _monte_carlo(fit, number)
    if analysis.bootstrap:
        values |= _bootstrap(fit, number)
    if analysis.bollen_stine:
        pvalues[BOLLEN_STINE] = fit.bollen_stine(BOLLEN_STINE_DRAWS, seed=number).pvalue
    if analysis.restricted:
        pvalues |= _restricted(analysis, data, fit)
    return Outcome(
        converged=True,
        admissible=all(finding.severity != "error" for finding in fit.findings),
        values=values,
        pvalues=pvalues,
    )


def _pvalue(fit: kocsem.Fit) -> float:
    """Return the p value of the model test that the estimator stands for."""
    return float(fit.reported_measures["pvalue"])


def _indirect_only(rows: pd.DataFrame) -> FloatArray:
    """Put rows of the indirect effects among the other quantities, shape (q, 4)."""
    kind = truth(NORMAL)["kind"]
    result = np.full((len(kind), len(COLUMNS)), np.nan)
    result[kind == KINDS[":="]] = rows[COLUMNS].to_numpy()
    return result


def _monte_carlo(fit: kocsem.Fit, seed: int) -> FloatArray:
    """Find Monte-Carlo limits of the indirect effects."""
    effects = fit.effects(
        interval="monte_carlo", replicates=MONTE_CARLO_DRAWS, seed=seed
    ).set_index("effect")
    names = truth(NORMAL).query(f"kind == '{KINDS[':=']}'")["name"]
    return _indirect_only(effects.loc[[n.replace("_", " -> ") for n in names]])


def _bootstrap(fit: kocsem.Fit, seed: int) -> dict[str, FloatArray]:
    """Find bootstrap limits of the indirect effects, two kinds from the same draws."""
    one = fit.bootstrap(BOOTSTRAP_DRAWS, interval="percentile", seed=seed)
    other = replace(one, request=replace(one.request, interval="bca"))
    return {
        name: _indirect_only(boot.parameters.query("op == ':='"))
        for name, boot in ((PERCENTILE, one), (BCA, other))
    }


def _restricted(
    analysis: Analysis, data: pd.DataFrame, fit: kocsem.Fit
) -> dict[str, float]:
    """Test the restricted models, and their difference from the full one."""
    pvalues = {}
    for name, intention in RESTRICTED.items():
        other = kocsem.sem(model_text(intention), data, **analysis.options)
        pvalues[name] = _pvalue(other)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KocsemWarning)  # no test: counted as NaN
            found = kocsem.compare(fit, other)
        pvalues[name + DIFFERENCE] = float(found["pvalue"].iloc[-1])
    return pvalues
