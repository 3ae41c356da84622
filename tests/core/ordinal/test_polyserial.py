"""Polyserial and Pearson correlations against independent likelihoods."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal, norm

from kocsem.core.ordinal.polyserial import interval_hazards, pearson, polyserial
from kocsem.core.ordinal.thresholds import threshold_edges

SCIPY_ATOL = 1e-6  # scipy's minimiser sees the likelihood, flat at its top


def standardised(x):
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)


def drawn(rho, cuts, seed=3, n=300):
    """Draw a continuous variable and the categories of another one."""
    g = np.random.default_rng(seed)
    x = g.normal(size=n)
    y = rho * x + np.sqrt(1 - rho**2) * g.normal(size=n)
    codes = np.searchsorted(cuts, y)
    return standardised(x), codes, threshold_edges(counts=np.bincount(codes) * 1.0)


def unweighted(*, Z, codes, edges):
    """Give every case the weight 1."""
    return polyserial(Z=Z, codes=codes, edges=edges, weights=np.ones_like(Z))


def loglikelihood(z, codes, edges, rho, mean=0.0, variance=1.0, shift=0.0):
    """Evaluate each case by scipy's normal distribution."""
    tau = edges + np.pad(np.atleast_1d(shift), 1) if np.ndim(shift) else edges
    u = (z - mean) / np.sqrt(variance)
    root = np.sqrt(1 - rho**2)
    upper, lower = ((tau[codes + i] - rho * u) / root for i in (1, 0))
    inside = norm.cdf(upper) - norm.cdf(lower)
    return norm.logpdf(z, mean, np.sqrt(variance)) + np.log(inside)


CASES = [(0.6, [0.2]), (-0.8, [-1.0, 0.0, 1.4]), (0.05, [-0.5, 0.1, 0.4, 0.9])]


@pytest.mark.parametrize(("rho", "cuts"), CASES)
def test_maximises_an_independent_likelihood(rho, cuts):
    z, codes, edges = drawn(rho, cuts)
    best = minimize_scalar(
        lambda r: -loglikelihood(z, codes, edges, r).sum(),
        bounds=(-0.99, 0.99),
        method="bounded",
        options={"xatol": 1e-9},
    )
    found = unweighted(Z=z[None], codes=codes, edges=edges)
    assert found.rho[0] == pytest.approx(best.x, abs=SCIPY_ATOL)
    assert found.score.sum() == pytest.approx(0.0, abs=1e-8)
    assert not found.boundary[0]


@pytest.mark.parametrize(("rho", "cuts"), CASES)
def test_scores_are_derivatives_of_the_likelihood(rho, cuts):
    z, codes, edges = drawn(rho, cuts)
    found = unweighted(Z=z[None], codes=codes, edges=edges)
    step = 1e-5

    def slope(name, unit, centre):
        up, down = (
            loglikelihood(
                z, codes, edges, **({"rho": found.rho[0]} | {name: centre + s * unit})
            )
            for s in (step, -step)
        )
        return (up - down) / (2 * step)

    score = slope("rho", 1.0, found.rho[0])
    np.testing.assert_allclose(found.score[0], score, rtol=1e-6, atol=1e-7)
    crosses = {
        ("mean", 0.0): found.cross_mean[0],
        ("variance", 1.0): found.cross_variance[0],
    }
    for (name, centre), cross in crosses.items():
        expected = score @ slope(name, 1.0, centre)
        assert cross == pytest.approx(expected, rel=1e-5, abs=1e-5)
    for a, unit in enumerate(np.eye(len(cuts))):
        expected = score @ slope("shift", unit, np.zeros(len(cuts)))
        assert found.cross_threshold[0, a] == pytest.approx(
            expected, rel=1e-5, abs=1e-5
        )


def test_signs_follow_either_variable():
    z, codes, edges = drawn(0.5, [-0.5, 0.3])
    found = unweighted(Z=np.stack([z, -z]), codes=codes, edges=edges)
    turned = unweighted(Z=z[None], codes=2 - codes, edges=-edges[::-1])
    assert found.rho[1] == pytest.approx(-found.rho[0], abs=1e-12)
    assert turned.rho[0] == pytest.approx(-found.rho[0], abs=1e-12)
    np.testing.assert_allclose(turned.score[0], -found.score[0], rtol=1e-8)


def test_one_gross_outlier_leaves_finite_scores():
    z, codes, edges = drawn(0.7, [-1.0, 0.0, 1.0])
    z[int(np.argmin(codes))] = 60.0
    found = unweighted(Z=standardised(z)[None], codes=codes, edges=edges)
    assert np.isfinite(found.score).all()
    assert found.score.sum() == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("gap", [0.0, 50.0])
def test_a_perfect_split_has_no_maximum_inside(gap):
    z = standardised(np.arange(20.0) + gap * (np.arange(20) >= 10))
    codes = np.repeat([0, 1], 10)
    found = unweighted(Z=z[None], codes=codes, edges=threshold_edges(counts=np.ones(2)))
    assert found.boundary[0]
    assert found.rho[0] == pytest.approx(0.9999, abs=1e-9)


@pytest.mark.parametrize(
    ("lower", "upper"),
    [(-1.0, 0.5), (-1e3, 0.2), (0.3, 1e3), (2.0, 2.001), (-6.0, -5.0), (-1e3, 1e3)],
)
def test_hazards_are_density_over_probability(lower, upper):
    found = interval_hazards(upper=np.array(upper), lower=np.array(lower))
    inside = (
        norm.cdf(upper) - norm.cdf(lower)
        if lower < 0
        else norm.sf(lower) - norm.sf(upper)
    )
    expected = norm.pdf([upper, lower]) / inside
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_hazards_in_the_far_tail_grow_like_the_limit():
    # phi(x) / (1 - Phi(x)) -> x + 1/x - 2/x^3
    x = np.array([50.0, 400.0])
    found = interval_hazards(upper=np.full(2, 1e3), lower=x)
    np.testing.assert_allclose(found[1], x + 1 / x - 2 / x**3, rtol=1e-7)
    mirrored = interval_hazards(upper=-x, lower=np.full(2, -1e3))
    np.testing.assert_allclose(mirrored[0], found[1], rtol=1e-14)


def test_pearson_is_the_correlation_with_normal_theory_scores():
    g = np.random.default_rng(8)
    Z = standardised(g.normal(size=(3, 50)) + g.normal(size=50))
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    found = pearson(
        Z=Z, first=first, second=second, weights=np.ones((first.size, Z.shape[1]))
    )
    np.testing.assert_allclose(found.rho, np.corrcoef(Z)[first, second], atol=1e-14)
    np.testing.assert_allclose(found.score.sum(axis=1), 0.0, atol=1e-10)
    step = 1e-5

    def casewise(row, rho=None, mean=0.0, variance=1.0):
        """Move the correlation, or the mean or variance of the first variable."""
        r = found.rho[row] if rho is None else rho
        sd = np.sqrt(variance)
        pair = Z[[first[row], second[row]]].T
        return multivariate_normal([mean, 0], [[variance, r * sd], [r * sd, 1]]).logpdf(
            pair
        )

    for row in range(3):
        rho = found.rho[row]
        slopes = {
            name: (
                casewise(row, **{name: at + step}) - casewise(row, **{name: at - step})
            )
            / (2 * step)
            for name, at in (("rho", rho), ("mean", 0.0), ("variance", 1.0))
        }
        np.testing.assert_allclose(found.score[row], slopes["rho"], 1e-6, 1e-7)
        crosses = found.cross_mean[row, 0], found.cross_variance[row, 0]
        expected = slopes["rho"] @ slopes["mean"], slopes["rho"] @ slopes["variance"]
        np.testing.assert_allclose(crosses, expected, rtol=1e-6, atol=1e-6)


def test_pearson_tells_a_copy():
    Z = standardised(np.array([[1.0, 2.0, 4.0, 7.0], [-2.0, -4.0, -8.0, -14.0]]))
    found = pearson(
        Z=Z,
        first=np.array([0]),
        second=np.array([1]),
        weights=np.ones((1, Z.shape[1])),
    )
    assert found.rho[0] == pytest.approx(-1.0)
    assert found.boundary[0]


def test_weights_repeat_cases_and_leave_others_out():
    z, codes, edges = drawn(0.5, [-0.4, 0.6])
    times = np.arange(z.size) % 3
    weighted = polyserial(
        Z=z[None], codes=codes, edges=edges, weights=times[None].astype(float)
    )
    repeated = unweighted(
        Z=np.repeat(z, times)[None], codes=np.repeat(codes, times), edges=edges
    )
    assert weighted.rho == pytest.approx(repeated.rho, abs=1e-10)
    assert (weighted.score[0, times == 0] == 0).all()
    for name in ("cross_mean", "cross_variance", "cross_threshold"):
        ours, theirs = getattr(weighted, name), getattr(repeated, name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-8)


@pytest.mark.parametrize("rho", [0.0, 0.7, -0.9])
def test_correlations_with_holes_maximise_the_likelihood_of_the_pair(rho):
    # margins known to be standard, the pair not standardised in the common cases
    g = np.random.default_rng(9)
    one, two = g.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=60).T
    best = minimize_scalar(
        lambda r: (
            -multivariate_normal([0, 0], [[1, r], [r, 1]])
            .logpdf(np.stack([one, two], axis=1))
            .sum()
        ),
        bounds=(-0.999, 0.999),
        method="bounded",
        options={"xatol": 1e-9},
    )
    pair = np.array([0]), np.array([1])
    found = pearson(
        Z=np.stack([one, two]), first=pair[0], second=pair[1], weights=np.ones((1, 60))
    )
    assert found.rho[0] == pytest.approx(best.x, abs=SCIPY_ATOL)
    assert found.score.sum() == pytest.approx(0.0, abs=1e-7)
