"""The terms on the right of ``=~``, ``~`` and ``~~``, with their modifiers.

A reading head on ``start(.5)*a*x`` comes in, an :class:`Operand` goes out. The
modifiers are lavaan's (Rosseel, 2012); those that kocsem does not offer are refused
by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from kocsem.model.place import Place
from kocsem.model.tokens import Cursor, Token

ModifierKind = Literal["label", "fixed", "start"]
Value = float | str | None

_REFUSED_FUNCTIONS: Mapping[str, str] = {
    "equal": "equal() is not offered; give both parameters the same label.",
    "lower": "Bounds are not offered; remove lower().",
    "upper": "Bounds are not offered; remove upper().",
    "efa": "Exploratory blocks with efa() are not offered.",
    "rv": "Random slopes with rv() are not offered.",
    "prior": "Priors are not offered; remove prior().",
}


@dataclass(frozen=True, slots=True)
class Modifier:
    """A label, fixed values or starting values in front of a variable."""

    kind: ModifierKind
    values: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Operand:
    """A variable, or ``1`` for an intercept, with its modifiers.

    Attributes
    ----------
    name : str
        The variable; empty for an intercept.
    modifiers : tuple of Modifier
        In the order written.
    place : Place
        Where the variable, or the ``1``, stands.
    """

    name: str
    modifiers: tuple[Modifier, ...]
    place: Place


def refuse_foreign(cursor: Cursor) -> None:
    """Refuse a notation of lavaan or Mplus that is not offered here.

    Parameters
    ----------
    cursor : Cursor
        Its head stands after a number or a name.

    Raises
    ------
    UnsupportedError
        One of ``: ? @ %`` is under the head.
    """
    messages = {
        ":": "Products such as 'x:z' are fitted by kocsem.moderation(); "
        "sem() and cfa() take columns of the data.",
        "?": "'0.5?x' is not offered; write 'start(0.5)*x'.",
        "@": "'x@1' is the notation of Mplus; write '1*x'.",
        "%": "'%' is not offered in a model text.",
    }
    for sign, message in messages.items():
        if cursor.at(sign):
            cursor.refuse(message)


def read_operand(cursor: Cursor, op: str) -> Operand:
    """Read one term and step over it.

    Parameters
    ----------
    cursor : Cursor
        Its head stands on the first token of the term.
    op : str
        The operator of the statement; an intercept may only follow ``~``.

    Returns
    -------
    Operand
        The variable with its modifiers.

    Raises
    ------
    ModelSyntaxError
        The term is malformed.
    UnsupportedError
        It has a modifier that is not offered.
    """
    modifiers: list[Modifier] = []
    while True:
        first = cursor.token
        if first.kind == "name" and cursor.ahead().text not in ("*", "("):
            cursor.take()
            refuse_foreign(cursor)
            if first.text == "NA":
                cursor.fail("'NA' frees a parameter; write 'NA*x'.", first.place)
            return Operand(first.text, tuple(modifiers), first.place)
        modifier = _read_modifier(cursor)
        refuse_foreign(cursor)
        if cursor.accept("*"):
            modifiers.append(modifier)
            continue
        return _intercept(cursor, op, modifier, modifiers, first)


def _intercept(
    cursor: Cursor, op: str, last: Modifier, modifiers: list[Modifier], first: Token
) -> Operand:
    """Turn a final ``1`` or a lone ``0`` into an intercept."""
    plain = first.kind == "number"
    if plain and op == "~" and last.values == (1.0,):
        return Operand("", tuple(modifiers), last.place)
    if plain and op == "~" and last.values == (0.0,) and not modifiers:
        return Operand("", (last,), last.place)
    if plain and last.values == (1.0,):
        cursor.fail(
            "'1' stands for an intercept, which is written 'x ~ 1'.", last.place
        )
    cursor.fail(
        f"A modifier needs '*' and a variable after it, but {cursor.found()} follows."
    )


def _read_modifier(cursor: Cursor) -> Modifier:
    """Read a factor that stands before ``*``."""
    token = cursor.token
    if token.kind == "name" and cursor.ahead().text == "(":
        return _read_function(cursor)
    values = _read_value(cursor)
    return Modifier(_kind_of(cursor, values, token), values, token.place)


def _read_function(cursor: Cursor) -> Modifier:
    """Read ``c()``, ``start()`` or ``label()`` with its arguments."""
    name = cursor.take()
    if name.text in _REFUSED_FUNCTIONS:
        cursor.refuse(_REFUSED_FUNCTIONS[name.text], name.place)
    if name.text not in ("c", "start", "label"):
        cursor.fail(
            f"'{name.text}()' is no modifier; c(), start() and label() are.", name.place
        )
    values = _read_arguments(cursor)
    kind = _kind_of(cursor, values, name)
    if name.text == "c":
        return Modifier(kind, values, name.place)
    if name.text == "label" and kind == "label":
        return Modifier("label", values, name.place)
    if name.text == "start" and kind == "fixed" and None not in values:
        return Modifier("start", values, name.place)
    _fail_on_arguments(cursor, name)


def _fail_on_arguments(cursor: Cursor, name: Token) -> NoReturn:
    """Raise the error for arguments that a modifier cannot take."""
    wanted = "numbers" if name.text == "start" else "names"
    cursor.fail(f"{name.text}() takes {wanted} only.", name.place)


def _read_arguments(cursor: Cursor) -> tuple[Value, ...]:
    """Read ``(value, value)``; a ``c()`` inside is laid flat."""
    cursor.take()
    values: list[Value] = []
    while True:
        if cursor.token.text == "c" and cursor.ahead().text == "(":
            cursor.take()
            values += _read_arguments(cursor)
        else:
            values += _read_value(cursor)
        if cursor.accept(")"):
            return tuple(values)
        cursor.expect(",", f"',' or ')' is expected here, not {cursor.found()}.")


def _read_value(cursor: Cursor) -> tuple[Value]:
    """Read a number with its sign, ``NA``, a name or a string."""
    sign = cursor.accept("-", "+") if cursor.ahead().kind == "number" else None
    token = cursor.token
    if token.kind not in ("number", "name", "string"):
        cursor.fail(
            "A variable, or a modifier followed by '*', is expected here, "
            f"but {cursor.found()} was found."
        )
    cursor.take()
    if token.kind == "number":
        return (-float(token.text) if sign and sign.text == "-" else float(token.text),)
    if token.kind == "name" and token.text == "NA":
        return (None,)
    return (token.text,)


def _kind_of(cursor: Cursor, values: tuple[Value, ...], token: Token) -> ModifierKind:
    """Return whether values are labels or fixed values."""
    labels = [isinstance(value, str) for value in values]
    if any(labels) and not all(labels):
        cursor.fail(
            "Numbers and labels cannot stand in one modifier; write two, "
            "as in 'c(1, NA)*c(a, b)*x'.",
            token.place,
        )
    return "label" if labels[0] else "fixed"
