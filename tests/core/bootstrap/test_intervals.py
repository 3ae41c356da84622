"""Bootstrap limits against closed forms and their own definitions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from kocsem.core.bootstrap.intervals import (
    acceleration,
    bca_interval,
    bootstrap_covariance,
    infinitesimal_deviations,
    jackknife_deviations,
    percentile_interval,
    tail_weights,
)
from kocsem.core.bootstrap.resampling import case_units, cluster_units, multiplicities

LEVELS = (0.5, 0.9, 0.95, 0.99)


def replicates(count=999, r=3, seed=0):
    return np.random.default_rng(seed).normal(size=(count, r)) * [1.0, 5.0, 0.1][:r]


@pytest.mark.parametrize("level", LEVELS)
def test_quantiles_of_exact_normal_quantiles_are_exact(level):
    every = norm.ppf(np.arange(1, 1000) / 1000)[:, None]
    shuffled = np.random.default_rng(1).permutation(every)
    found = percentile_interval(replicates=shuffled, level=level)
    assert_allclose(found.upper, norm.ppf((1 + level) / 2), rtol=1e-9)
    assert_allclose(found.lower, -found.upper, rtol=1e-9)
    assert not found.extreme.any()


def test_a_rank_that_is_whole_needs_no_interpolation():
    values = np.arange(1.0, 20.0)[:, None] ** 3
    found = percentile_interval(replicates=values, level=0.9)
    assert_allclose([found.lower[0], found.upper[0]], [1.0, 19.0**3], rtol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_no_bias_and_no_acceleration_is_the_percentile_interval(level):
    draws = replicates()
    middle = np.sort(draws, axis=0)[499] - 1e-12  # half of 998 below, the median above
    centred = np.delete(draws, np.argsort(draws, axis=0)[499, 0], axis=0)[:, :1]
    found = bca_interval(
        replicates=centred, estimate=middle[:1], acceleration=np.zeros(1), level=level
    )
    plain = percentile_interval(replicates=centred, level=level)
    assert_allclose(found.lower, plain.lower, rtol=1e-12)
    assert_allclose(found.upper, plain.upper, rtol=1e-12)


@pytest.mark.parametrize("a", [-0.1, 0.0, 0.07])
def test_limits_are_the_quantiles_of_the_definition(a):
    draws = replicates(r=1)
    estimate = np.array([0.3])
    found = bca_interval(
        replicates=draws, estimate=estimate, acceleration=np.array([a]), level=0.9
    )
    z = norm.ppf((draws < 0.3).mean())
    tails = norm.ppf([0.05, 0.95])
    wanted = norm.cdf(z + (z + tails) / (1 - a * (z + tails)))
    for probability, limit in zip(
        wanted, (found.lower[0], found.upper[0]), strict=True
    ):
        below = (draws <= limit).sum()
        assert below == np.floor(probability * 1000)


def test_the_order_of_the_replicates_does_not_matter():
    draws = replicates()
    again = np.random.default_rng(9).permutation(draws)
    for one, other in zip(
        *(
            (found.lower, found.upper)
            for found in (
                percentile_interval(replicates=d, level=0.95) for d in (draws, again)
            )
        ),
        strict=True,
    ):
        assert np.array_equal(one, other)


def test_monotone_functions_carry_limits_along():
    draws, estimate = replicates(r=1), np.array([0.2])
    # whole ranks, so that no interpolation comes between
    plain = percentile_interval(replicates=draws, level=0.95)
    turned = percentile_interval(replicates=np.exp(draws), level=0.95)
    assert_allclose(np.exp(plain.lower), turned.lower, rtol=1e-10)
    assert estimate.size == 1


def test_replicates_that_do_not_exist_do_not_count():
    draws = replicates()
    holed = np.vstack([draws, np.full((11, 3), np.nan)])
    holed[:5, 1] = np.inf
    found = percentile_interval(replicates=holed, level=0.95)
    assert np.array_equal(found.used, [999, 994, 999])
    assert_allclose(
        found.lower[[0, 2]],
        percentile_interval(replicates=draws, level=0.95).lower[[0, 2]],
    )
    without = percentile_interval(replicates=draws[5:], level=0.95)
    assert found.upper[1] == without.upper[1]


def test_nothing_at_all_has_no_limits():
    found = percentile_interval(replicates=np.full((5, 2), np.nan), level=0.95)
    assert np.isnan(found.lower).all()
    assert np.isnan(found.upper).all()
    assert np.array_equal(found.used, [0, 0])


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_an_estimate_beyond_all_replicates_has_no_bca_limits(side):
    found = bca_interval(
        replicates=replicates(r=1),
        estimate=np.array([side * 100]),
        acceleration=np.zeros(1),
        level=0.95,
    )
    assert np.isnan([found.lower, found.upper]).all()


def test_too_large_an_acceleration_has_no_limits():
    found = bca_interval(
        replicates=replicates(r=1),
        estimate=np.zeros(1),
        acceleration=np.array([0.6]),
        level=0.95,
    )
    assert np.isnan([found.lower, found.upper]).all()


def test_a_constant_has_itself_for_limits():
    draws = np.full((50, 1), 0.7)
    found = bca_interval(
        replicates=draws, estimate=np.array([0.7]), acceleration=np.zeros(1), level=0.95
    )
    assert found.lower[0] == found.upper[0] == 0.7


@pytest.mark.parametrize(("count", "extreme"), [(19, True), (199, False)])
def test_too_few_replicates_are_told(count, extreme):
    found = percentile_interval(replicates=replicates(count, 1), level=0.95)
    assert found.extreme[0] == extreme


def test_covariance_has_the_divisor_of_lavaan():
    draws = replicates()
    assert_allclose(
        bootstrap_covariance(replicates=draws), np.cov(draws.T, ddof=0), rtol=1e-10
    )


def test_tails():
    draws = replicates(5000)
    draws[:2, 0] = 400.0
    draws[:, 2] = 1.0
    found = tail_weights(replicates=draws)
    assert found[0] > 5
    assert found[1] == pytest.approx(1.0, abs=0.05)
    assert found[2] == 1.0


def skewed(n=60, seed=3):
    return np.random.default_rng(seed).gamma(1.5, size=n)


def test_acceleration_of_a_mean_is_a_sixth_of_its_skewness():
    y = skewed()
    d = y - y.mean()
    wanted = (d**3).mean() / (d**2).mean() ** 1.5 / (6 * np.sqrt(y.size))
    out = (y.sum() - y) / (y.size - 1)
    strata = np.zeros(y.size, int)
    by_jackknife = jackknife_deviations(left_out=out[:, None], strata=strata)
    by_scores = infinitesimal_deviations(
        scores=d[:, None], inverse=np.eye(1), units=case_units(sizes=(y.size,))
    )
    assert_allclose(acceleration(deviations=by_jackknife), wanted, rtol=1e-10)
    assert_allclose(acceleration(deviations=by_scores), wanted, rtol=1e-10)


def test_acceleration_of_a_difference_of_means_weighs_groups_by_size():
    # sum of third moments of the two means over that of the second (Efron, 1987)
    first, second = skewed(30, 1), skewed(90, 2)
    third = sum(
        s * ((y - y.mean()) ** 3).sum() / y.size**3
        for s, y in ((1, first), (-1, second))
    )
    square = sum(((y - y.mean()) ** 2).sum() / y.size**2 for y in (first, second))
    d = np.concatenate([(first - first.mean()) / 30, -(second - second.mean()) / 90])[
        :, None
    ]
    assert_allclose(acceleration(deviations=d), third / (6 * square**1.5), rtol=1e-10)


def test_deviations_have_mean_zero_in_every_stratum():
    rng = np.random.default_rng(0)
    units = cluster_units(clusters=[rng.integers(0, 5, 40), rng.integers(0, 4, 30)])
    found = infinitesimal_deviations(
        scores=rng.normal(size=(70, 2)), inverse=np.eye(2), units=units
    )
    sums = np.zeros((2, 2))
    np.add.at(sums, units.stratum, found)
    assert_allclose(sums, 0, atol=1e-12)


def test_what_no_unit_moves_has_no_acceleration():
    assert np.array_equal(acceleration(deviations=np.zeros((10, 2))), [0, 0])


def test_percentile_interval_of_a_mean_is_its_normal_interval():
    rng = np.random.default_rng(8)
    y = rng.normal(3.0, 2.0, 400)
    counts = multiplicities(units=case_units(sizes=(400,)), seed=1, draws=range(20000))
    found = percentile_interval(replicates=counts @ y[:, None] / 400, level=0.95)
    half = norm.ppf(0.975) * y.std() / 20
    # 0.002 is the standard error of the quantile of 20,000 draws
    assert_allclose(found.lower, y.mean() - half, atol=0.008)
    assert_allclose(found.upper, y.mean() + half, atol=0.008)
