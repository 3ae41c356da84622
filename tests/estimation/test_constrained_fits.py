"""Two ways to write one constraint, and what definitions inherit from it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import kocsem
from sem_cases import HS, by_parameter, holzinger, values_in_order

SAME_RTOL = 1e-7


def chisq(fit):
    return fit.fit_measures["chisq"]


def assert_same_column(first, second, column, atol=1e-8):
    ours, expected = values_in_order(first, column, like=second)
    assert_allclose(ours, expected, rtol=SAME_RTOL, atol=atol, err_msg=column)


def value(fit, lhs, op, rhs="", column="est"):
    return by_parameter(fit.parameters, column)[lhs, op, rhs]


TAU = HS.replace("x2 + x3", "a*x2 + b*x3")
PAIRS = {
    "labels and ==": (
        "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6",
        "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + x5 + x6\na == b",
    ),
    "a label and a number": (
        "visual =~ x1 + 0.5*x2 + x3\ntextual =~ x4 + x5 + x6",
        "visual =~ x1 + a*x2 + x3\ntextual =~ x4 + x5 + x6\na == 0.5",
    ),
    "twice": (
        "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + x5 + x6\na == 2*b",
        "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + x5 + x6\nb == a/2",
    ),
    "a free marker tied to one": (
        "visual =~ NA*x1 + a*x1 + x2 + x3\ntextual =~ x4 + x5 + x6\na == 1",
        "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6",
    ),
    "variances": (
        "visual =~ x1 + x2 + x3 + x4\nx1 ~~ v*x1\nx2 ~~ v*x2",
        "visual =~ x1 + x2 + x3 + x4\nx1 ~~ v*x1\nx2 ~~ w*x2\nw == v",
    ),
    "a ring of equalities": (
        "visual =~ x1 + a*x2 + a*x3 + a*x4",
        "visual =~ x1 + a*x2 + b*x3 + c*x4\na == b\nb == c\nc == a",
    ),
    "a difference of zero": (
        "visual =~ x1 + a*x2 + a*x3 + x4",
        "visual =~ x1 + a*x2 + b*x3 + x4\nd := a - b\nd == 0",
    ),
}


@pytest.mark.parametrize(("first", "second"), PAIRS.values(), ids=PAIRS)
def test_two_ways_to_write_a_constraint(first, second):
    one, other = (kocsem.cfa(text, holzinger()) for text in (first, second))
    assert one.converged
    assert other.converged
    assert chisq(one) == pytest.approx(chisq(other), rel=1e-9)
    assert one.fit_measures["df"] == other.fit_measures["df"]
    frames = [f.parameters.query("op != ':='") for f in (one, other)]
    for column in ("est", "se", "std_all"):
        assert_same_column(*frames, column, atol=1e-7)
    standardized = [f.standardized().query("op != ':='") for f in (one, other)]
    assert_same_column(*standardized, "se", atol=1e-7)


def test_a_constraint_holds_in_the_estimates():
    fit = kocsem.cfa(f"{TAU}\na == 2*b", holzinger())
    first, second = (value(fit, "visual", "=~", name) for name in ("x2", "x3"))
    assert first == pytest.approx(2 * second, rel=1e-12)
    errors = [value(fit, "visual", "=~", n, "se") for n in ("x2", "x3")]
    assert errors[0] == pytest.approx(2 * errors[1], rel=1e-12)
    assert fit.fit_measures["df"] == 25


def test_a_constraint_that_holds_already_costs_nothing():
    free = kocsem.cfa(TAU, holzinger())
    at = value(free, "visual", "=~", "x2")
    held = kocsem.cfa(f"{TAU}\na == {at!r}", holzinger())
    assert chisq(held) == pytest.approx(chisq(free), rel=1e-9)
    assert held.fit_measures["df"] == 25


def test_a_defined_sum_has_the_error_of_a_sum():
    fit = kocsem.cfa(f"{TAU}\ns := a + b\nd := a - b", holzinger())
    frame = fit.parameters.set_index("lhs")
    V = fit.vcov.loc[["a", "b"], ["a", "b"]].to_numpy()
    for name, sign in (("s", 1), ("d", -1)):
        expected = np.sqrt(V[0, 0] + V[1, 1] + 2 * sign * V[0, 1])
        assert frame.loc[name, "se"] == pytest.approx(expected, rel=1e-10)


def test_a_defined_product_has_sobels_error():
    fit = kocsem.sem("x5 ~ a*x1\nx9 ~ b*x5 + x1\nab := a*b", holzinger())
    frame = fit.parameters.set_index("label")
    (a, b), (va, vb) = frame.loc[["a", "b"], "est"], frame.loc[["a", "b"], "se"] ** 2
    assert frame.loc["ab", "est"] == pytest.approx(a * b, rel=1e-14)
    expected = np.sqrt(b**2 * va + a**2 * vb)  # a and b are independent here
    assert frame.loc["ab", "se"] == pytest.approx(expected, rel=1e-10)
