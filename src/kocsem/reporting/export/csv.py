"""A table in, comma-separated values out: codes for words, numbers in full precision.

Headings are the keys of the columns. An interval becomes two columns, words without a
code become one column a language, and a table whose rows are grouped gets the group's
code as first column ``group``. A single interval in a column of numbers is written as
"lower upper". A number that does not exist is an empty field.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from kocsem.instrument.types import Text
from kocsem.reporting.table import Cell, Column, Table

_INTERVALS = ("interval", "bounded_interval")


def to_csv(table: Table) -> str:
    """Write a table as comma-separated values.

    Parameters
    ----------
    table : Table
        The table.

    Returns
    -------
    str
        Lines that end in a line feed.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    grouped = any(group.label is not None for group in table.groups)
    heads = [name for column in table.columns for name in _names(column)]
    writer.writerow(["group", *heads] if grouped else heads)
    for group in table.groups:
        lead = [_code(group.label)] if grouped else []
        for row in group.rows:
            fields = [
                field
                for cell, column in zip(row, table.columns, strict=True)
                for field in _fields(cell, column)
            ]
            writer.writerow([*lead, *fields])
    return buffer.getvalue()


def _names(column: Column) -> Iterator[str]:
    if column.kind in _INTERVALS:
        yield from (f"{column.key}_lower", f"{column.key}_upper")
    elif column.kind == "text":
        yield from (f"{column.key}_zh", f"{column.key}_en")
    else:
        yield column.key


def _code(cell: Cell | None) -> str:
    return "" if cell is None else cell.code


def _fields(cell: Cell, column: Column) -> Iterator[str]:
    """Yield as many fields as the column has names."""
    value = cell.value
    if column.kind in _INTERVALS:
        limits = value if isinstance(value, tuple) else ("", "")
        yield from map(_plain, limits)
    elif column.kind == "text":
        both = (value.zh, value.en) if isinstance(value, Text) else (value, value)
        yield from map(_plain, both)
    elif cell.code:
        yield cell.code
    elif isinstance(value, tuple):
        yield f"{_plain(value[0])} {_plain(value[1])}"
    else:
        yield _plain(value.en if isinstance(value, Text) else value)


def _plain(value: str | float | tuple[float, float] | None) -> str:
    """Return a number by its shortest exact digits."""
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
