"""Information in data with holes against differences, lavaan and complete data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.incomplete.casewise import casewise_likelihood
from kocsem.core.incomplete.casewise_information import (
    expected_moment_information,
    model_expected_information,
    model_observed_information,
    observed_moment_information,
)
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.maximum_likelihood import (
    conditional_information,
    expected_information,
)
from kocsem.core.observed import observed_information
from kocsem.core.structure import fill, implied_moments, jacobian, tangents
from kocsem.model.build import TableOptions, build_table
from kocsem.model.layout import lay_out
from kocsem.model.syntax import parse_model
from missing_cases import (
    HOLED,
    ITEMS,
    answers,
    holed,
    lavaan,
    located,
    moved,
    stacked,
    unvech,
)
from sem_cases import Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

LAVAAN_RTOL = 1e-9  # the same formula at the same point
WITH_MEANS = ("means", "latent means", "path means", "random covariates")


def slope(at):
    """Return d(-logl / n) / d(mu, vech Sigma)."""
    return -at.gradient / at.patterns.n


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", HOLED)
def test_observed_against_differences_of_the_gradient(name, seed):
    Y = holed(name, seed)
    weights = np.random.default_rng(seed).uniform(0.5, 2.0, len(Y))
    at = located(Y, weights if seed == 2 else None, seed)
    differences = central_differences(lambda x: slope(moved(at, x)), stacked(at))
    found = observed_moment_information(at=at)
    assert_allclose(found, differences, rtol=DERIVATIVE_RTOL, atol=1e-7)
    assert_array_equal(found, found.T)


@pytest.mark.parametrize("kind", ["observed", "expected"])
def test_moment_information_is_lavaans(kind):
    given = lavaan("moments")
    patterns = missing_patterns(Y=answers("x1", "x4", "x9").to_numpy())
    at = casewise_likelihood(patterns=patterns, mu=given["mu"], Sigma=given["Sigma"])
    compute = {
        "observed": observed_moment_information,
        "expected": expected_moment_information,
    }[kind]
    assert_allclose(compute(at=at), given[kind], rtol=LAVAAN_RTOL, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("name", ["few holes", "half holes"])
def test_observed_equals_expected_where_every_pattern_fits(name):
    # p + 2 rows a pattern whose mean and covariance matrix are those of the model
    seen = np.unique(located(holed(name)).patterns.observed, axis=0)
    p = seen.shape[1]
    at = located(np.ones((1, p)))
    rng = np.random.default_rng(1)
    Z = rng.normal(size=(p + 2, p))
    Z = Z - Z.mean(axis=0)
    Z = Z @ np.linalg.inv(np.linalg.cholesky(Z.T @ Z / len(Z))).T
    fitting = at.mu + Z @ np.linalg.cholesky(at.Sigma).T
    Y = np.vstack([np.where(mask, fitting, np.nan) for mask in seen if mask.any()])
    perfect = casewise_likelihood(
        patterns=missing_patterns(Y=Y), mu=at.mu, Sigma=at.Sigma
    )
    observed = observed_moment_information(at=perfect)
    expected = expected_moment_information(at=perfect)
    assert_allclose(observed, expected, atol=IDENTITY_ATOL)
    assert_allclose(perfect.gradient, 0.0, atol=1e-9)


def test_expected_information_of_complete_data_by_the_duplication_matrix():
    at = located(holed("nothing missing"))
    p = at.mu.size
    W = np.linalg.inv(at.Sigma)
    duplication = np.stack(
        [unvech(e, p).ravel() for e in np.eye(p * (p + 1) // 2)], axis=1
    )
    found = expected_moment_information(at=at)
    assert_allclose(found[:p, :p], W, rtol=1e-12)
    assert_array_equal(found[:p, p:], 0.0)
    block = duplication.T @ np.kron(W, W) @ duplication / 2
    assert_allclose(found[p:, p:], block, rtol=1e-11)


def model_setting(name, seed, share):
    """Return a model with means, a point, and holes in its data."""
    problem = Problem(name, seed)
    Y = problem.Y.copy()
    Y[np.random.default_rng(seed).random(Y.shape) < share] = np.nan
    return problem, problem.draw(), missing_patterns(Y=Y)


def at_parameters(structure, patterns, x):
    """Return implied moments, tangents and the likelihood at a parameter vector."""
    implied = implied_moments(matrices=fill(structure=structure, x=x))
    at = casewise_likelihood(patterns=patterns, mu=implied.mu, Sigma=implied.Sigma)
    return implied, tangents(structure=structure, implied=implied), at


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", WITH_MEANS)
def test_model_information_against_differences(name, seed):
    problem, x, patterns = model_setting(name, seed, 0.25)

    def down(point):
        _, D, at = at_parameters(problem.structure, patterns, point)
        return jacobian(tangents=D, means=True).T @ slope(at)

    implied, D, at = at_parameters(problem.structure, patterns, x)
    found = model_observed_information(
        at=at, structure=problem.structure, implied=implied, tangents=D
    )
    differences = central_differences(down, x)
    assert_allclose(found, differences, rtol=DERIVATIVE_RTOL, atol=1e-7)


@pytest.mark.parametrize("name", WITH_MEANS)
def test_model_information_of_complete_data(name):
    problem, x, patterns = model_setting(name, 3, 0.0)
    implied, D, at = at_parameters(problem.structure, patterns, x)
    found = model_observed_information(
        at=at, structure=problem.structure, implied=implied, tangents=D
    )
    point = problem.at(x)
    complete = observed_information(
        structure=problem.structure, point=point, moments=problem.moments, at=D
    )
    assert_allclose(found, complete, rtol=1e-9, atol=1e-9)
    expected = model_expected_information(at=at, tangents=D)
    normal = expected_information(structure=problem.structure, W=point.W, at=D)
    assert_allclose(expected, normal, rtol=1e-9, atol=1e-9)


def test_moments_of_given_covariates_carry_no_information():
    problem, x, patterns = model_setting("random covariates", 1, 0.0)
    _, D, at = at_parameters(problem.structure, patterns, x)
    given = np.isin(problem.layout.observed, problem.table.variables.exogenous)
    found = model_expected_information(at=at, tangents=D, given=given)
    wanted = conditional_information(
        W=np.linalg.inv(at.Sigma), first=D, second=D, means=True, given=given
    )
    assert given.sum() == 2
    assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
    nobody = model_expected_information(at=at, tangents=D, given=~given & given)
    whole = model_expected_information(at=at, tangents=D)
    assert_array_equal(nobody, whole)


def ordered(name):
    """Name a parameter; a covariance is the same either way round."""
    words = name.split()
    return tuple(sorted(words) if "~~" in words else words)


@pytest.mark.parametrize("kind", ["gradient", "observed", "expected"])
def test_model_derivatives_are_lavaans(kind):
    given = lavaan("model")
    table = build_table(parse_model(given["model"]), TableOptions(meanstructure=True))
    structure = lay_out(table, {}).structure
    keys = [ordered(" ".join(row.key)) for row in table.free_rows]
    place = [keys.index(ordered(name)) for name in given["parameters"].split(";")]
    x = np.zeros(structure.k)
    x[place] = given["x"]
    patterns = missing_patterns(Y=answers(*ITEMS).to_numpy())
    implied, D, at = at_parameters(structure, patterns, x)
    assert_allclose(implied.Sigma, given["Sigma"], rtol=1e-12)
    if kind == "gradient":
        found = jacobian(tangents=D, means=True).T @ at.gradient
        assert_allclose(found[place], given[kind], rtol=LAVAAN_RTOL, atol=1e-8)
        return
    if kind == "observed":
        found = model_observed_information(
            at=at, structure=structure, implied=implied, tangents=D
        )
    else:
        found = model_expected_information(at=at, tangents=D)
    wanted = given[kind]
    assert_allclose(found[np.ix_(place, place)], wanted, rtol=1e-6, atol=1e-7)
