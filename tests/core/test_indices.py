"""Fit indices against closed forms worked out by hand."""

import numpy as np
import pytest

from kocsem.core.indices import residual_indices
from kocsem.core.moments import SampleMoments
from kocsem.core.structure import Implied


def implied(Sigma, mu):
    """Return implied moments without the parts that an index does not look at."""
    none = np.zeros((0, 0))
    return Implied(
        Sigma=np.array(Sigma, dtype=float),
        mu=np.array(mu, dtype=float),
        A=none,
        L=none,
        C=none,
        Phi=none,
        eta=np.zeros(0),
    )


# S has deviations 2 and 1 and correlation .5, Sigma 4 and 1 and correlation .25;
# residuals are -12, 0 and 0, the means are off by 2 and -1.
TWO = (
    SampleMoments(S=np.array([[4.0, 1.0], [1.0, 1.0]]), ybar=np.array([3.0, 1.0]), n=9),
    implied([[16.0, 1.0], [1.0, 1.0]], [1.0, 2.0]),
)


@pytest.mark.parametrize(
    ("name", "square"),
    [
        ("rmr_nomean", 144 / 3),
        ("srmr_nomean", 9 / 3),  # -12 / 4
        ("crmr_nomean", 0.25**2 / 1),
        ("srmr_mplus_nomean", (0.25**2 + 9) / 3),
        ("rmr", (144 + 4 + 1) / 5),
        ("srmr", (9 + 1 + 1) / 5),
        ("crmr", (0.25**2 + 1 + 1) / 3),  # gaps of the means over sample deviations
        ("srmr_mplus", (0.25**2 + 9 + 1.25**2 + 1) / 5),  # 3/2 - 1/4, 1 - 2
    ],
)
def test_residual_indices(name, square):
    found = residual_indices(moments=TWO[0], implied=TWO[1], means=True)
    assert getattr(found, name) == pytest.approx(np.sqrt(square), rel=1e-12)
