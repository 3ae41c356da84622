"""Ordered items: their categories, their codes, and the moments of one group.

In: a frame, and the names of the items whose answers are ordered categories. Out: the
categories, a frame of codes 0..K-1, and a `GroupSample` with thresholds and polychoric
correlations. A category that nobody chose is a finding; one that a group lacks is an
error, because its threshold has no estimate there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kocsem.core.least_squares import unbiased
from kocsem.core.moments import SampleMoments, sample_moments
from kocsem.core.ordinal.moments import OrdinalMoments, ordinal_moments
from kocsem.core.structure import Index
from kocsem.data.checks import (
    check_covariance,
    check_variation,
    listed,
    numeric_columns,
    require_columns,
    require_single,
)
from kocsem.data.group_sample import GroupSample, Rows
from kocsem.errors import DataError
from kocsem.findings import Finding

MANY = 12  # categories beyond which lavaan warns


@dataclass(frozen=True)
class Coding:
    """The ordered items of a frame.

    Attributes
    ----------
    levels : tuple of (str, int)
        Number of categories by item.
    frame : DataFrame
        The frame with codes 0..K-1 in place of the answers to these items.
    findings : tuple of Finding
        Categories that nobody chose, and items with many.
    """

    levels: tuple[tuple[str, int], ...]
    frame: pd.DataFrame
    findings: tuple[Finding, ...]


def code_ordered(frame: pd.DataFrame, names: Sequence[str]) -> Coding:
    """Turn the answers to ordered items into codes.

    Parameters
    ----------
    frame : DataFrame
        One respondent a row.
    names : sequence of str
        The ordered items: numbers, or ordered categoricals.

    Returns
    -------
    Coding
        With the categories that occur in the data.

    Raises
    ------
    DataError
        When an item is lacking, has text, or fewer than two categories.
    """
    require_columns(names, list(frame.columns), "data frame")
    require_single(names, frame)
    categories = _categories(frame, names)
    codes, levels, findings = [], [], []
    numbers = _numbers(frame, names, categories)
    for name, values in numbers.items():
        missing = np.isnan(values)
        used = np.sort(pd.unique(values[~missing]))
        if used.size < 2:
            raise DataError(
                f"{name} has {used.size} different answers; an ordered item needs two "
                "categories or more. Take it out of the model."
            )
        if used.size > MANY:
            findings.append(_many(name, used.size))
        unused = _unused(categories.get(name), used)
        if unused:
            findings.append(_empty(name, unused, used.size))
        codes.append(np.where(missing, np.nan, np.searchsorted(used, values)))
        levels.append((name, int(used.size)))
    coded = pd.DataFrame(np.column_stack(codes), frame.index, list(numbers))
    return Coding(
        levels=tuple(levels),
        frame=pd.concat([frame.drop(columns=list(numbers)), coded], axis="columns"),
        findings=tuple(findings),
    )


def _categories(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, pd.Series]:
    """Return the items that hold pandas categories; these must have an order."""
    found = {}
    for name, kind in frame.dtypes.items():
        if isinstance(kind, pd.CategoricalDtype) and name in names:
            if not kind.ordered:
                raise DataError(
                    f"{name} is a categorical without an order. Give its categories an "
                    "order, or recode it to numbers."
                )
            found[str(name)] = frame[name]
    return found


def _numbers(
    frame: pd.DataFrame, names: Sequence[str], categories: Mapping[str, pd.Series]
) -> dict[str, np.ndarray]:
    """Return answers as numbers; a categorical's as places in its order."""
    plain = [name for name in names if name not in categories]
    numeric = numeric_columns(frame, plain).to_numpy() if plain else np.empty((0, 0))
    found = dict(zip(plain, numeric.T, strict=True))
    for name, column in categories.items():
        codes = column.cat.codes.to_numpy(dtype=float)
        found[name] = np.where(codes < 0, np.nan, codes)
    return {name: found[name] for name in names}


def _unused(categories: pd.Series | None, used: np.ndarray) -> list[str]:
    """List the categories between the lowest and the highest that nobody chose."""
    if categories is not None:
        labels = categories.cat.categories
        return [str(label) for i, label in enumerate(labels) if i not in used]
    if (used != np.round(used)).any():
        return []
    every = range(int(used[0]), int(used[-1]) + 1)
    return [str(value) for value in every if value not in used]


def _many(name: str, count: int) -> Finding:
    """Report an item with so many answers that it may not be one of categories."""
    return Finding(
        code="many-categories",
        severity="warning",
        subject=name,
        message=f"{name} has {count} different answers, many for an ordered item. If "
        "it is continuous, leave it out of ordered=.",
        value=count,
        threshold=MANY,
    )


def _empty(name: str, unused: list[str], count: int) -> Finding:
    """Report the categories that nobody chose."""
    return Finding(
        code="empty-category",
        severity="warning",
        subject=name,
        message=f"Nobody chose {listed(unused)} of {name}; the item was taken to have "
        f"the {count} categories that occur.",
        value=len(unused),
    )


def ordinal_group(
    levels: Sequence[tuple[str, int]], covariates: Sequence[str] = ()
) -> Callable[[Rows], GroupSample]:
    """Make the builder of groups with ordered items.

    Parameters
    ----------
    levels : sequence of (str, int)
        Number of categories of the ordered items.
    covariates : sequence of str, optional
        Columns that all others are taken given.

    Returns
    -------
    callable
        From rows of codes to a `GroupSample`; it raises `DataError` when a category is
        lacking in a group, or a correlation has no estimate.
    """
    known = dict(levels)

    def build(rows: Rows) -> GroupSample:
        names = [str(name) for name in rows.cases.columns]
        counts = np.array([known.get(name, 0) for name in names], dtype=np.intp)
        given = np.flatnonzero([name in covariates for name in names])
        _check_categories(rows, counts)
        _check_overlap(rows, names)
        _check_continuous(rows, counts, given)
        exogenous = covariate_moments(rows, given)
        if rows.clusters is not None:
            raise DataError(
                "cluster= is not offered together with ordered items; fit them as "
                "continuous with estimator='MLR'."
            )
        try:
            found = ordinal_moments(
                Y=rows.cases.to_numpy(),
                levels=counts,
                covariates=given,
                weights=rows.weights,
            )
        except np.linalg.LinAlgError:
            raise _without_estimate(rows, covariates) from None
        _check_boundary(rows, names, found)
        return GroupSample(
            label=rows.label,
            moments=_joint(found, exogenous),
            rows=rows,
            ordinal=found,
            findings=_empty_cells(rows, names, found),
        )

    return build


def covariate_moments(rows: Rows, given: Index) -> SampleMoments:
    """Compute the moments of the covariates, which a fit takes as they are.

    Parameters
    ----------
    rows : Rows
        The rows of a group.
    given : ndarray of int, shape (e,)
        Columns of the covariates.

    Returns
    -------
    SampleMoments
        With divisor n - 1, or n where cases are weighted, as in lavaan.

    Raises
    ------
    DataError
        When a covariate is constant, or follows from others.
    """
    cases = rows.cases.iloc[:, given]
    if not given.size:
        return SampleMoments(S=np.zeros((0, 0)), ybar=np.zeros(0), n=len(cases))
    check_variation(cases, rows.where)
    moments = sample_moments(Y=cases.to_numpy(), weights=rows.weights)
    check_covariance(moments.S, list(cases.columns), rows.where)
    return moments if rows.weights is not None else unbiased(moments=moments)


def _joint(found: OrdinalMoments, covariates: SampleMoments) -> SampleMoments:
    """Put what is known given the covariates together with these."""
    B = found.slopes
    return SampleMoments(
        S=found.S + B @ covariates.S @ B.T,
        ybar=found.ybar + B @ covariates.ybar,
        n=found.n,
    )


def _without_estimate(rows: Rows, covariates: Sequence[str]) -> DataError:
    """Say why there are no moments."""
    given = ""
    if covariates:
        given = (
            f" Look also whether {listed(list(covariates))} parts the categories of an "
            "item from each other, so that a slope has no estimate."
        )
    return DataError(
        f"The thresholds and correlations{rows.where} have no covariance matrix from "
        f"{len(rows.cases)} rows. Collect more answers, or use fewer items.{given}"
    )


def _check_categories(rows: Rows, counts: np.ndarray) -> None:
    """Refuse a group that lacks a category which others have."""
    columns = zip(rows.cases.columns, counts, rows.cases.to_numpy().T, strict=True)
    for name, count, column in columns:
        values = column[~np.isnan(column)]
        if count:
            chosen = np.count_nonzero(np.bincount(values.astype(np.intp)))
            if chosen < count:
                raise DataError(
                    f"{name} has {count} categories, but only {chosen} of them occur "
                    f"in the rows that are used{rows.where}. Collapse categories that "
                    "are hardly chosen before fitting."
                )
        elif not values.size or np.ptp(values) == 0:
            raise DataError(
                f"Constant{rows.where}: {name}. Everybody gave the same answer, so "
                "there is nothing to explain; take the item out of the model."
            )


def _check_overlap(rows: Rows, names: list[str]) -> None:
    """Refuse pairs of items that nobody answered both."""
    seen = rows.cases.notna().to_numpy(dtype=float)
    pairs = np.argwhere(np.triu(seen.T @ seen == 0))
    if pairs.size:
        shown = listed([f"{names[i]} and {names[j]}" for i, j in pairs])
        raise DataError(
            f"Nobody{rows.where} answered both {shown}, so that their correlation has "
            "no estimate. Take one of the items out."
        )


def _check_continuous(rows: Rows, counts: np.ndarray, given: Index) -> None:
    """Refuse continuous variables that take two values only, but as covariates."""
    outcome = counts == 0
    outcome[given] = False
    values = rows.cases.loc[:, outcome].nunique()
    two = [str(name) for name in values.index[values == 2]]
    if two:
        raise DataError(
            f"{listed(two)} takes two values only{rows.where}, which leave no room for "
            "a mean and a variance beside ordered items. Name it in ordered=."
        )


def _check_boundary(rows: Rows, names: list[str], found: OrdinalMoments) -> None:
    """Refuse pairs of items whose correlation has no estimate inside (-1, 1)."""
    pairs = np.argwhere(np.triu(found.boundary, 1))
    if pairs.size:
        shown = listed([f"{names[i]} and {names[j]}" for i, j in pairs])
        raise DataError(
            f"No case{rows.where} contradicts a perfect correlation of {shown}, so "
            "that it has no estimate. Take one of the items out, or collapse "
            "categories."
        )


def _empty_cells(
    rows: Rows, names: list[str], found: OrdinalMoments
) -> tuple[Finding, ...]:
    """Report pairs of items whose two-way table has an empty cell."""
    pairs = np.argwhere(np.triu(found.empty, 1))
    if not pairs.size:
        return ()
    shown = listed([f"{names[i]} and {names[j]}" for i, j in pairs], limit=3)
    return (
        Finding(
            code="empty-cells",
            severity="info",
            subject="data",
            message=f"{len(pairs)} pairs of items{rows.where} have answers that never "
            f"occur together: {shown}. Their polychoric correlations rest on fewer "
            "cells.",
            value=len(pairs),
        ),
    )
