"""Who meets what, for screening questions and pages with a condition."""

from kocsem.instrument.export.routing import routed
from kocsem.instrument.questionnaire import questionnaire
from survey_sites.instruments import odd_instrument


def _of(wanted):
    return [(w.entry.code, w.answers, w.if_asked) for w in wanted]


def test_all_that_follows_depends_on_screening_questions():
    pages = {route.page.id: route for route in routed(questionnaire(odd_instrument()))}
    screened = [("SC1", (1, 2), False), ("SC2", (1,), False)]
    assert _of(pages["hello"].wanted) == []
    assert _of(pages["screen"].wanted) == []
    assert _of(pages["a"].wanted) == [*screened, ("TIMES", (1, 2), False)]
    assert _of(pages["background"].wanted) == screened
    within = [_of(wanted) for wanted in pages["screen"].within]
    assert within == [[], [], screened[:1], screened]  # the note, SC1, SC2, TIMES


def test_a_screening_question_that_is_not_shown_refuses_nobody():
    blocks = [
        {"id": "first", "kind": "questions", "items": ["SC1", "TIMES"]},
        {
            "id": "second",
            "kind": "questions",
            "items": ["SC2"],
            "shown_if": {"question": "TIMES", "answers": [2]},
        },
        {"id": "rest", "kind": "questions", "items": ["AGE", "CAT", "YEARS", "WHY"]},
    ]
    whole = odd_instrument()
    rows = [item.id for item in whole.items]
    battery = {"id": "all", "kind": "matrix", "items": [*rows, "AT"]}
    pages = routed(questionnaire(odd_instrument(blocks=[*blocks, battery])))
    assert _of(pages[2].wanted) == [("SC1", (1, 2), False), ("SC2", (1,), True)]
