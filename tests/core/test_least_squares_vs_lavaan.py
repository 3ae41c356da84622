"""GLS, ULS, DWLS and WLS against lavaan: estimates, tests, baselines, indices."""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from kocsem.core.inference import complex_jacobian, delta_covariance
from kocsem.core.least_squares import residual_statistic
from kocsem.core.least_squares_evidence import mean_variance_adjusted
from kocsem.core.ordinal.categorical_ml import FittedGroup, categorical_ml
from kocsem.core.problem import Problem
from kocsem.core.scaling import (
    robust_covariance,
    satorra_bentler,
    scaled_shifted,
)
from kocsem.core.structure import Matrix, fill, implied_moments
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model
from least_squares_cases import (
    REFERENCE,
    baseline,
    continuous_group,
    fit,
    fitted,
    ordinal_group,
    read,
)

# lavaan stops at a gradient of 1e-7 or so, and 2e-5 in a mixed model; statistics are
# second order in what is left, estimates and standard errors first order.
STATISTIC_RTOL = 1e-6
ESTIMATE_ATOL = 2e-5
SE_RTOL = 2e-5
JACOBIAN_ATOL = 2e-9  # lavaan's is numDeriv's, by Richardson's extrapolation
HESSIAN_RTOL = 1e-5  # of its largest element, by the same

CONTINUOUS = (
    "gls",
    "gls_means",
    "gls_covariates",
    "uls_means",
    "uls_covariates",
    "ulsmv",
    "dwls",
    "wls",
)
ONE_FOLD = ("wlsm", "wlsmvs", "wls_ordered", "uls_ordered", "groups", "pairwise")
TWO_FOLD = ("outcomes", "groups_outcomes", "mixed")  # see least_squares.R
CASES = (*CONTINUOUS, *ONE_FOLD, "weights", *TWO_FOLD)


def reported(tests, name):
    """Return one test that lavaan reports."""
    return next((test for test in tests if test["test"] == name), None)


def compare_tests(found, tests, df, given):
    """Compare every test that lavaan reports with kocsem's."""
    chisq = reported(tests, "standard")["stat"]
    assert found.chisq == pytest.approx(chisq, rel=STATISTIC_RTOL)
    for test in tests:
        scaling = {
            "satorra.bentler": satorra_bentler,
            "scaled.shifted": scaled_shifted,
        }.get(test["test"])
        if scaling:
            own = scaling(found.inference, df=df)
            assert own.factor == pytest.approx(test["factor"], rel=STATISTIC_RTOL)
            assert own.scaled(found.chisq) == pytest.approx(
                test["stat"], rel=STATISTIC_RTOL
            )
            if test["shift"] is not None:
                assert own.shift == pytest.approx(test["shift"], rel=STATISTIC_RTOL)
        elif test["test"] == "mean.var.adjusted":
            own = mean_variance_adjusted(found.inference)
            assert own.factor == pytest.approx(test["factor"], rel=STATISTIC_RTOL)
            assert own.df == pytest.approx(test["df"], rel=STATISTIC_RTOL)
        elif test["test"] == "browne.residual.nt":
            assert browne(found) == pytest.approx(test["stat"], rel=2 * STATISTIC_RTOL)
        else:
            assert test["test"] == "standard", given["case"]


def browne(found):
    """Compute Browne's residual-based statistic of normal theory."""
    problem = Problem(
        tuple(group.normal for group in found.groups), found.problem.shares
    )
    return residual_statistic(
        problem=problem, x=found.x, K=found.inference.K, n=found.n
    )


def standard_errors(found, robust):
    """Return standard errors on lavaan's denominator, cases less groups."""
    inference = found.inference
    n = found.n - len(found.groups)
    vcov = robust_covariance(inference, n=n) if robust else inference.bread / n
    return np.sqrt(np.diag(vcov))


@pytest.mark.parametrize("name", CASES)
def test_the_model_is_tested_as_in_lavaan(name):
    given, found = read(name), fitted(name)
    assert found.optimum.converged
    assert found.optimum.iterations <= 12
    assert found.optimum.point.discrepancy / 2 == pytest.approx(
        given["fmin"], rel=STATISTIC_RTOL
    )
    compare_tests(found, given["tests"], given["df"], given)


@pytest.mark.parametrize("name", CASES)
def test_the_baseline_is_tested_as_in_lavaan(name):
    given = read(name)
    df = given["measures"]["baseline.df"]
    compare_tests(baseline(name), given["baseline"], df, given)


@pytest.mark.parametrize("name", CASES)
def test_estimates(name):
    expected = np.array(read(name)["x"])
    np.testing.assert_allclose(fitted(name).x, expected, rtol=0, atol=ESTIMATE_ATOL)


@pytest.mark.parametrize("name", [*CONTINUOUS, *ONE_FOLD, "weights"])
def test_standard_errors(name):
    given, found = read(name), fitted(name)
    robust = found.groups[0].Gamma is not None
    np.testing.assert_allclose(
        standard_errors(found, robust), given["se"], rtol=SE_RTOL
    )


@pytest.mark.parametrize("name", TWO_FOLD)
def test_derivatives_take_residual_variances_into_account(name):
    given, found = read(name), fitted(name)
    point = found.problem.at(np.array(given["x"]))
    end = 0
    for group, part, expected in zip(
        found.groups, point.parts, given["jacobian"], strict=True
    ):
        start, end = end, end + group.discrepancy.k
        own = group.discrepancy.moments.jacobian(part.implied)
        expected = np.array(expected)[:, start:end]
        np.testing.assert_allclose(own, expected, rtol=0, atol=JACOBIAN_ATOL)
    hessian = found.problem.derivatives(point).observed()
    expected = np.array(given["hessian"])
    np.testing.assert_allclose(
        hessian, expected, rtol=0, atol=HESSIAN_RTOL * np.abs(expected).max()
    )


def standardised(structure, x):
    """Standardise all free loadings and paths."""
    implied = implied_moments(matrices=fill(structure=structure, x=x))
    spread = np.sqrt(np.diag(implied.Phi))
    parts = []
    for which in (Matrix.LAMBDA, Matrix.BETA):
        at, row, col = structure.places[which]
        own = np.sqrt(np.diag(implied.Sigma)) if which is Matrix.LAMBDA else spread
        parts.append(x[at] * spread[col] / own[row])
    return np.concatenate(parts)


def test_standardised_paths_of_ordered_outcomes():
    given, found = read("outcomes"), fitted("outcomes")
    structure = found.groups[0].discrepancy.moments.structure
    expected = {
        (row["lhs"], row["op"], row["rhs"]): row for row in given["standardized"]
    }
    keys = [
        *(("A", "=~", f"a{i}") for i in (2, 3, 4)),
        *(("b1", "~", "A"), ("b2", "~", "b1"), ("b2", "~", "A")),
        *(("c1", "~", "b2"), ("c1", "~", "A")),
    ]
    x = found.x
    jacobian = complex_jacobian(function=lambda at: standardised(structure, at), x=x)
    vcov = robust_covariance(found.inference, n=found.n - 1)
    se = np.sqrt(np.diag(delta_covariance(jacobian=jacobian, vcov=vcov)))
    np.testing.assert_allclose(
        standardised(structure, x),
        [expected[key]["est.std"] for key in keys],
        atol=ESTIMATE_ATOL,
    )
    np.testing.assert_allclose(se, [expected[key]["se"] for key in keys], rtol=SE_RTOL)


def robust_parts(found):
    """Return what the robust indices of ordered items are made of."""
    groups = [
        FittedGroup(discrepancy=g.discrepancy, point=point, moments=g.moments)
        for g, point in zip(found.groups, found.optimum.point.parts, strict=True)
    ]
    return categorical_ml(groups=groups, inference=found.inference)


def compare_robust(found, measures):
    """Compare the robust CFI, TLI, RNI and RMSEA."""
    own = robust_parts(found)
    gap = own.chisq - own.factor * own.df
    gap_null = own.chisq_null - own.factor_null * own.df_null
    rmsea = np.sqrt(max(gap / found.n / own.df, 0) * len(found.groups))
    values = {
        "cfi.robust": 1 - max(gap, 0) / max(gap, gap_null),
        "tli.robust": 1 - (gap / own.df) / (gap_null / own.df_null),
        "rni.robust": 1 - gap / gap_null,
        "rmsea.robust": rmsea,
    }
    for name, value in values.items():
        assert value == pytest.approx(measures[name], rel=5e-6, abs=1e-9), name


@pytest.mark.parametrize("name", ["wlsm", "outcomes", "pairwise", "weights"])
def test_robust_indices(name):
    compare_robust(fitted(name), read(name)["measures"])


# --- the cases of tests/reference/cases.R, built from their model text

REFERENCE_CASES = (
    "hs_cfa_gls",
    "hs_cfa_uls",
    "ordered_cfa_wlsmv",
    "ordered_cfa_dwls",
    "ordered_cfa_ulsmv",
    "ordered_sem_wlsmv",
    "ordered_group_wlsmv",
)


@cache
def reference(name):
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


@cache
def built(name):
    """Fit a case, and its baseline; return the layout too."""
    given = reference(name)
    frame, options = pd.read_csv(REFERENCE / "data" / given["data"]), given["options"]
    statements, ordered = parse_model(given["model"]), "ordered" in options
    observed = build_table(statements, TableOptions()).variables.observed
    levels = tuple((item, int(frame[item].max())) for item in observed if ordered)
    layout = lay_out(build_table(statements, TableOptions(levels=levels)), {})
    rows = [frame]
    if "group" in options:
        by = frame[options["group"]]
        rows = [frame[by == label] for label in by.unique()]

    def prepared(null):
        for part in rows:
            Y = part[list(layout.observed)].to_numpy(dtype=float) - ordered
            own, estimator = layout.structure, options["estimator"]
            if ordered:
                yield ordinal_group(own, Y, estimator, baseline=null)
            else:
                none = np.zeros(Y.shape[1], dtype=bool)
                yield continuous_group(own, Y, estimator, none, baseline=null)

    groups, null = tuple(prepared(False)), tuple(prepared(True))
    start = [plain_start(group.discrepancy) for group in groups]
    k = sum(part.size for part in start)
    null_start = np.concatenate([group.start for group in null])
    return (
        layout,
        fit(groups, np.concatenate(start), np.eye(k)),
        fit(null, null_start, np.eye(null_start.size)),
    )


def plain_start(discrepancy):
    """Begin at loadings of 0.7, paths of 0, and half the variances."""
    moments = getattr(discrepancy, "moments", None)
    structure = getattr(discrepancy, "structure", None) or moments.structure
    which = structure.matrix
    x = np.where(which == Matrix.LAMBDA, 0.7, 0.0)
    x = np.where(structure.diagonal, 0.5, x)
    if structure.ordered is not None:
        at, row, _ = structure.places[Matrix.TAU]
        x[at] = discrepancy.sample[row]
    return x


@pytest.mark.parametrize("name", REFERENCE_CASES)
def test_reference_cases(name):
    given = reference(name)
    layout, found, null = built(name)
    measures = given["fit_measures"]
    assert found.optimum.converged
    own, own_null = found.chisq, null.chisq
    if name == "hs_cfa_uls":  # lavaan prints Browne's statistic of normal theory
        assert found.optimum.point.discrepancy / 2 == pytest.approx(measures["fmin"])
        own, own_null = browne(found), browne(null)
    assert own == pytest.approx(measures["chisq"], rel=STATISTIC_RTOL)
    assert own_null == pytest.approx(measures["baseline.chisq"], rel=STATISTIC_RTOL)
    for one, prefix in ((found, ""), (null, "baseline.")):
        if "chisq.scaled" in measures:
            scaling = scaled_shifted(one.inference, df=int(measures[f"{prefix}df"]))
            assert scaling.scaled(one.chisq) == pytest.approx(
                measures[f"{prefix}chisq.scaled"], rel=STATISTIC_RTOL
            )
            assert scaling.factor == pytest.approx(
                measures[f"{prefix}chisq.scaling.factor"], rel=STATISTIC_RTOL
            )
    if "cfi.robust" in measures:
        compare_robust(found, measures)
    se = standard_errors(found, robust=name != "hs_cfa_gls")
    rows = [row for row in given["parameters"] if row["op"] != "r2" and row["se"]]
    size = layout.structure.k
    for row in rows:
        shift = size * (row.get("group", 1) - 1)
        at = parameter(layout, row) + shift
        assert found.x[at] == pytest.approx(row["est"], abs=ESTIMATE_ATOL)
        assert se[at] == pytest.approx(row["se"], rel=SE_RTOL)
    assert len(rows) == size * len(found.groups) == given["npar"]


def parameter(layout, row):
    """Find the place of a parameter of lavaan's table in x."""
    structure, observed, factors = layout.structure, layout.observed, layout.factors
    lhs, op, rhs = row["lhs"], row["op"], row["rhs"]
    if op == "|":
        begin = 4 * observed.index(lhs)
        place = (Matrix.TAU, begin + int(rhs[1:]) - 1, 0)
    elif op == "=~":
        place = (Matrix.LAMBDA, observed.index(rhs), factors.index(lhs))
    elif op == "~":
        place = (Matrix.BETA, factors.index(lhs), factors.index(rhs))
    elif lhs in factors:
        place = (Matrix.PSI, *sorted((factors.index(lhs), factors.index(rhs))))
    else:
        place = (Matrix.THETA, *sorted((observed.index(lhs), observed.index(rhs))))
    which, first, second = place
    for at, (matrix, i, j) in enumerate(
        zip(structure.matrix, structure.row, structure.col, strict=True)
    ):
        if matrix == which and (
            (i, j) == (first, second) or (which in (2, 3) and (j, i) == (first, second))
        ):
            return at
    raise AssertionError(f"no place for {lhs} {op} {rhs}")
