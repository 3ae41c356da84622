"""All effects of a fit: lavaan's definitions, semTools' limits, hand algebra."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.core.effects import effect_values
from kocsem.core.monte_carlo import percentile_limits
from kocsem.errors import EstimationError, KocsemError, KocsemWarning, UnsupportedError
from kocsem.model.table import Parameter
from kocsem.results.effects import (
    MOST_CHAINS,
    effect_findings,
    effects_frame,
    find_effects,
    tabulate_effects,
)
from kocsem.results.intervals import Estimates
from reference.lavaan import fitted, reference
from tolerances import ESTIMATE_ATOL, IDENTITY_ATOL, Z_RTOL

CASES = [
    "serial_observed",
    "serial_mlr",
    "latent",
    "fixed_path",
    "equal",
    "second_order",
    "loop",
    "groups",
    "ordered",
]
SAMPLED = ["serial_observed", "latent", "equal"]


def stand_in(table, values, vcov=None):
    """Return what effects need of a solution; parameters are free in their order."""
    values = np.array(values, dtype=float)
    x = values[[row.free > 0 for row in table]]
    return SimpleNamespace(
        table=table,
        values=values,
        x=x,
        vcov=1e-4 * np.eye(x.size) if vcov is None else np.array(vcov),
        optimum=SimpleNamespace(converged=True),
    )


def path_model(paths):
    """Return a stand-in with free paths (outcome, predictor, value)."""
    table = [
        Parameter(outcome, "~", predictor, free=number)
        for number, (outcome, predictor, _) in enumerate(paths, start=1)
    ]
    return stand_in(table, [value for *_, value in paths])


def solution_of(case):
    """Return the solution of a case; of ordered items, lavaan's own numbers."""
    if case != "ordered":
        return fitted(f"effects_{case}").solution
    given = reference("effects_ordered")
    table = [
        Parameter(row["lhs"], row["op"], row["rhs"], free=row["free"])
        for row in given["table"]
    ]
    return stand_in(table, [row["est"] for row in given["table"]], given["vcov"])


def lavaans(case):
    """Return lavaan's effects, contrasts left out."""
    frame = pd.DataFrame(reference(f"effects_{case}")["effects"])
    frame = frame[frame["kind"] != "contrast"]
    frame["group"] = frame["group"].astype(int) if "group" in frame else 1
    return frame.set_index(["group", "kind", "effect"])


def kocsems(case, **options):
    """Return the effects of all groups of a case."""
    solution = solution_of(case)
    groups = sorted({row.group for row in solution.table})
    frames = [effects_frame(solution, group=g, **options) for g in groups]
    return pd.concat(frames).set_index(["group", "kind", "effect"])


@pytest.mark.parametrize("case", CASES)
def test_every_effect_is_found(case):
    found, wanted = kocsems(case).index, lavaans(case).index
    assert found.is_unique
    assert set(found) == set(wanted)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("column", ["est", "se", "ci_lower", "ci_upper"])
def test_effects(case, column):
    wanted = lavaans(case)
    found = kocsems(case).loc[wanted.index]
    assert_allclose(found[column], wanted[column], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("case", CASES)
def test_tests_of_effects(case):
    wanted = lavaans(case)
    found = kocsems(case).loc[wanted.index]
    for column in ("z", "pvalue"):
        known = wanted["se"] > 0
        assert found[column].notna().equals(known)
        assert_allclose(
            found[column][known],
            wanted[column][known].astype(float),
            rtol=Z_RTOL,
            atol=ESTIMATE_ATOL,
        )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("est", "std"),
        ("se", "std_se"),
        ("ci_lower", "std_lower"),
        ("ci_upper", "std_upper"),
    ],
)
def test_standardised_effects(case, ours, theirs):
    wanted = lavaans(case)
    found = kocsems(case, standardized=True).loc[wanted.index]
    assert_allclose(found[ours], wanted[theirs], atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("case", CASES)
def test_another_level(case):
    wanted = lavaans(case)
    found = kocsems(case, level=0.9).loc[wanted.index]
    assert_allclose(found["ci_lower"], wanted["lower_90"], atol=ESTIMATE_ATOL)
    assert_allclose(found["ci_upper"], wanted["upper_90"], atol=ESTIMATE_ATOL)


def semtools(case, *columns):
    """Return columns of semTools' limits, one row an effect."""
    given = reference(f"effects_{case}")["monte_carlo"]
    rows = reference(f"effects_{case}")["effects"]
    kept = [i for i, row in enumerate(rows) if row["kind"] != "contrast"]
    return [np.array(given[column])[kept] for column in columns]


@pytest.mark.parametrize("case", SAMPLED)
def test_limits_at_the_draws_of_semtools(case):
    solution, given = solution_of(case), reference(f"effects_{case}")
    draws = given["monte_carlo"]["draws"]
    # lavaan's labels count the paths in the order of the model
    paths = [row for row in solution.table if row.op == "~"]
    X = np.tile(solution.x, (len(next(iter(draws.values()))), 1))
    for number, row in enumerate(paths, start=1):
        X[:, row.free - 1] = draws[f"p{number}"]
    effects = find_effects(solution)
    limits = percentile_limits(draws=effect_values(plan=effects.plan, X=X), level=0.95)
    at = {(name.kind, name.text): i for i, name in enumerate(effects.names)}
    order = [at[key[1:]] for key in lavaans(case).index]
    lower, upper = semtools(case, "lower_of_draws", "upper_of_draws")
    assert_allclose(limits[0][order], lower, rtol=0, atol=1e-11)
    assert_allclose(limits[1][order], upper, rtol=0, atol=1e-11)


@pytest.mark.parametrize("case", SAMPLED)
def test_limits_at_other_draws(case):
    wanted = lavaans(case)
    found = kocsems(case, interval="monte_carlo", replicates=50_000).loc[wanted.index]
    lower, upper = semtools(case, "lower", "upper")
    # Percentiles of 50,000 draws have a standard error of .012 for a normal effect of
    # unit standard error; five times that, and as much again for heavier tails.
    assert_allclose((found["ci_lower"] - lower) / wanted["se"], 0, atol=0.12)
    assert_allclose((found["ci_upper"] - upper) / wanted["se"], 0, atol=0.12)
    # limits of the delta method would not pass
    assert np.abs((wanted["ci_lower"] - lower) / wanted["se"]).max() > 0.2
    for column in ("est", "se", "z", "pvalue"):
        assert_allclose(found[column], kocsems(case).loc[wanted.index, column])


def test_standardised_limits_by_hand():
    solution = solution_of("latent")
    found = effects_frame(
        solution, standardized=True, interval="monte_carlo", replicates=4000, seed=3
    )
    rng = np.random.Generator(np.random.PCG64(3))
    values, vectors = np.linalg.eigh(solution.vcov)
    root = (vectors * np.sqrt(values)) @ vectors.T
    X = solution.x + rng.standard_normal((4000, solution.x.size)) @ root
    effects = find_effects(solution, standardized=True)
    draws = effect_values(plan=effects.plan, X=X)
    expected = np.quantile(draws, [0.025, 0.975], axis=0)
    # another root of the same matrix gives other draws of the same distribution
    gap = (
        found[["ci_lower", "ci_upper"]].to_numpy().T - expected
    ) / found.se.to_numpy()
    assert np.abs(gap).max() < 0.3


def test_a_seed_gives_the_same_limits():
    def limits(seed):
        frame = effects_frame(
            solution_of("equal"), interval="monte_carlo", replicates=1000, seed=seed
        )
        return frame[["ci_lower", "ci_upper"]].to_numpy()

    assert (limits(5) == limits(5)).all()
    assert (limits(5) != limits(6)).any()


def test_draws_of_others_make_the_same_frame():
    # as a bootstrap does: values at draws, limits of any kind
    solution = solution_of("latent")
    effects = find_effects(solution)
    X = solution.x + np.random.default_rng(1).normal(0, 0.1, (99, solution.x.size))
    draws = effect_values(plan=effects.plan, X=X)
    (est,) = effect_values(plan=effects.plan, X=solution.x[None])
    se, limits = draws.std(axis=0, ddof=1), np.quantile(draws, [0.1, 0.6], axis=0)
    frame = tabulate_effects(effects, Estimates(est=est, se=se, limits=limits))
    assert list(frame.columns) == list(effects_frame(solution).columns)
    assert_allclose(frame["z"], est / se)
    assert_allclose(frame[["ci_lower", "ci_upper"]].T, limits)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(150, 6)), columns=list("abcdef"))
    return frame + 0.5 * rng.normal(size=(150, 1))


def effects(model, data, **options):
    return effects_frame(kocsem.sem(model, data).solution, **options)


def test_order_and_names(data):
    frame = effects("b ~ a\nc ~ b + a\nd ~ c", data)
    assert list(zip(frame["kind"], frame["effect"], strict=True)) == [
        ("direct", "a -> b"),
        ("total", "a -> b"),
        ("direct", "a -> c"),
        ("indirect", "a -> b -> c"),
        ("total indirect", "a -> c"),
        ("total", "a -> c"),
        ("direct", "b -> c"),
        ("total", "b -> c"),
        ("indirect", "a -> c -> d"),
        ("indirect", "a -> b -> c -> d"),
        ("total indirect", "a -> d"),
        ("total", "a -> d"),
        ("indirect", "b -> c -> d"),
        ("total indirect", "b -> d"),
        ("total", "b -> d"),
        ("direct", "c -> d"),
        ("total", "c -> d"),
    ]
    assert (frame["predictor"] + frame["outcome"]).iloc[9] == "ad"
    assert set(frame["group"]) == {1}


@pytest.mark.parametrize("options", [{}, {"interval": "monte_carlo"}])
@pytest.mark.parametrize("standardized", [False, True])
def test_no_path_no_effect(data, options, standardized):
    fit = kocsem.cfa("f =~ a + b + c\ng =~ d + e + f1", data.assign(f1=data["f"]))
    frame = effects_frame(fit.solution, standardized=standardized, **options)
    assert frame.empty
    assert list(frame.columns)[4:7] == ["effect", "est", "se"]
    assert effect_findings(fit.solution) == ()


def test_a_path_fixed_at_zero_is_none(data):
    frame = effects("b ~ 0*a\nc ~ b", data)
    assert list(frame["effect"].unique()) == ["b -> c"]
    fit = kocsem.sem("b ~ 0*c + a\nc ~ b", data)
    assert effect_findings(fit.solution) == ()


def test_loadings_are_no_effects(data):
    frame = effects("f =~ a + b + c\nd ~ f\na ~ e", data)
    assert set(frame["effect"]) == {"f -> d", "e -> a"}


def test_standardised_effects_are_products_of_standardised_paths():
    solution = solution_of("second_order")
    paths = fitted("effects_second_order").standardized()
    paths = paths[paths["op"] == "~"].set_index(["rhs", "lhs"])["est_std"]
    frame = effects_frame(solution, standardized=True).set_index(["kind", "effect"])
    assert frame.loc[("indirect", "z1 -> g -> y1 -> y2"), "est"] == pytest.approx(
        paths["z1", "g"] * paths["g", "y1"] * paths["y1", "y2"], rel=1e-10
    )


PROPORTIONS = [
    # direct, first and second indirect effect: shares of each indirect and of both
    ((0.2, 0.3, 0.5), (0.3, 0.5, 0.8)),
    ((-0.2, -0.3, -0.5), (0.3, 0.5, 0.8)),
    ((0.5, 0.7, -0.2), (0.7, None, 0.5)),
    ((-0.2, 0.3, 0.5), (0.5, 0.5 / 0.6, None)),
    ((0.0, 0.3, 0.5), (0.375, 0.625, 1.0)),
    ((0.3, -0.1, -0.2), (None, None, None)),
]


@pytest.mark.parametrize(("parts", "shares"), PROPORTIONS)
def test_proportion_mediated(parts, shares):
    direct, first, second = parts
    paths = [("m", "x", 1.0), ("n", "x", 1.0)]
    paths += [("y", "m", first), ("y", "n", second), ("y", "x", direct)]
    solution = path_model(paths)
    frame = effects_frame(solution).set_index(["effect", "kind"])["proportion_mediated"]
    found = frame[
        [
            ("x -> m -> y", "indirect"),
            ("x -> n -> y", "indirect"),
            ("x -> y", "total indirect"),
        ]
    ]
    wanted = np.array(shares, dtype=float)
    assert_allclose(found, wanted, atol=IDENTITY_ATOL)
    assert frame.drop(found.index).isna().all()


def loop(b, c):
    """Return reciprocal paths y1 <- b y2 and y2 <- c y1, with a predictor of y1."""
    return path_model([("y1", "y2", b), ("y2", "y1", c), ("y1", "z", 1.0)])


@pytest.mark.parametrize(
    ("b", "c", "codes"),
    [
        (0.5, 0.5, ["feedback-loop"]),
        (-2.0, 0.4, ["feedback-loop"]),  # modulus .894
        (2.0, 0.5, ["feedback-loop", "unstable-loop"]),
        (-2.0, 0.8, ["feedback-loop", "unstable-loop"]),
    ],
)
def test_loops_are_findings(b, c, codes):
    findings = effect_findings(loop(b, c))
    assert [finding.code for finding in findings] == codes
    if len(codes) == 2:
        assert findings[1].value == pytest.approx(np.sqrt(abs(b * c)))
        assert findings[1].severity == "error"


def test_a_loop_has_no_specific_indirect_effects():
    frame = effects_frame(loop(0.5, 0.4))
    assert set(frame["kind"]) == {"direct", "total indirect", "total"}
    # the total effect of z on y1 is more than the path, though nothing lies between
    own = frame.set_index(["effect", "kind"])["est"]
    assert own["z -> y1", "total indirect"] == pytest.approx(1 / 0.8 - 1)


def complete_chain(count):
    """Return a model in which every variable acts on all later ones."""
    names = [f"v{i}" for i in range(count)]
    pairs = [(b, a) for i, a in enumerate(names) for b in names[i + 1 :]]
    return path_model([(*pair, 0.1) for pair in pairs])


@pytest.mark.parametrize(("count", "listed"), [(6, True), (9, True), (11, False)])
def test_too_many_chains_are_not_listed(count, listed):
    solution = complete_chain(count)
    frame = effects_frame(solution)
    specific = int((frame["kind"] == "indirect").sum())
    # 2^k - k - 1 chains of any length, less the k (k - 1) / 2 paths
    chains = 2**count - count - 1 - count * (count - 1) // 2
    assert specific == (chains if listed else 0)
    assert (chains <= MOST_CHAINS) == listed
    codes = [finding.code for finding in effect_findings(solution)]
    assert codes == ([] if listed else ["many-chains"])
    # total effects from first to last: (1 + b)^(k - 2) b
    last = frame[
        (frame["effect"] == f"v0 -> v{count - 1}") & (frame["kind"] == "total")
    ]
    assert last["est"].item() == pytest.approx(0.1 * 1.1 ** (count - 2))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"group": 2}, KocsemError, "numbered from 1 to 1"),
        ({"level": 0.0}, KocsemError, "between 0 and 1"),
        ({"level": 95}, KocsemError, "between 0 and 1"),
        ({"interval": "bootstrap"}, UnsupportedError, "'monte_carlo'"),
        (
            {"interval": "monte_carlo", "replicates": 999},
            KocsemError,
            "at least 1000",
        ),
    ],
)
def test_bad_input(options, error, words):
    with pytest.raises(error, match=words):
        effects_frame(solution_of("equal"), **options)


@pytest.mark.parametrize(
    "vcov", [np.full((3, 3), np.nan), np.diag([1.0, -1.0, 1.0]), 2 - np.eye(3)]
)
def test_no_draws_without_a_covariance_matrix(vcov):
    solution = loop(0.1, 0.2)
    solution.vcov = vcov
    with pytest.raises(EstimationError, match="no covariance matrix"):
        effects_frame(solution, interval="monte_carlo")


def test_lost_draws_are_said():
    # a variance of 1 with standard error 1: 16 % of the draws are below zero
    table = [
        Parameter("y", "~", "x", free=1),
        Parameter("x", "~~", "x", free=2),
        Parameter("y", "~~", "y", fixed=1.0),
    ]
    solution = stand_in(table, [1.0, 1.0, 1.0], np.diag([1e-4, 1.0]))
    with pytest.warns(KocsemWarning, match=r"^3\d\d\d of 20000 draws have no value"):
        frame = effects_frame(solution, standardized=True, interval="monte_carlo")
    assert frame[["ci_lower", "ci_upper"]].notna().to_numpy().all()
