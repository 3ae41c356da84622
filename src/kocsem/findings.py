"""The one type of remark, and the one type for a number that does not exist.

Instrument checks, screening, admissibility and assessment all speak in findings:
a report prints them, the command line turns the worst into its exit status, and a
reader quotes the code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]

_RANK: dict[Severity, int] = {"info": 0, "warning": 1, "error": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark that the reader of a report must know.

    Attributes
    ----------
    code : str
        Stable name in lower-case words joined by hyphens, such as
        ``"negative-variance"``; this is what a reader quotes.
    severity : {"info", "warning", "error"}
        ``"error"`` means that the numbers concerned must not be used.
    subject : str
        What the remark is about: an item, a parameter, a file and row.
    message : str
        One or two plain sentences: what, where, what to do.
    value, threshold : float or str, optional
        The number found and the limit it was held against.
    citation : str, optional
        Key in ``references.yml`` of the source of the threshold.
    """

    code: str
    severity: Severity
    subject: str
    message: str
    value: float | str | None = None
    threshold: float | str | None = None
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A number that does not exist, with the reason why.

    Attributes
    ----------
    reason : str
        A sentence that can be printed as a table note.
    """

    reason: str


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity among findings, or None when there are none.

    Parameters
    ----------
    findings : iterable of Finding
        The remarks to rank.

    Returns
    -------
    {"info", "warning", "error"} or None
        The worst severity.

    Examples
    --------
    >>> worst([Finding("a", "info", "x", "m"), Finding("b", "warning", "y", "m")])
    'warning'
    """
    return max((f.severity for f in findings), key=_RANK.__getitem__, default=None)
