"""Formulas over parameter names: precedence, derivatives, linearity."""

import math

import numpy as np
import pytest

from kocsem.errors import ModelSyntaxError, UnsupportedError
from kocsem.model.expression import linear_form, parse_expression

VALUES = {"a": 2.0, "b": 3.0, "c": 5.0, "信任": 7.0, ".p1.": 11.0}

# Values worked out by hand under R's precedence.
EVALUATIONS = {
    "a*b + c": 11.0,
    "a + b*c": 17.0,
    "a - b - c": -6.0,
    "c / a / 5": 0.5,
    "-a^2": -4.0,
    "(-a)^2": 4.0,
    "2^b^a": 512.0,
    "a^-1": 0.5,
    "a**b": 8.0,
    "a * -b": -6.0,
    "- -a": 2.0,
    "+a": 2.0,
    "(a + b) * (c - 1)": 20.0,
    "exp(log(c))": 5.0,
    "sqrt(a*b + 3)": 3.0,
    "1e-3*1E3 + .5 + 2.": 3.5,
    "信任 - .p1.": -4.0,
    "2": 2.0,
}


@pytest.mark.parametrize(("text", "expected"), EVALUATIONS.items())
def test_value(text, expected):
    assert parse_expression(text).evaluate(VALUES) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("text", "expected"), EVALUATIONS.items())
def test_arrays_give_each_element_its_value(text, expected):
    expression = parse_expression(text)
    arrays = {name: np.array([value, value]) for name, value in VALUES.items()}
    np.testing.assert_allclose(expression.evaluate(arrays) * np.ones(2), [expected] * 2)


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("a*b", 3.0),
        ("a^2 * b", 12.0),
        ("-a^3", -12.0),
        ("(a - 5)^3", 27.0),
        ("b/a", -0.75),
        ("exp(a)", math.exp(2)),
        ("log(a)", 0.5),
        ("sqrt(2*a)", 0.5),
        ("a^b", 12.0),
        ("b + c", 0.0),
    ],
)
def test_complex_step_gives_the_derivative(text, derivative):
    values = {name: complex(value) for name, value in VALUES.items()}
    values["a"] += 1e-20j
    slope = parse_expression(text).evaluate(values).imag / 1e-20
    assert slope == pytest.approx(derivative, rel=1e-12, abs=1e-12)


def test_integers_may_have_negative_powers():
    assert parse_expression("a^b").evaluate({"a": 2, "b": -1}) == 0.5


@pytest.mark.parametrize("text", ["log(0 - a)", "sqrt(-a)", "(a - 2)/(b - 3)"])
def test_outside_the_domain_is_nan_without_a_warning(text):
    assert math.isnan(parse_expression(text).evaluate(VALUES))


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("c + a * b + a", ("c", "a", "b"), "c+a*b+a"),
        ("exp( x.1 ) ** 2", ("x.1",), "exp(x.1)^2"),
        ("3 * 2", (), "3*2"),
        ("信任 / _x", ("信任", "_x"), "信任/_x"),
        ("a +\n  b", ("a", "b"), "a+b"),
    ],
)
def test_names_and_text(text, names, shown):
    expression = parse_expression(text)
    assert (expression.names, expression.text) == (names, shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ({"a": 1.0}, 0.0)),
        ("2*a - b/4 + 3", ({"a": 2.0, "b": -0.25}, 3.0)),
        ("-(a - b)", ({"a": -1.0, "b": 1.0}, 0.0)),
        ("a*2*3", ({"a": 6.0}, 0.0)),
        ("a + a - 2*a + b", ({"b": 1.0}, 0.0)),
        ("a^1", ({"a": 1.0}, 0.0)),
        ("a * sqrt(4)", ({"a": 2.0}, 0.0)),
        ("2^3", ({}, 8.0)),
        ("exp(0) + a", ({"a": 1.0}, 1.0)),
        ("a*b", None),
        ("a^2", None),
        ("1/a", None),
        ("log(a)", None),
        ("2^a", None),
        ("a/(2 - 2)", None),
        ("-(a*b) + 1", None),
        ("(a*b)/2", None),
    ],
)
def test_linear_form(text, expected):
    assert linear_form(parse_expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("a +", ModelSyntaxError, "the end of the statement"),
        ("a b", ModelSyntaxError, "'b' follows"),
        ("(a", ModelSyntaxError, r"'\)' is expected"),
        ("a)", ModelSyntaxError, r"'\)' follows"),
        ("* a", ModelSyntaxError, r"column 1: A number, a label"),
        ("2a", ModelSyntaxError, "cannot begin with a digit"),
        ("a $ b", ModelSyntaxError, "no meaning"),
        ("", ModelSyntaxError, "holds 0"),
        ("a; b", ModelSyntaxError, "holds 2"),
        ("abs(a)", UnsupportedError, r"'abs\(\)' is not offered"),
        ("(" * 5000 + "a" + ")" * 5000, ModelSyntaxError, "nested too deeply"),
        ("exp()", ModelSyntaxError, r"'\)' was found"),
        ("a ~ b", ModelSyntaxError, "'~' follows"),
    ],
)
def test_bad_formula(text, error, words):
    with pytest.raises(error, match=words):
        parse_expression(text)


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError, match="b"):
        parse_expression("a + b").evaluate({"a": 1.0})
