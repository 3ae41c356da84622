"""Information in data with holes against differences, lavaan and complete data."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.casewise import moment_gradient
from kocsem.core.casewise_information import (
    expected_moment_information,
    model_expected_information,
    model_observed_information,
    observed_moment_information,
)
from kocsem.core.maximum_likelihood import expected_information
from kocsem.core.observed import observed_information
from kocsem.core.patterns import missing_patterns
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
    somewhere,
    unvech,
    vech,
)
from sem_cases import Problem, central_differences
from tolerances import DERIVATIVE_RTOL, IDENTITY_ATOL

LAVAAN_RTOL = 1e-9  # the same formula at the same point
WITH_MEANS = ("means", "latent means", "path means", "random covariates")


def setting(name, seed=0):
    patterns = missing_patterns(Y=holed(name, seed))
    mu, Sigma = somewhere(patterns.p, seed)
    return {"patterns": patterns, "mu": mu, "Sigma": Sigma}


def stacked_gradient(patterns, mu, Sigma):
    """Return d(-logl / n) / d(mu, vech Sigma)."""
    found = moment_gradient(patterns=patterns, mu=mu, Sigma=Sigma)
    twice = vech(2 * found.Sigma - np.diag(np.diag(found.Sigma)))
    return -np.concatenate([found.mu, twice]) / patterns.n


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", HOLED)
def test_observed_against_differences_of_the_gradient(name, seed):
    at = setting(name, seed)
    p = at["mu"].size
    slope = central_differences(
        lambda x: stacked_gradient(at["patterns"], x[:p], unvech(x[p:], p)),
        np.concatenate([at["mu"], vech(at["Sigma"])]),
    )
    found = observed_moment_information(**at)
    assert_allclose(found, slope, rtol=DERIVATIVE_RTOL, atol=1e-7)
    assert_array_equal(found, found.T)


@pytest.mark.parametrize("kind", ["observed", "expected"])
def test_moment_information_is_lavaans(kind):
    given = lavaan("moments")
    patterns = missing_patterns(Y=answers("x1", "x4", "x9").to_numpy())
    at = {"patterns": patterns, "Sigma": given["Sigma"]}
    if kind == "observed":
        found = observed_moment_information(mu=given["mu"], **at)
    else:
        found = expected_moment_information(**at)
    assert_allclose(found, given[kind], rtol=LAVAAN_RTOL, atol=IDENTITY_ATOL)


@pytest.mark.parametrize("name", HOLED)
def test_observed_equals_expected_where_every_pattern_fits(name):
    at = setting(name)
    seen = at["patterns"].observed
    perfect = replace(
        at["patterns"],
        means=np.where(seen, at["mu"], 0.0),
        S=np.where(seen[:, :, None] & seen[:, None, :], at["Sigma"], 0.0),
    )
    observed = observed_moment_information(**{**at, "patterns": perfect})
    expected = expected_moment_information(patterns=perfect, Sigma=at["Sigma"])
    assert_allclose(observed, expected, atol=IDENTITY_ATOL)


def test_expected_information_of_complete_data_by_the_duplication_matrix():
    at = setting("nothing missing")
    p = at["mu"].size
    W = np.linalg.inv(at["Sigma"])
    duplication = np.stack(
        [unvech(e, p).ravel() for e in np.eye(p * (p + 1) // 2)], axis=1
    )
    found = expected_moment_information(patterns=at["patterns"], Sigma=at["Sigma"])
    assert_allclose(found[:p, :p], W, rtol=1e-12)
    assert_array_equal(found[:p, p:], 0.0)
    block = duplication.T @ np.kron(W, W) @ duplication / 2
    assert_allclose(found[p:, p:], block, rtol=1e-11)


def model_setting(name, seed, share):
    """Return a model with means, a point, and holes in its data."""
    problem = Problem(name, seed)
    x = problem.draw()
    implied = implied_moments(matrices=fill(structure=problem.structure, x=x))
    Y = problem.Y.copy()
    Y[np.random.default_rng(seed).random(Y.shape) < share] = np.nan
    at = tangents(structure=problem.structure, implied=implied)
    return problem, x, implied, at, missing_patterns(Y=Y)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", WITH_MEANS)
def test_model_information_against_differences(name, seed):
    problem, x, implied, at, patterns = model_setting(name, seed, 0.25)

    def slope(point):
        here = implied_moments(matrices=fill(structure=problem.structure, x=point))
        Delta = jacobian(
            tangents=tangents(structure=problem.structure, implied=here), means=True
        )
        return Delta.T @ stacked_gradient(patterns, here.mu, here.Sigma)

    found = model_observed_information(
        patterns=patterns, structure=problem.structure, implied=implied, tangents=at
    )
    differences = central_differences(slope, x)
    assert_allclose(found, differences, rtol=DERIVATIVE_RTOL, atol=1e-7)


@pytest.mark.parametrize("name", WITH_MEANS)
def test_model_information_of_complete_data(name):
    problem, x, implied, at, patterns = model_setting(name, 3, 0.0)
    found = model_observed_information(
        patterns=patterns, structure=problem.structure, implied=implied, tangents=at
    )
    point = problem.at(x)
    complete = observed_information(
        structure=problem.structure, point=point, moments=problem.moments, at=at
    )
    assert_allclose(found, complete, rtol=1e-9, atol=1e-9)
    expected = model_expected_information(
        patterns=patterns, implied=implied, tangents=at
    )
    normal = expected_information(structure=problem.structure, W=point.W, at=at)
    assert_allclose(expected, normal, rtol=1e-9, atol=1e-9)


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
    implied = implied_moments(matrices=fill(structure=structure, x=x))
    assert_allclose(implied.Sigma, given["Sigma"], rtol=1e-12)
    at = tangents(structure=structure, implied=implied)
    patterns = missing_patterns(Y=answers(*ITEMS).to_numpy())
    if kind == "gradient":
        Delta = jacobian(tangents=at, means=True)
        slope = stacked_gradient(patterns, implied.mu, implied.Sigma)
        found = -patterns.n * Delta.T @ slope
        assert_allclose(found[place], given[kind], rtol=LAVAAN_RTOL, atol=1e-8)
        return
    if kind == "observed":
        found = model_observed_information(
            patterns=patterns, structure=structure, implied=implied, tangents=at
        )
    else:
        found = model_expected_information(
            patterns=patterns, implied=implied, tangents=at
        )
    wanted = given[kind]
    assert_allclose(found[np.ix_(place, place)], wanted, rtol=1e-6, atol=1e-7)
