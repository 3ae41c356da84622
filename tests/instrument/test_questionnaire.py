"""A questionnaire is numbered as platforms number it, and asks all that is asked."""

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument


def _survey(**more: object) -> Instrument:
    constructs = [{"id": "TR", "name": "Trust"}]
    items = [{"id": f"TR{k}", "construct": "TR", "text": f"Row {k}"} for k in (1, 2, 3)]
    base: dict[str, object] = {"id": "s", "version": "1", "title": "A survey"}
    return Instrument(
        **{**base, "scale": 5, "constructs": constructs, "items": items, **more}
    )


def test_every_code_is_asked_once_and_in_order() -> None:
    koc = load_instrument("koc_core")
    entries = questionnaire(koc).entries
    assert tuple(code for entry in entries for code in entry.codes) == tuple(koc.asked)
    assert [entry.number for entry in entries] == list(range(1, 20))


def test_a_screener_knows_who_may_go_on() -> None:
    entries = {
        entry.code: entry
        for entry in questionnaire(load_instrument("koc_core")).entries
    }
    assert entries["CONS"].accept == (1,)
    assert entries["GEN"].accept == ()


def test_an_instrument_without_blocks_is_one_battery() -> None:
    laid_out = questionnaire(_survey())
    assert [page.id for page in laid_out.pages] == ["battery"]
    assert [option.label.zh for option in laid_out.entries[0].options] == list("12345")


def test_a_matrix_is_split_where_the_scale_changes() -> None:
    constructs = [{"id": "TR", "name": "Trust"}, {"id": "PI", "name": "PI", "scale": 7}]
    items = [
        {"id": "TR1", "construct": "TR", "text": "a"},
        {"id": "PI1", "construct": "PI", "text": "b"},
        {"id": "PI2", "construct": "PI", "text": "c"},
    ]
    block = {"id": "all", "kind": "matrix", "items": ["TR1", "PI1", "PI2"]}
    laid_out = questionnaire(
        _survey(constructs=constructs, items=items, blocks=[block])
    )
    found = [(e.number, e.code, len(e.options), e.codes) for e in laid_out.entries]
    assert found == [(1, "all", 5, ("TR1",)), (2, "all_2", 7, ("PI1", "PI2"))]


def test_a_note_has_no_number() -> None:
    blocks = [
        {"id": "hello", "kind": "note", "text": "Think of one creator."},
        {"id": "all", "kind": "matrix", "items": ["TR1", "TR2", "TR3"]},
    ]
    entries = questionnaire(_survey(blocks=blocks)).entries
    assert [(entry.kind, entry.number) for entry in entries] == [
        ("note", 0),
        ("matrix", 1),
    ]


def test_rows_without_wording_cannot_be_asked() -> None:
    constructs = [{"id": "TR", "name": "Trust", "items": ["TR1", "TR2"]}]
    with pytest.raises(InstrumentError, match="no wording for TR1, TR2"):
        questionnaire(_survey(constructs=constructs, items=[]))


GROUP = {
    "id": "GRP",
    "name": "Group",
    "text": "Odd or even?",
    "options": ["Odd", "Even"],
}


def _conditional(question: str, answers: list[int], *, first: bool) -> Instrument:
    asking = {"id": "ask", "kind": "questions", "items": ["GRP"]}
    battery = {
        "id": "all",
        "kind": "matrix",
        "items": ["TR1", "TR2", "TR3"],
        "shown_if": {"question": question, "answers": answers},
    }
    blocks = [asking, battery] if first else [battery, asking]
    return _survey(demographics=[GROUP], blocks=blocks)


def test_a_page_carries_its_condition() -> None:
    pages = questionnaire(_conditional("GRP", [1], first=True)).pages
    assert pages[0].shown_if is None
    assert pages[1].shown_if is not None
    assert pages[1].shown_if.answers == (1,)


@pytest.mark.parametrize(
    ("question", "answers", "first", "said"),
    [
        ("GRP", [1], False, "no question GRP with one answer comes before"),
        ("TR1", [1], True, "no question TR1 with one answer comes before"),
        ("GRP", [3], True, r"\[3\] is no option code of GRP"),
    ],
)
def test_a_condition_rests_on_an_earlier_single_choice(
    question: str, answers: list[int], first: bool, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        _conditional(question, answers, first=first)
