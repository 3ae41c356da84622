"""The structural part of a group: what is in it, and what stays outside."""

from types import SimpleNamespace

import numpy as np
import pytest

from kocsem.errors import KocsemError
from kocsem.model.table import Parameter
from kocsem.results.structural_part import structural_part

ROWS = [
    # a third-order factor, its dimension of a dimension, an item and a path between
    ("h", "=~", "g", 0, 1.0),
    ("g", "=~", "f", 1, 0.8),
    ("f", "=~", "x1", 2, 0.7),
    ("y", "~", "f", 3, 0.5),
    ("f", "~", "z", 0, 0.3),
    ("y", "~", "w", 0, 0.0),
    ("h", "~~", "h", 4, 1.5),
    ("f", "~~", "y", 5, 0.2),
    ("x1", "~~", "x1", 6, 0.9),
    ("y", "~~", "y", 0, 0.4),
    ("y", "~*~", "y", 0, 1.0),
]


def solution(rows):
    table = [
        Parameter(lhs, op, rhs, group=group, free=free)
        for group in (1, 2)
        for lhs, op, rhs, free, _ in rows
    ]
    return SimpleNamespace(table=table, values=np.array([row[-1] for row in rows] * 2))


@pytest.fixture(scope="module")
def part():
    return structural_part(solution(ROWS))


def entries(part, elements):
    """Read the elements of a matrix by name."""
    names = part.variables
    return {
        (names[row], names[col]): (position, value)
        for row, col, position, value in zip(
            elements.row, elements.col, elements.position, elements.value, strict=True
        )
    }


def test_paths(part):
    assert part.graph.steps == (("f", "y"), ("z", "f"))
    found = entries(part, part.system.paths)
    assert found == {("y", "f"): (2, 0.0), ("f", "z"): (-1, 0.3)}


def test_variances_rest_on_the_factors_above(part):
    assert part.variables == ("f", "y", "z", "g", "h")
    found = entries(part, part.system.loadings)
    assert found == {("f", "g"): (0, 0.0), ("g", "h"): (-1, 1.0)}


def test_covariances_within(part):
    found = entries(part, part.system.covariances)
    assert found == {
        ("h", "h"): (3, 0.0),
        ("f", "y"): (4, 0.0),
        ("y", "f"): (4, 0.0),
    }


def test_the_residual_variance_of_an_ordered_outcome_is_implied(part):
    assert entries(part, part.system.scales) == {("y", "y"): (-1, 1.0)}
    continuous = structural_part(solution(ROWS[:-1]))
    assert entries(continuous, continuous.system.covariances)["y", "y"] == (-1, 0.4)


@pytest.mark.parametrize("group", [0, 3, -1, "a"])
def test_no_such_group(group):
    with pytest.raises(KocsemError, match="numbered from 1 to 2"):
        structural_part(solution(ROWS), group)
