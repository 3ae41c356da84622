import pytest

from kocsem.findings import Unavailable
from kocsem.instrument.types import Text
from kocsem.reporting.notes import NOTES
from kocsem.reporting.render import render
from kocsem.reporting.table import (
    BLANK,
    Cell,
    Column,
    Note,
    RowGroup,
    Table,
    interval,
    label,
    number,
    words,
)

TITLE = Text(zh="标题", en="Title")
NAME = Text(zh="名称", en="Name")
BETA = Text(zh="系数", en="β")


def make(rows, notes=()):
    columns = (Column("name", NAME, "label"), Column("b", BETA, "bounded", symbol=True))
    return Table("t", TITLE, columns, (RowGroup(rows),), notes).numbered("3")


def body(table, language, style):
    shown = render(table, language, style)
    return [
        [c.text + c.marks + c.letter for c in r] for g in shown.groups for r in g.rows
    ]


def test_words_and_numbers_follow_language_and_style():
    table = make(((label(NAME, "N"), number(-0.5, "bounded", marks="**")),))
    assert body(table, "zh", "gb") == [["名称", "−0.500**"]]
    assert body(table, "en", "apa") == [["Name", "−.500**"]]
    assert body(table, "en", "gb") == [["Name", "−0.500**"]]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (BLANK, ""),
        (words(""), ""),
        (words("plain"), "plain"),
        (interval(0.1, 0.25, "bounded_interval"), "[.100, .250]"),
        (Cell(0.95, "limit", lead="≥ "), "≥ .95"),
    ],
)
def test_cells(cell, shown):
    assert body(make(((words("x"), cell),)), "en", "apa") == [["x", shown]]


def test_missing_numbers_are_lettered_in_reading_order():
    one, two = Unavailable("One item."), Text(zh="固定", en="Fixed.")
    rows = (
        (words("x"), number(one, "bounded")),
        (words("y"), number(None, "bounded", reason=two)),
        (words("z"), number(one, "bounded")),
    )
    table = make(rows)
    assert [row[1] for row in body(table, "en", "apa")] == ["–a", "–b", "–a"]
    notes = render(table, "zh", "gb").notes
    assert [(n.lead, n.text) for n in notes] == [("a", "One item."), ("b", "固定")]


def test_more_reasons_than_letters():
    cells = [number(Unavailable(f"Reason {i}."), "bounded") for i in range(28)]
    shown = body(make(tuple((words("x"), cell) for cell in cells)), "en", "apa")
    assert [row[1] for row in shown[24:]] == ["–y", "–z", "–aa", "–bb"]


def test_notes_stand_in_apa_order():
    notes = (
        Note(NOTES["stars"], kind="probability"),
        Note(Text(zh="甲{}。", en="First {}."), (number(0.25, "bounded"),)),
        Note(Text(zh="乙。", en="Second.")),
    )
    table = make(((words("x"), number(None, "bounded")),), notes)
    english = render(table, "en", "apa").notes
    assert [n.lead for n in english] == ["Note.", "a", ""]
    assert english[0].text == "First .250. Second."
    assert render(table, "zh", "gb").notes[0].text == "甲0.250。乙。"


def test_braces_in_names_are_no_placeholders():
    note = Note(Text(zh="{}", en="Name: {}"), (words("{0} {x}"),))
    shown = render(make(((words("x"), BLANK),), (note,)), "en", "apa")
    assert shown.notes[0].text == "Name: {0} {x}"


def test_caption_and_symbols():
    table = make(((words("x"), BLANK),))
    english, chinese = render(table, "en", "apa"), render(table, "zh", "gb")
    assert (english.number, chinese.number) == ("Table 3", "表3")
    assert [h.italic for h in english.headings] == [False, True]
    assert [h.italic for h in chinese.headings] == [False, False]
    assert [h.align for h in english.headings] == ["left", "center"]
