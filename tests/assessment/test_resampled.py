"""Reliability and validity in the draws of a bootstrap."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.core.resampling import case_units, drawn_rows
from kocsem.errors import UnsupportedError
from sem_cases import holzinger

MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@pytest.fixture(scope="module")
def boot():
    return kocsem.cfa(MODEL, holzinger()).bootstrap(60, interval="percentile", seed=4)


def test_estimates_are_those_of_the_assessment(boot):
    found = kocsem.resampled_assessment(boot)
    plain = kocsem.assess(kocsem.cfa(MODEL, holzinger()))
    wide = found.constructs.pivot_table(
        index="construct", columns="statistic", values="est", sort=False
    )
    expected = plain.constructs.set_index("construct")[["alpha", "cr", "ave"]]
    assert_allclose(wide.loc[expected.index, expected.columns], expected)
    for row in found.htmt.itertuples():
        assert row.est == pytest.approx(plain.htmt.loc[row.first, row.second])


def test_draws_are_those_of_refits(boot):
    data = holzinger()
    units = case_units(sizes=[301])
    alphas, ratios = [], []
    for draw in range(60):
        rows = drawn_rows(units=units, seed=4, draw=draw)
        found = kocsem.assess(kocsem.cfa(MODEL, data.iloc[rows]))
        alphas.append(found.constructs["alpha"].iloc[0])
        ratios.append(found.htmt.loc["visual", "speed"])
    found = kocsem.resampled_assessment(boot)
    alpha = found.constructs.iloc[0]
    assert alpha["se"] == pytest.approx(np.std(alphas), rel=1e-6)
    pair = found.htmt.set_index(["first", "second"]).loc[("visual", "speed")]
    assert pair["se"] == pytest.approx(np.std(ratios), rel=1e-6)
    assert pair["ci_lower"] < np.median(ratios) < pair["ci_upper"]


def test_bca_intervals_and_groups():
    fit = kocsem.cfa(MODEL, holzinger(), group="school")
    found = kocsem.resampled_assessment(fit.bootstrap(80, interval="bca", seed=1))
    assert found.constructs.groupby("group").size().tolist() == [9, 9]
    ordered = found.constructs["ci_lower"] < found.constructs["ci_upper"]
    assert ordered.all()


def test_what_has_no_covariance_matrices_is_refused():
    data = pd.DataFrame(
        np.random.default_rng(1).integers(1, 4, size=(200, 3)), columns=list("abc")
    )
    fit = kocsem.cfa("f =~ a + b + c", data, ordered=True)
    if not fit.converged:
        pytest.skip("independent items need not have a factor")
    boot = fit.bootstrap(50, interval="percentile", seed=1)
    with pytest.raises(UnsupportedError, match="complete, unweighted answers"):
        kocsem.resampled_assessment(boot)
