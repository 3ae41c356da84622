"""The columns that say how the rows came about: groups, clusters, weights.

In: a frame and the names of such columns. Out: numbers of groups and clusters, and
weights, row by row. A row without a group or with the weight 0 is a finding, a row
without a cluster or weight an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.core.moments import Array
from kocsem.core.structure import Index
from kocsem.data.checks import named_frame, numeric_columns, require_columns
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
    _, values = _levels(named_frame(frame), column, "group")
    labels = tuple(dict.fromkeys(_text(value) for value in values))
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
    require_columns([name], list(frame.columns), "data frame", f"{what}= names")
    column = frame[name]
    if isinstance(column, pd.DataFrame):
        raise DataError(f"The data have more than one column named {name}.")
    return column


def _levels(frame: pd.DataFrame, name: str, what: str) -> tuple[Index, pd.Index]:
    """Return the values of a column, and each row's place among them or -1."""
    column = _column(frame, name, what)
    try:
        numbers, values = pd.factorize(column)
    except TypeError:
        raise DataError(
            f"{what}={name!r} holds values that cannot be told apart, such as "
            f"{column.iloc[0]!r}. Recode the column to numbers or texts."
        ) from None
    return np.asarray(numbers, dtype=np.intp), pd.Index(values)


def group_numbers(
    frame: pd.DataFrame, names: Sequence[str], group: str | None, labels: Sequence[str]
) -> tuple[Index, tuple[Finding, ...]]:
    """Find each row's group.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row.
    names : sequence of str
        Observed variables of the model.
    group : str or None
        Column of the groups.
    labels : sequence of str
        The groups.

    Returns
    -------
    numbers : ndarray of int, shape (n,)
        Place among the labels, -1 without a group.
    findings : tuple of Finding
        How many rows have none.

    Raises
    ------
    DataError
        When the column is a variable of the model as well.
    """
    if group is None:
        return np.zeros(len(frame), dtype=np.intp), ()
    if group in names:
        raise DataError(
            f"{group} is the group and a variable of the model as well; within a "
            "group it is constant. Take it out of the model."
        )
    at = {label: i for i, label in enumerate(labels)}
    codes, values = _levels(frame, group, "group")
    # a row without a value has the code -1 and takes the last number
    numbers = np.array([*(at[_text(value)] for value in values), -1])[codes]
    lost = int((numbers < 0).sum())
    if not lost:
        return numbers, ()
    return numbers, (
        Finding(
            code="group-unknown",
            severity="warning",
            subject=group,
            message=f"{lost} of {len(frame)} rows have no value in {group} and belong "
            "to no group; they were left out.",
            value=lost,
        ),
    )


def row_weights(
    frame: pd.DataFrame, name: str | None, kept: np.ndarray
) -> tuple[Array | None, tuple[Finding, ...]]:
    """Read sampling weights.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row.
    name : str or None
        Column of the weights.
    kept : ndarray of bool, shape (n,)
        Rows that are used; the weights of others do not matter.

    Returns
    -------
    weights : ndarray of shape (n,) or None
        As they stand in the column; None without one.
    findings : tuple of Finding
        How many rows that are used have the weight 0.

    Raises
    ------
    DataError
        When a weight is missing or negative, or all are zero.
    """
    if name is None:
        return None, ()
    column = _column(frame, name, "sampling_weights")
    weights = numeric_columns(frame[[name]], [name]).to_numpy()[:, 0]
    bad = kept & (np.isnan(weights) | (weights < 0))
    if bad.any():
        first = column.index[np.flatnonzero(bad)[0]]
        raise DataError(
            f"sampling_weights={name!r} has a missing or negative weight at row "
            f"{first!r} ({int(bad.sum())} such). Give every row a weight, or take the "
            "row out."
        )
    idle = int((weights[kept] == 0).sum())
    if not idle:
        return weights, ()
    if idle == kept.sum():
        raise DataError(
            f"All weights in {name} are zero. Give every row that counts a weight."
        )
    return weights, (
        Finding(
            code="zero-weight",
            severity="info",
            subject=name,
            message=f"{idle} of {len(frame)} rows have the weight 0 in {name}; they "
            "were left out, and do not count as cases.",
            value=idle,
        ),
    )


def cluster_numbers(
    frame: pd.DataFrame, name: str | None, kept: np.ndarray
) -> Index | None:
    """Find each row's cluster.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row.
    name : str or None
        Column of the clusters.
    kept : ndarray of bool, shape (n,)
        Rows that are used; the clusters of others do not matter.

    Returns
    -------
    ndarray of int, shape (n,), or None
        Running number of the cluster; None without a column.

    Raises
    ------
    DataError
        When a cluster is missing.
    """
    if name is None:
        return None
    numbers, _ = _levels(frame, name, "cluster")
    lost = kept & (numbers < 0)
    if lost.any():
        first = frame.index[np.flatnonzero(lost)[0]]
        raise DataError(
            f"cluster={name!r} is missing at row {first!r} ({int(lost.sum())} such). "
            "Every row needs a cluster; give lone respondents a cluster of their own, "
            "or take the rows out."
        )
    return numbers
