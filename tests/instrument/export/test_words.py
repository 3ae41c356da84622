"""Wording by which answers could not be told apart is refused before anyone answers."""

import pytest

from kocsem.data.read.text import words_key
from kocsem.errors import InstrumentError
from kocsem.instrument.export.words import _letters, refuse_same_words
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument
from platform_answers.instruments import ODD_TEXTS


@pytest.mark.parametrize("words", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_words_count_as_the_readers_count_them(words):
    assert _letters(words) == words_key(words)


def _instrument(row="A row", stem="A stem", name="A name", text="A question"):
    question = {"id": "Q", "name": name, "text": text, "options": ["yes", "no"]}
    items = [
        {"id": "X1", "construct": "X", "text": row},
        {"id": "X2", "construct": "X", "text": "Another row"},
    ]
    return Instrument(
        id="s",
        version="1",
        title="A survey",
        scale=5,
        constructs=[{"id": "X", "name": "X"}],
        items=items,
        demographics=[question],
        blocks=[
            {"id": "b", "kind": "matrix", "text": stem, "items": ["X1", "X2"]},
            {"id": "q", "kind": "questions", "items": ["Q"]},
        ],
    )


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ({"row": "another  ROW!"}, "X1, X2 have the same"),
        ({"text": "Another row"}, "Q, X2 have the same"),
        ({"row": "……"}, "X1 has none"),
        ({"stem": "A question?"}, "the stem of b has those of Q"),
        ({"stem": "A name:"}, "the stem of b has those of Q"),
        ({"stem": "another row"}, "the stem of b has those of X2"),
        ({"row": {"zh": "一", "en": "Another row"}}, "X1, X2 have the same"),
    ],
)
def test_words_that_could_be_taken_for_others_are_refused(wording, said):
    instrument = _instrument(**wording)
    with pytest.raises(InstrumentError, match=said):
        refuse_same_words(instrument, questionnaire(instrument), "en", "A platform")


@pytest.mark.parametrize(
    ("wording", "language"),
    [
        ({}, "en"),
        ({"name": "Another row"}, "en"),
        ({"stem": "？"}, "zh"),
    ],
)
def test_words_that_differ_are_let_pass(wording, language):
    instrument = _instrument(**wording)
    refuse_same_words(instrument, questionnaire(instrument), language, "A platform")
