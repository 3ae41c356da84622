"""The mapping that a study file states: which column answers which question.

In: codes with a header or a column number, and the columns of a file. Out: matches that
nothing overrides, or one sentence on what cannot be meant.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kocsem.data.read.matching.records import Match, Target
from kocsem.data.read.platform import Column, Reading, Role
from kocsem.data.read.privacy import shown_header
from kocsem.errors import DataError
from kocsem.instrument.nearest import hinted, nearest
from kocsem.instrument.types import Instrument, Question

#: Code of a question, of an option's column, or a role, to a header or a column number
#: from 1; None for what no column answers.
Stated = Mapping[str, str | int | None]

#: What may be mapped besides questions, and the roles that it takes the place of.
ROLES: Mapping[Role, frozenset[Role]] = {
    "seconds": frozenset({"seconds", "began", "ended"}),
    "origin": frozenset({"origin", "device"}),
}


def known_targets(instrument: Instrument) -> dict[str, Target]:
    """Return what can be mapped, by the name that a study file writes.

    Parameters
    ----------
    instrument : Instrument
        What was asked.

    Returns
    -------
    dict of str to Target
        Codes, and for a question with several answers also its option columns.
    """
    targets = {code: Target(code) for code in instrument.asked}
    for code, part in instrument.asked.items():
        if isinstance(part, Question) and part.kind == "multi":
            options = (Target(code, option.code) for option in part.options)
            targets |= {target.name: target for target in options}
    return targets


def check_stated(stated: Stated, instrument: Instrument) -> None:
    """Refuse a mapping of what is not asked.

    Parameters
    ----------
    stated : mapping
        What the study file says.
    instrument : Instrument
        What was asked.

    Raises
    ------
    DataError
        If a code is not known.
    """
    known = [*known_targets(instrument), *ROLES]
    for code in stated:
        if code not in known:
            said = f"mapping: there is no question {code}"
            raise DataError(hinted(said, code, known))


def stated_roles(
    columns: Sequence[Column], stated: Stated, instrument: Instrument, file: str
) -> tuple[Column, ...]:
    """Give columns the roles that a mapping states, and codes their questions.

    A header that is a code of the instrument is a question, whatever the platform
    usually means by it.

    Parameters
    ----------
    columns : sequence of Column
        The columns as the platform means them.
    stated : mapping
        What the study file says.
    instrument : Instrument
        What was asked; a question of that name comes before the role.
    file : str
        Name of the file, for messages.

    Returns
    -------
    tuple of Column
        The columns with their roles.
    """
    changed = {
        c.position: replace(c, role="question", readings=(Reading(c.header),))
        if c.role != "question" and c.header in instrument.asked
        else c
        for c in columns
    }
    columns = tuple(changed.values())
    for name, replaced in ROLES.items():
        if name not in stated or name in instrument.asked:
            continue
        for column in columns:
            if column.role in replaced:
                changed[column.position] = replace(column, role="ignored")
        if (where := stated[name]) is not None:
            column = _column(name, where, columns, file)
            changed[column.position] = replace(column, role=name)
    return tuple(changed.values())


def stated_matches(
    columns: Sequence[Column], stated: Stated, instrument: Instrument, file: str
) -> list[Match]:
    """Return the matches that a mapping states.

    Parameters
    ----------
    columns : sequence of Column
        The columns of the file.
    stated : mapping
        What the study file says.
    instrument : Instrument
        What was asked.
    file : str
        Name of the file, for messages.

    Returns
    -------
    list of Match
        One for each code that has a column.

    Raises
    ------
    DataError
        If there is no such column, several have the header, or one is named twice.
    """
    targets = known_targets(instrument)
    matches: dict[int, Match] = {}
    for code, where in stated.items():
        if where is None or code not in targets:
            continue
        column = _column(code, where, columns, file)
        other = matches.get(column.position)
        if other is not None:
            raise DataError(
                f"{file}: mapping: column {column.position + 1} is named for "
                f"{other.target.name} and for {code}; it can answer one of them only."
            )
        matches[column.position] = Match(targets[code], column, "mapping")
    return list(matches.values())


def _column(
    code: str, where: str | int, columns: Sequence[Column], file: str
) -> Column:
    if isinstance(where, int):
        if not 1 <= where <= len(columns):
            said = f"there is no column {where}; the file has {len(columns)}"
            raise DataError(f"{file}: mapping of {code}: {said}.")
        return columns[where - 1]
    found = [c for c in columns if _same(c.header) == _same(where)]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(str(c.position + 1) for c in found)
        said = f"columns {places} have this header; give the number of the one meant"
    else:
        near = nearest(where, [c.header for c in columns])
        meant = f"; did you mean {shown_header(near)}?" if near else ""
        said = f"no column has the header '{where}'{meant}"
    end = "" if said.endswith("?") else "."
    raise DataError(f"{file}: mapping of {code}: {said}{end}")


def _same(header: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", header).split())
