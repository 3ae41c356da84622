"""What a reader of one survey platform has to provide.

In: the header of a file. Out: for each column its role and the ways in which its header
can be read; all else (matching, coding) is the same for every platform. A platform is
one module with one `Platform` value, listed in `kocsem.data.read.registry`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["question", "seconds", "origin", "ignored"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a header.

    Attributes
    ----------
    stem : str
        Words of the question; empty when the header does not show them.
    part : str, optional
        Title of a matrix row, or an option of a question with several answers.
    """

    stem: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes
    ----------
    position : int
        0-based position.
    header : str
        The header as it stands.
    role : {"question", "seconds", "origin", "ignored"}
        What the column holds.
    number : int, optional
        Number of the question on the platform; columns of one question share it.
    readings : tuple of Reading
        Ways to read the header, the likeliest first.
    """

    position: int
    header: str
    role: Role = "question"
    number: int | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """How the exports of one platform look.

    Attributes
    ----------
    name : str
        What a user writes to choose it.
    recognises : callable
        Header to bool: is this file an export of the platform?
    columns : callable
        Header to its columns.
    empty : frozenset of str
        Cells that mean "not answered", as `label_key` writes them.
    separators : str
        Characters that join the answers to a question with several.
    """

    name: str
    recognises: Callable[[Sequence[str]], bool]
    columns: Callable[[Sequence[str]], tuple[Column, ...]]
    empty: frozenset[str]
    separators: str
