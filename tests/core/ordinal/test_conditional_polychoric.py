"""Polychoric correlations given covariates against tables and scipy's distribution."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from kocsem.core.ordinal.conditional_polychoric import conditional_polychoric
from kocsem.core.ordinal.polychoric import polychoric
from kocsem.core.ordinal.thresholds import EDGE, threshold_edges

CUTS = ([-0.7, 0.4], [0.1])


def drawn(rho, slopes=(0.0, 0.0), n=120, seed=2):
    """Draw two ordinal variables; return codes and the limits of every case."""
    g = np.random.default_rng(seed)
    x = g.normal(size=n)
    latent = g.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=n).T
    latent += np.outer(slopes, x)
    codes = [np.searchsorted(cuts, z) for cuts, z in zip(CUTS, latent, strict=True)]
    edges = [np.concatenate([[-EDGE], cuts, [EDGE]]) for cuts in CUTS]
    limits = [
        np.stack([own[c], own[c + 1]]) - slope * x
        for own, c, slope in zip(edges, codes, slopes, strict=True)
    ]
    return codes, limits


def found_for(limits, weights=None):
    first, second = (own[:, None] for own in limits)
    weights = np.ones(first.shape[1:]) if weights is None else weights
    return conditional_polychoric(
        first=first, second=second, weights=weights, start=np.zeros(1)
    )


def probability(limits, rho):
    """Evaluate every case by scipy's bivariate normal distribution."""
    (h0, h1), (k0, k1) = np.clip(limits, -9, 9)
    normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    corners = [normal.cdf(np.column_stack(c)) for c in ((h1, k1), (h0, k0))]
    others = [normal.cdf(np.column_stack(c)) for c in ((h0, k1), (h1, k0))]
    return sum(corners) - sum(others)


@pytest.mark.parametrize("rho", [0.6, -0.3])
def test_maximises_an_independent_likelihood(rho):
    _, limits = drawn(rho, (0.8, -0.5))
    best = minimize_scalar(
        lambda r: -np.log(probability(limits, r)).sum(),
        bounds=(-0.95, 0.95),
        method="bounded",
        options={"xatol": 1e-8},
    )
    found = found_for(limits)
    assert found.rho[0] == pytest.approx(best.x, abs=2e-6)  # its likelihood is flat
    assert found.score.sum() == pytest.approx(0.0, abs=1e-8)


def test_scores_are_derivatives_of_the_likelihood():
    _, limits = drawn(0.5, (0.8, -0.5))
    found, step = found_for(limits), 1e-4

    def slope(rho=0.0, change=None):
        up, down = (
            np.log(
                probability(
                    np.array(limits) + (0 if change is None else s * change),
                    found.rho[0] + s * rho,
                )
            )
            for s in (step, -step)
        )
        return (up - down) / (2 * step)

    close = {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(found.score[0], slope(rho=1.0), **close)
    for variable, derivatives in enumerate((found.by_first, found.by_second)):
        for end in (0, 1):
            change = np.zeros((2, 2, 1))
            change[variable, end] = 1.0
            finite = np.abs(limits[variable][end]) < 100
            np.testing.assert_allclose(
                derivatives[end, 0][finite], slope(change=change)[finite], **close
            )
            assert not derivatives[end, 0][~finite].any()


def test_without_slopes_it_is_what_the_table_says():
    codes, _ = drawn(-0.5)
    counts = [np.bincount(c).astype(float) for c in codes]
    edges = [threshold_edges(counts=own) for own in counts]
    limits = [np.stack([e[c], e[c + 1]]) for e, c in zip(edges, codes, strict=True)]
    table = np.zeros((3, 2, 1))
    np.add.at(table[:, :, 0], tuple(codes), 1.0)
    expected = polychoric(
        counts=table,
        first=edges[0][:, None],
        second=edges[1][:, None],
        start=np.zeros(1),
    )
    found = found_for(limits)
    np.testing.assert_allclose(found.rho, expected.rho, rtol=1e-12)
    np.testing.assert_allclose(found.score[0], expected.score[*codes, 0], rtol=1e-9)


def test_weights_count_cases():
    _, limits = drawn(0.4, (0.3, 0.6))
    times = np.random.default_rng(1).integers(0, 3, limits[0].shape[1])
    repeated = found_for([np.repeat(own, times, axis=1) for own in limits])
    found = found_for(limits, times[None].astype(float))
    np.testing.assert_allclose(found.rho, repeated.rho, rtol=1e-9)
    assert not found.score[0, times == 0].any()


def test_a_perfect_correlation_is_on_the_boundary():
    codes = np.repeat([0, 1], 20)
    edges = np.array([-EDGE, 0.0, EDGE])
    limits = np.stack([edges[codes], edges[codes + 1]])
    found = found_for([limits, limits])
    assert found.boundary.all()
    assert found.rho[0] == pytest.approx(0.9999)
