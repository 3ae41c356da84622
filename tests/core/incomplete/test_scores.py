"""Factor scores of cases with holes against lavPredict and by hand."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from kocsem.core.incomplete.casewise import casewise_likelihood
from kocsem.core.incomplete.patterns import missing_patterns
from kocsem.core.incomplete.scores import bartlett_scores, regression_scores
from missing_cases import solved
from tolerances import SCORE_ATOL

NAN = np.nan
CASES = ("fiml_covariates_ml", "fiml_equal", "fiml_democracy")


def parts(case):
    """Return the likelihood, implied moments and places of the factors."""
    done = solved(case)
    point, variables = done.points[0], done.table.variables
    latent = len(variables.latent)
    return point.likelihood, point.implied, latent


def scored(case, method):
    """Return our scores, and lavaan's of the rows that are used."""
    at, implied, m = parts(case)
    if method == "regression":
        found = regression_scores(at=at, C=implied.C[:m], eta=implied.eta[:m])
    else:
        # all factors but observed outcomes: here latent variables, then covariates
        slope = np.linalg.solve(implied.Phi, implied.C).T
        found = bartlett_scores(at=at, slope=slope, eta=implied.eta)[:, :m]
    names = solved(case).table.variables.latent
    theirs = pd.DataFrame(solved(case).given[method])[list(names)].astype(float)
    empty = len(theirs) - len(found)
    if empty:
        theirs = theirs[theirs.notna().any(axis=1)]
    return found, theirs.to_numpy()


@pytest.mark.parametrize("case", CASES)
def test_regression_scores_are_lavaans(case):
    found, wanted = scored(case, "regression")
    assert_allclose(found, wanted, atol=SCORE_ATOL)


@pytest.mark.parametrize("case", CASES)
def test_bartlett_scores_are_lavaans(case):
    found, wanted = scored(case, "bartlett")
    exists = ~np.isnan(found)
    assert exists.any(axis=0).all()
    assert_allclose(found[exists], wanted[exists], atol=SCORE_ATOL)
    # where no item of a factor was answered lavaan gives either none, or the mean
    for values, factor in zip(wanted.T, exists.T, strict=True):
        assert np.unique(values[~factor & ~np.isnan(values)].round(5)).size <= 1


def test_a_factor_without_answers_has_no_bartlett_score():
    at, implied, m = parts("fiml_equal")
    slope = np.linalg.solve(implied.Phi, implied.C).T
    found = bartlett_scores(at=at, slope=slope, eta=implied.eta)
    unanswered = np.isnan(at.patterns.Y[:, 3:6]).all(axis=1)
    assert unanswered.sum() >= 10
    assert np.isnan(found[unanswered, 1]).all()
    assert not np.isnan(found[~unanswered, 1]).any()
    assert not np.isnan(regression_scores(at=at, C=implied.C, eta=implied.eta)).any()
    assert m == found.shape[1]


def test_scores_by_hand():
    # one factor of variance 1 and mean 2, items of loading 1 and 2, residuals 1:
    # Bartlett's score is the weighted mean of y1 and y2 / 2 with weights 1 and 4
    slope = np.array([[1.0], [2.0]])
    Y = np.array([[3.0, 8.0], [3.0, NAN], [NAN, 8.0], [NAN, NAN]])
    at = casewise_likelihood(
        patterns=missing_patterns(Y=Y),
        mu=slope[:, 0] * 2.0,
        Sigma=slope @ slope.T + np.eye(2),
    )
    eta = np.array([2.0])
    found = bartlett_scores(at=at, slope=slope, eta=eta)
    assert_allclose(found[:, 0], [(3 + 4 * 4) / 5, 3.0, 4.0, NAN])
    # the posterior mean weighs the prior mean by 1 / (1 + information)
    found = regression_scores(at=at, C=slope.T, eta=eta)
    assert_allclose(found[:, 0], [(2 + 3 + 16) / 6, 2.5, (2 + 16) / 5, NAN])


def test_factors_that_answers_cannot_tell_apart_have_no_score():
    # the item measures both factors; with the other items gone neither has a score
    slope = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    Sigma = slope @ slope.T + np.eye(3)
    Y = np.array([[1.0, NAN, NAN], [NAN, 1.0, NAN], [1.0, 1.0, NAN]])
    at = casewise_likelihood(
        patterns=missing_patterns(Y=Y), mu=np.zeros(3), Sigma=Sigma
    )
    found = bartlett_scores(at=at, slope=slope, eta=np.zeros(2))
    assert_allclose(found, [[NAN, NAN], [1.0, NAN], [1.0, 0.0]], atol=1e-12)
