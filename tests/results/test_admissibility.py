"""Solutions that a researcher must not interpret, each from data made for it."""

import numpy as np
import pandas as pd
import pytest

import kocsem


def correlations(names, pairs, rest):
    """Return a correlation matrix with the given pairs, the rest all equal."""
    R = pd.DataFrame(float(rest), index=names, columns=names)
    for name in names:
        R.loc[name, name] = 1.0
    for (a, b), value in pairs.items():
        R.loc[a, b] = R.loc[b, a] = value
    return R


ITEMS = ["x1", "x2", "x3"]
HEYWOOD = correlations(ITEMS, {("x1", "x2"): 0.8, ("x1", "x3"): 0.8}, 0.4)
# one factor on three items: loading 1 is sqrt(.8 * .8 / .4), above 1


@pytest.fixture(scope="module")
def heywood():
    return kocsem.cfa("f =~ x1 + x2 + x3", sample_cov=HEYWOOD, sample_nobs=200)


def finding(fit, code):
    found = [f for f in fit.findings if f.code == code]
    assert len(found) == 1
    return found[0]


def test_negative_variance(heywood):
    found = finding(heywood, "negative-variance")
    assert (found.severity, found.subject) == ("error", "x1~~x1")
    assert found.value == pytest.approx((1 - 0.8 * 0.8 / 0.4) * 199 / 200)
    assert "x1" in found.message


def test_loading_above_one(heywood):
    found = finding(heywood, "loading-above-one")
    assert (found.severity, found.subject) == ("error", "f=~x1")
    assert found.value == pytest.approx(np.sqrt(0.8 * 0.8 / 0.4))


def test_no_share_of_variance_beyond_all(heywood):
    assert np.isnan(heywood.rsquare["x1"])
    assert heywood.rsquare["x2"] == pytest.approx(0.8 * 0.4 / 0.8)


def test_a_loading_above_one_with_two_factors_is_a_warning():
    # correlated factors may both load on an item with more than 1
    rng = np.random.default_rng(4)
    f, g = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 2000).T
    data = pd.DataFrame({f"a{i}": f + rng.normal(size=2000) for i in range(3)})
    data = data.assign(**{f"b{i}": g + rng.normal(size=2000) for i in range(3)})
    data["c"] = 2 * f - 1.2 * g + 0.4 * rng.normal(size=2000)
    fit = kocsem.cfa("f =~ a0 + a1 + a2 + c\ng =~ b0 + b1 + b2 + c", data)
    found = finding(fit, "loading-above-one")
    assert (found.severity, found.subject) == ("warning", "f=~c")
    assert len(fit.findings) == 1


def test_latent_covariance_that_is_not_positive_definite():
    names = ["a1", "a2", "a3", "b1", "b2", "b3"]
    within = {(a, b): 0.3 for a in names for b in names if a[0] == b[0] and a < b}
    R = correlations(names, within, 0.35)  # correlation .35 / .3 between the factors
    model = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3"
    fit = kocsem.cfa(model, sample_cov=R, sample_nobs=300)
    found = finding(fit, "latent-covariance-not-positive-definite")
    assert (found.severity, found.subject) == ("error", "f, g")
    assert found.value == pytest.approx(1 - 0.35 / 0.3, rel=1e-6)


def test_information_that_is_nearly_singular():
    # two factors of two items, correlated by next to nothing: each alone is not
    # identified
    names = ["a1", "a2", "b1", "b2"]
    pairs = {("a1", "a2"): 0.5, ("b1", "b2"): 0.5}
    R = correlations(names, pairs, 1e-4)
    fit = kocsem.cfa("f =~ a1 + a2\ng =~ b1 + b2", sample_cov=R, sample_nobs=300)
    found = finding(fit, "near-singular-information")
    assert found.severity == "warning"
    assert {"f=~a2", "g=~b2"} & set(found.subject.split(", "))


def test_sound_solution_has_no_findings():
    R = correlations(ITEMS, {}, 0.5)
    fit = kocsem.cfa("f =~ x1 + x2 + x3", sample_cov=R, sample_nobs=200)
    assert fit.findings == ()
    assert fit.rsquare.tolist() == pytest.approx([0.5] * 3)
