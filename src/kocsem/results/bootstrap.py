"""The bootstrap of a fit: estimates of many samples, and intervals from them.

In: a `Solution` and what can repeat it on other samples. Out: `Bootstrap`, with
intervals for every parameter, standardised estimate, defined quantity, effect and
explained variance. Draws that failed are counted and excluded; inadmissible ones are
counted, and kept or dropped as asked. Sources: Efron and Tibshirani (1993); Efron
(1987) for BCa; Bollen and Stine (1992) for the test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kocsem.core.bootstrap.admissible import admissible
from kocsem.core.bootstrap.intervals import (
    acceleration,
    bca_interval,
    bootstrap_covariance,
    jackknife_deviations,
    percentile_interval,
)
from kocsem.core.bootstrap.replicates import Replicates, Status
from kocsem.core.effects import EffectPlan, effect_values
from kocsem.core.moments import Array
from kocsem.core.structure import Index
from kocsem.findings import Finding
from kocsem.results.effects import find_effects
from kocsem.results.frames import keys, parameter_values, square
from kocsem.results.request import Request
from kocsem.results.solution import Solution
from kocsem.results.standardized import Metric, standardized_function

MANY_FAILED = 0.05  # share of draws without estimates from which on it is a warning

Statistic = Callable[[Array], Array]  # (B, k) parameters to (B, r) numbers


@dataclass(frozen=True)
class Bootstrap:
    """A bootstrapped fit.

    Attributes
    ----------
    solution : Solution
        The fit to the full sample.
    request : Request
        What was asked.
    drawn : Replicates
        The estimates of every draw.
    leave_out : callable
        Returns the jackknife, estimates and strata, which BCa intervals need.
    covariances : callable
        Returns the sample covariance matrices of the draws, or of the jackknife, shape
        (number, groups, p, p).

    Examples
    --------
    >>> import kocsem, numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> data = pd.DataFrame({"x": rng.normal(size=100)})
    >>> data["y"] = 0.5 * data["x"] + rng.normal(size=100)
    >>> boot = kocsem.sem("y ~ x", data).bootstrap(200, interval="percentile", seed=1)
    >>> boot.counts["used"]
    200
    """

    solution: Solution
    request: Request
    drawn: Replicates
    leave_out: Callable[[], tuple[Replicates, Index]]
    covariances: Callable[[bool], Array]

    @cached_property
    def admissible(self) -> NDArray[np.bool_]:
        """Which draws are without Heywood case, shape (B,)."""
        found = np.ones(self.drawn.status.size, dtype=bool)
        end = 0
        for group in self.solution.groups:
            start, end = end, end + group.structure.k
            latent = np.arange(len(group.table.variables.latent))
            found &= admissible(
                structure=group.structure, X=self.drawn.x[:, start:end], latent=latent
            )
        return found

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Which draws the intervals rest on, shape (B,)."""
        if self.request.inadmissible == "keep":
            return self.drawn.converged
        return np.asarray(self.drawn.converged & self.admissible)

    @property
    def counts(self) -> dict[str, int]:
        """Draws by what became of them."""
        drawn = self.drawn
        inside = drawn.converged & ~self.admissible
        return {
            "drawn": int(drawn.status.size),
            "converged": int(drawn.converged.sum()),
            "not_converged": drawn.count(Status.UNSETTLED),
            "not_positive_definite": drawn.count(Status.OUTSIDE),
            "unusable": drawn.count(Status.UNUSABLE),
            "inadmissible": int(inside.sum()),
            "used": int(self.used.sum()),
        }

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader must know of the draws."""
        return draw_findings(self.counts, kept=self.request.inadmissible == "keep")

    @property
    def x(self) -> Array:
        """The free parameters of the draws that are used, shape (used, k)."""
        return np.asarray(self.drawn.x[self.used])

    @property
    def draws(self) -> pd.DataFrame:
        """The free parameters of the draws that are used, by label or text."""
        return pd.DataFrame(self.x, columns=list(self.solution.table.free_names))

    @property
    def vcov(self) -> pd.DataFrame:
        """Bootstrap covariance matrix of the free parameters."""
        covariance = bootstrap_covariance(replicates=self.x)
        return square(covariance, self.solution.table.free_names)

    @property
    def parameters(self) -> pd.DataFrame:
        """Every parameter and definition: est, bootstrap se, bias and limits."""
        solution = self.solution
        return self._frame(
            pd.DataFrame(keys(solution)),
            lambda X: parameter_values(solution, X),
        )

    def standardized(self, metric: Metric = "std_all") -> pd.DataFrame:
        """Return the standardised solution with bootstrap intervals.

        Parameters
        ----------
        metric : {"std_all", "std_lv"}, default "std_all"
            Scale all variables, or only the latent ones.

        Returns
        -------
        DataFrame
            lhs op rhs group label est se bias ci_lower ci_upper.
        """
        function = standardized_function(self.solution, metric)
        return self._frame(
            pd.DataFrame(keys(self.solution)),
            lambda X: np.stack([function(x) for x in X]),
        )

    def effects(self, *, standardized: bool = False) -> pd.DataFrame:
        """Return direct, indirect and total effects with bootstrap intervals.

        Parameters
        ----------
        standardized : bool, default False
            Effects in standard deviations of predictor and outcome.

        Returns
        -------
        DataFrame
            group predictor outcome kind effect est se bias ci_lower ci_upper.
        """
        frames = []
        for group in self.solution.groups:
            found = find_effects(
                self.solution, group=group.number, standardized=standardized
            )
            names = pd.DataFrame(
                {
                    "group": group.number,
                    "predictor": [name.nodes[0] for name in found.names],
                    "outcome": [name.nodes[-1] for name in found.names],
                    "kind": [name.kind for name in found.names],
                    "effect": [name.text for name in found.names],
                }
            )
            frames.append(self._frame(names, partial(_evaluated, found.plan)))
        return pd.concat(frames, ignore_index=True)

    def statistics(self, names: list[str], function: Statistic) -> pd.DataFrame:
        """Return any functions of the free parameters with bootstrap intervals.

        Parameters
        ----------
        names : list of str
            One a statistic.
        function : callable
            Maps parameters of shape (B, k), in the order of `draws`, to (B, r).

        Returns
        -------
        DataFrame
            statistic est se bias ci_lower ci_upper.
        """
        return self._frame(pd.DataFrame({"statistic": names}), function)

    @property
    def rsquare(self) -> pd.DataFrame:
        """Explained variance of every outcome: group outcome est se bias and limits."""
        rows = self.solution.table.rows
        measured = {(r.group, r.rhs) for r in rows if r.op == "=~"}
        outcomes = measured | {(r.group, r.lhs) for r in rows if r.op == "~"}
        at = [
            i
            for i, r in enumerate(rows)
            if r.is_variance and (r.group, r.lhs) in outcomes
        ]
        function = standardized_function(self.solution, "std_all")
        names = pd.DataFrame(
            {"group": [rows[i].group for i in at], "outcome": [rows[i].lhs for i in at]}
        )
        return self._frame(names, lambda X: np.stack([1 - function(x)[at] for x in X]))

    @cached_property
    def jackknife(self) -> tuple[Array, NDArray[np.bool_], Index]:
        """Estimates without each unit, which of them exist, strata of the units."""
        found, strata = self.leave_out()
        return found.x[found.converged], found.converged, strata[found.converged]

    def _frame(self, names: pd.DataFrame, function: Statistic) -> pd.DataFrame:
        """Evaluate functions of the parameters in all samples."""
        est = function(self.solution.x[None, :])[0]
        return self.summary(
            names, est, function(self.x), lambda: function(self.jackknife[0])
        )

    def summary(
        self,
        names: pd.DataFrame,
        est: Array,
        values: Array,
        left: Callable[[], Array],
    ) -> pd.DataFrame:
        """Put est, bootstrap se, bias and limits beside names.

        Parameters
        ----------
        names : DataFrame
            One row a statistic.
        est : ndarray of shape (r,)
            The statistics in the full sample.
        values : ndarray of shape (used, r)
            In the draws that are used.
        left : callable
            Returns them in the samples of the jackknife, shape (u, r).

        Returns
        -------
        DataFrame
            The names with est se bias ci_lower ci_upper.
        """
        level, a = self.request.level, np.zeros(est.size)
        if self.request.interval == "bca":
            deviations = jackknife_deviations(left_out=left(), strata=self.jackknife[2])
            a = acceleration(deviations=deviations)
        if self.request.interval == "percentile":
            limits = percentile_interval(replicates=values, level=level)
        else:
            limits = bca_interval(
                replicates=values, estimate=est, acceleration=a, level=level
            )
        constant = np.ptp(values, axis=0) == 0
        return names.assign(
            est=est,
            se=np.where(constant, 0.0, values.std(axis=0)),
            bias=np.where(constant, 0.0, values.mean(axis=0) - est),
            ci_lower=limits.lower,
            ci_upper=limits.upper,
        )


def _evaluated(plan: EffectPlan, X: Array) -> Array:
    """Evaluate effects at many parameter vectors."""
    return np.asarray(effect_values(plan=plan, X=X), dtype=float)


def draw_findings(counts: dict[str, int], *, kept: bool) -> tuple[Finding, ...]:
    """Say how many draws failed, and how many are inadmissible.

    Parameters
    ----------
    counts : dict
        Draws by what became of them.
    kept : bool
        Whether inadmissible draws are used.

    Returns
    -------
    tuple of Finding
        Empty where there is nothing to say.
    """
    failed = counts["drawn"] - counts["converged"]
    found = []
    if failed:
        many = failed > MANY_FAILED * counts["drawn"]
        found.append(
            Finding(
                code="bootstrap-failed-draws",
                severity="warning" if many else "info",
                subject="bootstrap",
                message=f"{failed} of {counts['drawn']} draws have no estimates "
                f"({counts['not_converged']} did not converge, "
                f"{counts['not_positive_definite']} had no positive definite "
                f"start, {counts['unusable']} could not carry the model) and were "
                "left out.",
                value=failed,
            )
        )
    if counts["inadmissible"]:
        found.append(
            Finding(
                code="bootstrap-inadmissible-draws",
                severity="info",
                subject="bootstrap",
                message=f"{counts['inadmissible']} of {counts['drawn']} draws are "
                "inadmissible (a negative variance, or a covariance matrix that is "
                f"none); they were {'kept' if kept else 'dropped'}.",
                value=counts["inadmissible"],
            )
        )
    return tuple(found)
