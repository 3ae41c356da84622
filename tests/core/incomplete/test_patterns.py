"""Patterns of holes by hand, and rows that stand for many cases."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.incomplete import patterns as module
from kocsem.core.incomplete.patterns import missing_patterns
from missing_cases import HOLED, ITEMS, answers, holed, lavaan, somewhere
from tolerances import IDENTITY_ATOL

NAN = np.nan

# answers, patterns, sizes, pattern of each row
SORTED = {
    "complete": ([[1, 2], [3, 4]], [[1, 1]], [2], [0, 0]),
    "fewest holes first, then in order of appearance": (
        [[NAN, 2], [3, 4], [NAN, 6], [7, NAN], [9, 9]],
        [[1, 1], [0, 1], [1, 0]],
        [2, 2, 1],
        [1, 0, 1, 2, 0],
    ),
    "empty rows": ([[NAN, NAN], [1, NAN], [NAN, NAN]], [[1, 0]], [1], [-1, 0, -1]),
    "nothing but empty rows": ([[NAN, NAN], [NAN, NAN]], [], [], [-1, -1]),
    "no rows": (np.zeros((0, 2)), [], [], []),
}


@pytest.mark.parametrize("name", SORTED)
def test_cases_are_sorted_by_pattern(name):
    Y, observed, sizes, owner = SORTED[name]
    found = missing_patterns(Y=np.array(Y, dtype=float))
    assert found.observed.astype(int).tolist() == observed
    assert found.sizes.tolist() == sizes
    assert found.owner.tolist() == owner
    assert found.n == sum(sizes)
    assert found.p == 2
    assert found.complete == all(all(mask) for mask in observed)


def test_counts_and_coverage_by_hand():
    Y = np.array([[1.0, 2, NAN], [5, 6, 7], [3, 6, NAN], [NAN, NAN, NAN]])
    both = np.array([[3, 3, 1], [3, 3, 1], [1, 1, 1]])
    found = missing_patterns(Y=Y)
    assert_array_equal(found.answers, [3, 3, 1])
    assert_allclose(found.coverage, both / 3)
    weighted = missing_patterns(Y=Y, weights=np.array([0.5, 1.0, 2.0, 9.0]))
    assert_array_equal(weighted.mass, [1.0, 2.5])
    assert_array_equal(weighted.answers, [3.5, 3.5, 1.0])
    assert_allclose(weighted.coverage[2], np.full(3, 1 / 3.5))


@pytest.mark.parametrize("name", HOLED)
def test_every_row_has_the_pattern_it_is_sorted_under(name):
    Y = holed(name)
    found = missing_patterns(Y=Y)
    assert len({tuple(mask) for mask in found.observed}) == len(found.observed)
    for y, j in zip(Y, found.owner, strict=True):
        seen = ~np.isnan(y)
        assert seen.any() == (j >= 0)
        if seen.any():
            assert_array_equal(seen, found.observed[j])
    holes = (~found.observed).sum(axis=1)
    firsts = [np.flatnonzero(found.owner == j)[0] for j in range(len(holes))]
    order = list(zip(holes.tolist(), firsts, strict=True))
    assert order == sorted(order)


def test_coverage_and_patterns_are_lavaans():
    given = lavaan("saturated")
    found = missing_patterns(Y=answers(*ITEMS).to_numpy())
    assert_allclose(found.coverage, given["coverage"], rtol=1e-14)
    assert found.sizes.size == given["npatterns"]


@pytest.mark.parametrize("elements", [1, 50, 2**17])
@pytest.mark.parametrize("name", HOLED)
def test_layers_list_the_holes_of_every_pattern_once(name, elements, monkeypatch):
    monkeypatch.setattr(module, "LAYER_ELEMENTS", elements)
    patterns = missing_patterns(Y=holed(name))
    p, most = patterns.p, max(1, elements // patterns.p**2)
    seen = []
    for layer in patterns.layers:
        masks = patterns.observed[layer.patterns]
        assert 0 < len(masks) <= most
        for mask, holes in zip(masks, layer.holes, strict=True):
            assert_array_equal(np.sort(holes[holes < p]), np.flatnonzero(~mask))
            assert len(set(holes.tolist())) == holes.size
            assert holes.size < 2 * max(1, (~mask).sum())
        seen += list(range(len(patterns.observed)))[layer.patterns]
    assert seen == list(range(len(patterns.observed)))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", HOLED)
def test_the_digest_stands_for_the_cases(name, weighted):
    Y = np.vstack([holed(name, 1)] * 5 + [np.full((1, HOLED[name][1]), NAN)])
    rng = np.random.default_rng(3)
    Y = Y + rng.normal(size=Y.shape)
    weights = rng.uniform(0.2, 3.0, len(Y)) if weighted else None
    patterns = missing_patterns(Y=Y, weights=weights)
    digest, cases = patterns.digest, patterns.cases
    share = np.ones(len(Y)) if weights is None else weights
    mu, _ = somewhere(patterns.p)
    for j, mask in enumerate(patterns.observed):
        own = patterns.owner == j
        d = (Y[own] - mu)[:, mask]
        rows = digest.owner == j
        assert rows.sum() <= min(own.sum(), mask.sum() + 1)
        e = (digest.values - np.outer(digest.level, mu))[rows][:, mask]
        products = (d * share[own, None]).T @ d
        assert_allclose(e.T @ e, products, rtol=1e-11, atol=1e-11)
        assert_allclose(digest.level[rows] @ e, share[own] @ d, atol=1e-10)
    assert_array_equal(cases.values[0], np.nan_to_num(Y[patterns.order[0]]))
    assert len(digest.owner) < len(cases.owner)


def test_few_cases_of_a_pattern_stand_for_themselves():
    patterns = missing_patterns(Y=holed("more variables than a byte")[:9])
    assert patterns.digest is patterns.cases


@pytest.mark.parametrize("name", HOLED)
def test_sums_by_pattern(name):
    rows = missing_patterns(Y=holed(name)).digest
    values = np.random.default_rng(2).normal(size=(rows.owner.size, 3))
    found = rows.sums(values)
    for j, total in enumerate(found):
        own = values[rows.owner == j].sum(axis=0)
        assert_allclose(total, own, atol=IDENTITY_ATOL)
