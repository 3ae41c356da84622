"""``kocsem run`` and ``kocsem check`` when all is well, or nearly."""

import json
import re

import pytest

import kocsem as package
from small_study import STUDY, draw

RUN = ("run", "study.yaml", "--out", "out")


def files(folder, name="out"):
    root = folder.path / name
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*"))


def test_the_bundled_study(folder, kocsem):
    outcome = kocsem("run", "--out", "out")
    assert (outcome.status, outcome.err) == (0, "")
    made = files(folder)
    for name in (
        "SYNTHETIC.txt",
        "report.html",
        "report.docx",
        "report.en.docx",
        "tables.xlsx",
        "tables.en.xlsx",
        "diagram.svg",
        "diagram.png",
        "results.json",
        "tables/all.tex",
        "tables/hypotheses.csv",
        "tables/hypotheses.en.tex",
    ):
        assert name in made
    count = sum(path.is_file() for path in (folder.path / "out").rglob("*"))
    assert f"Report: out ({count} files)" in outcome.out
    results = json.loads((folder.path / "out/results.json").read_text("utf-8"))
    assert results["synthetic"] is True
    kept = results["flow"][-1]["n"]
    told = re.sub(r"\s+", " ", outcome.out)
    assert f"kept {kept}." in told
    assert f"n = {kept}, chi2(143) = " in told
    assert "Caution: these data are synthetic." in told
    assert "[synthetic-data]" in told
    verdicts = re.findall(r"^H\d[a-c]? .*(supported)$", outcome.out, re.MULTILINE)
    assert len(verdicts) == len(results["hypotheses"]) == 7


def test_synthetic_answers_are_marked_everywhere(folder, kocsem):
    kocsem("run", "--out", "out", "--format", "latex", "--format", "csv")
    tables = folder.path / "out" / "tables"
    fragments = [p for p in tables.glob("*.en.tex") if p.name != "all.en.tex"]
    assert len(fragments) > 9
    for fragment in fragments:
        text = fragment.read_text(encoding="utf-8")
        assert "Computed from synthetic data, for demonstration only" in text
    assert "合成" in (tables / "sample_flow.tex").read_text(encoding="utf-8")
    assert "synthetic-data" in (tables / "findings.csv").read_text(encoding="utf-8")
    warning = (folder.path / "out" / "SYNTHETIC.txt").read_text(encoding="utf-8")
    assert warning.splitlines()[1].startswith("Caution: these data are synthetic.")


@pytest.mark.parametrize(
    ("options", "made"),
    [
        (["--format", "csv"], ["tables/fit_indices.csv"]),
        (["--format", "html", "--language", "en"], ["report.html"]),
        (["--format", "docx", "--format", "docx"], ["report.docx", "report.en.docx"]),
        (["--format", "docx", "--language", "en"], ["report.docx"]),
        (
            ["--format", "xlsx", "--language", "en", "--language", "zh"],
            ["tables.xlsx", "tables.zh.xlsx"],
        ),
    ],
)
def test_only_what_is_wanted(folder, kocsem, options, made):
    assert kocsem(*RUN, *options).status == 0
    endings = (".html", ".docx", ".xlsx", ".csv", ".tex")
    written = [name for name in files(folder) if name.endswith(endings)]
    assert set(made) <= set(written)
    assert made == written or options[1] == "csv"
    assert "SYNTHETIC.txt" not in files(folder)


def test_thresholds_are_in_the_files_of_numbers_only(folder, kocsem):
    folder.study("estimation: {ordered: true}\n")
    outcome = kocsem(*RUN, "--language", "en")
    assert (outcome.status, outcome.err) == (0, "")
    made = files(folder)
    assert "tables/thresholds.csv" in made
    assert "tables/thresholds.tex" not in made
    assert "tables/findings.tex" in made
    results = json.loads((folder.path / "out/results.json").read_text("utf-8"))
    assert results["options"]["estimator"] == "WLSMV"
    assert results["constructs"][0]["ordinal_alpha"] > results["constructs"][0]["alpha"]
    page = (folder.path / "out/report.html").read_text("utf-8")
    assert "treated as ordered categories" in page
    assert "Thresholds of the ordered items" not in page


def test_sheets_with_missing_answers_are_kept(folder, kocsem):
    answers = draw()
    answers.loc[:39, "x1"] = None
    folder.answers(answers).study("estimation: {estimator: MLR, missing: fiml}\n")
    outcome = kocsem(*RUN, "--format", "csv")
    assert "n = 400," in outcome.out
    results = json.loads((folder.path / "out/results.json").read_text("utf-8"))
    assert results["nobs"] == results["flow"][-1]["n"] == 400
    assert results["missing"]["items"][0] == {
        "item": "x1", "n": 360, "missing": 40, "percent": 10.0,
    }  # fmt: skip
    assert results["missing"]["coverage"]["x2"]["x1"] == 0.9
    assert "tables/missing.csv" in files(folder)


def test_quiet(folder, kocsem):
    outcome = kocsem(*RUN, "--quiet", "--format", "csv")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert "results.json" in files(folder)


def test_other_answers(folder, kocsem):
    folder.answers(draw(n=200, seed=3), name="more.csv")
    assert "n = 200," in kocsem(*RUN, "--data", "more.csv", "--format", "csv").out
    assert '"file": "more.csv"' in (folder.path / "out/results.json").read_text("utf-8")


def test_the_folder_is_named_after_the_study(folder, kocsem):
    assert kocsem("run", "study.yaml", "--format", "csv").status == 0
    assert "results.json" in files(folder, "small-report")


def test_an_error_among_the_findings_gives_status_1(folder, kocsem):
    frame = draw()
    frame["m1"] = frame["x1"].where(frame.index % 12 > 0, frame["m1"])
    frame["m2"] = frame["x2"].where(frame.index % 12 > 0, frame["m2"])
    frame["m3"] = frame["x3"].where(frame.index % 12 > 0, frame["m3"])
    outcome = kocsem(
        "run", folder.answers(frame).file, "--out", "out", "--format", "csv"
    )
    assert outcome.status == 1
    assert outcome.err == ""
    first = next(line for line in outcome.out.splitlines() if ": " in line[:10])
    assert "error: " in outcome.out
    assert first
    assert "results.json" in files(folder)


@pytest.mark.parametrize(
    ("study", "data", "out"),
    [
        ("我的 研究.yaml", "问卷 数据（第1次）.csv", "报告 一"),
        ("étude.yaml", "it's.csv", "a&b"),
    ],
)
def test_names_with_chinese_characters_and_blanks(folder, kocsem, study, data, out):
    folder.answers(draw(), name=data)
    text = STUDY.replace("{file: answers.csv}", f'{{file: "{data}"}}')
    (folder.path / study).write_text(text, encoding="utf-8")
    outcome = kocsem("run", study, "--out", out)
    assert (outcome.status, outcome.err) == (0, "")
    assert f"Report: {out} (" in outcome.out
    html = (folder.path / out / "report.html").read_text(encoding="utf-8")
    assert data.replace("'", "&#39;") in html


def test_a_study_with_a_chinese_name(folder, kocsem):
    folder.study(text=STUDY.replace("study: small", "study: 信任-一"))
    assert kocsem("run", "study.yaml", "--format", "csv").status == 0
    assert "results.json" in files(folder, "信任-一-report")


def test_a_path_written_on_windows(folder, kocsem):
    (folder.path / "data").mkdir()
    folder.answers(draw(), name="data/a.csv")
    text = STUDY.replace("{file: answers.csv}", r"{file: data\a.csv}")
    outcome = kocsem("run", folder.study(text=text).file, "--out", "o", "--format=csv")
    assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_study_file_with_a_byte_order_mark(folder, kocsem, encoding):
    folder.file.write_bytes(STUDY.encode(encoding))
    assert kocsem(*RUN, "--format", "csv").status == 0


def test_unknown_columns_are_told(folder, kocsem):
    folder.answers(draw().assign(comment="x", x33=1))
    outcome = kocsem(*RUN, "--format", "csv")
    assert outcome.status == 0
    assert "did not" not in outcome.out
    told = re.sub(r"\s+", " ", outcome.out)
    assert "not read: 'comment', 'x33'. [unknown-columns]" in told


def test_an_empty_folder_may_be_named(folder, kocsem):
    (folder.path / "out").mkdir()
    assert kocsem(*RUN, "--format", "csv").status == 0
    assert [n for n in files(folder) if n.startswith(".")] == []


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (("study.yaml",), 0, "Study small: 400 answer sheets analysed."),
        (("small.yaml",), 0, "Instrument small, version 1: 3 constructs, 10 items."),
        (("koc_core",), 0, "Instrument koc_core, "),
        (("koc_core",), 0, "The structural model has df = 145 ("),
        (("koc_extended_short",), 0, "18 constructs, 51 items."),
        (("koc_kol_within",), 0, "[implied-df]"),
        (("koc_core_study",), 1, "[synthetic-data]"),
        (("answers.csv", "--instrument", "small.yaml"), 0, "received 400, "),
    ],
)
def test_check(folder, kocsem, args, status, words):
    outcome = kocsem("check", *args)
    assert (outcome.status, outcome.err) == (status, "")
    assert words in outcome.out
    assert files(folder, ".") == ["answers.csv", "small.yaml", "study.yaml"]


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ("  - {id: N, name: Narrow, items: [n1, n2]}\n", 1, "[few-items]"),
        ("  - {id: N, name: Narrow, items: [n1]}\n", 1, "N has one item in the model"),
        (
            "  - {id: W, name: W, level: second, dimensions: [A, B]}\n",
            2,
            "error: The measurement model is not identified (df = 7; ",
        ),
    ],
)
def test_check_tells_what_cannot_be_estimated(folder, kocsem, more, status, words):
    text = (
        'id: s\nversion: "1"\ntitle: S\nscale: 5\nconstructs:\n'
        "  - {id: A, name: A, items: [a1, a2, a3]}\n"
        "  - {id: B, name: B, items: [b1, b2, b3]}\n"
    )
    (folder.path / "mine.yaml").write_text(text + more, encoding="utf-8")
    outcome = kocsem("check", "mine.yaml")
    assert (outcome.status, outcome.err) == (status, "")
    assert words in outcome.out


def test_check_reads_an_instrument_that_extends_another(folder, kocsem):
    text = 'extends: koc_core\nid: s\nversion: "1"\ntitle: Mine\nleave_out: [PI]\n'
    (folder.path / "mine.yaml").write_text(text, encoding="utf-8")
    outcome = kocsem("check", "mine.yaml")
    assert outcome.status == 1  # the title is in one language
    assert "Instrument s, version 1: 4 constructs, 17 items." in outcome.out
    assert "The structural model has df = 98 (" in outcome.out


def test_version(kocsem):
    outcome = kocsem("--version")
    assert (outcome.status, outcome.out) == (0, f"kocsem {package.__version__}\n")
