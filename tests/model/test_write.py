"""Terms written as text read back as the same terms."""

from dataclasses import replace

import pytest

from kocsem.model.place import Place
from kocsem.model.syntax import parse_model
from kocsem.model.write import terms_text

TEXTS = [
    "f =~ x1 + x2 + x3",
    "f =~ NA*x1 + 0.7*x2 + a*x3",
    "y ~ c(a, b)*x + c(1, NA)*z",
    "y ~ start(-0.5)*b*x + start(.1, .2)*z",
    "x ~~ 0*y; x ~~ v*x",
    "x ~ 1; y ~ 0*1; z ~ m*1",
    "a1 | t1 + c(u, v)*t2 + -0.5*t3; a1 ~*~ c(1, NA)*a1",
    'y ~ "a b"*x + "NA"*z',
    "信任 =~ 1e-3*题1 + 题2",
    'y ~ c("", "b")*x',
    "y ~ 0.30000000000000004*x",
]


@pytest.mark.parametrize("text", TEXTS)
def test_round_trip(text):
    nowhere = Place(1, 1)
    terms = [replace(t, place=nowhere) for t in parse_model(text).terms]
    again = parse_model(terms_text(terms)).terms
    assert [replace(t, place=nowhere) for t in again] == terms
