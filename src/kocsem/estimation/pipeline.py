"""From a parameter table and a sample to a `Fit`.

In: what was asked, as records. Out: the fitted model. Each step is a function of a room
below; the order of the steps is this module's only knowledge.
"""

from dataclasses import replace

import numpy as np

from kocsem.core.inference import identification
from kocsem.core.optimiser.optimise import AffineSpace, Bounds, Optimum, search
from kocsem.data.sample import Sample
from kocsem.errors import EstimationError, IdentificationError, UnsupportedError
from kocsem.estimation.pose import Posed, pose
from kocsem.estimation.resampler import Resampler
from kocsem.estimation.semopy_engine import semopy_optimum
from kocsem.estimation.starts import STARTS, plain_starts, start_values
from kocsem.model.bounds import PROFILES, parameter_bounds
from kocsem.model.constraints import constraint_space
from kocsem.model.options import Options
from kocsem.model.table import ParameterTable
from kocsem.results.admissibility import weak_parameters
from kocsem.results.families import family_for
from kocsem.results.family import Family
from kocsem.results.fit import Fit
from kocsem.results.solution import NO_INFORMATION, Solution

NEIGHBOURS = 5  # points at which a model is asked whether it is identified at all
SETTLED = 1e-9  # Newton decrement from which on the information is the optimum's


def fit_table(table: ParameterTable, sample: Sample, options: Options) -> Fit:
    """Fit a parameter table to a sample.

    Parameters
    ----------
    table : ParameterTable
        The model.
    sample : Sample
        The data.
    options : Options
        What was asked.

    Returns
    -------
    Fit
        The fitted model.

    Raises
    ------
    IdentificationError
        When there are more parameters than moments, or a direction in the parameters
        about which the moments say nothing.
    EstimationError
        When no start gives a positive definite implied covariance matrix.
    """
    space, family = constraint_space(table), family_for(options)
    _count_moments(table, sample, space, family)
    posed = pose(table, sample, space, family)
    bounds = _bounds(posed, options)
    if options.engine == "semopy":
        start = posed.start(start_values)
        optimum = semopy_optimum(table, sample, posed.problem, space, start)
    else:
        optimum = _optimum(posed, bounds)
    solution = Solution(
        table=table,
        layouts=posed.layouts,
        sample=sample,
        space=space,
        problem=posed.problem,
        optimum=optimum,
        options=options,
        family=family,
        bounds=bounds,
    )
    if optimum.decrement < SETTLED and not solution.well_identified:
        solution = _judged(solution, posed)
    return Fit(
        solution=solution,
        resampler=Resampler(posed=posed, family=family, options=options, bounds=bounds),
    )


def _judged(solution: Solution, posed: Posed) -> Solution:
    """Refuse a model with a direction about which the moments say nothing.

    Where they say something at other values, it is the solution that ran to where they
    do not, such as a loading without bound: that is no optimum.
    """
    if solution.identification.smallest >= NO_INFORMATION:
        return solution
    if _identified_elsewhere(posed):
        return replace(solution, optimum=replace(solution.optimum, converged=False))
    names = ", ".join(weak_parameters(solution))
    raise IdentificationError(
        "The model is not identified: the data cannot tell these parameters apart: "
        f"{names}. Fix one of them, or give the factor more indicators."
    )


def _identified_elsewhere(posed: Posed) -> bool:
    """Look at values near the start at which no parameter happens to be zero."""
    rng = np.random.default_rng(1)
    z = posed.space.coordinates(posed.start(plain_starts))
    for _ in range(NEIGHBOURS):
        size = np.where(z == 0, 0.2, 0.2 * np.abs(z))
        near = posed.space.point(z + size * rng.uniform(0.5, 1.0, z.size))
        point = posed.problem.at(near)
        if point is not None:
            information = posed.problem.derivatives(point).expected()
            found = identification(information=information, K=posed.space.K)
            if found.smallest >= NO_INFORMATION:
                return True
    return False


def _count_moments(
    table: ParameterTable, sample: Sample, space: AffineSpace, family: Family
) -> None:
    """Refuse a model with more parameters than moments."""
    moments = sum(
        family.moment_count(group, means=table.means) for group in sample.groups
    )
    moments -= table.known_count
    free = space.K.shape[1]
    if free > moments:
        raise IdentificationError(
            f"The model is not identified: {free} free parameters, but only {moments} "
            f"sample moments (df = {moments - free}). Add indicators, or fix "
            "parameters."
        )


def _bounds(posed: Posed, options: Options) -> Bounds | None:
    """Derive the bounds that were asked for."""
    if options.bounds == "none":
        return None
    K = posed.space.K
    single = ((K == 0) | (K == 1)).all() and (K.sum(axis=1) == 1).all()
    if not single or posed.space.offset.any():
        raise UnsupportedError(
            "bounds= goes with equal labels, not with other == constraints; remove one "
            "of the two."
        )
    if options.engine == "semopy":
        raise UnsupportedError("bounds= is for engine='kocsem'.")
    variances = [
        dict(zip(posed.sample.names, group.variances, strict=True))
        for group in posed.sample.groups
    ]
    return parameter_bounds(
        parts=posed.parts,
        variances=variances,
        std_lv=options.std_lv,
        profile=PROFILES[options.bounds],
    )


def _optimum(posed: Posed, bounds: Bounds | None) -> Optimum:
    """Minimise the discrepancy, from plainer starts when the first leads nowhere."""
    starts = (posed.completed(posed.start(choice)) for choice in STARTS)
    found = search(
        problem=posed.problem, starts=starts, space=posed.space, bounds=bounds
    )
    if found is None:
        raise EstimationError(
            "The implied covariance matrix is not positive definite at the start "
            "values. Check the fixed values and start() values in the model."
        )
    return found
