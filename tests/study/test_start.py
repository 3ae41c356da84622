"""A new study runs as it stands, says that its answers are made up, and is private."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from jsonschema import Draft202012Validator
from nbclient import NotebookClient

from kocsem.errors import InstrumentError, OutputError, StudyError
from kocsem.instrument.bundled import bundled
from kocsem.instrument.load import load_instrument
from kocsem.reporting.result import run_study
from kocsem.study.start import start_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("new") / "信任研究-1"
    start_study(target)
    return target


def test_the_files(folder: Path) -> None:
    written = {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    }
    assert written == {
        ".gitignore",
        ".schema/derived.schema.json",
        ".schema/instrument.schema.json",
        ".schema/study.schema.json",
        "README.md",
        "analysis.ipynb",
        "answers/koc_core_demo.csv",
        "koc_core.yaml",
        "study.yaml",
    }


def test_the_study_is_the_bundled_one(folder: Path) -> None:
    own, ours = run_study(folder / "study.yaml"), run_study("koc_core_study")
    assert own.study.study == "信任研究-1"
    assert own.structural.fit_measures["chisq"] == ours.structural.fit_measures["chisq"]
    assert [h.verdict for h in own.hypotheses] == [h.verdict for h in ours.hypotheses]
    assert "synthetic-data" in {finding.code for finding in own.findings}


def test_the_instrument_is_the_bundled_one(folder: Path) -> None:
    assert load_instrument(folder / "koc_core.yaml") == load_instrument("koc_core")


INSTRUMENTS = (
    *("koc_core", "koc_extended", "koc_extended_short", "koc_kol", "koc_kol_within"),
)


def schema_named_in(file: Path) -> Path:
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    return file.parent / first.partition("=")[2]


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_is_whole_in_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "new"
    start_study(folder, name)
    assert load_instrument(folder / f"{name}.yaml") == load_instrument(name)
    files = sorted(folder.glob("*.yaml"))
    extended = {"koc_extended_short": 1, "koc_kol_within": 1}.get(name, 0)
    assert len(files) == 2 + extended
    for file in files:
        schema = json.loads(schema_named_in(file).read_text(encoding="utf-8"))
        asked = yaml.safe_load(file.read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(asked)


def test_a_copy_of_a_copy_names_the_schemas_of_its_own_folder(tmp_path: Path) -> None:
    start_study(tmp_path / "a", "koc_kol_within")
    start_study(tmp_path / "b", str(tmp_path / "a" / "koc_kol_within.yaml"))
    for file in ("koc_kol_within.yaml", "koc_kol.yaml"):
        assert schema_named_in(tmp_path / "b" / file).is_file()
        copies = [(tmp_path / place / file).read_bytes() for place in "ab"]
        assert copies[0] == copies[1]


def own_instrument(file: Path, head: str, encoding: str) -> Path:
    text = f"{head}extends: koc_core\nid: mine\nversion: '1'\ntitle: Mine\n"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding=encoding)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_extends_a_bundled_instrument(tmp_path: Path, encoding: str) -> None:
    head = "# yaml-language-server: $schema=https://example.org/mine.json\n"
    own = own_instrument(tmp_path / "mine.yaml", head, encoding)
    start_study(tmp_path / "new", str(own))
    copy = tmp_path / "new" / "mine.yaml"
    assert copy.read_text(encoding="utf-8") == own.read_text(encoding=encoding)
    assert load_instrument(copy) == load_instrument(own)
    assert not (tmp_path / "new" / "koc_core.yaml").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_lies_in_a_folder_below_goes_along(tmp_path: Path, encoding: str) -> None:
    own_instrument(tmp_path / "parts" / "mine.yaml", "", encoding)
    last = tmp_path / "last.yaml"
    last.write_text(
        "extends: parts/mine.yaml\nid: last\nversion: '1'\ntitle: Last\n",
        encoding=encoding,
    )
    start_study(tmp_path / "new", str(last))
    assert (tmp_path / "new" / "parts" / "mine.yaml").is_file()
    assert load_instrument(tmp_path / "new" / "last.yaml") == load_instrument(last)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inside jupyter's packages
def test_the_notebook_runs(folder: Path) -> None:
    notebook = nbformat.read(folder / "analysis.ipynb", as_version=4)
    nbformat.validate(notebook)
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, resources=where).execute()


def test_raw_answers_stay_out_of_version_control(folder: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    lines = (folder / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "answers/*" in lines
    assert "!answers/koc_core_demo.csv" in lines


def test_an_instrument_of_ones_own_has_no_demo(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(
        "id: mine\nversion: '1'\ntitle: Mine\nscale: 5\n"
        "constructs: [{id: A, name: A, items: [a1, a2, a3]}]\n",
        encoding="utf-8",
    )
    files = start_study(tmp_path / "new", str(own))
    names = {file.name for file in files}
    assert "mine.yaml" in names
    study = (tmp_path / "new" / "study.yaml").read_text(encoding="utf-8")
    assert "file: answers/export.xlsx" in study
    assert "SYNTHETIC" not in study


def test_what_exists_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="is not empty"):
        start_study(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["my study", "a:b", "x|y"])
def test_a_folder_that_cannot_name_a_study(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudyError, match="becomes the name of the study"):
        start_study(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_an_unknown_instrument_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="koc_cor"):
        start_study(tmp_path / "new", "koc_cor")
    assert not (tmp_path / "new").exists()


def test_the_demo_is_the_bundled_file(folder: Path) -> None:
    copy = folder / "answers" / "koc_core_demo.csv"
    assert copy.read_bytes() == bundled("koc_core_demo.csv").read_bytes()
