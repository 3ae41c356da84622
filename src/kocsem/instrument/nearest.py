"""The nearest known name for one that is not known.

In: a word and the known words. Out: the end of a sentence that helps the reader on.
"""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like a word, or None when none is like it.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str or None
        The likeliest.

    Examples
    --------
    >>> nearest("titel", ["title", "version"])
    'title'
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return near[0] if near else None


def hinted(said: str, word: str, known: Iterable[str]) -> str:
    """End a sentence on an unknown word with what could have been meant.

    Parameters
    ----------
    said : str
        The sentence, without its end.
    word : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str
        A whole sentence.

    Examples
    --------
    >>> hinted("There is no key titel", "titel", ["title", "version"])
    'There is no key titel; did you mean title?'
    >>> hinted("There is no key x", "x", ["title", "version"])
    'There is no key x; known: title, version.'
    """
    near = hint(word, known)
    return f"{said}; {near}" if near.endswith("?") else f"{said}; {near}."


def hint(word: str, known: Iterable[str]) -> str:
    """Say which known word was likely meant, or list the known words.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        What could have been meant.

    Returns
    -------
    str
        A clause without a full stop.

    Examples
    --------
    >>> hint("titel", ["title", "version"])
    'did you mean title?'
    >>> hint("x", ["title", "version"])
    'known: title, version'
    """
    choices = list(known)
    near = nearest(word, choices)
    return f"did you mean {near}?" if near else f"known: {', '.join(choices) or 'none'}"
