"""The bivariate normal distribution against closed forms, scipy and differences."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from kocsem.core.ordinal.normal_bivariate import (
    bivariate_cdf,
    bivariate_density,
    bivariate_log_density_slope,
)

CDF_ATOL = 1e-14  # what the module promises
CORRELATIONS = (-0.9999, -0.95, -0.5, -1e-9, 0.0, 0.3, 0.8, 0.93, 0.999, 0.9999)
LIMITS = (-8.0, -2.5, -1e-3, -1e-12, 0.0, 1e-8, 0.4, 1.0, 3.7, 1000.0)


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_a_quarter_and_the_arc_sine_at_zero(rho):
    zero = np.array(0.0)
    found = bivariate_cdf(h=zero, k=zero, rho=np.array(rho))
    assert found == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=CDF_ATOL)


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_cdf_is_the_integral_of_the_conditional(rho):
    h, k = np.meshgrid([-2.5, -1e-3, 0.0, 0.4, 1.0], [-1.2, 0.0, 0.7, 2.0])
    found = bivariate_cdf(h=h, k=k, rho=np.array(rho))
    root = np.sqrt((1 - rho) * (1 + rho))

    def conditional(x, below):
        return np.exp(-(x**2) / 2) * ndtr((below - rho * x) / root)

    for at in np.ndindex(h.shape):
        kink = float(np.clip(k[at] / rho if abs(rho) > 0.1 else 0.0, -9, h[at]))
        parts = [
            quad(conditional, low, high, (k[at],), epsabs=1e-14, limit=400)[0]
            for low, high in ((-9, kink), (kink, h[at]))
        ]
        expected = sum(parts) / np.sqrt(2 * np.pi)
        assert found[at] == pytest.approx(expected, abs=1e-12)  # quad's own error


@pytest.mark.parametrize("rho", [-0.7, 0.0, 0.2, 0.9])
def test_cdf_is_scipys(rho):
    points = np.array([[-1.0, 0.3], [0.0, 0.0], [2.0, 1.0], [-0.5, -2.0]])
    found = bivariate_cdf(h=points[:, 0], k=points[:, 1], rho=np.array(rho))
    cov = [[1.0, rho], [rho, 1.0]]
    expected = [multivariate_normal.cdf(x, [0, 0], cov) for x in points]
    np.testing.assert_allclose(
        found, expected, atol=1e-8
    )  # scipy's cdf is a quadrature


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_cdf_keeps_its_symmetries(rho):
    h, k = np.meshgrid(LIMITS, LIMITS)
    r = np.array(rho)
    found = bivariate_cdf(h=h, k=k, rho=r)
    swapped = bivariate_cdf(h=k, k=h, rho=r)
    rest = ndtr(h) - bivariate_cdf(h=h, k=-k, rho=-r)
    np.testing.assert_allclose(found, swapped, atol=CDF_ATOL)
    np.testing.assert_allclose(found, rest, atol=CDF_ATOL)
    assert (found >= -CDF_ATOL).all()
    assert (found <= np.minimum(ndtr(h), ndtr(k)) + CDF_ATOL).all()


@pytest.mark.parametrize("k", LIMITS)
def test_a_far_limit_leaves_the_margin(k):
    far = bivariate_cdf(h=np.array(1000.0), k=np.array(k), rho=np.array(0.6))
    near = bivariate_cdf(h=np.array(-1000.0), k=np.array(k), rho=np.array(0.6))
    assert far == pytest.approx(ndtr(k), abs=CDF_ATOL)
    assert near == pytest.approx(0.0, abs=CDF_ATOL)


def logarithm_of_density(**at):
    return np.log(bivariate_density(**at))


@pytest.mark.parametrize("rho", [-0.95, -0.4, 0.0, 0.3, 0.9])
@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (bivariate_cdf, bivariate_density),
        (logarithm_of_density, bivariate_log_density_slope),
    ],
)
def test_derivatives_by_the_correlation(function, derivative, rho):
    h, k = np.meshgrid([-1.5, 0.0, 0.8], [-0.6, 0.3, 2.0])
    step = 1e-5
    above = function(h=h, k=k, rho=np.array(rho + step))
    below = function(h=h, k=k, rho=np.array(rho - step))
    found = derivative(h=h, k=k, rho=np.array(rho))
    np.testing.assert_allclose(
        found, (above - below) / (2 * step), rtol=1e-6, atol=1e-8
    )


def test_density_is_scipys():
    x = np.array([[-1.0, 0.3], [0.0, 0.0], [2.0, 1.0]])
    found = bivariate_density(h=x[:, 0], k=x[:, 1], rho=np.array(-0.35))
    expected = multivariate_normal([0, 0], [[1, -0.35], [-0.35, 1]]).pdf(x)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("rho", [0.69999, 0.70001, 0.94999, 0.95001])
def test_the_ways_to_the_distribution_function_meet(rho):
    h, k = np.meshgrid(LIMITS, LIMITS)
    several = bivariate_cdf(h=h, k=k, rho=np.where(h > k, rho, 0.1))
    alone = bivariate_cdf(h=h, k=k, rho=np.array(rho))
    np.testing.assert_allclose(several[h > k], alone[h > k], rtol=0, atol=CDF_ATOL)
