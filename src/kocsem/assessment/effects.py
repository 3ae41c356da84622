"""Direct, indirect and total effects, with standard errors by the delta method.

In: a fit with regressions among its variables. Out: effects as products of paths and
sums of products. Standard errors are those of Sobel (1982), generalised to chains of
any length: the gradient of the effect times the covariance matrix of the estimates.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isfinite

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from kocsem.findings import Finding
from kocsem.results.fit import Fit

Array = npt.NDArray[np.float64]
Chain = tuple[str, ...]

COLUMNS = (
    "outcome",
    "predictor",
    "mediator",
    "kind",
    "est",
    "se",
    "z",
    "pvalue",
    "ci_lower",
    "ci_upper",
    "std",
)

_Z95 = float(stats.norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect with its inference; NaN stands for what does not exist.

    Attributes
    ----------
    est, se, z, pvalue, ci_lower, ci_upper : float
        In the units of the data; normal-theory interval of 95 %.
    std : float
        The standardised effect.
    """

    est: float
    se: float
    z: float
    pvalue: float
    ci_lower: float
    ci_upper: float
    std: float


@dataclass(frozen=True, slots=True)
class Path:
    """One regression path of a model.

    Attributes
    ----------
    est, std : float
        Its coefficient and its standardised coefficient.
    free : int
        Its 1-based position among the free parameters; 0 when fixed.
    """

    est: float
    std: float
    free: int


@dataclass(frozen=True)
class Paths:
    """The regression paths of a fit and the covariance matrix of its estimates.

    Attributes
    ----------
    table : mapping of (predictor, outcome) to Path
        The paths, in the order of the model.
    vcov : ndarray of shape (k, k)
        Covariance matrix of the free parameters.
    """

    table: Mapping[tuple[str, str], Path]
    vcov: Array

    @cached_property
    def outcomes_of(self) -> Mapping[str, tuple[str, ...]]:
        """For each predictor its outcomes."""
        found: dict[str, list[str]] = {}
        for predictor, outcome in self.table:
            found.setdefault(predictor, []).append(outcome)
        return {name: tuple(outcomes) for name, outcomes in found.items()}

    @cached_property
    def is_recursive(self) -> bool:
        """Whether no variable acts on itself through others."""
        left = {name: set(outcomes) for name, outcomes in self.outcomes_of.items()}
        while left:
            last = [name for name, outcomes in left.items() if not outcomes & set(left)]
            if not last:
                return False
            for name in last:
                del left[name]
        return True

    def chains(self, predictor: str, outcome: str) -> Iterator[Chain]:
        """Walk the chains from a predictor to an outcome, shortest first."""
        yield from sorted(self._chains((predictor,), outcome), key=len)

    def _chains(self, begun: Chain, outcome: str) -> Iterator[Chain]:
        for step in self.outcomes_of.get(begun[-1], ()):
            if step == outcome:
                yield (*begun, step)
            elif step not in begun:
                yield from self._chains((*begun, step), outcome)

    def effect(self, chains: Iterable[Chain]) -> Effect:
        """Compute the sum over chains of the products of their paths.

        Parameters
        ----------
        chains : iterable of tuple of str
            Each names the variables from cause to effect.

        Returns
        -------
        Effect
            The effect; without inference when all its paths are fixed.
        """
        est, std = 0.0, 0.0
        gradient = np.zeros(len(self.vcov))
        for chain in chains:
            paths = [self.table[step] for step in pairwise(chain)]
            values = np.array([path.est for path in paths])
            est += float(values.prod())
            std += float(np.prod([path.std for path in paths]))
            for position, path in enumerate(paths):
                if path.free:
                    gradient[path.free - 1] += np.delete(values, position).prod()
        return _with_inference(est, std, float(gradient @ self.vcov @ gradient))


def _with_inference(est: float, std: float, variance: float) -> Effect:
    """Add z, p and interval to an effect with a sampling variance."""
    if not variance > 0:
        nothing = float("nan")
        return Effect(est, nothing, nothing, nothing, nothing, nothing, std)
    se = float(np.sqrt(variance))
    z = est / se
    pvalue = float(2 * stats.norm.sf(abs(z)))
    return Effect(est, se, z, pvalue, est - _Z95 * se, est + _Z95 * se, std)


def paths_of(fit: Fit) -> Paths:
    """Collect the regression paths of a fit.

    Parameters
    ----------
    fit : Fit
        A fitted model.

    Returns
    -------
    Paths
        Its paths, ready to be multiplied.
    """
    frame = fit.parameters
    rows = frame[frame["op"] == "~"]
    steps: list[tuple[str, str]] = list(zip(rows["rhs"], rows["lhs"], strict=True))
    free = {(row.rhs, row.lhs): row.free for row in fit.table if row.op == "~"}
    table = {
        step: Path(est=float(est), std=float(std), free=free[step])
        for step, est, std in zip(steps, rows["est"], rows["std_all"], strict=True)
    }
    return Paths(table=table, vcov=fit.vcov.to_numpy(dtype=float))


def effects(fit: Fit) -> pd.DataFrame:
    """Decompose the total effects of a model into direct and indirect ones.

    Parameters
    ----------
    fit : Fit
        A fitted model.

    Returns
    -------
    DataFrame
        ``outcome predictor mediator kind est se z pvalue ci_lower ci_upper std`` for
        each pair of variables that a chain of two paths or more joins. `kind` is
        ``"direct"``, ``"indirect"`` (one row a chain, `mediator` naming its inner
        variables, as in ``"PS -> TR"``), ``"total indirect"`` (when there are several
        chains) or ``"total"``. Empty when there is no such pair, and when the model has
        a feedback loop, so that the chains have no end.

    Notes
    -----
    The standard error of an effect is the root of d' V d with d its gradient and V the
    covariance matrix of the estimates. The standardised effect is the product of the
    fully standardised paths.

    References
    ----------
    sobel-1982
    """
    paths = paths_of(fit)
    rows: list[dict[str, object]] = []
    if paths.is_recursive:
        predictors = dict.fromkeys(predictor for predictor, _ in paths.table)
        outcomes = dict.fromkeys(outcome for _, outcome in paths.table)
        for outcome in outcomes:
            for predictor in predictors:
                rows += _decomposed(paths, predictor, outcome)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def effect_findings(fit: Fit) -> tuple[Finding, ...]:
    """Say why a model has no table of effects.

    Parameters
    ----------
    fit : Fit
        A fitted model.

    Returns
    -------
    tuple of Finding
        Code ``"feedback-loop"`` when the model has one, else nothing.
    """
    if paths_of(fit).is_recursive:
        return ()
    message = (
        "The paths of the model form a loop, so that indirect effects are infinite "
        "sums of products; they are not computed."
    )
    return (Finding("feedback-loop", "warning", "the structural model", message),)


def _decomposed(
    paths: Paths, predictor: str, outcome: str
) -> Iterator[dict[str, object]]:
    """Walk the rows of the effects of one variable on another."""
    chains = list(paths.chains(predictor, outcome))
    indirect = [chain for chain in chains if len(chain) > 2]
    if not indirect:
        return
    parts: list[tuple[str, str, list[Chain]]] = [
        ("direct", "", [chain]) for chain in chains if len(chain) == 2
    ]
    parts += [("indirect", " -> ".join(c[1:-1]), [c]) for c in indirect]
    if len(indirect) > 1:
        parts.append(("total indirect", "", indirect))
    parts.append(("total", "", chains))
    for kind, mediator, summed in parts:
        effect = paths.effect(summed)
        yield {
            "outcome": outcome,
            "predictor": predictor,
            "mediator": mediator,
            "kind": kind,
            **{name: getattr(effect, name) for name in COLUMNS[4:]},
        }


def has_inference(effect: Effect) -> bool:
    """Return whether an effect has a standard error.

    Parameters
    ----------
    effect : Effect
        The effect.

    Returns
    -------
    bool
        False when all its paths are fixed, or the covariance matrix is not known.
    """
    return isfinite(effect.se)
