"""The page on the instruments says of every mechanism what the instruments hold."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from kocsem.instrument import load
from kocsem.instrument.derive import Derived
from kocsem.instrument.types import Construct, Hypothesis, Instrument
from kocsem.model.build import TableOptions, build_table
from kocsem.model.syntax import parse_model

load_instrument = cache(load.load_instrument)

PAGE = Path(__file__).parents[2] / "docs" / "instruments.md"
SHORT = {"core": "koc_core", "extended": "koc_extended", "kol": "koc_kol"}
ALL: dict[str, Instrument] = {short: load_instrument(SHORT[short]) for short in SHORT}


def table(first_column: str) -> list[list[str]]:
    """Read the table of the page that begins with a column."""
    text = PAGE.read_text(encoding="utf-8")
    part = text.split(f"\n| {first_column} |")[1].split("\n\n")[0]
    lines = part.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def listed(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(",") if code.strip()]


def parts() -> list[Construct | Hypothesis]:
    return [p for i in ALL.values() for p in (*i.constructs, *i.hypotheses)]


def of_section(section: str, kind: type) -> set[str]:
    """List what the instruments trace back to a section."""
    return {p.id for p in parts() if isinstance(p, kind) and section in p.sections}


MECHANISMS = table("section | mechanism | constructs | hypotheses")
CONSTRUCTS = table("code | construct | items | instruments")


def test_every_section_of_the_instruments_has_its_row() -> None:
    sections = [row[0] for row in MECHANISMS]
    assert sections == sorted({s for part in parts() for s in part.sections})


@pytest.mark.parametrize("row", MECHANISMS, ids=lambda row: row[0])
def test_a_section_names_its_constructs_and_hypotheses(row: list[str]) -> None:
    section, mechanism, constructs, hypotheses = row
    assert mechanism
    assert len(set(listed(constructs))) == len(listed(constructs))
    assert set(listed(constructs)) == of_section(section, Construct)
    assert set(listed(hypotheses)) == of_section(section, Hypothesis)


def test_every_construct_and_every_number_of_a_hypothesis_is_there() -> None:
    constructs = {code for row in MECHANISMS for code in listed(row[2])}
    assert constructs == {row[0] for row in CONSTRUCTS}
    assert constructs == {c.id for i in ALL.values() for c in i.constructs}
    names = {name for row in MECHANISMS for name in listed(row[3])}
    assert names == {h.id for i in ALL.values() for h in i.hypotheses}
    numbers = {int(re.findall(r"\d+", name)[0]) for name in names}
    assert numbers == set(range(1, 28))


@pytest.mark.parametrize("row", CONSTRUCTS, ids=lambda row: row[0])
def test_a_construct_names_its_items_and_instruments(row: list[str]) -> None:
    code, _, items, instruments = row
    first, last = re.fullmatch(rf"{code}(\d)-{code}(\d)", items).groups()  # type: ignore[union-attr]
    named = {f"{code}{i}" for i in range(int(first), int(last) + 1)}
    assert named == {
        item.id for i in ALL.values() for item in i.items if item.construct == code
    }
    assert listed(instruments) == [
        short for short, i in ALL.items() if code in {c.id for c in i.constructs}
    ]


def test_no_code_on_the_page_is_unknown() -> None:
    text = PAGE.read_text(encoding="utf-8")
    known = {c.id for i in ALL.values() for c in i.constructs} | {"CAS"}
    known |= {code for i in ALL.values() for code in i.asked}
    within = load_instrument("koc_kol_within")
    known |= set(within.asked) | {c.id for c in within.constructs}
    used = set(re.findall(r"\b[A-Z]{2,3}\d(?:_KO[CL])?\b|\b[A-Z]{2}_KO[CL]\b", text))
    assert len(used) > 60
    assert used - known == set()
    hypotheses = {h.id for i in (*ALL.values(), within) for h in i.hypotheses}
    named = set(re.findall(r"\bH\d+[a-e]?(?:_KO[CL])?\b", text))
    loose = {name for name in named if name not in hypotheses}
    assert loose == {"H24", "H25"}


def test_counts_of_items_are_right() -> None:
    for name, _, items in table("instrument | for | items in the model"):
        instrument = load_instrument(name.strip("`"))
        regular = sum(not item.optional for item in instrument.items)
        assert int(re.findall(r"\d+", items)[0]) == regular


def rivals() -> list[tuple[int, str]]:
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(
        r"^\(\w+\) [^\n]*df = (\d+):\n\n```text\n(.*?)```", text, re.M | re.S
    )
    return [(int(df), model) for df, model in found]


@pytest.mark.parametrize(("df", "model"), rivals())
def test_rival_models_have_the_degrees_of_freedom_stated(df: int, model: str) -> None:
    built = build_table(parse_model(model), TableOptions())
    assert len(built.variables.observed) == 13
    assert 13 * 14 // 2 - len(built.free_rows) == df


def test_four_rival_models_are_given() -> None:
    assert len(rivals()) == 4


def test_the_derived_file_of_the_page_loads(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert set(yaml.safe_load(block)) == set(Derived.__dataclass_fields__)
    file = tmp_path / "my_survey.yaml"
    file.write_text(block, encoding="utf-8")
    made = load_instrument(file)
    assert (made.id, len(made.constructs), len(made.items)) == ("my_survey", 14, 42)


def test_the_python_of_the_page_runs() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, str] = {}
    exec(code, names)
    lines = names["residuals"].splitlines()
    assert len(lines) == 28
    assert lines[0] == "IE1_KOC ~~ IE1_KOL"
