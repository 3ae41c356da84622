"""Terms back to model text.

In: terms as the parser makes them. Out: text that parses to the same terms. It lets a
model be taken apart, such as the measurement part out of a whole model.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from kocsem.model.statements import Term

_PLAIN_LABEL = re.compile(r"\.?[^\W\d][\w.]*")


def terms_text(terms: Iterable[Term]) -> str:
    """Write terms in lavaan's notation.

    Parameters
    ----------
    terms : iterable of Term
        The terms.

    Returns
    -------
    str
        One line a term.

    Examples
    --------
    >>> from kocsem.model.syntax import parse_model
    >>> print(terms_text(parse_model("f =~ NA*x1 + start(.5)*a*x2; x1 ~ 1").terms))
    f =~ NA*x1
    f =~ a*start(0.5)*x2
    x1 ~ 1
    """
    return "\n".join(_term_text(term) for term in terms)


def _term_text(term: Term) -> str:
    """Write one term."""
    modifiers = (
        _modifier(term.label, _label) if term.label else "",
        _modifier(term.fixed, _number) if term.fixed else "",
        f"start({', '.join(map(_number, term.start))})*" if term.start else "",
    )
    operand = "".join(modifiers) + (term.rhs or "1")
    return f"{term.lhs} {'~' if term.op == '~1' else term.op} {operand}"


def _modifier(values: tuple[Any, ...], write: Callable[[Any], str]) -> str:
    """Write a modifier with one value, or with one for each group."""
    words = [write(value) for value in values]
    return f"{words[0]}*" if len(words) == 1 else f"c({', '.join(words)})*"


def _label(label: str) -> str:
    """Write a label, in quotation marks when it is no plain name."""
    if _PLAIN_LABEL.fullmatch(label) and label != "NA":
        return label
    return f"'{label}'" if '"' in label else f'"{label}"'


def _number(value: float | None) -> str:
    """Write a number at full precision, or NA."""
    return "NA" if value is None else repr(value)
