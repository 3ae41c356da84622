"""From a frame of answers to the sample moments of each group.

In: what the user passed as data, the names in the model, and the columns that say how
the rows came about. Out: a `Sample`. Everything that would make the moments useless is
an error that names the items and the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.core.moments import Array, SampleMoments, sample_moments
from kocsem.core.structure import Index
from kocsem.data.checks import (
    check_cases,
    check_covariance,
    numeric_columns,
    require_columns,
)
from kocsem.errors import DataError
from kocsem.findings import Finding


@dataclass(frozen=True, slots=True)
class Design:
    """The columns that say how the rows came about.

    Attributes
    ----------
    group : str or None
        Column of the groups that the model is fitted in.
    cluster : str or None
        Column of the clusters in which the rows were drawn together.
    weights : str or None
        Column of sampling weights.
    """

    group: str | None = None
    cluster: str | None = None
    weights: str | None = None


@dataclass(frozen=True)
class GroupSample:
    """The data of one group.

    Attributes
    ----------
    label : str
        The group's name; empty where there is one group.
    moments : SampleMoments
        Its moments.
    cases : DataFrame or None
        The rows that were used, columns as in the model, the caller's index; None when
        only a covariance matrix is known.
    weights : ndarray of shape (n,) or None
        Sampling weights, with mean 1 over all groups.
    clusters : ndarray of int, shape (n,), or None
        Number of each row's cluster within the group, 0..c-1.
    """

    label: str
    moments: SampleMoments
    cases: pd.DataFrame | None = None
    weights: Array | None = None
    clusters: Index | None = None


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


def sample_from_frame(
    frame: pd.DataFrame, names: Sequence[str], design: Design = Design()
) -> Sample:
    """Compute the moments of the complete rows of a frame, group by group.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row; other columns are ignored.
    names : sequence of str
        Observed variables of the model.
    design : Design, optional
        Columns of groups, clusters and weights.

    Returns
    -------
    Sample
        With a finding when rows with missing answers were left out.

    Raises
    ------
    DataError
        When the moments cannot carry a model; the message names the items.
    """
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            f"data must be a pandas DataFrame, not {type(frame).__name__}. For a "
            "matrix, pass sample_cov= and sample_nobs=."
        )
    known = [str(c) for c in frame.columns]
    require_columns(names, known, "data frame")
    numeric = numeric_columns(frame, names)
    labels, findings = _labels(frame, names, design)
    complete = ~np.isnan(numeric.to_numpy()).any(axis=1)
    usable = labels >= 0
    left_out = int((usable & ~complete).sum())
    if left_out:
        findings = (*findings, _listwise(left_out, len(numeric)))
    kept = usable & complete
    weights = _weights(frame, design, kept)
    clusters = _clusters(frame, design, kept)
    groups = tuple(
        _group(label, numeric, kept & (labels == number), weights, clusters)
        for number, label in enumerate(group_labels(frame, design.group))
    )
    return Sample(
        names=tuple(names),
        groups=groups,
        ntotal=len(numeric),
        has_means=True,
        findings=findings,
    )


def _listwise(left_out: int, offered: int) -> Finding:
    """Report the rows that listwise deletion left out."""
    return Finding(
        code="listwise-deletion",
        severity="info",
        subject="data",
        message=f"{left_out} of {offered} rows have a missing answer in the model's "
        "variables and were left out (listwise deletion).",
        value=left_out,
    )


def group_labels(frame: pd.DataFrame, column: str | None) -> tuple[str, ...]:
    """List the groups of a frame in order of first appearance.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row.
    column : str or None
        Column of the groups.

    Returns
    -------
    tuple of str
        One empty label without a column.

    Raises
    ------
    DataError
        When there is no such column, or fewer than two groups in it.
    """
    if column is None:
        return ("",)
    values = _column(frame, column, "group")
    labels = tuple(dict.fromkeys(_text(value) for value in values.dropna()))
    if len(labels) < 2:
        raise DataError(
            f"group={column!r} has {len(labels)} different values; two groups or more "
            "are needed. Leave group= out to fit one model to all rows."
        )
    return labels


def _text(value: object) -> str:
    """Write a group's name; 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _column(frame: pd.DataFrame, name: str, what: str) -> pd.Series:
    """Return a column of the design."""
    if not isinstance(name, str):
        raise DataError(f"{what}= takes the name of one column, not {name!r}.")
    require_columns([name], [str(c) for c in frame.columns], "data frame")
    column = frame[name]
    if isinstance(column, pd.DataFrame):
        raise DataError(f"The data have more than one column named {name}.")
    return column


def _labels(
    frame: pd.DataFrame, names: Sequence[str], design: Design
) -> tuple[Index, tuple[Finding, ...]]:
    """Return each row's group number, -1 without one, and what to say of it."""
    if design.group is None:
        return np.zeros(len(frame), dtype=np.intp), ()
    if design.group in names:
        raise DataError(
            f"{design.group} is the group and a variable of the model as well; within "
            "a group it is constant. Take it out of the model."
        )
    at = {label: i for i, label in enumerate(group_labels(frame, design.group))}
    column = _column(frame, design.group, "group")
    numbers = np.array(
        [-1 if pd.isna(value) else at[_text(value)] for value in column],
        dtype=np.intp,
    )
    lost = int((numbers < 0).sum())
    if not lost:
        return numbers, ()
    return numbers, (
        Finding(
            code="group-unknown",
            severity="warning",
            subject=design.group,
            message=f"{lost} of {len(frame)} rows have no value in {design.group} and "
            "belong to no group; they were left out.",
            value=lost,
        ),
    )


def _weights(frame: pd.DataFrame, design: Design, kept: np.ndarray) -> Array | None:
    """Return the weights of all rows, with mean 1 over those that are used."""
    if design.weights is None:
        return None
    column = _column(frame, design.weights, "sampling_weights")
    weights = numeric_columns(frame[[design.weights]], [design.weights]).to_numpy()[
        :, 0
    ]
    bad = kept & (np.isnan(weights) | (weights < 0))
    if bad.any():
        first = column.index[np.flatnonzero(bad)[0]]
        raise DataError(
            f"sampling_weights={design.weights!r} has a missing or negative weight at "
            f"row {first!r} ({int(bad.sum())} such). Give every row a weight, or take "
            "the row out."
        )
    total = float(weights[kept].sum())
    if total <= 0:
        raise DataError(f"All weights in {design.weights} are zero.")
    return np.asarray(weights / total * kept.sum())


def _clusters(frame: pd.DataFrame, design: Design, kept: np.ndarray) -> Index | None:
    """Return the number of each row's cluster."""
    if design.cluster is None:
        return None
    column = _column(frame, design.cluster, "cluster")
    numbers, _ = pd.factorize(column)
    lost = kept & (numbers < 0)
    if lost.any():
        first = column.index[np.flatnonzero(lost)[0]]
        raise DataError(
            f"cluster={design.cluster!r} is missing at row {first!r} "
            f"({int(lost.sum())} such). Every row needs a cluster; give lone "
            "respondents a cluster of their own, or take the rows out."
        )
    return np.asarray(numbers, dtype=np.intp)


def _group(
    label: str,
    numeric: pd.DataFrame,
    chosen: np.ndarray,
    weights: Array | None,
    clusters: Index | None,
) -> GroupSample:
    """Compute the moments of one group."""
    cases = numeric if chosen.all() else numeric[chosen]
    own = None if clusters is None else np.unique(clusters[chosen], return_inverse=True)
    if own is not None and own[0].size < 2:
        raise DataError(
            f"There is only one cluster{_of(label)}; cluster-robust standard errors "
            "need several."
        )
    check_cases(cases, _of(label))
    kept = None if weights is None else weights[chosen]
    moments = sample_moments(Y=cases.to_numpy(), weights=kept)
    check_covariance(moments.S, list(numeric.columns), _of(label))
    return GroupSample(
        label=label,
        moments=moments,
        cases=cases,
        weights=kept,
        clusters=None if own is None else np.asarray(own[1], dtype=np.intp).ravel(),
    )


def _of(label: str) -> str:
    """Name the group in a message, if there is more than one."""
    return f" in group {label}" if label else ""
