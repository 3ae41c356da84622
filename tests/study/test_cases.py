"""The last step of the sample flow: answer sheets that are complete."""

import pandas as pd
import pytest

from kocsem.data.types import FlowStep, Responses, Screening, Source
from kocsem.errors import DataError
from kocsem.instrument.types import Text
from kocsem.study.complete import complete_cases, incomplete_findings

NONE = pd.DataFrame(columns=["row", "reason", "detail"])


def screening(a, b, dropped=NONE):
    index = pd.Index(range(2, 2 + len(a)), name="row")
    answers = pd.DataFrame({"a": a, "b": b, "c": [None] * len(a)}, index=index)
    source = Source("f.csv", "plain", "number", "utf-8", len(a) + len(dropped), 3)
    seconds = pd.Series(60.0, index=index)
    kept = Responses(answers, seconds, None, source)
    label = Text(zh="某", en="Some")
    flow = (
        FlowStep("received", label, len(a) + len(dropped)),
        FlowStep("kept", label, len(a)),
    )
    return Screening(kept, dropped, flow, ())


def test_incomplete_sheets_are_dropped_with_the_items_they_lack():
    before = pd.DataFrame([{"row": 3.5, "reason": "speed", "detail": "9 s"}])
    result = complete_cases(
        screening([1, None, 3, None], [1, 2, 3, None], before), ["a", "b"]
    )
    assert list(result.kept.answers.index) == [2, 4]
    assert list(result.kept.seconds.index) == [2, 4]
    assert result.kept.origin is None
    assert result.dropped.to_dict("records") == [
        {"row": 3, "reason": "incomplete", "detail": "a unanswered"},
        {"row": 3.5, "reason": "speed", "detail": "9 s"},
        {"row": 5, "reason": "incomplete", "detail": "a, b unanswered"},
    ]
    assert [(step.reason, step.n) for step in result.flow] == [
        ("received", 5),
        ("incomplete", 2),
        ("kept", 2),
    ]
    (finding,) = incomplete_findings(result)
    assert finding.message.startswith("2 of 4 answer sheets leave an item")


def test_other_columns_do_not_count():
    result = complete_cases(screening([1, 2], [None, 1]), ["a"])
    assert [step.n for step in result.flow] == [2, 0, 2]
    assert result.dropped.empty
    assert incomplete_findings(result) == ()


def test_no_sheet_left_is_an_error():
    with pytest.raises(DataError, match="of 2 that screening keeps, nobody answered a"):
        complete_cases(screening([None, None], [1, 2]), ["a"])
