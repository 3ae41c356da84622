"""Words made fit for a format, and held against being mistaken for one another.

In: wording of a questionnaire. Out: the same wording on one line, or the sentence that
says why answers could not be told apart.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NoReturn

from kocsem.errors import InstrumentError
from kocsem.instrument.questionnaire import Questionnaire
from kocsem.instrument.types import Instrument, Language, Question, Text


def one_line(text: str) -> str:
    r"""Write a text on one line, each run of blanks and line breaks as one blank.

    Parameters
    ----------
    text : str
        Words, perhaps of several lines.

    Returns
    -------
    str
        The same words on one line.

    Examples
    --------
    >>> one_line("Think of one creator.\n  Take your time.")
    'Think of one creator. Take your time.'
    """
    return " ".join(text.split())


def part_name(number: int) -> Text:
    """Name a page for a format in which pages need a name.

    Parameters
    ----------
    number : int
        Its number, from 1.

    Returns
    -------
    Text
        Such as ``"Part 2"``.
    """
    return Text(zh=f"第{number}部分", en=f"Part {number}")


def refuse_same_words(
    instrument: Instrument, laid_out: Questionnaire, language: Language, title: str
) -> None:
    """Refuse wording by which the answers could not be matched to their questions.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    laid_out : Questionnaire
        Its questionnaire.
    language : {"zh", "en"}
        Language of the questionnaire.
    title : str
        A platform whose exports show words instead of codes.

    Raises
    ------
    InstrumentError
        If two questions or rows have the same words, one has only signs, or the stem of
        a matrix has the words or the name of a question.
    """
    asked = {c: p.text for c, p in instrument.asked.items() if p.text is not None}
    texts = _codes_by_words(asked.items())
    for code, text in asked.items():
        key = _letters(text.get(language))
        same = sorted(texts[key])
        if not key:
            _refuse(title, f"{code} has none", text.get(language))
        if len(same) > 1:
            _refuse(title, f"{', '.join(same)} have the same", text.get(language))
    parts = instrument.asked.values()
    names = [(part.id, part.name) for part in parts if isinstance(part, Question)]
    named = _codes_by_words((*asked.items(), *names))
    for entry in laid_out.entries:
        same = sorted(named.get(_letters(entry.text.get(language)), ()))
        if entry.kind == "matrix" and same:
            what = f"the stem of {entry.code} has those of {', '.join(same)}"
            _refuse(title, what, entry.text.get(language))


def _codes_by_words(texts: Iterable[tuple[str, Text]]) -> Mapping[str, set[str]]:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for code, text in texts:
        for words in (text.zh, text.en):
            codes[_letters(words)].add(code)
    return codes


def _refuse(title: str, what: str, words: str) -> NoReturn:
    raise InstrumentError(
        f"The exports of {title} name questions by their words, and {what}: "
        f'"{one_line(words)}". Answers could not be told apart; word them differently.'
    )


def _letters(text: str) -> str:
    """Keep the letters and digits, as headers are matched to questions."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())
