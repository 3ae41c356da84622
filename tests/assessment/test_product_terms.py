"""Reading products in a model text, and refusing those without meaning."""

import pytest

from kocsem.assessment.product_terms import read_product_model
from kocsem.errors import ModelSyntaxError, UnsupportedError


@pytest.mark.parametrize(
    ("text", "plain", "terms"),
    [
        ("y ~ a + b + a:b", "y ~ a + b + a.b", ["a:b"]),
        ("y ~ a+b+p*a : b", "y ~ a+b+p*a.b", ["a:b"]),
        (
            "y ~ a + b + b:a; z ~ a + b + a:b",
            "y ~ a + b + b.a; z ~ a + b + b.a",
            ["b:a"],
        ),
        ("y ~ a + b # a:c\n + a:b", "y ~ a + b # a:c\n + a.b", ["a:b"]),
        ("y ~ a + b +\r\n a:b", "y ~ a + b +\n a.b", ["a:b"]),
        (
            "信任 ~ 专业 + 互动 + 专业:互动",
            "信任 ~ 专业 + 互动 + 专业.互动",
            ["专业:互动"],
        ),
        ("y ~ a + 0*b + a:b; x := 1", "y ~ a + 0*b + a.b; x := 1", ["a:b"]),
        ("y ~ a + b + a:b\na:b ~~ 0*a", "y ~ a + b + a.b\na.b ~~ 0*a", ["a:b"]),
        ("y ~ a + b + a:b\nb:a ~ 1", "y ~ a + b + a.b\na.b ~ 1", ["a:b"]),
        (
            "y ~ b:a + a + b + c + a:c + b:c + a:b:c",
            "y ~ a.b + a + b + c + a.c + b.c + a.b.c",
            ["a:b", "a:c", "b:c", "a:b:c"],
        ),
    ],
)
def test_products_get_plain_names(text, plain, terms):
    read = read_product_model(text)
    assert read.text == plain
    assert [term.text for term in read.terms] == terms


def test_what_contains_a_product():
    read = read_product_model(
        "y ~ a + b + c + a:b + a:c + b:c + a:b:c; z ~ a + d + a:d"
    )
    by_text = {term.text: term for term in read.terms}
    wide = by_text["a:b:c"]
    assert read.around(by_text["b:c"]) is wide
    assert read.around(by_text["a:d"]) is by_text["a:d"]
    assert read.around(wide) is wide


def test_the_first_of_several_larger_products_orders_a_smaller_one():
    main, pairs = "a+b+c+d", "b:a + c:a + c:b + d:a + d:b"
    read = read_product_model(f"y ~ {main} + {pairs} + a:b:c + b:a:d")
    assert [term.text for term in read.terms] == [
        *("a:b", "a:c", "b:c", "a:d", "b:d"),
        *("a:b:c", "b:a:d"),
    ]


F = "f =~ x1 + x2\n"
MISSING = "has no meaning without "


@pytest.mark.parametrize(
    ("text", "error", "message", "place"),
    [
        (3, ModelSyntaxError, "not a int", ""),
        ("", ModelSyntaxError, "names no product", ""),
        ("y ~ a + b", ModelSyntaxError, "names no product", ""),
        ("y ~ a + a:a", UnsupportedError, "with itself", "line 1, column 9"),
        ("y ~ a:b:c:d", UnsupportedError, "more than three", "line 1, column 5"),
        ("y ~ a + a:b", ModelSyntaxError, MISSING + "b. Add to 'y ~'", "column 9"),
        ("y ~ a:b", ModelSyntaxError, MISSING + "a and b", "column 5"),
        ("y ~ a + b; z ~ a + a:b", ModelSyntaxError, MISSING + "b. Add to 'z", ""),
        (
            "y ~ a + b + c + a:b + a:b:c",
            ModelSyntaxError,
            MISSING + "a:c and b:c",
            "line 1, column 23",
        ),
        ("a ~ b + a:b", ModelSyntaxError, "a cannot be predicted by", "column 9"),
        (F + "f:z =~ x1", ModelSyntaxError, "can be a predictor", "line 2, column 1"),
        ("f =~ a:b", ModelSyntaxError, "can be a predictor", "column 6"),
        ("a:b ~ c", ModelSyntaxError, "can be a predictor", "column 1"),
        ("y ~ a + b\na:b ~~ a", ModelSyntaxError, "predicts nothing", "line 2"),
        ("y ~ a + b + a.b + a:b", ModelSyntaxError, "also what a:b will", "column 13"),
        ("y ~ a + b + a:", ModelSyntaxError, "between two variables", "column 14"),
        ("y ~ a + b + a:\n b", ModelSyntaxError, "between two", "column 14"),
        ("group: 1\ny ~ a + b + a:b", ModelSyntaxError, "between two", "line 1"),
        ("y ~ a + b + a:b +", ModelSyntaxError, "end of the statement", ""),
        ("y ~ a + b + a:b\ny = 3", ModelSyntaxError, "single '='", "line 2"),
    ],
)
def test_what_makes_no_sense_is_an_error_with_its_place(text, error, message, place):
    with pytest.raises(error) as raised:
        read_product_model(text)
    assert message in str(raised.value)
    assert place in str(raised.value)
