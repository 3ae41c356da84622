"""Patterns of holes by hand, and the factors of their covariance matrices."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core import patterns as module
from kocsem.core.patterns import missing_patterns, pattern_blocks
from missing_cases import HOLED, ITEMS, answers, holed, lavaan, somewhere
from tolerances import IDENTITY_ATOL

NAN = np.nan

# answers, sizes, rows of each pattern, empty rows
SORTED = {
    "complete": ([[1, 2], [3, 4]], [2], [[0, 1]], []),
    "first appearance": (
        [[NAN, 2], [3, 4], [NAN, 6], [7, NAN], [9, 9]],
        [2, 2, 1],
        [[0, 2], [1, 4], [3]],
        [],
    ),
    "empty rows": ([[NAN, NAN], [1, NAN], [NAN, NAN]], [1], [[1]], [0, 2]),
    "nothing but empty rows": ([[NAN, NAN], [NAN, NAN]], [], [], [0, 1]),
    "no rows": (np.zeros((0, 2)), [], [], []),
}


@pytest.mark.parametrize("name", SORTED)
def test_cases_are_sorted_by_pattern(name):
    Y, sizes, rows, empty = SORTED[name]
    found = missing_patterns(Y=np.array(Y, dtype=float))
    assert found.sizes.tolist() == sizes
    assert [part.tolist() for part in found.rows] == rows
    assert found.empty.tolist() == empty
    assert found.n == sum(sizes)


def test_moments_by_hand():
    Y = np.array([[1.0, 2, NAN], [5, 6, 7], [3, 6, NAN], [NAN, NAN, NAN]])
    found = missing_patterns(Y=Y)
    assert_array_equal(found.observed, [[True, True, False], [True, True, True]])
    assert_allclose(found.means, [[2, 4, 0], [5, 6, 7]])
    assert_allclose(found.S[0], [[1, 2, 0], [2, 4, 0], [0, 0, 0]])  # divisor 2
    assert_array_equal(found.S[1], np.zeros((3, 3)))
    assert_array_equal(found.counts, [[3, 3, 1], [3, 3, 1], [1, 1, 1]])
    assert_allclose(found.coverage, np.array([[3, 3, 1], [3, 3, 1], [1, 1, 1]]) / 3)
    assert not found.complete


@pytest.mark.parametrize("name", HOLED)
def test_every_row_has_the_pattern_it_is_sorted_under(name):
    Y = holed(name)
    found = missing_patterns(Y=Y)
    assert len({tuple(mask) for mask in found.observed}) == found.sizes.size
    listed = np.concatenate([*found.rows, found.empty])
    assert sorted(listed.tolist()) == list(range(Y.shape[0]))
    for mask, rows in zip(found.observed, found.rows, strict=True):
        assert_array_equal(~np.isnan(Y[rows]), np.tile(mask, (rows.size, 1)))
    firsts = [rows[0] for rows in found.rows]
    assert firsts == sorted(firsts)
    assert found.complete == (name == "nothing missing")


def test_coverage_and_patterns_are_lavaans():
    given = lavaan("saturated")
    found = missing_patterns(Y=answers(*ITEMS).to_numpy())
    assert_allclose(found.coverage, given["coverage"], rtol=1e-14)
    assert found.sizes.size == given["npatterns"]


@pytest.mark.parametrize("elements", [1, 50, 2**17])
@pytest.mark.parametrize("name", HOLED)
def test_blocks_hold_the_inverse_of_the_observed_part(name, elements, monkeypatch):
    monkeypatch.setattr(module, "BLOCK_ELEMENTS", elements)
    patterns = missing_patterns(Y=holed(name))
    mu, Sigma = somewhere(patterns.p)
    blocks = list(pattern_blocks(patterns=patterns, mu=mu, Sigma=Sigma))
    together = max(1, elements // patterns.p**2)
    assert len(blocks) == -(-patterns.sizes.size // together)
    W = np.concatenate([block.W for block in blocks])
    logdet = np.concatenate([block.logdet for block in blocks])
    pull = np.concatenate([block.pull for block in blocks])
    assert W.shape[0] == patterns.sizes.size
    for j, seen in enumerate(patterns.observed):
        part = Sigma[np.ix_(seen, seen)]
        padded = np.zeros_like(Sigma)
        padded[np.ix_(seen, seen)] = np.linalg.inv(part)
        assert_allclose(W[j], padded, atol=IDENTITY_ATOL)
        assert_allclose(logdet[j], np.linalg.slogdet(part)[1], atol=IDENTITY_ATOL)
        gap = np.linalg.solve(part, (patterns.means[j] - mu)[seen])
        assert_allclose(pull[j][seen], gap, atol=IDENTITY_ATOL)
        assert_array_equal(pull[j][~seen], 0.0)


@pytest.mark.parametrize(
    "Sigma", [[[1.0, 2.0], [2.0, 1.0]], [[0.0, 0.0], [0.0, 1.0]], [[NAN, 0], [0, 1.0]]]
)
def test_no_factor_without_a_positive_definite_matrix(Sigma):
    patterns = missing_patterns(Y=np.array([[1.0, 2.0], [2.0, NAN]]))
    with pytest.raises(np.linalg.LinAlgError):
        list(pattern_blocks(patterns=patterns, mu=np.zeros(2), Sigma=np.array(Sigma)))
