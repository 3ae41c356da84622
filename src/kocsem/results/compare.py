"""compare(): nested models side by side, with tests of their differences.

In: fits to the same data. Out: a frame, one row a model, like lavaan's lavTestLRT().
The difference of two plain statistics is a chi-square statistic under normality;
without it the difference is scaled. Sources: Satorra and Bentler (2001, 2010); Satorra
(2000); Savalei, Brace and Fouladi (2024) for the RMSEA of a difference.
"""

import warnings
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from kocsem.errors import KocsemError, KocsemWarning, UnsupportedError
from kocsem.findings import Finding
from kocsem.model.options import check_flag, choose
from kocsem.results.comparable import check_comparable, check_nested
from kocsem.results.difference import Difference, Plan, difference
from kocsem.results.fit import Fit
from kocsem.results.nesting import embed

NAN = float("nan")
METHODS = (
    "default",
    "standard",
    "satorra_bentler_2001",
    "satorra_bentler_2010",
    "satorra_2000",
)
#: Tests whose statistic is divided by a factor and not shifted.
MEAN_SCALED = ("satorra_bentler", "yuan_bentler_mplus")
BETTER = 6.1e-6  # by how much a restricted model may seem to fit better, by rounding


def compare(
    *fits: Fit,
    method: str = "default",
    a_method: str = "delta",
    scaled_shifted: bool = True,
    **named: Fit,
) -> pd.DataFrame:
    """Compare nested models by tests of their differences.

    Parameters
    ----------
    *fits : Fit
        Two or more fits to the same data, in any order; they are called fit1, fit2 ...
    method : str, default "default"
        ``"standard"`` is the likelihood-ratio test. Fits with a scaled test are
        compared by ``"satorra_bentler_2001"``, ``"satorra_bentler_2010"`` or
        ``"satorra_2000"``; the default is the first of them for fits by MLR or MLM, the
        last for fits with a scaled and shifted test.
    a_method : {"delta", "exact"}, default "delta"
        With ``"satorra_2000"``: whether the restrictions are found from the moments, or
        from parameters that are fixed or tied.
    scaled_shifted : bool, default True
        With ``"satorra_2000"``: whether the statistic is shifted. Otherwise it is
        scaled by its mean, or by mean and variance after a scaled and shifted test,
        with degrees of freedom that are no whole number.
    **named : Fit
        Fits with names of your own: ``compare(configural=fit1, metric=fit2)``.

    Returns
    -------
    DataFrame
        model df aic bic chisq chisq_diff rmsea df_diff pvalue, ordered by df. chisq is
        the plain statistic; the last four columns are about the difference from the
        row above. ``frame.attrs`` holds the ``"method"`` and the ``"findings"``.

    Raises
    ------
    KocsemError
        When the fits cannot be compared; the message says why.

    Warns
    -----
    KocsemWarning
        For each finding, such as a difference that has no test.

    Notes
    -----
    The equivalent lavaan call is ``lavTestLRT(fit1, fit2)``.

    Examples
    --------
    >>> import kocsem, numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> items = 0.8 * rng.normal(size=(300, 1)) + 0.6 * rng.normal(size=(300, 4))
    >>> data = pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])
    >>> free = kocsem.cfa("f =~ x1 + x2 + x3 + x4", data)
    >>> equal = kocsem.cfa("f =~ x1 + 1*x2 + 1*x3 + 1*x4", data)
    >>> found = kocsem.compare(congeneric=free, tau_equivalent=equal)
    >>> found[["model", "df", "df_diff"]]
                model  df  df_diff
    0      congeneric   2      NaN
    1  tau_equivalent   5      3.0
    """
    ordered = _ordered(fits, named)
    check_comparable(ordered)
    plan = _plan(ordered, method, a_method, scaled_shifted)
    steps, findings = [], []
    for (wider, one), (restricted, other) in pairwise(ordered.items()):
        embedding = embed(one.solution, other.solution)
        findings += check_nested(wider, restricted, embedding)
        step = difference(one.solution, other.solution, embedding, plan)
        findings += _remarks(wider, restricted, step, plan)
        steps.append(step)
    for finding in findings:
        warnings.warn(finding.message, KocsemWarning, stacklevel=2)
    frame = _frame(ordered, steps)
    frame.attrs = {"method": plan.method, "findings": tuple(findings)}
    return frame


def _ordered(fits: tuple[Fit, ...], named: Mapping[str, Fit]) -> dict[str, Fit]:
    """Name the fits and order them by degrees of freedom."""
    found = {f"fit{number}": fit for number, fit in enumerate(fits, start=1)}
    twice = found.keys() & named.keys()
    if twice:
        raise KocsemError(
            f"The name {min(twice)} is taken by a fit that was given without a name."
        )
    found |= named
    for name, fit in found.items():
        if not isinstance(fit, Fit):
            raise KocsemError(
                f"compare() takes fits of sem() and cfa(); {name} is of type "
                f"{type(fit).__name__}."
            )
    if len(found) < 2:
        raise KocsemError(
            "compare() needs two fits or more. The test of a single model is in its "
            "fit_measures."
        )
    return dict(sorted(found.items(), key=lambda item: item[1].solution.df))


def _plan(
    fits: Mapping[str, Fit], method: str, a_method: str, scaled_shifted: bool
) -> Plan:
    """Check the choices and settle what the default is."""
    test = next(iter(fits.values())).options.test
    spelled = method.replace(".", "_") if isinstance(method, str) else method
    chosen = choose("method", spelled, METHODS)
    if chosen == "default":
        chosen = "standard" if test == "standard" else "satorra_2000"
        if test in MEAN_SCALED:
            chosen = "satorra_bentler_2001"
    if chosen != "standard" and test == "standard":
        raise UnsupportedError(
            f"method={method!r} scales the difference of fits with a scaled test, and "
            "these have the standard one. Fit them with estimator='MLR' or 'MLM', or "
            "take method='standard'."
        )
    if chosen.startswith("satorra_bentler") and test not in MEAN_SCALED:
        raise UnsupportedError(
            f"method={method!r} needs tests that are scaled and not shifted; these "
            f"fits have test={test!r}. Take method='satorra_2000'."
        )
    return Plan(
        method=chosen,
        exact=choose("a_method", a_method, ("delta", "exact")) == "exact",
        shifted=check_flag("scaled_shifted", scaled_shifted),
    )


def _remarks(
    wider: str, restricted: str, found: Difference, plan: Plan
) -> list[Finding]:
    """Say what a reader must know of a difference."""
    names = f"{restricted} and {wider}"
    remarks = []
    if found.plain < -BETTER:
        remarks.append(
            Finding(
                code="restricted-model-fits-better",
                severity="warning",
                subject=names,
                message=f"{restricted} has a smaller chi-square than {wider}, by "
                f"{-found.plain:.4g}, though it is a restriction of it: {wider} ended "
                "in a minimum that is not the lowest. Give it start values.",
                value=found.plain,
                threshold=0.0,
            )
        )
    if not found.factor > 0:
        first = plan.method == "satorra_bentler_2001"
        how = f"is {found.factor:.4g}"
        if np.isnan(found.factor):
            how = "does not exist, because that of one of the models is not positive"
        remarks.append(
            Finding(
                code="negative-scaling-factor",
                severity="warning",
                subject=names,
                message=f"The scaling factor of the difference between {names} {how}. "
                "Only by a positive number can a chi-square statistic be divided, so "
                "that there is no such test. Take method="
                f"{'satorra_bentler_2010' if first else 'satorra_2000'!r}.",
                value=found.factor,
                threshold=0.0,
            )
        )
    return remarks


def _frame(fits: Mapping[str, Fit], steps: Sequence[Difference]) -> pd.DataFrame:
    """Put the models under each other, and beside each what it differs by."""
    measures = [fit.fit_measures for fit in fits.values()]
    return pd.DataFrame(
        {
            "model": list(fits),
            "df": [fit.solution.df for fit in fits.values()],
            "aic": [found.get("aic", NAN) for found in measures],
            "bic": [found.get("bic", NAN) for found in measures],
            "chisq": [fit.solution.chisq for fit in fits.values()],
            "chisq_diff": [NAN, *(step.chisq for step in steps)],
            "rmsea": [NAN, *(step.rmsea for step in steps)],
            "df_diff": [NAN, *(step.df for step in steps)],
            "pvalue": [NAN, *(step.pvalue for step in steps)],
        }
    )
