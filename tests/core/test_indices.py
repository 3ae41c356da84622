"""Fit indices against closed forms worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from kocsem.core import indices
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


# A model with chi-square 60 on 40 df against a baseline of 560 on 60, in 400 cases.
GIVEN = {"chisq": 60.0, "df": 40, "chisq_null": 560.0, "df_null": 60}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cfi", 1 - 20 / 500),
        ("rni", 1 - 20 / 500),
        ("tli", (560 / 60 - 60 / 40) / (560 / 60 - 1)),
        ("rfi", 1 - (60 / 40) / (560 / 60)),
        ("nfi", 500 / 560),
        ("pnfi", 40 / 60 * 500 / 560),
    ],
)
def test_incremental_indices(name, value):
    assert getattr(indices, name)(**GIVEN) == pytest.approx(value, rel=1e-12)


def test_ifi():
    assert indices.ifi(chisq=60, df=40, chisq_null=560) == pytest.approx(500 / 520)


@pytest.mark.parametrize(
    ("name", "changed", "value"),
    [
        ("cfi", {"chisq": 30.0}, 1.0),  # better than expected: clipped
        ("rni", {"chisq": 30.0}, 1 + 10 / 500),  # and not clipped
        ("tli", {"chisq": 30.0}, 1 + 10 * 60 / (500 * 40)),
        ("cfi", {"chisq": 700.0}, 0.0),  # worse than the baseline
        ("cfi", {"chisq": 0.0, "df": 0}, 1.0),
        ("tli", {"chisq": 0.0, "df": 0}, 1.0),
        ("rfi", {"chisq": 0.0, "df": 0}, 1.0),
        ("nfi", {"chisq": 0.0, "df": 0}, 1.0),
        ("rni", {"chisq_null": 60.0}, np.nan),  # a baseline that fits
        ("nfi", {"chisq_null": 0.0}, np.nan),
        ("rfi", {"df": 61}, np.nan),
    ],
)
def test_incremental_indices_at_their_edges(name, changed, value):
    found = getattr(indices, name)(**GIVEN | changed)
    assert found == pytest.approx(value, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("chisq", "df", "n", "value"),
    [
        (60.0, 40, 400, np.sqrt(20 / (40 * 400))),
        (30.0, 40, 400, 0.0),
        (0.0, 0, 400, 0.0),
    ],
)
def test_rmsea(chisq, df, n, value):
    assert indices.rmsea(chisq=chisq, df=df, n=n) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("chisq", "df"), [(60.0, 40), (85.3, 24), (5518.0, 112), (200000.0, 140)]
)
def test_bounds_of_the_noncentrality_have_their_tails(chisq, df):
    found = indices.noncentrality_interval(chisq=chisq, df=df, n=300, level=0.9)
    assert stats.ncx2.sf(chisq, df, found.lower) == pytest.approx(0.05, rel=1e-5)
    assert stats.ncx2.cdf(chisq, df, found.upper) == pytest.approx(0.05, rel=1e-5)


@pytest.mark.parametrize(
    ("chisq", "df", "bounds"),
    [(40.0, 40, (False, True)), (10.0, 40, (False, False)), (3.0, 0, (False, False))],
)
def test_bounds_are_zero_where_none_is_positive(chisq, df, bounds):
    found = indices.noncentrality_interval(chisq=chisq, df=df, n=300, level=0.9)
    assert (found.lower > 0, found.upper > 0) == bounds


@pytest.mark.parametrize("groups", [1, 3])
def test_rmsea_interval_and_its_tests(groups):
    given = {"chisq": 60.0, "df": 40, "n": 400, "groups": groups}
    found = indices.rmsea_interval(**given, level=0.9)
    for bound, share in ((found.lower, 0.95), (found.upper, 0.05)):
        ncp = 400 * 40 * bound**2 / groups
        assert stats.ncx2.cdf(60, 40, ncp) == pytest.approx(share, rel=1e-6)
    assert indices.rmsea(**given) == pytest.approx(np.sqrt(groups * 20 / 16000))
    close = indices.rmsea_close(**given, bound=0.05)
    assert close == pytest.approx(stats.ncx2.sf(60, 40, 400 * 40 * 0.0025 / groups))
    assert indices.rmsea_not_close(**given, bound=0.05) == pytest.approx(1 - close)


def test_lisrel_gfi_by_hand():
    # W S has diagonal (2, 1/2): misfit (1 + 1/4) / 2, total (4 + 1/4) / 2
    found = indices.gfi_lisrel(
        S=np.diag([2.0, 1.0]),
        W=np.diag([1.0, 0.5]),
        residual_mean=None,
        ybar=np.zeros(2),
        given=np.zeros(2, dtype=bool),
    )
    assert found == pytest.approx(1 - 1.25 / 4.25)
    assert indices.agfi_lisrel(gfi=found, moments=3, df=1) == pytest.approx(
        1 - 3 * (1 - found)
    )
    assert indices.pgfi(gfi=found, moments=3, df=1) == pytest.approx(found / 3)


@pytest.mark.parametrize(
    ("found", "value"),
    [
        (indices.gfi(noncentrality=20.0, n=400, p=10), 4000 / 4040),
        (indices.gfi(noncentrality=-20.0, n=400, p=10), 1.0),
        (indices.mfi(chisq=60.0, df=40, n=400), np.exp(-0.025)),
        (indices.ecvi(chisq=60.0, npar=15, n=400), 0.225),
        (
            indices.critical_n(chisq=60.0, df=40, n=400, alpha=0.05),
            stats.chi2.isf(0.05, 40) / 0.15 + 1,
        ),
        (indices.critical_n(chisq=0.0, df=40, n=400, alpha=0.05), np.inf),
        (indices.critical_n(chisq=0.0, df=0, n=400, alpha=0.05), np.nan),
        (indices.chi_square_pvalue(chisq=60.0, df=40), stats.chi2.sf(60, 40)),
        (indices.chi_square_pvalue(chisq=0.0, df=0), np.nan),
    ],
)
def test_other_indices(found, value):
    assert found == pytest.approx(value, rel=1e-12, nan_ok=True)
