"""What sem() and cfa() return.

In: a `Solution`. Out: the public face of a fitted model. Everything is computed when it
is first asked for, from the frozen solution, by a function in this room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from kocsem.findings import Finding
from kocsem.model.options import Options
from kocsem.model.table import ParameterTable
from kocsem.results.admissibility import admissibility
from kocsem.results.frames import (
    modification_frame,
    parameter_frame,
    standardized_frame,
)
from kocsem.results.measures import fit_measures, reported_measures
from kocsem.results.residuals import Kind, residual_matrix
from kocsem.results.scores import Method, factor_scores
from kocsem.results.solution import Solution
from kocsem.results.standardized import Metric


@dataclass(frozen=True)
class ImpliedMoments:
    """Model-implied moments with names.

    Attributes
    ----------
    cov : DataFrame of shape (p, p)
        Implied covariance matrix of the observed variables.
    mean : Series of shape (p,)
        Implied means; the sample's where the model has no mean structure.
    """

    cov: pd.DataFrame
    mean: pd.Series


@dataclass(frozen=True)
class Fit:
    """A fitted structural equation model.

    Attributes
    ----------
    solution : Solution
        The estimates and all that they rest on, as arrays.

    Examples
    --------
    >>> import kocsem, numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> items = 0.8 * rng.normal(size=(300, 1)) + 0.6 * rng.normal(size=(300, 4))
    >>> data = pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])
    >>> kocsem.cfa("f =~ x1 + x2 + x3 + x4", data).converged
    True
    """

    solution: Solution

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
        return self.solution.sample.moments.n

    @property
    def converged(self) -> bool:
        """Whether the optimiser reached a solution."""
        return self.solution.optimum.converged

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the observed variables."""
        return self.solution.layout.observed

    @property
    def latents(self) -> tuple[str, ...]:
        """Names of the latent variables."""
        return self.solution.table.variables.latent

    @property
    def groups(self) -> tuple[str, ...]:
        """Labels of the groups; empty for one group."""
        return ()

    @property
    def data(self) -> pd.DataFrame | None:
        """The rows that were analysed; None for a covariance matrix."""
        cases = self.solution.sample.cases
        return None if cases is None else cases.copy()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader must know of the data and the solution."""
        return admissibility(self.solution)

    @cached_property
    def _parameters(self) -> pd.DataFrame:
        return parameter_frame(self.solution)

    @property
    def parameters(self) -> pd.DataFrame:
        """Every parameter with estimate, test, interval and standardised values."""
        return self._parameters.copy()

    @cached_property
    def fit_measures(self) -> Mapping[str, float]:
        """Fit measures by lavaan's names with underscores; NaN where none exists."""
        return MappingProxyType(fit_measures(self.solution))

    @property
    def reported_measures(self) -> Mapping[str, float]:
        """The measures a paper prints: robust ones, by their plain names, if any."""
        return MappingProxyType(reported_measures(self.fit_measures))

    def standardized(self, metric: Metric = "std_all") -> pd.DataFrame:
        """Return the standardised solution with its own standard errors.

        Parameters
        ----------
        metric : {"std_all", "std_lv"}, default "std_all"
            Scale all variables, or only the latent ones.

        Returns
        -------
        DataFrame
            lhs op rhs group label est_std se z pvalue ci_lower ci_upper.
        """
        return standardized_frame(self.solution, metric)

    def modification_indices(self) -> pd.DataFrame:
        """Return what freeing one more parameter would bring, largest first.

        Returns
        -------
        DataFrame
            lhs op rhs group mi epc sepc_lv sepc_all.
        """
        return modification_frame(self.solution)

    def residuals(self, kind: Kind = "raw") -> pd.DataFrame:
        """Return the residual covariances.

        Parameters
        ----------
        kind : {"raw", "cor_bollen", "cor_bentler", "standardized"}, default "raw"
            The metric.

        Returns
        -------
        DataFrame of shape (p, p)
            Observed variables on both sides.
        """
        matrix = residual_matrix(self.solution, kind)
        return self._square(matrix, self.observed)

    def factor_scores(self, method: Method = "regression") -> pd.DataFrame:
        """Return factor scores of the analysed rows.

        Parameters
        ----------
        method : {"regression", "bartlett"}, default "regression"
            The kind of score.

        Returns
        -------
        DataFrame of shape (n, number of latent variables)
            With the index of the data.
        """
        scores = factor_scores(self.solution, method)
        cases = self.solution.sample.cases
        index = None if cases is None else cases.index
        return pd.DataFrame(scores, index=index, columns=list(self.latents))

    @cached_property
    def rsquare(self) -> pd.Series:
        """Share of variance explained, by outcome: indicators, then others.

        NaN with a negative residual variance, where no share exists.
        """
        rows = self.table.rows
        outcomes = dict.fromkeys(
            [r.rhs for r in rows if r.op == "=~" and r.rhs in self.observed]
            + [r.lhs for r in rows if r.op == "~"]
            + [r.rhs for r in rows if r.op == "=~"]
        )
        residual = {
            r.lhs: v
            for r, v in zip(rows, self.solution.values, strict=True)
            if r.is_variance
        }
        implied, layout = self.solution.point.implied, self.solution.layout
        total = dict(zip(layout.factors, np.diag(implied.Phi), strict=True))
        total |= dict(zip(layout.observed, np.diag(implied.Sigma), strict=True))
        shares = {
            name: 1.0 - residual[name] / total[name] if residual[name] >= 0 else np.nan
            for name in outcomes
        }
        return pd.Series(shares, name="rsquare", dtype=float)

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """Covariance matrix of the free parameters, by label or text."""
        return self._square(self.solution.vcov, self.table.free_names)

    @cached_property
    def implied(self) -> ImpliedMoments:
        """Model-implied covariances and means."""
        implied, moments = self.solution.point.implied, self.solution.sample.moments
        mean = implied.mu if self.table.means else moments.ybar
        return ImpliedMoments(
            cov=self._square(implied.Sigma, self.observed),
            mean=pd.Series(mean, index=list(self.observed), name="mean"),
        )

    @cached_property
    def sample_cov(self) -> pd.DataFrame:
        """Sample covariance matrix, divisor n."""
        return self._square(self.solution.sample.moments.S, self.observed)

    @cached_property
    def latent_correlations(self) -> pd.DataFrame:
        """Implied correlations of the latent variables."""
        layout = self.solution.layout
        at = [layout.factors.index(name) for name in self.latents]
        Phi = self.solution.point.implied.Phi[np.ix_(at, at)]
        variance = np.where(np.diag(Phi) > 0, np.diag(Phi), np.nan)
        return self._square(Phi / np.sqrt(np.outer(variance, variance)), self.latents)

    @staticmethod
    def _square(matrix: np.ndarray, names: tuple[str, ...]) -> pd.DataFrame:
        """Put names on both sides of a matrix."""
        return pd.DataFrame(matrix, index=list(names), columns=list(names))
