"""Many bootstrap draws at once must equal the same draws one at a time."""

import numpy as np
import pytest

from kocsem.core.ordinal import draws as module
from kocsem.core.ordinal.draws import ordinal_draws
from kocsem.core.ordinal.moments import ordinal_moments

SAME = {"rtol": 1e-8, "atol": 1e-9}  # two ends of Newton's method
LOADINGS = np.array([0.8, 0.7, -0.6, 0.75, 0.9])
CUTS = ([0.2], [-0.8, 0.7], [-1.0, -0.4, 0.5, 1.1], [-0.5, 0.1, 0.9], [0.0])


def answers(n=150, holes=0.0, seed=5):
    """Draw a factor's ordinal indicators, some answers missing."""
    g = np.random.default_rng(seed)
    noise = g.normal(size=(n, LOADINGS.size)) * np.sqrt(1 - LOADINGS**2)
    latent = g.normal(size=(n, 1)) * LOADINGS + noise
    columns = [np.searchsorted(cuts, z) for cuts, z in zip(CUTS, latent.T, strict=True)]
    Y = np.stack(columns, axis=1).astype(float)
    Y[g.random(Y.shape) < holes] = np.nan
    return Y


def resampled(n, draws, seed=6):
    g = np.random.default_rng(seed)
    return g.multinomial(n, np.full(n, 1 / n), size=draws)


LEVELS = np.array([len(cuts) + 1 for cuts in CUTS])


def compare(Y, levels, counts, found):
    """Compare every draw with the moments of the weighted data."""
    for row, weights in enumerate(counts):
        alone = ordinal_moments(
            Y=Y, levels=levels, weights=weights.astype(float), frequencies=True
        )
        np.testing.assert_allclose(found.vector[row], alone.vector, **SAME)
        np.testing.assert_allclose(found.spread[row], np.diag(alone.Gamma), **SAME)


@pytest.mark.parametrize("holes", [0.0, 0.15])
def test_draws_equal_the_moments_of_each(holes):
    Y = answers(holes=holes)
    counts = resampled(len(Y), 12)
    compare(Y, LEVELS, counts, ordinal_draws(Y=Y, levels=LEVELS, counts=counts))


def test_a_draw_equals_the_data_that_it_repeats():
    Y, counts = answers(holes=0.1), resampled(150, 3)
    found = ordinal_draws(Y=Y, levels=LEVELS, counts=counts)
    for row, times in enumerate(counts):
        repeated = ordinal_moments(Y=np.repeat(Y, times, axis=0), levels=LEVELS)
        np.testing.assert_allclose(found.vector[row], repeated.vector, **SAME)
        np.testing.assert_allclose(found.spread[row], np.diag(repeated.Gamma), **SAME)


def test_continuous_variables_are_taken_one_draw_at_a_time():
    Y = answers()
    Y[:, 2] += np.random.default_rng(8).normal(size=len(Y))
    levels = np.where(np.arange(5) == 2, 0, LEVELS)
    counts = resampled(len(Y), 4)
    compare(Y, levels, counts, ordinal_draws(Y=Y, levels=levels, counts=counts))


def test_covariates_are_taken_one_draw_at_a_time():
    Y = answers(n=300, holes=0.05)
    Y[:, 2] = np.random.default_rng(8).normal(size=len(Y)).round(1)
    levels, given = (
        np.where(np.arange(5) == 2, 0, LEVELS),
        {"covariates": np.array([2])},
    )
    counts = resampled(len(Y), 3)
    found = ordinal_draws(Y=Y, levels=levels, counts=counts, **given)
    for row, times in enumerate(counts):
        repeated = np.repeat(Y, times, axis=0)
        alone = ordinal_moments(Y=repeated, levels=levels, **given)
        np.testing.assert_allclose(found.vector[row], alone.vector, **SAME)
        np.testing.assert_allclose(found.spread[row], np.diag(alone.Gamma), **SAME)
        explained = alone.slopes * np.cov(repeated[:, 2]) @ alone.slopes.T
        np.testing.assert_allclose(found.S[row], alone.S + explained, **SAME)


def test_blocks_do_not_change_the_numbers(monkeypatch):
    Y, counts = answers(), resampled(150, 7)
    together = ordinal_draws(Y=Y, levels=LEVELS, counts=counts)
    monkeypatch.setattr(module, "BLOCK", 3)
    apart = ordinal_draws(Y=Y, levels=LEVELS, counts=counts)
    np.testing.assert_allclose(apart.vector, together.vector, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(apart.spread, together.spread, rtol=1e-10)


def test_a_draw_without_a_category_has_no_moments():
    Y, counts = answers(), resampled(150, 4)
    counts[1] *= Y[:, 2] < 4
    found = ordinal_draws(Y=Y, levels=LEVELS, counts=counts)
    told = np.isnan(found.vector)
    assert told.all(axis=1).tolist() == told.any(axis=1).tolist()
    assert told.all(axis=1).tolist() == [False, True, False, False]
    assert np.isnan(found.spread[1]).all()
    compare(Y, LEVELS, counts[[0, 2]], ordinal_draws_of(found, [0, 2]))


def ordinal_draws_of(found, rows):
    """Keep some of the draws."""
    parts = (found.vector, found.spread, found.covariates)
    return module.OrdinalDraws(found.order, *(part[rows] for part in parts))


def test_a_draw_without_answers_to_both_of_a_pair_has_no_moments():
    Y, counts = answers(holes=0.4, seed=9), resampled(150, 3)
    counts[2] *= np.isnan(Y[:, 0]) | np.isnan(Y[:, 4])
    found = ordinal_draws(Y=Y, levels=LEVELS, counts=counts)
    assert np.isnan(found.vector).all(axis=1).tolist() == [False, False, True]


def test_a_continuous_variable_that_keeps_two_values_has_no_moments():
    Y = answers()
    Y[:, 3] = np.arange(150) % 5
    levels = np.where(np.arange(5) == 3, 0, LEVELS)
    counts = resampled(150, 2)
    counts[0] *= Y[:, 3] < 2
    found = ordinal_draws(Y=Y, levels=levels, counts=counts)
    assert np.isnan(found.vector).all(axis=1).tolist() == [True, False]


def test_a_pair_on_the_boundary_has_no_spread():
    Y = answers()
    Y[:, 4] = Y[:, 0]
    counts = resampled(150, 5)
    found = ordinal_draws(Y=Y, levels=LEVELS, counts=counts)
    pair = found.order.univariate + 3  # the first variable with the last
    assert (found.vector[:, pair] == 1.0).all()
    assert np.isnan(found.spread[:, pair]).all()
    assert np.isfinite(np.delete(found.spread, pair, axis=1)).all()
