"""Calls of sem() and cfa() that cannot be answered: which error, and what it says."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

import kocsem
from kocsem.core.optimiser.optimise import search
from kocsem.errors import (
    DataError,
    EstimationError,
    IdentificationError,
    KocsemError,
    ModelSyntaxError,
    UnsupportedError,
)
from kocsem.estimation import pipeline

ITEMS = [f"x{i}" for i in range(1, 9)]
MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7 + x8"


def draw(n=200):
    rng = np.random.default_rng(0)
    f = rng.normal(size=(n, 1))
    g = 0.5 * f + rng.normal(size=(n, 1))
    noise = rng.normal(size=(n, 8))
    return pd.DataFrame(np.hstack([f + noise[:, :4], g + noise[:, 4:]]), columns=ITEMS)


DATA = draw()
COV = DATA.cov()


def refused(error, words, *call, **options):
    """Make a call, and check the class and the content of its error."""
    with pytest.raises(KocsemError) as caught:
        kocsem.sem(*call, **options)
    assert type(caught.value) is error, repr(caught.value)
    for word in words:
        assert word in str(caught.value)


# ---------------------------------------------------------------- data

BAD_DATA = {
    "a misspelt column": (
        DATA.rename(columns={"x7": "X7_"}),
        ["no column for x7 (nearest column: X7_)"],
    ),
    "text": (
        DATA.assign(x2=["agree", *DATA["x2"][1:]]),
        ["Column x2 holds text: 'agree' at row 0 (1 such)"],
    ),
    "constant": (DATA.assign(x2=4), ["Constant: x2"]),
    "identical": (DATA.assign(x2=DATA["x5"]), ["x2 and x5 hold identical answers"]),
    "as many rows as items": (DATA[:8], ["8 complete rows", "8 variables"]),
    "too few after listwise deletion": (
        DATA.assign(x1=DATA["x1"].where(DATA.index < 5)),
        ["5 complete rows"],
    ),
    "a sum score": (
        DATA.assign(x8=DATA["x1"] + DATA["x2"] - DATA["x3"]),
        ["not positive definite", "x8", "x1", "x2", "x3"],
    ),
    "infinite": (DATA.assign(x3=DATA["x3"].where(DATA.index != 9, np.inf)), ["x3"]),
    "a column twice": (
        pd.concat([DATA, DATA[["x4"]]], axis=1),
        ["more than one column named x4"],
    ),
    "dates": (
        DATA.assign(x1=pd.date_range("2025-01-01", periods=200)),
        ["x1 (datetime64"],
    ),
    "an array": (DATA.to_numpy(), ["pandas DataFrame, not ndarray"]),
    "a dictionary": (DATA.to_dict("list"), ["pandas DataFrame, not dict"]),
    "a path": ("answers.csv", ["pandas DataFrame, not str"]),
    "no columns": (pd.DataFrame(index=range(200)), ["no column for x1"]),
}


@pytest.mark.parametrize(("data", "words"), BAD_DATA.values(), ids=BAD_DATA)
def test_data(data, words):
    refused(DataError, words, MODEL, data)


def altered(row, col, value):
    matrix = COV.copy()
    matrix.loc[row, col] = value
    return matrix


BAD_MATRICES = {
    "asymmetric": (altered("x1", "x2", 9.0), 200, ["not symmetric: x1, x2 is 9 above"]),
    "with a hole": (altered("x3", "x2", np.nan), 200, ["no number at x3, x2"]),
    "not positive definite": (
        pd.DataFrame(2 * np.ones((8, 8)) - np.eye(8), index=ITEMS, columns=ITEMS),
        200,
        ["not positive definite"],
    ),
    "without labels": (COV.to_numpy(), 200, ["pandas DataFrame with the item names"]),
    "with numbers as labels": (pd.DataFrame(COV.to_numpy()), 200, ["no column for x1"]),
    "labels twice": (pd.concat([COV, COV]), 200, ["names an item twice"]),
    "an item missing": (COV.drop(index="x8"), 200, ["index of the covariance", "x8"]),
    "without a number of cases": (COV, None, ["needs sample_nobs="]),
    "as many cases as items": (COV, 8, ["sample_nobs=8 is too small for 8"]),
    "one case": (COV, 1, ["sample_nobs must be a whole number above 1, not 1"]),
    "cases as a flag": (COV, True, ["sample_nobs must be", "not True"]),
    "half a case": (COV, 200.5, ["sample_nobs must be", "not 200.5"]),
}


@pytest.mark.parametrize(
    ("matrix", "nobs", "words"), BAD_MATRICES.values(), ids=BAD_MATRICES
)
def test_printed_matrices(matrix, nobs, words):
    refused(DataError, words, MODEL, sample_cov=matrix, sample_nobs=nobs)


PRINTED = {"sample_cov": COV, "sample_nobs": 200}
SOURCES = {
    "both": ((MODEL, DATA), PRINTED, ["either data= or sample_cov="]),
    "neither": ((MODEL,), {}, ["either data= or sample_cov="]),
    "only a number of cases": ((MODEL,), {"sample_nobs": 200}, ["either data="]),
    "data and a number of cases": (
        (MODEL, DATA),
        {"sample_nobs": 200},
        ["sample_nobs= and sample_mean= belong to sample_cov="],
    ),
    "data and means": ((MODEL, DATA), {"sample_mean": DATA.mean()}, ["belong to"]),
    "intercepts without means": (
        (f"{MODEL}\nx1 ~ 1",),
        PRINTED,
        ["mean structure", "give sample_mean="],
    ),
    "a mean structure without means": (
        (MODEL,),
        PRINTED | {"meanstructure": True},
        ["give sample_mean="],
    ),
    "a mean missing": (
        (MODEL,),
        PRINTED | {"sample_mean": DATA.mean().drop("x5")},
        ["list of means", "x5"],
    ),
    "a mean that is no number": (
        (MODEL,),
        PRINTED | {"sample_mean": DATA.mean().where(lambda m: m.index != "x5")},
        ["list of means has no number for x5"],
    ),
}


@pytest.mark.parametrize(("call", "options", "words"), SOURCES.values(), ids=SOURCES)
def test_sources(call, options, words):
    refused(DataError, words, *call, **options)


# ---------------------------------------------------------------- identification

TOO_MANY = {
    "one factor, two items": ("f =~ x1 + x2", {}, ["4 free", "3 sample", "df = -1"]),
    "one factor, one free item": ("f =~ NA*x1\nx1 ~~ x1", {}, ["3 free", "1 sample"]),
    "the same with std_lv": ("f =~ x1 + x2", {"std_lv": True}, ["df = -1"]),
    "a saturated model and more": (
        "f =~ x1 + x2 + x3\nx1 ~~ x2",
        {},
        ["7 free", "6 sample", "df = -1"],
    ),
    "means": ("f =~ x1 + x2 + x3\nf ~ 1", {}, ["10 free", "9 sample", "df = -1"]),
    "a loop": ("x1 ~ x2\nx2 ~ x1", {}, ["4 free", "3 sample"]),
    "an instrument short": ("x1 ~ x2\nx2 ~ x1\nx1 ~~ x2", {}, ["df = -2"]),
}


@pytest.mark.parametrize(("text", "options", "words"), TOO_MANY.values(), ids=TOO_MANY)
def test_more_parameters_than_moments(text, options, words):
    words = ["not identified", *words]
    refused(IdentificationError, words, text, DATA, **options)


ALL = " + ".join(ITEMS)
UNDETERMINED = {
    "no scale": ("f =~ NA*x1 + x2 + x3 + x4", ["f~~f"]),
    "two factors that rotate": (
        f"f =~ NA*{ALL}\ng =~ NA*{ALL}\nf ~~ 1*f\ng ~~ 1*g\nf ~~ 0*g",
        ["=~"],
    ),
    "two factors that rotate and covary": (
        f"f =~ NA*{ALL}\ng =~ NA*{ALL}\nf ~~ 1*f\ng ~~ 1*g",
        ["=~"],
    ),
    "two factors with all loadings": (
        f"f =~ {ALL}\ng =~ x5 + x6 + x7 + x8 + x1 + x2 + x3 + x4",
        ["~"],
    ),
    "a second-order factor over two": (f"{MODEL}\ntop =~ f + g", ["top"]),
    "a factor mean and all intercepts": (f"{MODEL}\nf ~ 1", ["f~1"]),
    "a residual of a single item": (
        "f =~ x1 + x2 + x3 + x4\ns =~ x5\nx5 ~~ x5",
        ["s~~s", "x5~~x5"],
    ),
    "one effect said twice": (
        "f =~ x1 + x2 + x3 + x4\ng =~ NA*x5\nx5 ~ f\ng ~ f\ng ~~ 1*g\nx5 ~~ 0*x5",
        ["f"],
    ),
}


@pytest.mark.parametrize(("text", "words"), UNDETERMINED.values(), ids=UNDETERMINED)
def test_parameters_that_the_data_cannot_tell_apart(text, words):
    words = ["not identified: the data cannot tell these parameters apart", *words]
    refused(IdentificationError, words, text, DATA)


def test_a_constraint_may_identify_what_was_not():
    fit = kocsem.sem("f =~ a*x1 + a*x2", DATA, std_lv=True)
    assert fit.fit_measures["df"] == 0
    assert fit.converged


# ---------------------------------------------------------------- constraints, labels

FOUR = "f =~ x1 + a*x2 + b*x3 + x4\n"
CONSTRAINTS = {
    "contradiction": (IdentificationError, "a == 1\na == 2", ["contradict each other"]),
    "contradiction in a ring": (
        IdentificationError,
        "a == b\nb == a + 1",
        ["contradict each other"],
    ),
    "a product": (UnsupportedError, "a*b == 1", ["line 2, column 1", "linear", "^"]),
    "a square": (UnsupportedError, "a^2 == b", ["line 2, column 1", "linear", "^"]),
    "an unknown label": (ModelSyntaxError, "a == c", ["'c' is not a label", "line 2"]),
    "a variable for a label": (ModelSyntaxError, "a == x3", ["'x3' is not a label"]),
    "an unknown name": (ModelSyntaxError, "p := a*c", ["'c' is neither", "line 2"]),
    "its own definition": (ModelSyntaxError, "p := p + a", ["'p' depends on itself"]),
    "a ring of definitions": (
        ModelSyntaxError,
        "p := q + a\nq := 2*p",
        ["depends on itself", "line 2, column 1", "^"],
    ),
    "an inequality": (UnsupportedError, "a > 0", ["Inequality"]),
}


@pytest.mark.parametrize(
    ("error", "text", "words"), CONSTRAINTS.values(), ids=CONSTRAINTS
)
def test_constraints(error, text, words):
    refused(error, words, FOUR + text, DATA)


TEXTS = {
    "its own indicator": (
        ModelSyntaxError,
        "f =~ x1 + g\ng =~ x2 + f",
        ["latent variable f cannot be its own indicator", "line 2, column 11", "^"],
    ),
    "a start value for the marker": (
        ModelSyntaxError,
        "f =~ start(0.9)*x1 + x2 + x3",
        ["x1 is the marker of f", "NA*", "^"],
    ),
    "values for two groups": (
        UnsupportedError,
        "f =~ x1 + c(a, b)*x2 + x3",
        ["one value per group", "one group", "^"],
    ),
    "no model": (ModelSyntaxError, "  # nothing\n", ["no statement"]),
    "only a constraint": (ModelSyntaxError, "a == b", ["no terms"]),
    "no text": (ModelSyntaxError, None, ["not a NoneType"]),
    "a list": (ModelSyntaxError, ["f =~ x1"], ["not a list"]),
}


@pytest.mark.parametrize(("error", "text", "words"), TEXTS.values(), ids=TEXTS)
def test_texts(error, text, words):
    refused(error, words, text, DATA)


IMPOSSIBLE = {
    "a negative fixed variance": f"{MODEL}\nx1 ~~ -50*x1",
    "a fixed correlation beyond one": "x1 ~~ 1*x1\nx2 ~~ 1*x2\nx1 ~~ 2*x2",
    "no variance at all": "x1 ~~ 0*x1\nx2 ~~ x2",
}


@pytest.mark.parametrize("text", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_fixed_values_that_no_covariance_matrix_has(text):
    words = ["not positive definite at the start", "fixed values and start()"]
    refused(EstimationError, words, text, DATA)


# ---------------------------------------------------------------- the optimiser


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_an_optimiser_that_stops_early_is_a_finding(limit, monkeypatch):
    monkeypatch.setattr(pipeline, "search", partial(search, max_iterations=limit))
    fit = kocsem.sem(MODEL, DATA)
    assert not fit.converged
    (finding,) = fit.findings
    assert (finding.code, finding.severity) == ("not-converged", "error")
    assert f"stopped after {limit} steps" in finding.message
    assert "no number of this fit may be used" in finding.message


# ---------------------------------------------------------------- options

NOT_OFFERED = {
    "bootstrap": 1000,
    "estimator": "BAYES",
    "missing": "two_stage",
    "se": "wild",
    "test": "wild",
    "engine": "lavaan",
}


@pytest.mark.parametrize(("name", "value"), NOT_OFFERED.items())
def test_what_is_not_offered(name, value):
    refused(
        UnsupportedError, [f"{name}={value!r}", "offered"], MODEL, DATA, **{name: value}
    )


NEAR = {
    "estimator": ("MLE", "ML"),
    "engine": ("semopi", "semopy"),
    "missing": ("listwise deletion", "listwise"),
}


@pytest.mark.parametrize(("name", "value", "near"), [(k, *v) for k, v in NEAR.items()])
def test_the_nearest_choice_is_named(name, value, near):
    words = [f"Did you mean {near!r}?"]
    refused(UnsupportedError, words, MODEL, DATA, **{name: value})


@pytest.mark.parametrize("value", ["yes", "TRUE", 1, 0, [], np.True_])
@pytest.mark.parametrize("name", ["std_lv", "meanstructure", "fixed_x"])
def test_flags_are_true_or_false(name, value):
    words = [f"{name} must be True or False, not {value!r}"]
    refused(KocsemError, words, MODEL, DATA, **{name: value})


def test_an_unknown_argument_is_pythons_error():
    with pytest.raises(TypeError, match="estimater"):
        kocsem.cfa(MODEL, DATA, estimater="ML")


@pytest.mark.parametrize("call", [kocsem.sem, kocsem.cfa])
def test_both_calls_refuse_alike(call):
    with pytest.raises(DataError, match="no column for z1"):
        call("f =~ z1 + x2 + x3", DATA)
