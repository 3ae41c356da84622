"""Model text from constructs, items and hypotheses."""

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.types import Hypothesis, Instrument
from kocsem.model.from_instrument import measurement_text, structural_text
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
