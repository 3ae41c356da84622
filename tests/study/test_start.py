"""A new study runs as it stands, says that its answers are made up, and is private."""

import shutil
from pathlib import Path

import nbformat
import pytest
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


def test_editors_find_the_schemas(folder: Path) -> None:
    for file in ("koc_core.yaml", "study.yaml"):
        first = (folder / file).read_text(encoding="utf-8").partition("\n")[0]
        assert (folder / first.partition("=")[2]).is_file()


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
