"""Draws: who is drawn how often, and what a draw depends on."""

import numpy as np
import pytest
from scipy.stats import chisquare

from kocsem.core.bootstrap.resampling import (
    STREAM,
    case_units,
    cluster_units,
    drawn_rows,
    drawn_units,
    multiplicities,
)

SIZES = (30, 7, 60)
LABELS = (np.array([5, 5, 2, 9, 2, 5]), np.array([2, 2, 7]))


def test_cases_are_units_and_groups_strata():
    units = case_units(sizes=SIZES)
    assert units.size == sum(SIZES)
    assert [s.size for s in units.strata] == list(SIZES)
    assert np.array_equal(units.of_case, np.arange(sum(SIZES)))


def test_clusters_with_one_number_in_two_groups_are_two():
    units = cluster_units(clusters=LABELS)
    assert np.array_equal(units.stratum, [0, 0, 0, 1, 1])
    assert np.array_equal(units.of_case, [1, 1, 0, 2, 0, 1, 3, 3, 4])


def test_every_group_keeps_its_size():
    counts = multiplicities(units=case_units(sizes=SIZES), seed=1, draws=range(120))
    ends = np.cumsum((0, *SIZES))
    sums = np.add.reduceat(counts, ends[:-1], axis=1)
    assert np.array_equal(sums, np.tile(SIZES, (120, 1)))


def test_clusters_stay_together():
    units = cluster_units(clusters=LABELS)
    counts = multiplicities(units=units, seed=3, draws=range(60))
    for members in ([0, 1, 5], [2, 4], [6, 7]):
        assert (counts[:, members] == counts[:, members[:1]]).all()
    first_of = [2, 0, 3, 6, 8]  # a case of each cluster
    assert (counts[:, first_of[:3]].sum(axis=1) == 3).all()
    assert (counts[:, first_of[3:]].sum(axis=1) == 2).all()


def test_every_case_is_drawn_alike():
    draws = range(40 * STREAM)
    counts = multiplicities(units=case_units(sizes=(20,)), seed=5, draws=draws)
    assert chisquare(counts.sum(axis=0)).pvalue > 1e-3
    assert counts.var() == pytest.approx(1 - 1 / 20, rel=0.02)  # of the multinomial


def test_draws_do_not_resemble_each_other():
    counts = multiplicities(units=case_units(sizes=(200,)), seed=5, draws=range(120))
    correlation = np.corrcoef(counts) - np.eye(120)
    assert np.abs(correlation).max() < 5 / np.sqrt(200)


@pytest.mark.parametrize(
    "part", [range(1), range(49, 52), range(STREAM, 2 * STREAM), range(130, 131)]
)
@pytest.mark.parametrize("name", ["cases", "clusters"])
def test_a_draw_depends_on_its_number_alone(name, part):
    units = (
        case_units(sizes=SIZES) if name == "cases" else cluster_units(clusters=LABELS)
    )
    every = drawn_units(units=units, seed=11, draws=range(140))
    some = drawn_units(units=units, seed=11, draws=part)
    assert np.array_equal(some, every[part.start : part.stop])


def test_no_draws_at_all():
    units = case_units(sizes=SIZES)
    assert drawn_units(units=units, seed=1, draws=range(0)).shape == (0, 97)
    assert multiplicities(units=units, seed=1, draws=range(3, 3)).shape == (0, 97)


def test_seeds_differ():
    units = case_units(sizes=SIZES)
    first, second = (
        multiplicities(units=units, seed=seed, draws=range(3)) for seed in (1, 2)
    )
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("seed", [-1, 1.5])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises((ValueError, TypeError)):
        drawn_units(units=case_units(sizes=(3,)), seed=seed, draws=range(1))


def test_rows_repeat_cases_as_often_as_they_are_drawn():
    units = cluster_units(clusters=LABELS)
    (counts,) = multiplicities(units=units, seed=2, draws=range(7, 8))
    rows = drawn_rows(units=units, seed=2, draw=7)
    assert np.array_equal(np.bincount(rows, minlength=counts.size), counts)
    assert (np.diff(rows) >= 0).all()
