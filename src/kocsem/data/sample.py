"""From a frame of answers to the sample moments of each group.

In: what the user passed as data, the names in the model, and the columns that say how
the rows came about. Out: a `Sample`. Everything that would make the moments useless is
an error that names the items and the group.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.core.moments import Array
from kocsem.core.structure import Index
from kocsem.data.checks import (
    check_answered,
    listed,
    named_frame,
    numeric_columns,
    require_columns,
)
from kocsem.data.design import (
    Design,
    cluster_numbers,
    group_labels,
    group_numbers,
    row_weights,
)
from kocsem.data.group_sample import GroupSample, Rows, complete_group
from kocsem.errors import DataError
from kocsem.findings import Finding

Usable = Callable[[pd.DataFrame], tuple[np.ndarray, tuple[Finding, ...]]]
Build = Callable[[Rows], GroupSample]


@dataclass(frozen=True)
class Sample:
    """The data of a fit.

    Attributes
    ----------
    names : tuple of str
        Observed variables, in the order of the model.
    groups : tuple of GroupSample
        The groups, in order of first appearance.
    ntotal : int
        Rows that were offered, used or not.
    has_means : bool
        Whether means are known.
    findings : tuple of Finding
        What a reader must know of the rows.
    """

    names: tuple[str, ...]
    groups: tuple[GroupSample, ...]
    ntotal: int
    has_means: bool
    findings: tuple[Finding, ...]

    @property
    def n(self) -> float:
        """Number of cases of all groups; the sum of the weights, if any."""
        return sum(group.moments.n for group in self.groups)

    @property
    def has_cases(self) -> bool:
        """Whether the answers themselves are known."""
        return all(group.cases is not None for group in self.groups)


def complete_rows(numeric: pd.DataFrame) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Use the complete rows only.

    Parameters
    ----------
    numeric : DataFrame
        The model's columns.

    Returns
    -------
    used : ndarray of bool
        Which rows have every answer.
    findings : tuple of Finding
        How many have not.

    Raises
    ------
    DataError
        When nobody answered an item.
    """
    complete = ~np.isnan(numeric.to_numpy()).any(axis=1)
    left_out = int((~complete).sum())
    if not left_out:
        return complete, ()
    check_answered(numeric)
    return complete, (
        Finding(
            code="listwise-deletion",
            severity="info",
            subject="data",
            message=f"{left_out} of {len(numeric)} rows have a missing answer in the "
            "model's variables and were left out (listwise deletion).",
            value=left_out,
        ),
    )


def sample_from_frame(
    frame: pd.DataFrame,
    names: Sequence[str],
    design: Design | None = None,
    *,
    usable: Usable = complete_rows,
    build: Build = complete_group,
) -> Sample:
    """Compute the moments of a frame, group by group.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row; other columns are ignored.
    names : sequence of str
        Observed variables of the model.
    design : Design, optional
        Columns of groups, clusters and weights.
    usable : callable, optional
        Says which rows are used, and what a reader must know of the others; by default
        the complete ones.
    build : callable, optional
        Makes a group of its rows; by default from complete rows.

    Returns
    -------
    Sample
        With a finding when rows were left out.

    Raises
    ------
    DataError
        When the moments cannot carry a model; the message names the items.
    """
    frame, design = named_frame(frame), design or Design()
    require_columns(names, list(frame.columns), "data frame")
    numeric = numeric_columns(frame, names)
    labels = group_labels(frame, design.group)
    numbers, findings = group_numbers(frame, names, design.group, labels)
    kept = numbers >= 0
    chosen, remarks = usable(numeric if kept.all() else numeric[kept])
    kept[kept] = chosen
    weights, idle = row_weights(frame, design.weights, kept)
    if weights is not None:
        kept &= weights > 0
    clusters = cluster_numbers(frame, design.cluster, kept)
    groups = []
    for number, label in enumerate(labels):
        own = kept & (numbers == number)
        groups.append(build(_rows(label, numeric, own, weights, clusters)))
    return Sample(
        names=tuple(names),
        groups=tuple(groups),
        ntotal=len(numeric),
        has_means=True,
        findings=(
            *findings,
            *remarks,
            *idle,
            *(finding for group in groups for finding in group.findings),
        ),
    )


def _rows(
    label: str,
    numeric: pd.DataFrame,
    chosen: np.ndarray,
    weights: Array | None,
    clusters: Index | None,
) -> Rows:
    """Take out the rows of one group; their weights have mean 1, as in lavaan."""
    own = None
    if clusters is not None:
        _, own = np.unique(clusters[chosen], return_inverse=True)
        if not own.size or own.max() < 1:
            raise DataError(
                "There is only one cluster"
                f"{f' in group {label}' if label else ''}; cluster-robust standard "
                "errors need several."
            )
    return Rows(
        label=label,
        cases=numeric if chosen.all() else numeric[chosen],
        weights=None if weights is None else _scaled(weights[chosen]),
        clusters=None if own is None else own.astype(np.intp).ravel(),
    )


def _scaled(weights: Array) -> Array:
    """Give weights the mean 1."""
    return np.asarray(weights / weights.mean()) if weights.size else weights


def answered_rows(covariates: Sequence[str], *, alone: bool = True) -> Usable:
    """Use every row with an answer; covariates that are fixed must be known.

    Parameters
    ----------
    covariates : sequence of str
        Fixed exogenous variables.
    alone : bool, default True
        Whether a row with covariates alone counts as a case, as in lavaan with full
        information; it says nothing else.

    Returns
    -------
    callable
        Which rows are used, and findings about the others.
    """

    def usable(numeric: pd.DataFrame) -> tuple[np.ndarray, tuple[Finding, ...]]:
        seen = numeric.notna()
        known = seen[list(covariates)].all(axis=1).to_numpy()
        asked = seen if alone else seen.drop(columns=list(covariates))
        any_answer = asked.any(axis=1).to_numpy()
        without, silent = int((~known).sum()), int((known & ~any_answer).sum())
        remarks = []
        if without:
            remarks.append(
                Finding(
                    code="covariate-missing",
                    severity="info",
                    subject=listed([str(name) for name in covariates]),
                    message=f"{without} of {len(numeric)} rows have no value in a "
                    "covariate, which the model takes as given; they were left out. "
                    "With fixed_x=False they are kept.",
                    value=without,
                )
            )
        if silent:
            remarks.append(
                Finding(
                    code="rows-without-answers",
                    severity="info",
                    subject="data",
                    message=f"{silent} of {len(numeric)} rows have no answer to any of "
                    "the model's items; they were left out.",
                    value=silent,
                )
            )
        return known & any_answer, tuple(remarks)

    return usable
