"""The test of the difference between two solutions.

In: a wider and a restricted model, fitted to the same data. Out: a `Difference`. Which
formula is used is the caller's choice; sources are those of `core.comparison`.
"""

from dataclasses import dataclass, replace

import numpy as np

from kocsem.core import indices
from kocsem.core.comparison.difference_tests import (
    Reference,
    ScaledTest,
    difference_traces,
    mean_and_variance_scaled,
    mean_scaled,
    scaled_and_shifted,
    scaled_difference,
)
from kocsem.core.evidence import Inference
from kocsem.core.scaling import Scaling
from kocsem.errors import EstimationError, UnsupportedError
from kocsem.results.nesting import Embedding, moment_tangent
from kocsem.results.scaled import model_scaling
from kocsem.results.solution import Solution

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Plan:
    """How differences are tested.

    Attributes
    ----------
    method : str
        ``"standard"``, ``"satorra_bentler_2001"``, ``"satorra_bentler_2010"`` or
        ``"satorra_2000"``.
    exact : bool
        Whether restrictions are those of the parameters, not of the moments (Satorra,
        2000).
    shifted : bool
        Whether the statistic is scaled and shifted (Satorra, 2000).
    """

    method: str
    exact: bool
    shifted: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between a restricted and a wider model.

    Attributes
    ----------
    plain : float
        Difference of the two plain statistics.
    chisq : float
        The statistic; NaN where its scaling factor is not positive.
    df : float
        Its degrees of freedom, a whole number unless its variance is scaled too.
    factor : float
        What the plain difference was divided by.
    rmsea : float
        Of the difference; NaN without a statistic, and where answers are missing.
    """

    plain: float
    chisq: float
    df: float
    factor: float
    rmsea: float

    @property
    def pvalue(self) -> float:
        """The upper tail of the chi-square distribution."""
        return indices.chi_square_pvalue(chisq=self.chisq, df=self.df)


def difference(
    wider: Solution, restricted: Solution, embedding: Embedding, plan: Plan
) -> Difference:
    """Test the difference between two models.

    Parameters
    ----------
    wider, restricted : Solution
        Fits to the same data, the second with more degrees of freedom.
    embedding : Embedding
        Where the restricted model stands in the wider one.
    plan : Plan
        How to test the difference.

    Returns
    -------
    Difference
        The statistic and what belongs to it.

    Raises
    ------
    UnsupportedError
        When the restrictions cannot be found in the way that was asked for.
    EstimationError
        When the wider model cannot be evaluated where the test needs it.
    """
    plain, df = restricted.chisq - wider.chisq, restricted.df - wider.df
    reference = _reference(wider, restricted, embedding, plan)
    scaling = reference.scaling
    exists = scaling.factor > 0
    # lavaan leaves the RMSEA of a shifted difference without a factor
    shifted = plan.method == "satorra_2000" and plan.shifted
    over = plain / df - (1.0 if shifted else scaling.factor)
    rmsea = float(np.sqrt(max(over, 0.0) / wider.sample.n * len(wider.groups)))
    complete = wider.options.missing == "listwise"
    return Difference(
        plain=plain,
        chisq=scaling.scaled(plain) if exists else NAN,
        df=reference.df,
        factor=scaling.factor,
        rmsea=rmsea if exists and complete else NAN,
    )


def _reference(
    wider: Solution, restricted: Solution, embedding: Embedding, plan: Plan
) -> Reference:
    """Find what brings the plain difference to its reference distribution."""
    if plan.method == "standard":
        return Reference(scaling=Scaling(factor=1.0), df=restricted.df - wider.df)
    if plan.method == "satorra_2000":
        return _satorra_2000(wider, restricted, embedding, plan)
    at = wider
    if plan.method == "satorra_bentler_2010":
        at = _moved(wider, embedding)
    return scaled_difference(restricted=_tested(restricted), wider=_tested(at))


def _tested(solution: Solution) -> ScaledTest:
    """Return the scaled test of a model; there is none without df."""
    factor = model_scaling(solution).factor if solution.df else NAN
    return ScaledTest(chisq=solution.chisq, df=solution.df, factor=factor)


def _moved(wider: Solution, embedding: Embedding) -> Solution:
    """Return the wider model at the parameters of the restricted one."""
    point = wider.problem.at(embedding.x)
    if point is None:
        raise EstimationError(
            "The wider model cannot be evaluated at the estimates of the restricted "
            "one, so that method='satorra_bentler_2010' has no number. Take "
            "method='satorra_2000'."
        )
    return replace(wider, optimum=replace(wider.optimum, point=point))


def _satorra_2000(
    wider: Solution, restricted: Solution, embedding: Embedding, plan: Plan
) -> Reference:
    """Scale by the traces of the difference, at the wider model's estimates."""
    if wider.options.missing == "fiml":
        raise UnsupportedError(
            "method='satorra_2000' rests on sample moments, which answers with holes "
            "do not have. Take method='satorra_bentler_2001'."
        )
    tangent = embedding.tangent
    if not plan.exact:
        tangent = moment_tangent(wider, restricted)
    elif tangent is None:
        raise UnsupportedError(
            "a_method='exact' needs a model that only fixes or ties parameters of the "
            "other one; here other parameters are free as well. Take a_method='delta'."
        )
    parts = wider.inference
    if not wider.options.moment_based:
        parts = Inference(
            groups=tuple(
                wider.family.evidence(group, moment_based=True)
                for group in wider.groups
            ),
            K=wider.space.K,
        )
    observed = wider.family.observed or wider.options.se == "robust_huber_white"
    traces = difference_traces(
        parts,
        information=parts.joined("observed" if observed else "expected"),
        tangent=tangent,
    )
    df = restricted.df - wider.df
    if plan.shifted:
        return scaled_and_shifted(traces, df=df)
    if wider.options.test == "scaled_shifted":
        return mean_and_variance_scaled(traces)
    return mean_scaled(traces, df=df)
