"""What the bundled instruments ask, in which words and in which order."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from kocsem.instrument import load
from kocsem.instrument.questionnaire import questionnaire
from kocsem.instrument.types import Instrument, Item

load_instrument = cache(load.load_instrument)

NAMES = ("koc_core", "koc_extended", "koc_extended_short", "koc_kol", "koc_kol_within")
#: The description of the instruments from which their wording was taken over.
ROOT = Path(__file__).parents[2]
DOMAIN = Path(os.environ.get("KOCSEM_DOMAIN", ROOT.parent / "shared" / "domain.md"))


@pytest.mark.parametrize(
    ("name", "regular", "optional", "marker", "attention"),
    [
        ("koc_core", 19, 2, 3, 2),
        ("koc_extended", 72, 0, 3, 2),
        ("koc_extended_short", 51, 0, 3, 2),
        ("koc_kol", 28, 0, 3, 2),
        ("koc_kol_within", 56, 0, 3, 2),
    ],
)
def test_numbers_of_rows(
    name: str, regular: int, optional: int, marker: int, attention: int
) -> None:
    instrument = load_instrument(name)
    spare = sum(item.optional for item in instrument.items)
    assert (len(instrument.items) - spare, spare) == (regular, optional)
    assert (len(instrument.marker), len(instrument.attention)) == (marker, attention)
    assert len(instrument.likert_rows) == regular + optional + marker + attention


@pytest.mark.parametrize("name", NAMES)
def test_every_code_is_asked_once_in_readable_pieces(name: str) -> None:
    instrument = load_instrument(name)
    entries = questionnaire(instrument).entries
    codes = [code for entry in entries for code in entry.codes]
    assert codes == list(instrument.asked)
    sizes = [len(entry.rows) for entry in entries if entry.kind == "matrix"]
    assert min(sizes) >= 6
    assert max(sizes) <= 10


@pytest.mark.parametrize("name", NAMES)
def test_causes_come_before_trust_and_trust_before_outcomes(name: str) -> None:
    instrument = load_instrument(name)
    rows = instrument.likert_rows
    trust = [rows.index(i.id) for i in instrument.items if i.construct.startswith("TR")]
    later = ("PI", "PB", "PV", "PC", "BA", "TW")
    for item in instrument.items:
        code = item.construct
        referents = ("KOC", "KOL") if code.endswith(("_KOC", "_KOL")) else ("",)
        mine = [
            place
            for place in trust
            if any(rows[place].endswith(r) and code.endswith(r) for r in referents)
        ]
        if code.startswith(later):
            assert rows.index(item.id) > max(mine)
        elif not code.startswith("TR"):
            assert rows.index(item.id) < min(mine)


@pytest.mark.parametrize("name", NAMES)
def test_markers_stand_in_the_middle_and_checks_apart(name: str) -> None:
    instrument = load_instrument(name)
    rows = instrument.likert_rows
    places = [(rows.index(row.id) + 1) / len(rows) for row in instrument.marker]
    assert all(0.2 < place < 0.8 for place in places)
    first, second = (rows.index(check.id) for check in instrument.attention)
    assert second - first >= len(rows) / 5


@pytest.mark.parametrize("name", NAMES)
def test_constructs_are_defined_and_traced(name: str) -> None:
    instrument = load_instrument(name)
    theories = {theory.id for theory in instrument.theories}
    for construct in instrument.constructs:
        assert construct.definition is not None
        assert construct.strand is not None
        assert construct.theory in theories
        assert construct.sections
        assert construct.source_scales
    used = {construct.theory for construct in instrument.constructs}
    assert used == theories


@pytest.mark.parametrize("name", NAMES)
def test_hypotheses_are_traced(name: str) -> None:
    for hypothesis in load_instrument(name).hypotheses:
        assert hypothesis.sections
        assert hypothesis.constructs
        assert hypothesis.statement.zh != hypothesis.statement.en


def test_hypotheses_of_the_extended_instrument() -> None:
    stated = {
        h.id: (h.kind, h.path, h.sign)
        for h in load_instrument("koc_extended").hypotheses
    }
    assert stated["H10"] == ("direct", "PS -> TR", "+")
    assert stated["H12"] == ("indirect", "IQ -> PS -> TR -> PI", "+")
    assert stated["H15b"] == ("indirect", "UG -> CI -> TR -> PI", "+")
    assert stated["H16"] == ("direct", "DS -> TR", "?")
    assert stated["H17"] == ("direct", "CM -> TR", "-")
    assert stated["H18"] == ("moderation", "DS x CM -> TR", "+")
    assert stated["H19"] == ("moderation", "CM x TR -> PI", "-")
    assert stated["H22"] == ("moderation", "SF x TR -> PB", "+")
    assert stated["H20e"] == stated["H21"] == stated["H23"] == ("statement", None, None)
    numbers = {int(re.findall(r"\d+", name)[0]) for name in stated}
    assert numbers == set(range(1, 24))


def test_trust_is_second_order_in_the_extended_instrument() -> None:
    extended = load_instrument("koc_extended")
    second = [c for c in extended.constructs if c.level == "second"]
    assert [(c.id, c.dimensions) for c in second] == [("TR", ("TRS", "TRC", "TRB"))]
    assert [item.id for item in extended.items if item.reverse] == ["CO4"]


def test_the_short_instrument_leaves_out_what_it_says() -> None:
    whole, short = (
        load_instrument("koc_extended"),
        load_instrument("koc_extended_short"),
    )
    gone = {c.id for c in whole.constructs} - {c.id for c in short.constructs}
    assert gone == {"SF", "TW", "PC", "BA"}
    assert not [item.id for item in short.items if item.id.endswith("4")]
    ids = {h.id for h in whole.hypotheses} - {h.id for h in short.hypotheses}
    assert ids == {"H20c", "H20d", "H21", "H22"}


def test_the_comparison_assigns_by_day_of_birth() -> None:
    kol = load_instrument("koc_kol")
    assert kol.comparison is not None
    assert (kol.comparison.design, kol.comparison.group) == ("between", "GRP")
    shown = {p.id: p.shown_if for p in questionnaire(kol).pages if p.shown_if}
    answers = {page: (c.question, c.answers) for page, c in shown.items()}
    assert answers == {"think_of_KOC": ("GRP", (1,)), "think_of_KOL": ("GRP", (2,))}
    check = kol.asked["MC1"]
    labels = [o.label.en for o in getattr(check, "options", ())]
    assert labels[1:-1] == ["2", "3", "4", "5", "6"]
    assert (labels[0], labels[-1]) == (
        "an ordinary consumer",
        "a professional top blogger",
    )


def test_the_within_instrument_asks_no_group_and_everything_else_twice() -> None:
    between, within = load_instrument("koc_kol"), load_instrument("koc_kol_within")
    assert "GRP" not in within.asked
    assert "ORD" in within.asked
    for item in between.items:
        for referent in ("KOC", "KOL"):
            copy = within.asked[f"{item.id}_{referent}"]
            assert isinstance(copy, Item)
            assert copy.construct == f"{item.construct}_{referent}"
            assert copy.text is not None
            assert item.text is not None
            assert copy.text.zh == f"{referent}：{item.text.zh}"
            assert copy.text.en == f"{referent}: {item.text.en}"
    assert not [page for page in questionnaire(within).pages if page.shown_if]


def test_the_creator_is_named_alike_in_both_conditions() -> None:
    for item in load_instrument("koc_kol").items:
        assert item.text is not None
        assert not re.search("KOC|KOL|TA的", item.text.zh)
        assert not re.search("KOC|KOL", item.text.en)


def plain(words: str) -> str:
    """Write quotation marks one way."""
    return re.sub("[“”]", '"', words)


def described(section: str) -> dict[str, tuple[str, str]]:
    """Read the items of a section: code to Chinese and English words."""
    text = DOMAIN.read_text(encoding="utf-8")
    part = text.split(f"\n### {section} ")[1].split("\n### ")[0]
    rows = re.findall(r"^\| ([A-Z]+\d)\b[^|]*\|(.+)\|$", part, re.MULTILINE)
    heading = next(line for line in part.splitlines() if "| zh |" in line)
    place = [cell.strip() for cell in heading.split("|")].index("zh") - 2
    cells = {code: [c.strip() for c in rest.split("|")] for code, rest in rows}
    words = {code: cell[place : place + 2] for code, cell in cells.items()}
    return {code: (plain(zh), plain(en)) for code, (zh, en) in words.items()}


def asked(instrument: Instrument) -> dict[str, tuple[str, str]]:
    texts = {code: part.text for code, part in instrument.asked.items()}
    return {code: (plain(t.zh), plain(t.en)) for code, t in texts.items() if t}


@pytest.mark.skipif(
    not DOMAIN.is_file(), reason=f"{DOMAIN} is not here to compare with"
)
class TestWording:
    """Word for word what the description of the instruments says."""

    @pytest.mark.parametrize(
        ("name", "sections", "count"),
        [("koc_core", ("2.1",), 21), ("koc_extended", ("2.1", "2.2"), 72)],
    )
    def test_items(self, name: str, sections: tuple[str, ...], count: int) -> None:
        instrument = load_instrument(name)
        expected = {k: v for section in sections for k, v in described(section).items()}
        texts = asked(instrument)
        found = {item.id: texts[item.id] for item in instrument.items}
        assert len(found) == count
        assert found == {code: expected[code] for code in found}

    def test_every_item_described_is_asked(self) -> None:
        assert set(described("2.1")) == {
            i.id for i in load_instrument("koc_core").items
        }
        extended = {item.id for item in load_instrument("koc_extended").items}
        assert set(described("2.2")) <= extended

    def test_items_of_the_comparison(self) -> None:
        instrument = load_instrument("koc_kol")
        expected = described("2.3") | {
            code: (
                zh.replace("TA", "该博主"),
                re.sub("([Tt])his KOC", r"\1his creator", en),
            )
            for code, (zh, en) in described("2.1").items()
            if code[:2] in ("TR", "PI") and code != "PI4"
        }
        texts = asked(instrument)
        assert {item.id: texts[item.id] for item in instrument.items} == expected

    @pytest.mark.parametrize("name", ["koc_core", "koc_extended", "koc_kol"])
    def test_rows_that_all_instruments_share(self, name: str) -> None:
        expected, found = described("2.0"), asked(load_instrument(name))
        creator = {"SC3"} if name == "koc_kol" else set()
        shared = {code for code in expected if code in found} - creator
        assert len(shared) >= 7
        assert {c: found[c] for c in shared} == {c: expected[c] for c in shared}
