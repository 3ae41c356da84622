"""The test that a model fitted to data with holes would face without them.

In: models fitted by full information. Out: the chi-square statistic of complete data at
the saturated moments, with the constant c of which df times c is its mean. Holes blur
the ordinary statistic, and so the indices made of it; these do not depend on them.
Source: Zhang and Savalei (2023), FIML-C with the weights V6 (normal data) and V3
(robust); lavaan's definitions.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from kocsem.core.incomplete.full_information import FullInformation
from kocsem.core.inference import constrained_inverse
from kocsem.core.maximum_likelihood import evaluate, log_determinant
from kocsem.core.moments import Array, Mask
from kocsem.core.problem import Point
from kocsem.core.scaling import Scaling
from kocsem.core.structure import jacobian


@dataclass(frozen=True, slots=True)
class Completion:
    """What the test without holes needs of one group, per case.

    With W the information about the saturated moments of complete data, A that of the
    data with holes, J the covariance of the scores, and Delta the Jacobian of the
    moments at the estimates.

    Attributes
    ----------
    n : float
        Number of cases; the sum of the weights where cases are weighted.
    discrepancy : float
        The ML discrepancy between the implied and the saturated moments; NaN where one
        of these has no estimate, because two variables are never observed together.
    complete, incomplete, meat : ndarray of shape (k, k)
        Delta' W Delta, Delta' A Delta and Delta' J Delta.
    cross : ndarray of shape (k, k)
        Delta' J A^-1 W Delta.
    trace, robust_trace : float
        tr(W A^-1) and tr(W A^-1 J A^-1).
    """

    n: float
    discrepancy: float
    complete: Array
    incomplete: Array
    meat: Array
    cross: Array
    trace: float
    robust_trace: float


@dataclass(frozen=True, slots=True)
class CompleteDataTest:
    """The test without holes.

    Attributes
    ----------
    chisq : float
        The statistic.
    scaling : Scaling
        Its mean over the degrees of freedom, for robust indices.
    """

    chisq: float
    scaling: Scaling


def completion(*, problem: FullInformation, point: Point, given: Mask) -> Completion:
    """Collect what the test without holes needs of one group.

    Parameters
    ----------
    problem : FullInformation
        What was minimised; its model, or the baseline model.
    point : Point
        The estimate.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on; they have no holes.

    Returns
    -------
    Completion
        The pieces, over the moments that are not those of given covariates alone.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the information about the saturated moments is singular.
    """
    about = problem.sample.inference(given)
    Delta = jacobian(tangents=problem.own(point).tangents, means=True)[about.free]
    JDelta = about.meat @ Delta
    return Completion(
        n=problem.sample.n,
        discrepancy=_discrepancy(problem, point) if about.answered else float("nan"),
        complete=Delta.T @ about.complete_information @ Delta,
        incomplete=Delta.T @ about.information @ Delta,
        meat=Delta.T @ JDelta,
        cross=JDelta.T @ about.inflation @ Delta,
        trace=float(np.trace(about.inflation)),
        robust_trace=float((about.inflation * about.misfit.T).sum()),
    )


def _discrepancy(problem: FullInformation, point: Point) -> float:
    """Compare the implied with the saturated moments as if these were a sample's."""
    moments = problem.sample.moments
    found = evaluate(
        structure=problem.structure,
        x=point.x,
        moments=moments,
        logdet_S=log_determinant(S=moments.S),
    )
    return float("nan") if found is None else found.discrepancy


def complete_data_test(
    *, groups: tuple[Completion, ...], K: Array, df: int, robust: bool
) -> CompleteDataTest:
    """Compute the test without holes.

    Parameters
    ----------
    groups : tuple of Completion
        One a group.
    K : ndarray of shape (k, k - r)
        Basis that the equality constraints leave.
    df : int
        Degrees of freedom, above 0.
    robust : bool
        Whether c must hold for data that are not normal (V3), or may rest on normality
        (V6).

    Returns
    -------
    CompleteDataTest
        c df = tr(W A^-1) - tr(Delta' W Delta E) with E the inverse of Delta' A Delta
        within the constraints (V6), or tr(W (I - Delta E Delta' A) A^-1 J A^-1
        (I - A Delta E Delta')) (V3).
    """
    n = sum(group.n for group in groups)

    def joined(name: str) -> Array:
        blocks = [getattr(group, name) * (group.n / n) for group in groups]
        return np.asarray(scipy.linalg.block_diag(*blocks))

    E = constrained_inverse(information=joined("incomplete"), K=K)
    complete = joined("complete")
    if robust:
        excess = sum(group.robust_trace for group in groups)
        excess -= 2.0 * float((joined("cross") * E).sum())
        excess += float((E @ complete @ E * joined("meat")).sum())
    else:
        excess = sum(group.trace for group in groups) - float((complete * E).sum())
    return CompleteDataTest(
        chisq=sum(group.n * group.discrepancy for group in groups),
        scaling=Scaling(factor=excess / df),
    )
