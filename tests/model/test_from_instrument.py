"""Model text from constructs, items and hypotheses."""

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.types import Hypothesis, Instrument
from kocsem.model.from_instrument import (
    measurement_for,
    measurement_text,
    structural_text,
)
from kocsem.model.syntax import parse_model


@pytest.fixture
def instrument():
    return Instrument(
        id="survey",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "CA", "name": "Content"}, {"id": "TR", "name": "Trust"}],
        items=[
            {"id": "CA1", "construct": "CA"},
            {"id": "TR1", "construct": "TR"},
            {"id": "CA2", "construct": "CA"},
            {"id": "CA3", "construct": "CA", "optional": True, "reverse": True},
            {"id": "TR2", "construct": "TR"},
        ],
    )


def chain(path):
    return Hypothesis(id="H", path=path, sign="+", statement="It does.")


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ((), (), "CA =~ CA1 + CA2\nTR =~ TR1 + TR2"),
        (("CA3",), (), "CA =~ CA1 + CA2 + CA3\nTR =~ TR1 + TR2"),
        ((), ("CA2",), "CA =~ CA1\nTR =~ TR1 + TR2"),
        ((), ("TR2", "TR1"), "CA =~ CA1 + CA2"),
        (("CA3",), ("CA1",), "CA =~ CA2 + CA3\nTR =~ TR1 + TR2"),
        ((), ("CA3",), "CA =~ CA1 + CA2\nTR =~ TR1 + TR2"),
        ((), ("CA1", "CA2", "TR1", "TR2"), ""),
    ],
)
def test_measurement(instrument, include, exclude, expected):
    assert measurement_text(instrument, include, exclude) == expected


@pytest.mark.parametrize(
    ("include", "exclude", "words"),
    [
        (("CA9",), (), "no item CA9 (did you mean CA3?)"),
        ((), ("X",), "no item X (known: CA1"),
        (("CA1",), (), "not optional"),
        (("CA3",), ("CA3",), "both included and excluded"),
    ],
)
def test_bad_choice(instrument, include, exclude, words):
    with pytest.raises(InstrumentError) as caught:
        measurement_text(instrument, include, exclude)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], ""),
        (["CA -> TR"], "TR ~ CA"),
        (["CA -> TR", "IQ -> TR", "TR -> PI"], "TR ~ CA + IQ\nPI ~ TR"),
        (["CA -> TR -> PI"], "TR ~ CA\nPI ~ TR"),
        (["CA -> TR", "TR -> PI", "CA -> TR -> PI"], "TR ~ CA\nPI ~ TR"),
        (["TR -> PI", "CA -> TR"], "PI ~ TR\nTR ~ CA"),
    ],
)
def test_structure(paths, expected):
    assert structural_text([chain(path) for path in paths]) == expected


def test_the_text_is_a_model(instrument):
    text = f"{measurement_text(instrument)}\n{structural_text([chain('CA -> TR')])}"
    model = parse_model(text)
    assert [(t.lhs, t.op, t.rhs) for t in model.terms] == [
        ("CA", "=~", "CA1"),
        ("CA", "=~", "CA2"),
        ("TR", "=~", "TR1"),
        ("TR", "=~", "TR2"),
        ("TR", "~", "CA"),
    ]


@pytest.fixture
def layered():
    whole = {"id": "W", "name": "Whole", "level": "second", "dimensions": ["A", "B"]}
    mix = {"id": "M", "name": "Mix", "kind": "composite", "items": ["m1", "m2"]}
    return Instrument(
        id="survey",
        version="1",
        title="A survey",
        scale=5,
        constructs=[
            whole,
            {"id": "A", "name": "First", "items": ["a1", "a2"]},
            {"id": "B", "name": "Second", "items": ["b1", "b2"]},
            mix,
            {"id": "Y", "name": "Outcome", "items": ["y1"]},
        ],
    )


LAYERED = ("W =~ A + B", "A =~ a1 + a2", "B =~ b1 + b2", "Y =~ y1")


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        ((), LAYERED),
        (("b1",), ("W =~ A + B", "A =~ a1 + a2", "B =~ b2", "Y =~ y1")),
        (("b1", "b2"), ("W =~ A", "A =~ a1 + a2", "Y =~ y1")),
        (("a1", "a2", "b1", "b2"), ("Y =~ y1",)),
    ],
)
def test_second_order_constructs_and_composites(layered, exclude, expected):
    assert measurement_text(layered, exclude=exclude).splitlines() == list(expected)


@pytest.mark.parametrize(
    ("structural", "expected"),
    [
        ("", LAYERED),
        ("Y ~ W", LAYERED),
        ("Y ~ A", LAYERED[1:2] + LAYERED[3:]),
        ("W =~ a1 + b1\nY ~ W", LAYERED[3:]),
        ("y1 ~ a1", ()),
    ],
)
def test_only_what_a_structural_model_names(layered, structural, expected):
    assert measurement_for(layered, structural).splitlines() == list(expected)


def test_moderations_and_statements_add_no_path():
    hypotheses = [
        chain("A -> W"),
        chain("A x B -> Y"),
        Hypothesis(id="S", about=["W", "Y"], statement="They differ."),
        chain("W -> Y"),
    ]
    assert structural_text(hypotheses) == "W ~ A\nY ~ W"
    assert structural_text(hypotheses[1:3]) == ""
