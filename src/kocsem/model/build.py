"""From statements to the parameter table, with the defaults of lavaan's sem().

In: `Statements` and the options that shape a table. Out: a `ParameterTable` of all
groups: in each the rows that the text names and those that lavaan adds, with the
modifiers of the text, and ties where parameters are equal.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import NoReturn

from kocsem.errors import KocsemError, ModelSyntaxError, UnsupportedError
from kocsem.instrument.nearest import hint
from kocsem.model.defaults import (
    Setting,
    default_rows,
    markers_of,
    single_indicators,
)
from kocsem.model.groups import KINDS, keys_to_tie, released, tie
from kocsem.model.ordered import check_levels, check_terms
from kocsem.model.place import caret
from kocsem.model.statements import Statements, Term
from kocsem.model.table import Parameter, ParameterTable, Variables, numbered

_TIE_LABEL = re.compile(r"\.p\d+\.")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """The options that shape a parameter table.

    Attributes
    ----------
    std_lv : bool
        Scale factors by variance 1 in place of a loading of 1.
    meanstructure : bool
        Include intercepts even if the model text has none; with several groups or
        ordered items they are always included.
    fixed_x : bool
        Fix the moments of exogenous covariates at the sample's.
    groups : int
        Number of groups.
    equal : tuple of str
        What is equal across groups, lavaan's ``group.equal``: ``"loadings"``,
        ``"intercepts"``, ``"means"``, ``"thresholds"``, ``"regressions"``,
        ``"residuals"``, ``"residual_covariances"``, ``"lv_variances"`` or
        ``"lv_covariances"``; a dot may stand for the underscore.
    partial : tuple of str
        What is nevertheless not, such as ``"f=~x2"``, ``"x3~1"`` or ``"a1|t2"``.
    levels : tuple of (str, int)
        Ordered variables with their numbers of categories.

    Raises
    ------
    UnsupportedError
        When ``equal`` names something else.
    KocsemError
        When parameters are to be equal across groups, but there is one group.
    """

    std_lv: bool = False
    meanstructure: bool = False
    fixed_x: bool = True
    groups: int = 1
    equal: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    levels: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        for word in sorted(self.kinds - KINDS.keys()):
            raise UnsupportedError(
                f"group_equal cannot make {word!r} equal ({hint(word, KINDS)})."
            )
        if self.groups < 2 and (self.equal or self.partial):
            name = "group_equal" if self.equal else "group_partial"
            raise KocsemError(
                f"{name} is about equality across groups, but there is one group. Say "
                "with group= which column of the data holds the groups."
            )

    @property
    def kinds(self) -> frozenset[str]:
        """What is equal across groups, underscores for dots."""
        return frozenset(word.replace(".", "_") for word in self.equal)


def _sides(terms: Sequence[Term], op: str) -> tuple[list[str], list[str]]:
    """List the names on either side of an operator, each once."""
    found = [term for term in terms if term.op == op]
    left, right = (t.lhs for t in found), (t.rhs for t in found)
    return list(dict.fromkeys(left)), list(dict.fromkeys(right))


def classify(terms: Sequence[Term]) -> Variables:
    """Sort the names of a model by the part they play.

    Parameters
    ----------
    terms : sequence of Term
        The model's terms.

    Returns
    -------
    Variables
        Observed, latent, indicators, exogenous covariates; lavaan's order.
    """
    latent, measured = _sides(terms, "=~")
    outcomes, predictors = _sides(terms, "~")
    first, second = _sides(terms, "~~")
    means, items = _sides(terms, "~1")[0], _sides(terms, "|")[0]
    names = [*measured, *outcomes, *predictors, *first, *second, *means, *items]
    observed = [name for name in dict.fromkeys(names) if name not in latent]
    explained = {*latent, *measured, *outcomes, *first, *second, *means}
    return Variables(
        observed=tuple(observed),
        latent=tuple(latent),
        indicators=tuple(name for name in measured if name not in latent),
        exogenous=tuple(name for name in predictors if name not in explained),
    )


def build_table(statements: Statements, options: TableOptions) -> ParameterTable:
    """Build the parameter table of all groups.

    Parameters
    ----------
    statements : Statements
        A parsed model.
    options : TableOptions
        What shapes the defaults.

    Returns
    -------
    ParameterTable
        Group by group the user's rows, then the defaults. Rows that are equal across
        groups share a label.

    Raises
    ------
    ModelSyntaxError
        When the model has no terms, a latent variable measures itself, a term is about
        thresholds that do not exist, or values for one parameter contradict each other.
    UnsupportedError
        When a modifier has not one value for each group, or a covariate is ordered.
    KocsemError
        When `options` names a parameter or a variable that the model does not have.
    """
    if not statements.terms:
        raise ModelSyntaxError(
            "The model has no terms. Write at least one line such as "
            "'TR =~ TR1 + TR2 + TR3' or 'PI ~ TR'."
        )
    _check_measurement(statements)
    _check_modifiers(statements, options.groups)
    statements = replace(statements, terms=_oriented(statements.terms))
    setting = _setting(statements, options)
    outline = default_rows(statements.terms, setting)
    keys = keys_to_tie(outline, setting.variables, setting.equal, options.partial)
    rows = [
        row
        for group in range(1, options.groups + 1)
        for row in _group_rows(statements, outline, setting, group)
    ]
    return ParameterTable(
        rows=numbered(tie(rows, keys, statements)),
        variables=setting.variables,
        definitions=statements.definitions,
        constraints=statements.constraints,
        means=setting.means,
        text=statements.text,
    )


def _oriented(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Turn covariances round as lavaan does: latent first, each kind in its order."""
    names = classify(terms)
    rank = {name: at for at, name in enumerate((*names.latent, *names.observed))}
    return tuple(
        replace(term, lhs=term.rhs, rhs=term.lhs)
        if term.op == "~~" and rank[term.lhs] > rank[term.rhs]
        else term
        for term in terms
    )


def _setting(statements: Statements, options: TableOptions) -> Setting:
    """Gather what the defaults depend on."""
    terms, levels = statements.terms, dict(options.levels)
    variables = classify(terms)
    check_levels(variables, levels)
    check_terms(statements, variables, levels)
    ordered = tuple(name for name in variables.observed if name in levels)
    return Setting(
        variables=replace(variables, ordered=ordered),
        levels=levels,
        markers=markers_of(terms),
        single=single_indicators(terms),
        std_lv=options.std_lv,
        fixed_x=options.fixed_x,
        means=(
            options.meanstructure
            or options.groups > 1
            or bool(ordered)
            or any(term.op == "~1" for term in terms)
        ),
        equal=options.kinds,
    )


def _check_measurement(statements: Statements) -> None:
    """Refuse a latent variable that is, directly or not, its own indicator."""
    children: dict[str, list[Term]] = {}
    for term in statements.terms:
        if term.op == "=~":
            children.setdefault(term.lhs, []).append(term)

    def visit(name: str, path: tuple[str, ...]) -> None:
        for term in children.get(name, ()):
            if term.rhs in (*path, name):
                raise ModelSyntaxError(
                    caret(
                        statements.text,
                        term.place,
                        f"The latent variable {term.rhs} cannot be its own indicator.",
                    )
                )
            visit(term.rhs, (*path, name))

    for name in children:
        visit(name, ())


def _check_modifiers(statements: Statements, groups: int) -> None:
    """Refuse modifiers with too many or too few values, and labels that are taken."""
    for term in statements.terms:
        for values in (term.label, term.fixed, term.start):
            if len(values) not in (0, 1, groups):
                count = "one group" if groups == 1 else f"{groups} groups"
                message = (
                    f"c(...) gives one value per group, but this model has {count}."
                )
                raise UnsupportedError(caret(statements.text, term.place, message))
        for label in term.label:
            if _TIE_LABEL.fullmatch(label):
                message = (
                    f"Labels such as {label!r} are given to parameters that are equal "
                    "across groups; choose another."
                )
                raise ModelSyntaxError(caret(statements.text, term.place, message))


def _group_rows(
    statements: Statements, outline: Sequence[Parameter], setting: Setting, group: int
) -> Iterator[Parameter]:
    """Give the rows of one group, with the modifiers of the text."""
    for row, term in zip_longest(outline, statements.terms):
        own = released(replace(row, group=group), setting) if group > 1 else row
        yield _modified(own, term, statements.text) if term else own


def _modified(row: Parameter, term: Term, text: str) -> Parameter:
    """Put the modifiers of a term on the row of one group."""
    at = row.group - 1
    if term.fixed:
        value = term.fixed[at % len(term.fixed)]
        row = row.freed() if value is None else row.fixed_at(value)
    elif term.start and row.fixed is not None:
        _fail_start(row, term, text)
    if term.label:
        row = replace(row, label=term.label[at % len(term.label)])
    if term.start:
        row = replace(row, start=term.start[at % len(term.start)])
    return row


def _fail_start(row: Parameter, term: Term, text: str) -> NoReturn:
    """Raise the error for a start value of a parameter that is fixed by default."""
    what = (
        f"{row.rhs} is the marker of {row.lhs}, its loading is {row.fixed:g}"
        if row.op == "=~"
        else f"{row.text} is {row.fixed:g}"
    )
    message = f"{what} and has no start value. Write NA* before it to free it."
    raise ModelSyntaxError(caret(text, term.place, message))
