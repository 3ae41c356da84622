"""The LISREL GFI with holes: pairwise moments by pandas, the index by lavaan."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.core.incomplete.gfi import (
    available_moments,
    incomplete_gfi_lisrel,
)
from kocsem.core.incomplete.patterns import missing_patterns
from missing_cases import FIML_CASES, HOLED, holed, solved
from tolerances import INDEX_RTOL


@pytest.mark.parametrize("name", HOLED)
def test_pairwise_moments_are_pandas(name):
    Y = holed(name) + 100.0
    frame, patterns = pd.DataFrame(Y), missing_patterns(Y=Y)
    found = available_moments(patterns=patterns)
    n = frame.notna().any(axis=1).sum()
    assert found.n == n
    assert_allclose(found.ybar, frame.mean(), rtol=1e-13)
    assert_allclose(found.S, frame.cov() * (n - 1) / n, rtol=1e-10, atol=1e-12)


def test_a_covariance_without_two_cases_is_zero():
    Y = np.array([[1.0, np.nan], [2.0, 3.0], [np.nan, 5.0]])
    found = available_moments(patterns=missing_patterns(Y=Y))
    assert_allclose(found.S, np.diag([0.5, 2.0]) * 2 / 3)


@pytest.mark.parametrize("case", FIML_CASES)
def test_the_index_is_lavaans(case):
    done = solved(case)
    parts = [
        incomplete_gfi_lisrel(
            sample=model.sample, at=point.likelihood, given=done.fixed
        )
        for model, point in zip(done.models, done.points, strict=True)
    ]
    shares = [model.sample.n / done.n for model in done.models]
    found = float(np.dot(shares, parts))
    assert_allclose(found, done.measures["gfi_lisrel"], rtol=INDEX_RTOL)
