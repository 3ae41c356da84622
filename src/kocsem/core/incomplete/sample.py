"""A sample with holes, with the saturated model fitted to it once.

In: data with NaN where an answer is missing, weights and clusters. Out:
`IncompleteSample`, what is common to all models of the sample, and
`SaturatedInference`, what its saturated moments are worth: their information and the
covariance of their scores. Moments are ordered means, then vech of the covariances by
rows.
Source: Yuan and Bentler (2000); lavaan's definitions.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import lapack

from kocsem.core.incomplete.casewise import casewise_scores
from kocsem.core.incomplete.casewise_information import observed_moment_information
from kocsem.core.incomplete.patterns import MissingPatterns, missing_patterns
from kocsem.core.incomplete.saturated import (
    SINGULAR,
    SaturatedMoments,
    saturated_moments,
)
from kocsem.core.maximum_likelihood import cross_information
from kocsem.core.moments import Array, Mask, SampleMoments
from kocsem.core.robust import moment_tangents
from kocsem.core.structure import Index

UNSETTLED = (
    "The saturated model did not settle: with so many answers missing its likelihood "
    "rises towards a singular covariance matrix. Leave out items that are hardly "
    "answered, or collect more cases."
)


@dataclass(frozen=True)
class IncompleteSample:
    """The cases of one group, some answers missing.

    Attributes
    ----------
    patterns : MissingPatterns
        The cases, with their weights, by what they left out.
    clusters : ndarray of int, shape (n,), or None
        Number of each case's cluster, 0..c-1; None where cases are independent.
    saturated : SaturatedMoments
        The unrestricted maximum likelihood moments.
    """

    patterns: MissingPatterns
    clusters: Index | None
    saturated: SaturatedMoments

    @property
    def n(self) -> float:
        """Number of cases with an answer; the sum of their weights."""
        return self.patterns.n

    @property
    def moments(self) -> SampleMoments:
        """The saturated moments, in place of a complete sample's."""
        return self.saturated.moments

    @cached_property
    def information(self) -> Array:
        """Observed information about all saturated moments, per case."""
        return observed_moment_information(at=self.saturated.likelihood)

    @cached_property
    def meat(self) -> Array:
        """Mean outer product of the casewise scores there."""
        return self.mean_product(casewise_scores(at=self.saturated.likelihood))

    def mean_product(self, scores: Array) -> Array:
        """Average the outer products of weighted scores, or of their cluster sums.

        Parameters
        ----------
        scores : ndarray of shape (n, k)
            One case a row, without the weights.

        Returns
        -------
        ndarray of shape (k, k)
            Divided by the number of cases with an answer; with c clusters times
            c / (c - 1), as in lavaan.
        """
        factor = 1.0 / self.n
        if self.patterns.weights is not None:
            scores = scores * self.patterns.weights[:, None]
        if self.clusters is not None:
            c = int(self.clusters.max()) + 1
            sums = np.zeros((c, scores.shape[1]))
            np.add.at(sums, self.clusters, scores)
            scores, factor = sums, factor * c / (c - 1)
        return np.asarray(scores.T @ scores * factor)

    def inference(self, given: Mask) -> "SaturatedInference":
        """Return what the saturated moments are worth, computed once for each mask.

        Parameters
        ----------
        given : ndarray of bool, shape (p,)
            Covariates that are conditioned on; they have no holes.

        Returns
        -------
        SaturatedInference
            About the other moments.
        """
        key = given.tobytes()
        if key not in self._inferences:
            self._inferences[key] = SaturatedInference(sample=self, given=given)
        return self._inferences[key]

    @cached_property
    def _inferences(self) -> "dict[bytes, SaturatedInference]":
        """What has been asked for."""
        return {}


@dataclass(frozen=True)
class SaturatedInference:
    """Information about the saturated moments, and the covariance of their scores.

    Where two variables are never observed together the data say nothing of their
    covariance, which is then left out, as in lavaan.

    Attributes
    ----------
    sample : IncompleteSample
        The sample.
    given : ndarray of bool, shape (p,)
        Covariates that are conditioned on.
    """

    sample: IncompleteSample
    given: Mask

    @cached_property
    def asked(self) -> Index:
        """The moments that are not those of given covariates alone."""
        row, col = np.tril_indices(self.given.size)
        known = np.concatenate([self.given, self.given[row] & self.given[col]])
        return np.flatnonzero(~known)

    @cached_property
    def free(self) -> Index:
        """The q moments among them of which the data say anything."""
        informed = np.diag(self.sample.information)[self.asked] > 0
        return self.asked[informed]

    @property
    def answered(self) -> bool:
        """Whether the data say something of every moment that is asked for."""
        return self.free.size == self.asked.size

    def _among(self, square: Array) -> Array:
        """Keep the rows and columns of the free moments."""
        whole = self.free.size == len(square)
        return square if whole else square[np.ix_(self.free, self.free)]

    @cached_property
    def information(self) -> Array:
        """Observed information per case, shape (q, q)."""
        return self._among(self.sample.information)

    @cached_property
    def complete_information(self) -> Array:
        """The same if there were no holes: the normal-theory weight, shape (q, q)."""
        moments = self.sample.moments
        units = moment_tangents(p=self.given.size, means=True)
        W = np.asarray(np.linalg.inv(moments.S), dtype=float)
        return self._among(
            cross_information(W=W, first=units, second=units, means=True)
        )

    @cached_property
    def meat(self) -> Array:
        """Mean outer product of the casewise scores, shape (q, q)."""
        return self._among(self.sample.meat)

    @cached_property
    def inflation(self) -> Array:
        """Inverse information times information without holes, shape (q, q)."""
        return self._over_information(self.complete_information)

    @cached_property
    def misfit(self) -> Array:
        """Inverse information times meat, shape (q, q): the identity if normal."""
        return self._over_information(self.meat)

    def covariance(self, *, robust: bool) -> Array:
        """Return the asymptotic covariance matrix of the moments, times n, (q, q).

        Inverse information; robust is the sandwich with the scores of the cases.
        """
        inverse = self._over_information(np.eye(self.free.size))
        return self.misfit @ inverse if robust else inverse

    @cached_property
    def _root(self) -> Array:
        """The Cholesky factor of the information."""
        root, failed = lapack.dpotrf(self.information, lower=1)
        if failed:
            raise np.linalg.LinAlgError(SINGULAR)
        return np.asarray(root)

    def _over_information(self, square: Array) -> Array:
        """Divide a matrix by the information."""
        found, _ = lapack.dpotrs(self._root, square, lower=1)
        return np.asarray(found)


def incomplete_sample(
    *,
    Y: Array,
    weights: Array | None = None,
    clusters: Index | None = None,
) -> IncompleteSample:
    """Sort the cases by their patterns and fit the saturated model.

    Parameters
    ----------
    Y : ndarray of shape (n, p)
        Data, one case a row; NaN where an answer is missing.
    weights : ndarray of shape (n,), optional
        Weight of each case, above 0.
    clusters : ndarray of int, shape (n,), optional
        Number of each case's cluster, 0..c-1.

    Returns
    -------
    IncompleteSample
        The sample.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the saturated model has no estimate, or did not settle.
    """
    patterns = missing_patterns(Y=Y, weights=weights)
    saturated = saturated_moments(patterns=patterns)
    if not saturated.converged:
        raise np.linalg.LinAlgError(UNSETTLED)
    return IncompleteSample(patterns=patterns, clusters=clusters, saturated=saturated)
