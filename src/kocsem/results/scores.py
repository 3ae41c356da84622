"""Factor scores of the rows that were analysed.

In: one group of a fitted model, with cases. Out: one score a case and factor.
``regression`` is the posterior mean (Thurstone, 1935; Thomson, 1938), ``bartlett`` the
generalised least squares score (Bartlett, 1937), both around the implied factor means,
as in lavaan.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np

from kocsem.core.casewise import casewise_likelihood
from kocsem.core.incomplete_sample import IncompleteSample
from kocsem.core.incomplete_scores import bartlett_scores, regression_scores
from kocsem.core.moments import Array
from kocsem.errors import DataError, EstimationError, UnsupportedError
from kocsem.model.options import recognise
from kocsem.results.group import Group

Method = Literal["regression", "bartlett"]

SINGULAR = 1e-10


def factor_scores(group: Group, method: Method) -> Array:
    """Compute factor scores.

    Parameters
    ----------
    group : Group
        One group of a fitted model.
    method : {"regression", "bartlett"}
        The kind of score.

    Returns
    -------
    ndarray of shape (n, number of latent variables)
        In the order of the cases and of the latent variables.

    Raises
    ------
    DataError
        When there are no cases, or no latent variables.
    EstimationError
        When Bartlett scores do not exist, because a factor determines another.
    UnsupportedError
        When the method is none of these, or items are ordered.
    """
    method = recognise("method", method, get_args(Method))
    cases, latent = group.sample.cases, group.table.variables.latent
    if cases is None:
        raise DataError(
            "Factor scores need the answers themselves; this model was fitted to a "
            "covariance matrix."
        )
    if not latent:
        raise DataError("The model has no latent variable, so there are no scores.")
    if group.structure.ordered is not None:
        raise UnsupportedError(
            "Factor scores of ordered items are not offered; fit the items as "
            "continuous with estimator='MLR' to score them."
        )
    at = [group.layout.factors.index(name) for name in latent]
    if group.sample.incomplete is not None:
        return _incomplete_scores(group, group.sample.incomplete, method, at)
    centred = cases.to_numpy()
    if group.structure.means:
        centred, eta = centred - group.implied.mu, group.implied.eta[at]
    else:
        centred, eta = centred - group.moments.ybar, _levels(group)
    if method == "regression":
        weights = group.implied.C[at] @ group.point.W
    else:
        weights = _bartlett(group)
    return np.asarray(eta + centred @ weights.T)


def _incomplete_scores(
    group: Group, sample: IncompleteSample, method: Method, at: list[int]
) -> Array:
    """Score each case by the answers that it gave."""
    implied = group.implied
    likelihood = casewise_likelihood(
        patterns=sample.patterns, mu=implied.mu, Sigma=implied.Sigma
    )
    if method == "regression":
        return regression_scores(at=likelihood, C=implied.C[at], eta=implied.eta[at])
    scores = np.empty((len(sample.patterns.Y), len(at)))
    for i, chosen in enumerate(_models(group)):
        slope, columns = _slopes(group, chosen)
        found = bartlett_scores(at=likelihood, slope=slope, eta=implied.eta[columns])
        name = group.table.variables.latent[i]
        scores[:, i] = found[:, chosen.index(name)]
    return scores


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
    latent, items = group.table.variables.latent, set(group.layout.observed)
    children = group.table.indicators_of
    direct = tuple(name for name in latent if items & set(children[name]))
    return [direct if name in direct else _layer(name, children) for name in latent]


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
    implied, layout = group.implied, group.layout
    outcomes = {row.lhs for row in group.rows if row.op == "~"}
    items = set(group.table.variables.indicators)
    latent = set(group.table.variables.latent)
    covariates = [n for n in layout.factors if n not in outcomes | items | latent]
    at = [layout.factors.index(name) for name in (*factors, *covariates)]
    Phi = implied.Phi[np.ix_(at, at)]
    scale = np.sqrt(np.abs(np.diag(Phi)))
    if np.linalg.svd(Phi / np.outer(scale, scale), compute_uv=False)[-1] < SINGULAR:
        raise EstimationError(
            "Bartlett scores do not exist here: one of the factors "
            f"{', '.join(factors)} is determined by the others. Ask for regression "
            "scores."
        )
    return np.asarray(np.linalg.solve(Phi, implied.C[at]).T), at
