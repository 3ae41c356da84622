"""What a fit of ordered items given covariates says of moments, against lavaan 0.7.

The cases of tests/reference/conditional.R; parameters, tests and measures are compared
with all other estimators' in test_estimators_vs_lavaan.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from reference.lavaan import fitted, reference
from tolerances import ORDINAL_RTOL, ROBUST_ATOL

CASES = tuple(
    f"conditional_{name}"
    for name in (
        *("wlsmv", "uls", "item", "binary", "mixed", "groups", "groups_equal"),
        *("pairwise", "listwise", "weights", "outcomes"),
    )
)
KINDS = ("raw", "cor_bentler", "cor_bollen", "standardized")
Z_ATOL = 2e-4  # of a z value: its numerator is the difference of nearly equal numbers


def groups(found):
    """Return one result a group."""
    return list(found.values()) if isinstance(found, dict) else [found]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_residuals(case, kind):
    given = reference(case)
    names = given["explained"]
    ours = groups(fitted(case).residuals(kind))
    for frame, expected in zip(ours, given["residuals"][kind], strict=True):
        assert set(frame.index) == set(names)
        found = frame.loc[names, names].to_numpy()
        expected = np.array(expected, dtype=float)
        # lavaan writes 0 where a residual has no standard error
        lost = np.isnan(found)
        assert not lost.any() or kind == "standardized"
        assert_allclose(expected[lost], 0.0, atol=Z_ATOL)
        atol = Z_ATOL if kind == "standardized" else ROBUST_ATOL * 10
        assert_allclose(found[~lost], expected[~lost], rtol=ORDINAL_RTOL, atol=atol)


def scales(fit, names, number):
    """Return the scale of each variable in a group; 1 where it has none."""
    rows = fit.parameters.query("op == '~*~' and group == @number")
    return rows.set_index("lhs").est.reindex(names, fill_value=1.0).to_numpy()


@pytest.mark.parametrize("case", CASES)
def test_implied_moments(case):
    given, fit = reference(case), fitted(case)
    names = [*given["explained"], *given["covariates"]]
    pairs = zip(groups(fit.implied), given["cov"], given["mean"], strict=True)
    for number, (found, cov, mean) in enumerate(pairs, start=1):
        scale = scales(fit, names, number)
        ours = found.cov.loc[names, names] * np.outer(scale, scale)
        assert_allclose(ours, cov, rtol=ORDINAL_RTOL, atol=1e-6)
        same = scale == 1  # lavaan scales the slopes in a mean and not the rest of it
        assert_allclose(
            found.mean[names][same], np.array(mean)[same], rtol=ORDINAL_RTOL, atol=1e-6
        )
