"""Loading by name and by path, and the bundled core instrument."""

from pathlib import Path

import pytest

from kocsem.errors import InstrumentError
from kocsem.instrument.bundled import bundled, surveys_folder
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument, Item

MINIMAL = """\
id: mine
version: "1"
title: Mine
scale: 7
constructs:
  - {id: TR, name: Trust, items: [TR1, TR2, TR3]}
"""


@pytest.fixture(scope="module")
def koc() -> Instrument:
    return load_instrument("koc_core")


def test_a_path_and_a_bundled_name_both_load(tmp_path: Path, koc: Instrument) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(MINIMAL, encoding="utf-8")
    assert load_instrument(file).id == "mine"
    assert load_instrument(str(bundled("koc_core.yaml"))) == koc


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("koc_cor", "no bundled file has this name; did you mean koc_core?"),
        ("missing.yaml", "there is no such file"),
        ("folder/koc_core", "there is no such file"),
    ],
)
def test_an_unknown_name_or_path_is_refused(name: str, expected: str) -> None:
    with pytest.raises(InstrumentError) as caught:
        load_instrument(name)
    assert expected in str(caught.value)


def test_an_error_names_file_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        MINIMAL + "hypotheses:\n  - {id: H1, path: TR -> XX, sign: +,"
        " statement: x}\nbloks: []\n",
        encoding="utf-8",
    )
    with pytest.raises(InstrumentError) as caught:
        load_instrument(file)
    said = f"{file}, line 9: bloks: unknown key; did you mean blocks?"
    assert str(caught.value) == said


def test_references_are_checked_once_the_keys_are_right(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(MINIMAL + "marker: [{id: TR1}]\n", encoding="utf-8")
    with pytest.raises(InstrumentError, match=r"line 7: .*TR1 is used before"):
        load_instrument(file)


def test_bundled_files_lie_in_one_folder() -> None:
    assert bundled("koc_core").parent == surveys_folder()


def test_core_constructs_and_items(koc: Instrument) -> None:
    sizes = {c.id: len(koc.items_of(c.id)) for c in koc.constructs}
    assert sizes == {"CA": 4, "IQ": 4, "AL": 4, "TR": 4, "PI": 3}
    assert [i.id for i in koc.items if i.optional] == ["IQ5", "PI4"]
    assert [i.id for i in koc.items if i.reverse] == ["IQ5"]


def test_core_hypotheses(koc: Instrument) -> None:
    paths = {h.id: (h.path, h.sign) for h in koc.hypotheses}
    assert paths == {
        "H1": ("CA -> TR", "+"),
        "H2": ("IQ -> TR", "+"),
        "H3": ("AL -> TR", "+"),
        "H4": ("TR -> PI", "+"),
        "H5a": ("CA -> TR -> PI", "+"),
        "H5b": ("IQ -> TR -> PI", "+"),
        "H5c": ("AL -> TR -> PI", "+"),
    }


def test_core_says_everything_in_both_languages(koc: Instrument) -> None:
    texts = [part.text for part in koc.asked.values()]
    texts += [c.definition for c in koc.constructs] + [
        h.statement for h in koc.hypotheses
    ]
    assert all(t is not None and t.zh != t.en for t in texts)


def test_core_items_are_short_and_share_no_wording(koc: Instrument) -> None:
    words = [
        part.text.zh
        for part in koc.asked.values()
        if isinstance(part, Item) and part.text
    ]
    assert len(set(words)) == 21
    assert max(map(len, words)) <= 30


def test_core_theory_is_traced_to_sections_and_scales(koc: Instrument) -> None:
    for construct in koc.constructs:
        assert construct.theory in {theory.id for theory in koc.theories}
        assert construct.sections
        assert construct.strand is not None
        assert construct.source_scales


def test_core_attention_and_screening(koc: Instrument) -> None:
    assert {a.id: a.accept for a in koc.attention} == {"AT1": (4,), "AT2": (1, 2)}
    assert [(s.id, s.consent, s.accept) for s in koc.screening] == [
        ("CONS", True, (1,)),
        ("SC1", False, (1,)),
    ]
