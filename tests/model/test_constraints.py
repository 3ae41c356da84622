"""Equality constraints as an affine space, and definitions as numbers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kocsem.errors import IdentificationError, ModelSyntaxError, UnsupportedError
from kocsem.model.build import TableOptions, build_table
from kocsem.model.constraints import (
    check_definitions,
    constraint_space,
    defined_values,
)
from kocsem.model.syntax import parse_model

# free parameters in this order: a, b, c, d, then the variances
BASE = "y ~ a*x1 + b*x2 + c*x3 + d*x4\n"


def table(text):
    return build_table(parse_model(text), TableOptions())


def space(text):
    return constraint_space(table(text))


def points(text, count=3):
    """Draw parameter vectors that satisfy the constraints: a, b, c, d of each."""
    found = space(text)
    rng = np.random.default_rng(0)
    return [found.point(z)[:4] for z in rng.normal(size=(count, found.K.shape[1]))]


# the constraints, how many they are, and what must hold
CONSTRAINTS = {
    "equal": ("a == b", 1, lambda a, b, c, d: a - b),
    "the other way round": ("b == a", 1, lambda a, b, c, d: a - b),
    "twice": ("a == 2*b", 1, lambda a, b, c, d: a - 2 * b),
    "a number": ("a == 0.5", 1, lambda a, b, c, d: a - 0.5),
    "a number first": ("0.5 == a", 1, lambda a, b, c, d: a - 0.5),
    "a sum": ("a + b == c", 1, lambda a, b, c, d: a + b - c),
    "a difference": ("a - b == c - d", 1, lambda a, b, c, d: a - b - c + d),
    "an average": ("a == (b + c)/2", 1, lambda a, b, c, d: a - (b + c) / 2),
    "with a constant": ("a - 1 == 2*(b + 3)", 1, lambda a, b, c, d: a - 2 * b - 7),
    "a minus sign": ("a == -b", 1, lambda a, b, c, d: a + b),
    "powers of numbers": ("a == 2^2*b", 1, lambda a, b, c, d: a - 4 * b),
    "two": ("a == b\nc == d", 2, lambda a, b, c, d: abs(a - b) + abs(c - d)),
    "a chain": ("a == b\nb == c", 2, lambda a, b, c, d: abs(a - b) + abs(b - c)),
    "a ring says one thing less": (
        "a == b\nb == c\nc == a",
        2,
        lambda a, b, c, d: abs(a - b) + abs(b - c),
    ),
    "twice the same": ("a == b\nb == a", 1, lambda a, b, c, d: a - b),
    "through a definition": (
        "s := a + b\ns == 1",
        1,
        lambda a, b, c, d: a + b - 1,
    ),
    "through definitions of definitions": (
        "s := a + b\nt := 2*s\nt == c",
        1,
        lambda a, b, c, d: 2 * (a + b) - c,
    ),
    "all fixed": (
        "a == 1\nb == 2\nc == 3\nd == a + b",
        4,
        lambda a, b, c, d: abs(a - 1) + abs(b - 2) + abs(c - 3) + abs(d - 3),
    ),
}


@pytest.mark.parametrize(
    ("text", "count", "gap"), CONSTRAINTS.values(), ids=CONSTRAINTS
)
def test_every_point_of_the_space_satisfies_the_constraints(text, count, gap):
    found = space(BASE + text)
    free = len(table(BASE).free_rows)
    assert found.K.shape == (free, free - count)
    assert np.linalg.matrix_rank(found.K) == free - count
    for point in points(BASE + text):
        assert gap(*point) == pytest.approx(0, abs=1e-12)


def test_no_constraints_leave_the_whole_space():
    found = space(BASE)
    assert found.unrestricted
    assert_allclose(found.K, np.eye(5))
    assert_allclose(found.offset, 0)


SHARED = {
    "two": ("y ~ a*x1 + a*x2 + c*x3 + d*x4", [(0, 1)]),
    "three": ("y ~ a*x1 + a*x2 + a*x3 + d*x4", [(0, 1), (1, 2)]),
    "two pairs": ("y ~ a*x1 + c*x2 + a*x3 + c*x4", [(0, 2), (1, 3)]),
}


@pytest.mark.parametrize(("text", "pairs"), SHARED.values(), ids=SHARED)
def test_shared_labels_are_equal(text, pairs):
    assert space(text).K.shape == (5, 5 - len(pairs))
    for point in points(text):
        for first, second in pairs:
            assert point[first] == point[second]


def test_labels_and_constraints_together():
    text = "y ~ a*x1 + a*x2 + c*x3 + d*x4\na + c == 1\nd == 2*a"
    assert space(text).K.shape == (5, 2)
    for first, second, c, d in points(text):
        assert first == pytest.approx(second, abs=1e-12)
        assert first + c == pytest.approx(1, abs=1e-12)
        assert d == pytest.approx(2 * first, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("y ~ a*x1 + b*x2\ny ~ a*x3 + 0.4*x3", 0.4),
        ("f =~ a*x1 + a*x2 + x3", 1.0),
    ],
)
def test_a_label_shared_with_a_fixed_value_is_no_free_parameter(text, value):
    found = table(text)
    assert [row.fixed for row in found if row.label == "a"] == [value, value]
    assert constraint_space(found).unrestricted


def test_a_fixed_labelled_value_is_a_number_in_a_constraint():
    for point in points("y ~ k*x1 + 3*x1 + b*x2 + c*x3 + d*x4 + e*x5\nb == 2*k"):
        assert point[0] == pytest.approx(6)


CONTRADICTIONS = ["a == 1\na == 2", "a == b\na == b + 1", "a == 1\nb == 2\na == b"]


@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_contradictions(text):
    with pytest.raises(IdentificationError, match="contradict each other"):
        space(BASE + text)


def test_a_contradiction_with_a_shared_label():
    with pytest.raises(IdentificationError, match="contradict each other"):
        space("f =~ a*x1 + a*x2 + x3\na == 2")


NONLINEAR = ["a*b == 1", "a/b == 1", "a^2 == 1", "exp(a) == 1", "a == b*c", "1 == 1/a"]


@pytest.mark.parametrize("text", NONLINEAR)
def test_nonlinear_constraints_are_shown_with_a_caret(text):
    with pytest.raises(UnsupportedError) as caught:
        space(BASE + text)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("line 2, column 1: Only linear")
    assert lines[1].strip() == text
    assert lines[2].strip() == "^"


@pytest.mark.parametrize("text", ["a == e", "e == 1", "a + 2*e == b"])
def test_an_unknown_label_in_a_constraint(text):
    with pytest.raises(ModelSyntaxError) as caught:
        space(BASE + text)
    assert "'e' is not a label of any parameter" in str(caught.value)
    assert "line 2" in str(caught.value)


UNDEFINED = {
    "an unknown name": ("s := a*e", "'e' is neither a label nor a defined name", 2),
    "a variable is no label": ("s := x1 + a", "'x1' is neither", 2),
    "itself": ("s := s + a", "The definition of 's' depends on itself", 2),
    "a ring": ("s := t + a\nt := s*2", "depends on itself", 2),
    "after a ring": ("u := a\ns := t\nt := s", "'s' depends on itself", 3),
}


@pytest.mark.parametrize(("text", "words", "line"), UNDEFINED.values(), ids=UNDEFINED)
def test_definitions_without_a_value(text, words, line):
    with pytest.raises(ModelSyntaxError) as caught:
        check_definitions(table(BASE + text))
    assert words in str(caught.value)
    assert f"line {line}, column 1" in str(caught.value)
    assert "^" in str(caught.value)


def test_definitions_in_any_order():
    found = table(BASE + "t := s + c\ns := a*b\nu := t/d - 1")
    check_definitions(found)
    values = defined_values(found, {"a": 2.0, "b": 3.0, "c": 4.0, "d": 5.0})
    assert values == {"t": 10.0, "s": 6.0, "u": 1.0}
    assert list(values) == ["t", "s", "u"]


def test_definitions_take_complex_numbers():
    found = table(BASE + "s := a*b")
    values = defined_values(found, {"a": 2 + 1e-30j, "b": 3.0, "c": 0.0, "d": 0.0})
    assert values["s"].imag == pytest.approx(3e-30)
