"""Words made fit for a format, and held against being mistaken for one another.

In: wording of a questionnaire. Out: the same wording on one line, or the sentence that
says why answers could not be told apart.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NoReturn

from kocsem.errors import InstrumentError
from kocsem.findings import Finding
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


def words_shown(
    instrument: Instrument, laid_out: Questionnaire, language: Language, title: str
) -> Mapping[str, str]:
    """Return the words by which a platform's exports will name each question.

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

    Returns
    -------
    mapping of str to str
        Codes of questions and rows to their words on one line. Where two have the same
        words, as when everything is asked of two persons, the code stands before them.

    Raises
    ------
    InstrumentError
        If a question has only signs, or the stem of a matrix has the words or the name
        of a question, so that answers could not be matched.
    """
    asked = {c: p.text for c, p in instrument.asked.items() if p.text is not None}
    texts = _codes_by_words(asked.items())
    shown = {}
    for code, text in asked.items():
        words = one_line(text.get(language))
        if not _letters(words):
            _refuse(title, f"{code} has none", words)
        is_alone = texts[_letters(words)] == {code}
        shown[code] = words if is_alone else f"{code}. {words}"
    _refuse_stems(instrument, laid_out, language, title)
    return shown


def coded_words(shown: Mapping[str, str]) -> tuple[Finding, ...]:
    """Say which questions got their code before their words.

    Parameters
    ----------
    shown : mapping of str to str
        As `words_shown` returns it.

    Returns
    -------
    tuple of Finding
        One, or none.
    """
    coded = [code for code, words in shown.items() if words.startswith(f"{code}. ")]
    if not coded:
        return ()
    codes = ", ".join(coded)
    message = (
        "Exports name questions by their words, and some questions have the same. "
        f"Their codes stand before their words, and must stay there: {codes}."
    )
    return (Finding("codes-before-words", "warning", codes, message),)


def _refuse_stems(
    instrument: Instrument, laid_out: Questionnaire, language: Language, title: str
) -> None:
    """Refuse a matrix whose stem would be taken for a question with options."""
    parts = instrument.asked.values()
    texts = [(part.id, part.text) for part in parts if part.text is not None]
    texts += [(part.id, part.name) for part in parts if isinstance(part, Question)]
    named = _codes_by_words(texts)
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
