"""What a reader of one survey platform has to provide.

In: the cells of a file. Out: for each column its role and the ways in which its header
can be read, and the rows that hold answers; all else (matching, coding) is the same for
every platform. A platform is one module with one `Platform` value, listed in
`kocsem.data.read.registry`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kocsem.data.read.cells import RawTable
from kocsem.findings import Finding

Role = Literal["question", "seconds", "origin", "source", "ignored"]


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
    role : {"question", "seconds", "origin", "source", "ignored"}
        What the column holds: an answer, the time taken, the device or address, the
        channel through which the sheet came in, or nothing that is read.
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
class Layout:
    """A file as its platform means it.

    Attributes
    ----------
    table : RawTable
        The answers: further header rows and trial answers are taken out.
    columns : tuple of Column
        One for each header.
    findings : tuple of Finding
        What was taken out, and why.
    """

    table: RawTable
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """How the exports of one platform look.

    Attributes
    ----------
    name : str
        What a user writes to choose it.
    recognises : callable
        Table to bool: is this file an export of the platform?
    layout : callable
        Table to its layout.
    empty : frozenset of str
        Cells that mean "not answered", as `label_key` writes them.
    separators : str
        Characters that join the answers to a question with several.
    """

    name: str
    recognises: Callable[[RawTable], bool]
    layout: Callable[[RawTable], Layout]
    empty: frozenset[str]
    separators: str
