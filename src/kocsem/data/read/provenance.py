"""Whether answers are made up, so that nobody takes them for those of respondents.

In: a file's name and the columns that say where each answer sheet came from. Out: a
finding when one of them says so. Generated answers of kocsem say so in both.
"""

import re
from collections.abc import Iterator

import numpy as np

from kocsem.data.read.platform import Layout
from kocsem.findings import Finding

#: Code of the finding by which a report knows that it must carry a warning.
SYNTHETIC = "synthetic-data"

_NAMES = frozenset({"demo", "synthetic", "simulated"})
_CELL = re.compile(r"\bsynthetic|\bsimulated|合成.*数据|模拟数据", re.IGNORECASE)


def synthetic_findings(layout: Layout) -> Iterator[Finding]:
    """Say that answers are made up, when the file does.

    Parameters
    ----------
    layout : Layout
        The file.

    Yields
    ------
    Finding
        Code ``"synthetic-data"``, at most one. Its value is the number of answer
        sheets concerned: those that the columns on the source (来源, 来源详情) mark, or
        all when the name of the file says so: when one of its words, divided by points,
        blanks, hyphens and underscores, is "demo", "synthetic" or "simulated".
    """
    table = layout.table
    total = len(table)
    marks = np.zeros(total, dtype=bool)
    for column in layout.columns:
        if column.role == "source":
            marks |= table.columns[column.position].where(_is_marked)
    marked = int(marks.sum())
    named = not _NAMES.isdisjoint(re.split(r"[-_. ]", table.file.casefold()))
    where = "by its columns on the source" if marked else "by its name"
    count = marked or (total if named else 0)
    if count:
        sheets = f"all {total}" if count == total else f"{count} of {total}"
        message = (
            f"{table.file} holds synthetic answers, {where} ({sheets} answer sheets). "
            "They are no answers of respondents: nothing may be cited as a result."
        )
        yield Finding(SYNTHETIC, "warning", table.file, message, count, total)


def _is_marked(cell: str) -> bool:
    return _CELL.search(cell) is not None
