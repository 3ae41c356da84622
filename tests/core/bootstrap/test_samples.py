"""Moments of many samples against those of the samples themselves."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.bootstrap.packed import padded
from kocsem.core.bootstrap.resampling import (
    case_units,
    cluster_units,
    drawn_rows,
    multiplicities,
)
from kocsem.core.bootstrap.samples import (
    gather_cases,
    left_out,
    log_determinants,
    resampled,
)
from kocsem.core.moments import sample_moments
from tolerances import IDENTITY_ATOL

P = (1, 3, 4, 7)
SIZES = (40, 25)


def draw(p, sizes=SIZES, seed=0):
    rng = np.random.default_rng(seed)
    mix = np.eye(p) + 0.3 * rng.normal(size=(p, p))
    return tuple(100.0 + rng.normal(size=(n, p)) @ mix for n in sizes)


def agree(found, wanted):
    """Compare the moments of one sample, a group at a time."""
    assert len(found) == len(wanted)
    for own, other in zip(found, wanted, strict=True):
        assert own.n == pytest.approx(other.n, rel=1e-14)
        assert_allclose(own.S, other.S, atol=IDENTITY_ATOL)
        assert_allclose(own.ybar, other.ybar, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("p", P)
def test_resampled_moments_are_those_of_repeated_rows(p):
    groups = draw(p)
    units = case_units(sizes=SIZES)
    counts = multiplicities(units=units, seed=4, draws=range(5))
    found = resampled(cases=gather_cases(groups=groups), multiplicities=counts)
    Y = np.concatenate(groups)
    for number in range(5):
        rows = drawn_rows(units=units, seed=4, draw=number)
        parts = rows[rows < SIZES[0]], rows[rows >= SIZES[0]]
        agree(found.of(number), [sample_moments(Y=Y[part]) for part in parts])


def test_weights_multiply_what_is_drawn():
    groups = draw(4)
    rng = np.random.default_rng(1)
    weights = tuple(rng.uniform(0.5, 2.0, n) for n in SIZES)
    cases = gather_cases(groups=groups, weights=weights)
    agree(
        cases.moments.of(0),
        [sample_moments(Y=Y, weights=w) for Y, w in zip(groups, weights, strict=True)],
    )
    counts = rng.integers(0, 4, size=(3, sum(SIZES))).astype(float)
    found = resampled(cases=cases, multiplicities=counts)
    for number, drawn in enumerate(counts):
        parts = np.split(drawn, [SIZES[0]])
        every = zip(groups, weights, parts, strict=True)
        agree(
            found.of(number),
            [sample_moments(Y=Y, weights=w * part) for Y, w, part in every],
        )


@pytest.mark.parametrize("p", P)
def test_left_out_cases(p):
    groups = draw(p)
    found = left_out(
        cases=gather_cases(groups=groups),
        units=case_units(sizes=SIZES),
        numbers=range(38, 43),
    )
    for place, number in enumerate(range(38, 43)):
        kept = [Y.copy() for Y in groups]
        group = int(number >= SIZES[0])
        kept[group] = np.delete(kept[group], number - SIZES[0] * group, axis=0)
        agree(found.of(place), [sample_moments(Y=Y) for Y in kept])


def test_left_out_clusters_with_weights():
    groups = draw(3)
    rng = np.random.default_rng(1)
    weights = tuple(rng.uniform(0.5, 2.0, n) for n in SIZES)
    labels = [rng.integers(0, 6, n) for n in SIZES]
    units = cluster_units(clusters=labels)
    found = left_out(
        cases=gather_cases(groups=groups, weights=weights),
        units=units,
        numbers=range(units.size),
    )
    of_group = np.split(units.of_case, [SIZES[0]])
    for number in range(units.size):
        every = zip(groups, weights, of_group, strict=True)
        agree(
            found.of(number),
            [sample_moments(Y=Y, weights=w * (own != number)) for Y, w, own in every],
        )


def test_a_group_of_one_unit_leaves_nothing():
    units = cluster_units(clusters=[np.zeros(40, int), np.arange(25)])
    cases = gather_cases(groups=draw(3))
    found = left_out(cases=cases, units=units, numbers=range(1))
    assert found.n[0, 0] == 0
    assert np.isnan(found.of(0)[0].S).all()
    assert np.isnan(log_determinants(found.S, np.zeros((2, 4)))[0, 0])


@pytest.mark.parametrize("p", P)
def test_dummies_stand_to_the_right(p):
    cases = gather_cases(groups=draw(p))
    for S in cases.moments.S[0]:
        assert S.shape == (padded(p), padded(p))
        assert np.array_equal(S[p:], np.eye(padded(p))[p:])
        assert np.array_equal(S, S.T)


@pytest.mark.parametrize("p", P)
def test_log_determinants(p):
    cases = gather_cases(groups=draw(p))
    counts = np.random.default_rng(2).integers(0, 4, size=(6, sum(SIZES))).astype(float)
    found = resampled(cases=cases, multiplicities=counts)
    logs = log_determinants(found.S, np.zeros((2, padded(p))))
    sign, wanted = np.linalg.slogdet(found.S[:, :, :p, :p])
    assert (sign == 1).all()
    assert_allclose(logs, wanted, rtol=1e-12, atol=1e-12)


def test_an_item_that_others_explain_makes_a_matrix_singular():
    (Y,) = draw(4, (40,))
    Y[:, 3] = Y[:, 0] - 2 * Y[:, 1]
    cases = gather_cases(groups=[Y])
    floors = 1e-10 * np.diagonal(cases.moments.S[0], axis1=1, axis2=2)
    assert np.isnan(log_determinants(cases.moments.S, floors)).all()
