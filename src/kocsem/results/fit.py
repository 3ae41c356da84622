"""What sem() and cfa() return.

In: a `Solution`. Out: the public face of a fitted model. Everything is computed when it
is first asked for, from the frozen solution, by a function in this room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from kocsem.results.bootstrap import Bootstrap
from kocsem.results.effects import effects_frame
from kocsem.results.fitted import Fitted
from kocsem.results.frames import (
    explained_variance,
    implied_moments,
    latent_correlations,
    modification_frame,
    parameter_frame,
    square,
    standardized_frame,
)
from kocsem.results.group import Group
from kocsem.results.intervals import IntervalKind
from kocsem.results.measures import fit_measures, reported_measures
from kocsem.results.request import Inadmissible, LimitKind, Request, Work
from kocsem.results.resampling import (
    BollenStine,
    bollen_stine,
    bootstrapped,
)
from kocsem.results.residuals import Kind, residual_matrix
from kocsem.results.score_tests import Release, ScoreTests, score_tests
from kocsem.results.scores import Method, factor_scores
from kocsem.results.standardized import Metric

T = TypeVar("T")


@dataclass(frozen=True)
class Fit(Fitted):
    """A fitted structural equation model.

    Attributes
    ----------
    solution : Solution
        The estimates and all that they rest on, as arrays.
    resampler : Resampler
        What can repeat the fit on other samples of its rows.

    Examples
    --------
    >>> import kocsem, numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> items = 0.8 * rng.normal(size=(300, 1)) + 0.6 * rng.normal(size=(300, 4))
    >>> data = pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])
    >>> kocsem.cfa("f =~ x1 + x2 + x3 + x4", data).converged
    True
    """

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

    def score_tests(
        self, release: Release = None, information: str = "expected", epc: bool = False
    ) -> ScoreTests:
        """Test what releasing equality constraints would bring.

        Parameters
        ----------
        release : int, str or sequence of them, optional
            Constraints to release, by the number, label or parameter that the frame of
            univariate tests gives; by default all.
        information : {"expected", "observed"}, default "expected"
            Which information.
        epc : bool, default False
            Whether expected changes of the parameters are wanted.

        Returns
        -------
        ScoreTests
            Frames ``total``, ``univariate`` and ``epc``.

        Notes
        -----
        The equivalent lavaan call is ``lavTestScore(fit)``.
        """
        return score_tests(self.solution, release, information, epc=epc)

    def residuals(self, kind: Kind = "raw") -> Any:
        """Return the residual covariances.

        Parameters
        ----------
        kind : {"raw", "cor_bollen", "cor_bentler", "standardized"}, default "raw"
            The metric.

        Returns
        -------
        DataFrame of shape (p, p)
            Observed variables on both sides, but for covariates that ordered items are
            taken given; with several groups a dict of such frames by label.
        """
        return self._by_group(
            lambda group: square(
                residual_matrix(self.solution, group, kind), group.compared.names
            )
        )

    def effects(
        self,
        *,
        standardized: bool = False,
        interval: IntervalKind = "delta",
        level: float = 0.95,
        replicates: int = 20_000,
        seed: int = 1,
    ) -> pd.DataFrame:
        """Return all direct, indirect and total effects, group by group.

        Parameters
        ----------
        standardized : bool, default False
            Effects in standard deviations of predictor and outcome.
        interval : {"delta", "monte_carlo"}, default "delta"
            How the limits are found; bootstrap limits are those of `Fit.bootstrap`.
        level : float, default 0.95
            Confidence level.
        replicates : int, default 20000
            Number of Monte-Carlo draws.
        seed : int, default 1
            Seed of the draws.

        Returns
        -------
        DataFrame
            group predictor outcome kind effect est se z pvalue ci_lower ci_upper
            proportion_mediated; see `kocsem.results.effects.effects_frame`.
        """
        frames = [
            effects_frame(
                self.solution,
                group=group.number,
                standardized=standardized,
                interval=interval,
                level=level,
                replicates=replicates,
                seed=seed,
            )
            for group in self.solution.groups
        ]
        return pd.concat(frames, ignore_index=True)

    def bootstrap(  # noqa: PLR0913 - all but the first are keywords with defaults
        self,
        replicates: int = 5000,
        *,
        interval: LimitKind = "bca",
        level: float = 0.95,
        seed: int = 1,
        inadmissible: Inadmissible = "keep",
        workers: int | None = None,
        backend: str | None = None,
        progress: bool = False,
    ) -> Bootstrap:
        """Refit the model to samples drawn with replacement from its rows.

        Rows are drawn within groups, clusters as a whole. The numbers depend on the
        seed alone, not on who computes them.

        Parameters
        ----------
        replicates : int, default 5000
            Number of draws.
        interval : {"percentile", "bc", "bca"}, default "bca"
            Percentiles, bias-corrected, or bias-corrected and accelerated.
        level : float, default 0.95
            Confidence level.
        seed : int, default 1
            Seed of all draws.
        inadmissible : {"keep", "drop"}, default "keep"
            What becomes of draws with a Heywood case; they are counted either way.
        workers : int, optional
            How many threads or processes; -1 for all processors.
        backend : str, optional
            A backend of joblib, such as ``"threading"``, ``"loky"`` or ``"dask"``.
        progress : bool, default False
            Show a bar on standard error.

        Returns
        -------
        Bootstrap
            ``parameters``, ``standardized()``, ``effects()``, ``counts`` ...
        """
        return bootstrapped(
            self.solution,
            self.resampler,
            Request(replicates, interval, level, seed, inadmissible),
            Work(workers, backend, progress),
        )

    def bollen_stine(
        self, replicates: int = 1000, *, seed: int = 1, workers: int | None = None
    ) -> BollenStine:
        """Test the model by draws from data for which it holds.

        Parameters
        ----------
        replicates : int, default 1000
            Number of draws.
        seed : int, default 1
            Seed of all draws.
        workers : int, optional
            How many threads; -1 for all processors.

        Returns
        -------
        BollenStine
            ``pvalue``: share of draws that fit worse than the data.
        """
        return bollen_stine(
            self.solution,
            self.resampler,
            replicates=replicates,
            seed=seed,
            work=Work(workers),
        )

    def factor_scores(self, method: Method = "regression") -> pd.DataFrame:
        """Return factor scores of the analysed rows.

        Parameters
        ----------
        method : {"regression", "bartlett", "ebm", "ml"}, default "regression"
            ``"regression"``, in lavaan also ``"EBM"``: the most probable values of the
            factors given the answers, drawn towards their expectation. ``"bartlett"``,
            in lavaan also ``"ML"``: the values under which the answers are most
            probable. For continuous items these are the formulas that bear the names.

        Returns
        -------
        DataFrame of shape (n, number of latent variables)
            With the index of the data, group by group, each row scored by the answers
            that it has. A score that does not exist is NaN: where a row has no answers;
            with ``"bartlett"`` also where the answers do not tell a factor apart, as
            when all its items were left out. With ordered items, where these are all
            answered at the same end of the scale, so that the answers become the more
            probable the further out the factor is; and every score of a factor that is
            measured by factors only.

        Raises
        ------
        DataError
            When the answers are not known, or there are no latent variables.
        EstimationError
            When the model has no scores of this kind, because a factor determines
            another, or a variance is not positive.
        UnsupportedError
            When the method is none of these, or ordered items are correlated beyond the
            factors.
        """
        return pd.concat(
            [
                pd.DataFrame(
                    factor_scores(group, method),
                    index=None
                    if (cases := group.sample.cases) is None
                    else cases.index,
                    columns=list(self.latents),
                )
                for group in self.solution.groups
            ]
        )

    @cached_property
    def rsquare(self) -> Any:
        """Share of variance explained, by outcome: indicators, then others.

        A Series, NaN with a negative residual variance, where no share exists; with
        several groups a dict of such Series by label.
        """
        return self._by_group(explained_variance)

    @cached_property
    def vcov(self) -> pd.DataFrame:
        """Covariance matrix of the free parameters, by label or text."""
        return square(self.solution.vcov, self.table.free_names)

    @cached_property
    def implied(self) -> Any:
        """Implied moments, `ImpliedMoments`; with several groups a dict by label."""
        return self._by_group(implied_moments)

    @cached_property
    def sample_cov(self) -> Any:
        """Sample covariance matrix, divisor n; with several groups a dict by label."""
        return self._by_group(lambda group: square(group.moments.S, self.observed))

    @cached_property
    def latent_correlations(self) -> Any:
        """Implied correlations of the latent variables; a dict with several groups."""
        return self._by_group(latent_correlations)

    def _by_group(self, function: Callable[[Group], T]) -> T | dict[str, T]:
        """Return a result as it is for one group, by label for several."""
        groups = self.solution.groups
        if len(groups) == 1:
            return function(groups[0])
        return {group.label: function(group) for group in groups}
