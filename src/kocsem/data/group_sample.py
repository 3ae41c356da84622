"""One group of a sample: its rows and the moments that a fit rests on.

In: the rows of one group. Out: a `GroupSample`, from complete rows or from rows with
holes. What would make the moments useless is an error that names the items.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.core.incomplete.sample import IncompleteSample, incomplete_sample
from kocsem.core.moments import Array, SampleMoments, sample_moments
from kocsem.core.ordinal.moments import OrdinalMoments
from kocsem.core.structure import Index
from kocsem.data.checks import (
    check_answered,
    check_cases,
    check_covariance,
    check_variation,
    listed,
)
from kocsem.data.coverage import coverage_findings
from kocsem.errors import DataError
from kocsem.findings import Finding


@dataclass(frozen=True)
class Rows:
    """The rows of one group that are used.

    Attributes
    ----------
    label : str
        The group's name; empty where there is one group.
    cases : DataFrame
        Columns as in the model, the caller's index.
    weights : ndarray of shape (n,) or None
        Sampling weights, with mean 1.
    clusters : ndarray of int, shape (n,), or None
        Number of each row's cluster within the group, 0..c-1.
    """

    label: str
    cases: pd.DataFrame
    weights: Array | None
    clusters: Index | None

    @property
    def where(self) -> str:
        """Name the group in a message, if there is more than one."""
        return f" in group {self.label}" if self.label else ""


@dataclass(frozen=True)
class GroupSample:
    """The data of one group.

    Attributes
    ----------
    label : str
        The group's name; empty where there is one group.
    moments : SampleMoments
        Its moments.
    rows : Rows or None
        The rows that were used; None when only a covariance matrix is known.
    incomplete : IncompleteSample or None
        The same rows by what they left out, where missing answers are kept.
    ordinal : OrdinalMoments or None
        Thresholds and correlations, where items are ordered.
    findings : tuple of Finding
        What a reader must know of the group.
    """

    label: str
    moments: SampleMoments
    rows: Rows | None = None
    incomplete: IncompleteSample | None = None
    ordinal: OrdinalMoments | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def variances(self) -> Array:
        """Those that a model has to explain; 0 for what ordered items are given."""
        moments = self.moments if self.ordinal is None else self.ordinal
        return np.diag(moments.S)

    @property
    def cases(self) -> pd.DataFrame | None:
        """The rows that were used, columns as in the model, the caller's index."""
        return None if self.rows is None else self.rows.cases


def complete_group(rows: Rows) -> GroupSample:
    """Compute the moments of complete rows.

    Parameters
    ----------
    rows : Rows
        Without missing answers.

    Returns
    -------
    GroupSample
        With covariances on divisor n.

    Raises
    ------
    DataError
        When there are too few rows, or items are constant, identical or dependent.
    """
    check_cases(rows.cases, rows.where)
    moments = sample_moments(Y=rows.cases.to_numpy(), weights=rows.weights)
    check_covariance(moments.S, list(rows.cases.columns), rows.where)
    return GroupSample(label=rows.label, moments=moments, rows=rows)


def incomplete_group(rows: Rows) -> GroupSample:
    """Estimate the moments of rows with holes by maximum likelihood.

    Parameters
    ----------
    rows : Rows
        With at least one answer each.

    Returns
    -------
    GroupSample
        With the saturated moments.

    Raises
    ------
    DataError
        When an item has no answers, is constant or the same as another, or the moments
        have no estimate.
    """
    cases = rows.cases
    check_answered(cases, rows.where)
    check_variation(cases, rows.where)
    try:
        sample = incomplete_sample(
            Y=cases.to_numpy(), weights=rows.weights, clusters=rows.clusters
        )
    except np.linalg.LinAlgError:
        raise DataError(
            f"The covariance matrix{rows.where} has no estimate from these incomplete "
            f"rows. Look among {listed([str(c) for c in cases.columns])} for items "
            "that are hardly answered, that are never answered together, or that are "
            "a sum of others; or collect more answers."
        ) from None
    check_covariance(sample.moments.S, list(cases.columns), rows.where)
    names = [str(name) for name in cases.columns]
    coverage = pd.DataFrame(sample.patterns.coverage, index=names, columns=names)
    return GroupSample(
        label=rows.label,
        moments=sample.moments,
        rows=rows,
        incomplete=sample,
        findings=tuple(coverage_findings(coverage)),
    )
