"""Residual variances of ordered items leave the total variances that are wanted."""

import numpy as np
import pytest

from kocsem.core.inference import complex_jacobian
from kocsem.core.ordinal.given_covariates import at_fixed_covariates
from kocsem.core.structure import fill, implied_moments
from ordinal_cases import KINDS, ordinal_case
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL


def totals(structure, x):
    """Return the total variances of ordered items and what they must be.

    Those given the covariates, where there are any.
    """
    matrices = fill(structure=structure, x=x)
    implied = at_fixed_covariates(
        implied=implied_moments(matrices=matrices), given=structure.ordered.given
    )
    ordered = structure.ordered.levels > 0
    return np.diag(implied.Sigma)[ordered], matrices.delta[ordered] ** -2.0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", KINDS)
def test_total_variances_are_those_of_the_scales(kind, seed):
    case = ordinal_case(kind, seed)
    found, wanted = totals(case.structure, case.x)
    np.testing.assert_allclose(found, wanted, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("kind", KINDS)
def test_total_variances_hold_for_complex_parameters(kind):
    case = ordinal_case(kind)
    found, wanted = totals(case.structure, case.x + 0.01j * np.cos(np.arange(case.k)))
    np.testing.assert_allclose(found, wanted, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("kind", KINDS)
def test_the_complex_step_goes_through(kind):
    case = ordinal_case(kind)

    def moments(x):
        implied = implied_moments(matrices=fill(structure=case.structure, x=x))
        return implied.Sigma.ravel()

    step = 1e-5
    exact = complex_jacobian(function=moments, x=case.x)
    rough = [
        (moments(case.x + step * e) - moments(case.x - step * e)) / (2 * step)
        for e in np.eye(case.k)
    ]
    np.testing.assert_allclose(exact.T, rough, rtol=DERIVATIVE_RTOL, atol=1e-8)


def test_residual_variances_by_hand():
    # a loading of .6 leaves 1 - .36; y ~ .5 f of a factor with variance 1 leaves
    # 1 - .25; z ~ .4 y leaves 1 - .16
    case = ordinal_case("chain")
    matrices = fill(structure=case.structure, x=np.array([0.6, 0.5, 0.4, *np.zeros(4)]))
    assert np.diag(matrices.Theta) == pytest.approx([0.0, 0.64, 0.0, 0.0])
    assert np.diag(matrices.Psi) == pytest.approx([1.0, 0.75, 0.84])


def test_too_much_explained_leaves_a_negative_variance():
    case = ordinal_case("chain")
    matrices = fill(structure=case.structure, x=np.array([1.2, 0.5, 0.4, *np.zeros(4)]))
    assert matrices.Theta[1, 1] == pytest.approx(1 - 1.44)


def test_a_loop_of_gain_one_has_no_residual_variances():
    case = ordinal_case("loop")
    x = case.x.copy()
    x[:2] = 2.0, 0.5
    with pytest.raises(np.linalg.LinAlgError):
        fill(structure=case.structure, x=x)
