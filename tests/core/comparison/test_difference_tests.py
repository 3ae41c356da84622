"""Difference tests against the papers' formulas, written out with dense matrices."""

import numpy as np
import pytest
import scipy.linalg
from numpy.testing import assert_allclose

from kocsem.core.comparison.difference_tests import (
    ScaledTest,
    Traces,
    difference_traces,
    mean_and_variance_scaled,
    mean_scaled,
    scaled_and_shifted,
    scaled_difference,
    tangent_by_moments,
)
from kocsem.core.evidence import Evidence, Inference
from tolerances import IDENTITY_ATOL


def definite(rng, size):
    """Draw a positive definite matrix."""
    root = rng.normal(size=(size, 2 * size))
    return root @ root.T / size


class Problem:
    """Two groups whose evidence is made of arbitrary matrices."""

    def __init__(self, seed=0, sizes=(5, 4), moments=9, shares=(0.25, 0.75), ties=2):
        rng = np.random.default_rng(seed)
        self.rng, self.shares = rng, shares
        self.V = [definite(rng, moments) for _ in sizes]
        self.Gamma = [definite(rng, moments) for _ in sizes]
        self.Delta = [rng.normal(size=(moments, k)) for k in sizes]
        k = sum(sizes)
        self.K = scipy.linalg.null_space(rng.normal(size=(ties, k)))
        self.H = self.K @ rng.normal(size=(self.K.shape[1], self.K.shape[1] - 3))

    @property
    def parts(self):
        nan = float("nan")
        groups = []
        for V, Gamma, Delta, share in zip(
            self.V, self.Gamma, self.Delta, self.shares, strict=True
        ):
            groups.append(
                Evidence(
                    n=400 * share,
                    count=V.shape[0],
                    expected=Delta.T @ V @ Delta,
                    observed=nan,
                    meat=nan,
                    middle=Delta.T @ V @ Gamma @ V @ Delta,
                    twice=nan,
                    trace=nan,
                    trace_squared=nan,
                    saturated_trace=nan,
                )
            )
        return Inference(groups=tuple(groups), K=self.K)

    def traces(self):
        """Compute tr(U Gamma) and tr(U Gamma U Gamma) as in Satorra (2000)."""
        V = scipy.linalg.block_diag(
            *(f * V for f, V in zip(self.shares, self.V, strict=True))
        )
        Gamma = scipy.linalg.block_diag(
            *(G / f for f, G in zip(self.shares, self.Gamma, strict=True))
        )
        Delta = scipy.linalg.block_diag(*self.Delta) @ self.K
        inside = np.linalg.lstsq(self.K, self.H, rcond=None)[0]
        A = scipy.linalg.null_space(inside.T).T  # the restrictions
        P = np.linalg.inv(Delta.T @ V @ Delta)
        M = P @ A.T @ np.linalg.inv(A @ P @ A.T) @ A @ P
        UG = V @ Delta @ M @ Delta.T @ V @ Gamma
        return np.trace(UG), np.trace(UG @ UG)


@pytest.mark.parametrize("seed", range(5))
def test_traces_are_those_of_satorra(seed):
    problem = Problem(seed)
    parts = problem.parts
    found = difference_traces(
        parts, information=parts.joined("expected"), tangent=problem.H
    )
    assert_allclose((found.first, found.second), problem.traces(), rtol=1e-9)


def test_traces_are_the_df_where_gamma_is_the_inverse_of_the_weight():
    problem = Problem()
    problem.Gamma = [np.linalg.inv(V) for V in problem.V]
    parts = problem.parts
    found = difference_traces(
        parts, information=parts.joined("expected"), tangent=problem.H
    )
    assert_allclose((found.first, found.second), (3, 3), rtol=1e-9)


def test_traces_do_not_depend_on_how_the_directions_are_written():
    problem = Problem()
    parts, turn = problem.parts, problem.rng.normal(size=(problem.H.shape[1],) * 2)
    first, second = (
        difference_traces(parts, information=parts.joined("expected"), tangent=H)
        for H in (problem.H, np.column_stack([problem.H @ turn, problem.H[:, 0]]))
    )
    assert_allclose(second.first, first.first, rtol=1e-9)
    assert_allclose(second.second, first.second, rtol=1e-9)


def test_directions_are_found_from_the_moments():
    rng = np.random.default_rng(3)
    Delta, K = (
        rng.normal(size=(12, 6)),
        scipy.linalg.null_space(rng.normal(size=(1, 6))),
    )
    H = rng.normal(size=(5, 3))
    K0 = rng.normal(size=(4, 3))
    Delta0 = Delta @ K @ H @ np.linalg.pinv(K0)
    found = tangent_by_moments(wider=(Delta, K), restricted=(Delta0, K0))
    assert_allclose(found, K @ H, atol=IDENTITY_ATOL)


@pytest.mark.parametrize(
    ("restricted", "wider", "factor"),
    [
        # Satorra and Bentler: (df0 c0 - df1 c1) / (df0 - df1)
        (ScaledTest(60.0, 10, 1.5), ScaledTest(40.0, 6, 1.2), (15 - 7.2) / 4),
        (ScaledTest(60.0, 10, 1.0), ScaledTest(40.0, 8, 1.5), -1.0),
        # a saturated model and a perfect fit count for nothing, whatever their factor
        (ScaledTest(60.0, 10, 1.5), ScaledTest(0.0, 0, float("nan")), 1.5),
        (ScaledTest(60.0, 10, 1.5), ScaledTest(1e-9, 5, 7.0), 3.0),
        # a model whose own factor is not positive has no test
        (ScaledTest(60.0, 10, 1.5), ScaledTest(40.0, 6, -0.1), float("nan")),
        (ScaledTest(60.0, 10, 0.0), ScaledTest(40.0, 6, 1.2), float("nan")),
    ],
)
def test_difference_of_scaling_factors(restricted, wider, factor):
    found = scaled_difference(restricted=restricted, wider=wider)
    assert found.df == restricted.df - wider.df
    assert_allclose(found.scaling.factor, factor, rtol=1e-12)


def test_scalings_have_the_mean_and_variance_they_promise():
    """With tr(U Gamma) = a and tr(U Gamma U Gamma) = b, T has mean a, variance 2 b."""
    mean, variance, df = 7.0, 2 * 12.0, 4
    traces = Traces(first=mean, second=variance / 2)
    scaled = mean_scaled(traces, df=df)
    assert scaled.scaling.scaled(mean) == pytest.approx(df)
    both = mean_and_variance_scaled(traces)
    assert both.scaling.scaled(mean) == pytest.approx(both.df)
    assert variance / both.scaling.factor**2 == pytest.approx(2 * both.df)
    shifted = scaled_and_shifted(traces, df=df)
    assert shifted.df == df
    assert shifted.scaling.scaled(mean) == pytest.approx(df)
    assert variance / shifted.scaling.factor**2 == pytest.approx(2 * df)


def test_there_is_no_shifted_test_without_a_variance():
    assert np.isnan(scaled_and_shifted(Traces(1.0, -1.0), df=2).scaling.factor)
