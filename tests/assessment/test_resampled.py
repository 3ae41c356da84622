"""Reliability and validity in the draws of a bootstrap."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.core.bootstrap.resampling import case_units, drawn_rows
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


def with_holes(data):
    rng = np.random.default_rng(3)
    return data.mask(rng.uniform(size=data.shape) < 0.05)


def in_points(data):
    ranks = data[ITEMS[:8]].rank(pct=True)
    return data.assign(**{name: (ranks[name] * 3).apply(np.ceil) for name in ranks})


ITEMS = [f"x{i}" for i in range(1, 10)]
KINDS = {
    "ML": (lambda data: data, {}),
    "FIML": (with_holes, {"missing": "fiml"}),
    "WLSMV, mixed": (in_points, {"ordered": ITEMS[:8]}),
    "ULS": (lambda data: data, {"estimator": "ULS"}),
    "weights": (
        lambda data: data.assign(w=1 + np.arange(len(data)) % 3),
        {"sampling_weights": "w"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_draws_are_those_of_refits(kind):
    prepare, options = KINDS[kind]
    data = prepare(holzinger())
    data = data[[*ITEMS, *(["w"] if "w" in data else [])]]
    boot = kocsem.cfa(MODEL, data, **options).bootstrap(
        50, interval="percentile", seed=4
    )
    units = case_units(sizes=[301])
    refits = []
    for draw in np.flatnonzero(boot.used):
        rows = drawn_rows(units=units, seed=4, draw=int(draw))
        refits.append(kocsem.assess(kocsem.cfa(MODEL, data.iloc[rows], **options)))
    found = kocsem.resampled_assessment(boot)
    names = ["alpha", "cr", "ave"]
    own = np.array([one.constructs[names].to_numpy().ravel() for one in refits])
    exists = np.isfinite(own).all(axis=0)  # CR and AVE do not with a loading above 1
    assert exists.sum() >= 5
    se = found.constructs["se"][exists]
    assert_allclose(se, own[:, exists].std(axis=0), rtol=1e-5)
    pairs = list(zip(found.htmt["first"], found.htmt["second"], strict=True))
    ratios = np.array([[one.htmt.loc[pair] for pair in pairs] for one in refits])
    assert_allclose(found.htmt["se"], ratios.std(axis=0), rtol=1e-5)
    inside = found.htmt["ci_lower"] < np.median(ratios, axis=0)
    assert (inside & (np.median(ratios, axis=0) < found.htmt["ci_upper"])).all()


@pytest.mark.parametrize("kind", ["FIML", "WLSMV, mixed"])
def test_jackknife_is_that_of_refits(kind):
    prepare, options = KINDS[kind]
    data = prepare(holzinger())[ITEMS]
    boot = kocsem.cfa(MODEL, data, **options).bootstrap(50, interval="bca", seed=4)
    left = boot.covariances(True)
    kept = kocsem.cfa(MODEL, data.iloc[2:], **options)  # 301 rows, left out in pairs
    assert len(left) == 151
    assert_allclose(left[0, 0], kept.solution.groups[0].moments.S, rtol=1e-8)
    found = kocsem.resampled_assessment(boot).constructs
    assert (found["ci_lower"] < found["ci_upper"]).all()


def test_bca_intervals_and_groups():
    fit = kocsem.cfa(MODEL, holzinger(), group="school")
    found = kocsem.resampled_assessment(fit.bootstrap(80, interval="bca", seed=1))
    assert found.constructs.groupby("group").size().tolist() == [9, 9]
    ordered = found.constructs["ci_lower"] < found.constructs["ci_upper"]
    assert ordered.all()


def test_a_model_without_constructs_is_refused():
    fit = kocsem.sem("x1 ~ x2 + x3", holzinger())
    boot = fit.bootstrap(50, interval="percentile", seed=1)
    with pytest.raises(UnsupportedError, match="two observed items"):
        kocsem.resampled_assessment(boot)
