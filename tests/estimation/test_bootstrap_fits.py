"""The bootstrap of a fit, through the public calls."""

import joblib
import numpy as np
import pandas as pd
import pytest
from distributed import Client
from numpy.testing import assert_allclose, assert_array_equal

import kocsem
from kocsem.core.bootstrap.resampling import multiplicities
from kocsem.errors import DataError, KocsemError, UnsupportedError
from reference.lavaan import HERE
from sem_cases import holzinger

CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
PATHS = "x9 ~ c*x1 + b*x5\nx5 ~ a*x1\nab := a*b"
ORDERED = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4\nB ~ A"
GIVEN = "A =~ c1 + c2 + c3\nB =~ t1 + y1 + y2\nB ~ A + age + female\nA ~ age"


def data(name):
    return pd.read_csv(HERE / "data" / f"{name}.csv")


def holes():
    """Return answers with holes."""
    frame = data("holzinger_missing")
    return frame[[f"x{i}" for i in range(1, 7)]]


@pytest.fixture(scope="module")
def boot():
    return kocsem.sem(PATHS, holzinger()).bootstrap(2000, interval="bca", seed=7)


FAMILIES = {
    "ml": (CFA, holzinger, {}),
    "means": (CFA, holzinger, {"meanstructure": True}),
    "groups": (CFA, holzinger, {"group": "school", "group_equal": ["loadings"]}),
    "covariate": (CFA + "\nvisual ~ sex", holzinger, {}),
    "clusters": (ORDERED, lambda: data("clustered"), {"cluster": "koc"}),
    "weights": (ORDERED, lambda: data("clustered"), {"sampling_weights": "w"}),
    "gls": (CFA, holzinger, {"estimator": "GLS"}),
    "ordered": (ORDERED, lambda: data("ordered"), {"ordered": True}),
    "ordered groups": (
        ORDERED,
        lambda: data("ordered"),
        {"ordered": True, "group": "g"},
    ),
    "ordered covariates": (
        GIVEN,
        lambda: data("conditional"),
        {"ordered": ["c1", "c2", "c3", "t1"]},
    ),
    "holes": (CFA, holes, {"missing": "fiml"}),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_bootstrapped(family):
    model, source, options = FAMILIES[family]
    fit = kocsem.sem(model, source(), **options)
    boot = fit.bootstrap(60, interval="percentile", seed=3)
    assert boot.counts["drawn"] == 60
    assert boot.counts["used"] >= 55
    frame = boot.parameters
    free = frame["se"] > 0
    assert (frame.loc[free, "ci_lower"] < frame.loc[free, "ci_upper"]).all()
    # standard errors of 60 draws are good to a tenth or two
    own = np.sqrt(np.diag(fit.solution.vcov))
    ratio = boot.draws.std(ddof=0).to_numpy() / own
    assert 0.6 < np.median(ratio) < 1.6


def test_a_draw_given_covariates_is_the_fit_of_its_rows():
    model, source, options = FAMILIES["ordered covariates"]
    frame = source()
    fit = kocsem.sem(model, frame, **options)
    drawn = fit.bootstrap(50, interval="percentile", seed=3).draws.to_numpy()
    times = multiplicities(units=fit.resampler.units, seed=3, draws=range(2))
    for found, counts in zip(drawn, times, strict=False):
        rows = np.repeat(np.arange(len(frame)), counts.astype(int))
        again = kocsem.sem(model, frame.iloc[rows].reset_index(drop=True), **options)
        assert_allclose(found, again.solution.x, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("family", ["ml", "ordered", "holes"])
def test_workers_do_not_change_a_number(family):
    model, source, options = FAMILIES[family]
    fit = kocsem.sem(model, source(), **options)
    alone = fit.bootstrap(100, interval="percentile", seed=3).draws
    for backend in ("threading", "loky"):
        other = fit.bootstrap(
            100, interval="percentile", seed=3, workers=2, backend=backend
        )
        assert_array_equal(other.draws, alone)


def test_a_dask_cluster_gives_the_same_numbers():
    fit = kocsem.sem(CFA, holzinger())
    alone = fit.bootstrap(100, interval="percentile", seed=3).draws
    with (
        Client(processes=False, n_workers=1, dashboard_address=None),
        joblib.parallel_config(backend="dask"),
    ):
        other = fit.bootstrap(100, interval="percentile", seed=3).draws
    assert_array_equal(other, alone)


def test_the_seed_decides():
    fit = kocsem.sem(PATHS, holzinger())
    first, same, other = (fit.bootstrap(50, seed=s).draws for s in (1, 1, 2))
    assert_array_equal(first, same)
    assert not np.array_equal(first, other)
    # the first draws of a long bootstrap are those of a short one
    assert_array_equal(fit.bootstrap(130, seed=1).draws.iloc[:50], first)


def test_standard_errors_of_regressions_are_the_sandwich(boot):
    robust = kocsem.sem(PATHS, holzinger(), estimator="MLR").parameters
    paths = robust["op"] == "~"
    assert_allclose(boot.parameters["se"][paths], robust["se"][paths], rtol=0.06)


def test_a_defined_effect_is_a_function_of_the_draws(boot):
    draws = boot.draws["a"] * boot.draws["b"]
    frame = boot.parameters.set_index("lhs")
    assert frame.loc["ab", "se"] == pytest.approx(draws.std(ddof=0))
    effects = boot.effects().set_index("effect")
    pair = ["ci_lower", "ci_upper"]
    assert_allclose(
        effects.loc["x1 -> x5 -> x9", pair].astype(float),
        frame.loc["ab", pair].astype(float),
    )
    share = (draws < frame.loc["ab", "ci_lower"]).mean()
    assert 0.01 < share < 0.06  # moved from .025 by bias and acceleration


def test_standardised_values_of_each_draw():
    fit = kocsem.sem(CFA, holzinger())
    boot = fit.bootstrap(50, interval="percentile", seed=1)
    frame = boot.standardized().set_index(["lhs", "op", "rhs"])
    row = ("visual", "~~", "textual")
    draws = boot.draws
    own = draws["visual~~textual"] / np.sqrt(
        draws["visual~~visual"] * draws["textual~~textual"]
    )
    assert frame.loc[row, "se"] == pytest.approx(own.std(ddof=0))
    assert frame.loc[row, "bias"] == pytest.approx(own.mean() - frame.loc[row, "est"])


@pytest.mark.parametrize("choice", ["keep", "drop"])
def test_inadmissible_draws_are_counted_and_kept_or_dropped(choice):
    model = (
        "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\n"
        "dem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\n"
        "y1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
    )
    fit = kocsem.sem(model, data("democracy"))
    boot = fit.bootstrap(300, interval="percentile", seed=1, inadmissible=choice)
    counts = boot.counts
    # lavaan counts 353 of 1,000
    assert 0.25 < counts["inadmissible"] / counts["converged"] < 0.45
    dropped = counts["inadmissible"] if choice == "drop" else 0
    assert counts["used"] == counts["converged"] - dropped == len(boot.draws)
    (finding,) = [f for f in boot.findings if "inadmissible" in f.code]
    assert ("kept" if choice == "keep" else "dropped") in finding.message
    variances = boot.draws.filter(regex=r"^(\w+)~~\1$")
    assert (variances.min(axis=1) >= 0).all() == (choice == "drop")


def test_other_statistics():
    fit = kocsem.sem(PATHS, holzinger())
    boot = fit.bootstrap(50, interval="percentile", seed=1)
    at = list(boot.draws).index("a")
    found = boot.statistics(["squared"], lambda X: X[:, [at]] ** 2)
    assert found.loc[0, "se"] == pytest.approx((boot.draws["a"] ** 2).std(ddof=0))


def test_the_bollen_stine_test_agrees_with_the_chi_square_of_normal_data():
    rng = np.random.default_rng(5)
    factor = rng.normal(size=(400, 1))
    frame = pd.DataFrame(
        0.8 * factor + 0.6 * rng.normal(size=(400, 5)), columns=list("abcde")
    )
    fit = kocsem.cfa("f =~ a + b + c + d + e", frame)
    found = fit.bollen_stine(2000, seed=1)
    assert found.chisq == fit.fit_measures["chisq"]
    assert found.pvalue == pytest.approx(fit.fit_measures["pvalue"], abs=0.06)
    assert found.statistics.mean() == pytest.approx(fit.fit_measures["df"], rel=0.12)


BAD = {
    "replicates": ({"replicates": 10}, KocsemError, "too few"),
    "half a draw": ({"replicates": 99.5}, KocsemError, "whole number"),
    "interval": ({"interval": "bcc"}, UnsupportedError, "'bca'"),
    "level": ({"level": 95}, KocsemError, "between 0 and 1"),
    "seed": ({"seed": -1}, KocsemError, "seed"),
    "inadmissible": ({"inadmissible": "hide"}, UnsupportedError, "'keep'"),
    "workers": ({"workers": 0}, KocsemError, "workers"),
}


@pytest.mark.parametrize(("options", "kind", "words"), BAD.values(), ids=BAD)
def test_bad_requests(options, kind, words):
    fit = kocsem.sem(PATHS, holzinger())
    with pytest.raises(kind, match=words):
        fit.bootstrap(**{"replicates": 60, **options})


def test_a_covariance_matrix_has_no_rows_to_draw_from():
    names = ["x1", "x5", "x9"]
    printed = holzinger()[names].cov()
    fit = kocsem.sem(PATHS, sample_cov=printed, sample_nobs=301)
    with pytest.raises(DataError, match="answers themselves"):
        fit.bootstrap(60)


def test_the_bollen_stine_test_is_for_complete_answers():
    fit = kocsem.cfa(ORDERED, data("ordered"), ordered=True)
    with pytest.raises(UnsupportedError, match="complete, unweighted answers"):
        fit.bollen_stine(60)
