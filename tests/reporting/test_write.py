from dataclasses import fields

import pytest

from kocsem.errors import OutputError
from kocsem.reporting import write
from kocsem.reporting.result import AnalysisResult
from kocsem.reporting.write import write_report


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_two_languages(analysis, tmp_path):
    folder = tmp_path / "out"
    written = write_report(analysis, folder, formats=["html", "docx", "xlsx"])
    assert names(folder) == [
        "SYNTHETIC.txt",
        "diagram.en.png",
        "diagram.en.svg",
        "diagram.png",
        "diagram.svg",
        "report.docx",
        "report.en.docx",
        "report.html",
        "results.json",
        "tables.en.xlsx",
        "tables.xlsx",
    ]
    assert list(written) == sorted(p for p in folder.rglob("*") if p.is_file())


def test_one_language_and_table_files(analysis, tmp_path):
    write_report(analysis, tmp_path / "out", ["en"], ["csv", "latex"])
    made = names(tmp_path / "out")
    assert [name for name in made if "/" not in name] == [
        "SYNTHETIC.txt",
        "diagram.png",
        "diagram.svg",
        "results.json",
    ]
    assert "tables/fit_indices.csv" in made
    assert "tables/fit_indices.tex" in made
    assert "tables/all.tex" in made
    assert not [name for name in made if ".en." in name or ".zh." in name]


def test_other_language_is_named(analysis, tmp_path):
    write_report(analysis, tmp_path / "out", ["en", "zh"], ["latex"])
    text = (tmp_path / "out/tables/effects.zh.tex").read_text(encoding="utf-8")
    assert "间接效应" in text
    whole = (tmp_path / "out/tables/all.zh.tex").read_text(encoding="utf-8")
    assert r"\input{effects.zh.tex}" in whole


def test_same_bytes_twice(analysis, tmp_path):
    for name in ("a", "b"):
        write_report(analysis, tmp_path / name)
    first, second = (
        {name: (tmp_path / run / name).read_bytes() for name in names(tmp_path / run)}
        for run in ("a", "b")
    )
    assert len(first) > 50
    assert [name for name in first if first[name] != second[name]] == []
    assert list(first) == list(second)


def test_an_empty_folder_is_used(analysis, tmp_path):
    folder = tmp_path / "deep" / "out"
    folder.mkdir(parents=True)
    write_report(analysis, folder, ["en"], ["csv"])
    assert (folder / "results.json").exists()


def test_a_folder_that_holds_something_is_refused(analysis, tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(OutputError, match="is not empty"):
        write_report(analysis, tmp_path)
    assert names(tmp_path) == ["mine.txt"]


def test_a_file_is_refused(analysis, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="is a file"):
        write_report(analysis, tmp_path / "out")


def test_a_place_that_cannot_be_written_is_named(analysis, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(analysis, tmp_path / "file" / "out")


@pytest.mark.parametrize("error", [RuntimeError("late"), KeyboardInterrupt()])
def test_nothing_is_left_behind_on_failure(analysis, tmp_path, monkeypatch, error):
    def fail(_):
        raise error

    monkeypatch.setattr(write, "to_json", fail)
    with pytest.raises(type(error)):
        write_report(analysis, tmp_path / "out", ["en"], ["csv"])
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_up(analysis, tmp_path):
    told = []
    write_report(
        analysis, tmp_path / "out", ["en"], ["csv"], lambda *step: told.append(step)
    )
    assert told == [
        ("diagram", 0, 4),
        ("tables", 1, 4),
        ("csv", 2, 4),
        ("json", 3, 4),
        ("done", 4, 4),
    ]


def test_folder_has_the_usual_rights(analysis, tmp_path):
    (tmp_path / "plain").mkdir()
    write_report(analysis, tmp_path / "out", ["en"], ["csv"])
    usual = (tmp_path / "plain").stat().st_mode
    assert (tmp_path / "out").stat().st_mode == usual


def test_result_shows_and_writes_itself(analysis, tmp_path):
    result = AnalysisResult.of(analysis)
    assert all(
        getattr(result, field.name) is getattr(analysis, field.name)
        for field in fields(analysis)
    )
    assert result.tables("zh")[0].number == "表1"
    assert result.tables()[0].caption == (
        "Table 1\N{EN SPACE}Sample flow: received, excluded and analysed"
    )
    result.write(tmp_path / "out", ["en"], ["csv"])
    assert (tmp_path / "out" / "tables" / "effects.csv").exists()
