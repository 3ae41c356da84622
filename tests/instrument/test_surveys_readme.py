"""The page beside the instruments counts them right and gives files that load."""

import re
from pathlib import Path

import pytest

from kocsem.instrument.bundled import surveys_folder
from kocsem.instrument.load import load_instrument

TEXT = (surveys_folder() / "README.md").read_text(encoding="utf-8")
COUNTED = re.findall(r"^\| `(\w+)\.yaml` \| .*?(\d+) constructs?", TEXT, re.MULTILINE)


def test_every_file_is_listed() -> None:
    files = {f.name for f in surveys_folder().glob("*.*") if f.name != "README.md"}
    listed = set(re.findall(r"^\| `([^`]+)`", TEXT, re.MULTILINE))
    schemas = {name for name in files if name.endswith(".schema.json")}
    assert files - schemas == listed - {"*.schema.json"}


@pytest.mark.parametrize(("name", "constructs"), COUNTED)
def test_counts(name: str, constructs: str) -> None:
    instrument = load_instrument(name)
    assert len(instrument.constructs) == int(constructs)
    row = next(line for line in TEXT.splitlines() if f"`{name}.yaml`" in line)
    assert f"{len(instrument.items)} items" in row


def test_five_instruments_are_counted() -> None:
    assert len(COUNTED) == 5


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL))
def test_the_files_it_shows_load(tmp_path: Path, text: str) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_instrument(file).id in text
