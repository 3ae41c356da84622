"""Factor scores of the rows that were analysed.

In: one group of a fitted model, with cases. Out: one score a case and factor, around
the implied factor means, as in lavaan. ``regression`` is the mode of the posterior
density, for continuous items its mean (Thurstone, 1935; Thomson, 1938); ``bartlett`` is
the mode of the likelihood, for continuous items the generalised least squares score
(Bartlett, 1937). lavaan's names of the two are ``EBM`` and ``ML``.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np

from kocsem.core.incomplete.casewise import casewise_likelihood
from kocsem.core.incomplete.sample import IncompleteSample
from kocsem.core.incomplete.scores import bartlett_scores, regression_scores
from kocsem.core.moments import Array
from kocsem.core.ordered_items import Ordered
from kocsem.core.ordinal.moment_order import MomentOrder, moment_order
from kocsem.core.ordinal.scores import (
    JointNormal,
    Scoring,
    likelihood_scorings,
    posterior_scorings,
    scored,
)
from kocsem.errors import DataError, EstimationError, UnsupportedError
from kocsem.model.options import recognise
from kocsem.results.group import Group

Method = Literal["regression", "bartlett", "ebm", "ml"]
Kind = Literal["regression", "bartlett"]

KINDS: Mapping[Method, Kind] = {
    "regression": "regression",
    "bartlett": "bartlett",
    "ebm": "regression",
    "ml": "bartlett",
}
SINGULAR = 1e-10
DEPENDENT = 1e-8  # residual correlation that is not rounding


def factor_scores(group: Group, method: Method) -> Array:
    """Compute factor scores.

    Parameters
    ----------
    group : Group
        One group of a fitted model.
    method : {"regression", "bartlett", "ebm", "ml"}
        The kind of score, by either of its names.

    Returns
    -------
    ndarray of shape (n, number of latent variables)
        In the order of the cases and of the latent variables.

    Raises
    ------
    DataError
        When there are no cases, or no latent variables.
    EstimationError
        When the scores do not exist, because a factor determines another, a variance
        is negative, or an ordered item has no residual variance.
    UnsupportedError
        When the method is none of these, or ordered items are correlated beyond the
        factors.
    """
    kind = KINDS[recognise("method", method, get_args(Method))]
    cases, latent = group.sample.cases, group.table.variables.latent
    if cases is None:
        raise DataError(
            "Factor scores need the answers themselves; this model was fitted to a "
            "covariance matrix."
        )
    if not latent:
        raise DataError("The model has no latent variable, so there are no scores.")
    at = [group.layout.factors.index(name) for name in latent]
    if group.structure.ordered is not None:
        return _ordered_scores(group, group.structure.ordered, cases.to_numpy(), kind)
    if group.sample.incomplete is not None:
        return _incomplete_scores(group, group.sample.incomplete, kind, at)
    centred = cases.to_numpy()
    if group.structure.means:
        centred, eta = centred - group.implied.mu, group.implied.eta[at]
    else:
        centred, eta = centred - group.moments.ybar, _levels(group)
    if kind == "regression":
        weights = group.implied.C[at] @ group.point.W
    else:
        weights = _bartlett(group)
    return np.asarray(eta + centred @ weights.T)


def _incomplete_scores(
    group: Group, sample: IncompleteSample, kind: Kind, at: list[int]
) -> Array:
    """Score each case by the answers that it gave."""
    implied = group.implied
    likelihood = casewise_likelihood(
        patterns=sample.patterns, mu=implied.mu, Sigma=implied.Sigma
    )
    if kind == "regression":
        return regression_scores(at=likelihood, C=implied.C[at], eta=implied.eta[at])
    scores = np.empty((len(sample.patterns.Y), len(at)))
    models = _models(group)
    for chosen in dict.fromkeys(models):
        slope, columns = _slopes(group, chosen)
        found = bartlett_scores(at=likelihood, slope=slope, eta=implied.eta[columns])
        for i, name in enumerate(group.table.variables.latent):
            if models[i] == chosen:
                scores[:, i] = found[:, chosen.index(name)]
    return scores


def _ordered_scores(group: Group, ordered: Ordered, Y: Array, kind: Kind) -> Array:
    """Score each case by its answers to ordered and continuous items.

    The mode of the likelihood exists for factors with items of their own.
    """
    latent = group.table.variables.latent
    order = moment_order(levels=ordered.levels, covariates=ordered.covariates)
    _check_thresholds(group, order)
    if kind == "regression":
        chosen, scorings = latent, _posterior(group, Y, order)
    else:
        chosen, scorings = _measured(group), _likelihood(group, Y, order)
    for one in scorings:
        _check_residuals(group, one, order)
    found = scored(scorings=scorings, Y=Y, order=order, tau=group.implied.tau)
    scores = np.full((len(Y), len(latent)), np.nan)
    scores[:, [latent.index(name) for name in chosen]] = found
    return scores


def _posterior(group: Group, Y: Array, order: MomentOrder) -> tuple[Scoring, ...]:
    """Prepare the posterior mode of all factors."""
    joint = _joint(group, group.table.variables.latent)
    try:
        return posterior_scorings(joint=joint, Y=Y, order=order)
    except np.linalg.LinAlgError:
        raise EstimationError(
            "Regression scores do not exist here: given the continuous answers a "
            "factor has a negative variance. Look at fit.findings."
        ) from None


def _likelihood(group: Group, Y: Array, order: MomentOrder) -> tuple[Scoring, ...]:
    """Prepare the mode of the likelihood of the factors that have items."""
    chosen, observed = _measured(group), group.layout.observed
    _places(group, chosen)
    covariates = [observed.index(name) for name in _covariates(group)]
    try:
        return likelihood_scorings(
            joint=_joint(group, chosen),
            Y=Y,
            order=order,
            covariates=np.array(covariates, dtype=np.intp),
        )
    except np.linalg.LinAlgError:
        raise EstimationError(
            "Bartlett scores do not exist here: a continuous item has no residual "
            "variance given the factors, or a negative one. Ask for regression scores, "
            "or look at fit.findings."
        ) from None


def _joint(group: Group, factors: tuple[str, ...]) -> JointNormal:
    """Return the joint distribution of some factors and all items."""
    at = [group.layout.factors.index(name) for name in factors]
    implied = group.implied
    C = implied.C[at]
    return JointNormal(
        m=len(at),
        mean=np.concatenate([implied.eta[at], implied.mu])[None, :],
        cov=np.block([[implied.Phi[np.ix_(at, at)], C], [C.T, implied.Sigma]]),
    )


def _check_thresholds(group: Group, order: MomentOrder) -> None:
    """Refuse thresholds that are out of order."""
    same = np.diff(order.variable) == 0
    wrong = np.flatnonzero(same & (np.diff(group.implied.tau) <= 0))
    if wrong.size:
        name = group.layout.observed[order.variable[wrong[0]]]
        raise EstimationError(
            f"The thresholds of {name} do not ascend, so that a category has no "
            "probability and its answers no score. Look at the constraints on them."
        )


def _check_residuals(group: Group, one: Scoring, order: MomentOrder) -> None:
    """Refuse ordered items that are not independent given the factors."""
    names = [group.layout.observed[j] for j in np.flatnonzero(order.levels)]
    variance = np.diag(one.V)
    none = np.flatnonzero(variance <= SINGULAR)
    if none.size:
        raise EstimationError(
            f"{names[none[0]]} has no residual variance left, so that its answers "
            "have no probability given the factors. Look at fit.findings."
        )
    apart = np.abs(one.V) / np.sqrt(np.outer(variance, variance)) < DEPENDENT
    pairs = np.argwhere(np.triu(~apart, 1))
    if pairs.size:
        first, second = (names[i] for i in pairs[0])
        raise UnsupportedError(
            "Scores of ordered items are offered where these are independent given "
            "the factors and the continuous answers of a case; here "
            f"{first} and {second} are not. Leave out what "
            "correlates them, such as a residual covariance, to score the cases."
        )


def _levels(group: Group) -> Array:
    """Return the factor means where none are modelled: intercepts 0, sample means kept.

    The scores are then those of the same model with a mean structure.
    """
    Beta, m = group.matrices.Beta, len(group.table.variables.latent)
    ybar = dict(zip(group.layout.observed, group.moments.ybar, strict=True))
    known = np.array([ybar[name] for name in group.layout.factors[m:]])
    return np.asarray(np.linalg.solve(np.eye(m) - Beta[:m, :m], Beta[:m, m:] @ known))


def _bartlett(group: Group) -> Array:
    """Compute (L' V^-1 L)^-1 L' V^-1, V being what the factors do not explain.

    L holds the slopes of the items on the factors, given fixed or free covariates. A
    factor without items of its own is scored in a model of its own, in which the
    factors that measure it are not there, as in lavaan.
    """
    latent = group.table.variables.latent
    weights = np.empty((len(latent), len(group.layout.observed)))
    W = group.point.W
    for i, (name, chosen) in enumerate(zip(latent, _models(group), strict=True)):
        slope, _ = _slopes(group, chosen)
        # Sigma^-1 may stand for V^-1: they differ within the space of the slopes only
        all_weights = np.linalg.solve(slope.T @ W @ slope, slope.T @ W)
        weights[i] = all_weights[chosen.index(name)]
    return weights


def _models(group: Group) -> list[tuple[str, ...]]:
    """List for each factor the factors of the model in which it is scored."""
    latent, children = group.table.variables.latent, group.table.indicators_of
    direct = _measured(group)
    return [direct if name in direct else _layer(name, children) for name in latent]


def _measured(group: Group) -> tuple[str, ...]:
    """List the factors that have items of their own."""
    items, children = set(group.layout.observed), group.table.indicators_of
    latent = group.table.variables.latent
    return tuple(name for name in latent if items & set(children[name]))


def _layer(name: str, children: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """List a factor with the topmost factors that neither measure it nor are measured.

    All in the order of the model.
    """
    below = {factor: _descendants(factor, children) for factor in children}
    apart = [f for f in children if f not in below[name] and name not in below[f]]
    return tuple(f for f in apart if not any(f in below[other] for other in apart))


def _descendants(name: str, children: Mapping[str, tuple[str, ...]]) -> set[str]:
    """List everything that measures a factor, directly or not."""
    found: set[str] = set()
    for child in children.get(name, ()):
        found |= {child} | _descendants(child, children)
    return found


def _slopes(group: Group, factors: tuple[str, ...]) -> tuple[Array, list[int]]:
    """Compute the slopes of the items on some factors and on the covariates.

    With the places of the columns among the factors.
    """
    at = _places(group, factors)
    Phi = group.implied.Phi[np.ix_(at, at)]
    return np.asarray(np.linalg.solve(Phi, group.implied.C[at]).T), at


def _places(group: Group, factors: tuple[str, ...]) -> list[int]:
    """Return where some factors, none of which determines another, and covariates are.

    Among the factors of the layout.
    """
    names = (*factors, *_covariates(group))
    at = [group.layout.factors.index(name) for name in names]
    Phi = group.implied.Phi[np.ix_(at, at)]
    scale = np.sqrt(np.abs(np.diag(Phi)))
    if np.linalg.svd(Phi / np.outer(scale, scale), compute_uv=False)[-1] < SINGULAR:
        raise EstimationError(
            "Bartlett scores do not exist here: one of the factors "
            f"{', '.join(factors)} is determined by the others. Ask for regression "
            "scores."
        )
    return at


def _covariates(group: Group) -> list[str]:
    """List the observed variables that only predict."""
    outcomes = {row.lhs for row in group.rows if row.op == "~"}
    others = outcomes | {*group.table.variables.indicators}
    others |= {*group.table.variables.latent}
    return [name for name in group.layout.factors if name not in others]
