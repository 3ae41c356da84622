"""The ML discrepancy of complete data as something the optimiser can minimise.

In: a structure and sample moments. Out: a `Discrepancy`. The formulas are those of
`maximum_likelihood` and `observed`.
"""

from dataclasses import dataclass
from functools import cached_property

from kocsem.core.maximum_likelihood import (
    evaluate,
    expected_information,
    log_determinant,
    score,
    tangents_at,
)
from kocsem.core.moments import Array, SampleMoments
from kocsem.core.observed import observed_information
from kocsem.core.problem import Derivatives, Point
from kocsem.core.structure import Structure


@dataclass(frozen=True)
class NormalTheory:
    """The ML discrepancy of one group with complete data.

    Attributes
    ----------
    structure : Structure
        The model.
    moments : SampleMoments
        The sample moments; S positive definite.
    """

    structure: Structure
    moments: SampleMoments

    @property
    def k(self) -> int:
        """Number of parameters."""
        return self.structure.k

    @cached_property
    def logdet_S(self) -> float:
        """log|S|."""
        return log_determinant(S=self.moments.S)

    def at(self, x: Array) -> Point | None:
        """Evaluate at x, shape (k,); None where Sigma is not positive definite."""
        return evaluate(
            structure=self.structure,
            x=x,
            moments=self.moments,
            logdet_S=self.logdet_S,
        )

    def derivatives(self, point: Point) -> Derivatives:
        """Return the derivatives at an evaluated point."""
        structure, moments = self.structure, self.moments
        at = tangents_at(structure=structure, point=point)

        def observed() -> Array:
            return observed_information(
                structure=structure, point=point, moments=moments, at=at
            )

        def expected() -> Array:
            return expected_information(structure=structure, W=point.W, at=at)

        return Derivatives(
            gradient=score(structure=structure, point=point, moments=moments, at=at),
            observed=observed,
            expected=expected,
        )
