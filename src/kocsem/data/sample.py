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
from kocsem.data.checks import listed, numeric_columns, require_columns
from kocsem.data.group_sample import GroupSample, Rows, complete_group
from kocsem.errors import DataError
from kocsem.findings import Finding

Usable = Callable[[pd.DataFrame], tuple[np.ndarray, tuple[Finding, ...]]]
Build = Callable[[Rows], GroupSample]


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
    """
    complete = ~np.isnan(numeric.to_numpy()).any(axis=1)
    left_out = int((~complete).sum())
    if not left_out:
        return complete, ()
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
    design: Design = Design(),
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
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            f"data must be a pandas DataFrame, not {type(frame).__name__}. For a "
            "matrix, pass sample_cov= and sample_nobs=."
        )
    require_columns(names, [str(c) for c in frame.columns], "data frame")
    numeric = numeric_columns(frame, names)
    labels = group_labels(frame, design.group)
    numbers, findings = _numbers(frame, names, design.group, labels)
    kept = numbers >= 0
    chosen, remarks = usable(numeric if kept.all() else numeric[kept])
    kept[kept] = chosen
    weights = _weights(frame, design.weights, kept)
    clusters = _clusters(frame, design.cluster, kept)
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
            *(finding for group in groups for finding in group.findings),
        ),
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
    labels = tuple(dict.fromkeys(_text(value) for value in values.dropna().unique()))
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


def _numbers(
    frame: pd.DataFrame, names: Sequence[str], group: str | None, labels: Sequence[str]
) -> tuple[Index, tuple[Finding, ...]]:
    """Return each row's group number, -1 without one, and what to say of it."""
    if group is None:
        return np.zeros(len(frame), dtype=np.intp), ()
    if group in names:
        raise DataError(
            f"{group} is the group and a variable of the model as well; within a "
            "group it is constant. Take it out of the model."
        )
    at = {label: i for i, label in enumerate(labels)}
    codes, values = pd.factorize(_column(frame, group, "group"))
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


def _weights(frame: pd.DataFrame, name: str | None, kept: np.ndarray) -> Array | None:
    """Return the weights of all rows, with mean 1 over those that are used."""
    if name is None:
        return None
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
    total = float(weights[kept].sum())
    if total <= 0:
        raise DataError(f"All weights in {name} are zero.")
    return np.asarray(weights / total * kept.sum())


def _clusters(frame: pd.DataFrame, name: str | None, kept: np.ndarray) -> Index | None:
    """Return the number of each row's cluster."""
    if name is None:
        return None
    column = _column(frame, name, "cluster")
    numbers, _ = pd.factorize(column)
    lost = kept & (numbers < 0)
    if lost.any():
        first = column.index[np.flatnonzero(lost)[0]]
        raise DataError(
            f"cluster={name!r} is missing at row {first!r} ({int(lost.sum())} such). "
            "Every row needs a cluster; give lone respondents a cluster of their own, "
            "or take the rows out."
        )
    return np.asarray(numbers, dtype=np.intp)


def _rows(
    label: str,
    numeric: pd.DataFrame,
    chosen: np.ndarray,
    weights: Array | None,
    clusters: Index | None,
) -> Rows:
    """Take out the rows of one group; a row of weight zero says nothing."""
    if weights is not None:
        chosen = chosen & (weights > 0)
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
        weights=None if weights is None else weights[chosen],
        clusters=None if own is None else own.astype(np.intp).ravel(),
    )


def answered_rows(covariates: Sequence[str]) -> Usable:
    """Use every row with an answer; covariates that are fixed must be known.

    A row with covariates alone counts as a case, as in lavaan; it says nothing else.

    Parameters
    ----------
    covariates : sequence of str
        Fixed exogenous variables.

    Returns
    -------
    callable
        Which rows are used, and findings about the others.
    """

    def usable(numeric: pd.DataFrame) -> tuple[np.ndarray, tuple[Finding, ...]]:
        seen = numeric.notna()
        known = seen[list(covariates)].all(axis=1).to_numpy()
        any_answer = seen.any(axis=1).to_numpy()
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
