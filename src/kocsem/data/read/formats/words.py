"""Values of a file as the text that a CSV would hold, and lists for messages.

In: what a library returns for a cell. Out: text: ``"4"`` for 4.0, dates as ISO 8601,
durations as h:mm:ss.
"""

from collections.abc import Hashable, Sequence
from datetime import date, datetime, time, timedelta

_LISTED = 8


def cell_text(value: Hashable) -> str:
    """Write a cell as the text that a CSV would hold.

    Parameters
    ----------
    value : hashable
        None, text, a number, a bool, a date, a time or a duration.

    Returns
    -------
    str
        The text. A date without a time of day stays a date, so that an answer "1-2"
        that a spreadsheet turned into the second of January is no number.

    Examples
    --------
    >>> cell_text(4.0), cell_text(date(2025, 1, 2)), cell_text(True), cell_text(None)
    ('4', '2025-01-02', 'TRUE', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def listed(things: Sequence[object]) -> str:
    """Name the first of some things.

    Parameters
    ----------
    things : sequence
        Row numbers, places, names.

    Returns
    -------
    str
        Joined by commas; dots stand for those beyond the eighth.

    Examples
    --------
    >>> listed([2, 3]), listed(range(9))
    ('2, 3', '0, 1, 2, 3, 4, 5, 6, 7 ...')
    """
    more = " ..." if len(things) > _LISTED else ""
    return ", ".join(map(str, things[:_LISTED])) + more


def counted(number: int, thing: str) -> str:
    """Write a number of things.

    Parameters
    ----------
    number : int
        How many.
    thing : str
        One of them, in English.

    Returns
    -------
    str
        With the plural where it is due.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
