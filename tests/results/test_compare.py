"""compare() against lavaan's lavTestLRT(), and what it must refuse."""

import dataclasses
import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.errors import (
    DataError,
    EstimationError,
    KocsemError,
    KocsemWarning,
    UnsupportedError,
)
from reference.lavaan import HERE
from sem_cases import HS, holzinger
from tolerances import INDEX_RTOL, ROBUST_ATOL, ROBUST_RTOL

COLUMNS = {
    "Df": "df",
    "AIC": "aic",
    "BIC": "bic",
    "Chisq": "chisq",
    "Chisq diff": "chisq_diff",
    "RMSEA": "rmsea",
    "Df diff": "df_diff",
    "Pr(>Chisq)": "pvalue",
}
LADDERS = sorted(
    path.stem.removeprefix("compare_") for path in HERE.glob("compare_*.json")
)


@cache
def ladder(name):
    """Return lavaan's comparisons of the models of a ladder."""
    return json.loads((HERE / f"compare_{name}.json").read_text(encoding="utf-8"))


@cache
def fits_of(name):
    """Fit the models of a ladder."""
    given = ladder(name)
    data = pd.read_csv(HERE / "data" / given["data"])
    return {model: fit(data, call) for model, call in given["models"].items()}


def fit(data, call):
    options = {k: v for k, v in call.items() if v is not None}
    options.pop("parameterization", None)  # delta is the only one
    return getattr(kocsem, options.pop("fun"))(options.pop("model"), data, **options)


# Free factor means in the scalar model, free scales with equal thresholds: the
# restricted model frees what the wider one fixes. lavaan then evaluates the wider one
# at a point that does not have the restricted one's moments (2010), and counts
# restrictions that are none (exact). See the tests of nesting.
FREES_WHAT_WAS_FIXED = {
    ("groups_mlm", "scalar"),
    ("groups_mlmv", "scalar"),
    ("groups_mlr", "scalar"),
    ("fiml_mlr", "scalar"),
    ("groups_wlsm", "thresholds"),
    ("groups_wlsmv", "thresholds"),
}


def is_guide(name, call, step):
    """Return whether lavaan's number of a step is a guide."""
    if (name, step) in FREES_WHAT_WAS_FIXED:
        return call.get("a_method") != "exact" and "2010" not in call["method"]
    # lavaan asks a saturated model for its factor
    return (name, step, call["method"]) != (
        "path_mlr",
        "middle",
        "satorra.bentler.2010",
    )


STEPS = [
    pytest.param(name, number, step, id="-".join([name, step, *map(str, call)]))
    for name in LADDERS
    for number, found in enumerate(ladder(name)["calls"])
    for step in list(ladder(name)["models"])[1:]
    for call in [found["call"].values()]
    if is_guide(name, found["call"], step)
]


def lavaan_table(found):
    frame = pd.DataFrame(found["table"]).rename(columns=COLUMNS).set_index("model")
    return frame.reindex(columns=list(COLUMNS.values())).astype(float)


@pytest.mark.filterwarnings("ignore:The scaling factor")
@pytest.mark.parametrize(("name", "number", "step"), STEPS)
def test_step(name, number, step):
    found, fits = ladder(name)["calls"][number], fits_of(name)
    names = list(fits)
    pair = names[names.index(step) - 1 : names.index(step) + 1]
    frame = kocsem.compare(**{m: fits[m] for m in pair}, **found["call"])
    ours = frame.set_index("model").loc[step].astype(float)
    expected = lavaan_table(found).loc[step]
    if np.isnan(ours["chisq_diff"]):
        # without a test lavaan gives the RMSEA of the plain difference
        assert np.isnan(ours["rmsea"])
        expected["rmsea"] = np.nan
    assert_allclose(ours, expected, rtol=ROBUST_RTOL, atol=ROBUST_ATOL)


@pytest.mark.parametrize("column", ["df", "aic", "bic", "chisq", "chisq_diff"])
def test_plain_tables_are_as_close_as_indices(column):
    found = ladder("groups_ml")["calls"][0]
    ours = kocsem.compare(**fits_of("groups_ml")).set_index("model")
    assert_allclose(ours[column], lavaan_table(found)[column], rtol=INDEX_RTOL)


@pytest.mark.parametrize(
    ("key", "estimator"), [("ML", "ML"), ("MLR_satorra_bentler_2001", "MLR")]
)
def test_invariance_ladder(key, estimator):
    rows = json.loads((HERE / "hs_invariance_lrt.json").read_text())[key]
    steps = [[], ["loadings"], ["loadings", "intercepts"]]
    fits = [
        kocsem.cfa(
            HS, holzinger(), group="school", group_equal=equal, estimator=estimator
        )
        for equal in steps
    ]
    ours = kocsem.compare(*fits)
    expected = pd.DataFrame(rows).rename(columns=COLUMNS)
    for column in COLUMNS.values():
        # these fits were not driven on to the optimum
        assert_allclose(ours[column], expected[column].astype(float), rtol=1e-4)


def test_2010_of_a_saturated_model_is_2001():
    fits = fits_of("path_mlr")
    pair = {name: fits[name] for name in ("saturated", "middle")}
    first, second = (
        kocsem.compare(**pair, method=f"satorra_bentler_{year}")
        for year in (2001, 2010)
    )
    pd.testing.assert_frame_equal(first, second)


# ---------------------------------------------------------------- the frame


def test_fits_are_named_and_ordered_by_df():
    fits = fits_of("hs_ml")
    frame = kocsem.compare(fits["apart"], fits["wide"], middle=fits["plain"])
    assert list(frame["model"]) == ["fit2", "middle", "fit1"]
    assert list(frame.columns) == ["model", *COLUMNS.values()]
    assert frame.loc[0, ["chisq_diff", "rmsea", "df_diff", "pvalue"]].isna().all()
    assert frame.attrs == {"method": "standard", "findings": ()}
    other = kocsem.compare(*fits.values()).drop(columns="model")
    pd.testing.assert_frame_equal(other, frame.drop(columns="model"))


DEFAULTS = {
    "hs_ml": "standard",
    "hs_mlm": "satorra_bentler_2001",
    "hs_mlr": "satorra_bentler_2001",
    "hs_mlmv": "satorra_2000",
    "groups_wlsmv": "satorra_2000",
    "fiml_mlr": "satorra_bentler_2001",
    "groups_gls": "standard",
}


@pytest.mark.parametrize(("name", "method"), DEFAULTS.items(), ids=DEFAULTS)
def test_default_method(name, method):
    assert kocsem.compare(**fits_of(name)).attrs["method"] == method


def test_dots_are_underscores():
    fits = fits_of("hs_mlm")
    first = kocsem.compare(**fits, method="satorra.bentler.2010")
    second = kocsem.compare(**fits, method="satorra_bentler_2010")
    pd.testing.assert_frame_equal(first, second)
    assert first.attrs["method"] == "satorra_bentler_2010"


def test_a_likelihood_ratio_by_hand():
    """x9 on x5 against x9 on x5 and x1, with an equal-variance regression by hand."""
    data = holzinger()
    wider, restricted = (
        kocsem.sem("x9 ~ x5 + x1", data),
        kocsem.sem("x9 ~ x5 + 0*x1", data),
    )
    found = kocsem.compare(wider, restricted).loc[1]
    variance = []
    for columns in (["x5", "x1"], ["x5"]):
        X = np.column_stack([np.ones(len(data)), data[columns]])
        variance.append(np.linalg.lstsq(X, data["x9"], rcond=None)[1][0])
    assert found["chisq_diff"] == pytest.approx(301 * np.log(variance[1] / variance[0]))
    assert found["df_diff"] == 1


def test_the_scale_of_the_items_plays_no_part():
    call = {"group": "school", "estimator": "MLM", "group_equal": ["loadings"]}
    data, other = holzinger(), holzinger()
    other["x2"], other["x7"] = other["x2"] * 1000, other["x7"] / 1000 + 5
    found = []
    for frame in (data, other):
        wider = kocsem.cfa(HS, frame, group="school", estimator="MLM")
        restricted = kocsem.cfa(HS, frame, **call)
        found += [
            [
                kocsem.compare(wider, restricted, method=method, a_method="exact")
                .loc[1, "chisq_diff"]
                .item()
                for method in ("standard", "satorra_bentler_2010", "satorra_2000")
            ]
        ]
    assert_allclose(found[1], found[0], rtol=1e-6)


ORDERED = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4"
SHUFFLED = "B =~ b1 + b3 + b2 + b4\nA =~ a1 + a4 + a3 + a2"
ANOTHER_ORDER = {
    "complete": ("holzinger", "x2 + x3", "x3 + 1*x2", {"estimator": "MLM"}),
    "holes": (
        "holzinger_missing",
        "x2 + x3",
        "x3 + 1*x2",
        {"estimator": "MLR", "missing": "fiml"},
    ),
    "ordered": ("ordered", None, SHUFFLED, {"ordered": True, "group": "g"}),
    "some ordered": (
        "ordered",
        None,
        SHUFFLED,
        {"ordered": ["a2", "b1", "a4"], "group": "g"},
    ),
}


@pytest.mark.parametrize(
    ("file", "old", "new", "options"), ANOTHER_ORDER.values(), ids=ANOTHER_ORDER
)
def test_the_order_of_the_items_plays_no_part(file, old, new, options):
    data, wider, equal = pd.read_csv(HERE / "data" / f"{file}.csv"), HS, {}
    first, second = HS.replace("x2", "1*x2"), HS.replace(old or HS, new)
    if old is None:
        wider, first, second = ORDERED, ORDERED, SHUFFLED
        equal = {"group_equal": ["thresholds", "loadings"]}
    general = kocsem.cfa(wider, data, **options)
    methods = ["default", "standard"]
    methods += ["satorra_bentler_2010"] if "estimator" in options else []
    methods += ["satorra_2000"] if file != "holzinger_missing" else []
    fits = [kocsem.cfa(text, data, **options, **equal) for text in (first, second)]
    for method in methods:
        tables = [
            kocsem.compare(general, fit, method=method, scaled_shifted=False)
            for fit in fits
        ]
        pd.testing.assert_frame_equal(tables[1], tables[0], rtol=1e-6)
        assert tables[0].loc[1, "chisq_diff"] > 1


# ---------------------------------------------------------------- remarks


@pytest.mark.parametrize(
    ("method", "advice"),
    [
        ("satorra_bentler_2001", "satorra_bentler_2010"),
        ("satorra_bentler_2010", "satorra_2000"),
    ],
)
def test_a_difference_without_a_test_says_so(method, advice):
    with pytest.warns(KocsemWarning, match=f"Take method='{advice}'"):
        frame = kocsem.compare(**fits_of("sixty_mlr"), method=method)
    assert frame.loc[1, ["chisq_diff", "rmsea", "pvalue"]].isna().all()
    (finding,) = frame.attrs["findings"]
    assert (finding.code, finding.severity) == ("negative-scaling-factor", "warning")
    assert finding.subject == "plain and wide"


def test_a_wider_model_in_a_poorer_minimum_is_reported():
    fits = fits_of("hs_ml")
    worse = moved(fits["wide"], 0.15)
    with pytest.warns(KocsemWarning, match="ended in a minimum that is not the lowest"):
        frame = kocsem.compare(wide=worse, plain=fits["plain"])
    assert frame.attrs["findings"][0].code == "restricted-model-fits-better"
    assert frame.loc[1, "chisq_diff"] < 0


def moved(fit, by):
    """Move a fit away from its optimum, which it still claims to be at."""
    solution = fit.solution
    point = solution.problem.at(solution.x * (1 + by))
    optimum = dataclasses.replace(solution.optimum, point=point)
    return dataclasses.replace(
        fit, solution=dataclasses.replace(solution, optimum=optimum)
    )


# ---------------------------------------------------------------- refusals


def hs(text=HS, **options):
    return kocsem.cfa(text, holzinger(), **options)


def stopped():
    fit = hs()
    optimum = dataclasses.replace(fit.solution.optimum, converged=False)
    return dataclasses.replace(
        fit, solution=dataclasses.replace(fit.solution, optimum=optimum)
    )


def one_answer_off():
    data = holzinger()
    data.loc[0, "x1"] += 1
    return data


APART = f"{HS}\nvisual ~~ 0*textual"
REFUSED = {
    "one fit": (lambda: ([hs()], {}), KocsemError, "two fits or more"),
    "no fit": (lambda: ([hs(), 3], {}), KocsemError, "fit2 is of type int"),
    "a name twice": (lambda: ([hs()], {"fit1": hs()}), KocsemError, "fit1 is taken"),
    "not converged": (
        lambda: ([stopped(), hs(APART)], {}),
        EstimationError,
        "fit1 did not converge",
    ),
    "other estimator": (
        lambda: ([hs(estimator="MLM"), hs(APART, estimator="MLR")], {}),
        KocsemError,
        "estimator is 'MLM' in one and 'MLR'",
    ),
    "other test": (
        lambda: ([hs(), hs(APART, test="satorra_bentler")], {}),
        KocsemError,
        "test is 'standard' in one",
    ),
    "means in one": (
        lambda: ([hs(), hs(APART, meanstructure=True)], {}),
        KocsemError,
        "meanstructure is False in one",
    ),
    "groups in one": (
        lambda: ([hs(meanstructure=True), hs(group="school")], {}),
        KocsemError,
        "group is None in one",
    ),
    "other ordered items": (
        lambda: (
            [
                kocsem.cfa(
                    ORDERED, pd.read_csv(HERE / "data" / "ordered.csv"), ordered=o
                )
                for o in (["a1"], ["a1", "b1"])
            ],
            {},
        ),
        KocsemError,
        r"ordered is \['a1'\] in one",
    ),
    "other variables": (
        lambda: ([hs(), hs("visual =~ x1 + x2 + x3 + x4")], {}),
        DataError,
        r"different variables \(x5, x6, x7, x8, x9",
    ),
    "other rows": (
        lambda: ([hs(), kocsem.cfa(APART, holzinger()[:300])], {}),
        DataError,
        "n = 301 and 300",
    ),
    "rows twice": (
        lambda: (
            [hs(), kocsem.cfa(APART, pd.concat([holzinger(), holzinger()]))],
            {},
        ),
        DataError,
        "n = 301 and 602",
    ),
    "other answers": (
        lambda: ([hs(), kocsem.cfa(APART, one_answer_off())], {}),
        DataError,
        "moments up to",
    ),
    "other order of groups": (
        lambda: (
            [
                hs(group="school"),
                kocsem.cfa(APART, holzinger()[::-1], group="school"),
            ],
            {},
        ),
        DataError,
        "in another order: Pasteur, Grant-White; Grant-White, Pasteur",
    ),
    "a covariate in one": (
        lambda: (
            [
                kocsem.sem("x9 ~ x5 + x1\nx5 ~ x1", holzinger()),
                kocsem.sem("x9 ~ x5 + x1\nx5 ~ 0*x1\nx1 ~~ x1", holzinger()),
            ],
            {},
        ),
        KocsemError,
        "x1 is a fixed covariate in one of them only",
    ),
    "two ways to write a model": (
        lambda: ([hs(), hs(std_lv=True)], {}),
        KocsemError,
        "two ways to write one model",
    ),
    "same df": (
        lambda: ([hs(f"{HS}\nx1 ~~ x4"), hs(f"{HS}\nx2 ~~ x5")], {}),
        KocsemError,
        "neither is a restriction of the other",
    ),
    "not nested": (
        lambda: ([hs(f"{HS}\nx7 ~~ x8"), hs(f"{APART}\nvisual =~ x9")], {}),
        KocsemError,
        "fit2 is not nested in fit1",
    ),
    "scaled method": (
        lambda: ([hs(), hs(APART)], {"method": "satorra_2000"}),
        UnsupportedError,
        "these have the standard one",
    ),
    "unshifted method": (
        lambda: (fits_of("hs_mlmv").values(), {"method": "satorra_bentler_2001"}),
        UnsupportedError,
        "Take method='satorra_2000'",
    ),
    "moments of holes": (
        lambda: (fits_of("fiml_mlr").values(), {"method": "satorra_2000"}),
        UnsupportedError,
        "answers with holes",
    ),
    "exact": (
        lambda: (
            fits_of("groups_mlm").values(),
            {"method": "satorra_2000", "a_method": "exact"},
        ),
        UnsupportedError,
        "Take a_method='delta'",
    ),
    "unknown method": (
        lambda: ([hs(), hs(APART)], {"method": "satora_2000"}),
        UnsupportedError,
        "Did you mean 'satorra_2000'",
    ),
    "unknown restrictions": (
        lambda: ([hs(), hs(APART)], {"a_method": "exakt"}),
        UnsupportedError,
        "Did you mean 'exact'",
    ),
    "no flag": (
        lambda: ([hs(), hs(APART)], {"scaled_shifted": 1}),
        KocsemError,
        "scaled_shifted must be True or False",
    ),
}


@pytest.mark.parametrize(("given", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(given, error, message):
    fits, options = given()
    with pytest.raises(error, match=message):
        kocsem.compare(*fits, **options)
