"""Time taken for an answer sheet, as platforms write it, to seconds.

In: cells such as ``212秒``, ``3分32秒``, ``0:03:32``, ``3 min 32 s`` or ``212``, or the
moments at which a sheet was begun and handed in. Out: seconds.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kocsem.data.read.cells import FloatArray, Mask, RawTable
from kocsem.data.read.platform import Column, filled_column
from kocsem.data.read.text import number_in

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:\.\d+)?")
_UNITS = {
    86400: "天|days?|d",
    3600: "小时|时|hours?|hrs?|h",
    60: "分钟|分|minutes?|mins?|m",
    1: "秒钟|秒|seconds?|secs?|s",
}
_WORDED = re.compile(
    "".join(rf"(?:(\d+(?:\.\d+)?)(?:{names}))?" for names in _UNITS.values())
)

_NAMES = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTHS = {name: month for month, name in enumerate(_NAMES, start=1)}
_MOMENT = re.compile(
    r"(?:(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{1,2})-([A-Za-z]{3})-(\d{4}))[T ]+"
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?P<zone>Z|[-+]\d{2}:?\d{2})?"
)


def seconds_in(cell: str) -> float | None:
    """Read a duration.

    Parameters
    ----------
    cell : str
        The cell as it stands.

    Returns
    -------
    float or None
        Seconds, or None when the cell is no duration.

    Examples
    --------
    >>> seconds_in("212秒"), seconds_in("3分32秒"), seconds_in("00:03:32")
    (212.0, 212.0, 212.0)
    """
    text = "".join(unicodedata.normalize("NFKC", cell).casefold().split())
    number = number_in(text)
    if number is not None:
        return number if number >= 0 else None
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(3600 * hours + 60 * minutes + seconds)
    worded = _WORDED.fullmatch(text)
    if not text or not worded:
        return None
    parts = zip(_UNITS, worded.groups(), strict=True)
    return sum(unit * float(amount) for unit, amount in parts if amount)


def moment_in(cell: str) -> float | None:
    """Read a date with a time.

    Parameters
    ----------
    cell : str
        The cell as it stands: ISO 8601, with or without a zone, with ``/`` for ``-``,
        or ``02-Feb-2021 20:26:58``. Without a zone it counts as one of UTC.

    Returns
    -------
    float or None
        Seconds since 1970, or None when the cell is no moment.

    Examples
    --------
    >>> moment_in("2025/9/1 12:03:32") - moment_in("2025-09-01T12:00:00")
    212.0
    """
    if not (parts := _MOMENT.fullmatch(cell.strip())):
        return None
    year, month, day, name_day, name, name_year = parts.groups()[:6]
    if name:
        year, month, day = name_year, str(_MONTHS.get(name.casefold(), 0)), name_day
    clock, zone = parts["clock"], (parts["zone"] or "+00:00").replace("Z", "+00:00")
    try:
        text = f"{year}-{int(month):02}-{int(day):02}T{_full(clock)}{zone}"
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def _has_zone(cell: str) -> bool:
    parts = _MOMENT.fullmatch(cell.strip())
    return parts is not None and parts["zone"] is not None


def _full(clock: str) -> str:
    """Write a time of day with two digits for every part."""
    return ":".join(part.zfill(2) for part in (*clock.split(":"), "0")[:3])


@dataclass(frozen=True, slots=True)
class Durations:
    """The time taken for each answer sheet.

    Attributes
    ----------
    header : str
        Header of the column it was read from.
    seconds : float array of shape (n,)
        The time; NaN where it is not known.
    unread : bool array of shape (n,)
        Where something stands in the file that could not be read.
    """

    header: str
    seconds: FloatArray
    unread: Mask


def durations(table: RawTable, columns: Sequence[Column]) -> Durations | None:
    """Read the time taken, or count it from the moments of beginning and end.

    Parameters
    ----------
    table : RawTable
        The file.
    columns : sequence of Column
        Its columns.

    Returns
    -------
    Durations or None
        From the first column with role ``"seconds"`` that is not empty, else from the
        columns with roles ``"began"`` and ``"ended"``; None when there are none.
    """
    if (column := filled_column(table, columns, "seconds")) is not None:
        cells = table.columns[column.position]
        seconds = cells.numbers(seconds_in)
        return Durations(column.header, seconds, np.isnan(seconds) & cells.where(bool))
    began = filled_column(table, columns, "began")
    ended = filled_column(table, columns, "ended")
    if began is None or ended is None:
        return None
    first, last = table.columns[began.position], table.columns[ended.position]
    seconds = last.numbers(moment_in) - first.numbers(moment_in)
    seconds[seconds < 0] = np.nan
    seconds[first.where(_has_zone) != last.where(_has_zone)] = np.nan
    told = first.where(bool) & last.where(bool)
    return Durations(ended.header, seconds, np.isnan(seconds) & told)
