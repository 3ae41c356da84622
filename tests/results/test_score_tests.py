"""Score tests of equality constraints against lavaan's lavTestScore()."""

import dataclasses
import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import kocsem
from kocsem.errors import EstimationError, KocsemError, UnsupportedError
from reference.lavaan import HERE
from sem_cases import HS, PD, by_parameter, democracy, holzinger
from tolerances import MODIFICATION_ATOL, MODIFICATION_RTOL, ROBUST_ATOL, ROBUST_RTOL

CASES = sorted(path.stem.removeprefix("score_") for path in HERE.glob("score_*.json"))
# Releasing every constraint leaves factor means, or scales, without a value. lavaan
# counts the constraints all the same, inverts a singular information, and takes the
# curvature along directions without information for information.
NOT_IDENTIFIED = {"partial": 10, "scalar": 12, "scalar_mlr": 12, "ordered": 22}
ROBUST = {
    "score": "score",
    "score.scaled": "score_scaled",
    "score.adjusted": "score_adjusted",
    "score.robust": "score_robust",
}


@cache
def reference(name):
    """Return what lavaan reported for a case."""
    return json.loads((HERE / f"score_{name}.json").read_text(encoding="utf-8"))


@cache
def fitted(name):
    """Fit the model of a case."""
    given = reference(name)
    data = pd.read_csv(HERE / "data" / given["data"])
    options = dict(given["fit"])
    return getattr(kocsem, options.pop("fun"))(options.pop("model"), data, **options)


@cache
def outcome(name, number):
    """Return lavaan's tests of a call, and ours."""
    found = reference(name)["tests"][number]
    release = found["release"] or None
    ours = fitted(name).score_tests(release, found["information"], epc=True)
    return found, ours


def cases(identified):
    """List the calls whose released parameters are identified together, or are not."""
    return [
        (name, number)
        for name in CASES
        for number, found in enumerate(reference(name)["tests"])
        if identified == bool(found["release"] or name not in NOT_IDENTIFIED)
    ]


def close(ours, expected):
    expected = [np.nan if value is None else value for value in expected]
    assert_allclose(ours, expected, rtol=ROBUST_RTOL, atol=ROBUST_ATOL)


@pytest.mark.parametrize(("name", "number"), cases(identified=True))
def test_total(name, number):
    found, ours = outcome(name, number)
    assert list(ours.total["test"]) == [ROBUST[row["test"]] for row in found["test"]]
    for column, theirs in (("chisq", "X2"), ("df", "df"), ("pvalue", "p.value")):
        close(ours.total[column], [row[theirs] for row in found["test"]])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("number", range(3))
def test_univariate(name, number):
    found, ours = outcome(name, number)
    columns = {"chisq": "X2", "df": "df", "pvalue": "p.value"}
    if "X2.scaled" in found["uni"][0]:
        columns |= {"chisq_scaled": "X2.scaled", "pvalue_scaled": "p.value.scaled"}
    assert set(columns) == set(ours.univariate.columns[7:])
    for column, theirs in columns.items():
        close(ours.univariate[column], [row[theirs] for row in found["uni"]])


@pytest.mark.parametrize("column", ["est", "epc", "epv", "sepc.lv", "sepc.all"])
@pytest.mark.parametrize(("name", "number"), cases(identified=True))
def test_expected_changes(name, number, column):
    found, ours = outcome(name, number)
    theirs, frame = pd.DataFrame(found["epc"]), ours.epc
    assert (theirs[["lhs", "op"]] == frame[["lhs", "op"]]).all(axis=None)
    if column.startswith("sepc"):
        # for a variance or a scale lavaan standardises the value that is
        kept = ~((theirs["lhs"] == theirs["rhs"]) | (theirs["op"] == "~*~"))
        theirs, frame = theirs[kept], frame[kept]
    assert_allclose(
        frame[column.replace(".", "_")],
        theirs[column],
        rtol=MODIFICATION_RTOL,
        atol=MODIFICATION_ATOL,
    )


@pytest.mark.parametrize(("name", "df"), NOT_IDENTIFIED.items())
def test_total_counts_what_is_identified(name, df):
    """As many as the degrees of freedom that the wider model has fewer."""
    found, ours = outcome(name, 0)
    assert len(found["uni"]) > df
    assert ours.total.loc[0, "df"] == df
    # the statistic does not depend on the inverse that is chosen
    close(ours.total.loc[:0, "chisq"], [found["test"][0]["X2"]])
    options = {**found_options(name), "group_equal": []}
    wider = kocsem.cfa(fitted(name).table.text, fitted_data(name), **options)
    assert fitted(name).solution.df - wider.solution.df == df


def found_options(name):
    options = dict(reference(name)["fit"])
    return {k: v for k, v in options.items() if k not in ("fun", "model")} | {
        "group_partial": []
    }


def fitted_data(name):
    return pd.read_csv(HERE / "data" / reference(name)["data"])


@pytest.mark.parametrize("name", ["partial", "scalar"])
def test_changes_are_given_where_they_are_identified(name):
    found, ours = outcome(name, 0)
    missing = ours.epc["epc"].isna()
    # intercepts and factor means of the later group trade places
    assert set(ours.epc.loc[missing, "op"]) == {"~1"}
    assert set(ours.epc.loc[missing, "group"]) == {2}
    assert missing.sum() == 12
    theirs = pd.DataFrame(found["epc"])["epc"]
    assert_allclose(
        ours.epc.loc[~missing, "epc"],
        theirs[~missing],
        rtol=MODIFICATION_RTOL,
        atol=MODIFICATION_ATOL,
    )


# ---------------------------------------------------------------- against other numbers


@pytest.mark.parametrize(
    "given", [{}, {"group": "school", "group_equal": ["loadings", "intercepts"]}]
)
def test_releasing_a_zero_is_a_modification_index(given):
    several = "c(p, p2)" if given else "p"
    lines = "p == 0\np2 == 0" if given else "p == 0"
    tied = kocsem.cfa(f"{HS}\nx7 ~~ {several}*x8\n{lines}", holzinger(), **given)
    plain = kocsem.cfa(HS, holzinger(), **given).modification_indices()
    plain = plain.query("lhs == 'x7' and op == '~~' and rhs == 'x8'")
    found = tied.score_tests("p == 0", epc=True)
    first = plain.query("group == 1").iloc[0]
    assert found.univariate.loc[0, "chisq"] == pytest.approx(first["mi"], rel=1e-6)
    epc = found.epc.query("label == 'p'").iloc[0]
    for column in ("epc", "sepc_lv", "sepc_all"):
        assert epc[column] == pytest.approx(first[column], rel=1e-5)


def test_near_the_free_optimum_it_is_the_likelihood_ratio():
    free = kocsem.cfa(HS, holzinger())
    loading = by_parameter(free.parameters, "est")["visual", "=~", "x2"]
    away = []
    for step in (0.02, 0.01):
        text = f"{HS}\na == {loading + step}".replace("x1 + x2", "x1 + a*x2")
        tied = kocsem.cfa(text, holzinger())
        found = tied.score_tests(information="observed", epc=True)
        fall = tied.solution.chisq - free.solution.chisq
        change = found.epc.query("label == 'a'")["epc"].item()
        away.append([found.total.loc[0, "chisq"] / fall - 1, change / -step - 1])
    # what remains is of third order, and halves with the step
    assert np.abs(away[0]).max() < 0.1
    assert_allclose(np.divide(*away), 2, rtol=0.1)


def test_robust_versions_go_with_the_standard_errors():
    """With se and test of different kinds the meat is that of the standard errors."""
    text = HS.replace("x2 + x3", "a*x2 + a*x3")
    plain, mlr, mlm, casewise, moments = (
        kocsem.cfa(text, holzinger(), **options).score_tests().total["chisq"]
        for options in (
            {},
            {"estimator": "MLR"},
            {"estimator": "MLM"},
            {"se": "robust_huber_white", "test": "satorra_bentler"},
            {"test": "satorra_bentler"},
        )
    )
    assert plain.size == 1
    assert_allclose(casewise, mlr, rtol=1e-9)
    assert_allclose(moments, mlm, rtol=1e-9)
    assert abs(mlm[1] / mlr[1] - 1) > 1e-3


@pytest.mark.parametrize("information", ["expected", "observed"])
def test_the_scale_of_the_items_plays_no_part(information):
    data, other = holzinger(), holzinger()
    for i in range(1, 10):
        other[f"x{i}"] = other[f"x{i}"] * 10.0 ** (2 * (i % 4) - 3)
    first, second = (
        kocsem.cfa(
            HS,
            frame,
            group="school",
            group_equal=("loadings", "intercepts"),
            estimator="MLR",
        ).score_tests(information=information, epc=True)
        for frame in (data, other)
    )
    columns = ["chisq", "df", "chisq_scaled"]
    assert_allclose(second.univariate[columns], first.univariate[columns], rtol=1e-5)
    assert second.total.loc[0, "df"] == 12
    assert (second.epc["epc"].isna() == first.epc["epc"].isna()).all()
    if information == "expected":
        assert_allclose(second.total["chisq"], first.total["chisq"], rtol=1e-5)


# ---------------------------------------------------------------- the frames


def test_rows_name_what_is_tied():
    fit = kocsem.cfa(HS, holzinger(), group="school", group_equal=["loadings"])
    frame = fit.score_tests().univariate
    first = frame.iloc[0].to_dict()
    assert {k: first[k] for k in ("number", "lhs", "op", "rhs", "group", "df")} == {
        "number": 1,
        "lhs": "visual",
        "op": "=~",
        "rhs": "x2",
        "group": 2,
        "df": 1,
    }
    assert first["tied_to"] == "visual=~x2 in group 1"
    assert first["label"] == fit.parameters.loc[1, "label"]


def test_lines_stand_as_they_are():
    frame = fitted("lines").score_tests().univariate
    assert list(frame["lhs"]) == ["k2", "k3", "p", "f1"]
    assert list(frame["op"]) == ["==", "==", "==", "=~"]
    assert list(frame["rhs"]) == ["m2", "2*k4", "0.5", "a3"]
    assert list(frame["group"]) == [0, 0, 0, 1]
    assert list(frame["tied_to"]) == ["", "", "", "f1=~a2"]


RELEASES = {
    "a number": (2, [2]),
    "numbers": ([4, 1], [1, 4]),
    "a label": ("l", [4]),
    "a parameter": ("f1 =~ a3", [4]),
    "the parameter it is tied to": ("f1=~a2", [4]),
    "a line": ("k3 == 2 * k4", [2]),
    "a mixture": (["l", 1, "p==0.5"], [1, 3, 4]),
    "all": (None, [1, 2, 3, 4]),
}


@pytest.mark.parametrize(("release", "numbers"), RELEASES.values(), ids=RELEASES)
def test_release(release, numbers):
    found = fitted("lines").score_tests(release)
    assert list(found.univariate["number"]) == numbers
    assert found.total.loc[0, "df"] == len(numbers)
    assert found.epc is None


def test_a_label_in_every_group_is_released_as_a_whole():
    text = HS.replace("x2", "c(a, a)*x2").replace("x3", "c(a, a)*x3")
    fit = kocsem.cfa(text, holzinger(), group="school")
    frame = fit.score_tests("a").univariate
    assert list(frame["group"]) == [1, 2, 2]
    assert set(frame["tied_to"]) == {"visual=~x2 in group 1"}


def stopped():
    fit = kocsem.cfa(HS.replace("x2 + x3", "a*x2 + a*x3"), holzinger())
    optimum = dataclasses.replace(fit.solution.optimum, converged=False)
    return dataclasses.replace(
        fit, solution=dataclasses.replace(fit.solution, optimum=optimum)
    )


REFUSED = {
    "no constraints": (
        lambda: kocsem.sem(PD, democracy()).score_tests(),
        KocsemError,
        "no equality constraints to release",
    ),
    "not converged": (
        lambda: stopped().score_tests(),
        EstimationError,
        "did not converge",
    ),
    "a number too high": (
        lambda: fitted("lines").score_tests(5),
        KocsemError,
        "release names 5, .* from 1 to 4",
    ),
    "number 0": (
        lambda: fitted("lines").score_tests([0]),
        KocsemError,
        "release names 0",
    ),
    "a flag": (
        lambda: fitted("lines").score_tests(True),
        KocsemError,
        "release names True",
    ),
    "an unknown name": (
        lambda: fitted("lines").score_tests("f1 =~ a4"),
        KocsemError,
        "release names 'f1 =~ a4'",
    ),
    "nothing": (lambda: fitted("lines").score_tests([]), KocsemError, "is empty"),
    "information": (
        lambda: fitted("lines").score_tests(information="expect"),
        UnsupportedError,
        "Did you mean 'expected'",
    ),
}


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
