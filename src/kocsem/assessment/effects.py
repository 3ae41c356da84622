"""Direct, indirect and total effects, as a report shows them.

In: a fit with regressions among its variables. Out: its paths, the effect of any chain
of them, and the table of effects of pairs that something mediates, with delta-method
standard errors (Sobel, 1982). All numbers are those of `kocsem.results.effects`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd

from kocsem.core.effects import Values, effect_values
from kocsem.findings import Finding
from kocsem.results import effects as all_effects
from kocsem.results.chains import Chain, Step
from kocsem.results.effects import EffectName, find_effects, plan_effects
from kocsem.results.fit import Fit
from kocsem.results.intervals import Interval, estimates_of
from kocsem.results.solution import Solution
from kocsem.results.structural_part import StructuralPart, structural_part

INFERENCE = ("se", "z", "pvalue", "ci_lower", "ci_upper")
COLUMNS = ("outcome", "predictor", "mediator", "kind", "est", *INFERENCE, "std")


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


@dataclass(frozen=True, slots=True)
class Paths:
    """The regression paths of a group of a fit.

    Attributes
    ----------
    table : mapping of (predictor, outcome) to Path
        The paths, in the order of the model; one that is fixed at zero is none.
    solution : Solution
        The fit that they belong to.
    part : StructuralPart
        The group of the fit.
    """

    table: Mapping[Step, Path]
    solution: Solution
    part: StructuralPart

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
        names = [EffectName("indirect", tuple(chain)) for chain in chains]
        raw, scaled = (
            plan_effects(self.part, names, standardized)
            for standardized in (False, True)
        )

        def total(X: Values) -> Values:
            values = effect_values(plan=raw, X=X)
            return np.asarray(values.sum(axis=1, keepdims=True))

        found = estimates_of(self.solution, total, Interval()).frame()
        found["std"] = effect_values(plan=scaled, X=self.solution.x[None]).sum()
        return Effect(**_without_untested(found).iloc[0])


def paths_of(fit: Fit, group: int = 1) -> Paths:
    """Collect the regression paths of a fit.

    Parameters
    ----------
    fit : Fit
        A fitted model.
    group : int, default 1
        1-based number of the group.

    Returns
    -------
    Paths
        Its paths, ready to be multiplied.
    """
    solution = fit.solution
    part = structural_part(solution, group)
    names = [EffectName("direct", step) for step in part.graph.steps]
    est, std = (
        effect_values(plan=plan_effects(part, names, scaled), X=solution.x[None])[0]
        for scaled in (False, True)
    )
    numbers = zip(est, std, part.system.paths.position + 1, strict=True)
    paths = (Path(float(e), float(s), int(free)) for e, s, free in numbers)
    return Paths(dict(zip(part.graph.steps, paths, strict=True)), solution, part)


def effects(fit: Fit, group: int = 1) -> pd.DataFrame:
    """Decompose the total effects of a model into direct and indirect ones.

    Parameters
    ----------
    fit : Fit
        A fitted model.
    group : int, default 1
        1-based number of the group.

    Returns
    -------
    DataFrame
        ``outcome predictor mediator kind est se z pvalue ci_lower ci_upper std`` for
        each pair of variables that a chain of two paths or more joins. `kind` is
        ``"direct"``, ``"indirect"`` (one row a chain, `mediator` naming its inner
        variables, as in ``"PS -> TR"``), ``"total indirect"`` (unless there is one
        chain only) or ``"total"``. Empty when there is no such pair, and when the model
        has a feedback loop, so that the chains have no end.

    Notes
    -----
    The standard error of an effect is the root of d' V d with d its gradient and V the
    covariance matrix of the estimates. The standardised effect is the product of the
    fully standardised paths.

    References
    ----------
    sobel-1982
    """
    solution = fit.solution
    found = find_effects(solution, group=group, standardized=True)
    frame = all_effects.effects_frame(solution, group=group).assign(
        mediator=[" -> ".join(name.nodes[1:-1]) for name in found.names],
        std=effect_values(plan=found.plan, X=solution.x[None])[0],
    )
    recursive = structural_part(solution, group).graph.is_recursive
    kinds = frame.groupby(["predictor", "outcome"])["kind"]
    mediated = kinds.transform(lambda kind: (kind == "total indirect").any())
    alone = kinds.transform(lambda kind: (kind == "indirect").sum() == 1)
    shown = mediated & ~(alone & (frame["kind"] == "total indirect")) & recursive
    kept = frame.loc[shown.astype(bool), list(COLUMNS)]
    return _without_untested(kept.reset_index(drop=True))


def effect_findings(fit: Fit, group: int = 1) -> tuple[Finding, ...]:
    """Say what a reader of the effects of a model must know.

    Parameters
    ----------
    fit : Fit
        A fitted model.
    group : int, default 1
        1-based number of the group.

    Returns
    -------
    tuple of Finding
        Code ``"feedback-loop"`` when the model has one, and others of
        `kocsem.results.effects.effect_findings`.
    """
    return all_effects.effect_findings(fit.solution, group=group)


def _without_untested(frame: pd.DataFrame) -> pd.DataFrame:
    """Blank the inference of effects that have no standard error."""
    blank = frame.copy()
    blank.loc[~(frame["se"] > 0), list(INFERENCE)] = np.nan
    return blank


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
