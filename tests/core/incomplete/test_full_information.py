"""Full-information ML against complete data, differences and lavaan."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.core.incomplete.full_information import (
    FullInformation,
    full_information_evidence,
)
from kocsem.core.incomplete.sample import incomplete_sample
from kocsem.core.independence import independence_estimates, independence_structure
from kocsem.core.indices import residual_indices
from kocsem.core.maximum_likelihood import saturated_loglik
from kocsem.core.moments import SampleMoments, sample_moments
from kocsem.core.normal_theory import NormalTheory
from kocsem.core.problem import Point
from kocsem.core.robust import Cases, normal_evidence
from kocsem.core.scaling import huber_white_covariance, yuan_bentler_mplus
from missing_cases import FIML_CASES, lavaan_column, solved
from sem_cases import Problem, central_differences
from tolerances import (
    DERIVATIVE_RTOL,
    ESTIMATE_ATOL,
    INDEX_RTOL,
    ROBUST_ATOL,
    ROBUST_RTOL,
)

WITH_MEANS = ("means", "latent means", "path means", "random covariates")
ROBUST_CASES = [case for case in FIML_CASES if solved(case).robust]


def two(name, share=0.0, seed=0):
    """Return a problem, and the model with its data, or with more that have holes."""
    problem = Problem(name, seed)
    Y = problem.Y
    if share:
        rng = np.random.default_rng(seed)
        root = np.linalg.cholesky(problem.moments.S)
        Y = problem.moments.ybar + rng.normal(size=(120, len(root))) @ root.T
        Y[rng.random(Y.shape) < share] = np.nan
    sample = incomplete_sample(Y=Y)
    return problem, FullInformation(structure=problem.structure, sample=sample)


@pytest.mark.parametrize("name", WITH_MEANS)
def test_without_holes_it_is_normal_theory(name):
    problem, model = two(name)
    normal = NormalTheory(structure=problem.structure, moments=problem.moments)
    x = problem.draw()
    ours, theirs = model.at(x), normal.at(x)
    assert model.k == normal.k
    assert_allclose(ours.discrepancy, theirs.discrepancy, rtol=1e-11)
    assert_allclose(ours.W, theirs.W, rtol=1e-9, atol=1e-12)
    own, other = model.derivatives(ours), normal.derivatives(theirs)
    assert_allclose(own.gradient, other.gradient, rtol=1e-9, atol=1e-10)
    assert_allclose(own.observed(), other.observed(), rtol=1e-9, atol=1e-9)
    assert_allclose(own.expected(), other.expected(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["means", "latent means"])
def test_without_holes_the_evidence_is_that_of_complete_data(name):
    problem, model = two(name)
    given = np.zeros(problem.Y.shape[1], dtype=bool)
    x = problem.draw()
    ours = full_information_evidence(problem=model, point=model.at(x), given=given)
    theirs = normal_evidence(
        structure=problem.structure,
        point=problem.at(x),
        moments=sample_moments(Y=problem.Y),
        cases=Cases(Y=problem.Y, weights=None, clusters=None, given=given),
        moment_based=False,
    )
    assert ours.n == theirs.n
    assert ours.count == theirs.count
    assert_allclose(ours.observed, theirs.observed, rtol=1e-9, atol=1e-9)
    assert_allclose(ours.meat, theirs.meat, rtol=1e-9, atol=1e-9)
    assert_allclose(ours.saturated_trace, theirs.saturated_trace, rtol=1e-9)


@pytest.mark.parametrize("name", WITH_MEANS)
def test_derivatives_against_differences(name):
    problem, model = two(name, 0.2, 1)
    x = problem.draw()
    found = model.derivatives(model.at(x))
    slope = central_differences(lambda y: model.at(y).discrepancy / 2, x)
    assert_allclose(found.gradient, slope, rtol=DERIVATIVE_RTOL, atol=1e-7)
    bent = central_differences(lambda y: model.derivatives(model.at(y)).gradient, x)
    assert_allclose(found.observed(), bent, rtol=DERIVATIVE_RTOL, atol=1e-6)


def test_expected_information_is_positive_semidefinite():
    problem, model = two("means", 0.3, 2)
    for _ in range(5):
        found = model.derivatives(model.at(problem.draw())).expected()
        assert np.linalg.eigvalsh(found).min() > -1e-10


def test_nothing_exists_outside_of_the_parameter_space():
    problem, model = two("means", 0.2)
    x = problem.draw()
    x[problem.structure.diagonal] = -1.0
    assert model.at(x) is None
    assert model.at(np.full_like(x, np.nan)) is None


def test_a_point_of_another_model_is_evaluated_anew():
    problem, model = two("means", 0.2)
    own = model.at(problem.draw())
    foreign = Point(own.x, own.implied, own.W, own.discrepancy)
    assert model.own(own) is own
    gradient = model.derivatives(foreign).gradient
    assert_allclose(gradient, model.derivatives(own).gradient, rtol=1e-12)
    bad = Point(np.full_like(own.x, np.nan), own.implied, own.W, np.nan)
    with pytest.raises(np.linalg.LinAlgError):
        model.derivatives(bad)


def test_a_saturated_model_loses_nothing():
    problem, model = two("path means", 0.15, 3)
    moments = model.sample.moments
    everything = np.ones(moments.ybar.size, dtype=bool)
    structure = independence_structure(
        moments=moments, given=~everything, covariates=everything, means=True
    )
    saturated = FullInformation(structure=structure, sample=model.sample)
    point = saturated.at(independence_estimates(structure=structure, moments=moments))
    assert_allclose(point.discrepancy, 0.0, atol=1e-13)
    assert_allclose(saturated.derivatives(point).gradient, 0.0, atol=1e-8)
    assert model.at(problem.draw()).discrepancy > 0.1


@pytest.mark.parametrize("case", FIML_CASES)
def test_the_fit_is_lavaans(case):
    done = solved(case)
    given, measures = done.given, done.measures
    assert done.converged
    assert done.n == pytest.approx(given["ntotal"], rel=1e-14)
    assert done.space.K.shape[1] == measures["npar"]
    assert_allclose(done.chisq(), measures["chisq"], rtol=INDEX_RTOL)
    estimates = np.concatenate([point.x for point in done.points])
    # lavaan's optimum of the small sample is flat
    atol = 2e-5 if case == "fiml_democracy" else ESTIMATE_ATOL
    assert_allclose(estimates, lavaan_column(case, "est"), atol=atol)


@pytest.mark.parametrize("case", FIML_CASES)
def test_log_likelihoods_are_lavaans(case):
    done = solved(case)
    saturated = 0.0
    for model in done.models:
        saturated += model.sample.saturated.loglik
        if done.fixed.any():  # given the covariates
            S, ybar = model.sample.moments.S, model.sample.moments.ybar
            among = SampleMoments(
                S=S[np.ix_(done.fixed, done.fixed)],
                ybar=ybar[done.fixed],
                n=model.sample.n,
            )
            saturated -= saturated_loglik(moments=among)
    logl = saturated - done.chisq() / 2
    n, q, measures = done.n, done.space.K.shape[1], done.measures
    assert_allclose(saturated, measures["unrestricted.logl"], rtol=INDEX_RTOL)
    assert_allclose(logl, measures["logl"], rtol=INDEX_RTOL)
    assert_allclose(-2 * logl + 2 * q, measures["aic"], rtol=INDEX_RTOL)
    assert_allclose(-2 * logl + q * np.log(n), measures["bic"], rtol=INDEX_RTOL)


@pytest.mark.parametrize("case", FIML_CASES)
def test_standard_errors_are_lavaans(case):
    done = solved(case)
    parts, n = done.inference(), done.n
    vcov = huber_white_covariance(parts, n=n) if done.robust else parts.observed / n
    wanted = lavaan_column(case, "se")
    found = np.sqrt(np.diag(vcov))
    assert_allclose(found, wanted, rtol=ROBUST_RTOL, atol=5 * ROBUST_ATOL)


@pytest.mark.parametrize("case", FIML_CASES)
def test_the_baseline_is_lavaans(case):
    done = solved(case)
    chisq = done.chisq(baseline=True)
    assert_allclose(chisq, done.measures["baseline.chisq"], rtol=INDEX_RTOL)
    counted = sum(part.count for part in done.inference(baseline=True).groups)
    assert counted - len(done.baseline_K) == done.measures["baseline.df"]
    gradients = [
        model.derivatives(point).gradient
        for model, point in zip(done.baselines, done.baseline_points, strict=True)
    ]
    assert_allclose(np.concatenate(gradients), 0.0, atol=1e-9)


@pytest.mark.parametrize("case", ROBUST_CASES)
def test_the_scaled_test_is_lavaans(case):
    done = solved(case)
    measures, df = done.measures, done.measures["df"]
    model = yuan_bentler_mplus(done.inference(), df=df)
    null = yuan_bentler_mplus(done.inference(baseline=True), df=measures["baseline.df"])
    found = {
        "chisq.scaled": model.scaled(done.chisq()),
        "chisq.scaling.factor": model.factor,
        "scaling.factor.h1": model.h1,
        "scaling.factor.h0": model.h0,
        "baseline.chisq.scaled": null.scaled(done.chisq(baseline=True)),
        "baseline.chisq.scaling.factor": null.factor,
    }
    for name, value in found.items():
        assert_allclose(value, measures[name], rtol=INDEX_RTOL, err_msg=name)


@pytest.mark.parametrize("case", [c for c in FIML_CASES if c != "fiml_groups"])
def test_residual_indices_are_lavaans(case):
    done = solved(case)
    found = residual_indices(
        moments=done.models[0].sample.moments,
        implied=done.points[0].implied,
        means=True,
    )
    for name in (
        "rmr",
        "rmr_nomean",
        "srmr",
        "crmr",
        "crmr_nomean",
        "srmr_mplus",
        "srmr_mplus_nomean",
    ):
        # first order in lavaan's saturated moments, which stop at steps of 1e-5
        wanted = done.measures[name]
        assert_allclose(getattr(found, name), wanted, rtol=1e-6, err_msg=name)
