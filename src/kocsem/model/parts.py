"""The part of a parameter table that belongs to one group.

In: the table of all groups. Out: a table of one group, its free parameters numbered
from 1: what stands in a group can be laid out, started and widened as if there were no
other. Ties between groups stay with the whole table.
"""

from dataclasses import replace

from kocsem.model.table import ParameterTable


def part(table: ParameterTable, group: int) -> ParameterTable:
    """Take one group's rows out of a table.

    Parameters
    ----------
    table : ParameterTable
        All groups.
    group : int
        1-based number of the group.

    Returns
    -------
    ParameterTable
        Its rows as those of a group 1, with neither definitions nor constraints; the
        table itself where there is one group.
    """
    if table.groups == 1:
        return table
    rows = [row for row in table.rows if row.group == group]
    before = min((row.free for row in rows if row.free), default=1) - 1
    return replace(
        table,
        rows=tuple(
            replace(row, group=1, free=row.free - before if row.free else 0)
            for row in rows
        ),
        definitions=(),
        constraints=(),
    )
