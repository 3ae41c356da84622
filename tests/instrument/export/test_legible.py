import pytest

from kocsem.instrument.export.legible import is_bare, legible, matrix_layout, width
from kocsem.instrument.questionnaire import Entry, questionnaire
from kocsem.instrument.types import Option, Text
from odd_survey import ODD


def matrix(*labels: str) -> Entry:
    options = [
        Option(code=k, label=Text(zh=label, en=label))
        for k, label in enumerate(labels, 1)
    ]
    return Entry(1, "m", "matrix", Text(zh="s", en="s"), tuple(options))


@pytest.mark.parametrize(
    ("labels", "layout"),
    [
        ("12", "strip"),
        ([str(k) for k in range(1, 12)], "strip"),
        (["No", "Yes"], "strip"),
        (["非常不同意", "不同意", "一般", "同意", "非常同意"], "strip"),
        (["x" * 18] * 5, "strip"),
        (["x" * 19] * 5, "table"),
        (["很" * 9] * 5, "strip"),
        (["很" * 10] * 5, "table"),
        (["No"] * 6, "table"),
        (["No"] * 7, "table"),
        (["No"] * 8, "list"),
        (["x" * 32, "y"], "table"),
        (["x" * 33, "y"], "list"),
        ("21", "strip"),
    ],
)
def test_columns_stand_side_by_side_where_they_fit(labels, layout):
    assert matrix_layout(matrix(*labels)) == layout


def test_numbers_are_bare_only_in_order():
    assert is_bare(matrix("1", "2", "3"))
    assert not is_bare(matrix("2", "1"))
    assert [is_bare(e) for e in questionnaire(ODD).entries if e.kind == "matrix"] == [
        False, False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("", ""),
        ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("a\x00\x01\x08\x0b\x0c\x0e\x1fb", "ab"),
        ("\ufffe\uffff", ""),
        ("\ud800", ""),
        ("😀<b>&\"'", "😀<b>&\"'"),
    ],
)
def test_only_signs_that_xml_cannot_hold_go(words, left):
    assert legible(words) == left


@pytest.mark.parametrize(("words", "letters"), [("", 0), ("abc", 3), ("信任a", 5)])
def test_an_ideograph_is_two_letters_wide(words, letters):
    assert width(words) == letters
