"""What a data source must hold before a model can rest on it, in plain words.

In: frames and matrices as a user passed them. Out: the model's columns as floats, or a
`DataError` that names the items: a missing column, text, a constant item, identical
items, fewer cases than items, a matrix that is not a covariance matrix.
"""

from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from kocsem.core.moments import Array
from kocsem.errors import DataError

SINGULAR = 1e-10
FIRST = 64  # answers in which columns must agree before they are compared in full


def listed(names: Sequence[str], limit: int = 8) -> str:
    """Join names for a message, shortening a long list."""
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def named_frame(data: pd.DataFrame) -> pd.DataFrame:
    """Return a user's data with texts for column names; refuse what is no frame."""
    if not isinstance(data, pd.DataFrame):
        raise DataError(
            f"data must be a pandas DataFrame, not {type(data).__name__}. For a "
            "matrix, pass sample_cov= and sample_nobs=."
        )
    if all(isinstance(column, str) for column in data.columns):
        return data
    return data.set_axis([str(column) for column in data.columns], axis="columns")


def require_columns(
    names: Sequence[str], known: Sequence[str], what: str, asker: str = "the model uses"
) -> None:
    """Raise when the data lack a column that the model, or an option, asks for."""
    missing = [name for name in names if name not in known]
    if not missing:
        return
    folded = {column.casefold(): column for column in reversed(known)}
    hints = []
    for name in missing:
        near = get_close_matches(name.casefold(), folded, n=1)
        hints.append(f"{name} (nearest column: {folded[near[0]]})" if near else name)
    raise DataError(
        f"The {what} has no column for {listed(hints)}, which {asker}. Check the "
        "spelling, or rename the columns."
    )


def require_single(names: Sequence[str], frame: pd.DataFrame) -> None:
    """Raise when a variable of the model stands in the frame twice."""
    if frame.columns.is_unique:
        return
    repeated = frame.columns[frame.columns.duplicated()].unique()
    twice = [str(name) for name in repeated if name in names]
    if twice:
        raise DataError(f"The data have more than one column named {listed(twice)}.")


def numeric_columns(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the model's columns as floats."""
    require_single(names, frame)
    at = {label: place for place, label in enumerate(frame.columns.tolist())}
    chosen = frame.take([at[name] for name in names], axis="columns")
    if all(is_numeric_dtype(kind) and kind.kind != "c" for kind in set(chosen.dtypes)):
        # taken columns may share the caller's memory, so that the one copy is made here
        values = chosen.to_numpy(dtype=float, na_value=np.nan, copy=True)
        numeric = pd.DataFrame(values, frame.index, chosen.columns, copy=False)
    else:
        _check_kinds(chosen)
        numeric = _parsed(chosen)
    endless = np.isinf(numeric.to_numpy()).any(axis=0)
    infinite = [name for name, found in zip(names, endless, strict=True) if found]
    if infinite:
        raise DataError(f"Infinite values in {listed(infinite)}.")
    return numeric


def _check_kinds(chosen: pd.DataFrame) -> None:
    """Refuse dates, times and complex numbers, which would pass for floats."""
    strange = [
        f"{name} ({kind})"
        for name, kind in chosen.dtypes.items()
        if kind.kind in "cmM" or isinstance(kind, pd.PeriodDtype)
    ]
    if strange:
        raise DataError(
            f"No answers in numbers: {listed(strange)}. Recode the column, a date to "
            "days for instance, first."
        )


def _parsed(chosen: pd.DataFrame) -> pd.DataFrame:
    """Turn numbers that are stored as text into floats."""
    columns = {}
    for name in chosen.columns:
        column = chosen[name]
        try:
            columns[name] = pd.to_numeric(column).astype(float)
        except (ValueError, TypeError):
            numbers = pd.to_numeric(column, errors="coerce")
            bad = column[numbers.isna() & column.notna()]
            raise DataError(
                f"Column {name} holds text: {str(bad.iloc[0])[:40]!r} at row "
                f"{bad.index[0]!r} ({len(bad)} such). Recode it to numbers first."
            ) from None
    return pd.DataFrame(columns, index=chosen.index)


def check_answered(numeric: pd.DataFrame, where: str = "") -> None:
    """Refuse items that nobody answered."""
    empty = np.isnan(numeric.to_numpy()).all(axis=0)
    if empty.any():
        names = [str(name) for name in numeric.columns[empty]]
        raise DataError(
            f"Nobody answered{where}: {listed(names)}. There is nothing to explain; "
            "take the item out of the model."
        )


def check_cases(complete: pd.DataFrame, where: str = "") -> None:
    """Refuse too few rows, constant items and identical items."""
    n, p = complete.shape
    if n <= p:
        raise DataError(
            f"{n} complete rows{where} are too few for {p} variables: their "
            "covariance matrix is singular. Collect more answers, or use fewer items."
        )
    check_variation(complete, where)


def check_variation(answers: pd.DataFrame, where: str = "") -> None:
    """Refuse constant items and identical items; some answers may be missing."""
    values = answers.to_numpy()
    spread = np.fmax.reduce(values, axis=0) - np.fmin.reduce(values, axis=0)
    constant = [str(c) for c, s in zip(answers.columns, spread, strict=True) if s == 0]
    if constant:
        raise DataError(
            f"Constant{where}: {listed(constant)}. Everybody gave the same answer, so "
            "there is nothing to explain; take the item out of the model."
        )
    twins = _twins(values)
    if twins:
        names = " and ".join(str(answers.columns[j]) for j in twins)
        raise DataError(
            f"{names} hold identical answers{where}. Check whether one column was "
            "copied twice; a model cannot use both."
        )


def _twins(values: Array) -> tuple[int, int] | None:
    """Find two columns that are the same."""
    seen: defaultdict[bytes, list[int]] = defaultdict(list)
    for j, column in enumerate(values.T):
        alike = seen[column[:FIRST].tobytes()]
        for i in alike:
            if np.array_equal(values[:, i], column, equal_nan=True):
                return i, j
        alike.append(j)
    return None


def check_covariance(S: Array, names: Sequence[str], where: str = "") -> None:
    """Refuse a matrix that is not positive definite, naming what is dependent."""
    sd = np.sqrt(np.diag(S))
    values, vectors = np.linalg.eigh(S / np.outer(sd, sd))
    if values[0] > SINGULAR:
        return
    weights = np.abs(vectors[:, 0])
    involved = [names[i] for i in np.argsort(-weights) if weights[i] > 0.1]
    raise DataError(
        f"The covariance matrix{where} is not positive definite (smallest eigenvalue "
        f"of the correlations {values[0]:.3g}). The dependence lies among "
        f"{listed(involved)}: look for a sum of other columns, or a typing error in a "
        "printed matrix."
    )
