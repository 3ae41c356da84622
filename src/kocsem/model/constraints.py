"""Equality constraints: shared labels and ``==`` lines to an affine space.

In: a `ParameterTable`. Out: the `AffineSpace` of parameter vectors that satisfy every
constraint, and the values of ``:=`` definitions at a parameter vector.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.linalg

from kocsem.core.moments import Array
from kocsem.core.optimiser.optimise import AffineSpace
from kocsem.errors import IdentificationError, ModelSyntaxError, UnsupportedError
from kocsem.model.expression import Expression, linear_form
from kocsem.model.place import caret
from kocsem.model.statements import Constraint
from kocsem.model.table import ParameterTable

CONSISTENT = 1e-8


def constraint_space(table: ParameterTable) -> AffineSpace:
    """Find the parameter vectors that satisfy the equality constraints.

    Parameters
    ----------
    table : ParameterTable
        The parameters, with labels and constraints.

    Returns
    -------
    AffineSpace
        The whole space when there are no constraints.

    Raises
    ------
    ModelSyntaxError
        When a constraint names something that is no label.
    UnsupportedError
        When a constraint is not linear.
    IdentificationError
        When the constraints contradict each other.
    """
    merged, fixed = _merge_labels(table)
    if not table.constraints and not fixed:
        return AffineSpace(K=merged, offset=np.zeros(merged.shape[0]))
    equations = [*fixed, *(_equation(table, c) for c in table.constraints)]
    A = np.vstack([row for row, _ in equations]) @ merged
    b = np.array([value for _, value in equations])
    z, *_ = np.linalg.lstsq(A, b, rcond=None)
    if np.abs(A @ z - b).max() > CONSISTENT * (1 + np.abs(b).max()):
        raise IdentificationError(
            "The equality constraints contradict each other: no parameter values "
            "satisfy them all. Remove one of the == lines."
        )
    return AffineSpace(K=merged @ scipy.linalg.null_space(A), offset=merged @ z)


def _merge_labels(table: ParameterTable) -> tuple[Array, list[tuple[Array, float]]]:
    """Give free parameters with one label one column; list those tied to a number."""
    k = len(table.free_rows)
    values = {r.label: r.fixed for r in table if r.label and not r.free}
    columns: dict[str, int] = {}
    where = []
    tied: list[tuple[Array, float]] = []
    count = 0
    for position, row in enumerate(table.free_rows):
        fixed = values.get(row.label) if row.label else None
        if fixed is not None:
            tied.append((np.eye(k)[position], fixed))
        if row.label and row.label in columns:
            where.append(columns[row.label])
            continue
        if row.label:
            columns[row.label] = count
        where.append(count)
        count += 1
    merged = np.zeros((k, count))
    merged[np.arange(k), where] = 1.0
    return merged, tied


def _equation(table: ParameterTable, constraint: Constraint) -> tuple[Array, float]:
    """Turn ``lhs == rhs`` into one row of A x = b."""
    left = _linear_row(table, constraint, constraint.lhs)
    right = _linear_row(table, constraint, constraint.rhs)
    return left[0] - right[0], right[1] - left[1]


def _linear_row(
    table: ParameterTable, constraint: Constraint, side: Expression
) -> tuple[Array, float]:
    """Turn one side into coefficients of the free parameters and a constant."""
    form = linear_form(side)
    if form is None:
        raise UnsupportedError(
            caret(
                table.text,
                constraint.place,
                "Only linear equality constraints are offered; this one multiplies, "
                "divides or transforms parameters.",
            )
        )
    free = {row.label: row.free - 1 for row in reversed(table.free_rows) if row.label}
    known = {r.label: r.fixed for r in table if r.label and not r.free}
    defined = {d.name: d.expression for d in table.definitions}
    coefficients, constant = form
    row = np.zeros(len(table.free_rows))
    for name, weight in coefficients.items():
        if name in free:
            row[free[name]] += weight
        elif known.get(name) is not None:
            constant += weight * float(known[name] or 0.0)
        elif name in defined:
            part, more = _linear_row(table, constraint, defined[name])
            row, constant = row + weight * part, constant + weight * more
        else:
            raise ModelSyntaxError(
                caret(
                    table.text,
                    constraint.place,
                    f"{name!r} is not a label of any parameter. Write {name}* before "
                    "the "
                    "term it should name.",
                )
            )
    return row, constant


def check_definitions(table: ParameterTable) -> None:
    """Refuse a definition that uses an unknown name or depends on itself.

    Parameters
    ----------
    table : ParameterTable
        The parameters, with the definitions.

    Raises
    ------
    ModelSyntaxError
        With the place of the definition.
    """
    known = {row.label for row in table if row.label}
    names = {d.name for d in table.definitions}
    for definition in table.definitions:
        for name in definition.expression.names:
            if name not in known | names:
                raise ModelSyntaxError(
                    caret(
                        table.text,
                        definition.place,
                        f"{name!r} is neither a label nor a defined name. Write "
                        f"{name}* "
                        "before the term it should name.",
                    )
                )
    solved = defined_values(table, dict.fromkeys(known, 1.0))
    for definition in table.definitions:
        if definition.name not in solved:
            raise ModelSyntaxError(
                caret(
                    table.text,
                    definition.place,
                    f"The definition of {definition.name!r} depends on itself.",
                )
            )


def defined_values(
    table: ParameterTable, labelled: Mapping[str, Any]
) -> dict[str, Any]:
    """Evaluate the ``:=`` definitions, whatever the order they stand in.

    Parameters
    ----------
    table : ParameterTable
        The parameters, with the definitions.
    labelled : mapping
        A value, real or complex, for each label.

    Returns
    -------
    dict
        A value for each defined name, in the order of the text.
    """
    values = dict(labelled)
    waiting = list(table.definitions)
    while waiting:
        ready = [d for d in waiting if all(n in values for n in d.expression.names)]
        for definition in ready:
            values[definition.name] = definition.expression.evaluate(values)
        waiting = [d for d in waiting if d not in ready]
        if not ready:
            break
    return {d.name: values[d.name] for d in table.definitions if d.name in values}
