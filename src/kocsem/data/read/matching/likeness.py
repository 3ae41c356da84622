"""How much the words of a header are like those of a question.

In: columns that nothing matches exactly, and the questions that no column answers. Out:
the pairs that are much alike, each like nothing else. Such a match is used and shown; a
word of denial on one side only rules it out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from kocsem.data.read.matching.records import Match, Target
from kocsem.data.read.matching.vocabulary import Vocabulary
from kocsem.data.read.platform import Column
from kocsem.data.read.text import words_key

#: Share of the words that must agree, and by how much the second best must stay behind.
LEAST, MARGIN = 0.8, 0.1
_SHORTEST = 4  # signs; shorter words are alike by chance
_DENIAL = re.compile(
    r"不|没|未|非|无|别|少|\bnot\b|\bno\b|n't\b|\bnever\b|\bseldom\b|\bhardly\b",
    re.IGNORECASE,
)


def likely_matches(
    strays: Sequence[Column], open_: Iterable[str], vocabulary: Vocabulary
) -> list[Match]:
    """Pair columns and questions whose words are much alike.

    Parameters
    ----------
    strays : sequence of Column
        Columns that nothing matches exactly.
    open_ : iterable of str
        Codes of the questions that no column answers.
    vocabulary : Vocabulary
        The words of all questions; also those that are answered count as rivals.

    Returns
    -------
    list of Match
        At most one for each column and each question.
    """
    wanted = set(open_)
    found: list[tuple[float, str, Column]] = []
    for column in strays:
        likeness = _likeness(column, vocabulary.words)
        best = max(likeness, key=lambda code: likeness[code], default=None)
        if best is None or best not in wanted or likeness[best] < LEAST:
            continue
        second = max((v for code, v in likeness.items() if code != best), default=0.0)
        if likeness[best] - second >= MARGIN:
            found.append((likeness[best], best, column))
    return _one_each(found)


def header_words(column: Column) -> str:
    """Return what a header says, as far as it can be told.

    Parameters
    ----------
    column : Column
        A column.

    Returns
    -------
    str
        The words of its likeliest reading.
    """
    for reading in column.readings:
        if reading.stem or reading.part:
            return reading.stem or reading.part or ""
    return column.header


def _likeness(column: Column, words: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Return the likeness of a column to every question, by its best reading."""
    readings = {r.part or r.stem for r in column.readings} | {column.header}
    said = {words_key(text): _denials(text) for text in readings}
    likeness: dict[str, float] = {}
    for text, denials in said.items():
        if len(text) < _SHORTEST:
            continue
        matcher = SequenceMatcher(None, "", text, autojunk=False)
        for key, codes in words.items():
            share = _share(matcher, key) if denials == _denials(key) else 0.0
            for code in codes:
                likeness[code] = max(share, likeness.get(code, 0.0))
    return likeness


def _share(matcher: SequenceMatcher[str], key: str) -> float:
    """Return the share that agrees, 0 when it is too low to matter."""
    matcher.set_seq1(key)
    floor = LEAST - MARGIN
    if matcher.real_quick_ratio() < floor or matcher.quick_ratio() < floor:
        return 0.0
    return matcher.ratio()


def _denials(text: str) -> int:
    return len(_DENIAL.findall(text))


def _one_each(found: Iterable[tuple[float, str, Column]]) -> list[Match]:
    """Keep the columns that are the only one for their question."""
    columns: dict[str, list[tuple[float, Column]]] = {}
    for likeness, code, column in found:
        columns.setdefault(code, []).append((likeness, column))
    return [
        Match(Target(code), pairs[0][1], "likely", pairs[0][0])
        for code, pairs in columns.items()
        if len(pairs) == 1
    ]
