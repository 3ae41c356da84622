"""Every question has words of its own, or its code before them."""

import pytest

from kocsem.data.read.text import words_key
from kocsem.errors import InstrumentError
from kocsem.instrument.export.words import _letters, coded_words, words_shown
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument
from survey_sites.instruments import ODD_TEXTS


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


def _shown(language="en", **wording):
    instrument = _instrument(**wording)
    laid_out = questionnaire(instrument)
    return words_shown(instrument, laid_out, language, "A platform")


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ({"row": "……"}, "X1 has none"),
        ({"stem": "A question?"}, "the stem of b has those of Q"),
        ({"stem": "A name:"}, "the stem of b has those of Q"),
        ({"stem": "another row"}, "the stem of b has those of X2"),
    ],
)
def test_words_that_could_be_taken_for_others_are_refused(wording, said):
    with pytest.raises(InstrumentError, match=said):
        _shown(**wording)


@pytest.mark.parametrize(
    ("wording", "coded"),
    [
        ({}, []),
        ({"name": "Another row"}, []),
        ({"stem": "？"}, []),
        ({"row": "another  ROW!"}, ["X1", "X2"]),
        ({"text": "Another row"}, ["X2", "Q"]),
        ({"row": {"zh": "Another row", "en": "A row"}}, ["X2"]),
    ],
)
def test_the_same_words_get_the_code_before_them(wording, coded):
    shown = _shown(**wording)
    found = [code for code, words in shown.items() if words.startswith(f"{code}. ")]
    assert found == coded
    assert [f.subject for f in coded_words(shown)] == ([", ".join(coded)] * bool(coded))
