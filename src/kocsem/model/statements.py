"""What a model text says, as frozen records.

:func:`kocsem.model.syntax.parse_model` makes these records from lavaan's notation;
the parameter table is built from them. They hold the statements of the text alone:
no default, no automatic variance, no marker.
"""

from dataclasses import dataclass
from typing import Literal

from kocsem.model.expression import Expression
from kocsem.model.place import Place

TermOperator = Literal["=~", "~", "~~", "~1", "|", "~*~"]
Key = tuple[str, str, str]


def parameter_key(lhs: str, op: str, rhs: str) -> Key:
    """Return what makes two rows the same parameter.

    Parameters
    ----------
    lhs, op, rhs : str
        As written.

    Returns
    -------
    tuple of str
        The three, the sides of a covariance in alphabetical order: it is the same
        either way round.
    """
    return (rhs, op, lhs) if op == "~~" and rhs < lhs else (lhs, op, rhs)


@dataclass(frozen=True, slots=True)
class Term:
    """One parameter that the text names.

    The three modifiers hold one entry for each group, or a single one that serves for
    all; they are empty when the text gives none.

    Attributes
    ----------
    lhs : str
        Left-hand side: the latent variable, the outcome, the variable.
    op : {"=~", "~", "~~", "~1", "|", "~*~"}
        Loading, regression, (co)variance, intercept, threshold, scale.
    rhs : str
        Right-hand side: the indicator, the predictor, the other variable, the threshold
        (``t1``, ``t2``, ...); the item itself for a scale; empty for an intercept.
    label : tuple of str
        Names of the parameter; an empty string is a group without one.
    fixed : tuple of (float or None)
        Values the parameter is fixed at; None, written ``NA``, sets it free.
    start : tuple of float
        Starting values.
    place : Place
        Where the right-hand side stands in the text.
    """

    lhs: str
    op: TermOperator
    rhs: str
    label: tuple[str, ...]
    fixed: tuple[float | None, ...]
    start: tuple[float, ...]
    place: Place

    @property
    def key(self) -> Key:
        """What the term is; a covariance either way round."""
        return parameter_key(self.lhs, self.op, self.rhs)


@dataclass(frozen=True, slots=True)
class Definition:
    """A quantity computed from parameters: ``name := expression``.

    Attributes
    ----------
    name : str
        The new name.
    expression : Expression
        Its formula over labels and names defined elsewhere in the text.
    place : Place
        Where the name stands in the text.
    """

    name: str
    expression: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Constraint:
    """An equation between parameters: ``lhs == rhs``.

    Attributes
    ----------
    lhs, rhs : Expression
        The two sides.
    place : Place
        Where the statement begins in the text.
    """

    lhs: Expression
    rhs: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements of a model text, in order of appearance.

    Attributes
    ----------
    terms : tuple of Term
        Each parameter once: a repeated term has its modifiers merged into the first.
    definitions : tuple of Definition
        The ``:=`` lines.
    constraints : tuple of Constraint
        The ``==`` lines.
    text : str
        The text they were read from, for messages with a caret.
    """

    terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]
    constraints: tuple[Constraint, ...]
    text: str

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of terms, each once, in order of appearance."""
        labels = (label for term in self.terms for label in term.label if label)
        return tuple(dict.fromkeys(labels))
