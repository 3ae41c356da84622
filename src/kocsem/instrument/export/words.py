"""Words made fit for a format, and held against being mistaken for one another.

In: wording of a questionnaire. Out: the same wording on one line, or the sentence that
says why answers could not be told apart.
"""

import unicodedata
from collections import defaultdict

from kocsem.errors import InstrumentError
from kocsem.instrument.types import Instrument, Language, Text


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


def refuse_same_words(instrument: Instrument, language: Language, title: str) -> None:
    """Refuse wording by which the answers could not be matched to their questions.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    language : {"zh", "en"}
        Language of the questionnaire.
    title : str
        A platform whose exports show words instead of codes.

    Raises
    ------
    InstrumentError
        If two questions or rows have the same words, or one has only signs.
    """
    codes: defaultdict[str, set[str]] = defaultdict(set)
    asked = {c: p.text for c, p in instrument.asked.items() if p.text is not None}
    for code, text in asked.items():
        for words in (text.zh, text.en):
            codes[_letters(words)].add(code)
    for code, text in asked.items():
        key = _letters(text.get(language))
        same = sorted(codes[key])
        if not key or len(same) > 1:
            what = (
                f"{', '.join(same)} have the same words" if key else f"{code} has none"
            )
            raise InstrumentError(
                f"The exports of {title} name questions by their words, and {what}: "
                f'"{one_line(text.get(language))}". Answers could not be told apart; '
                "word them differently."
            )


def _letters(text: str) -> str:
    """Keep the letters and digits, as headers are matched to questions."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())
