"""Data for which a model holds, and the share of samples that fit worse."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.bootstrap.bollen_stine import bootstrap_p_value, transformed
from kocsem.core.moments import sample_moments

RNG = np.random.default_rng(4)
Y = RNG.gamma(2.0, size=(80, 4)) @ RNG.normal(size=(4, 4))
ROOT = RNG.normal(size=(4, 4))
SIGMA = ROOT @ ROOT.T + np.eye(4)
MU = np.arange(4.0)


def test_moments_are_those_of_the_model():
    found = sample_moments(Y=transformed(Y=Y, Sigma=SIGMA, mu=MU))
    assert_allclose(found.S, SIGMA, atol=1e-10)
    assert_allclose(found.ybar, MU, atol=1e-12)


def test_data_that_fit_stay_as_they_are():
    moments = sample_moments(Y=Y)
    found = transformed(Y=Y, Sigma=moments.S, mu=moments.ybar)
    assert_allclose(found, Y, atol=1e-10)


def test_uncorrelated_items_are_rescaled():
    values, vectors = np.linalg.eigh(sample_moments(Y=Y).S)
    turned = Y @ vectors / np.sqrt(values)
    found = transformed(Y=turned, Sigma=np.diag([4.0, 9, 1, 16]), mu=np.zeros(4))
    wanted = (turned - turned.mean(axis=0)) * [2.0, 3, 1, 4]
    assert_allclose(found, wanted, atol=1e-9)


@pytest.mark.parametrize(
    ("statistic", "wanted"), [(0.5, 1.0), (2.0, 0.5), (1.5, 0.75), (4.0, 0.0)]
)
def test_p_value_is_the_share_above(statistic, wanted):
    draws = np.array([1.0, 2.0, 3.0, 4.0])
    assert bootstrap_p_value(statistic=statistic, replicates=draws) == wanted


def test_no_replicates_no_p_value():
    assert np.isnan(bootstrap_p_value(statistic=1.0, replicates=np.zeros(0)))
