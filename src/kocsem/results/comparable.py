"""Whether fits can be compared by a test of their difference.

In: fits with their names, ordered by degrees of freedom. Out: an error that says in
plain words what stands in the way and what to do; a finding where nesting is in doubt.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np

from kocsem.errors import DataError, EstimationError, KocsemError
from kocsem.findings import Finding
from kocsem.results.fit import Fit
from kocsem.results.nesting import PERFECT, Embedding, embed

SAME_MOMENTS = 1e-6  # difference in standard deviations that is rounding


def check_comparable(fits: Mapping[str, Fit]) -> None:
    """Refuse fits between which no test of a difference makes sense.

    Parameters
    ----------
    fits : mapping
        Two or more fits by name, ordered by degrees of freedom.

    Raises
    ------
    EstimationError
        When one of them did not converge.
    KocsemError
        When they differ in estimator, test, treatment of missing answers, mean
        structure or fixed covariates, or have the same degrees of freedom.
    DataError
        When they rest on different variables, groups or answers.
    """
    for name, fit in fits.items():
        if not fit.converged:
            raise EstimationError(
                f"{name} did not converge, so that nothing can be said of its "
                "difference from another model. Look at its findings first."
            )
    for (first, one), (second, other) in pairwise(fits.items()):
        names = f"{first} and {second}"
        _check_calls(names, one, other)
        _check_samples(names, one, other)
        if one.solution.df == other.solution.df:
            _refuse_same_df(names, one, other)


def check_nested(wider: str, restricted: str, embedding: Embedding) -> list[Finding]:
    """Refuse a model that is not a restriction of the other.

    Parameters
    ----------
    wider, restricted : str
        Names of the models.
    embedding : Embedding
        Where the second stands in the first.

    Returns
    -------
    list of Finding
        Where it is in doubt.

    Raises
    ------
    KocsemError
        When the second is not nested in the first.
    """
    if embedding.nested:
        return []
    found = f"{embedding.discrepancy:.2g}"
    if embedding.nested is False:
        raise KocsemError(
            f"{restricted} is not nested in {wider}: {wider} cannot imply the moments "
            f"that {restricted} implies; it comes as near as a discrepancy of {found}. "
            "The difference of their chi-squares has no chi-square distribution; "
            "compare aic and bic in their fit_measures instead."
        )
    return [
        Finding(
            code="nesting-in-doubt",
            severity="warning",
            subject=f"{restricted} and {wider}",
            message=f"Whether {restricted} is nested in {wider}, as the test supposes, "
            f"is in doubt: {wider} implies the moments that {restricted} implies up to "
            f"a discrepancy of {found}.",
            value=embedding.discrepancy,
            threshold=PERFECT,
        )
    ]


#: What both calls must have in common: how it is called, and where it is found.
_ALIKE: Mapping[str, Callable[[Fit], object]] = {
    "estimator": lambda fit: fit.options.estimator,
    "test": lambda fit: fit.options.test,
    "missing": lambda fit: fit.options.missing,
    "ordered": lambda fit: sorted(fit.table.variables.ordered),
    "meanstructure": lambda fit: fit.table.means,
    "group": lambda fit: fit.options.group,
    "cluster": lambda fit: fit.options.cluster,
    "sampling_weights": lambda fit: fit.options.weights,
}


def _check_calls(names: str, one: Fit, other: Fit) -> None:
    """Refuse fits that were asked for in different ways."""
    for option, found in _ALIKE.items():
        first, second = found(one), found(other)
        if first != second:
            raise KocsemError(
                f"{names} cannot be compared: {option} is {first!r} in one and "
                f"{second!r} in the other. Fit both with the same {option}=."
            )
    first, second = (
        {row.lhs for row in fit.table if row.exogenous} for fit in (one, other)
    )
    if first != second:
        listed = ", ".join(sorted(first ^ second))
        raise KocsemError(
            f"{names} cannot be compared: {listed} is a fixed covariate in one of them "
            "only. Fit both with fixed_x=False, or give both the same covariates."
        )


def _check_samples(names: str, one: Fit, other: Fit) -> None:
    """Refuse fits to different data."""
    if set(one.observed) != set(other.observed):
        listed = ", ".join(sorted({*one.observed} ^ {*other.observed}))
        raise DataError(
            f"{names} rest on different variables ({listed} in one of them only). "
            "Leave the variables in both models and fix their parameters instead."
        )
    if one.groups != other.groups:
        raise DataError(
            f"{names} have different groups, or the same in another order: "
            f"{', '.join(one.groups)}; {', '.join(other.groups)}. Fit both to the same "
            "frame."
        )
    at = [other.observed.index(name) for name in one.observed]
    for group, its in zip(one.solution.groups, other.solution.groups, strict=True):
        first, second = group.moments, its.moments
        sd = np.sqrt(np.diag(first.S))
        gaps = [(first.S - second.S[np.ix_(at, at)]) / np.outer(sd, sd)]
        if one.table.means:
            gaps.append((first.ybar - second.ybar[at]) / sd)
        apart = max(float(np.abs(gap).max()) for gap in gaps)
        if round(first.n) != round(second.n) or not apart < SAME_MOMENTS:
            place = f" in group {group.label}" if group.label else ""
            raise DataError(
                f"{names} rest on different answers{place}: n = {first.n:g} and "
                f"{second.n:g}, moments up to {apart:.2g} standard deviations apart. "
                "Fit both to the same rows."
            )


def _refuse_same_df(names: str, one: Fit, other: Fit) -> None:
    """Refuse models of the same size, and say whether they are the same model."""
    same = embed(one.solution, other.solution).nested
    why = (
        "and can imply the same moments: they are two ways to write one model"
        if same
        else "so that neither is a restriction of the other"
    )
    raise KocsemError(
        f"{names} have the same degrees of freedom ({one.solution.df}), {why}. There "
        "is no difference to test; compare other models"
        f"{'.' if same else ' or look at aic and bic in their fit_measures.'}"
    )
