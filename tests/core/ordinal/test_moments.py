"""What must hold for the moments of ordinal data, whatever the data."""

import numpy as np
import pytest
from scipy.stats import norm

from kocsem.core.ordinal.moments import ordinal_moments

SAME_RTOL = 1e-7  # two runs that differ by rounding, through Newton's last step

LOADINGS = np.array([0.8, 0.7, -0.6, 0.75, 0.5])
CUTS = ([0.2], [-0.8, 0.7], None, [-1.2, -0.4, 0.5, 1.1], None)
LEVELS = np.array([2, 3, 0, 5, 0])


def drawn(n=400, seed=11):
    """Draw a factor's ordinal and continuous indicators."""
    g = np.random.default_rng(seed)
    noise = g.normal(size=(n, LOADINGS.size)) * np.sqrt(1 - LOADINGS**2)
    Y = g.normal(size=(n, 1)) * LOADINGS + noise
    for j, cuts in enumerate(CUTS):
        Y[:, j] = Y[:, j] * 4 + 20 if cuts is None else np.searchsorted(cuts, Y[:, j])
    return Y


Y = drawn()
MOMENTS = ordinal_moments(Y=Y, levels=LEVELS)


def test_vector_gathers_the_parts():
    order = MOMENTS.order
    below = [MOMENTS.S[j, i] for i in range(5) for j in range(i + 1, 5)]
    parts = [MOMENTS.tau, np.diag(MOMENTS.S)[[2, 4]], below]
    assert MOMENTS.vector.tolist() == np.concatenate(parts).tolist()
    assert MOMENTS.vector.size == order.size == MOMENTS.Gamma.shape[0]
    assert MOMENTS.n == len(Y)


def test_margins_are_the_datas():
    np.testing.assert_allclose(MOMENTS.ybar, [0, 0, Y[:, 2].mean(), 0, Y[:, 4].mean()])
    np.testing.assert_allclose(
        np.diag(MOMENTS.S), [1, 1, Y[:, 2].var(), 1, Y[:, 4].var()]
    )
    expected = [norm.ppf((Y[:, 3] <= k).mean()) for k in range(4)]
    np.testing.assert_allclose(MOMENTS.tau[MOMENTS.order.variable == 3], expected)
    assert MOMENTS.tau[MOMENTS.order.level == 0].tolist() == [
        -MOMENTS.ybar[2],
        -MOMENTS.ybar[4],
    ]
    assert MOMENTS.S[2, 4] == pytest.approx(np.cov(Y.T, bias=True)[2, 4])


def test_gamma_of_thresholds_is_that_of_proportions():
    # the delta method on proportions: cov(1[y <= a], 1[z <= b]) / (phi_a phi_b)
    order = MOMENTS.order
    at = np.flatnonzero(order.level > 0)
    below = np.stack([Y[:, order.variable[t]] < order.level[t] for t in at])
    density = norm.pdf(MOMENTS.tau[at])
    expected = np.cov(below, bias=True) / np.outer(density, density)
    np.testing.assert_allclose(MOMENTS.Gamma[np.ix_(at, at)], expected, atol=1e-10)


def test_gamma_is_a_covariance_matrix():
    Gamma = MOMENTS.Gamma
    np.testing.assert_array_equal(Gamma, Gamma.T)
    scale = np.sqrt(np.diag(Gamma))
    assert np.linalg.eigvalsh(Gamma / np.outer(scale, scale))[0] > 1e-6


def test_gamma_is_the_spread_over_samples():
    samples = [
        ordinal_moments(Y=drawn(n=500, seed=i), levels=LEVELS) for i in range(100)
    ]
    vectors = np.array([sample.vector for sample in samples])
    expected = np.mean([np.diag(sample.Gamma) for sample in samples], axis=0) / 500
    ratio = vectors.var(axis=0) / expected
    # 100 samples know a variance to sqrt(2 / 100) = 14 %; four of these
    np.testing.assert_allclose(ratio, 1.0, atol=0.56)


def test_the_order_of_cases_does_not_matter():
    shuffled = ordinal_moments(Y=np.random.default_rng(2).permutation(Y), levels=LEVELS)
    np.testing.assert_allclose(shuffled.vector, MOMENTS.vector, rtol=SAME_RTOL)
    np.testing.assert_allclose(shuffled.Gamma, MOMENTS.Gamma, rtol=1e-5, atol=1e-7)


def test_the_order_of_variables_does_not_matter():
    turned = ordinal_moments(Y=Y[:, ::-1], levels=LEVELS[::-1])
    np.testing.assert_allclose(turned.S[::-1, ::-1], MOMENTS.S, rtol=SAME_RTOL)
    np.testing.assert_allclose(
        np.sort(np.diag(turned.Gamma)), np.sort(np.diag(MOMENTS.Gamma)), rtol=1e-5
    )


def test_reversed_categories_change_the_signs():
    other = Y.copy()
    other[:, 3] = 4 - other[:, 3]
    turned = ordinal_moments(Y=other, levels=LEVELS)
    sign = np.array([1, 1, 1, -1, 1])
    np.testing.assert_allclose(
        turned.R, MOMENTS.R * np.outer(sign, sign), rtol=SAME_RTOL
    )
    mine = MOMENTS.order.variable == 3
    np.testing.assert_allclose(turned.tau[mine], -MOMENTS.tau[mine][::-1], rtol=1e-12)
    np.testing.assert_allclose(
        np.sort(np.diag(turned.Gamma)), np.sort(np.diag(MOMENTS.Gamma)), rtol=1e-5
    )


def test_a_new_unit_rescales_moments_and_gamma():
    other = Y.copy()
    other[:, 2] = other[:, 2] * 1000 - 7
    moved = ordinal_moments(Y=other, levels=LEVELS)
    order = MOMENTS.order
    unit = np.where(order.owner == 2, 1000.0, 1.0)
    unit[order.variance_at[2]] = 1000.0**2
    pair = np.where((order.first == 2) | (order.second == 2), 1000.0, 1.0)
    scale = np.concatenate([unit, pair])
    np.testing.assert_allclose(moved.R, MOMENTS.R, rtol=SAME_RTOL)
    np.testing.assert_allclose(
        moved.Gamma / np.outer(scale, scale), MOMENTS.Gamma, rtol=1e-5, atol=1e-7
    )


def test_many_categories_approach_the_correlation_of_continuous_variables():
    g = np.random.default_rng(4)
    x = g.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=4000)
    codes = np.stack([np.searchsorted(np.linspace(-2.4, 2.4, 49), c) for c in x.T], 1)
    found = ordinal_moments(Y=codes.astype(float), levels=np.array([50, 50]))
    expected = np.corrcoef(x.T)[0, 1]
    # both estimate the same: the standard error is (1 - .6^2) / sqrt(4000) = .01
    assert found.R[0, 1] == pytest.approx(expected, abs=0.003)
    assert found.Gamma[-1, -1] == pytest.approx((1 - expected**2) ** 2, rel=0.1)


def test_a_pair_without_an_estimate_has_no_gamma():
    twin = np.column_stack([Y[:, 0], Y[:, 0], Y[:, 3]])
    found = ordinal_moments(Y=twin, levels=np.array([2, 2, 5]))
    assert found.R[0, 1] == 1.0
    assert np.argwhere(found.boundary).tolist() == [[0, 1], [1, 0]]
    lost = found.order.univariate
    assert np.isnan(found.Gamma[lost]).all()
    assert np.isnan(found.Gamma[:, lost]).all()
    rest = np.delete(np.arange(found.order.size), lost)
    assert np.isfinite(found.Gamma[np.ix_(rest, rest)]).all()


def test_empty_cells_are_told_by_pair():
    codes = np.array([[0, 0, 0], [0, 1, 1], [1, 1, 0], [1, 1, 1], [0, 0, 1]] * 4)
    found = ordinal_moments(Y=codes.astype(float), levels=np.array([2, 2, 2]))
    assert np.argwhere(np.triu(found.empty)).tolist() == [[0, 1]]
    assert not found.boundary.any()


@pytest.mark.parametrize("levels", [[4], [0]])
def test_one_variable_has_no_pairs(levels):
    column = Y[:, [2]] if levels == [0] else np.arange(40.0)[:, None] % 4
    found = ordinal_moments(Y=column, levels=np.array(levels))
    assert found.vector.size == found.order.univariate
    assert found.R.tolist() == [[1.0]]


def test_a_continuous_variable_with_two_values_is_refused():
    column = np.column_stack([Y[:, 0] + 1, Y[:, 1]])
    with pytest.raises(np.linalg.LinAlgError, match="at least three values"):
        ordinal_moments(Y=column, levels=np.array([0, 3]))


def test_data_stay_as_they_are():
    before = Y.copy()
    ordinal_moments(Y=Y, levels=LEVELS)
    np.testing.assert_array_equal(Y, before)


def punched(share=0.15, seed=3):
    """Return the data with holes."""
    holes = np.random.default_rng(seed).random(Y.shape) < share
    return np.where(holes, np.nan, Y)


def compare(found, expected):
    """Compare two sets of moments that differ by rounding."""
    np.testing.assert_allclose(found.vector, expected.vector, rtol=SAME_RTOL)
    np.testing.assert_allclose(found.Gamma, expected.Gamma, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("data", [Y, punched()])
def test_frequencies_repeat_the_cases(data):
    times = np.random.default_rng(5).integers(0, 4, size=len(Y))
    found = ordinal_moments(
        Y=data, levels=LEVELS, weights=times.astype(float), frequencies=True
    )
    repeated = np.repeat(data, times, axis=0)
    compare(found, ordinal_moments(Y=repeated, levels=LEVELS))
    assert found.n == (~np.isnan(repeated).all(axis=1)).sum()


def test_the_scale_of_sampling_weights_does_not_matter():
    weights = np.random.default_rng(6).uniform(0.2, 3.0, size=len(Y))
    found, other = (
        ordinal_moments(Y=Y, levels=LEVELS, weights=w) for w in (weights, 7 * weights)
    )
    compare(found, other)
    assert found.n == len(Y)
    same = ordinal_moments(Y=Y, levels=LEVELS, weights=np.full(len(Y), 3.0))
    compare(same, MOMENTS)


def test_sampling_weights_cost_precision():
    # weights that have nothing to do with the answers multiply the variance of a
    # threshold by about 1 + their squared coefficient of variation, here 1 + 1/3
    weights = np.random.default_rng(7).uniform(0.0, 2.0, size=len(Y))
    found = ordinal_moments(Y=Y, levels=LEVELS, weights=weights)
    ratio = np.diag(found.Gamma) / np.diag(MOMENTS.Gamma)
    assert np.mean(ratio) == pytest.approx(4 / 3, rel=0.15)


def test_margins_come_from_all_answers_to_them():
    data = punched()
    found = ordinal_moments(Y=data, levels=LEVELS)
    for j in range(5):
        own = data[~np.isnan(data[:, j]), j]
        if LEVELS[j] == 0:
            assert found.ybar[j] == pytest.approx(own.mean())
            assert found.S[j, j] == pytest.approx(own.var())
            continue
        expected = [norm.ppf((own <= k).mean()) for k in range(LEVELS[j] - 1)]
        tau = found.tau[found.order.variable == j]
        np.testing.assert_allclose(tau, expected, rtol=1e-12)


def test_holes_cost_precision_in_proportion():
    # a share of .7 of the answers is left: variances of thresholds are 1 / .7 as large
    data = punched(share=0.3)
    found = ordinal_moments(Y=data, levels=LEVELS)
    thresholds = found.order.level > 0
    left = (~np.isnan(data)).mean(axis=0)[found.order.variable][thresholds]
    first = np.diag(found.Gamma)[: thresholds.size][thresholds]
    whole = np.diag(MOMENTS.Gamma)[: thresholds.size][thresholds]
    np.testing.assert_allclose(first * left, whole, rtol=0.2)


def test_cases_without_any_answer_do_not_count():
    empty = np.full((7, 5), np.nan)
    found = ordinal_moments(Y=np.vstack([empty, Y]), levels=LEVELS)
    compare(found, MOMENTS)
    assert found.n == len(Y)


def test_a_pair_without_common_answers_is_refused():
    data = Y.copy()
    data[::2, 1], data[1::2, 4] = np.nan, np.nan
    with pytest.raises(ValueError, match="both of the variables 2 and 5"):
        ordinal_moments(Y=data, levels=LEVELS)
