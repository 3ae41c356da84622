"""Moderated mediation: indirect effects that depend on a moderator.

In: a `Moderation` in which a path of an indirect effect is moderated. Out: the indirect
effects at values of the moderator, and how they change with it. Each path is a straight
line in the moderator, so that an indirect effect is the product of such lines. Sources:
Edwards and Lambert (2007); Preacher, Rucker and Hayes (2007); Hayes (2015).
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from operator import mul

import numpy as np
import pandas as pd

from kocsem.assessment.conditional import ModeratedPaths
from kocsem.assessment.draws import Limits, estimated
from kocsem.assessment.moderation import Moderation
from kocsem.core.effects import Values
from kocsem.errors import KocsemError
from kocsem.instrument.nearest import hinted
from kocsem.results.chains import Chain, PathGraph

_TERMS = {1: "linear", 2: "quadratic"}


def conditional_indirect_effects(
    moderation: Moderation,
    outcome: str,
    predictor: str,
    moderator: str | None = None,
    values: Sequence[float] | None = None,
    at: Mapping[str, float] | None = None,
    interval: Limits | None = None,
) -> pd.DataFrame:
    """Return the indirect effects of a predictor at values of a moderator.

    Parameters
    ----------
    moderation : Moderation
        What `kocsem.assessment.moderation.moderation` returned.
    outcome, predictor : str
        The two ends of the indirect effects.
    moderator : str, optional
        The variable that moderates a path between them; may be left out when there is
        only one.
    values : sequence of float, optional
        Values of the moderator on its own scale; by default its mean and one standard
        deviation below and above, or both values of an observed one that has two.
    at : mapping of str to float, optional
        Values of further moderators; by default their means.
    interval : Interval or ndarray of shape (B, k), optional
        As in `kocsem.assessment.simple_slopes.simple_slopes`.

    Returns
    -------
    DataFrame
        outcome predictor mediator moderator level value kind est se z pvalue ci_lower
        ci_upper. `kind` is ``"indirect"``, one row a chain and value, or ``"total
        indirect"``, their sum, when there are several chains.

    Raises
    ------
    KocsemError
        When no indirect effect joins the two, when it is not clear which moderator is
        meant, or when the paths form a loop.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> x, w = rng.normal(size=(2, 500))
    >>> m = 0.5 * x + rng.normal(size=500)
    >>> y = 0.4 * m + 0.3 * m * w + rng.normal(size=500)
    >>> data = pd.DataFrame({"x": x, "w": w, "m": m, "y": y})
    >>> made = moderation("m ~ x; y ~ m + w + x + m:w", data)
    >>> found = conditional_indirect_effects(made, "y", "x")
    >>> found[["mediator", "level", "est"]].round(2)
      mediator        level   est
    0        m  mean - 1 SD  0.05
    1        m         mean  0.19
    2        m  mean + 1 SD  0.33
    """
    paths = ModeratedPaths(moderation)
    chains = _chains(paths, outcome, predictor)
    chosen = _moderator(paths, chains, moderator)
    held = paths.held(chosen, at)
    probes = paths.probes(chosen, values)
    deviation = np.array([probe.deviation for probe in probes])

    def indirect(X: Values) -> Values:
        each = [
            reduce(mul, (line[:, :1] + line[:, 1:] * deviation for line in lines))
            for lines in _lines(paths, X, chains, chosen, held)
        ]
        return np.concatenate([*each, sum(each)] if len(each) > 1 else each, axis=1)

    kinds = [(" -> ".join(chain[1:-1]), "indirect") for chain in chains]
    if len(chains) > 1:
        kinds.append(("", "total indirect"))
    named = [
        {
            "outcome": outcome,
            "predictor": predictor,
            "mediator": mediator,
            "moderator": chosen,
            "level": probe.level,
            "value": probe.value,
            "kind": kind,
        }
        for mediator, kind in kinds
        for probe in probes
    ]
    found = estimated(moderation.fit, indirect, interval)
    return pd.concat([pd.DataFrame(named), found], axis=1)


def index_of_moderated_mediation(
    moderation: Moderation,
    outcome: str,
    predictor: str,
    moderator: str | None = None,
    at: Mapping[str, float] | None = None,
    interval: Limits | None = None,
) -> pd.DataFrame:
    """Return how the indirect effects of a predictor change with a moderator.

    Parameters
    ----------
    moderation : Moderation
        What `kocsem.assessment.moderation.moderation` returned.
    outcome, predictor : str
        The two ends of the indirect effects.
    moderator : str, optional
        The variable that moderates a path between them; may be left out when there is
        only one.
    at : mapping of str to float, optional
        Values of further moderators; by default their means.
    interval : Interval or ndarray of shape (B, k), optional
        As in `kocsem.assessment.simple_slopes.simple_slopes`.

    Returns
    -------
    DataFrame
        outcome predictor mediator moderator moderated term est se z pvalue ci_lower
        ci_upper, for each chain with a path that the moderator acts on. `moderated`
        lists these paths. Where it is one, `term` is ``"index"``: the change of the
        indirect effect with one unit of the moderator. Where it is several, the
        indirect effect is a curve, and no single index exists (Hayes, 2015):
        ``"linear"`` is its slope at the mean of the moderator, ``"quadratic"`` the
        factor of the squared distance from there, and so on.

    Raises
    ------
    KocsemError
        As in `conditional_indirect_effects`.

    Notes
    -----
    With first-stage slope a + a₃w and second-stage slope b + b₃w the indirect effect is
    ab + (ab₃ + a₃b)w + a₃b₃w². The difference between the effects at equal distances d
    above and below the mean is 2d times the linear term.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from kocsem.assessment.moderation import moderation
    >>> rng = np.random.default_rng(1)
    >>> x, w = rng.normal(size=(2, 500))
    >>> m = 0.5 * x + rng.normal(size=500)
    >>> y = 0.4 * m + 0.3 * m * w + rng.normal(size=500)
    >>> data = pd.DataFrame({"x": x, "w": w, "m": m, "y": y})
    >>> made = moderation("m ~ x; y ~ m + w + x + m:w", data)
    >>> found = index_of_moderated_mediation(made, "y", "x")
    >>> found[["moderated", "term", "est"]].round(2)
      moderated   term   est
    0    m -> y  index  0.13
    """
    paths = ModeratedPaths(moderation)
    every = _chains(paths, outcome, predictor)
    chosen = _moderator(paths, every, moderator)
    moderated = {chain: _moderated(paths, chain, chosen) for chain in every}
    chains = [chain for chain in every if moderated[chain]]
    held = paths.held(chosen, at)
    shift = paths.mean(chosen) - paths.centre(chosen)

    def terms(X: Values) -> Values:
        curves = [
            _curve(lines, shift) for lines in _lines(paths, X, chains, chosen, held)
        ]
        pairs = zip(chains, curves, strict=True)
        return np.concatenate(
            [curve[:, 1 : len(moderated[chain]) + 1] for chain, curve in pairs], axis=1
        )

    named = [
        {
            "outcome": outcome,
            "predictor": predictor,
            "mediator": " -> ".join(chain[1:-1]),
            "moderator": chosen,
            "moderated": "; ".join(" -> ".join(step) for step in moderated[chain]),
            "term": _TERMS.get(power, f"power {power}")
            if len(moderated[chain]) > 1
            else "index",
        }
        for chain in chains
        for power in range(1, len(moderated[chain]) + 1)
    ]
    found = estimated(moderation.fit, terms, interval)
    return pd.concat([pd.DataFrame(named), found], axis=1)


def _chains(paths: ModeratedPaths, outcome: str, predictor: str) -> list[Chain]:
    """List the indirect chains between two variables, shortest first."""
    products = {product.name for product in paths.moderation.products}
    graph = PathGraph(
        tuple(
            (row.rhs, row.lhs)
            for row in paths.moderation.fit.table
            if row.op == "~"
            and row.rhs not in products
            and (row.free or row.fixed or paths.products_of(row.lhs, row.rhs))
        )
    )
    for name in (outcome, predictor):
        if name not in graph.variables:
            said = f"{name!r} is no variable of the structural model"
            raise KocsemError(hinted(said, name, graph.variables))
    if not graph.is_recursive:
        raise KocsemError(
            "The paths of the model form a loop, so that indirect effects are infinite "
            "sums of products; they are not computed."
        )
    found = [
        chain
        for chain in graph.chains_from(predictor)
        if chain[-1] == outcome and len(chain) > 2
    ]
    if not found:
        raise KocsemError(
            f"No chain of two paths or more leads from {predictor} to {outcome}, so "
            "that there is no indirect effect. For a direct one ask for simple slopes."
        )
    return sorted(found, key=len)


def _moderator(
    paths: ModeratedPaths, chains: Sequence[Chain], wanted: str | None
) -> str:
    """Find the variable that moderates a path of the chains."""
    known = list(
        dict.fromkeys(
            part
            for part in paths.parts
            for chain in chains
            if _moderated(paths, chain, part)
        )
    )
    if wanted in known:
        return str(wanted)
    if wanted is None and len(known) == 1:
        return known[0]
    ends = f"between {chains[0][0]} and {chains[0][-1]}"
    if not known:
        raise KocsemError(f"Nothing moderates a path {ends} that is part of a chain.")
    if wanted is None:
        raise KocsemError(
            f"Several variables moderate paths {ends}: choose moderator= among "
            f"{', '.join(known)}."
        )
    raise KocsemError(hinted(f"{wanted!r} moderates no path {ends}", wanted, known))


def _moderated(
    paths: ModeratedPaths, chain: Chain, moderator: str
) -> tuple[tuple[str, str], ...]:
    """List the paths of a chain that a variable moderates."""
    return tuple(
        (predictor, outcome)
        for predictor, outcome in pairwise(chain)
        if predictor != moderator
        and any(
            moderator in product.parts
            for product in paths.products_of(outcome, predictor)
        )
    )


def _lines(
    paths: ModeratedPaths,
    X: Values,
    chains: Sequence[Chain],
    moderator: str,
    held: Mapping[str, float],
) -> list[list[Values]]:
    """Return the line in the moderator of each path of each chain, shape (B, 2)."""
    steps = dict.fromkeys(step for chain in chains for step in pairwise(chain))
    lines = {step: paths.line(X, step, moderator, held) for step in steps}
    return [[lines[step] for step in pairwise(chain)] for chain in chains]


def _curve(lines: Sequence[Values], shift: float) -> Values:
    """Multiply lines, a shift to the right of their origin.

    Parameters
    ----------
    lines : sequence of ndarray of shape (B, 2)
        Level and change of each.
    shift : float
        Where the curve is developed.

    Returns
    -------
    ndarray of shape (B, number of lines + 1)
        Coefficients of the powers of the distance from there, lowest first.
    """
    curve = np.ones_like(lines[0][:, :1])
    for line in lines:
        level = line[:, :1] + line[:, 1:] * shift
        higher = np.pad(curve * line[:, 1:], ((0, 0), (1, 0)))
        curve = np.pad(curve * level, ((0, 0), (0, 1))) + higher
    return curve
