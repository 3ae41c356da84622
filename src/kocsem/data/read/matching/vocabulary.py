"""The words and codes by which a file can speak of an instrument's questions.

In: an instrument. Out: a `Vocabulary`, which finds the questions that a header may
mean. Words that stand for several questions stay ambiguous until the stem of their
matrix tells which is meant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kocsem.data.read.matching.records import How
from kocsem.data.read.text import label_key, words_key
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument, Question

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Keys of words and codes to questions.

    Attributes
    ----------
    words : mapping of str to frozenset of str
        Keys of wordings and short names to the codes that have them.
    codes : mapping of str to str
        Codes to codes: as written, in lower case, and without ``_`` and ``.``.
    stems : mapping of str to frozenset of str
        Keys of the stems of matrices to the codes of their rows.
    questions : mapping of str to Question
        The questions with options, numbers or free text.
    numbers : mapping of str to int
        The number of each question in the questionnaire; empty when it has no wording.
    """

    words: Mapping[str, frozenset[str]]
    codes: Mapping[str, str]
    stems: Mapping[str, frozenset[str]]
    questions: Mapping[str, Question]
    numbers: Mapping[str, int]

    def find(self, words: str) -> tuple[frozenset[str], How]:
        """Find what words or a code may stand for.

        Parameters
        ----------
        words : str
            A header, or a part of one.

        Returns
        -------
        tuple of frozenset of str and str
            The codes that it may mean, and whether by words or by code.
        """
        key = words_key(words)
        if key and (found := self.words.get(key)):
            return found, "words"
        code = self.codes.get(words) or self.codes.get(words.casefold())
        return (frozenset((code,)) if code else _NONE), "code"

    def rows_under(self, stem: str) -> frozenset[str]:
        """Return the rows of the matrices that have a stem.

        Parameters
        ----------
        stem : str
            Words of a header.

        Returns
        -------
        frozenset of str
            Codes; empty when no matrix has it.
        """
        return self.stems.get(words_key(stem), _NONE)

    def option(self, question: str, words: str) -> int | None:
        """Find an option of a question with several answers.

        Parameters
        ----------
        question : str
            Code of the question.
        words : str
            The option's label or number.

        Returns
        -------
        int or None
            Code of the option.
        """
        asked = self.questions.get(question)
        if asked is None or asked.kind != "multi":
            return None
        for option in asked.options:
            labels = {label_key(option.label.zh), label_key(option.label.en)}
            if label_key(words) in labels or words == str(option.code):
                return option.code
        return None


def vocabulary_of(instrument: Instrument) -> Vocabulary:
    """Collect the words and codes of an instrument.

    Parameters
    ----------
    instrument : Instrument
        What was asked.

    Returns
    -------
    Vocabulary
        Its words and codes. A wording counts more than the short name of a question.
    """
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
    asked = instrument.asked
    return Vocabulary(
        words={key: frozenset(s) for key, s in (names | texts).items() if key},
        codes={**_without_signs(asked), **codes, **{code: code for code in asked}},
        stems=_stems(instrument),
        questions={c: part for c, part in asked.items() if isinstance(part, Question)},
        numbers=_numbers(instrument),
    )


def _numbers(instrument: Instrument) -> dict[str, int]:
    if any(part.text is None for part in instrument.asked.values()):
        return {}
    entries = questionnaire(instrument).entries
    return {code: entry.number for entry in entries for code in entry.codes}


def _without_signs(codes: Iterable[str]) -> dict[str, str]:
    """Map codes as a platform writes that takes only letters and digits."""
    plain: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        plain[code.replace("_", "").replace(".", "").casefold()].append(code)
    return {key: found[0] for key, found in plain.items() if len(found) == 1}


def _stems(instrument: Instrument) -> dict[str, frozenset[str]]:
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for block in instrument.blocks:
        if block.kind == "matrix" and block.text is not None:
            for words in (block.text.zh, block.text.en):
                rows[words_key(words)].update(block.items)
    return {key: frozenset(codes) for key, codes in rows.items() if key}
