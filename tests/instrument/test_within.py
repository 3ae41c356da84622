"""A comparison within subjects, written out for each creator."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from kocsem.instrument.within import written_out

REFERENTS = [
    {"id": "P", "name": "Peer", "introduction": "Think of a peer."},
    {"id": "S", "name": "Star", "introduction": "Think of a star."},
]


def survey(**changes: Any) -> Instrument:
    keys: dict[str, Any] = {
        "id": "s",
        "version": "1",
        "title": "S",
        "scale": 5,
        "constructs": [
            {"id": "A", "name": "Cause"},
            {"id": "A1B", "name": "Other", "items": ["A1B1"]},
            {"id": "T", "name": "Trust", "level": "second", "dimensions": ["A", "A1B"]},
        ],
        "items": [{"id": "A1", "construct": "A", "text": "One", "reverse": True}],
        "marker": [{"id": "MV1"}],
        "demographics": [
            {"id": "MC", "name": "Kind", "text": "Kind?", "options": ["a", "b"]},
            {"id": "SEX", "name": "Sex", "text": "Sex?", "options": ["m", "f"]},
        ],
        "blocks": [
            {"id": "hello", "kind": "note", "text": "Hello"},
            {"id": "rows", "kind": "matrix", "items": ["A1", "MV1", "A1B1"]},
            {"id": "break", "kind": "note", "text": "Breathe"},
            {"id": "kind", "kind": "questions", "items": ["MC"]},
            {"id": "you", "kind": "questions", "items": ["SEX"]},
        ],
        "hypotheses": [
            {"id": "H1", "path": "A -> A1B", "sign": "+", "statement": "It does."},
            {"id": "H2", "path": "A x A1B -> T", "sign": "-", "statement": "It does."},
            {"id": "H3", "about": ["T"], "statement": "They differ."},
        ],
        "comparison": {
            "design": "within",
            "referents": REFERENTS,
            "manipulation_checks": ["MC"],
        },
    }
    return Instrument(**{**keys, **changes})


def test_the_questionnaire_takes_one_creator_after_the_other() -> None:
    assert [(b.id, b.items) for b in written_out(survey()).blocks] == [
        ("hello", ()),
        ("about_P", ()),
        ("rows_P", ("A1_P", "MV1", "A1B1_P")),
        ("break", ()),
        ("kind_P", ("MC_P",)),
        ("about_S", ()),
        ("rows_S", ("A1_S", "A1B1_S")),
        ("kind_S", ("MC_S",)),
        ("order", ("ORD",)),
        ("you", ("SEX",)),
    ]


def test_a_condition_on_the_creator_asks_of_the_same_creator() -> None:
    blocks = [
        {"id": "kind", "kind": "questions", "items": ["MC", "SEX"]},
        {
            "id": "rows",
            "kind": "matrix",
            "items": ["A1", "MV1", "A1B1"],
            "shown_if": {"question": "MC", "answers": [1]},
        },
    ]
    made = {b.id: b.shown_if for b in written_out(survey(blocks=blocks)).blocks}
    asked = {code: c.question for code, c in made.items() if c is not None}
    assert asked == {"rows_P": "MC_P", "rows_S": "MC_S"}


def test_introductions_stand_before_the_rows() -> None:
    texts = {b.id: b.text.en for b in written_out(survey()).blocks if b.text}
    assert texts["about_P"] == "Think of a peer."
    assert texts["about_S"] == "Think of a star."


def test_constructs_items_and_questions_are_there_for_each() -> None:
    made = written_out(survey())
    named = [(c.id, c.name.en, c.name.zh, c.dimensions) for c in made.constructs]
    assert named[0] == ("A_P", "Cause (Peer)", "Cause（Peer）", ())
    assert named[5] == ("T_S", "Trust (Star)", "Trust（Star）", ("A_S", "A1B_S"))
    assert [(i.id, i.construct, i.reverse) for i in made.items] == [
        ("A1_P", "A_P", True),
        ("A1B1_P", "A1B_P", False),
        ("A1_S", "A_S", True),
        ("A1B1_S", "A1B_S", False),
    ]
    texts = [i.text and (i.text.zh, i.text.en) for i in made.items]
    assert texts == [("Peer：One", "Peer: One"), None, ("Star：One", "Star: One"), None]
    assert made.demographics[1].text.en == "Star: Kind?"
    assert [q.id for q in made.demographics] == ["MC_P", "MC_S", "SEX", "ORD"]
    assert [o.label.en for o in made.demographics[-1].options] == ["Peer", "Star"]


def test_paths_hold_for_each_and_statements_compare() -> None:
    made = [(h.id, h.path, h.about) for h in written_out(survey()).hypotheses]
    assert made == [
        ("H1_P", "A_P -> A1B_P", ()),
        ("H1_S", "A_S -> A1B_S", ()),
        ("H2_P", "A_P x A1B_P -> T_P", ()),
        ("H2_S", "A_S x A1B_S -> T_S", ()),
        ("H3", None, ("T_P", "T_S")),
    ]


def test_the_comparison_names_what_is_asked() -> None:
    comparison = written_out(survey()).comparison
    assert comparison is not None
    assert comparison.order == "ORD"
    assert comparison.manipulation_checks == ("MC_P", "MC_S")


def test_a_question_on_the_order_that_is_there_is_used() -> None:
    base = survey()
    assert base.comparison is not None
    made = written_out(replace(base, comparison=replace(base.comparison, order="SEX")))
    assert [q.id for q in made.demographics] == ["MC_P", "MC_S", "SEX"]
    assert "order" not in [block.id for block in made.blocks]


def test_without_blocks_there_is_no_order_of_pages() -> None:
    assert written_out(survey(blocks=[])).blocks == ()


@pytest.mark.parametrize("name", ["koc_core", "koc_kol"])
def test_other_designs_stay_as_they_are(name: str) -> None:
    instrument = load_instrument(name)
    assert written_out(instrument) is instrument


def test_a_code_that_is_taken_is_refused() -> None:
    with pytest.raises(ValidationError, match="the code A1_P is used before"):
        written_out(
            survey(
                items=[{"id": "A1", "construct": "A"}],
                marker=[{"id": "A1_P"}],
                blocks=[],
            )
        )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"design": "between"}, "name the question that says which one"),
        (
            {"design": "between", "group": "SEX", "order": "SEX"},
            "no place in a between",
        ),
        ({"group": "SEX"}, "has no place in a within design"),
        ({"order": "MCC"}, "no question with one answer MCC; did you mean MC?"),
        ({"referents": REFERENTS[:1]}, "at least 2"),
        ({"referents": [REFERENTS[0]] * 2}, "two referents have one code"),
        (
            {"referents": [*REFERENTS, {**REFERENTS[0], "id": "Q"}], "order": "SEX"},
            "SEX has 2 options for 3",
        ),
        ({"asked_of_each": ["AGE"]}, "no question AGE"),
    ],
)
def test_a_comparison_must_fit_its_questions(
    changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        survey(comparison={"design": "within", "referents": REFERENTS, **changes})
    assert expected in str(caught.value)
