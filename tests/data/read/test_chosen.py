"""Several answers in one cell, whatever joins them and whatever the options hold."""

import pytest

from kocsem.data.read.answers import chosen_in
from kocsem.data.read.coding import choices_of
from kocsem.instrument.types import Option, Text

LABELS = ["Food", "Phones, cameras", "Phones", "Other", "1 to 3", "Food; drinks"]
OPTIONS = [
    Option(code=code, label=Text(zh=words, en=words))
    for code, words in enumerate(LABELS, start=1)
]


@pytest.mark.parametrize(
    ("cell", "separators", "chosen"),
    [
        ("Food", ",", {1}),
        ("Food, Other", ",", {1, 4}),
        ("Food,Other,", ",", {1, 4}),
        (",Food,,Other", ",", {1, 4}),
        ("Phones, cameras, Other", ";,", {2, 4}),
        ("Phones, Other", ";,", {3, 4}),
        ("Other, Phones, cameras, Phones", ";,", {2, 3, 4}),
        ("Food; drinks; Food", ";,", {1, 6}),
        ("Phones, cameras;Food", ";,", {1, 2}),
        ("Food Phones, cameras Other", " ", {1, 2, 4}),
        ("1 3 4", " ", {1, 3, 4}),
        ("1 to 3 Food", " ", {1, 5}),
        ("1 3", " ", {1, 3}),
        ("2┋4", "┋→", {2, 4}),
        ("Other〖Phones┋x〗→Food", "┋→", {1, 4}),
        ("", ",", set()),
        ("Food, Drinks", ",", None),
        ("cameras", ",", None),
        ("Phones cameras", ",", None),
        ("9", ",", None),
    ],
)
def test_chosen(cell: str, separators: str, chosen: set[int] | None) -> None:
    assert chosen_in(cell, choices_of(OPTIONS), separators) == chosen


def test_a_short_option_gives_way_where_the_long_one_leads_nowhere() -> None:
    labels = ["A", "A, B", "B, C"]
    options = [
        Option(code=code, label=Text(zh=words, en=words))
        for code, words in enumerate(labels, start=1)
    ]
    assert chosen_in("A, B, C", choices_of(options), ",") == {1, 3}
