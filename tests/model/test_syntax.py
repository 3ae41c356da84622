"""lavaan's notation: texts and the records they become, texts that are refused."""

import pytest

from kocsem.errors import ModelSyntaxError, UnsupportedError
from kocsem.model.place import Place, caret
from kocsem.model.syntax import parse_model


def rows(text):
    """Return the terms of a text as short tuples: lhs op rhs and the modifiers."""
    return [
        (f"{t.lhs} {t.op} {t.rhs}".rstrip(), t.label, t.fixed, t.start)
        for t in parse_model(text).terms
    ]


def names(text):
    return [row[0] for row in rows(text)]


NAMES = {
    "f =~ x1 + x2": ["f =~ x1", "f =~ x2"],
    "y ~ x": ["y ~ x"],
    "y~x+z": ["y ~ x", "y ~ z"],
    "x ~~ y": ["x ~~ y"],
    "x ~~ x": ["x ~~ x"],
    "x ~ 1": ["x ~1"],
    "x ~1": ["x ~1"],
    "x ~ 1 + z": ["x ~1", "x ~ z"],
    "x ~ z + 1": ["x ~ z", "x ~1"],
    "x + y ~ 1": ["x ~1", "y ~1"],
    "x1 + x2 ~ f + g": ["x1 ~ f", "x1 ~ g", "x2 ~ f", "x2 ~ g"],
    "y ~ a; z ~ b": ["y ~ a", "z ~ b"],
    "y ~ a\nz ~ b": ["y ~ a", "z ~ b"],
    "y ~ a\r\nz ~ b\r\n": ["y ~ a", "z ~ b"],
    "y ~ a\rz ~ b": ["y ~ a", "z ~ b"],
    "\ufeffy ~ a": ["y ~ a"],
    "y ~ a +\n  b": ["y ~ a", "y ~ b"],
    "y ~ a\n + b": ["y ~ a", "y ~ b"],
    "y ~\n a": ["y ~ a"],
    "y\n ~ a": ["y ~ a"],
    "y ~ a +   # why\n\n  # more\n  b": ["y ~ a", "y ~ b"],
    "! note\ny ~ a ! note\n\n# y ~ b": ["y ~ a"],
    "y ~ 2*\n a": ["y ~ a"],
    "y ~ c(1,\n 2)*a": ["y ~ a"],
    ";;y ~ a;\n;": ["y ~ a"],
    "\ty\t~\ta": ["y ~ a"],
    "信任 =~ 题1 + 题2": ["信任 =~ 题1", "信任 =~ 题2"],
    "y.1 ~ _x + .z": ["y.1 ~ _x", "y.1 ~ .z"],
    "y ~\u3000a": ["y ~ a"],
    "NAME ~ c + start + label": ["NAME ~ c", "NAME ~ start", "NAME ~ label"],
    "group ~ level": ["group ~ level"],
    "x | t1 + t2": ["x | t1", "x | t2"],
    "x + y|t1": ["x | t1", "y | t1"],
    "x\n| t1 +\n t2": ["x | t1", "x | t2"],
    "x ~*~ x": ["x ~*~ x"],
    "x~*~x; y ~ x": ["x ~*~ x", "y ~ x"],
}


@pytest.mark.parametrize(("text", "expected"), NAMES.items())
def test_terms(text, expected):
    assert names(text) == expected


MODIFIERS = {
    "a*x": (("a",), (), ()),
    "1*x": ((), (1.0,), ()),
    "-1*x": ((), (-1.0,), ()),
    "+0.5*x": ((), (0.5,), ()),
    "1e-3*x": ((), (0.001,), ()),
    ".5*x": ((), (0.5,), ()),
    "0*x": ((), (0.0,), ()),
    "NA*x": ((), (None,), ()),
    "start(.5)*x": ((), (), (0.5,)),
    "start(-.5)*x": ((), (), (-0.5,)),
    "start(c(.5, .6))*x": ((), (), (0.5, 0.6)),
    'label("a")*x': (("a",), (), ()),
    'label(c("a","b"))*x': (("a", "b"), (), ()),
    '"a"*x': (("a",), (), ()),
    "'b 1'*x": (("b 1",), (), ()),
    "c(a,b)*x": (("a", "b"), (), ()),
    "c(a, a)*x": (("a", "a"), (), ()),
    'c("a", "")*x': (("a", ""), (), ()),
    "c(1,NA)*x": ((), (1.0, None), ()),
    "c(NA, NA)*x": ((), (None, None), ()),
    "start(.8)*a*x": (("a",), (), (0.8,)),
    "a*start(.8)*x": (("a",), (), (0.8,)),
    "NA*c(a,b)*x": (("a", "b"), (None,), ()),
    "c(1,2)*a*x": (("a",), (1.0, 2.0), ()),
    "a*x + start(.5)*x": (("a",), (), (0.5,)),
    "x + a*x": (("a",), (), ()),
    "a*x + a*x": (("a",), (), ()),
    "1*x + a*x": (("a",), (1.0,), ()),
}


@pytest.mark.parametrize("op", ["=~", "~", "~~", "|"])
@pytest.mark.parametrize(("term", "expected"), MODIFIERS.items())
def test_modifiers(op, term, expected):
    assert rows(f"f {op} {term}") == [(f"f {op} x", *expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x ~ a*1", (("a",), (), ())),
        ("x ~ 0.5*1", ((), (0.5,), ())),
        ("x ~ 1*1", ((), (1.0,), ())),
        ("x ~ 0*1", ((), (0.0,), ())),
        ("x ~ 0", ((), (0.0,), ())),
        ("x ~ NA*1", ((), (None,), ())),
        ("x ~ c(a, b)*1", (("a", "b"), (), ())),
        ("x ~ 1", ((), (), ())),
    ],
)
def test_intercepts(text, expected):
    assert rows(text) == [("x ~1", *expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f =~ x1 + x2; f =~ a*x1", [("f =~ x1", ("a",)), ("f =~ x2", ())]),
        ("x ~~ y; y ~~ a*x", [("x ~~ y", ("a",))]),
        ("x ~ y; y ~ a*x", [("x ~ y", ()), ("y ~ x", ("a",))]),
        ("x ~ 1; x ~ a*1", [("x ~1", ("a",))]),
        ("x | t1 + t2; x | a*t1", [("x | t1", ("a",)), ("x | t2", ())]),
        ("x ~*~ x; x ~*~ a*x", [("x ~*~ x", ("a",))]),
    ],
)
def test_repeated_terms_merge_into_the_first(text, expected):
    assert [row[:2] for row in rows(text)] == expected


def test_places_point_at_the_right_hand_side():
    model = parse_model("TR =~ TR1 +\n  a*TR2\n\nab := a^2\na == 1; PI ~ 1")
    assert [term.place for term in model.terms] == [
        Place(1, 7),
        Place(2, 5),
        Place(5, 14),
    ]
    assert model.definitions[0].place == Place(4, 1)
    assert model.constraints[0].place == Place(5, 1)


def test_definitions_and_constraints():
    model = parse_model(
        """
        PI ~ b*TR + c*CA
        TR ~ a*CA
        ind := a * b
        total := ind +
                 c
        a == b
        2*a + 1 == b^2
          + c
        (a + b) == 1
        """
    )
    assert [(d.name, d.expression.text) for d in model.definitions] == [
        ("ind", "a*b"),
        ("total", "ind+c"),
    ]
    assert [(c.lhs.text, c.rhs.text) for c in model.constraints] == [
        ("a", "b"),
        ("2*a+1", "b^2+c"),
        ("(a+b)", "1"),
    ]
    assert model.labels == ("b", "c", "a")


def test_the_text_is_kept_with_plain_line_ends():
    assert parse_model("y ~ x\r\n").text == "y ~ x\n"


def test_political_democracy():
    model = parse_model(
        """
        # measurement model
        ind60 =~ x1 + x2 + x3
        dem60 =~ y1 + a*y2 + b*y3 + c*y4
        dem65 =~ y5 + a*y6 + b*y7 + c*y8
        # regressions
        dem60 ~ ind60
        dem65 ~ ind60 + dem60
        # residual correlations
        y1 ~~ y5
        y2 ~~ y4 + y6
        """
    )
    assert [t.op for t in model.terms] == ["=~"] * 11 + ["~"] * 3 + ["~~"] * 3
    assert [t.label for t in model.terms if t.lhs == "dem65" and t.op == "=~"] == [
        (),
        ("a",),
        ("b",),
        ("c",),
    ]


# text -> (line, column) of the caret, a piece of the message
MALFORMED = {
    "": (None, "holds no statement"),
    "# only a note": (None, "holds no statement"),
    "PI ~ TR ++ CA": ((1, 10), "is expected here, but '+' was found"),
    "PI ~ TR +": ((1, 10), "the end of the statement"),
    "PI ~": ((1, 5), "the end of the statement"),
    "~ TR": ((1, 1), "A variable is expected"),
    "PI TR": ((1, 6), "has no operator"),
    "a ~ b\nPI TR + CA": ((2, 11), "has no operator"),
    "PI = TR": ((1, 4), "A single '='"),
    "PI <- TR": ((1, 4), "Arrows"),
    "TR -> PI": ((1, 4), "Arrows"),
    "TR ~ CA +\nPI ~ TR": ((2, 4), "A second operator"),
    "y ~ x ~ z": ((1, 7), "A second operator"),
    "y ~ x z": ((1, 7), "'+' or the end of the statement"),
    "y ~ x - z": ((1, 7), "'+' or the end"),
    "y ~ -x": ((1, 5), "but '-' was found"),
    "y z ~ x": ((1, 3), "An operator"),
    "y ~ 2": ((1, 6), "needs '*'"),
    "y ~ 2*": ((1, 7), "the end of the statement"),
    "y ~ x*2": ((1, 8), "needs '*'"),
    "f =~ 1": ((1, 6), "intercept"),
    "f =~ 0": ((1, 7), "needs '*'"),
    "x ~~ 1": ((1, 6), "intercept"),
    "y ~ 2x": ((1, 5), "cannot begin with a digit"),
    "y ~ 1.2.3*x": ((1, 5), "cannot begin with a digit"),
    "a*y ~ x": ((1, 1), "right-hand side"),
    "1 ~ x": ((1, 1), "A variable is expected"),
    "y ~ NA": ((1, 5), "NA*x"),
    "y ~ (x)": ((1, 5), "but '(' was found"),
    "y ~ c(1, a)*x": ((1, 5), "cannot stand in one modifier"),
    "y ~ c(1 2)*x": ((1, 9), "',' or ')'"),
    "y ~ c()*x": ((1, 7), "but ')' was found"),
    "y ~ start(a)*x": ((1, 5), "start() takes numbers"),
    "y ~ start(NA)*x": ((1, 5), "start() takes numbers"),
    "y ~ label(1)*x": ((1, 5), "label() takes names"),
    "y ~ log(x)": ((1, 5), "'log()' is no modifier"),
    'y ~ "a*x': ((1, 5), "never closed"),
    "y ~ x $ z": ((1, 7), "no meaning"),
    "PI ～ TR": ((1, 4), "full-width character; write '~'"),
    "PI ~ TR＋CA": ((1, 8), "write '+'"),
    "PI ~ TR，CA": ((1, 8), "write ','"),
    "PI ~ ＴR": ((1, 6), "write 'T'"),
    "PI ~ TR１": ((1, 8), "write '1'"),
    "PI ~ “a”*TR": ((1, 6), "write '\"'"),
    "y ~ x − z": ((1, 7), "write '-'"),
    "y ~ y": ((1, 5), "be regressed on itself"),
    "x ~*~ y": ((1, 7), "write 'x ~*~ x'"),
    "x ~*~ 1*y": ((1, 9), "belongs to one item"),
    "x | 1": ((1, 5), "intercept"),
    "x |": ((1, 4), "the end of the statement"),
    "x | t1 | t2": ((1, 8), "A second operator"),
    "f =~ x + f": ((1, 10), "cannot measure itself"),
    "f =~ 1*x; f =~ 2*x": ((1, 18), "two different fixed values"),
    "f =~ 1*x + NA*x": ((1, 15), "two different fixed values"),
    "y ~ 1*2*x": ((1, 7), "two different fixed values"),
    "y ~ a*x + b*x": ((1, 13), "two labels"),
    "x ~~ a*y; y ~~ b*x": ((1, 18), "two labels"),
    "y ~ start(1)*x + start(2)*x": ((1, 27), "two different starting"),
    "y ~ c(a,b)*c(1,2,3)*x": ((1, 12), "different numbers of groups"),
    "y ~ a*x; a := a*2": ((1, 10), "already a label"),
    "d := 1; d := 2": ((1, 9), "already defined"),
    "2 := a": ((1, 1), "A name is expected"),
    "a + b := c": ((1, 3), "Only one name"),
    "d :=": ((1, 5), "the end of the statement"),
    "d := a b": ((1, 8), "'+' or '*'"),
    "d := (a": ((1, 8), "')' is expected"),
    "a == b == c": ((1, 8), "A second operator"),
    "a ==": ((1, 5), "the end of the statement"),
    "1 == 2": ((1, 1), "names no parameter"),
}


@pytest.mark.parametrize(("text", "expected"), MALFORMED.items())
def test_malformed(text, expected):
    place, words = expected
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model(text)
    message = str(caught.value)
    assert words in message
    if place:
        assert message == caret(
            text, Place(*place), message.split(": ", 1)[1].split("\n")[0]
        )


UNSUPPORTED = {
    "f <~ x1 + x2": ((1, 3), "Formative"),
    "x < 1": ((1, 3), "Inequality"),
    "a >= b": ((1, 3), "Inequality"),
    "a > 0": ((1, 3), "Inequality"),
    "y ~ a*x\na <= b": ((2, 3), "Inequality"),
    "group: 1": ((1, 1), "Blocks"),
    "y ~ x\nlevel: 2\ny ~ z": ((2, 1), "Blocks"),
    'y ~ equal("a")*x': ((1, 5), "same label"),
    "y ~ lower(0)*x": ((1, 5), "Bounds"),
    "y ~ upper(1)*x": ((1, 5), "Bounds"),
    'efa("b")*f1 =~ x1': ((1, 1), "Exploratory"),
    'f1 =~ efa("b")*x1': ((1, 7), "Exploratory"),
    "y ~ x:z": ((1, 6), "Products such as"),
    "y ~ 0.5?x": ((1, 8), "start(0.5)*x"),
    "f =~ x1@1": ((1, 8), "Mplus"),
    "y ~ x % z": ((1, 7), "'%'"),
    "y:z ~ x": ((1, 2), "Products such as"),
    "DEFINE(latent) f": ((1, 1), "f =~ x1 + x2"),
    "START(0.5) a": ((1, 1), "start(0.5)*x"),
    "BOUND(0 1) a": ((1, 1), "bounds are not offered"),
    "CONSTRAINT(a = b)": ((1, 1), "a == b"),
    "d := abs(a)": ((1, 6), "abs()"),
}


@pytest.mark.parametrize(("text", "expected"), UNSUPPORTED.items())
def test_unsupported(text, expected):
    (line, column), words = expected
    with pytest.raises(UnsupportedError) as caught:
        parse_model(text)
    message = str(caught.value)
    assert message.startswith(f"line {line}, column {column}: ")
    assert words in message
    assert message.endswith("^")


@pytest.mark.parametrize("model", [None, 3, ["y ~ x"]])
def test_a_model_must_be_a_text(model):
    with pytest.raises(ModelSyntaxError, match="not a"):
        parse_model(model)


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        ("y ~ x", Place(1, 3), "  y ~ x\n    ^"),
        ("信任 ~ x", Place(1, 4), "  信任 ~ x\n  \u3000\u3000 ^"),
        ("a\r\n\ty ~", Place(2, 5), "   y ~\n      ^"),
        ("y ~", Place(1, 6), "  y ~\n       ^"),
        ("e\u0301 ~", Place(1, 4), "  e\u0301 ~\n    ^"),
    ],
)
def test_the_caret_stands_under_the_character(text, place, shown):
    message = caret(text, place, "Why.")
    assert message == f"line {place.line}, column {place.column}: Why.\n{shown}"
