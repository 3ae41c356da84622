"""From statements to the parameter table, with the defaults of lavaan's sem().

In: `Statements` and the options that shape a table. Out: a `ParameterTable` for one
group. The defaults: the first loading of each factor is 1 (or its variance is, with
std_lv), the residual variance of a single indicator is 0, all other variances are free,
exogenous factors covary, pure outcomes covary, moments of observed predictors are the
sample's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from kocsem.errors import ModelSyntaxError, UnsupportedError
from kocsem.model.place import caret
from kocsem.model.statements import Statements, Term
from kocsem.model.table import Parameter, ParameterTable, Variables


@dataclass(frozen=True, slots=True)
class TableOptions:
    """The options that shape a parameter table.

    Attributes
    ----------
    std_lv : bool
        Scale factors by variance 1 in place of a loading of 1.
    meanstructure : bool
        Include intercepts even if the model text has none.
    fixed_x : bool
        Fix the moments of exogenous covariates at the sample's.
    """

    std_lv: bool = False
    meanstructure: bool = False
    fixed_x: bool = True


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in order of first appearance."""
    return tuple(dict.fromkeys(names))


def classify(terms: tuple[Term, ...]) -> Variables:
    """Sort the names of a model by the part they play.

    Parameters
    ----------
    terms : tuple of Term
        The model's terms.

    Returns
    -------
    Variables
        Observed, latent, indicators, exogenous covariates; lavaan's order.
    """
    latent = _unique(t.lhs for t in terms if t.op == "=~")
    indicators = _unique(t.rhs for t in terms if t.op == "=~" and t.rhs not in latent)
    known = {*latent, *indicators}
    outcomes = _unique(t.lhs for t in terms if t.op == "~" and t.lhs not in known)
    known |= set(outcomes)
    predictors = _unique(t.rhs for t in terms if t.op == "~" and t.rhs not in known)
    known |= set(predictors)
    mentioned = [
        name
        for t in terms
        if t.op in ("~~", "~1")
        for name in ((t.lhs, t.rhs) if t.op == "~~" else (t.lhs,))
    ]
    others = _unique(name for name in mentioned if name not in known)
    return Variables(
        observed=(*indicators, *outcomes, *predictors, *others),
        latent=latent,
        indicators=indicators,
        exogenous=tuple(name for name in predictors if name not in set(mentioned)),
    )


def build_table(statements: Statements, options: TableOptions) -> ParameterTable:
    """Build the parameter table of one group.

    Parameters
    ----------
    statements : Statements
        A parsed model.
    options : TableOptions
        What shapes the defaults.

    Returns
    -------
    ParameterTable
        User rows first, then the defaults.

    Raises
    ------
    ModelSyntaxError
        When the model has no terms, or a latent variable measures itself.
    UnsupportedError
        When a modifier has one value per group.
    """
    if not statements.terms:
        raise ModelSyntaxError(
            "The model has no terms. Write at least one line such as "
            "'TR =~ TR1 + TR2 + TR3' or 'PI ~ TR'."
        )
    variables = classify(statements.terms)
    _check_measurement(statements)
    means = options.meanstructure or any(t.op == "~1" for t in statements.terms)
    written = _user_rows(statements, variables, options)
    taken = {row.key for row in written}
    added = [
        row
        for row in _default_rows(statements.terms, variables, options, means)
        if row.key not in taken
    ]
    return ParameterTable(
        rows=_number([*written, *added]),
        variables=variables,
        definitions=statements.definitions,
        constraints=statements.constraints,
        means=means,
        text=statements.text,
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


def _number(rows: list[Parameter]) -> tuple[Parameter, ...]:
    """Give the free rows their numbers."""
    numbered, count = [], 0
    for row in rows:
        if row.free:
            count += 1
            row = replace(row, free=count)
        numbered.append(row)
    return tuple(numbered)


def _user_rows(
    statements: Statements, variables: Variables, options: TableOptions
) -> list[Parameter]:
    """Turn the terms into rows; the marker loading of each factor is fixed at 1."""
    rows, scaled = [], set()
    for term in statements.terms:
        row = _row(statements, term)
        if term.op == "=~" and term.lhs not in scaled:
            scaled.add(term.lhs)
            if not options.std_lv and not term.free and row.fixed is None:
                if row.start is not None:
                    raise ModelSyntaxError(
                        caret(
                            statements.text,
                            term.place,
                            f"{term.rhs} is the marker of {term.lhs}, its loading is 1 "
                            "and has no start value. Write NA* before it to free it.",
                        )
                    )
                row = replace(row, free=0, fixed=1.0)
        rows.append(row)
    return rows


def _row(statements: Statements, term: Term) -> Parameter:
    """Turn one term into a row for one group."""
    for modifier in (term.label, term.fixed, term.start):
        if len(modifier) > 1:
            raise UnsupportedError(
                caret(
                    statements.text,
                    term.place,
                    "c(...) gives one value per group, but this model has one group.",
                )
            )
    fixed = term.fixed[0] if term.fixed else None
    return Parameter(
        lhs=term.lhs,
        op=term.op,
        rhs=term.rhs,
        label=term.label[0] if term.label else "",
        free=0 if fixed is not None else 1,
        fixed=fixed,
        start=term.start[0] if term.start else None,
        user=True,
    )


def _default_rows(
    terms: tuple[Term, ...],
    variables: Variables,
    options: TableOptions,
    means: bool,
) -> list[Parameter]:
    """List everything that lavaan's sem() adds to a model text."""
    rows = _variances(terms, variables, options)
    rows += _covariances(terms, variables)
    exogenous = variables.exogenous
    fixed_x = options.fixed_x
    for position, second in enumerate(exogenous):
        rows += [
            Parameter(second, "~~", third, free=0 if fixed_x else 1, exogenous=fixed_x)
            for third in exogenous[position:]
        ]
    if means:
        for name in variables.observed:
            sample = fixed_x and name in exogenous
            rows.append(
                Parameter(name, "~1", "", free=0 if sample else 1, exogenous=sample)
            )
        rows += [Parameter(name, "~1", "", fixed=0.0) for name in variables.latent]
    return rows


def _variances(
    terms: tuple[Term, ...], variables: Variables, options: TableOptions
) -> list[Parameter]:
    """List the variances: free but for single indicators and scaled factors."""
    loadings: dict[str, list[str]] = {}
    for term in terms:
        if term.op == "=~":
            loadings.setdefault(term.lhs, []).append(term.rhs)
    single = {items[0] for items in loadings.values() if len(items) == 1}
    rows = []
    for name in (*variables.observed, *variables.latent):
        if name in variables.exogenous:
            continue
        if name in single:
            rows.append(Parameter(name, "~~", name, fixed=0.0))
        elif options.std_lv and name in variables.latent:
            rows.append(Parameter(name, "~~", name, fixed=1.0))
        else:
            rows.append(Parameter(name, "~~", name, free=1))
    return rows


def _covariances(terms: tuple[Term, ...], variables: Variables) -> list[Parameter]:
    """List the covariances of exogenous factors and of pure outcomes."""
    measured = {t.rhs for t in terms if t.op == "=~"}
    outcomes = _unique(t.lhs for t in terms if t.op == "~")
    predictors = {t.rhs for t in terms if t.op == "~"}
    free = [
        name
        for name in variables.latent
        if name not in measured and name not in outcomes
    ]
    last = [
        name
        for kind in (variables.latent, variables.observed)
        for name in kind
        if name in outcomes and name not in predictors and name not in measured
    ]
    return [
        Parameter(first, "~~", second, free=1)
        for group in (free, last)
        for first, second in combinations(group, 2)
    ]
