"""Robust indices of ordered items against the matrices of the paper."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import block_diag

from kocsem.core.evidence import Inference
from kocsem.core.inference import constrained_inverse
from kocsem.core.least_squares import LeastSquares
from kocsem.core.least_squares_evidence import least_squares_evidence
from kocsem.core.ordinal.categorical_ml import FittedGroup, categorical_ml
from kocsem.core.ordinal.moments import ordinal_moments
from kocsem.core.ordinal.structure import OrdinalStructure
from kocsem.core.structure import Matrix
from ordinal_cases import ordinal_case

SIZES = (150, 350)


def answers(levels, n, seed):
    g = np.random.default_rng(seed)
    latent = g.normal(size=(n, 1)) + g.normal(size=(n, levels.size))
    shares = [np.linspace(0, 1, K + 1)[1:-1] for K in levels]
    columns = [
        np.searchsorted(np.quantile(z, share), z)
        for z, share in zip(latent.T, shares, strict=True)
    ]
    return np.stack(columns, axis=1).astype(float)


def fitted_groups():
    """Return two groups of different size, not at their optimum, with evidence."""
    groups, evidence = [], []
    for seed, n in enumerate(SIZES):
        case = ordinal_case("factors", seed)
        levels = case.structure.ordered.levels
        moments = ordinal_moments(Y=answers(levels, n, seed), levels=levels)
        weight = 1 / np.diag(moments.Gamma)
        stacked = OrdinalStructure(case.structure)
        discrepancy = LeastSquares(stacked, moments.vector, weight, n)
        groups.append(FittedGroup(discrepancy, discrepancy.at(case.x), moments))
        evidence.append(
            least_squares_evidence(
                discrepancy=discrepancy,
                point=groups[-1].point,
                Gamma=moments.Gamma,
                count=moments.vector.size,
            )
        )
    return groups, tuple(evidence)


def free_directions(k, equal):
    """Return the basis that some equalities of two parameters leave."""
    rows = np.zeros((len(equal), k))
    for row, (i, j) in enumerate(equal):
        rows[row, i], rows[row, j] = 1.0, -1.0
    return np.linalg.svd(rows)[2][len(equal) :].T if equal else np.eye(k)


def correlations(group):
    """Return the implied correlation matrix."""
    scale = group.point.implied.delta
    return group.point.implied.Sigma * np.outer(scale, scale)


def selected(group):
    """Return Delta, W, V and Gamma, V by Kronecker products and 0 at thresholds."""
    order, moments = group.moments.order, group.moments
    first = order.univariate
    p = order.levels.size
    inverse = np.linalg.inv(correlations(group))
    pick = np.zeros((order.first.size, p, p))
    for row, (i, j) in enumerate(zip(order.first, order.second, strict=True)):
        pick[row, i, j] = pick[row, j, i] = 1.0
    pick = pick.reshape(len(pick), -1)
    return (
        group.discrepancy.moments.jacobian(group.point.implied),
        np.diag(group.discrepancy.weight),
        block_diag(
            np.zeros((first, first)), pick @ np.kron(inverse, inverse) @ pick.T / 2
        ),
        moments.Gamma,
    )


@pytest.mark.parametrize("equal", [(), ((0, 20), (1, 21))])
def test_factors_equal_those_of_the_matrices_of_all_groups(equal):
    groups, evidence = fitted_groups()
    k = sum(group.discrepancy.k for group in groups)
    K = free_directions(k, equal)
    found = categorical_ml(groups=groups, inference=Inference(evidence, K))
    shares = np.array(SIZES) / sum(SIZES)
    Delta, W, V, Gamma = (
        block_diag(*parts)
        for parts in zip(
            *(
                (D, s * w, s * v, G / s)
                for s, (D, w, v, G) in zip(shares, map(selected, groups), strict=True)
            ),
            strict=True,
        )
    )
    information = block_diag(
        *(s * e.expected for s, e in zip(shares, evidence, strict=True))
    )
    E = constrained_inverse(information=information, K=K)
    rest = np.eye(len(Delta)) - Delta @ E @ Delta.T @ W
    trace = np.trace(rest.T @ V @ rest @ Gamma)
    assert found.factor * found.df == pytest.approx(trace)
    # 10 of 20 parameters of each group are thresholds; there are 15 correlations
    assert found.df == 30 - (20 - len(equal))
    # lavaan lets each group's Gamma enter over its share, and so does kocsem
    null = np.diag(Gamma) @ (np.diag(V) != 0)
    assert found.factor_null * found.df_null == pytest.approx(null)
    assert found.df_null == 30


def test_statistics_are_those_of_maximum_likelihood():
    groups, evidence = fitted_groups()
    k = sum(group.discrepancy.k for group in groups)
    found = categorical_ml(groups=groups, inference=Inference(evidence, np.eye(k)))
    chisq = null = 0.0
    for group, n in zip(groups, SIZES, strict=True):
        R, P = group.moments.R, correlations(group)
        ratio = R @ np.linalg.inv(P)
        chisq += n * (np.trace(ratio) - np.log(np.linalg.det(ratio)) - len(R))
        null -= n * np.log(np.linalg.det(R))
    assert found.chisq == pytest.approx(chisq)
    assert found.chisq_null == pytest.approx(null)


def test_constrained_thresholds_do_not_count():
    groups, evidence = fitted_groups()
    k = sum(group.discrepancy.k for group in groups)
    matrix = np.concatenate([g.discrepancy.moments.structure.matrix for g in groups])
    first, second = np.flatnonzero(matrix == Matrix.TAU)[[0, 10]]
    free, tied = (
        categorical_ml(
            groups=groups, inference=Inference(evidence, free_directions(k, equal))
        )
        for equal in ((), ((first, second),))
    )
    assert tied.df == free.df


def test_nothing_without_a_positive_definite_matrix():
    groups, evidence = fitted_groups()
    k = sum(group.discrepancy.k for group in groups)
    inference = Inference(evidence, np.eye(k))
    R = groups[0].moments.R.copy()
    R[0, 1] = R[1, 0] = R[0, 2] = R[2, 0] = 0.9
    R[1, 2] = R[2, 1] = -0.9
    bent = replace(groups[0], moments=replace(groups[0].moments, R=R))
    assert categorical_ml(groups=[bent, groups[1]], inference=inference) is None
    x = groups[0].point.x.copy()
    x[:3] = 3.0  # loadings with which correlations are beyond 1
    far = replace(groups[0], point=groups[0].discrepancy.at(x))
    assert categorical_ml(groups=[far, groups[1]], inference=inference) is None
