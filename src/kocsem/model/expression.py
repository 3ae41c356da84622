"""Arithmetic over parameter names: the right-hand sides of ``:=`` and ``==``.

Text such as ``a*b + c`` comes in; an :class:`Expression` goes out, which can be
evaluated at floats, at complex numbers (for derivatives by a complex step) and at
arrays, and which can say whether it is linear. Precedence is that of R, in which
lavaan's expressions are written: ``-2^2`` is -4 and ``2^3^2`` is 512.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from kocsem.errors import ModelSyntaxError
from kocsem.model.tokens import Cursor, normalise_lines, split_statements, tokenise

T = TypeVar("T", float, complex, npt.NDArray[Any])

_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}
_OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.float_power,
}


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter's label or the name of a defined parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus an operand."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands joined by ``+ - * /`` or ``^``."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """``exp``, ``log`` or ``sqrt`` of an operand."""

    function: str
    operand: "Node"


Node = Number | Name | Negative | Operation | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula over parameter names.

    Attributes
    ----------
    text : str
        The formula as written, without blanks.
    root : Node
        The formula as a tree.
    """

    text: str
    root: Node

    @property
    def names(self) -> tuple[str, ...]:
        """The names used, each once, in order of appearance."""
        return tuple(dict.fromkeys(_names_in(self.root)))

    def evaluate(self, values: Mapping[str, T]) -> T:
        """Compute the formula.

        Parameters
        ----------
        values : mapping of str to float, complex or ndarray
            A value for each of :attr:`names`; arrays must have one shape.

        Returns
        -------
        float, complex or ndarray
            Of the kind of the values. Outside the domain of a function the result is
            nan or infinite, as in numpy; the caller checks.

        Raises
        ------
        KeyError
            A name has no value.

        Examples
        --------
        >>> parse_expression("a * b + c").evaluate({"a": 2.0, "b": 3.0, "c": 1.0})
        7.0
        """
        with np.errstate(all="ignore"):
            result = _value_of(self.root, values)
        return cast(T, result.item() if isinstance(result, np.generic) else result)


def _names_in(node: Node) -> Iterator[str]:
    """Walk the names of a tree from left to right."""
    match node:
        case Name(name):
            yield name
        case Negative(operand) | Call(_, operand):
            yield from _names_in(operand)
        case Operation(_, left, right):
            yield from _names_in(left)
            yield from _names_in(right)


def _value_of(node: Node, values: Mapping[str, Any]) -> Any:
    """Evaluate a tree."""
    match node:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Negative(operand):
            return -_value_of(operand, values)
        case Call(function, operand):
            return _FUNCTIONS[function](_value_of(operand, values))
        case Operation(sign, left, right):
            pair = _value_of(left, values), _value_of(right, values)
            return _OPERATIONS[sign](*pair)


def parse_expression(text: str) -> Expression:
    """Read a formula.

    Parameters
    ----------
    text : str
        Numbers, names, ``+ - * / ^``, parentheses, ``exp``, ``log`` and ``sqrt``.

    Returns
    -------
    Expression
        The formula, ready to be evaluated.

    Raises
    ------
    ModelSyntaxError
        The text is not a formula; the message has a caret.
    UnsupportedError
        It calls a function that is not offered.

    Examples
    --------
    >>> formula = parse_expression("sqrt(a^2 + b^2)")
    >>> formula.names
    ('a', 'b')
    >>> formula.evaluate({"a": 3.0, "b": 4.0})
    5.0
    """
    text = normalise_lines(text)
    statements = split_statements(tokenise(text))
    if len(statements) != 1:
        raise ModelSyntaxError(
            f"One formula is expected, but the text holds {len(statements)}: {text!r}."
        )
    cursor = Cursor(text, statements[0])
    expression = read_expression(cursor)
    if not cursor.ended:
        cursor.fail(f"The formula should end here, but {cursor.found()} follows.")
    return expression


def read_expression(cursor: Cursor) -> Expression:
    """Read the formula under a reading head and step over it.

    Parameters
    ----------
    cursor : Cursor
        Its head stands on the first token of the formula.

    Returns
    -------
    Expression
        The formula; the head stands on the token after it.

    Raises
    ------
    ModelSyntaxError, UnsupportedError
        As :func:`parse_expression` says.
    """
    first, place = cursor.position, cursor.token.place
    try:
        root = _read_sum(cursor)
    except RecursionError:
        cursor.fail("This formula is nested too deeply; define its parts.", place)
    words = (token.text for token in cursor.between(first, cursor.position))
    return Expression("".join("^" if word == "**" else word for word in words), root)


def _read_sum(cursor: Cursor) -> Node:
    """Read terms joined by plus and minus."""
    node = _read_product(cursor)
    while sign := cursor.accept("+", "-"):
        node = Operation(sign.text, node, _read_product(cursor))
    return node


def _read_product(cursor: Cursor) -> Node:
    """Read factors joined by times and divided by."""
    node = _read_signed(cursor)
    while sign := cursor.accept("*", "/"):
        node = Operation(sign.text, node, _read_signed(cursor))
    return node


def _read_signed(cursor: Cursor) -> Node:
    """Read a factor with the signs before it; they bind less than a power."""
    if cursor.accept("-"):
        return Negative(_read_signed(cursor))
    cursor.accept("+")
    return _read_power(cursor)


def _read_power(cursor: Cursor) -> Node:
    """Read a power; powers group from the right."""
    base = _read_atom(cursor)
    if cursor.accept("^", "**"):
        return Operation("^", base, _read_signed(cursor))
    return base


def _read_atom(cursor: Cursor) -> Node:
    """Read a number, a name, a function call or a parenthesis."""
    if cursor.token.kind == "number":
        return Number(float(cursor.take().text))
    if cursor.token.kind == "name" and cursor.ahead().text == "(":
        return _read_call(cursor)
    if cursor.token.kind == "name":
        return Name(cursor.take().text)
    if cursor.accept("("):
        return _read_closing(cursor)
    cursor.fail(
        f"A number, a label or '(' is expected here, but {cursor.found()} was found."
    )


def _read_call(cursor: Cursor) -> Node:
    """Read a function with its operand."""
    name = cursor.take()
    if name.text not in _FUNCTIONS:
        offered = ", ".join(sorted(_FUNCTIONS))
        cursor.refuse(
            f"'{name.text}()' is not offered in formulas; {offered} are.", name.place
        )
    cursor.take()
    return Call(name.text, _read_closing(cursor))


def _read_closing(cursor: Cursor) -> Node:
    """Read a formula up to the parenthesis that closes it."""
    node = _read_sum(cursor)
    cursor.expect(")", f"')' is expected here, but {cursor.found()} was found.")
    return node


Linear = tuple[dict[str, float], float]


def linear_form(expression: Expression) -> Linear | None:
    """Return a formula as a sum of multiples, if it is one.

    Parameters
    ----------
    expression : Expression
        The formula.

    Returns
    -------
    tuple of dict and float, or None
        Coefficient of each name (those that cancel out are left out) and the
        constant; None when the formula is not linear in its names.

    Examples
    --------
    >>> linear_form(parse_expression("2*(a - b)/4 + 1"))
    ({'a': 0.5, 'b': -0.5}, 1.0)
    >>> linear_form(parse_expression("a*b")) is None
    True
    """
    form = _linear(expression.root)
    if form is None:
        return None
    coefficients, constant = form
    return {name: c for name, c in coefficients.items() if c != 0}, constant


def _linear(node: Node) -> Linear | None:
    """Return the linear form of a tree."""
    match node:
        case Number(value):
            return {}, value
        case Name(name):
            return {name: 1.0}, 0.0
        case Negative(operand):
            form = _linear(operand)
            return None if form is None else _scaled(form, -1.0)
        case Operation("+" | "-" as sign, left, right):
            return _linear_sum(
                _linear(left), _linear(right), 1.0 if sign == "+" else -1
            )
        case Operation("*", left, right):
            return _linear_product(_linear(left), _linear(right))
    return _linear_of_constants(node)


def _scaled(form: Linear, factor: float) -> Linear:
    """Multiply a linear form by a number."""
    return {name: factor * c for name, c in form[0].items()}, factor * form[1]


def _linear_sum(
    left: Linear | None, right: Linear | None, sign: float
) -> Linear | None:
    """Add or subtract two linear forms."""
    if left is None or right is None:
        return None
    names = dict.fromkeys([*left[0], *right[0]])
    total = {n: left[0].get(n, 0.0) + sign * right[0].get(n, 0.0) for n in names}
    return total, left[1] + sign * right[1]


def _linear_product(left: Linear | None, right: Linear | None) -> Linear | None:
    """Multiply two linear forms, one of which must be a constant."""
    if left is None or right is None or (left[0] and right[0]):
        return None
    return _scaled(right, left[1]) if right[0] else _scaled(left, right[1])


def _linear_of_constants(node: Node) -> Linear | None:
    """Return the linear form of a quotient, a power or a function."""
    match node:
        case Operation("/", left, right):
            form, divisor = _linear(left), _linear(right)
            if form is None or divisor is None or divisor[0] or divisor[1] == 0:
                return None
            return _scaled(form, 1.0 / divisor[1])
        case Operation("^", left, Number(1.0)):
            return _linear(left)
    if next(_names_in(node), None) is not None:
        return None
    return {}, Expression("", node).evaluate(cast(Mapping[str, float], {}))
