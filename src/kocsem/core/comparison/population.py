"""The discrepancy of a model from moments that another model implies.

In: a structure and implied moments, which stand where sample moments usually do. Out: a
`Discrepancy` whose minimum is zero where the structure can reproduce them. Source:
Bentler and Satorra (2010); Asparouhov and Muthen (2019).
"""

import numpy as np

from kocsem.core.least_squares import LeastSquares
from kocsem.core.moment_structure import CovarianceStructure, MomentStructure
from kocsem.core.moments import SampleMoments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.problem import Discrepancy
from kocsem.core.structure import Implied, Structure


def moments_of(structure: Structure) -> MomentStructure:
    """Return the moments that a structure is about, as functions of its parameters."""
    if structure.ordered is None:
        return CovarianceStructure(structure=structure)
    return OrdinalStructure(structure=structure)


def population_discrepancy(
    *, structure: Structure, source: Structure, implied: Implied, n: float
) -> Discrepancy:
    """Compare a structure with moments that another structure implies.

    Parameters
    ----------
    structure : Structure
        The model.
    source : Structure
        The other structure.
    implied : Implied
        Its moments, of the same items in the same order; Sigma positive definite.
    n : float
        Number of cases; it does not matter for a minimum of zero.

    Returns
    -------
    Discrepancy
        By maximum likelihood; by unweighted least squares where items are ordered,
        since their moments are on the scale of correlations.
    """
    if structure.ordered is None:
        return NormalTheory(
            structure=structure,
            moments=SampleMoments(S=implied.Sigma, ybar=implied.mu, n=n),
        )
    target = moments_of(source).vector(implied)
    return LeastSquares(
        moments=moments_of(structure),
        sample=target,
        weight=np.ones(target.size),
        n=n,
    )
