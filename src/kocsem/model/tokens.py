"""Model text to tokens, tokens to statements' worth of tokens.

A text in lavaan's notation comes in; lists of tokens go out, one list a statement, each
token with its place. The rules where a statement ends are those of lavaan's
``model.syntax`` page (Rosseel, 2012).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from kocsem.errors import ModelSyntaxError, UnsupportedError
from kocsem.model.place import Place, caret

TokenKind = Literal["name", "number", "string", "operator", "sign", "newline", "end"]

_PATTERN = re.compile(
    r"""
    (?P<blank>[^\S\n]+ | [#!][^\n]*)
  | (?P<newline>\n | ;)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>\.?[^\W\d][\w.]*)
  | (?P<string>"[^"\n]*" | '[^'\n]*')
  | (?P<operator>=~ | <~ | ~\*~ | ~~ | ~ | := | == | <- | -> | <= | >= | < | > | \|)
  | (?P<sign>\*\* | [-+*/^(),:?@%=])
    """,
    re.VERBOSE,
)

# Characters of a Chinese keyboard that Unicode does not fold to the intended sign.
_LOOKALIKES = {
    "\u301c": "~",
    "\u2212": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u00d7": "*",
    "\u00f7": "/",
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u3002": ".",
    "\u3001": ",",
}

# A line that begins with one of these goes on with the statement before it.
_CONTINUES = {"+", "-", "*", "/", "^", "**", ")", ","}
# A line that ends with one of these is not finished.
_OPEN_ENDED = {"+", "-", "*", "/", "^", "**", "(", ","}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the model text.

    Attributes
    ----------
    kind : str
        ``"name"``, ``"number"``, ``"string"``, ``"operator"``, ``"sign"``,
        ``"newline"`` or ``"end"``.
    text : str
        The word as written; a string comes without its quotation marks.
    place : Place
        Where its first character stands.
    """

    kind: TokenKind
    text: str
    place: Place


def normalise_lines(text: str) -> str:
    """Return a text with plain line ends and without a byte order mark.

    Parameters
    ----------
    text : str
        Text as it came from a file, an editor or a string.

    Returns
    -------
    str
        The same text, lines ended by a newline only.
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _fail_at_character(text: str, place: Place, character: str) -> NoReturn:
    """Raise the error for a character that has no meaning in a model text."""
    plain = _LOOKALIKES.get(character) or unicodedata.normalize("NFKC", character)
    if character in "\"'":
        message = "This quotation mark is never closed on its line."
    elif plain != character and plain.isascii():
        message = f"'{character}' is a full-width character; write '{plain}'."
    else:
        message = f"'{character}' has no meaning in a model text; remove it."
    raise ModelSyntaxError(caret(text, place, message))


def _check_word(text: str, kind: str, word: str, place: Place, follows: str) -> None:
    """Refuse names with full-width letters and numbers glued to a name."""
    if kind == "name":
        for offset, character in enumerate(word):
            if "\uff01" <= character <= "\uff5e":
                _fail_at_character(
                    text, Place(place.line, place.column + offset), character
                )
    elif kind == "number" and (follows.isalnum() or follows in "_."):
        message = (
            "A name cannot begin with a digit, and a number must be set apart "
            "from a name by '*'."
        )
        raise ModelSyntaxError(caret(text, place, message))


def tokenise(text: str) -> list[Token]:
    """Cut a model text into tokens.

    Parameters
    ----------
    text : str
        Model text with lines ended by a newline, see :func:`normalise_lines`.

    Returns
    -------
    list of Token
        In order; comments and blanks are gone, line ends are kept as tokens.

    Raises
    ------
    ModelSyntaxError
        A character has no meaning, a quotation mark is not closed, or a name
        begins with a digit.

    Examples
    --------
    >>> [token.text for token in tokenise("f =~ 1*x1 # marker")]
    ['f', '=~', '1', '*', 'x1']
    """
    tokens: list[Token] = []
    line, start, position = 1, 0, 0
    while position < len(text):
        place = Place(line, position - start + 1)
        match = _PATTERN.match(text, position)
        if match is None:
            _fail_at_character(text, place, text[position])
        word, kind, position = match.group(), str(match.lastgroup), match.end()
        _check_word(text, kind, word, place, text[position : position + 1] or " ")
        if kind != "blank":
            shown = word[1:-1] if kind == "string" else word
            tokens.append(Token(cast(TokenKind, kind), shown, place))
        if word == "\n":
            line, start = line + 1, position
    return tokens


def _goes_on(before: Token, after: Token, depth: int) -> bool:
    """Return whether a line end between two tokens does not end a statement."""
    return (
        depth > 0
        or before.kind == "operator"
        or before.text in _OPEN_ENDED
        or after.kind == "operator"
        or (after.kind == "sign" and after.text in _CONTINUES)
    )


def _end_of(statement: Iterable[Token]) -> Token:
    """Return the token that closes a statement, placed after its last word."""
    *_, last = statement
    width = len(last.text) + (2 if last.kind == "string" else 0)
    return Token("end", "", Place(last.place.line, last.place.column + width))


def split_statements(tokens: Iterable[Token]) -> list[list[Token]]:
    r"""Group tokens into statements.

    A statement ends at a line end or a semicolon. It goes on when the line ends with
    an operator, a ``+`` or an open parenthesis, and when the next line begins with an
    operator or a ``+``.

    Parameters
    ----------
    tokens : iterable of Token
        As :func:`tokenise` returns them.

    Returns
    -------
    list of list of Token
        Without line ends; each list closes with a token of kind ``"end"``.

    Examples
    --------
    >>> [len(s) - 1 for s in split_statements(tokenise("y ~ a +\n b; z ~ a\n + b"))]
    [5, 5]
    """
    statements: list[list[Token]] = []
    current: list[Token] = []
    depth, broken, closed = 0, False, False
    for token in tokens:
        if token.kind == "newline":
            broken, closed = True, closed or token.text == ";"
            continue
        if current and broken and (closed or not _goes_on(current[-1], token, depth)):
            statements.append(current)
            current, depth = [], 0
        broken = closed = False
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        current.append(token)
    if current:
        statements.append(current)
    return [[*statement, _end_of(statement)] for statement in statements]


class Cursor:
    """A reading head over the tokens of one statement.

    Parameters
    ----------
    text : str
        The whole model text, for messages.
    tokens : list of Token
        The statement, closed by its ``"end"`` token.
    """

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self._tokens = tokens
        self._next = 0

    @property
    def token(self) -> Token:
        """The token under the head."""
        return self._tokens[self._next]

    @property
    def position(self) -> int:
        """How many tokens lie behind the head."""
        return self._next

    @property
    def ended(self) -> bool:
        """Whether the statement has been read to its end."""
        return self.token.kind == "end"

    def between(self, start: int, stop: int) -> list[Token]:
        """Return the tokens between two positions."""
        return self._tokens[start:stop]

    def ahead(self, steps: int = 1) -> Token:
        """Return the token a number of steps after the head."""
        return self._tokens[min(self._next + steps, len(self._tokens) - 1)]

    def first_operator(self) -> Token | None:
        """Return the first operator of the statement, if it has one."""
        return next((t for t in self._tokens if t.kind == "operator"), None)

    def at(self, *words: str) -> bool:
        """Return whether one of these operators or signs is under the head."""
        return self.token.kind in ("sign", "operator") and self.token.text in words

    def take(self) -> Token:
        """Return the token under the head and step on."""
        token = self.token
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def accept(self, *words: str) -> Token | None:
        """Step over one of these operators or signs, if it is there."""
        return self.take() if self.at(*words) else None

    def expect(self, word: str, message: str) -> Token:
        """Step over an operator or sign that must be there."""
        return self.accept(word) or self.fail(message)

    def found(self) -> str:
        """Return the token under the head in words for a message."""
        token = self.token
        return "the end of the statement" if self.ended else f"'{token.text}'"

    def fail(self, message: str, place: Place | None = None) -> NoReturn:
        """Raise a ModelSyntaxError at a place, by default under the head."""
        raise ModelSyntaxError(caret(self.text, place or self.token.place, message))

    def refuse(self, message: str, place: Place | None = None) -> NoReturn:
        """Raise an UnsupportedError at a place, by default under the head."""
        raise UnsupportedError(caret(self.text, place or self.token.place, message))
