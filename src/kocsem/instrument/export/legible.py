"""How much room words take, and which signs a document can hold.

In: words, and the columns of a matrix. Out: their width, what is left of them without
signs that no XML can hold, and how the columns are best laid out.
"""

import re
from typing import Literal

from kocsem.instrument.questionnaire import Entry

MatrixLayout = Literal["strip", "table", "list"]

#: A scale with no more points and no longer words stands side by side on a phone.
_FEW_POINTS, _SHORT = 5, 18
#: A scale with more points or longer words stands side by side nowhere.
_MANY_POINTS, _LONG = 7, 32
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_WIDE = "\u2e80"


def legible(words: str) -> str:
    r"""Remove signs that no XML document, and so no office file, can hold.

    Parameters
    ----------
    words : str
        Any words.

    Returns
    -------
    str
        The words without control characters.

    Examples
    --------
    >>> legible("trust\x08 <b>")
    'trust <b>'
    """
    return _NO_XML.sub("", words)


def width(words: str) -> int:
    """Count letters; an ideograph is as wide as two.

    Parameters
    ----------
    words : str
        Any words.

    Returns
    -------
    int
        Width in letters.

    Examples
    --------
    >>> width("KOC信任")
    7
    """
    return sum(2 if char >= _FIRST_WIDE else 1 for char in words)


def is_bare(entry: Entry) -> bool:
    """Tell whether the columns of a matrix are numbers without words.

    Parameters
    ----------
    entry : Entry
        A matrix.

    Returns
    -------
    bool
        True when every label is the code itself.
    """
    return all(o.label.zh == str(o.code) == o.label.en for o in entry.options)


def matrix_layout(entry: Entry) -> MatrixLayout:
    """Choose how the columns of a matrix are laid out.

    Parameters
    ----------
    entry : Entry
        A matrix.

    Returns
    -------
    {"strip", "table", "list"}
        ``"strip"``: short enough to stand side by side on every screen; ``"table"``:
        side by side on paper and on a wide screen; ``"list"``: one below the other.
    """
    labels = [option.label for option in entry.options]
    longest = max((width(w) for t in labels for w in (t.zh, t.en)), default=0)
    if is_bare(entry) or (len(labels) <= _FEW_POINTS and longest <= _SHORT):
        return "strip"
    fits = len(labels) <= _MANY_POINTS and longest <= _LONG
    return "table" if fits else "list"
