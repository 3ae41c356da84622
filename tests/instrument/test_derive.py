"""Instruments made from another one: what goes, what stays, what is refused."""

from pathlib import Path

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.bundled import bundled
from kocsem.instrument.load import load_instrument

BASE = """\
id: base
version: "1"
title: Base
scale: 5
constructs:
  - {id: A, name: Cause, items: [A1, A2, A3]}
  - {id: B, name: First facet, items: [B1, B2]}
  - {id: C, name: Second facet, items: [C1, C2]}
  - {id: D, name: Third facet}
  - {id: T, name: Whole, level: second, dimensions: [B, C, D]}
items:
  - {id: D1, construct: D}
  - {id: D2, construct: D, optional: true}
blocks:
  - {id: first, kind: matrix, items: [A1, B1, A2]}
  - {id: words, kind: note, text: Go on}
  - {id: second, kind: matrix, items: [D1, D2]}
  - {id: third, kind: matrix, items: [A3, B2, C1, C2]}
hypotheses:
  - {id: H1, path: A -> T, sign: "+", statement: s}
  - {id: H2, path: A x D -> T, sign: "+", statement: s}
  - {id: H3, about: [D, A], statement: s}
  - {id: H4, statement: s}
"""
DERIVED = """\
extends: base.yaml
id: short
version: "2"
title: Short
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def derived(folder: Path, more: str = "", text: str = DERIVED) -> Path:
    file = folder / "short.yaml"
    file.write_text(text + more, encoding="utf-8")
    return file


def said(file: Path) -> str:
    with pytest.raises(InstrumentError) as caught:
        load_instrument(file)
    return str(caught.value)


def test_nothing_left_out_is_the_same_under_another_name(folder: Path) -> None:
    base = load_instrument(folder / "base.yaml")
    short = load_instrument(derived(folder))
    assert (short.id, short.version, short.title.en) == ("short", "2", "Short")
    assert (short.constructs, short.items) == (base.constructs, base.items)
    assert (short.blocks, short.hypotheses) == (base.blocks, base.hypotheses)


@pytest.mark.parametrize(
    ("codes", "constructs", "rows", "hypotheses", "blocks"),
    [
        ("A2, C1", "A B C D T", "A1 B1 D1 D2 A3 B2 C2", "H1 H2 H3 H4", 4),
        ("D", "A B C T", "A1 B1 A2 A3 B2 C1 C2", "H1 H4", 3),
        ("D1", "A B C T", "A1 B1 A2 A3 B2 C1 C2", "H1 H4", 3),
        ("D2", "A B C D T", "A1 B1 A2 D1 A3 B2 C1 C2", "H1 H2 H3 H4", 4),
        ("T", "A B C D", "A1 B1 A2 D1 D2 A3 B2 C1 C2", "H3 H4", 4),
        ("A1, A2, A3", "B C D T", "B1 D1 D2 B2 C1 C2", "H4", 4),
    ],
)
def test_leaving_out(
    folder: Path, codes: str, constructs: str, rows: str, hypotheses: str, blocks: int
) -> None:
    short = load_instrument(derived(folder, f"leave_out: [{codes}]\n"))
    assert [c.id for c in short.constructs] == constructs.split()
    assert list(short.likert_rows) == rows.split()
    assert [h.id for h in short.hypotheses] == hypotheses.split()
    assert len(short.blocks) == blocks


def test_a_dimension_left_out_is_no_dimension_any_more(folder: Path) -> None:
    short = load_instrument(derived(folder, "leave_out: [D]\n"))
    assert short.construct("T").dimensions == ("B", "C")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "leave_out: [A1, AA]\n",
            "line 5: leave_out[2]: there is no construct or item",
        ),
        ("leave_out: [B, C]\n", "line 5: leave_out: T keeps fewer than two dimensions"),
        ("leave_out: [A, B, C, D, T]\n", "leave_out: nothing of base is left"),
        ("design: within\n", "line 5: design: base compares no creators"),
        ("design: between\n", "line 5: design: must be 'within', not 'between'"),
        ("items: []\n", "line 5: items: unknown key"),
        ("id: twice\n", "line 5: id: given twice"),
    ],
)
def test_what_a_derived_file_cannot_say(folder: Path, more: str, expected: str) -> None:
    file = derived(folder, more)
    assert said(file).startswith(f"{file}, ")
    assert expected in said(file)


@pytest.mark.parametrize(
    ("extends", "expected"),
    [
        ("bas.yaml", "there is no such file; did you mean base.yaml?"),
        ("koc_cor", "no bundled file has this name; did you mean koc_core?"),
        ("../base.yaml", "is outside the folder of this file; copy it beside this one"),
        ("/etc/hostname.yaml", "is outside the folder of this file"),
        ("..\\base.yaml", "is outside the folder of this file"),
        ("short.yaml", "the files extend each other (short.yaml -> short.yaml)"),
    ],
)
def test_what_cannot_be_extended(folder: Path, extends: str, expected: str) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "base.yaml").write_text(BASE, encoding="utf-8")
    file = derived(folder, text=DERIVED.replace("base.yaml", extends))
    assert said(file).startswith(f"{file}, line 1: extends: ")
    assert expected in said(file)


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "base.yaml").symlink_to(folder / "base.yaml")
    assert "outside the folder" in said(derived(inner))


def test_files_that_extend_each_other_are_refused(folder: Path) -> None:
    file = derived(folder)
    (folder / "base.yaml").write_text(
        DERIVED.replace("base.yaml", "short.yaml"), encoding="utf-8"
    )
    told = said(file)
    assert told.startswith(f"{folder / 'base.yaml'}, line 1: extends: ")
    assert "short.yaml -> base.yaml -> short.yaml" in told


def test_a_within_design_needs_every_item_to_be_asked_of_everybody(
    folder: Path,
) -> None:
    blocks = "blocks:\n  - {id: half, kind: questions, items: [GRP]}"
    text = BASE.replace("blocks:", blocks).replace(
        "items: [D1, D2]}",
        "items: [D1, D2], shown_if: {question: GRP, answers: [1]}}",
    )
    text += (
        "demographics: [{id: GRP, name: G, text: Which, options: [a, b]}]\n"
        "comparison:\n  design: between\n  group: GRP\n  referents:\n"
        "    - {id: P, name: P, introduction: Think of P}\n"
        "    - {id: S, name: S, introduction: Think of S}\n"
    )
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    assert load_instrument(derived(folder)).comparison is not None
    told = said(derived(folder, "design: within\n"))
    assert "short.yaml, line 1: what is left of base does not agree: " in told
    assert "D1 is in no block, so its place is unknown" in told


def test_a_within_design_whose_codes_collide_is_refused(folder: Path) -> None:
    text = BASE + (
        "marker: [{id: A1_P}]\ncomparison:\n  design: within\n  referents:\n"
        "    - {id: P, name: P, introduction: Think of P}\n"
        "    - {id: S, name: S, introduction: Think of S}\n"
    )
    text = text.replace("items: [A1, B1, A2]", "items: [A1, B1, A2, A1_P]")
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    told = said(folder / "base.yaml")
    assert told.startswith(f"{folder / 'base.yaml'}: written out for each creator")
    assert "the code A1_P is used before" in told


def test_problems_of_the_base_name_the_base(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE + "bloks: []\n", encoding="utf-8")
    assert said(derived(folder)).startswith(f"{folder / 'base.yaml'}, line 24: bloks")


def test_a_derived_file_may_be_extended_again(folder: Path) -> None:
    derived(folder, "leave_out: [D]\n")
    again = folder / "again.yaml"
    text = DERIVED.replace("base.yaml", "short.yaml") + "leave_out: [A1]\n"
    again.write_text(text, encoding="utf-8")
    assert load_instrument(again).likert_rows == ("B1", "A2", "A3", "B2", "C1", "C2")


def test_a_bundled_instrument_may_be_extended_from_anywhere(tmp_path: Path) -> None:
    text = DERIVED.replace("base.yaml", "koc_core") + "leave_out: [IQ5, PI4]\n"
    short = load_instrument(derived(tmp_path, text=text))
    assert len(short.items) == 19
    assert bundled("koc_core").parent != tmp_path
