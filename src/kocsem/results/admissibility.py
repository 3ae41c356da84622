"""Admissibility: whether a researcher may interpret the solution.

In: a `Solution`. Out: findings, each with a code that can be quoted. Source: the checks
of lavaan's post.check and of cSEM's verify(); Bollen (1989), chapter 8, on Heywood
cases.
"""

import numpy as np

from kocsem.core.moments import Array
from kocsem.findings import Finding
from kocsem.results.group import Group
from kocsem.results.solution import NO_INFORMATION, WEAK_INFORMATION, Solution
from kocsem.results.standardized import standardized_function


def admissibility(solution: Solution) -> tuple[Finding, ...]:
    """Check a solution.

    Parameters
    ----------
    solution : Solution
        The fitted model.

    Returns
    -------
    tuple of Finding
        Empty when there is nothing to say.
    """
    standardized = standardized_function(solution, "std_all")(solution.x)
    found = [
        *solution.sample.findings,
        *_convergence(solution),
        *_at_bounds(solution),
    ]
    end = 0
    for group in solution.groups:
        start, end = end, end + len(group.rows)
        found += _negative_variances(group)
        found += _large_loadings(group, standardized[start:end])
        found += _latent_covariance(group)
    return (*found, *_information(solution))


def _convergence(solution: Solution) -> list[Finding]:
    """Report an optimiser that stopped early."""
    optimum = solution.optimum
    if optimum.converged:
        return []
    advice = "Check the model, the scale of the items, or give start values."
    if solution.identification.smallest < NO_INFORMATION:
        advice = (
            f"Estimates run off without bound ({', '.join(weak_parameters(solution))}),"
            " as where a variance would have to be negative: look at the model without "
            "std_lv=, or with bounds='standard'."
        )
    return [
        Finding(
            code="not-converged",
            severity="error",
            subject="model",
            message=f"The optimiser stopped after {optimum.iterations} steps before it "
            f"reached a solution; no number of this fit may be used. {advice}",
            value=optimum.decrement,
        )
    ]


def _at_bounds(solution: Solution) -> list[Finding]:
    """Report estimates that a bound holds back."""
    bounds = solution.bounds
    if bounds is None:
        return []
    rows, x = solution.table.free_rows, solution.x
    held = np.flatnonzero((x <= bounds.lower) | (x >= bounds.upper))
    return [
        Finding(
            code="estimate-at-bound",
            severity="warning",
            subject=rows[i].name,
            message=f"{rows[i].name} is at its bound, {x[i]:.4g}: without the bound "
            "the estimate would lie beyond. Its standard error, and the test of the "
            "model, are not those of an estimate inside.",
            value=float(x[i]),
        )
        for i in held
    ]


def _place(group: Group) -> str:
    """Name the group in a message, if there is more than one."""
    return f" in group {group.label}" if group.label else ""


def _negative_variances(group: Group) -> list[Finding]:
    """Report negative variances (Heywood cases)."""
    return [
        Finding(
            code="negative-variance",
            severity="error",
            subject=row.text,
            message=f"The variance of {row.lhs}{_place(group)} is estimated at "
            f"{value:.4g}. A variance cannot be negative: the model is misspecified "
            "for this variable, or the sample too small.",
            value=float(value),
            threshold=0.0,
        )
        for row, value in zip(group.rows, group.values, strict=True)
        if row.is_variance and row.free and value < 0
    ]


def _large_loadings(group: Group, values: Array) -> list[Finding]:
    """Report standardised loadings beyond 1."""
    twice = [row.rhs for row in group.rows if row.op == "=~"]
    return [
        Finding(
            code="loading-above-one",
            severity="warning" if twice.count(row.rhs) > 1 else "error",
            subject=row.text,
            message=f"The standardised loading of {row.rhs} on {row.lhs}"
            f"{_place(group)} is {value:.3f}, beyond 1 in absolute value. With one "
            "factor an item cannot have more than all of its variance explained.",
            value=float(value),
            threshold=1.0,
        )
        for row, value in zip(group.rows, values, strict=True)
        if row.op == "=~" and np.isfinite(value) and abs(value) > 1 + 1e-9
    ]


def _latent_covariance(group: Group) -> list[Finding]:
    """Report latent covariances that are not positive definite."""
    latent = group.table.variables.latent
    if not latent:
        return []
    at = [group.layout.factors.index(name) for name in latent]
    Phi = group.implied.Phi[np.ix_(at, at)]
    variances = np.diag(Phi)
    sd = np.sqrt(np.where(variances > 0, variances, 1.0))
    values, vectors = np.linalg.eigh(Phi / np.outer(sd, sd))
    if values[0] > 1e-8:
        return []
    names = [latent[i] for i in np.argsort(-np.abs(vectors[:, 0]))[:2]]
    return [
        Finding(
            code="latent-covariance-not-positive-definite",
            severity="error",
            subject=", ".join(sorted(names)),
            message=f"The covariance matrix of the latent variables{_place(group)} is "
            f"not positive definite; look first at {' and '.join(names)}: a "
            "correlation beyond 1, or one factor that the others determine.",
            value=float(values[0]),
            threshold=0.0,
        )
    ]


def _information(solution: Solution) -> list[Finding]:
    """Report information that is nearly singular."""
    if solution.well_identified:
        return []
    weakest = solution.identification
    if weakest.smallest > WEAK_INFORMATION:
        return []
    names = weak_parameters(solution)
    return [
        Finding(
            code="near-singular-information",
            severity="warning",
            subject=", ".join(names),
            message="The data hardly tell these parameters apart: "
            f"{', '.join(names)}. Their standard errors are not to be trusted.",
            value=weakest.smallest,
            threshold=WEAK_INFORMATION,
        )
    ]


def weak_parameters(solution: Solution, limit: int = 4) -> list[str]:
    """Name the parameters in the weakest direction of the information.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    limit : int, default 4
        How many to name.

    Returns
    -------
    list of str
        The most involved first.
    """
    scale = np.sqrt(np.maximum(np.diag(solution.expected_information), 0.0))
    weight = np.abs(solution.identification.direction) * np.where(scale > 0, scale, 1.0)
    order = [i for i in np.argsort(-weight) if weight[i] > 0.1 * weight.max()]
    return [solution.table.free_rows[i].text for i in order[:limit]]
