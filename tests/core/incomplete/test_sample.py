"""What the saturated moments are worth: meat by hand, clusters, weights, covariates."""

from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kocsem.core.incomplete import sample as module
from kocsem.core.incomplete.casewise import casewise_scores
from kocsem.core.incomplete.casewise_information import observed_moment_information
from kocsem.core.incomplete.sample import incomplete_sample
from kocsem.core.incomplete.saturated import saturated_moments
from missing_cases import holed
from tolerances import IDENTITY_ATOL

NONE = np.zeros(3, dtype=bool)


def test_meat_is_the_mean_outer_product_of_scores():
    Y = holed("few holes")
    sample = incomplete_sample(Y=Y)
    scores = casewise_scores(at=sample.saturated.likelihood)
    wanted = sum(np.outer(s, s) for s in scores) / sample.n
    assert_allclose(sample.meat, wanted, rtol=1e-10, atol=1e-12)
    information = observed_moment_information(at=sample.saturated.likelihood)
    assert_array_equal(sample.information, information)
    assert_allclose(scores.sum(axis=0), 0.0, atol=1e-6)  # at the maximum


def test_weighted_scores_are_multiplied_by_their_weights():
    Y = holed("few holes")
    weights = np.random.default_rng(1).uniform(0.5, 2.0, len(Y))
    sample = incomplete_sample(Y=Y, weights=weights)
    scores = casewise_scores(at=sample.saturated.likelihood)
    wanted = sum(w**2 * np.outer(s, s) for w, s in zip(weights, scores, strict=True))
    assert sample.n == pytest.approx(weights.sum(), rel=1e-14)
    assert_allclose(sample.meat, wanted / sample.n, rtol=1e-10, atol=1e-12)


def test_scores_are_summed_within_clusters():
    Y = holed("few holes")
    clusters = np.arange(len(Y)) % 7
    sample = incomplete_sample(Y=Y, clusters=clusters)
    scores = casewise_scores(at=sample.saturated.likelihood)
    sums = [scores[clusters == c].sum(axis=0) for c in range(7)]
    wanted = sum(np.outer(s, s) for s in sums) / sample.n * 7 / 6
    assert_allclose(sample.meat, wanted, rtol=1e-10, atol=1e-12)


def test_every_case_a_cluster_is_no_cluster():
    Y = holed("few holes")
    plain, apart = (
        incomplete_sample(Y=Y, clusters=clusters) for clusters in (None, np.arange(60))
    )
    assert_allclose(apart.meat, plain.meat * 60 / 59, rtol=1e-12)


def test_covariates_alone_do_not_count():
    sample = incomplete_sample(Y=holed("few holes"))
    given = np.array([False, True, True])
    about = sample.inference(given)
    # mu1 mu2 mu3 s11 s21 s22 s31 s32 s33: means and covariances of 2 and 3 are known
    assert about.free.tolist() == [0, 3, 4, 6]
    square = np.ix_(about.free, about.free)
    assert_array_equal(about.information, sample.information[square])
    assert_array_equal(about.meat, sample.meat[square])
    assert_allclose(about.information @ about.misfit, about.meat, atol=IDENTITY_ATOL)
    assert sample.inference(given.copy()) is about
    assert sample.inference(NONE).free.tolist() == list(range(9))


def test_without_holes_information_is_that_of_normal_theory():
    sample = incomplete_sample(Y=holed("nothing missing"))
    about = sample.inference(np.zeros(4, dtype=bool))
    assert_allclose(about.information, about.complete_information, atol=1e-9)
    assert_allclose(about.inflation, np.eye(14), atol=1e-9)


def test_holes_inflate_the_variance_of_every_moment():
    about = incomplete_sample(Y=holed("half holes")).inference(np.zeros(4, dtype=bool))
    values = np.linalg.eigvals(about.inflation)
    assert values.real.min() > 1.0


def test_a_moment_of_which_the_data_say_nothing_is_left_out():
    Y = holed("few holes")
    Y[::2, 0] = Y[1::2, 1] = np.nan
    about = incomplete_sample(Y=Y).inference(NONE)
    assert about.asked.tolist() == list(range(9))
    assert about.free.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]  # no covariance of 1 and 2
    assert not about.answered
    assert_allclose(about.information @ about.misfit, about.meat, atol=IDENTITY_ATOL)
    assert incomplete_sample(Y=holed("few holes")).inference(NONE).answered


def test_moments_that_did_not_settle_are_refused(monkeypatch):
    hasty = partial(saturated_moments, max_iterations=2)
    monkeypatch.setattr(module, "saturated_moments", hasty)
    with pytest.raises(np.linalg.LinAlgError, match="did not settle"):
        incomplete_sample(Y=holed("half holes"))
