"""Columns of a file to questions of an instrument, by words or by code.

In: the columns that a platform's reader made out, and an instrument. Out: which column
answers what, and findings on columns that answer nothing known. A place in the file
never decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kocsem.data.read.platform import Column, Reading
from kocsem.data.read.privacy import asks_who, shown_header
from kocsem.data.read.text import label_key, words_key
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.nearest import nearest
from kocsem.instrument.types import Instrument, Question

_CODE_FIRST = re.compile(r"([A-Za-z][\w.]*)\s*[:：、.]\s*\S", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column answers what.

    Attributes
    ----------
    targets : mapping of Target to Column
        The columns that answer something known.
    findings : tuple of Finding
        The columns that do not.
    """

    targets: Mapping[Target, Column]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """The words and codes of an instrument, as keys to its codes."""

    words: Mapping[str, str]
    codes: Mapping[str, str]
    questions: Mapping[str, Question]

    def find(self, words: str) -> str | None:
        return (
            self.words.get(words_key(words))
            or self.codes.get(words)
            or self.codes.get(words.casefold())
        )

    def option(self, question: str, words: str) -> int | None:
        """Find an option of a question by its label or its number."""
        asked = self.questions.get(question)
        if asked is None or asked.kind != "multi":
            return None
        for option in asked.options:
            labels = {label_key(option.label.zh), label_key(option.label.en)}
            if label_key(words) in labels or words == str(option.code):
                return option.code
        return None


def match_columns(
    columns: Sequence[Column], instrument: Instrument, file: str
) -> Matching:
    """Find what each column answers.

    Parameters
    ----------
    columns : sequence of Column
        The columns of the file.
    instrument : Instrument
        What was asked.
    file : str
        Name of the file, for messages.

    Returns
    -------
    Matching
        Targets and findings.

    Raises
    ------
    DataError
        If two columns answer the same question.
    """
    index = _index(instrument)
    asked = [column for column in columns if column.role == "question"]
    found = {column.position: _resolve(column, index) for column in asked}
    found |= dict(_resolve_groups(asked, found, index))
    pairs = [(target, c) for c in asked if (target := found[c.position]) is not None]
    _refuse_doubles(pairs, file)
    strays = [column for column in asked if found[column.position] is None]
    taken = frozenset(target.code for target, _ in pairs)
    return Matching(dict(pairs), tuple(_remarks(strays, index, taken)))


def _index(instrument: Instrument) -> _Index:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    names: defaultdict[str, set[str]] = defaultdict(set)
    codes: dict[str, str] = {}
    for code, part in instrument.asked.items():
        codes.setdefault(code.casefold(), code)
        if part.text is not None:
            for words in (part.text.zh, part.text.en):
                texts[words_key(words)].add(code)
        if isinstance(part, Question):
            for words in (part.name.zh, part.name.en):
                names[words_key(words)].add(code)
    unique = {key: min(s) for key, s in (names | texts).items() if key and len(s) == 1}
    codes = {**_without_signs(instrument), **codes}
    codes |= {code: code for code in instrument.asked}
    questions = {c: p for c, p in instrument.asked.items() if isinstance(p, Question)}
    return _Index(unique, codes, questions)


def _without_signs(instrument: Instrument) -> Mapping[str, str]:
    """Map codes as a platform writes that takes only letters and digits."""
    plain: defaultdict[str, list[str]] = defaultdict(list)
    for code in instrument.asked:
        plain[code.replace("_", "").replace(".", "").casefold()].append(code)
    return {key: codes[0] for key, codes in plain.items() if len(codes) == 1}


def _resolve(column: Column, index: _Index) -> Target | None:
    for reading in (*column.readings, *_by_code(column.readings)):
        if target := _target(reading, index):
            return target
    return None


def _by_code(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Read the code where it stands before the words of a question or a row."""
    for reading in sorted(readings, key=lambda reading: reading.part is None):
        if before := _CODE_FIRST.match(reading.stem):
            yield Reading(before[1], reading.part)
        if reading.part and (before := _CODE_FIRST.match(reading.part)):
            yield Reading(reading.stem, before[1])


def _target(reading: Reading, index: _Index) -> Target | None:
    if reading.part is None:
        code = index.find(reading.stem)
        return Target(code) if code else None
    stem = index.find(reading.stem) if reading.stem else None
    if stem is not None and stem in index.questions:
        option = index.option(stem, reading.part)
        return Target(stem, option) if option else None
    row = index.find(reading.part)
    return Target(row) if row else None


def _resolve_groups(
    columns: Iterable[Column], found: Mapping[int, Target | None], index: _Index
) -> Iterator[tuple[int, Target]]:
    """Match columns that show only their option, by all options of one question."""
    groups: defaultdict[int, list[tuple[Column, str]]] = defaultdict(list)
    known: defaultdict[int, set[str]] = defaultdict(set)
    for column in columns:
        target = found[column.position]
        if column.number is None:
            continue
        if target is not None:
            known[column.number].add(target.code)
        else:
            parts = [r.part for r in column.readings if not r.stem and r.part]
            groups[column.number] += [(column, part) for part in parts[:1]]
    for number, group in groups.items():
        candidates = [
            code
            for code in known[number] or index.questions
            if all(index.option(code, part) for _, part in group)
        ]
        if len(candidates) == 1:
            question = candidates[0]
            for column, part in group:
                yield column.position, Target(question, index.option(question, part))


def _refuse_doubles(pairs: Sequence[tuple[Target, Column]], file: str) -> None:
    first: dict[Target, Column] = {}
    for target, column in pairs:
        other = first.setdefault(target, column)
        if other is not column:
            raise DataError(
                f"{file}: columns {other.position + 1} ({shown_header(other.header)}) "
                f"and {column.position + 1} ({shown_header(column.header)}) both "
                f"answer {target.code}; remove or rename one."
            )


def _remarks(
    strays: Iterable[Column], index: _Index, taken: frozenset[str]
) -> Iterator[Finding]:
    """Remark on columns that answer nothing known; their cells are never read.

    A column that resembles a question without a column of its own is worth a warning
    each; the others are listed together.
    """
    codes = {words_key(code): code for code in index.codes.values()}
    open_ = {k: c for k, c in {**index.words, **codes}.items() if c not in taken}
    others: list[Column] = []
    for column in strays:
        header = shown_header(column.header)
        where = f"column {column.position + 1} ({header})"
        near = nearest(words_key(_words(column)), open_)
        if asks_who(column.header):
            message = f"{where} asks for personal data; it was not read."
            yield Finding("personal-column", "info", header.strip("'"), message)
        elif near is not None:
            message = f"{where} answers no question; did you mean {open_[near]}?"
            meant = open_[near]
            yield Finding(
                "unknown-column", "warning", header.strip("'"), message, meant
            )
        else:
            others.append(column)
    if others:
        headers = ", ".join(shown_header(column.header) for column in others)
        message = f"Columns that answer no question were not read: {headers}."
        yield Finding("unknown-columns", "info", headers, message, len(others))


def _words(column: Column) -> str:
    """Return what a header says, as far as it can be told."""
    for reading in column.readings:
        if reading.stem or reading.part:
            return reading.stem or reading.part or ""
    return column.header
