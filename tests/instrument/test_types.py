"""What an instrument accepts, refuses and answers."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kocsem.instrument.types import (
    Hypothesis,
    Instrument,
    Question,
    Scale,
    Screener,
    Text,
)

YES_NO = [{"zh": "是", "en": "Yes"}, {"zh": "否", "en": "No"}]


def survey(**changes: Any) -> dict[str, Any]:
    return {
        "id": "s",
        "version": "1",
        "title": "A survey",
        "scale": 5,
        "constructs": [
            {"id": "CA", "name": "Authenticity", "items": ["CA1", "CA2"]},
            {"id": "TR", "name": "Trust", "scale": 7},
        ],
        "items": [
            {"id": "TR1", "construct": "TR"},
            {"id": "TR2", "construct": "TR", "reverse": True},
            {"id": "TR3", "construct": "TR", "optional": True},
        ],
        **changes,
    }


def make(**changes: Any) -> Instrument:
    return TypeAdapter(Instrument).validate_python(survey(**changes))


def message_of(**changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        make(**changes)
    return str(caught.value)


def test_codes_without_wording_are_an_instrument() -> None:
    instrument = make()
    assert [(i.id, i.construct, i.text) for i in instrument.items_of("CA")] == [
        ("CA1", "CA", None),
        ("CA2", "CA", None),
    ]


def test_short_items_come_after_the_listed_ones() -> None:
    assert [item.id for item in make().items] == ["TR1", "TR2", "TR3", "CA1", "CA2"]


@pytest.mark.parametrize(
    ("include", "expected"), [((), ["TR1", "TR2"]), (["TR3"], ["TR1", "TR2", "TR3"])]
)
def test_optional_items_are_left_out_unless_included(
    include: tuple[str, ...], expected: list[str]
) -> None:
    assert [item.id for item in make().items_of("TR", include)] == expected


@pytest.mark.parametrize(
    ("row", "points"), [("CA1", 5), ("TR1", 7), ("MV1", 5), ("AT1", 5)]
)
def test_scale_of_a_row(row: str, points: int) -> None:
    instrument = make(
        marker=[{"id": "MV1"}],
        attention=[{"id": "AT1", "kind": "instructed", "accept": [4]}],
    )
    assert instrument.scale_of(row).points == points


def test_unknown_codes_name_the_nearest() -> None:
    instrument = make()
    with pytest.raises(KeyError, match="did you mean CA"):
        instrument.construct("CAA")
    with pytest.raises(KeyError, match="did you mean TR1"):
        instrument.scale_of("TR11")


def test_questions_have_the_columns_of_their_kind() -> None:
    instrument = make(
        demographics=[
            {"id": "GEN", "name": "Gender", "text": "Gender?", "options": YES_NO},
            {
                "id": "CAT",
                "kind": "multi",
                "name": "F",
                "text": "Fields?",
                "options": YES_NO,
            },
            {"id": "YEARS", "kind": "number", "name": "Age", "text": "Age?"},
            {"id": "WHY", "kind": "text", "name": "Why", "text": "Why?"},
        ]
    )
    assert instrument.known_columns[5:] == ("GEN", "CAT_1", "CAT_2", "YEARS")


def test_blocks_give_the_order() -> None:
    instrument = make(
        blocks=[
            {"id": "b", "kind": "matrix", "items": ["CA2", "CA1", "TR3"]},
            {"id": "n", "kind": "note", "text": "Thank you so far"},
            {"id": "c", "kind": "matrix", "items": ["TR2", "TR1"]},
        ]
    )
    assert instrument.known_columns == ("CA2", "CA1", "TR3", "TR2", "TR1")
    assert instrument.likert_rows == instrument.known_columns


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"items": [{"id": "CA1", "construct": "TR"}]}, "the code CA1 is used before"),
        ({"items": [{"id": "CA", "construct": "TR"}]}, "the code CA is used before"),
        ({"items": [{"id": "X", "construct": "TT"}]}, "no construct TT; did you mean"),
        ({"constructs": []}, "name at least one construct"),
        ({"items": []}, "TR has no item"),
        ({"scale": 1}, "greater than or equal to 2"),
        ({"scale": {"points": 3, "anchors": ["a", "b"]}}, "2 anchors for 3 points"),
        ({"id": "1st"}, "should match pattern"),
        ({"title": {"zh": "题", "en": ""}}, "at least 1 character"),
        (
            {
                "hypotheses": [
                    {"id": "H1", "path": "CA -> TX", "sign": "+", "statement": "x"}
                ]
            },
            "no construct TX; did you mean TR",
        ),
        (
            {"attention": [{"id": "AT", "kind": "instructed", "accept": [6]}]},
            "outside the scale 1 to 5",
        ),
        (
            {"constructs": [{"id": "CA", "name": "x", "theory": "t", "items": ["C1"]}]},
            "no theory t; known: none",
        ),
        (
            {"blocks": [{"id": "b", "kind": "matrix", "items": ["CA1", "CA1", "XX"]}]},
            "CA1 stands 2 times",
        ),
        (
            {"blocks": [{"id": "b", "kind": "matrix", "items": ["CA1"]}]},
            "CA2 is in no block",
        ),
        (
            {"blocks": [{"id": "b", "kind": "note", "items": ["CA1"], "text": "x"}]},
            "a note holds words only",
        ),
        ({"blocks": [{"id": "b", "kind": "note"}]}, "a note needs its words"),
        ({"blocks": [{"id": "b", "kind": "matrix"}]}, "list the codes"),
    ],
)
def test_what_does_not_agree_is_refused(changes: dict[str, Any], expected: str) -> None:
    assert expected in message_of(**changes)


def whole(*dimensions: str, **changes: Any) -> dict[str, Any]:
    constructs = survey()["constructs"]
    made = {"id": "W", "name": "W", "level": "second", "dimensions": dimensions}
    return {"constructs": [*constructs, {**made, **changes}]}


def test_a_second_order_construct_has_dimensions_and_no_items() -> None:
    instrument = make(**whole("CA", "TR"))
    assert instrument.construct("W").dimensions == ("CA", "TR")
    assert instrument.items_of("W") == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (whole("CA"), "a second-order construct needs two dimensions or more"),
        (whole("CA", "CA"), "a second-order construct needs two dimensions or more"),
        (whole("CA", "TR", level="first"), "add 'level: second'"),
        (whole("CA", "TX"), "no first-order construct TX; did you mean TR?"),
        (whole("CA", "W"), "no first-order construct W; known: CA, TR"),
        (whole("CA", "TR", items=["W1"]), "W is measured by its dimensions"),
        (whole("CA", "TR", kind="formative"), "'reflective' or 'composite'"),
        (
            {
                "constructs": [
                    *whole("CA", "TR")["constructs"],
                    {
                        "id": "V",
                        "name": "V",
                        "level": "second",
                        "dimensions": ["CA", "TR"],
                    },
                ]
            },
            "CA is a dimension of W already",
        ),
        (
            {"hypotheses": [{"id": "H", "about": ["TX"], "statement": "x"}]},
            "no construct TX; did you mean TR",
        ),
        (
            {
                "hypotheses": [
                    {"id": "H", "path": "CA x T -> TR", "sign": "+", "statement": "x"}
                ]
            },
            "no construct T; did you mean TR",
        ),
    ],
)
def test_levels_and_hypotheses_that_do_not_agree_are_refused(
    changes: dict[str, Any], expected: str
) -> None:
    assert expected in message_of(**changes)


def test_a_source_scale_is_unverified_until_it_is_said_to_be() -> None:
    scales = ["Author (2020)", {"citation": "Author (2021)", "status": "verified"}]
    construct = {"id": "X", "name": "X", "items": ["X1"], "source_scales": scales}
    found = make(constructs=[*survey()["constructs"], construct]).construct("X")
    assert [(s.citation, s.status, s.note) for s in found.source_scales] == [
        ("Author (2020)", "unverified", None),
        ("Author (2021)", "verified", None),
    ]


def test_a_question_with_options_is_no_matrix_row() -> None:
    message = message_of(
        demographics=[{"id": "GEN", "name": "G", "text": "G?", "options": YES_NO}],
        blocks=[
            {"id": "b", "kind": "matrix", "items": ["GEN", "CA1", "CA2"]},
            {"id": "c", "kind": "matrix", "items": ["TR1", "TR2", "TR3"]},
        ],
    )
    assert "GEN has its own options" in message


def test_a_column_of_a_multi_question_may_not_be_a_code_again() -> None:
    message = message_of(
        marker=[{"id": "CAT_1"}],
        demographics=[
            {"id": "CAT", "kind": "multi", "name": "F", "text": "F?", "options": YES_NO}
        ],
    )
    assert "used before" in message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"options": [Text(zh="a", en="a")]}, "needs at least two"),
        ({"kind": "number", "options": YES_NO}, "a number question has none"),
        (
            {"options": [{"code": 0, "label": "a"}, {"code": 1, "label": "b"}]},
            "greater than or equal to 1",
        ),
        (
            {"options": [{"code": 2, "label": "a"}, {"code": 1, "label": "b"}]},
            r"codes \[2, 1\] must be 1 to 2 in display order",
        ),
    ],
)
def test_options_must_fit_the_question(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        Question(**{"id": "Q", "name": "Q", "text": "Q?", **changes})


def test_bare_labels_are_numbered_in_order() -> None:
    question = Question(id="Q", name="Q", text="Q?", options=YES_NO)  # type: ignore[arg-type]
    assert [(o.code, o.label.en) for o in question.options] == [(1, "Yes"), (2, "No")]


def test_a_screener_accepts_only_its_own_options() -> None:
    with pytest.raises(ValidationError, match=r"3 is no option code of Q.*1, 2"):
        Screener(id="Q", name="Q", text="Q?", options=YES_NO, accept=[1, 3])  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["CA", "CA ->", "-> TR", "CA -> TR -> CA", ""])
def test_a_hypothesis_is_a_chain_of_constructs(path: str) -> None:
    with pytest.raises(ValidationError, match="no chain of different constructs"):
        Hypothesis(id="H1", path=path, sign="+", statement=Text(zh="x", en="x"))


def test_a_chain_may_have_several_links() -> None:
    chain = Hypothesis(
        id="H", path="A->B ->  C", sign="?", statement=Text(zh="x", en="x")
    )
    assert chain.nodes == ("A", "B", "C")


def test_records_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Scale(points=5).points = 7  # type: ignore[misc]


def test_text_in_both_languages() -> None:
    text = Text(zh="信任", en="Trust")
    assert (text.get("zh"), text.get("en")) == ("信任", "Trust")
