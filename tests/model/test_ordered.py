"""What is refused about ordered items; what is right is in test_tables_vs_lavaan."""

import pytest

from kocsem.errors import DataError, KocsemError, ModelSyntaxError, UnsupportedError
from kocsem.model.build import TableOptions, build_table
from kocsem.model.syntax import parse_model

MODEL = "f =~ a1 + a2 + x3\nf ~ z\n"
LEVELS = (("a1", 3), ("a2", 2))


def table(text, levels=LEVELS):
    return build_table(parse_model(text), TableOptions(levels=levels))


TERMS = {
    "x3 | t1": ["x3 has no thresholds: it is not ordered", "ordered="],
    "x3 ~*~ x3": ["x3 has no scale: it is not ordered"],
    "f | t1": ["f is a latent variable and has no thresholds"],
    "f ~*~ f": ["f is a latent variable and has no scale"],
    "z | t1": ["z only predicts in this model", "no thresholds"],
    "z ~*~ 1*z": ["z only predicts in this model", "no scale"],
    "q | t1": ["q has no thresholds"],
    "a1 | t3": ["a1 has 3 categories", "t1, t2; there is no t3"],
    "a2 | t1 + t2": ["a2 has 2 categories", "thresholds t1; there is no t2"],
    "a1 | t0": ["there is no t0"],
    "a1 | th1": ["there is no th1"],
    "a1 | a1": ["there is no a1"],
    "a1 ~~ a1": ["residual variance of the ordered item a1", "remove", "a1 ~*~ a1"],
    "a2 ~~ 0.5*a2": ["residual variance of the ordered item a2"],
}


@pytest.mark.parametrize(("term", "words"), TERMS.items())
def test_terms_without_a_meaning(term, words):
    with pytest.raises(ModelSyntaxError) as caught:
        table(MODEL + term)
    message = str(caught.value)
    for piece in ("line 3", *words):
        assert piece in message
    assert message.splitlines()[-1].strip() == "^"


@pytest.mark.parametrize(
    ("level", "error", "words"),
    [
        (("aa1", 3), KocsemError, ["aa1 is called ordered", "did you mean a1?"]),
        (("f", 3), KocsemError, ["f is called ordered", "no observed variable"]),
        (("z", 3), UnsupportedError, ["z is called ordered", "only predicts"]),
        (("x3", 1), DataError, ["x3 is called ordered", "fewer than two categories"]),
    ],
)
def test_variables_that_cannot_be_ordered(level, error, words):
    with pytest.raises(error) as caught:
        table(MODEL, levels=(*LEVELS, level))
    for piece in words:
        assert piece in str(caught.value)


def test_an_item_known_by_its_thresholds_alone():
    found = table("f =~ a1 + a2 + x3\nb | t1", levels=(*LEVELS, ("b", 2)))
    assert found.variables.ordered == ("a1", "a2", "b")
    assert found.means


def test_only_residual_variances_of_ordered_items_are_implied():
    assert [row.text for row in table(MODEL) if row.implied] == ["a1~~a1", "a2~~a2"]
    assert not any(row.free or row.fixed for row in table(MODEL) if row.implied)
