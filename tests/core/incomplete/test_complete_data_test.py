"""The test without holes: complete data, lavaan, and a simulation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core import indices
from kocsem.core.incomplete.complete_data_test import complete_data_test, completion
from kocsem.core.incomplete.full_information import FullInformation
from kocsem.core.incomplete.sample import incomplete_sample
from kocsem.core.optimiser.optimise import AffineSpace
from kocsem.estimation.starts import start_values
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model
from missing_cases import FIML_CASES, fitted, lavaan, solved
from sem_cases import Problem
from tolerances import INDEX_RTOL, NONCENTRALITY_ATOL

# lavaan takes the moments of free covariates as known in part of its formula
CASES = [case for case in FIML_CASES if case != "fiml_free_covariates"]


def test_without_holes_it_is_the_ordinary_test():
    problem = Problem("means")
    sample = incomplete_sample(Y=problem.Y)
    model = FullInformation(structure=problem.structure, sample=sample)
    point = model.at(problem.draw())
    given = np.zeros(problem.Y.shape[1], dtype=bool)
    p, k = given.size, model.k
    found = complete_data_test(
        groups=(completion(problem=model, point=point, given=given),),
        K=np.eye(k),
        df=p * (p + 3) // 2 - k,
        robust=False,
    )
    assert_allclose(found.chisq, sample.n * point.discrepancy, rtol=1e-9)
    assert_allclose(found.scaling.factor, 1.0, rtol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_robust_indices_are_lavaans(case):
    done = solved(case)
    (model, df), (null, df_null) = done.complete_test(), done.complete_test(True)
    # statistics less what holes add to their means
    given = {
        "chisq": model.chisq - (model.scaling.factor - 1.0) * df,
        "df": df,
        "chisq_null": null.chisq - (null.scaling.factor - 1.0) * df_null,
        "df_null": df_null,
    }
    groups, p = len(done.models), done.fixed.size
    own = {"df": df, "n": done.n, "groups": groups}
    over = model.chisq - model.scaling.factor * df
    found = {
        "cfi.robust": indices.cfi(**given),
        "tli.robust": indices.tli(**given),
        "nnfi.robust": indices.tli(**given),
        "rni.robust": indices.rni(**given),
        "rmsea.robust": indices.rmsea(chisq=given["chisq"], **own),
        "gfi.robust": indices.gfi(noncentrality=over, n=done.n, p=p),
    }
    for name, value in found.items():
        assert_allclose(value, done.measures[name], rtol=INDEX_RTOL, err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_intervals_of_robust_indices_are_lavaans(case):
    done = solved(case)
    model, df = done.complete_test()
    scaled, root = model.scaling.scaled(model.chisq), np.sqrt(model.scaling.factor)
    groups, n, p = len(done.models), done.n, done.fixed.size
    interval = indices.rmsea_interval(
        chisq=scaled, df=df, n=n, level=0.9, groups=groups
    )
    ncp = indices.noncentrality_interval(chisq=scaled, df=df, n=n, level=0.9)
    own = {"chisq": scaled, "df": df, "n": n, "groups": groups}
    c = model.scaling.factor
    found = {
        "rmsea.ci.lower.robust": interval.lower * root,
        "rmsea.ci.upper.robust": interval.upper * root,
        "rmsea.pvalue.robust": indices.rmsea_close(bound=0.05 / root, **own),
        "rmsea.notclose.pvalue.robust": indices.rmsea_not_close(
            bound=0.08 / root, **own
        ),
        "gfi.ci.lower.robust": indices.gfi(noncentrality=c * ncp.upper, n=n, p=p),
        "gfi.ci.upper.robust": indices.gfi(noncentrality=c * ncp.lower, n=n, p=p),
    }
    for name, value in found.items():
        wanted = done.measures[name]
        assert_allclose(value, wanted, atol=NONCENTRALITY_ATOL, err_msg=name)


@pytest.mark.parametrize("robust", [False, True])
def test_without_an_estimate_of_some_moment_there_is_no_test(robust):
    problem = Problem("means")
    Y = np.tile(problem.Y, (4, 1)) + np.random.default_rng(1).normal(size=(60, 5))
    Y[::2, 0] = Y[1::2, 1] = np.nan
    model = FullInformation(structure=problem.structure, sample=incomplete_sample(Y=Y))
    point, given = model.at(problem.draw()), np.zeros(5, dtype=bool)
    part = completion(problem=model, point=point, given=given)
    found = complete_data_test(
        groups=(part,), K=np.eye(model.k), df=20 - model.k, robust=robust
    )
    assert np.isnan(found.chisq)


def test_free_covariates_are_variables_like_others():
    # lavaan's own pieces put together by the letter of the paper, in full_information.R
    done = solved("fiml_free_covariates")
    part = completion(problem=done.models[0], point=done.points[0], given=done.fixed)
    for robust, name in ((False, "excess_normal"), (True, "excess_robust")):
        found = complete_data_test(groups=(part,), K=done.space.K, df=1, robust=robust)
        assert_allclose(found.scaling.factor, done.given[name], rtol=INDEX_RTOL)


def test_the_constant_is_the_mean_of_the_statistic():
    # a true model, holes by chance: the statistic averages c df
    given = lavaan("model")
    table = build_table(parse_model(given["model"]), TableOptions(meanstructure=True))
    layout = lay_out(table, {})
    rng = np.random.default_rng(8)
    root = np.linalg.cholesky(given["Sigma"])
    ratios = []
    for _ in range(40):
        Y = given["mu"] + rng.normal(size=(400, 9)) @ root.T
        Y[rng.random(Y.shape) < 0.2] = np.nan
        sample = incomplete_sample(Y=Y)
        model = FullInformation(structure=layout.structure, sample=sample)
        start = start_values(table, layout, sample.moments)
        found = fitted([model], start, AffineSpace(K=np.eye(30), offset=np.zeros(30)))
        part = completion(
            problem=model, point=found.point.parts[0], given=np.zeros(9, dtype=bool)
        )
        test = complete_data_test(groups=(part,), K=np.eye(30), df=24, robust=False)
        assert test.scaling.factor > 1.25
        ratios.append(test.scaling.scaled(test.chisq) / 24)
    # three standard errors of the mean of 40 chi-squares over their 24 df; without c it
    # would be more than five of them away
    assert abs(np.mean(ratios) - 1.0) < 3 * np.sqrt(2 / 24 / 40)
