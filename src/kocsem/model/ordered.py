"""Which statements about ordered items make sense.

In: a model's terms and the number of categories of its ordered variables. Out: nothing,
or an error that says what to change. An item of K categories has the thresholds
t1, ..., t(K-1) of its latent response; the scale of that response is ``x ~*~ x``.
"""

from collections.abc import Mapping

from kocsem.errors import DataError, KocsemError, ModelSyntaxError, UnsupportedError
from kocsem.instrument.nearest import hint
from kocsem.model.place import caret
from kocsem.model.statements import Statements, Term
from kocsem.model.table import Variables


def check_levels(variables: Variables, levels: Mapping[str, int]) -> None:
    """Refuse ordered variables that the model cannot treat as such.

    Parameters
    ----------
    variables : Variables
        The names, by the part they play.
    levels : mapping
        Number of categories of each ordered variable.

    Raises
    ------
    KocsemError
        When a name is no observed variable of the model.
    UnsupportedError
        When one is an exogenous covariate.
    DataError
        When one has fewer than two categories.
    """
    for name, count in levels.items():
        if name not in variables.observed:
            raise KocsemError(
                f"{name} is called ordered, but is no observed variable of the model "
                f"({hint(name, variables.observed)})."
            )
        if name in variables.exogenous:
            raise UnsupportedError(
                f"{name} is called ordered, but in this model it only predicts. "
                "A predictor enters with the numbers of its categories: leave it out "
                "of ordered, or replace it by dummy variables."
            )
        if count < 2:
            raise DataError(
                f"{name} is called ordered, but has fewer than two categories."
            )


def check_terms(
    statements: Statements, variables: Variables, levels: Mapping[str, int]
) -> None:
    """Refuse terms about thresholds, scales and variances that have no meaning.

    Parameters
    ----------
    statements : Statements
        The model text.
    variables : Variables
        The names, by the part they play.
    levels : mapping
        Number of categories of each ordered variable.

    Raises
    ------
    ModelSyntaxError
        With the place of the term.
    """
    for term in statements.terms:
        if message := _fault(term, variables, levels):
            raise ModelSyntaxError(caret(statements.text, term.place, message))


def _fault(term: Term, variables: Variables, levels: Mapping[str, int]) -> str:
    """Say what is wrong with a term; empty when nothing is."""
    item = term.lhs
    if term.op in ("|", "~*~") and item not in levels:
        part = "thresholds" if term.op == "|" else "scale"
        if item in variables.latent:
            return f"{item} is a latent variable and has no {part}; ordered items have."
        if item in variables.exogenous:
            return f"{item} only predicts in this model; predictors have no {part}."
        return f"{item} has no {part}: it is not ordered. Name it in ordered=."
    if term.op == "|":
        known = [f"t{number}" for number in range(1, levels[item])]
        if term.rhs not in known:
            return (
                f"{item} has {levels[item]} categories and so the thresholds "
                f"{', '.join(known)}; there is no {term.rhs}."
            )
    if term.op == "~~" and term.lhs == term.rhs and item in levels:
        return (
            f"The residual variance of the ordered item {item} is what the total "
            "variance of its latent response leaves; remove this term, or set the "
            f"scale with '{item} ~*~ {item}'."
        )
    return ""
