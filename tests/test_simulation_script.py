"""The simulation with known truth: is the truth true, and is it summarised rightly?"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from scipy.integrate import quad
from scipy.stats import norm

import kocsem
from tolerances import IDENTITY_ATOL

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import known_truth.analyses as analyses
import known_truth.summary as summary
import simulation
from known_truth import population, report
from known_truth.population import HEAVY, NORMAL, ROUNDED, SKIPPED

LOADINGS = {
    "CA": (0.80, 0.84, 0.76, 0.81),
    "IQ": (0.78, 0.83, 0.80, 0.74),
    "AL": (0.79, 0.82, 0.77, 0.72),
    "TR": (0.83, 0.86, 0.81, 0.78),
    "PI": (0.85, 0.88, 0.82),
}
PATHS = {
    "CA_TR": 0.34,
    "IQ_TR": 0.24,
    "AL_TR": 0.28,
    "TR_PI": 0.50,
    "CA_PI": 0.12,
    "IQ_PI": 0.12,
    "AL_PI": 0.0,
}
WITHIN = 4.5  # standard errors: a true value lies outside once in 150,000
LARGE = 20_000


def known_values():
    """Work out by hand what the population's parameters are."""
    scale = {factor: own[0] for factor, own in LOADINGS.items()}
    values = {}
    for factor, own in LOADINGS.items():
        for number, loading in enumerate(own, start=1):
            item = f"{factor}_{factor}{number}"
            values["standardised loading", item] = loading
            if number > 1:
                values["loading", item] = loading / own[0]
    for name, path in PATHS.items():
        predictor, outcome = name.split("_")
        values["standardised path", name] = path
        values["path", name] = path * scale[outcome] / scale[predictor]
    for source in ("CA", "IQ", "AL"):
        for kind in ("", "standardised "):
            first, second = (
                values[f"{kind}path", path] for path in (f"{source}_TR", "TR_PI")
            )
            values[f"{kind}indirect effect", f"{source}_TR_PI"] = first * second
    return values


def test_truth_is_the_population():
    found = analyses.truth(NORMAL).set_index(["kind", "name"])["value"].to_dict()
    assert found == pytest.approx(known_values(), abs=IDENTITY_ATOL)


def both_above(h, k, rho):
    """Integrate the probability that two normal variables pass their thresholds."""
    root = np.sqrt(1 - rho**2)
    return quad(
        lambda z: norm.pdf(z) * norm.cdf((rho * z - h) / root), k, 12, epsabs=1e-12
    )[0]


@pytest.mark.parametrize(("one", "other"), [("CA1", "CA2"), ("AL3", "PI2")])
def test_covariance_of_answers_on_five_points(one, other):
    at = [population.ITEMS.index(item) for item in (one, other)]
    rho = population.covariance()[*at]
    cuts = [population.cuts(item) for item in (one, other)]
    expected = sum(
        both_above(h, k, rho) - norm.sf(h) * norm.sf(k)
        for h in cuts[0]
        for k in cuts[1]
    )
    found = population.rounded_covariance()
    assert found[*at] == pytest.approx(expected, abs=1e-9)
    shares = np.diff([0, *norm.cdf(cuts[0]), 1])
    points = np.arange(1, 6)
    variance = shares @ points**2 - (shares @ points) ** 2
    assert found[at[0], at[0]] == pytest.approx(variance, abs=1e-12)


def discrepancy(rows, values, S):
    """Compute ML's discrepancy from the formula, for a model with latent paths."""
    factors, items = list(LOADINGS), list(population.ITEMS)
    Lambda, Beta = np.zeros((len(items), 5)), np.zeros((5, 5))
    Psi, Theta = np.zeros((5, 5)), np.zeros((len(items), len(items)))
    for (lhs, op, rhs), value in zip(rows, values, strict=True):
        if op == "=~":
            Lambda[items.index(rhs), factors.index(lhs)] = value
        elif op == "~":
            Beta[factors.index(lhs), factors.index(rhs)] = value
        else:
            matrix, names = (Psi, factors) if lhs in factors else (Theta, items)
            i, j = names.index(lhs), names.index(rhs)
            matrix[i, j] = matrix[j, i] = value
    L = Lambda @ np.linalg.inv(np.eye(5) - Beta)
    Sigma = L @ Psi @ L.T + Theta
    return np.linalg.slogdet(Sigma)[1] + np.trace(np.linalg.solve(Sigma, S))


def test_estimand_of_rounded_answers_minimises_the_discrepancy():
    S = population.rounded_covariance()
    names = list(population.ITEMS)
    fit = kocsem.sem(
        population.model_text(),
        sample_cov=pd.DataFrame(S, names, names) * 1000 / 999,
        sample_nobs=1000,
    )
    table = fit.parameters.query("op != ':='")
    rows = list(table[["lhs", "op", "rhs"]].itertuples(index=False, name=None))
    x, step = table["est"].to_numpy(), 1e-5
    for i in np.flatnonzero(table["se"] > 0):
        move = step * (np.arange(x.size) == i)
        up, down = (discrepancy(rows, x + sign * move, S) for sign in (1, -1))
        assert abs(up - down) / (2 * step) < 1e-7
    value = analyses.truth(ROUNDED).set_index(["kind", "name"])["value"]
    path = table.set_index("label").loc["CA_TR", "est"]
    assert value["path", "CA_TR"] == pytest.approx(path, abs=IDENTITY_ATOL)


def test_draws_depend_on_their_number_alone():
    one, again, other = (population.draw(50, number) for number in (1, 1, 2))
    for kind, answers in one.items():
        pd.testing.assert_frame_equal(answers, again[kind])
        assert not answers.equals(other[kind])


@pytest.fixture(scope="module")
def large():
    return population.draw(LARGE, 0)


def test_answers_are_what_they_are_called(large):
    error = 5 / np.sqrt(LARGE)
    for kind in (NORMAL, HEAVY):
        off = np.cov(large[kind].T) - population.covariance()
        assert np.abs(off).max() < 2 * error
    assert np.abs(large[NORMAL].kurt()).max() < 5 * error
    assert large[HEAVY].kurt().mean() == pytest.approx(3 / population.SHAPE, abs=0.3)
    off = np.cov(large[ROUNDED].T) - population.rounded_covariance()
    assert np.abs(off).max() < 2 * error
    assert set(np.unique(large[ROUNDED])) == {1, 2, 3, 4, 5}


def test_pages_are_skipped_by_trust_alone(large):
    answers = large[SKIPPED]
    assert answers.isna().to_numpy().mean() == pytest.approx(0.10, abs=0.005)
    skipped = answers["PI1"].isna()
    assert set(answers.columns[answers.isna().any()]) == {
        item for page in population.PAGES for item in page
    }
    trust = answers[list(population.TRUST_ITEMS)].mean(axis=1)
    assert trust[skipped].mean() < trust[~skipped].mean() - 0.5


def in_standard_errors(analysis, large, target=None):
    """Return how far the estimates of the large sample are from the truth."""
    found = analyses.analyse(analysis, large[analysis.answers], 0)
    assert found.admissible
    est, se = found.values["Wald"].T[:2]
    return (est - (analyses.estimand(analysis) if target is None else target)) / se


CONSISTENT = [
    analyses.Analysis(NORMAL, "ML", {}),
    analyses.Analysis(NORMAL, "GLS", {"estimator": "GLS"}),
    analyses.Analysis(HEAVY, "MLR", {"estimator": "MLR"}),
    analyses.Analysis(ROUNDED, "MLR", {"estimator": "MLR"}),
    analyses.Analysis(ROUNDED, "WLSMV", {"ordered": True}),
    analyses.Analysis(SKIPPED, "FIML", {"missing": "fiml"}),
]


@pytest.mark.parametrize("analysis", CONSISTENT, ids=lambda a: f"{a.answers} {a.label}")
def test_a_large_sample_recovers_the_truth(analysis, large):
    assert np.abs(in_standard_errors(analysis, large)).max() < WITHIN


def test_what_should_be_biased_is(large):
    own = (analyses.truth(NORMAL)["name"] == "CA_TR").to_numpy()
    listwise = analyses.Analysis(SKIPPED, "listwise", {})
    assert (in_standard_errors(listwise, large)[own] < -WITHIN).any()
    latent = analyses.truth(NORMAL)["value"].to_numpy()
    is_loading = (analyses.truth(NORMAL)["kind"] == "standardised loading").to_numpy()
    continuous = analyses.Analysis(ROUNDED, "ML", {})
    off = in_standard_errors(continuous, large, latent)[is_loading]
    assert (off < -WITHIN).all()


def test_comparison_by_hand():
    est, se = [1.0, 2.0, 3.0, 6.0], [1.0, 2.0, 1.0, 4.0]
    lower, upper = [0.0, 1.9, 2.1, np.nan], [1.5, 3.0, 4.0, np.nan]
    values = np.array([est, se, lower, upper]).T[:, None, :]
    found = summary.compare(values, np.array([2.0]), np.array([True]))
    spread = np.std(est, ddof=1)
    assert found["bias"] == pytest.approx(1.0)
    assert found["bias_error"] == pytest.approx(np.std(est) / 2)
    assert found["largest"] == pytest.approx(2 / np.std(est))
    assert found["relative_bias"] == pytest.approx(0.5)
    assert found["se_ratio"] == pytest.approx(2 / spread)
    assert (found["coverage"], found["below"], found["above"]) == (0.25, 0.25, 0.25)


def test_error_of_the_ratio_is_that_of_the_jackknife():
    rng = np.random.default_rng(5)
    est = rng.normal(size=(400, 3))
    se = 1 + 0.2 * rng.normal(size=(400, 3))
    values = np.stack([est, se, est, est], axis=2)
    found = summary.compare(values, np.zeros(3), np.zeros(3, dtype=bool))
    ratios = [
        (np.delete(se, i, 0).mean(0) / np.delete(est, i, 0).std(0, ddof=1)).mean()
        for i in range(400)
    ]
    jackknife = np.std(ratios) * np.sqrt(399)
    assert found["se_ratio_error"] == pytest.approx(jackknife, rel=0.02)
    assert "relative_bias" not in found


@pytest.fixture
def few(monkeypatch):
    """Analyse in two ways only, with few draws."""
    ml = replace(analyses.ANALYSES[0], bollen_stine=False)
    impossible = analyses.Analysis(ROUNDED, "twice", {"estimator": "nonsense"})
    for module in (analyses, summary):
        monkeypatch.setattr(module, "ANALYSES", (ml, impossible))
    monkeypatch.setattr(analyses, "BOOTSTRAP_DRAWS", 100)


def test_results_do_not_depend_on_workers(few):
    with parallel_config(backend="threading"):
        one, two = (simulation.simulate((80,), 3, workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    rows = one.set_index(["analysis", "kind", "name", "interval"])["replications"]
    assert rows["ML", "share", "converged", np.nan] == 3
    for interval in ("Wald", "Monte-Carlo", "percentile", "BCa"):
        assert rows["ML", "indirect effect", "CA_TR_PI", interval] == 3
    assert set(one.query("analysis == 'twice'")["kind"]) == {"share"}
    shares = one.query("analysis == 'twice'")["share"]
    assert (shares == 0).all()


@pytest.mark.parametrize("path", simulation.PAGES, ids=lambda path: path.name)
def test_tables_are_those_of_the_results(path):
    page = path.read_text(encoding="utf-8")
    results = report.read_results(simulation.RESULTS)
    assert report.with_tables(page, results, simulation.PAGES[path]) == page
    assert " – " not in page.split("<!-- table: model-tests -->")[1].split("<!--")[0]


def test_a_page_without_markers_is_refused():
    with pytest.raises(ValueError, match="one pair of markers"):
        report.with_tables(
            "<!-- table: bias -->\n<!-- end -->", pd.DataFrame(), ["fits"]
        )


def test_a_cell_shows_one_result():
    results = pd.DataFrame({"n": [1, 2, 2], "below": [0.01] * 3, "above": [0.02] * 3})
    columns = [report.Column(str(n), {"n": n}, report.tails) for n in (1, 3)]
    table = report.grid(results, "what", [("row", {})], columns)
    assert table.splitlines()[-1] == "| row | 1.0 / 2.0 | – |"
    twice = [report.Column("2", {"n": 2}, report.tails)]
    with pytest.raises(ValueError, match="More than one result"):
        report.grid(results, "what", [("row", {})], twice)
