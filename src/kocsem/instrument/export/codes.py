"""Names for what has none of its own in the data: pages, matrices and notes.

In: an instrument and its questionnaire. Out: a name for each that no column of answers
could be mistaken for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

from kocsem.instrument.questionnaire import Entry, Questionnaire
from kocsem.instrument.types import Instrument

_LONGEST = 12
_TAKEN = ("start", "end", "meta", "recordid")
_INTRODUCTION = "introduction"


@dataclass(frozen=True, slots=True)
class Names:
    """What everything is called on a platform.

    Attributes
    ----------
    introduction : str
        Name of the introduction.
    pages : mapping of str to str
        Names of the pages by their ids.
    silent : mapping of str to str
        Names of matrices and notes by their codes.
    """

    introduction: str
    pages: Mapping[str, str]
    silent: Mapping[str, str]

    def of(self, entry: Entry) -> str:
        """Return the name of an entry.

        Parameters
        ----------
        entry : Entry
            An entry of the questionnaire.

        Returns
        -------
        str
            Its code when it is a question, its own name when it is not.
        """
        is_silent = entry.kind in ("matrix", "note")
        return self.silent[entry.code] if is_silent else entry.code


def names_for(instrument: Instrument, laid_out: Questionnaire) -> Names:
    """Name pages, matrices and notes unlike any answer.

    Parameters
    ----------
    instrument : Instrument
        What is asked.
    laid_out : Questionnaire
        Its questionnaire.

    Returns
    -------
    Names
        Names of up to 15 letters, digits and ``_``, lower case. Whether ``_`` counts or
        not, no code of an answer begins like one of them, and no two are the same.

    Examples
    --------
    >>> from kocsem.instrument.load import load_instrument
    >>> from kocsem.instrument.questionnaire import questionnaire
    >>> koc = load_instrument("koc_core")
    >>> names = names_for(koc, questionnaire(koc))
    >>> names.silent["content"], names.pages["content"]
    ('content', 'contentx1')
    """
    answers = [_plain(code) for code in (*instrument.asked, *instrument.known_columns)]
    silent = [e.code for e in laid_out.entries if e.kind in ("matrix", "note")]
    pages = [page.id for page in laid_out.pages]
    found = _names((*silent, _INTRODUCTION, *pages), answers)
    return Names(
        silent={code: next(found) for code in silent},
        introduction=next(found),
        pages={code: next(found) for code in pages},
    )


def _names(codes: Iterable[str], answers: Iterable[str]) -> Iterator[str]:
    """Name each code, unlike the names before it."""
    taken = set(_TAKEN)
    for code in codes:
        base = code.replace(".", "_").lower()[:_LONGEST].rstrip("_")
        for name in chain([base], (f"{base}x{k}" for k in count(1))):
            plain = _plain(name)
            if plain not in taken and not any(a.startswith(plain) for a in answers):
                break
        taken.add(plain)
        yield name


def _plain(code: str) -> str:
    return code.replace(".", "").replace("_", "").lower()
