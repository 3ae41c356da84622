"""Each rule drops what it should, for one reason, in the stated order."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError

from kocsem.data.screening.screen import screen
from kocsem.data.screening.settings import ScreeningRules
from kocsem.data.types import Responses, Screening, Source
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument

ROWS = ["A1", "A2", "A3", "B1", "B2", "B3", "MV1", "AT"]
GOOD = [1.0, 2.0, 3.0, 4.0, 5.0, 1.0, 2.0, 4.0]
YES_NO = ["Yes", "No"]


@pytest.fixture(scope="module")
def survey() -> Instrument:
    constructs = [
        {"id": name, "name": name, "items": [f"{name}{i}" for i in (1, 2, 3)]}
        for name in "AB"
    ]
    screening = [
        {"id": "CO", "consent": True, "accept": [1]},
        {"id": "SC", "accept": [1]},
    ]
    return TypeAdapter(Instrument).validate_python(
        {
            "id": "s",
            "version": "1",
            "title": "S",
            "scale": 5,
            "constructs": constructs,
            "marker": [{"id": "MV1"}],
            "attention": [{"id": "AT", "kind": "instructed", "accept": [4]}],
            "quality": {"mahalanobis": "keep"},
            "screening": [
                {**part, "name": "Q", "text": f"Q {part['id']}", "options": YES_NO}
                for part in screening
            ],
        }
    )


def sheets(*changed: dict[str, float], good: int = 2) -> Responses:
    """Make answer sheets: some good ones, all different, then one for each change."""
    rows, seconds, origin = [], [], []
    for i, change in enumerate([{}] * good + list(changed)):
        answers = dict(zip(ROWS, GOOD, strict=True)) | {"CO": 1.0, "SC": 1.0}
        answers["B3"] = 1.0 + i % 4
        seconds.append(change.get("seconds", 100.0))
        origin.append(change.get("origin", float(i)))
        rows.append(answers | {k: v for k, v in change.items() if k in answers})
    index = pd.Index(range(2, 2 + len(rows)), name="row")
    return Responses(
        answers=pd.DataFrame(rows, index=index, dtype=float),
        seconds=pd.Series(seconds, index=index),
        origin=pd.Series(origin, index=index),
        source=Source("a.csv", "plain", "number", "utf-8", len(rows), 10),
    )


def reasons(screening: Screening) -> list[tuple[int, str, str]]:
    return list(screening.dropped.itertuples(index=False, name=None))


def flow(screening: Screening) -> dict[str, int]:
    return {step.reason: step.n for step in screening.flow}


SAME = dict.fromkeys(ROWS[:-1], 3.0)
NAN = np.nan


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        ({"CO": 2.0}, "consent", "CO: answered 2"),
        ({"CO": NAN}, "consent", "CO: no answer"),
        ({"SC": 2.0}, "screener", "SC: answered 2"),
        ({"SC": NAN}, "screener", "SC: no answer"),
        ({"AT": 5.0}, "instructed", "AT: answered 5"),
        ({"seconds": 15.9}, "speed", "15.9 s, under 16 s for 8 scale rows"),
        (SAME, "straightlining", "one answer in 7 of 7 scale rows"),
        ({"A1": NAN, "B2": NAN}, "missing", "2 of 6 items unanswered"),
    ],
)
def test_each_rule(survey: Instrument, change: Any, reason: str, detail: str) -> None:
    screening = screen(sheets(change), survey)
    assert reasons(screening) == [(4, reason, detail)]
    assert flow(screening)[reason] == 1
    assert flow(screening)["kept"] == 2
    assert list(screening.kept.answers.index) == [2, 3]


@pytest.mark.parametrize(
    "change",
    [
        {"seconds": 16.0},
        {"seconds": NAN},
        {"AT": NAN},
        {"A1": NAN},
        {**SAME, "A1": 4.0},
        {"MV1": NAN},
    ],
)
def test_what_is_just_good_enough_stays(survey: Instrument, change: Any) -> None:
    assert reasons(screen(sheets(change), survey)) == []


def test_the_first_rule_that_hits_is_the_reason(survey: Instrument) -> None:
    everything = {"CO": 2.0, "SC": 2.0, "AT": 1.0, "seconds": 1.0, **SAME}
    order = []
    for repair in (
        {"CO": 1.0},
        {"SC": 1.0},
        {"AT": 4.0},
        {"seconds": 99.0},
        {"A1": 1.0},
    ):
        order += [
            reason for _, reason, _ in reasons(screen(sheets(everything), survey))
        ]
        everything = everything | repair
    assert order == ["consent", "screener", "instructed", "speed", "straightlining"]


def test_flow_adds_up(survey: Instrument) -> None:
    screening = screen(sheets({"CO": 2.0}, {"AT": 1.0}, {"seconds": 2.0}, SAME), survey)
    counts = flow(screening)
    assert list(counts) == [
        *["received", "consent", "screener", "instructed", "speed"],
        *["straightlining", "duplicate", "missing", "kept"],
    ]
    dropped = sum(n for key, n in counts.items() if key not in ("received", "kept"))
    assert (counts["received"], dropped, counts["kept"]) == (6, 4, 2)


def twins() -> Responses:
    twin = {"origin": 7.0, "B3": 1.0}
    return sheets(twin, twin, {"origin": 7.0, "B3": 5.0}, {"B3": 1.0, "origin": 8.0})


def test_of_duplicates_the_first_stays(survey: Instrument) -> None:
    screening = screen(twins(), survey)
    assert reasons(screening) == [(5, "duplicate", "same origin and answers as row 4")]
    assert [(f.code, f.subject) for f in screening.findings] == [
        ("flagged-same-answers", "rows 4, 7"),
        ("flagged-same-origin", "row 6"),
    ]


def test_duplicates_of_a_dropped_sheet_are_judged_for_themselves(
    survey: Instrument,
) -> None:
    twin = {"origin": 7.0, "B3": 1.0}
    screening = screen(sheets({**twin, "seconds": 1.0}, twin), survey)
    assert reasons(screening) == [(4, "speed", "1 s, under 16 s for 8 scale rows")]


def test_equal_gaps_count_as_equal_answers(survey: Instrument) -> None:
    twin = {"origin": 7.0, "A1": NAN}
    screening = screen(sheets({**twin, "B3": 1.0}, {**twin, "B3": 1.0}), survey)
    assert [reason for _, reason, _ in reasons(screening)] == ["duplicate"]


def test_flagged_duplicates_stay(survey: Instrument) -> None:
    screening = screen(twins(), survey, ScreeningRules(duplicates="flag"))
    assert reasons(screening) == []
    assert "duplicate" not in flow(screening)
    assert [f.code for f in screening.findings] == [
        "flagged-duplicate",
        "flagged-same-answers",
        "flagged-same-origin",
    ]


def test_kept_duplicates_are_not_spoken_of(survey: Instrument) -> None:
    screening = screen(twins(), survey, ScreeningRules(duplicates="keep"))
    assert reasons(screening) == []
    assert screening.findings == ()


def test_without_origins_same_answers_are_only_flagged(survey: Instrument) -> None:
    screening = screen(replace(twins(), origin=None), survey)
    assert reasons(screening) == []
    assert [f.code for f in screening.findings] == [
        "rule-not-applied",
        "flagged-same-answers",
    ]


def test_flags_concern_only_sheets_that_stay(survey: Instrument) -> None:
    rules = ScreeningRules(straightlining="flag")
    gone = {**SAME, "A1": NAN, "A2": NAN}
    screening = screen(sheets(SAME, gone), survey, rules)
    assert reasons(screening) == [(5, "missing", "2 of 6 items unanswered")]
    (finding,) = screening.findings
    assert (finding.code, finding.subject, finding.value) == (
        "flagged-straightlining",
        "row 4",
        1,
    )


@pytest.mark.parametrize(
    ("answers", "longest"),
    [
        ([1, 1, 1, 1, 2, 3, 4], 4),
        ([1, 1, NAN, 1, 1, 3, 4], 2),
        ([1, 2, 3, 4, 4, 4, 4], 4),
    ],
)
def test_long_runs(survey: Instrument, answers: list[float], longest: int) -> None:
    sheet = sheets(dict(zip(ROWS[:-1], answers, strict=True)))
    for limit, is_dropped in ((longest, False), (longest - 1, True)):
        if limit < 2:
            continue
        screening = screen(sheet, survey, ScreeningRules(max_longstring=limit))
        assert ("longstring" in {r for _, r, _ in reasons(screening)}) is is_dropped


def test_a_study_overrides_the_defaults(survey: Instrument) -> None:
    spoilt = sheets({"SC": 2.0}, {"AT": 1.0}, {"seconds": 1.0}, {"A1": NAN, "B1": NAN})
    rules = ScreeningRules(
        screeners=(), attention=(), min_seconds_per_item=0, missing_share=0.5
    )
    screening = screen(spoilt, survey, rules)
    assert flow(screening) == {
        **{"received": 6, "consent": 0, "straightlining": 0},
        **{"duplicate": 0, "missing": 0, "kept": 6},
    }


def test_the_consent_question_may_be_named(survey: Instrument) -> None:
    screening = screen(sheets({"SC": 2.0}), survey, ScreeningRules(consent="SC"))
    assert reasons(screening) == [(4, "consent", "SC: answered 2")]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (ScreeningRules(consent="CC"), "screening.consent: .* no such question CC"),
        (ScreeningRules(screeners=("SC1",)), "SC1; did you mean SC"),
        (ScreeningRules(attention=("AT1",)), "AT1; did you mean AT"),
    ],
)
def test_rules_name_known_questions(
    survey: Instrument, rules: ScreeningRules, expected: str
) -> None:
    with pytest.raises(DataError, match=expected):
        screen(sheets(), survey, rules)


@pytest.mark.parametrize(
    "rules",
    [
        {"straightlining": "delete"},
        {"missing_share": 1.2},
        {"min_seconds_per_item": -1},
    ],
)
def test_rules_have_sensible_values(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScreeningRules(**rules)


def test_rules_without_their_columns_are_told(survey: Instrument) -> None:
    whole = sheets()
    bare = replace(
        whole,
        answers=whole.answers.drop(columns=["CO", "AT"]),
        seconds=None,
        origin=None,
    )
    screening = screen(bare, survey)
    told = {f.subject for f in screening.findings if f.code == "rule-not-applied"}
    assert told == {"consent", "instructed", "speed", "duplicate"}
    assert not told & set(flow(screening))


def test_nothing_given_is_changed(survey: Instrument) -> None:
    given = sheets({"CO": 2.0}, SAME)
    before = given.answers.copy()
    screen(given, survey)
    pd.testing.assert_frame_equal(given.answers, before)


def test_everything_may_be_dropped(survey: Instrument) -> None:
    screening = screen(sheets({"CO": 2.0}, good=0), survey)
    assert flow(screening)["kept"] == 0
    assert len(screening.kept.answers) == 0
