"""Bounded fits against lavaan 0.7, through the public calls; see reference/bounds.R."""

import json

import pandas as pd
import pytest

import kocsem
from kocsem.errors import UnsupportedError
from reference.lavaan import HERE, key
from tolerances import INDEX_RTOL

GIVEN = json.loads((HERE / "bounds.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in GIVEN["cases"]}
HEYWOOD = pd.read_csv(HERE / "data" / "heywood.csv")
ROWS = {"all": HEYWOOD, "a": HEYWOOD[HEYWOOD["where"] == "a"]}


def fitted(case):
    """Fit the model of a case."""
    options = {k.replace(".", "_"): v for k, v in case["options"].items()}
    return kocsem.sem(case["model"], ROWS[case["rows"]], **options)


@pytest.mark.parametrize("name", CASES)
def test_estimates_within_bounds(name):
    case = CASES[name]
    fit = fitted(case)
    assert fit.converged
    measures = fit.fit_measures
    assert measures["chisq"] == pytest.approx(case["chisq"], rel=INDEX_RTOL)
    assert measures["df"] == case["df"]
    ours = {key(row): row for row in fit.parameters.to_dict("records")}
    for row in case["parameters"]:
        assert ours[key(row)]["est"] == pytest.approx(row["est"], abs=2e-5)


# lavaan takes an estimate at its bound as known where parameters are equal, and only
# there; kocsem nowhere
TIED = {"labels", "groups_loadings", "groups_strict", "groups_std_lv"}


@pytest.mark.parametrize("name", sorted(CASES.keys() - TIED))
def test_standard_errors_within_bounds(name):
    case = CASES[name]
    ours = {key(row): row for row in fitted(case).parameters.to_dict("records")}
    for row in case["parameters"]:
        if row["lhs"] == row["rhs"] == "z" and case["options"]["fixed_x"]:
            continue  # of the sample
        assert ours[key(row)]["se"] == pytest.approx(row["se"], rel=2e-5)


def test_bounds_that_leave_no_optimum_are_a_finding():
    # two factors end at variance zero, and their loadings on the third run away
    second_order = CASES["second_order"]["model"]
    fit = kocsem.sem(second_order, ROWS["a"], bounds="standard", std_lv=True)
    assert not fit.converged
    assert "not-converged" in [finding.code for finding in fit.findings]


def test_an_estimate_at_its_bound_is_a_finding():
    fit = fitted(CASES["standard"])
    found = [f for f in fit.findings if f.code == "estimate-at-bound"]
    assert "x1~~x1" in [f.subject for f in found]
    assert fitted(CASES["none"]).solution.bounds is None


@pytest.mark.parametrize(
    ("model", "options", "words"),
    [
        ("f =~ x1 + x2 + x3 + x4", {"bounds": "wild"}, "'standard'"),
        (
            "f =~ x1 + a*x2 + b*x3 + x4\na == 2*b",
            {"bounds": "standard"},
            "other == constraints",
        ),
    ],
)
def test_what_is_not_offered(model, options, words):
    with pytest.raises(UnsupportedError, match=words):
        kocsem.sem(model, HEYWOOD, **options)
