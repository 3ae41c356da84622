"""What a fitted model says of itself before any number is asked for.

In: a `Solution`. Out: `Fitted`: names, cases, options, convergence and findings.
"""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from kocsem.findings import Finding
from kocsem.model.options import Options
from kocsem.model.table import ParameterTable
from kocsem.results.admissibility import admissibility
from kocsem.results.resampling import Resampler
from kocsem.results.solution import Solution


@dataclass(frozen=True)
class Fitted:
    """What is known of a fitted model at once.

    Attributes
    ----------
    solution : Solution
        The estimates and all that they rest on, as arrays.
    resampler : Resampler
        What can repeat the fit on other samples of its rows.
    """

    solution: Solution
    resampler: Resampler = field(repr=False)

    @property
    def table(self) -> ParameterTable:
        """The parameter table."""
        return self.solution.table

    @property
    def options(self) -> Options:
        """What was asked of the fit."""
        return self.solution.options

    @property
    def nobs(self) -> int:
        """Number of cases used."""
        return round(self.solution.sample.n)

    @property
    def converged(self) -> bool:
        """Whether the optimiser reached a solution."""
        return self.solution.optimum.converged

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the observed variables."""
        return self.solution.sample.names

    @property
    def latents(self) -> tuple[str, ...]:
        """Names of the latent variables."""
        return self.solution.table.variables.latent

    @property
    def groups(self) -> tuple[str, ...]:
        """Labels of the groups in order of first appearance; empty for one group."""
        labels = tuple(group.label for group in self.solution.groups)
        return labels if len(labels) > 1 else ()

    @property
    def data(self) -> pd.DataFrame | None:
        """The rows that were analysed, group by group; None for a covariance matrix."""
        found = [group.cases for group in self.solution.sample.groups]
        cases = [frame for frame in found if frame is not None]
        if not cases:
            return None
        return cases[0].copy() if len(cases) == 1 else pd.concat(cases)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader must know of the data and the solution."""
        return admissibility(self.solution)
