"""The inverse of every pattern against the inverse of its own matrix."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.incomplete import patterns as module
from kocsem.core.incomplete.pattern_inverses import pattern_inverses
from kocsem.core.incomplete.patterns import missing_patterns
from missing_cases import HOLED, holed, somewhere
from tolerances import IDENTITY_ATOL


def padded_inverses(patterns, Sigma):
    """Invert the observed part of Sigma for every pattern, one by one."""
    found = []
    for mask in patterns.observed:
        W = np.zeros_like(Sigma)
        W[np.ix_(mask, mask)] = np.linalg.inv(Sigma[np.ix_(mask, mask)])
        found.append(W)
    return np.array(found)


@pytest.mark.parametrize("elements", [1, 50, 2**17])
@pytest.mark.parametrize("name", HOLED)
def test_inverses_are_those_of_the_observed_part(name, elements, monkeypatch):
    monkeypatch.setattr(module, "LAYER_ELEMENTS", elements)
    Y = holed(name)
    weights = np.random.default_rng(1).uniform(0.5, 2.0, len(Y))
    patterns = missing_patterns(Y=Y, weights=weights)
    mu, Sigma = somewhere(patterns.p)
    wanted = padded_inverses(patterns, Sigma)
    found = pattern_inverses(patterns=patterns, Sigma=Sigma)
    stacks = np.concatenate(list(found.stacks()))
    assert_allclose(stacks, wanted, atol=IDENTITY_ATOL)
    assert_array_equal(stacks[~patterns.observed], 0.0)
    logdet = [
        np.linalg.slogdet(Sigma[np.ix_(mask, mask)])[1] for mask in patterns.observed
    ]
    assert_allclose(found.logdet, logdet, atol=IDENTITY_ATOL)
    total = np.tensordot(patterns.mass, wanted, 1)
    assert_allclose(found.total(), total, atol=IDENTITY_ATOL * len(Y))
    for rows in (patterns.cases, patterns.digest):
        d = found.deviations(rows, mu)
        pulls = np.einsum("rij,rj->ri", wanted[rows.owner], d)
        assert_allclose(found.pulls(rows, d), pulls, atol=IDENTITY_ATOL)
        seen = patterns.observed[rows.owner]
        level = (rows.values - rows.level[:, None] * mu) * seen
        assert_allclose(d, level, atol=IDENTITY_ATOL)
        assert_array_equal(found.pulls(rows, d)[~seen], 0.0)


@pytest.mark.parametrize(
    "Sigma",
    [
        [[1.0, 2.0], [2.0, 1.0]],
        [[0.0, 0.0], [0.0, 1.0]],
        [[np.nan, 0.0], [0.0, 1.0]],
        [[1.0, np.nan], [np.nan, 1.0]],
        [[1.0, 0.0], [0.0, np.inf]],
        [[np.inf, 0.0], [0.0, 1.0]],
    ],
)
def test_no_inverse_without_a_positive_definite_matrix(Sigma):
    patterns = missing_patterns(Y=np.array([[1.0, 2.0], [2.0, np.nan]]))
    with pytest.raises(np.linalg.LinAlgError):
        pattern_inverses(patterns=patterns, Sigma=np.array(Sigma))


def test_nearly_redundant_variables_keep_their_digits():
    # the two share all but 1e-6 of their variance; each alone has variance 1
    Sigma = np.array([[1.0, 1.0 - 1e-6], [1.0 - 1e-6, 1.0]])
    patterns = missing_patterns(Y=np.array([[1.0, np.nan], [np.nan, 2.0], [1.0, 1.0]]))
    found = pattern_inverses(patterns=patterns, Sigma=Sigma)
    single = np.concatenate(list(found.stacks()))[1:]
    assert_allclose(single.sum(axis=(1, 2)), 1.0, rtol=1e-9)
    assert_allclose(found.logdet[1:], 0.0, atol=1e-9)
