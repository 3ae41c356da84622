"""Effects in a linear system: closed forms, algebra by hand, finite differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.effects import (
    BLOCK,
    EffectPlan,
    Elements,
    PathSystem,
    batch_jacobian,
    effect_values,
    stability_index,
)
from sem_cases import central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL


def elements(entries):
    """Gather (row, col, position in x or None, fixed value)."""
    row, col, position, value = zip(*entries, strict=True) if entries else [()] * 4
    return Elements(
        row=np.array(row, dtype=np.intp),
        col=np.array(col, dtype=np.intp),
        position=np.array([-1 if p is None else p for p in position], dtype=np.intp),
        value=np.array(value, dtype=float),
    )


def plan(
    size, paths, chains=(), pairs=(), loadings=(), covariances=(), scales=(), std=False
):
    """Plan chains (by position of their paths) and total effects (outcome, cause)."""
    longest = max((len(chain) for chain in chains), default=0)
    steps = [[*chain, *[len(paths)] * (longest - len(chain))] for chain in chains]
    ends = [(paths[c[-1]][0], paths[c[0]][1]) for c in chains]
    return EffectPlan(
        system=PathSystem(
            size=size,
            paths=elements(paths),
            loadings=elements(loadings),
            covariances=elements(covariances),
            scales=elements(scales),
        ),
        chains=np.array(steps, dtype=np.intp).reshape(len(chains), longest),
        ends=np.array(ends, dtype=np.intp).reshape(-1, 2),
        pairs=np.array(pairs, dtype=np.intp).reshape(-1, 2),
        order=np.arange(len(chains) + 2 * len(pairs)),
        standardized=std,
    )


def at(which, *x):
    return effect_values(plan=which, X=np.array([x], dtype=float))[0]


# x0 -> x1 -> x2 -> x3, and x0 -> x3 fixed at 1
SERIAL = [(1, 0, 0, 0.0), (2, 1, 1, 0.0), (3, 2, 2, 0.0), (3, 0, None, 1.0)]


@pytest.mark.parametrize(
    ("chain", "expected", "gradient"),
    [
        ((0,), 0.5, [1, 0, 0]),
        ((0, 1), -1.0, [-2, 0.5, 0]),
        ((0, 1, 2), -3.0, [-6, 1.5, -1]),
        ((3,), 1.0, [0, 0, 0]),
    ],
)
def test_a_chain_is_the_product_of_its_paths(chain, expected, gradient):
    which = plan(4, SERIAL, chains=[chain])
    assert at(which, 0.5, -2.0, 3.0) == pytest.approx([expected], abs=0)
    slope = batch_jacobian(
        function=lambda X: effect_values(plan=which, X=X), x=np.array([0.5, -2.0, 3.0])
    )
    assert_allclose(slope, [gradient], rtol=0, atol=0)


def test_a_parameter_in_two_places_counts_twice():
    which = plan(3, [(1, 0, 0, 0.0), (2, 1, 0, 0.0)], chains=[(0, 1)])
    slope = batch_jacobian(
        function=lambda X: effect_values(plan=which, X=X), x=np.array([2.0])
    )
    assert slope.item() == 4.0  # d(x^2)/dx


def test_total_is_direct_and_all_chains():
    which = plan(4, SERIAL, chains=[(3,), (0, 1, 2)], pairs=[(3, 0)])
    direct, chain, total, indirect = at(which, 0.5, -2.0, 3.0)
    assert total == pytest.approx(direct + chain)
    assert indirect == pytest.approx(chain)


# y0 <- b y1 + g x, y1 <- c y0; x stands last
LOOP = [(0, 1, 0, 0.0), (1, 0, 1, 0.0), (0, 2, 2, 0.0)]


@pytest.mark.parametrize("x", [(0.4, -0.3, 1.2), (0.9, 0.8, -0.5), (3.0, 0.5, 1.0)])
def test_a_loop_by_hand(x):
    b, c, g = x
    rest = 1 - b * c
    found = at(plan(3, LOOP, pairs=[(0, 2), (1, 2), (0, 1), (1, 0)]), *x)
    total = np.array([g, c * g, b, c]) / rest
    assert_allclose(found[:4], total, atol=IDENTITY_ATOL)
    assert_allclose(found[4:], total - [g, 0, b, c], atol=IDENTITY_ATOL)


@pytest.mark.parametrize(
    ("paths", "x", "expected"),
    [
        (LOOP, (0.4, -0.3, 9.0), np.sqrt(0.12)),  # eigenvalues of [[0, b], [c, 0]]
        (LOOP, (2.0, 0.5, 0.0), 1.0),
        (SERIAL, (5.0, 5.0, 5.0), 0.0),
        ([], (), 0.0),
    ],
)
def test_stability_index(paths, x, expected):
    system = plan(4 if paths else 0, paths).system
    found = stability_index(system=system, x=np.array(x))
    assert found == pytest.approx(expected, abs=1e-4 if paths is SERIAL else 1e-12)


def test_standardised_by_hand():
    # x -> y with a loading of x on a factor f above it: var x = l^2 phi + psi
    which = plan(
        3,
        [(1, 0, 0, 0.0)],
        chains=[(0,)],
        pairs=[(1, 0)],
        loadings=[(0, 2, 1, 0.0)],
        covariances=[(0, 0, 2, 0.0), (1, 1, 3, 0.0), (2, 2, None, 2.0)],
        std=True,
    )
    b, loading, psi, zeta = 0.7, 1.5, 0.4, 0.9
    variance = loading**2 * 2.0 + psi
    expected = b * np.sqrt(variance / (b**2 * variance + zeta))
    chain, total, indirect = at(which, b, loading, psi, zeta)
    assert (chain, total) == pytest.approx((expected, expected), rel=1e-14)
    assert indirect == pytest.approx(0, abs=IDENTITY_ATOL)


def test_covariances_count_on_both_sides():
    # z <- a x + b y: var z = a^2 + b^2 + 2 a b r + psi
    which = plan(
        3,
        [(2, 0, 0, 0.0), (2, 1, 1, 0.0)],
        chains=[(0,), (1,)],
        covariances=[
            (0, 0, None, 1.0),
            (1, 1, None, 1.0),
            (0, 1, 2, 0.0),
            (1, 0, 2, 0.0),
            (2, 2, 3, 0.0),
        ],
        std=True,
    )
    a, b, r, psi = 0.5, -0.8, 0.3, 0.6
    deviation = np.sqrt(a**2 + b**2 + 2 * a * b * r + psi)
    assert_allclose(at(which, a, b, r, psi), [a / deviation, b / deviation], rtol=1e-14)


ORDERED = {
    "paths": [(1, 0, 0, 0.0), (2, 1, 1, 0.0)],
    "covariances": [(0, 0, 2, 0.0), (2, 2, 3, 0.0)],
    "scales": [(1, 1, 4, 0.0)],
}


def test_the_variance_of_an_ordered_variable_is_given():
    # x -> m -> y with m ordered: var m = 1 / delta^2, var y = b^2 var m + psi
    a, b, phi, psi, delta = 0.6, 0.8, 1.7, 0.5, 0.9
    which = plan(3, **ORDERED, chains=[(0,), (1,), (0, 1)], std=True)
    on_m = a * np.sqrt(phi) * delta
    on_y = b / delta / np.sqrt(b**2 / delta**2 + psi)
    expected = [on_m, on_y, on_m * on_y]
    assert_allclose(at(which, a, b, phi, psi, delta), expected, rtol=1e-13)


def test_an_ordered_variable_in_a_loop():
    # m ordered, m <-> y: total variances by solving for the residual one with numpy
    paths = [*LOOP]
    b, c, g, psi, phi = 0.3, 0.4, 0.5, 0.7, 1.2
    which = plan(
        3,
        paths,
        pairs=[(1, 2)],
        covariances=[(1, 1, None, psi), (2, 2, None, phi)],
        scales=[(0, 0, None, 1.0)],
        std=True,
    )
    A = np.linalg.inv(np.eye(3) - np.array([[0, b, g], [c, 0, 0], [0, 0, 0]]))

    def variances(residual):
        return np.diag(A @ np.diag([residual, psi, phi]) @ A.T)

    residual = (1 - variances(0)[0]) / (variances(1)[0] - variances(0)[0])
    deviation = np.sqrt(variances(residual))
    assert deviation[0] == pytest.approx(1)
    expected = A[1, 2] * deviation[2] / deviation[1]
    assert at(which, b, c, g)[0] == pytest.approx(expected, rel=1e-12)


RICH = {
    "paths": [(1, 0, 0, 0.0), (2, 1, 1, 0.0), (2, 0, 2, 0.0), (1, 2, 3, 0.0)],
    "loadings": [(0, 3, 4, 0.0)],
    "covariances": [
        (0, 0, 5, 0.0),
        (1, 1, 6, 0.0),
        (2, 2, 7, 0.0),
        (1, 2, 8, 0.0),
        (2, 1, 8, 0.0),
        (3, 3, None, 1.0),
    ],
}
POINTS = np.random.default_rng(4).uniform(0.2, 0.7, (3 * BLOCK + 5, 10))


@pytest.mark.parametrize("std", [False, True])
@pytest.mark.parametrize("scales", [(), [(2, 2, 9, 0.0)]])
def test_jacobian_is_the_differences(std, scales):
    which = plan(
        4, **RICH, chains=[(0, 1)], pairs=[(2, 0), (1, 0)], scales=scales, std=std
    )

    def function(X):
        return effect_values(plan=which, X=X)

    for x in POINTS[:3]:
        expected = central_differences(lambda v: function(v[None])[0], x)
        found = batch_jacobian(function=function, x=x)
        assert_allclose(found, expected, rtol=DERIVATIVE_RTOL, atol=1e-8)


@pytest.mark.parametrize("std", [False, True])
def test_many_points_are_each_point_by_itself(std):
    which = plan(4, **RICH, chains=[(0, 1), (2,)], pairs=[(2, 0)], std=std)
    together = effect_values(plan=which, X=POINTS)
    assert together.shape == (len(POINTS), 4)
    for i in (0, BLOCK - 1, BLOCK, 2 * BLOCK + 1, len(POINTS) - 1):
        alone = effect_values(plan=which, X=POINTS[[i]])[0]
        assert_allclose(together[i], alone, rtol=1e-13)


@pytest.mark.parametrize(("variance", "exists"), [(0.5, True), (0, False), (-1, False)])
def test_no_standardised_effect_without_variance(variance, exists):
    which = plan(
        2,
        [(1, 0, 0, 0.0)],
        chains=[(0,)],
        covariances=[(0, 0, 1, 0.0), (1, 1, None, 1.0)],
        std=True,
    )
    assert np.isfinite(at(which, 0.5, variance)).all() == exists


def test_nothing_free():
    which = plan(2, [(1, 0, None, 0.3)], chains=[(0,)], pairs=[(1, 0)])
    assert_allclose(effect_values(plan=which, X=np.zeros((1, 0))), [[0.3, 0.3, 0]])
    slope = batch_jacobian(
        function=lambda X: effect_values(plan=which, X=X), x=np.zeros(0)
    )
    assert slope.shape == (3, 0)


def test_no_points():
    which = plan(2, [(1, 0, 0, 0.0)], chains=[(0,)])
    assert effect_values(plan=which, X=np.zeros((0, 1))).shape == (0, 1)
