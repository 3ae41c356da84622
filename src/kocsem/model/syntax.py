"""lavaan's model text to frozen records.

A text comes in; :class:`~kocsem.model.statements.Statements` go out. The notation is
that of lavaan (Rosseel, 2012), so a text in semopy's plain notation is read as well.
What is malformed raises with a caret under the place; what is well formed but not
offered says so and names the way out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn, cast

from kocsem.errors import ModelSyntaxError
from kocsem.model.expression import read_expression
from kocsem.model.modifiers import (
    Modifier,
    ModifierKind,
    Operand,
    read_operand,
    refuse_foreign,
)
from kocsem.model.place import caret
from kocsem.model.statements import (
    Constraint,
    Definition,
    Key,
    Statements,
    Term,
    TermOperator,
)
from kocsem.model.tokens import (
    Cursor,
    Token,
    normalise_lines,
    split_statements,
    tokenise,
)

_REFUSED_OPERATORS: Mapping[str, str] = {
    "<~": "Formative (composite) variables with '<~' are not offered.",
    "<": "Inequality constraints are not offered; '==' constraints are.",
    ">": "Inequality constraints are not offered; '==' constraints are.",
    "<=": "Inequality constraints are not offered; '==' constraints are.",
    ">=": "Inequality constraints are not offered; '==' constraints are.",
}

_SEMOPY_COMMANDS: Mapping[str, str] = {
    "DEFINE": "write 'f =~ x1 + x2' for a latent variable",
    "START": "write 'start(0.5)*x' in front of the variable",
    "BOUND": "bounds are not offered",
    "CONSTRAINT": "write 'a == b' for an equality",
}

_BLOCKS = ("group", "level", "block", "class")


def parse_model(text: str) -> Statements:
    """Read a model text in lavaan's notation.

    Parameters
    ----------
    text : str
        Statements with ``=~`` (measured by), ``~`` (regressed on), ``~~`` (covaries
        with), ``~ 1`` (intercept), ``|`` (thresholds of an ordered item), ``~*~`` (its
        scale), ``:=`` (defined as) and ``==`` (equals), one a line or parted by
        semicolons; comments begin with ``#`` or ``!``.

    Returns
    -------
    Statements
        The terms with their modifiers, the definitions and the constraints.

    Raises
    ------
    ModelSyntaxError
        The text is malformed or contradicts itself; the message shows the line with
        a caret.
    UnsupportedError
        The text uses a part of the notation that kocsem does not offer.

    References
    ----------
    Rosseel, Y. (2012). lavaan: An R package for structural equation modeling.
    Journal of Statistical Software, 48(2), 1-36.

    Examples
    --------
    >>> model = parse_model("TR =~ TR1 + a*TR2; PI ~ b*TR; ab := a*b")
    >>> [(term.lhs, term.op, term.rhs, term.label) for term in model.terms]
    [('TR', '=~', 'TR1', ()), ('TR', '=~', 'TR2', ('a',)), ('PI', '~', 'TR', ('b',))]
    >>> model.definitions[0].expression.text
    'a*b'
    """
    if not isinstance(text, str):
        raise ModelSyntaxError(
            f"A model is a text in lavaan's notation, not a {type(text).__name__}."
        )
    text = normalise_lines(text)
    parts: list[Any] = []
    for tokens in split_statements(tokenise(text)):
        parts += _read_statement(Cursor(text, tokens))
    if not parts:
        raise ModelSyntaxError(
            "The model text holds no statement; write one such as 'PI ~ TR'."
        )
    terms = _merge_terms(text, (part for part in parts if isinstance(part, Term)))
    definitions = tuple(part for part in parts if isinstance(part, Definition))
    constraints = tuple(part for part in parts if isinstance(part, Constraint))
    statements = Statements(terms, definitions, constraints, text)
    _check_definitions(statements)
    return statements


def _read_statement(cursor: Cursor) -> Iterable[Term | Definition | Constraint]:
    """Read one statement, whichever it is."""
    _refuse_commands(cursor)
    operator = cursor.first_operator()
    if operator is None:
        _fail_without_operator(cursor)
    if operator.text in _REFUSED_OPERATORS:
        cursor.refuse(_REFUSED_OPERATORS[operator.text], operator.place)
    if operator.text in ("->", "<-"):
        cursor.fail(
            "Arrows are not part of the notation; write 'PI ~ TR'.", operator.place
        )
    if operator.text == "==":
        return [_read_constraint(cursor)]
    if operator.text == ":=":
        return [_read_definition(cursor)]
    return _read_terms(cursor)


def _refuse_commands(cursor: Cursor) -> None:
    """Refuse blocks and the commands that only semopy knows."""
    name, after = cursor.token, cursor.ahead()
    if name.kind != "name":
        return
    if name.text.lower() in _BLOCKS and after.text == ":":
        cursor.refuse(
            f"Blocks such as '{name.text}: 1' are not offered; "
            "give one value for each group with c(), as in 'c(a, b)*x'."
        )
    if name.text in _SEMOPY_COMMANDS and after.text == "(":
        cursor.refuse(
            f"{name.text}() is a command of semopy; {_SEMOPY_COMMANDS[name.text]}."
        )


def _fail_without_operator(cursor: Cursor) -> NoReturn:
    """Raise the error for a line that is no statement."""
    while not cursor.ended and not cursor.at("="):
        cursor.take()
    if cursor.at("="):
        cursor.fail(
            "A single '=' is no operator; write '=~' to measure a latent variable, "
            "'~' to regress, '==' to constrain."
        )
    cursor.fail(
        "This statement has no operator; '=~', '~', '~~', ':=' or '==' is expected."
    )


def _expect_end(cursor: Cursor, otherwise: str) -> None:
    """Raise an error when a statement goes on where it should have ended."""
    if cursor.ended:
        return
    if cursor.token.kind == "operator":
        cursor.fail(
            f"A second operator, '{cursor.token.text}', in one statement; a line break "
            "is missing, or the line before ends in one sign too many."
        )
    cursor.fail(f"{otherwise} is expected here, but {cursor.found()} was found.")


def _read_definition(cursor: Cursor) -> Definition:
    """Read ``name := formula``."""
    name = cursor.take()
    if name.kind != "name":
        cursor.fail("A name is expected before ':='.", name.place)
    cursor.expect(":=", f"Only one name may stand before ':=', not {cursor.found()}.")
    expression = read_expression(cursor)
    _expect_end(cursor, "A sign such as '+' or '*'")
    return Definition(name.text, expression, name.place)


def _read_constraint(cursor: Cursor) -> Constraint:
    """Read ``formula == formula``."""
    place = cursor.token.place
    lhs = read_expression(cursor)
    cursor.expect("==", f"'==' is expected here, but {cursor.found()} was found.")
    rhs = read_expression(cursor)
    _expect_end(cursor, "A sign such as '+' or '*'")
    if not lhs.names and not rhs.names:
        cursor.fail("This equation names no parameter; use labels.", place)
    return Constraint(lhs, rhs, place)


def _read_terms(cursor: Cursor) -> list[Term]:
    """Read a statement with ``=~``, ``~``, ``~~``, ``|`` or ``~*~``."""
    outcomes = [_read_outcome(cursor)]
    while cursor.accept("+"):
        outcomes.append(_read_outcome(cursor))
    if cursor.token.kind != "operator":
        refuse_foreign(cursor)
        cursor.fail(
            "An operator ('=~', '~' or '~~') or '+' is expected here, "
            f"but {cursor.found()} was found."
        )
    op = cursor.take().text
    operands = [read_operand(cursor, op)]
    while cursor.accept("+"):
        operands.append(read_operand(cursor, op))
    _expect_end(cursor, "'+' or the end of the statement")
    return [_term(cursor, lhs, op, x) for lhs in outcomes for x in operands]


def _read_outcome(cursor: Cursor) -> Token:
    """Read a variable on the left-hand side."""
    if cursor.token.text == "efa" and cursor.ahead().text == "(":
        cursor.refuse("Exploratory blocks with efa() are not offered.")
    name = cursor.token
    if name.kind != "name":
        cursor.fail(f"A variable is expected here, but {cursor.found()} was found.")
    cursor.take()
    if cursor.at("*"):
        cursor.fail("Modifiers belong to the right-hand side.", name.place)
    return name


def _term(cursor: Cursor, lhs: Token, op: str, operand: Operand) -> Term:
    """Make the record of one parameter."""
    verb = {"=~": "measure", "~": "be regressed on"}.get(op)
    if verb and operand.name == lhs.text:
        cursor.fail(f"'{lhs.text}' cannot {verb} itself.", operand.place)
    if op == "~*~" and operand.name != lhs.text:
        message = f"A scale belongs to one item; write '{lhs.text} ~*~ {lhs.text}'."
        cursor.fail(message, operand.place)
    sign = cast(TermOperator, op if operand.name else "~1")
    term = Term(lhs.text, sign, operand.name, (), (), (), operand.place)
    for modifier in operand.modifiers:
        term = _modified(cursor.text, term, modifier)
    return term


_CLASHES: Mapping[ModifierKind, str] = {
    "label": "has two labels; to set two parameters equal write 'a == b'.",
    "fixed": "is given two different fixed values.",
    "start": "is given two different starting values.",
}


def _modified(text: str, term: Term, modifier: Modifier) -> Term:
    """Add a modifier to a term, unless it contradicts what the term has."""
    known = getattr(term, modifier.kind)
    if known and known != modifier.values:
        name = f"{term.lhs} {term.op} {term.rhs}".rstrip()
        raise ModelSyntaxError(
            caret(text, modifier.place, f"'{name}' {_CLASHES[modifier.kind]}")
        )
    changes: dict[str, Any] = {modifier.kind: modifier.values}
    term = replace(term, **changes)
    lengths = {len(values) for values in (term.label, term.fixed, term.start)}
    if len(lengths - {0, 1}) > 1:
        message = "The modifiers of this term speak of different numbers of groups."
        raise ModelSyntaxError(caret(text, modifier.place, message))
    return term


def _merge_terms(text: str, terms: Iterable[Term]) -> tuple[Term, ...]:
    """Merge the modifiers of repeated terms into the first of them."""
    merged: dict[Key, Term] = {}
    kinds: tuple[ModifierKind, ...] = ("label", "fixed", "start")
    for term in terms:
        first = merged.setdefault(term.key, term)
        if first is term:
            continue
        for kind in kinds:
            if values := getattr(term, kind):
                first = _modified(text, first, Modifier(kind, values, term.place))
        merged[term.key] = first
    return tuple(merged.values())


def _check_definitions(statements: Statements) -> None:
    """Refuse a name that is defined twice or is a label as well."""
    taken: dict[str, str] = dict.fromkeys(statements.labels, "a label")
    for definition in statements.definitions:
        if definition.name in taken:
            message = (
                f"'{definition.name}' is already {taken[definition.name]}; "
                "choose another name."
            )
            raise ModelSyntaxError(caret(statements.text, definition.place, message))
        taken[definition.name] = "defined"
