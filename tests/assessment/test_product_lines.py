"""What products add to a model text, line by line."""

import pytest

from kocsem.assessment.product_lines import Product, product_lines
from kocsem.assessment.product_terms import read_product_model
from kocsem.data.products import ProductColumn
from kocsem.errors import DataError

X, Z = "x =~ x1 + x2\n", "z =~ z1 + z2\n"


def product(text, *indicators, centres=()):
    columns = tuple(
        ProductColumn(name.replace(":", "."), tuple(name.split(":")))
        for name in indicators
    )
    return Product(tuple(text.split(":")), columns, dict.fromkeys(centres, 0.0))


XZ = product("x:z", "x1:z1", "x2:z2")
XW = product("x:w", "x1:w", "x2:w", centres="w")
VW = product("v:w", centres="vw")
ALL = product("x:z", "x1:z1", "x1:z2", "x2:z1", "x2:z2")


@pytest.mark.parametrize(
    ("text", "products", "centring", "lines"),
    [
        (X + Z + "y ~ x + z + x:z", [XZ], "mean", ["x.z =~ x1.z1 + x2.z2"]),
        (
            X + Z + "y ~ x + z + x:z",
            [XZ],
            "residual",
            ["x.z =~ x1.z1 + x2.z2", "x.z ~~ 0*x", "x.z ~~ 0*z"],
        ),
        (
            X + Z + "y ~ x + z + x:z\nx ~~ x:z",
            [XZ],
            "residual",
            ["x.z =~ x1.z1 + x2.z2", "x.z ~~ 0*z"],
        ),
        (
            # an outcome has no covariance with a product to fix
            X + Z + "y ~ x + z + x:z\nx ~ v",
            [XZ],
            "residual",
            ["x.z =~ x1.z1 + x2.z2", "x.z ~~ 0*z"],
        ),
        (
            X + Z + "y ~ x + z + x:z\nx1.z2 ~~ x1.z1",
            [ALL],
            "double_mean",
            [
                "x.z =~ x1.z1 + x1.z2 + x2.z1 + x2.z2",
                "x1.z1 ~~ x2.z1",
                "x1.z2 ~~ x2.z2",
                "x2.z1 ~~ x2.z2",
            ],
        ),
        (
            # w has no error, so that x1.w and x2.w share none
            X + "y ~ x + w + x:w + u",
            [XW],
            "double_mean",
            ["x.w =~ x1.w + x2.w", "w ~~ x", "w ~~ x.w", "w ~~ u"],
        ),
        (
            X + "y ~ x + w + x:w",
            [XW],
            "residual",
            ["x.w =~ x1.w + x2.w", "x.w ~~ 0*x", "w ~~ x"],
        ),
        (
            # a moderator that is an outcome keeps the covariances of an outcome
            X + "y ~ x + w + x:w\nw ~ u",
            [XW],
            "mean",
            ["x.w =~ x1.w + x2.w"],
        ),
        ("y ~ v + w + v:w", [VW], "none", []),
        (
            X + "y ~ x + v + w + v:w + x:w",
            [VW, XW],
            "mean",
            [
                *("x.w =~ x1.w + x2.w", "w ~~ x", "w ~~ x.w"),
                *("v ~~ w", "v ~~ v.w", "w ~~ v.w"),
            ],
        ),
        (
            # products of three share an item with products of two, and with the item
            X + "y ~ x + v + w + x:v + x:w + v:w + x:v:w",
            [
                product("x:v", "x1:v", "x2:v", centres="v"),
                XW,
                VW,
                product("x:v:w", "x1:v:w", "x2:v:w", centres="vw"),
            ],
            "double_mean",
            [
                "x.v =~ x1.v + x2.v",
                "x.w =~ x1.w + x2.w",
                "x.v.w =~ x1.v.w + x2.v.w",
                *("x1.v ~~ x1.w", "x1.v ~~ x1.v.w", "x2.v ~~ x2.w", "x2.v ~~ x2.v.w"),
                *("x1.w ~~ x1.v.w", "x2.w ~~ x2.v.w"),
                *("x1 ~~ x1.v.w", "x2 ~~ x2.v.w"),
                *("v ~~ x", "v ~~ x.v", "v ~~ x.w", "v ~~ x.v.w"),
                *("w ~~ x", "w ~~ x.v", "w ~~ x.w", "w ~~ x.v.w"),
                *("v ~~ w", "v ~~ v.w", "w ~~ v.w"),
            ],
        ),
        (
            # the only item of a factor has no error by default
            "x =~ x1\n" + Z + "y ~ x + z + x:z",
            [product("x:z", "x1:z1", "x1:z2")],
            "mean",
            ["x.z =~ x1.z1 + x1.z2"],
        ),
        (
            "x =~ x1\nx1 ~~ 0.2*x1\n" + Z + "y ~ x + z + x:z",
            [product("x:z", "x1:z1", "x1:z2")],
            "mean",
            ["x.z =~ x1.z1 + x1.z2", "x1.z1 ~~ x1.z2"],
        ),
        (
            "x =~ x1\ny ~ x + w + x:w\nx ~~ w",
            [product("x:w", "x1:w", centres="w")],
            "mean",
            ["x.w =~ x1.w", "w ~~ x.w"],
        ),
    ],
)
def test_lines_that_a_text_needs(text, products, centring, lines):
    found = product_lines(read_product_model(text), products, centring)
    assert list(found) == lines


def test_a_single_indicator_with_error_is_refused():
    model = read_product_model(X + Z + "y ~ x + z + x:z")
    with pytest.raises(DataError, match=r"x:z would be measured by x2\.z2 alone"):
        product_lines(model, [product("x:z", "x2:z2")], "mean")
