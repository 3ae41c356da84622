"""A codebook as a table that any software reads: one row a variable.

In: an instrument and languages. Out: CSV in UTF-8 with a byte-order mark.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from kocsem.instrument.export.codebook import Variable, variables
from kocsem.instrument.export.codebook_tables import remarks, value_lines
from kocsem.instrument.export.legible import legible
from kocsem.instrument.export.target import Languages
from kocsem.instrument.types import Instrument

_COMMON = ("code", "number", "role", "measurement", "construct", "reversed", "optional")
_WORDED = ("label", "question", "stem", "construct_name", "values", "remarks")


def codebook_csv(instrument: Instrument, languages: Languages) -> bytes:
    """Write a codebook as CSV.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    languages : tuple of {"zh", "en"}
        Languages; each has its own columns.

    Returns
    -------
    bytes
        The table.

    Raises
    ------
    InstrumentError
        If a row has no wording.
    """
    out = StringIO()
    table = csv.writer(out)
    worded = [f"{name}_{language}" for language in languages for name in _WORDED]
    table.writerow([*_COMMON, "missing", *worded])
    for variable in variables(instrument):
        table.writerow([*_common(variable), *_worded(variable, languages)])
    return legible(out.getvalue()).encode("utf-8-sig")


def _common(variable: Variable) -> Iterator[str]:
    """Write what needs no language; a missing answer is an empty cell."""
    yield variable.code
    yield str(variable.number)
    yield variable.role
    yield variable.measurement
    yield variable.construct.id if variable.construct else ""
    yield str(int(variable.reverse))
    yield str(int(variable.optional))
    yield "empty cell"


def _worded(variable: Variable, languages: Languages) -> Iterator[str]:
    for language in languages:
        yield variable.label.get(language)
        yield variable.question.get(language)
        yield variable.stem.get(language) if variable.stem else ""
        yield variable.construct.name.get(language) if variable.construct else ""
        yield "; ".join(value_lines(variable, (language,)))
        yield "; ".join(remarks(variable, (language,)))
