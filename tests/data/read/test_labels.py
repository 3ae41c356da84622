"""Value labels that say otherwise than the instrument are never passed over."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kocsem.data.read import inspect as reader
from kocsem.data.read.cells import build_table
from kocsem.data.read.responses import read_responses
from kocsem.data.types import Responses
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument

ROWS = [["A1", "A2", "B1", "GEN"], ["1", "2", "3", "1"], ["3", "1", "2", "2"]]
AGREE = {"1": "Disagree", "2": "Neither", "3": "Agree"}
REVERSED = {"1": "同意", "2": "一般", "3": "不同意"}
ONE = {"1": "同意"}
SHIFTED = {"0": "Disagree", "1": "Neither", "2": "Agree"}


@pytest.fixture
def read(small: Instrument, monkeypatch: pytest.MonkeyPatch) -> Any:
    def read_labelled(
        labels: Mapping[int, Mapping[str, str]], rows: Any = ROWS, **options: Any
    ) -> Responses:
        table = replace(build_table(Path("a.sav"), "sav", rows), labels=labels)
        monkeypatch.setattr(reader, "read_table", lambda path: table)
        return read_responses("a.sav", small, **options)

    return read_labelled


def told(responses: Responses) -> list[tuple[str, str]]:
    return [
        (f.severity, f.subject) for f in responses.findings if f.code == "value-labels"
    ]


def message(responses: Responses) -> str:
    (finding,) = [f for f in responses.findings if f.code == "value-labels"]
    return finding.message


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {0: AGREE, 1: AGREE, 3: {"1": "男", "2": "女"}},
        {0: {"1": "1 Disagree", "3": "3 = Agree"}},
        {0: {"1.0": "Disagree", "3.0": "Agree"}},
        {0: {"1": "本人", "9": "拒绝回答"}},
    ],
)
def test_labels_that_agree_are_passed_over(read: Any, labels: Any) -> None:
    assert told(read(labels)) == []


def test_reversed_labels_are_an_error_with_both_readings(read: Any) -> None:
    responses = read({0: REVERSED, 2: REVERSED})
    assert told(responses) == [("error", "A1, B1")]
    assert message(responses) == (
        "a.sav: the value labels of A1, B1 are reversed: read as a number, 1 is "
        "'Disagree' in the instrument; its label in the file means 'Agree'. It was "
        "read as a number. Say coding: text to read by the labels, or coding: number "
        "when the labels are wrong."
    )
    assert list(responses.answers["A1"]) == [1, 3]


def test_labels_from_zero_are_shifted(read: Any) -> None:
    rows = [ROWS[0], ["1", "2", "1", "1"], ["2", "1", "2", "2"]]
    responses = read(dict.fromkeys(range(3), SHIFTED), rows)
    assert told(responses) == [("error", "A1, A2, B1")]
    assert "are shifted: read as a number, 0 is no answer" in message(responses)
    responses = read(dict.fromkeys(range(3), SHIFTED), rows, first_code=0)
    assert told(responses) == []
    assert list(responses.answers["A1"]) == [2, 3]


def test_options_in_another_order(read: Any) -> None:
    responses = read({3: {"1": "女", "2": "男"}})
    assert told(responses) == [("error", "GEN")]


def test_the_caller_says_which_reading_holds(read: Any) -> None:
    labels = {**dict.fromkeys(range(3), REVERSED), 3: {"1": "男", "2": "女"}}
    by_number = read(labels, coding="number")
    assert told(by_number) == [("warning", "A1, A2, B1")]
    assert message(by_number).endswith("As coding says, the number was read.")
    by_label = read(labels, coding="text")
    assert message(by_label).endswith("As coding says, the labels were read.")
    assert list(by_label.answers["A1"]) == [3, 1]
    assert list(by_label.answers["GEN"]) == [1, 2]
    assert by_label.source.coding == "text"


def test_a_code_without_label_is_no_text(read: Any) -> None:
    labels = dict.fromkeys(range(3), ONE) | {3: {"1": "男", "2": "女"}}
    with pytest.raises(DataError, match="'3' is no option text"):
        read(labels, coding="text")
