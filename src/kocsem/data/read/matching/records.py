"""What the matching of columns comes to: which column answers what, and how surely.

In: columns and questions as other modules of this folder pair them. Out: frozen
records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kocsem.data.read.platform import Column
from kocsem.findings import Finding

#: How a column was matched, from the surest to the least sure.
How = Literal["mapping", "code", "words", "options", "likely"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a column answers.

    Attributes
    ----------
    code : str
        Code of an item or a question.
    option : int, optional
        Code of an option, where each option has its own column.
    """

    code: str
    option: int | None = None

    @property
    def name(self) -> str:
        """Name of the column of answers, such as ``"CA1"`` or ``"CAT_3"``."""
        return self.code if self.option is None else f"{self.code}_{self.option}"


@dataclass(frozen=True, slots=True)
class Match:
    """A column and what it answers.

    Attributes
    ----------
    target : Target
        What it answers.
    column : Column
        The column.
    how : {"mapping", "code", "words", "options", "likely"}
        The study file says so; the header is the code; the header has the words; the
        columns of one question show all its options; the header's words are much like
        those of this question and of no other.
    likeness : float
        1 unless the match is only likely: share of the words that agree, 0 to 1.
    """

    target: Target
    column: Column
    how: How
    likeness: float = 1.0

    @property
    def is_certain(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.how != "likely"


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column answers what.

    Attributes
    ----------
    matches : tuple of Match
        The columns that answer something known, in the file's order.
    strays : tuple of Column
        The columns that ask something and answer nothing known.
    findings : tuple of Finding
        What is not certain, and what was not read.
    """

    matches: tuple[Match, ...]
    strays: tuple[Column, ...]
    findings: tuple[Finding, ...]

    @property
    def targets(self) -> Mapping[Target, Column]:
        """What is answered, and where."""
        return {match.target: match.column for match in self.matches}
