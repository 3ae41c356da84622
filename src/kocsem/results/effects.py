"""Direct, indirect and total effects of a fitted model, all of them.

In: a `Solution` and the number of a group. Out: for every ordered pair of variables
that regression paths (``~``) join, the direct effect, the specific indirect effect of
every chain, the total indirect and the total effect. Tests
are those of the delta method, intervals those of the delta method or of Monte-Carlo
draws. Source: Sobel (1982); Bollen (1987); MacKinnon, Lockwood and Williams (2004).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

import numpy as np
import pandas as pd

from kocsem.core.effects import EffectPlan, effect_values, stability_index
from kocsem.core.moments import Array
from kocsem.findings import Finding
from kocsem.results.chains import Chain, PathGraph, Step
from kocsem.results.intervals import Estimates, Interval, IntervalKind, estimates_of
from kocsem.results.solution import Solution
from kocsem.results.standardized import ROUNDING
from kocsem.results.structural_part import StructuralPart, structural_part

Kind = Literal["direct", "indirect", "total indirect", "total"]

MOST_CHAINS = 1000  # more specific indirect effects than this are not listed


@dataclass(frozen=True, slots=True)
class EffectName:
    """What an effect is called.

    Attributes
    ----------
    kind : {"direct", "indirect", "total indirect", "total"}
        ``"indirect"`` is a specific indirect effect: that of one chain.
    nodes : tuple of str
        The variables from cause to effect; only the two ends of a total.
    """

    kind: Kind
    nodes: Chain

    @property
    def ends(self) -> Step:
        """Predictor and outcome."""
        return self.nodes[0], self.nodes[-1]

    @property
    def text(self) -> str:
        """The effect as a reader writes it, such as ``CA -> TR -> PI``."""
        return " -> ".join(self.nodes)


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of one group: their names, and how to evaluate them.

    Attributes
    ----------
    group : int
        1-based number of the group.
    names : tuple of EffectName
        The effects, pair by pair.
    plan : EffectPlan
        What `effect_values` computes them from, in the same order.
    """

    group: int
    names: tuple[EffectName, ...]
    plan: EffectPlan


def find_effects(
    solution: Solution, *, group: int = 1, standardized: bool = False
) -> Effects:
    """Find all effects of one variable on another.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    group : int, default 1
        1-based number of the group.
    standardized : bool, default False
        Whether effects are in standard deviations of predictor and outcome.

    Returns
    -------
    Effects
        For each ordered pair that paths join, by outcome and then predictor: the direct
        effect where there is a path, the specific indirect effects, shortest chain
        first, the total indirect effect where there is more than a path, and the total
        effect. Where `effect_findings` says so there are no specific indirect effects.

    Raises
    ------
    KocsemError
        When there is no such group.
    """
    part = structural_part(solution, group)
    chains: dict[Step, list[Chain]] = {}
    for nodes in sorted(_indirect_chains(part.graph) or (), key=len):
        chains.setdefault((nodes[0], nodes[-1]), []).append(nodes)
    names = [
        name
        for pair in _pairs(part.graph)
        for name in _effects_of_pair(part.graph, pair, chains.get(pair, []))
    ]
    return Effects(group, tuple(names), plan_effects(part, names, standardized))


def _indirect_chains(graph: PathGraph) -> tuple[Chain, ...] | None:
    """List the chains of two paths and more; None where there is no such list."""
    if not graph.is_recursive:
        return None
    walked = chain.from_iterable(graph.chains_from(name) for name in graph.variables)
    found = tuple(islice((c for c in walked if len(c) > 2), MOST_CHAINS + 1))
    return found if len(found) <= MOST_CHAINS else None


def _pairs(graph: PathGraph) -> Iterator[Step]:
    """Walk the ordered pairs of variables that paths join."""
    for outcome in dict.fromkeys(outcome for _, outcome in graph.steps):
        for predictor in dict.fromkeys(predictor for predictor, _ in graph.steps):
            if predictor != outcome and outcome in graph.reached_from[predictor]:
                yield predictor, outcome


def _effects_of_pair(
    graph: PathGraph, pair: Step, chains: Sequence[Chain]
) -> Iterator[EffectName]:
    """Walk the effects of one variable on another, the total last."""
    predictor, outcome = pair
    if pair in graph.steps:
        yield EffectName("direct", pair)
    for nodes in chains:
        yield EffectName("indirect", nodes)
    # in a loop the outcome may itself be what lies between
    if any(outcome in graph.reached_from[n] for n in graph.outcomes_of[predictor]):
        yield EffectName("total indirect", pair)
    yield EffectName("total", pair)


def plan_effects(
    part: StructuralPart, names: Sequence[EffectName], standardized: bool
) -> EffectPlan:
    """Plan how named effects are evaluated.

    Parameters
    ----------
    part : StructuralPart
        The paths of a group.
    names : sequence of EffectName
        The effects; the paths of their chains all exist.
    standardized : bool
        Whether effects are in standard deviations of predictor and outcome.

    Returns
    -------
    EffectPlan
        What `effect_values` needs, in the order of the names.
    """
    sums: dict[Kind, int] = {"total": 0, "total indirect": 1}
    chains = [name.nodes for name in names if name.kind not in sums]
    pairs = list(dict.fromkeys(name.ends for name in names if name.kind in sums))
    place = {pair: len(chains) + i for i, pair in enumerate(pairs)}
    count = iter(range(len(chains)))
    order = [
        place[name.ends] + sums[name.kind] * len(pairs)
        if name.kind in sums
        else next(count)
        for name in names
    ]
    return EffectPlan(
        system=part.system,
        chains=part.step_table(chains),
        ends=part.end_table(chains),
        pairs=part.end_table(pairs),
        order=np.array(order, dtype=np.intp),
        standardized=standardized,
    )


def tabulate_effects(effects: Effects, estimates: Estimates) -> pd.DataFrame:
    """Put effects and their inference, wherever it comes from, into a frame.

    Parameters
    ----------
    effects : Effects
        The effects of a group.
    estimates : Estimates
        Their estimates, standard errors and limits.

    Returns
    -------
    DataFrame
        As `effects_frame` returns it.
    """
    names = effects.names
    keys = pd.DataFrame(
        {
            "group": [effects.group] * len(names),
            "predictor": [name.nodes[0] for name in names],
            "outcome": [name.nodes[-1] for name in names],
            "kind": [name.kind for name in names],
            "effect": [name.text for name in names],
        }
    )
    share = pd.Series(_proportions(names, estimates.est), name="proportion_mediated")
    return pd.concat([keys, estimates.frame(), share], axis=1)


def _proportions(names: Sequence[EffectName], est: Array) -> Array:
    """Return indirect effects over the total one, where parts have one sign."""
    totals = {
        name.ends: value
        for name, value in zip(names, est, strict=True)
        if name.kind == "total"
    }
    total = np.array([totals[name.ends] for name in names], dtype=float)
    indirect = np.array(["indirect" in name.kind for name in names], dtype=bool)
    share = np.full(est.shape, np.nan)
    np.divide(est, total, out=share, where=indirect & (total != 0))
    inside = (share >= 0) & (share <= 1 + ROUNDING)
    return np.where(inside, np.minimum(share, 1.0), np.nan)


def effects_frame(
    solution: Solution,
    *,
    group: int = 1,
    standardized: bool = False,
    interval: IntervalKind = "delta",
    level: float = 0.95,
    replicates: int = 20_000,
    seed: int = 1,
) -> pd.DataFrame:
    r"""List all direct, indirect and total effects of a fitted model.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    group : int, default 1
        1-based number of the group.
    standardized : bool, default False
        Effects in standard deviations of predictor and outcome (`std_all`).
    interval : {"delta", "monte_carlo"}, default "delta"
        Limits est ± z se, or percentiles of effects at draws of the parameters from a
        normal distribution around the estimates with their covariance matrix.
    level : float, default 0.95
        Confidence level.
    replicates : int, default 20000
        Number of draws; at least 25 must lie beyond each limit.
    seed : int, default 1
        Seed of the draws.

    Returns
    -------
    DataFrame
        group predictor outcome kind effect est se z pvalue ci_lower ci_upper
        proportion_mediated. `kind` is ``"direct"``, ``"indirect"`` (the specific
        indirect effect of one chain), ``"total indirect"`` or ``"total"``; `effect`
        names the variables from cause to effect, as in ``CA -> TR -> PI``. se, z and
        pvalue are those of the delta method with either interval. An effect all of
        whose paths are fixed has standard error 0 and no test. `proportion_mediated`
        is an indirect effect over the total effect of its pair; it is NaN for direct
        and total effects, and where the indirect effect and the rest of the total one
        differ in sign, so that it is no share of a whole. Without a direct path it is 1
        for the total indirect effect, by construction.

    Raises
    ------
    KocsemError
        For a group there is not, a level outside 0 to 1, or too few draws.
    UnsupportedError
        For another kind of interval.
    EstimationError
        When draws are asked for and the estimates have no covariance matrix.

    Notes
    -----
    In a model with a feedback loop total effects are (I - B)^-1 - I, total indirect
    ones what is left without the direct ones (Bollen, 1987), and there are no specific
    indirect effects, which would be infinite sums; see `effect_findings`. Effects of a
    variable on itself are not listed. In lavaan each effect must be written as a
    definition, such as ``ab := a*b``; Monte-Carlo limits are those of
    ``semTools::monteCarloCI(fit, nRep = 20000)``.

    Examples
    --------
    >>> import kocsem
    >>> rng = np.random.Generator(np.random.PCG64(1))
    >>> data = pd.DataFrame({"x": rng.normal(size=200)})
    >>> data["m"] = 0.5 * data["x"] + rng.normal(size=200)
    >>> data["y"] = 0.5 * data["m"] + rng.normal(size=200)
    >>> fit = kocsem.sem("m ~ x\ny ~ m + x", data)
    >>> frame = effects_frame(fit.solution, interval="monte_carlo", seed=1)
    >>> frame[["effect", "kind", "est", "ci_lower", "ci_upper"]].round(2)
            effect            kind   est  ci_lower  ci_upper
    0       x -> m          direct  0.54      0.41      0.67
    1       x -> m           total  0.54      0.41      0.67
    2       x -> y          direct  0.23      0.06      0.40
    3  x -> m -> y        indirect  0.15      0.06      0.25
    4       x -> y  total indirect  0.15      0.06      0.25
    5       x -> y           total  0.38      0.22      0.53
    6       m -> y          direct  0.27      0.12      0.43
    7       m -> y           total  0.27      0.12      0.43
    """
    wanted = Interval(interval, level, replicates, seed)
    found = find_effects(solution, group=group, standardized=standardized)
    estimates = estimates_of(
        solution, lambda X: effect_values(plan=found.plan, X=X), wanted
    )
    return tabulate_effects(found, estimates)


def effect_findings(solution: Solution, *, group: int = 1) -> tuple[Finding, ...]:
    """Say what a reader of the effects must know.

    Parameters
    ----------
    solution : Solution
        The fitted model.
    group : int, default 1
        1-based number of the group.

    Returns
    -------
    tuple of Finding
        ``"feedback-loop"``, and ``"unstable-loop"`` where the largest modulus of the
        eigenvalues of the paths is not below 1 (Bentler & Freeman, 1983);
        ``"many-chains"`` where there are too many chains to list.
    """
    part = structural_part(solution, group)
    subject = "the structural part"
    if not part.graph.is_recursive:
        return (_loop(subject), *_unstable(part, solution.x, subject))
    if _indirect_chains(part.graph) is None:
        message = (
            f"More than {MOST_CHAINS} chains of paths lead from one variable to "
            "another; total indirect effects are listed, specific ones are not."
        )
        return (
            Finding("many-chains", "info", subject, message, threshold=MOST_CHAINS),
        )
    return ()


def _loop(subject: str) -> Finding:
    """Say that there is a feedback loop."""
    message = (
        "The paths of the model form a loop, so that the indirect effect of a chain is "
        "an infinite sum of products; such effects are not computed."
    )
    return Finding("feedback-loop", "warning", subject, message)


def _unstable(part: StructuralPart, x: Array, subject: str) -> Iterator[Finding]:
    """Report a loop whose effects do not die away."""
    index = stability_index(system=part.system, x=x)
    if index >= 1:
        message = (
            f"The stability index of the feedback loop is {index:.3f}, not below 1: "
            "its effects grow from round to round, so that indirect and total effects "
            "do not exist. The model is wrong, or the sample too small for it."
        )
        yield Finding("unstable-loop", "error", subject, message, index, 1.0)
