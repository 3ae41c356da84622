"""Columns of a file to questions of an instrument.

In: the columns that a platform's reader made out, an instrument, and what a study file
states. Out: which column answers what, how surely, and findings on all that is not
certain. A place in the file never decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kocsem.data.read.matching.likeness import header_words, likely_matches
from kocsem.data.read.matching.mapping import Stated, known_targets, stated_matches
from kocsem.data.read.matching.records import How, Match, Matching, Target
from kocsem.data.read.matching.vocabulary import Vocabulary, vocabulary_of
from kocsem.data.read.platform import Column, Reading
from kocsem.data.read.privacy import asks_who, shown_header
from kocsem.data.read.text import words_key
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.nearest import nearest
from kocsem.instrument.types import Instrument

_CODE_FIRST = re.compile(r"([A-Za-z][\w.]*)\s*[:：、.]\s*\S", re.ASCII)
_ENOUGH = 5  # matched columns that must agree on how the file numbers questions
_MOST = 200  # strays that are compared with what could have been meant


def match_columns(
    columns: Sequence[Column], instrument: Instrument, stated: Stated, file: str
) -> Matching:
    """Find what each column answers.

    Parameters
    ----------
    columns : sequence of Column
        The columns of the file.
    instrument : Instrument
        What was asked.
    stated : mapping of str to str, int or None
        What the study file says; it comes before all that a header tells.
    file : str
        Name of the file, for messages.

    Returns
    -------
    Matching
        Matches, strays and findings.

    Raises
    ------
    DataError
        If two columns answer the same question, or a stated column does not exist.
    """
    vocabulary = vocabulary_of(instrument)
    mapped = stated_matches(columns, stated, instrument, file)
    settled = {match.column.position for match in mapped}
    known = known_targets(instrument)
    closed = {known[code].code for code in stated if code in known}
    asked = [
        column
        for column in columns
        if column.role == "question" and column.position not in settled
    ]
    told = _told(asked, vocabulary)
    matches = [*mapped, *(m for m in told if not _is_stated(m.target, stated))]
    _refuse_doubles(matches, file)
    strays = _left(asked, matches)
    taken = {match.target.code for match in matches} | closed
    open_ = [code for code in instrument.asked if code not in taken]
    matches += likely_matches(strays, open_, vocabulary)
    matches.sort(key=lambda match: match.column.position)
    strays = _left(asked, matches)
    taken |= {match.target.code for match in matches}
    remarks = (*_uncertain(matches), *_remarks(strays, vocabulary, taken))
    return Matching(tuple(matches), tuple(strays), remarks)


def _is_stated(target: Target, stated: Stated) -> bool:
    return target.name in stated or target.code in stated


def _left(columns: Iterable[Column], matches: Iterable[Match]) -> list[Column]:
    taken = {match.column.position for match in matches}
    return [column for column in columns if column.position not in taken]


def _told(columns: Sequence[Column], vocabulary: Vocabulary) -> list[Match]:
    """Match the columns whose headers tell what they answer."""
    below = _matrices(columns, vocabulary)
    found: dict[int, Match] = {}
    for column in columns:
        rows = below.get(column.number) if column.number is not None else None
        for reading in (*column.readings, *_by_code(column.readings)):
            if resolved := _target(reading, vocabulary, rows):
                found[column.position] = Match(resolved[0], column, resolved[1])
                break
    return [*found.values(), *_by_options(columns, found, vocabulary)]


def _by_code(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Read the code where it stands before the words of a question or a row."""
    for reading in sorted(readings, key=lambda reading: reading.part is None):
        if before := _CODE_FIRST.match(reading.stem):
            yield Reading(before[1], reading.part)
        if reading.part and (before := _CODE_FIRST.match(reading.part)):
            yield Reading(reading.stem, before[1])


def _matrices(
    columns: Iterable[Column], vocabulary: Vocabulary
) -> dict[int, frozenset[str]]:
    """Find the rows that each question number may hold, by the stem it shows once."""
    return {
        column.number: rows
        for column in columns
        if column.number is not None
        for reading in column.readings
        if reading.part and (rows := vocabulary.rows_under(reading.stem))
    }


def _target(
    reading: Reading, vocabulary: Vocabulary, rows: frozenset[str] | None
) -> tuple[Target, How] | None:
    """Return what one reading of a header means, when it can mean one thing only."""
    if reading.part is None:
        return _only(*vocabulary.find(reading.stem), rows)
    stems, how = (
        vocabulary.find(reading.stem) if reading.stem else (frozenset(), "code")
    )
    for stem in stems & set(vocabulary.questions):
        option = vocabulary.option(stem, reading.part)
        return (Target(stem, option), how) if option else None
    under = vocabulary.rows_under(reading.stem) or rows
    return _only(*vocabulary.find(reading.part), under)


def _only(
    codes: frozenset[str], how: How, rows: frozenset[str] | None
) -> tuple[Target, How] | None:
    """Return the one code there is, or the one among the rows of a matrix."""
    meant = codes if len(codes) == 1 or rows is None else codes & rows
    return (Target(next(iter(meant))), how) if len(meant) == 1 else None


def _by_options(
    columns: Iterable[Column], found: Mapping[int, Match], vocabulary: Vocabulary
) -> Iterator[Match]:
    """Match columns that show only their option, by all options of one question.

    Questions with the same options are told apart by their number, where all other
    columns of the file bear the numbers of the questionnaire.
    """
    groups: defaultdict[int, list[tuple[Column, str]]] = defaultdict(list)
    known: defaultdict[int, set[str]] = defaultdict(set)
    for column in columns:
        if column.number is None:
            continue
        if column.position in found:
            known[column.number].add(found[column.position].target.code)
        else:
            parts = [r.part for r in column.readings if not r.stem and r.part]
            groups[column.number] += [(column, part) for part in parts[:1]]
    shift = _shift(found.values(), vocabulary)
    for number, group in groups.items():
        candidates = [
            code
            for code in known[number] or vocabulary.questions
            if all(vocabulary.option(code, part) for _, part in group)
        ]
        if len(candidates) > 1 and shift is not None:
            numbers = vocabulary.numbers
            candidates = [c for c in candidates if numbers[c] + shift == number]
        if len(candidates) == 1:
            question = candidates[0]
            for column, part in group:
                option = vocabulary.option(question, part)
                yield Match(Target(question, option), column, "options")


def _shift(found: Iterable[Match], vocabulary: Vocabulary) -> int | None:
    """Tell by how much a file counts questions otherwise, if it does so throughout."""
    shifts = [
        match.column.number - vocabulary.numbers[match.target.code]
        for match in found
        if match.column.number is not None and vocabulary.numbers
    ]
    agree = len(shifts) >= _ENOUGH and len(set(shifts)) == 1
    return shifts[0] if agree else None


def _refuse_doubles(matches: Iterable[Match], file: str) -> None:
    first: dict[Target, Column] = {}
    for match in matches:
        column = match.column
        other = first.setdefault(match.target, column)
        if other is not column:
            raise DataError(
                f"{file}: columns {other.position + 1} ({shown_header(other.header)}) "
                f"and {column.position + 1} ({shown_header(column.header)}) both "
                f"answer {match.target.name}; remove or rename one, or say which is "
                f"meant in the study file: mapping: {{{match.target.name}: "
                f"{other.position + 1}}}."
            )


def _uncertain(matches: Iterable[Match]) -> Iterator[Finding]:
    """Show every match that is only likely."""
    for match in matches:
        if match.is_certain:
            continue
        code, place = match.target.name, match.column.position + 1
        header = shown_header(match.column.header)
        message = (
            f"column {place} ({header}) was taken for {code}, whose words are much "
            f"like it ({match.likeness:.0%}) but not the same. Confirm it in the study "
            f"file under data: 'mapping: {{{code}: {place}}}', or refuse it: "
            f"'mapping: {{{code}: null}}'."
        )
        subject, share = header.strip("'"), round(match.likeness, 3)
        yield Finding("uncertain-column", "warning", subject, message, code, share)


def _remarks(
    strays: Iterable[Column], vocabulary: Vocabulary, taken: set[str]
) -> Iterator[Finding]:
    """Remark on columns that answer nothing known; their cells are never read.

    A column that resembles a question without a column of its own is worth a warning
    each; the others are listed together.
    """
    open_ = {
        key: code
        for key, codes in vocabulary.words.items()
        for code in codes
        if code not in taken
    }
    open_ |= {words_key(c): c for c in vocabulary.codes.values() if c not in taken}
    others: list[Column] = []
    for place, column in enumerate(strays):
        header = shown_header(column.header)
        where = f"column {column.position + 1} ({header})"
        near = nearest(words_key(header_words(column)), open_ if place < _MOST else ())
        subject = header.strip("'")
        if any(map(asks_who, (column.header, *(r.stem for r in column.readings)))):
            message = f"{where} asks for personal data; it was not read."
            yield Finding("personal-column", "info", subject, message)
        elif near is not None:
            meant = open_[near]
            message = f"{where} answers no question; did you mean {meant}?"
            yield Finding("unknown-column", "warning", subject, message, meant)
        else:
            others.append(column)
    if others:
        headers = ", ".join(shown_header(column.header) for column in others)
        message = f"Columns that answer no question were not read: {headers}."
        yield Finding("unknown-columns", "info", headers, message, len(others))
