"""Where something stands in a model text, and how to point at it.

A text and a place come in; a message with the line and a caret under the character
goes out. Every error of the model syntax is worded through :func:`caret`.
"""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A character of a text.

    Attributes
    ----------
    line, column : int
        Counted from 1; a column is a character, however wide it is drawn.
    """

    line: int
    column: int


def _blank(character: str) -> str:
    """Return white space as wide as a character is drawn in a terminal."""
    if unicodedata.combining(character):
        return ""
    return "\u3000" if unicodedata.east_asian_width(character) in "WF" else " "


def caret(text: str, place: Place, message: str) -> str:
    """Return a message that shows the line of a text with a caret under a place.

    Parameters
    ----------
    text : str
        The whole text, with any kind of line ends.
    place : Place
        The character to point at.
    message : str
        What is wrong and what to do, as plain sentences.

    Returns
    -------
    str
        Three lines: place and message, the line of the text, the caret.

    Notes
    -----
    Chinese characters take two columns in a terminal, so they are padded with the
    ideographic space, which is as wide as they are.

    Examples
    --------
    >>> print(caret("PI ~ TR ++ CA", Place(1, 10), "A name is missing."))
    line 1, column 10: A name is missing.
      PI ~ TR ++ CA
               ^
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[place.line - 1].replace("\t", " ") if place.line <= len(lines) else ""
    pad = "".join(_blank(character) for character in line[: place.column - 1])
    pad += " " * (place.column - 1 - len(line))
    where = f"line {place.line}, column {place.column}"
    return f"{where}: {message}\n  {line}\n  {pad}^"
