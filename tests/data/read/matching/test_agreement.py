"""A column that bears one code and the words of another question is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kocsem.data.read import inspect as reader
from kocsem.data.read.cells import build_table
from kocsem.data.read.matching.agreement import agreement_findings
from kocsem.data.read.matching.records import Match, Target
from kocsem.data.read.platform import Column, Reading
from kocsem.data.read.responses import read_responses
from kocsem.findings import Finding
from kocsem.instrument.types import Instrument, Text

Read = Callable[..., list[Finding]]
CODES = ["A1", "A2", "B1", "GEN"]


@pytest.fixture
def told(small: Instrument, monkeypatch: pytest.MonkeyPatch) -> Read:
    def read(
        header: list[str], titles: tuple[str, ...] = (), **options: Any
    ) -> list[Finding]:
        kind = "sav" if titles else "utf-8"
        rows = [header, ["1", "2", "3", "1"], ["3", "1", "2", "2"]]
        table = replace(build_table(Path("a"), kind, rows), titles=titles)
        monkeypatch.setattr(reader, "read_table", lambda path: table)
        findings = read_responses("a", small, **options).findings
        return [f for f in findings if f.code == "code-and-words-differ"]

    return read


@pytest.mark.parametrize(
    ("titles", "codes"),
    [
        (("TA说实话。", "TA有话直说。", "我会买。", "您的性别"), []),
        (("A1: TA说实话。", "", "Agree? - I would buy.", "Gender"), []),
        (("TA有话直说。", "TA说实话。", "我会买。", ""), ["A1", "A2"]),
        (("A2: TA有话直说。", "", "", ""), ["A1"]),
        (("Agree? - This KOC is frank.", "", "", ""), ["A1"]),
        (("", "", "", "您多大？"), ["GEN"]),
        (("我想 - TA说实话。", "", "我会买。", ""), []),
    ],
)
def test_titles(titles: tuple[str, ...], codes: list[str], told: Read) -> None:
    found = told(CODES, titles)
    assert [(f.severity, f.subject) for f in found] == [("warning", c) for c in codes]


def test_headers(told: Read) -> None:
    assert told(["A1: TA说实话。", "A2", "B1: I would buy.", "GEN: 您的性别"]) == []
    (finding,) = told(["A1: TA有话直说。", "A2", "B1", "GEN"])
    assert finding.message == (
        "column 1 ('A1: TA有话直说。') was read as A1, but its header or title also "
        "speaks of A2. Look which is meant, and correct the other."
    )


def test_what_a_study_file_states_is_not_questioned(told: Read) -> None:
    header = ["A1: TA有话直说。", "A2", "B1", "GEN"]
    assert told(header, mapping={"A1": header[0]}) == []


def test_words_within_the_own_words_are_no_other_question(small: Instrument) -> None:
    words = "Honest - I would buy."
    item = replace(small.items[0], text=Text(zh=words, en=words))
    survey = replace(small, items=(item, *small.items[1:]))
    column = Column(0, "A1", readings=(Reading(words), Reading("x", "I would buy.")))
    match = Match(Target("A1"), column, "words")
    assert list(agreement_findings([match], survey)) == []
    (finding,) = agreement_findings([match], small)
    assert finding.subject == "A1"
