"""A table is data: typed cells, headings and notes in two languages, nothing rendered.

The builders in `kocsem.reporting.tables` make these records from an analysis; the
writers in `kocsem.reporting.export` turn them into files. In between stands
`kocsem.reporting.render`, which formats the cells for one language and style.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal

from kocsem.findings import Unavailable
from kocsem.instrument.types import Text
from kocsem.reporting.format import Kind, is_bound

Value = Text | str | int | float | tuple[float, float] | None
NoteKind = Literal["general", "probability"]

#: Significance marks: the largest p that is still below the limit wins.
STAR_LIMITS: tuple[tuple[float, str], ...] = ((0.001, "***"), (0.01, "**"), (0.05, "*"))

#: Why a cell is empty when the frame holds no number and gives no reason.
NO_NUMBER = Text(zh="该数值不存在。", en="There is no such number.")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    value : Text, str, int, float, tuple of float or None
        Words, a finite number or the two limits of an interval; None when empty.
    kind : str
        What the value is, which decides how it is printed.
    code : str
        The form of words for machines, such as ``"CA"`` for a construct's name.
    marks : str
        Significance marks behind the number.
    lead : str
        What stands before the number, such as "≥ ".
    reason : Text or str, optional
        Why a number is missing; it becomes a note under the table.
    bold : bool
        Whether the cell stands out.
    """

    value: Value = None
    kind: Kind = "text"
    code: str = ""
    marks: str = ""
    lead: str = ""
    reason: Text | str | None = None
    bold: bool = False


#: A cell that is empty by design, such as the upper triangle of a matrix.
BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    key : str
        Heading for machines; lower-case words joined by underscores.
    heading : Text
        Heading for readers.
    kind : str
        The kind of most of its cells; decides alignment and width.
    symbol : bool
        Whether the heading is a statistical symbol, which APA prints in italics.
    """

    key: str
    heading: Text
    kind: Kind = "text"
    symbol: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that belong together.

    Attributes
    ----------
    rows : tuple of tuple of Cell
        The rows, each as long as the table has columns.
    label : Cell, optional
        A heading of their own.
    """

    rows: tuple[tuple[Cell, ...], ...]
    label: Cell | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note under a table.

    Attributes
    ----------
    text : Text
        The note; each ``{}`` in it stands for one of the values.
    values : tuple of Cell
        Cells that are formatted into the text.
    kind : {"general", "probability"}
        General notes come first, the meaning of the stars last.
    """

    text: Text
    values: tuple[Cell, ...] = ()
    kind: NoteKind = "general"


@dataclass(frozen=True, slots=True)
class Table:
    """A table before it is rendered.

    Attributes
    ----------
    key : str
        Name for machines and files, such as ``"fit_indices"``.
    title : Text
        Title without its number.
    columns : tuple of Column
        The columns.
    groups : tuple of RowGroup
        The body.
    notes : tuple of Note
        The notes.
    supplementary : bool
        Whether it belongs into the appendix.
    data_only : bool
        Whether it is for the files of numbers (xlsx, csv) and not for the pages.
    number : str
        Number in the report, such as ``"3"`` or ``"S1"``; empty before it is numbered.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    notes: tuple[Note, ...] = ()
    supplementary: bool = False
    data_only: bool = False
    number: str = ""

    def __post_init__(self) -> None:
        width = len(self.columns)
        for row in self.rows():
            if len(row) != width:
                raise ValueError(
                    f"Table {self.key} has {width} columns but a row of {len(row)}."
                )

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Iterate over all rows, whatever their group.

        Yields
        ------
        tuple of Cell
            One row.
        """
        for group in self.groups:
            yield from group.rows

    def numbered(self, number: str) -> "Table":
        """Return the same table with a number.

        Parameters
        ----------
        number : str
            Number in the report.

        Returns
        -------
        Table
            A new table.
        """
        return replace(self, number=number)


def words(value: Text | str, *, bold: bool = False) -> Cell:
    """Make a cell of words.

    Parameters
    ----------
    value : Text or str
        The words; a plain string is the same in every language.
    bold : bool, default False
        Whether the cell stands out.

    Returns
    -------
    Cell
        The cell.
    """
    return Cell(value, "text", bold=bold)


def label(value: Text | str, code: str, *, bold: bool = False) -> Cell:
    """Make a cell of words that have a code.

    Parameters
    ----------
    value : Text or str
        The words for readers.
    code : str
        The word for machines.
    bold : bool, default False
        Whether the cell stands out.

    Returns
    -------
    Cell
        The cell.
    """
    return Cell(value, "label", code=code, bold=bold)


def number(
    value: object,
    kind: Kind,
    *,
    marks: str = "",
    bold: bool = False,
    reason: Text | str = NO_NUMBER,
) -> Cell:
    """Make a cell of a number; one that does not exist is empty with a reason.

    Parameters
    ----------
    value : float, Unavailable or None
        The number; None, NaN, infinity and pandas' NA mean that there is none.
    kind : str
        What the number is.
    marks : str, default ""
        Significance marks.
    bold : bool, default False
        Whether the cell stands out.
    reason : Text or str
        Why the number does not exist, where the value does not say so itself.

    Returns
    -------
    Cell
        The cell.

    Examples
    --------
    >>> number(Unavailable("One item has no alpha."), "bounded").reason
    'One item has no alpha.'
    >>> number(float("nan"), "bounded").value is None
    True
    """
    if isinstance(value, Unavailable):
        return Cell(None, kind, reason=value.reason)
    found = _finite(value)
    if found is None:
        return Cell(None, kind, reason=reason)
    whole = kind == "count" or isinstance(value, int)
    return Cell(int(found) if whole else found, kind, marks=marks, bold=bold)


def interval(lower: object, upper: object, kind: Kind = "interval") -> Cell:
    """Make a cell of an interval; it is empty when a limit does not exist.

    Parameters
    ----------
    lower, upper : float, Unavailable or None
        The limits.
    kind : {"interval", "bounded_interval"}
        Whether they are limits of a bounded number.

    Returns
    -------
    Cell
        The cell.
    """
    for limit in (lower, upper):
        if isinstance(limit, Unavailable):
            return Cell(None, kind, reason=limit.reason)
    low, high = _finite(lower), _finite(upper)
    if low is None or high is None:
        return Cell(None, kind, reason=NO_NUMBER)
    return Cell((low, high), kind)


def probability(pvalue: float) -> Cell:
    """Make a cell that reads "= .013" or "< .001", to follow the letter p.

    Parameters
    ----------
    pvalue : float
        A probability.

    Returns
    -------
    Cell
        The cell.

    Examples
    --------
    >>> probability(0.0131).lead, probability(0.0002).lead
    ('= ', '')
    """
    return Cell(pvalue, "pvalue", lead="" if is_bound(pvalue) else "= ")


def stars(pvalue: object) -> str:
    """Return the significance marks of a p value.

    Parameters
    ----------
    pvalue : float or None
        A probability, not rounded.

    Returns
    -------
    str
        ``"***"``, ``"**"``, ``"*"`` or nothing.

    Examples
    --------
    >>> stars(0.0004), stars(0.049), stars(0.05), stars(None)
    ('***', '*', '', '')
    """
    found = _finite(pvalue)
    if found is None:
        return ""
    return next((marks for limit, marks in STAR_LIMITS if found < limit), "")


def _finite(value: object) -> float | None:
    """Return a finite float, or None for anything that is not a number."""
    try:
        found = float(value)  # type: ignore[arg-type]  # refused below
    except (TypeError, ValueError):
        return None
    return found if isfinite(found) else None
