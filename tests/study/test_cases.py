"""The last steps of the sample flow: answer sheets that the models can use."""

from dataclasses import replace

import pandas as pd
import pytest

from kocsem.data.types import FlowStep, Responses, Screening, Source
from kocsem.errors import DataError
from kocsem.findings import Finding
from kocsem.instrument.types import Text
from kocsem.model.options import Options
from kocsem.model.table import Variables
from kocsem.study.cases import needs_of, usable_cases, usable_rows

NONE = pd.DataFrame(columns=["row", "reason", "detail"])
VARIABLES = Variables(("a", "b", "c"), (), (), ("c",))


def screening(a, b, c=None, dropped=NONE):
    index = pd.Index(range(2, 2 + len(a)), name="row")
    answers = pd.DataFrame({"a": a, "b": b, "c": c or [1] * len(a)}, index=index)
    source = Source("f.csv", "plain", "number", "utf-8", len(a) + len(dropped), 3)
    seconds = pd.Series(60.0, index=index)
    kept = Responses(answers, seconds, None, source)
    label = Text(zh="某", en="Some")
    flow = (
        FlowStep("received", label, len(a) + len(dropped)),
        FlowStep("kept", label, len(a)),
    )
    return Screening(kept, dropped, flow, ())


def used(given, missing="listwise", fixed_x=True):
    options = Options(missing=missing, fixed_x=fixed_x)
    return usable_cases(given, needs_of(VARIABLES, options))


def steps(result):
    return [(step.reason, step.n) for step in result.flow]


def test_incomplete_sheets_are_dropped_with_the_items_they_lack():
    before = pd.DataFrame([{"row": 3.5, "reason": "speed", "detail": "9 s"}])
    result = used(screening([1, None, 3, None], [1, 2, 3, None], dropped=before))
    assert list(result.kept.answers.index) == [2, 4]
    assert list(result.kept.seconds.index) == [2, 4]
    assert result.kept.origin is None
    assert result.dropped.to_dict("records") == [
        {"row": 3, "reason": "incomplete", "detail": "a unanswered"},
        {"row": 3.5, "reason": "speed", "detail": "9 s"},
        {"row": 5, "reason": "incomplete", "detail": "a, b unanswered"},
    ]
    assert steps(result) == [("received", 5), ("incomplete", 2), ("kept", 2)]
    (finding,) = result.findings
    assert (finding.code, finding.value) == ("incomplete-left-out", 2)
    assert finding.message.startswith("2 of 4 answer sheets leave an item")


@pytest.mark.parametrize(
    ("missing", "fixed_x", "kept", "expected"),
    [
        ("listwise", True, [2], [("incomplete", 3)]),
        ("fiml", True, [2, 3], [("unanswered", 1), ("covariate", 1)]),
        ("fiml", False, [2, 3, 4], [("unanswered", 1)]),
        ("pairwise", False, [2, 3, 4], [("unanswered", 1)]),
    ],
)
def test_what_each_way_with_missing_answers_needs(missing, fixed_x, kept, expected):
    # complete; a hole; no covariate; no item at all, whatever else was answered
    given = screening([1, None, 1, None], [1, 1, 1, None], [1, 1, None, 1])
    result = used(given, missing, fixed_x)
    assert list(result.kept.answers.index) == kept
    assert steps(result) == [("received", 4), *expected, ("kept", len(kept))]
    assert [(f.code, f.value) for f in result.findings] == [
        (
            {
                "incomplete": "incomplete-left-out",
                "unanswered": "rows-without-answers",
                "covariate": "covariate-missing",
            }[reason],
            n,
        )
        for reason, n in expected
    ]


def test_nothing_is_said_where_nothing_is_left_out():
    result = used(screening([1, 2], [3, 4]))
    assert steps(result) == [("received", 2), ("incomplete", 0), ("kept", 2)]
    assert result.dropped.empty
    assert result.findings == ()


@pytest.mark.parametrize(
    ("a", "b", "missing", "words"),
    [
        ([None, None], [1, 2], "listwise", "of 2 that screening keeps, nobody answ"),
        ([None, 1], [1, None], "listwise", "each leaves one unanswered"),
        ([None, None], [None, None], "fiml", "nobody answered a, b"),
        ([], [], "fiml", "screening leaves no answer sheet"),
    ],
)
def test_no_sheet_left_is_an_error(a, b, missing, words):
    with pytest.raises(DataError, match=words):
        used(screening(a, b), missing)


@pytest.mark.parametrize(
    ("severity", "advice"),
    [("error", "The labels are reversed."), ("warning", "Look at the screening rules")],
)
def test_an_error_of_the_file_is_told_when_no_sheet_is_left(severity, advice):
    given = screening([], [])
    found = Finding("value-labels", severity, "a", "The labels are reversed.")
    kept = replace(given.kept, findings=(found,))
    with pytest.raises(DataError, match=f"no answer sheet .*{advice}"):
        used(replace(given, kept=kept))


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_usable_rows_are_those_of_the_screening(missing):
    given = screening([1, None, 1, None], [1, 1, 1, None], [1, 1, None, 1])
    needs = needs_of(VARIABLES, Options(missing=missing))
    rows = usable_rows(given.kept.answers, needs)
    assert rows.index.tolist() == list(used(given, missing).kept.answers.index)


def test_there_may_be_no_usable_row():
    given = screening([None, None], [1, 2])
    assert usable_rows(given.kept.answers, needs_of(VARIABLES, Options())).empty
