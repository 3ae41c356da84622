"""What is refused about several groups; what is right is in test_tables_vs_lavaan."""

import pytest

from kocsem.errors import KocsemError, ModelSyntaxError, UnsupportedError
from kocsem.model.build import TableOptions, build_table
from kocsem.model.groups import KINDS
from kocsem.model.syntax import parse_model

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f\nx1 ~~ x4"


def table(text=MODEL, **options):
    return build_table(parse_model(text), TableOptions(**{"groups": 2, **options}))


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("loading", ["'loading'", "did you mean loadings?"]),
        ("lv.variance", ["lv_variance", "did you mean lv_variances?"]),
        ("composite_loadings", ["did you mean loadings?"]),
        ("everything", ["'everything'", "known: loadings, intercepts, means"]),
        ("", ["''", "known:"]),
    ],
)
def test_unknown_kinds(word, words):
    with pytest.raises(UnsupportedError) as caught:
        TableOptions(groups=2, equal=("loadings", word))
    for piece in words:
        assert piece in str(caught.value)


@pytest.mark.parametrize("options", [{"equal": ("loadings",)}, {"partial": ("f=~x2",)}])
def test_equality_needs_groups(options):
    (name,) = options
    with pytest.raises(KocsemError, match=f"group_{name} is about equality") as caught:
        TableOptions(**options)
    assert "one group" in str(caught.value)


@pytest.mark.parametrize("word", sorted(KINDS))
def test_a_dot_may_stand_for_the_underscore(word):
    dotted = table(equal=(word.replace("_", "."),))
    assert dotted == table(equal=(word,))


@pytest.mark.parametrize(
    "text", ["x4~~x1", " x1 ~~ x4 ", "x1~~x4", "g ~ f", "x3 ~1", "f=~  x2", "f =~ x1"]
)
def test_a_parameter_left_out_is_found_however_it_is_written(text):
    equal = ("loadings", "regressions", "intercepts", "residual_covariances")
    ties = [row.label for row in table(equal=equal) if row.label]
    left = [row.label for row in table(equal=equal, partial=(text,)) if row.label]
    marker = "x1" in text and "=~" in text
    assert len(ties) - len(left) == (0 if marker else 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("f=~x4", ["'f=~x4'", "no parameter of the model", "did you mean g=~x4?"]),
        ("x2~1", ["'x2~1'", "does not make equal", "add its kind"]),
        ("f", ["'f'", "no parameter of the model"]),
        ("", ["''", "no parameter of the model"]),
        ("f~~g", ["no parameter of the model"]),
    ],
)
def test_what_is_left_out_must_have_been_equal(text, words):
    with pytest.raises(KocsemError) as caught:
        table(equal=("loadings",), partial=("f=~x2", text))
    for piece in ("group_partial", *words):
        assert piece in str(caught.value)


def test_two_values_for_what_is_equal():
    text = "f =~ x1 + c(0.5, 0.7)*x2 + x3"
    assert [row.fixed for row in table(text) if row.rhs == "x2"][::2] == [0.5, 0.7]
    with pytest.raises(ModelSyntaxError) as caught:
        table(text, equal=("loadings",))
    message = str(caught.value)
    assert "f=~x2 is fixed at 0.5 and 0.7, but group_equal" in message
    assert message.splitlines()[-1].index("^") == 2 + text.index("x2")
    (first, second) = (
        row.fixed
        for row in table(text, equal=("loadings",), partial=("f=~x2",))
        if row.text == "f=~x2"
    )
    assert (first, second) == (0.5, 0.7)


def test_several_groups_have_means():
    assert table().means
    assert [row.text for row in table().of_group(2) if row.op == "~1"][-2:] == [
        "f~1",
        "g~1",
    ]


def test_options_can_be_looked_up():
    first = TableOptions(groups=2, equal=("loadings",), levels=(("a1", 5),))
    second = TableOptions(groups=2, equal=("loadings",), levels=(("a1", 5),))
    assert hash(first) == hash(second)
    assert first == second
