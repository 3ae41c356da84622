"""What the documents promise is there: the two commands, the files, the tour."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from kocsem.data.read.matching.likeness import LEAST, MARGIN

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_readme_begins_with_the_two_commands(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m venv .*$", text, flags=re.MULTILINE)
    assert [command.split()[-1] for command in commands] == ["run", "auto"]
    assert text.index(commands[1]) < 1500


def commands_in(name):
    """Return the lines of a document's bash blocks, without comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```bash\n(.*?)```", text, flags=re.DOTALL)
    lines = [
        line.split("#")[0].strip() for block in blocks for line in block.split("\n")
    ]
    return [line for line in lines if line]


def test_both_readmes_give_the_same_commands():
    assert commands_in("README.md") == commands_in("README.zh.md")


@pytest.mark.parametrize(
    "name",
    [path.name for path in ROOT.glob("*.md")]
    + [f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")],
)
def test_links_lead_to_files(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    folder = (ROOT / name).parent
    assert [t for t in targets if not (folder / t).exists()] == []


def test_the_page_on_answers_states_the_limits_in_force():
    text = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    assert f"at least {LEAST:.0%}".replace("%", " %") in text
    assert f"within {100 * MARGIN:.0f} points" in text


def test_contents_of_methods_lead_to_its_sections():
    text = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    anchors = re.findall(r"\]\(#([^)]+)\)", text)
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    plain = [re.sub(r"[^\w -]", "", heading).lower() for heading in headings]
    assert anchors == [heading.replace(" ", "-") for heading in plain]


def python_in(name):
    """Return a document's python blocks, one after the other, without comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    return re.sub(r" *#.*", "", "\n".join(blocks))


def test_both_readmes_show_the_same_python():
    assert python_in("README.md") == python_in("README.zh.md")


def test_the_examples_of_the_readme_run():
    code = python_in("README.md")
    demo = ROOT / "surveys" / "koc_core_demo.csv"
    for old, new in (('"export.xlsx"', repr(str(demo))), ("5000", "60")):
        assert old in code
        code = code.replace(old, new)
    names = {}
    exec(code, names)
    assert names["fit"].converged
    assert names["boot"].counts["used"] == 60


def test_every_script_of_reference_numbers_is_described():
    folder = ROOT / "tests" / "reference"
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("*.R") if path.name not in text] == []


def test_citation_file_names_software_and_paper():
    content = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert content["cff-version"] == "1.2.0"
    assert content["references"][0]["doi"] == "10.12677/ecl.2025.14124072"


def test_tour_of_the_internals_runs():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tour = text.split("```python\n")[1].split("```")[0]
    rng = np.random.default_rng(3)
    items = 0.8 * rng.normal(size=(200, 1)) + 0.6 * rng.normal(size=(200, 4))
    names = {"data": pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])}
    exec(tour, names)
    assert names["optimum"].converged
