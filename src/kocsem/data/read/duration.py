"""Time taken for an answer sheet, as platforms write it, to seconds.

In: cells such as ``212秒``, ``3分32秒``, ``0:03:32``, ``3 min 32 s`` or ``212``. Out:
seconds.
"""

import re
import unicodedata

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
