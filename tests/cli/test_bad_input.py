"""Whatever a user gets wrong ends in one message, exit status 2 and no file."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kocsem.instrument import outputs
from small_study import INSTRUMENT, STUDY, draw

RUN = ("run", "study.yaml", "--out", "out")
ROWS = [f"{letter}{i}" for letter in "xmy" for i in (1, 2, 3)]


def refused(outcome, folder, *words):
    """Check that nothing happened but a message."""
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("kocsem: ")
    assert outcome.err.count("kocsem: ") == 1
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err
    assert leftovers(folder) == []


def leftovers(folder):
    """List what a run may have left: reports and temporary folders."""
    names = (entry.name for entry in folder.path.iterdir())
    return sorted(name for name in names if name == "out" or name.startswith("."))


STUDY_FILES = {
    "empty": (b"", ["study.yaml: the file is empty."]),
    "comment": (b"# soon\n", ["study.yaml: the file is empty."]),
    "list": (b"- a\n", ["study.yaml: expected keys with values"]),
    "gb18030": (
        f"{STUDY}title: {{zh: 研究, en: s}}\n".encode("gb18030"),
        ["study.yaml, line 6: the text is not UTF-8 but seems to be GB 18030"],
    ),
    "latin": (STUDY.encode() + b"# \xe9\n", ["study.yaml, line 6: the text is not"]),
    "bytes": (bytes(range(256)), ["study.yaml: this is no text"]),
    "syntax": (
        f"{STUDY}model: [\n".encode(),
        ["study.yaml, line 7, column 1: this is no YAML"],
    ),
    "tab": (
        f"{STUDY}report:\n\tlanguages: [zh]\n".encode(),
        ["study.yaml, line 7, column 1", "Indent with blanks, not with tabs."],
    ),
    "full-width colon": (
        STUDY.replace("study: small", "study：small").encode(),
        ["study.yaml, line 3", "full-width '：'", "instrument: small.yaml"],
    ),
    "no blank": (b"study:small\n", ["Put a blank behind ':'."]),
    "windows path": (
        b'study: s\ndata: {file: "C:\\Users\\a.csv"}\n',
        ["line 2", "Put a Windows path in single quotes"],
    ),
    "unknown key": (
        f"{STUDY}modell: Y ~ X\n".encode(),
        ["study.yaml, line 6: modell: unknown key; did you mean model?"],
    ),
    "key of a later version": (
        f"{STUDY}groups: {{by: SEX}}\n".encode(),
        ["study.yaml, line 6: groups: comparing groups is not offered yet"],
    ),
    "an instrument": (
        INSTRUMENT.encode(),
        ["study.yaml, line 2: this is a survey definition, not a study file"],
    ),
}


@pytest.mark.parametrize("name", STUDY_FILES)
def test_study_file(folder, kocsem, name):
    content, words = STUDY_FILES[name]
    folder.file.write_bytes(content)
    refused(kocsem(*RUN), folder, *words)


CHOICES = {
    "items: {include: [x9]}": "study.yaml, key items: The instrument small has no item",
    "items: {exclude: [x1, x2, x3]}": "the model uses X, but no item of this study",
    "measurement: X =~ x1 + x2": "the model uses M, Y, but no item of this study",
    "hypotheses: [{id: H, path: X > M, sign: '+', statement: s}]": "is no chain of",
    "report: {languages: [fr]}": "report.languages[1]: must be 'zh' or 'en', not 'fr'",
    "report: {formats: pdf}": "report.formats: must be a list, not 'pdf'.",
    "estimation: {estimator: MLX}": "line 6: estimation.estimator: must be 'ML'",
    "estimation: {missing: pairwise}": (
        "line 6: estimation.missing: estimator='ML', se='standard', test='standard' "
        "do not go with missing='pairwise', which is for ordered items."
    ),
    "estimation:\n  ordered: true\n  estimator: MLR": (
        "line 8: estimation.estimator: estimator='MLR'"
    ),
    "estimation: {ordered: [x1, q7]}": (
        "line 6: estimation.ordered[2]: there is no q7 in the model; "
    ),
    "model: Y ~ SEX\nestimation: {ordered: [y1, SEX]}": (
        "line 7: estimation.ordered[2]: SEX only predicts in this model"
    ),
    "estimation: {cluster: SEX}": "line 6: estimation.cluster: a study file does not",
    "model: ''": "line 6: model: must not be empty.",
    "model: [a]": "line 6: model: must be text, not a list.",
    "model: '# x'": "study.yaml, key model: The model text holds no statement",
    "model: |\n  M ~ a*X\n  Y ~ b*M\n  ab := a*c": (
        "study.yaml, line 9, column 3, key model: 'c' is neither a label"
    ),
}


@pytest.mark.parametrize("text", CHOICES)
def test_choices_of_a_study(folder, kocsem, text):
    folder.study(f"{text}\n")
    refused(kocsem(*RUN), folder, "study.yaml", CHOICES[text])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("study: small", "study: a/b", "line 2: study: must be a short name without"),
        ("answers.csv", "answers.csv, platform: wjx", "there is no platform wjx;"),
        ("answers.csv", "answers.csv, first_code: {q: 0}", "there is no question q;"),
        ("straightlining: keep", "consent: CONS", "no such question CONS"),
        ("missing_share: 1", "missing_share: 3", "must be less than or equal to 1"),
    ],
)
def test_values_of_a_study(folder, kocsem, old, new, words):
    folder.study(text=STUDY.replace(old, new))
    refused(kocsem(*RUN), folder, "kocsem: study.yaml", words)


@pytest.mark.parametrize(
    ("study", "words"),
    [
        ("studdy.yaml", "studdy.yaml: there is no such file; did you mean study.yaml?"),
        ("no/study.yaml", "there is no such file, nor is there a folder no."),
        ("koc_core_stud", "no bundled file has this name; did you mean koc_core_study"),
        (".", ".: this is a folder, which cannot be read; name a file."),
        ("answers.csv", "a study file ends in .yaml."),
    ],
)
def test_study_that_is_none(folder, kocsem, study, words):
    outcome = kocsem("run", study, "--out", "out")
    refused(outcome, folder, words.replace("/", os.sep))


MODELS = {
    "model: |\n  M ~ X\n  Y ~ M +* X": "line 8, column 10, key model: A variable",
    "model: |\n\n  # why\n  Y ~ M + )": "line 9, column 11, key model: ",
    "model: Y = X": "line 6, column 10, key model: A single '='",
    "model: 'Y ~ ~ X'": "line 6, column 13, key model: ",
    "model: >\n  M ~ X\n  Y ~ M": "line 6, key model: '+' or the end of the statement",
    "model: |\n  Y ～ X": "line 7, column 5, key model: '～' is a full-width character",
    "model: |\n  Y ~ X\n  x1 | t1": "line 8, column 8, key model: x1 is not ordered",
    "estimation: {ordered: [y1]}\nmodel: |\n  Y ~ X\n  x1 ~*~ x1": (
        "line 9, column 10, key model: x1 is not ordered and has"
    ),
    "model: |\n  Y ~ X + Z": "line 7, column 11, key model: There is no variable Z;",
    "model: |\n  Y ~ x11": "There is no variable x11; did you mean x1?",
    "measurement: |\n  X =~ x1 + x2 + z3": "line 7, column 18, key measurement: There",
    "hypotheses: [{id: H, path: X -> Q, sign: '+', statement: s}]": "variable Q",
}


@pytest.mark.parametrize("text", MODELS)
def test_model_points_at_the_line_of_the_study_file(folder, kocsem, text):
    folder.study(f"{text}\n")
    refused(kocsem(*RUN), folder, "kocsem: study.yaml, ", MODELS[text])


def test_the_caret_stands_under_the_character(folder, kocsem):
    folder.study("model: |\n  Y ~ X + Z\n")
    *_, line, caret = kocsem(*RUN).err.splitlines()
    assert (line.strip(), line[caret.index("^")]) == ("Y ~ X + Z", "Z")


UNIDENTIFIED = {
    "measurement: F =~ x1 + x2\nmodel: F ~~ F": "4 free parameters, but only 3 sample",
    "measurement: |\n  F =~ x1\n  M =~ m1 + m2 + m3\nmodel: |\n  x1 ~~ x1\n  M ~ F": (
        "cannot tell these parameters apart"
    ),
    "model: |\n  M ~ X\n  X ~ M\n  X ~~ M\n  Y ~ M": "cannot tell these parameters",
}


@pytest.mark.parametrize("text", UNIDENTIFIED)
def test_model_that_is_not_identified(folder, kocsem, text):
    folder.study(f"{text}\nhypotheses: []\n")
    refused(kocsem(*RUN), folder, "is not identified: ", UNIDENTIFIED[text])


INSTRUMENTS = {
    "titel: x\n": "small.yaml, line 23: titel: unknown key; did you mean title?",
    "attention: 3\n": "attention: must be a list, not 3",
    "hypotheses: [{id: H, path: X -> Q, sign: '+', statement: s}]\n": "Q",
}


@pytest.mark.parametrize("more", INSTRUMENTS)
def test_instrument(folder, kocsem, more):
    folder.instrument(more)
    refused(kocsem(*RUN), folder, "small.yaml, line 23", INSTRUMENTS[more])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("smal.yaml", "smal.yaml: there is no such file; did you mean small.yaml?"),
        ("koc_cor", "did you mean koc_core?"),
        ("study.yaml", "line 2: this is a study file, not a survey definition"),
    ],
)
def test_instrument_that_is_none(folder, kocsem, name, words):
    folder.study(text=STUDY.replace("small.yaml", name))
    refused(kocsem(*RUN), folder, words)


DATA_FILES = {
    "empty": (b"", "answers.csv: the file is empty."),
    "header": (b"x1,x2\n", "answers.csv: there is a header but no answer below it."),
    "rubbish": (b"\x00\x01\x02\xff" * 99, "neither a workbook nor a text"),
    "pdf": (b"%PDF-1.4\n", "this is a PDF file; export the answers as .xlsx"),
    "sav": (
        b"$FL2@(#) SPSS DATA FILE",
        "the SPSS file cannot be read; it is damaged or cut off",
    ),
    "html": (b"<html><table></table></html>", "this is a web page or XML"),
    "zip": (b"PK\x03\x04rubbish", "the workbook is damaged"),
    "xls": (b"\xd0\xcf\x11\xe0" + b"\x07" * 900, "the workbook cannot be read"),
    "utf-16 without mark": ("x1,x2\n1,2\n".encode("utf-16-le"), "neither a workbook"),
    "no header": (b"1,2,3\n4,5,6\n", "none of the 3 headers in row 1 is a code"),
    "quotation mark": (b'x1,x2\n"1,2\n3,4\n', "answers.csv"),
    "too wide": (b"x1,x2\n1,2,3\n", "row 2: 3 cells, but the header has 2"),
}


@pytest.mark.parametrize("name", DATA_FILES)
def test_file_of_answers(folder, kocsem, name):
    content, words = DATA_FILES[name]
    (folder.path / "answers.csv").write_bytes(content)
    refused(kocsem(*RUN), folder, words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("answer.csv", "answer.csv: there is no such file; did you mean answers.csv?"),
        (".", "this is a folder, which cannot be read"),
        ("small.yaml", "small.yaml"),
    ],
)
def test_data_option(folder, kocsem, data, words):
    refused(kocsem(*RUN, "--data", data), folder, words)


def damaged(content, at):
    return content[:at] + bytes(400) + content[at + 400 :]


@pytest.mark.parametrize("spoil", [lambda b: b[:2500], lambda b: damaged(b, 3000)])
def test_damaged_workbook(folder, kocsem, spoil):
    draw().to_excel(folder.path / "answers.xlsx", index=False)
    content = (folder.path / "answers.xlsx").read_bytes()
    (folder.path / "answers.xlsx").write_bytes(spoil(content))
    outcome = kocsem(*RUN, "--data", "answers.xlsx")
    refused(outcome, folder, "answers.xlsx: the workbook is damaged")


def test_a_word_document_is_no_workbook(folder, kocsem, tmp_path):
    from docx import Document

    Document().save(tmp_path / "answers.csv")
    refused(kocsem(*RUN), folder, "answers.csv: this is a Word document")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_that_are_read(folder, kocsem, encoding):
    content = draw().assign(备注="好").to_csv(index=False)
    (folder.path / "answers.csv").write_bytes(content.encode(encoding))
    outcome = kocsem("check", "answers.csv", "--instrument", "small.yaml")
    assert (outcome.status, outcome.err) == (0, "")
    assert "received 400" in outcome.out
    assert "'备注'" in outcome.out


def with_cell(frame, column, row, cell):
    changed = frame.astype(object)
    changed.loc[row, column] = cell
    return changed


ANSWERS = {
    "item absent": (
        lambda f: f.drop(columns=["x2", "m1"]),
        "answers.csv: no column for the items x2, m1;",
    ),
    "text in an item": (
        lambda f: with_cell(f, "x1", 5, "agree"),
        "x1, row 7: (a text of 5 characters) is not one of 1 to 7",
    ),
    "out of scale": (
        lambda f: f.assign(x1=f["x1"].where(f.index > 3, 9)),
        "x1, rows 2, 3, 4, 5: '9' is not one of 1 to 7",
    ),
    "half a point": (lambda f: with_cell(f, "x1", 0, 2.5), "x1, row 2: '2.5' is not"),
    "constant": (lambda f: f.assign(x1=4), "Everyone answered 4 to x1"),
    "identical": (lambda f: f.assign(x1=f["x2"]), "x1 and x2 hold the same answers"),
    "few": (
        lambda f: f.head(7),
        "n = 7 for 9 items: the covariance matrix is singular",
    ),
    "one": (lambda f: f.head(1), "n = 1 for 9 items"),
    "never asked": (lambda f: f.assign(x1=pd.NA), "nobody answered x1"),
    "two columns": (
        lambda f: f.assign(X1=f["x1"]),
        "columns 1 ('x1') and 12 ('X1') both answer x1",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(folder, kocsem, name):
    change, words = ANSWERS[name]
    folder.answers(change(draw()))
    refused(kocsem(*RUN), folder, "kocsem: answers.csv: ", words)


def test_everyone_screened_out(folder, kocsem):
    folder.study(text=STUDY.replace("straightlining: keep", "straightlining: drop"))
    folder.answers(draw().assign(**dict.fromkeys([*ROWS, "x4"], 4)))
    words = "screening leaves no answer sheet (received 400, same answer throughout 400"
    refused(kocsem(*RUN), folder, words)


@pytest.mark.parametrize(
    ("option", "word", "known"),
    [("language", "fr", "zh, en"), ("format", "pdf", "html, docx, xlsx, latex, csv")],
)
def test_unknown_choice(folder, kocsem, option, word, known):
    outcome = kocsem(*RUN, f"--{option}", word)
    refused(outcome, folder, f"--{option} {word} is not offered; known: {known}.")


def test_output_folder_that_holds_something(folder, kocsem):
    (folder.path / "out").mkdir()
    (folder.path / "out" / "mine.txt").write_text("keep me")
    outcome = kocsem(*RUN)
    assert outcome.status == 2
    assert "The folder out is not empty, and nothing is overwritten." in outcome.err
    assert [p.name for p in (folder.path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("out", ["study.yaml", "study.yaml/deep"])
def test_output_that_is_a_file(folder, kocsem, out):
    outcome = kocsem("run", "study.yaml", "--out", out)
    refused(outcome, folder, "study.yaml is a file")
    assert folder.file.read_text(encoding="utf-8").endswith(STUDY)


def test_output_where_nothing_may_be_written(folder, kocsem, monkeypatch):
    monkeypatch.setattr(outputs.os, "access", lambda path, mode: False)
    refused(kocsem(*RUN), folder, "nothing may be written in ")


def spoilt(error):
    """Write two files, then fail."""

    def write_files(files, made):
        for _ in range(2):
            name, content = next(files)
            made.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        raise error

    return write_files


@pytest.mark.parametrize("out", ["out", "out/deeper/still"])
def test_a_full_disk(folder, kocsem, monkeypatch, out):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(outputs, "_write_files", spoilt(full))
    outcome = kocsem("run", "study.yaml", "--out", out)
    refused(outcome, folder, "The files cannot be written to", "free the space")


def test_an_interrupt(folder, kocsem, monkeypatch):
    (folder.path / "out").mkdir()
    monkeypatch.setattr(outputs, "_write_files", spoilt(KeyboardInterrupt()))
    outcome = kocsem(*RUN)
    assert (outcome.status, outcome.out) == (130, "")
    assert outcome.err == "kocsem: Interrupted; nothing was written.\n"
    assert list((folder.path / "out").iterdir()) == []


def test_an_error_of_our_own_does_not_show_its_words(folder, kocsem, monkeypatch):
    monkeypatch.setattr(outputs, "_write_files", spoilt(ValueError("李雷 13800001111")))
    outcome = kocsem(*RUN)
    refused(outcome, folder, "Something in kocsem itself went wrong (ValueError in ")
    assert "李雷" not in outcome.err
    assert "138" not in outcome.err


CHECKS = {
    "nothing.csv": "nothing.csv: there is no such file",
    ".": "this is a folder",
    "empty.csv": "the file is empty",
    "empty.yaml": "the file is empty",
    "rubbish.yaml": "this is no text",
    "rubbish": "neither a workbook nor a text",
    "report.json": "this is JSON",
    "answers.csv": "of the instrument koc_core.",
    "koc_cores": "did you mean koc_core?",
}


@pytest.mark.parametrize("name", CHECKS)
def test_check(folder, kocsem, name):
    for file in ("empty.csv", "empty.yaml"):
        (folder.path / file).touch()
    for file in ("rubbish.yaml", "rubbish"):
        (folder.path / file).write_bytes(b"\x00\xff\x01" * 50)
    (folder.path / "report.json").write_text("{}")
    refused(kocsem("check", name), folder, CHECKS[name])


@pytest.mark.parametrize("args", [(), ("rum",), ("run", "--oot", "x"), ("check",)])
def test_usage(folder, kocsem, args):
    outcome = kocsem(*args)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Usage: kocsem" in outcome.err
    assert "Traceback" not in outcome.err


PROGRAM = shutil.which("kocsem", path=str(Path(sys.executable).parent))


@pytest.mark.skipif(PROGRAM is None, reason="the command is not installed")
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("run", "none.yaml"), "kocsem: none.yaml: there is no such file"),
        (("run", "study.yaml", "--data", "study.yaml", "--out", "out"), "kocsem: "),
    ],
)
def test_as_a_program(folder, args, words):
    done = subprocess.run(
        [PROGRAM, *args], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert leftovers(folder) == []


@pytest.mark.skipif(PROGRAM is None, reason="the command is not installed")
def test_a_terminal_that_knows_no_chinese(folder):
    (folder.path / "研究.yaml").write_bytes("study: 研究\n".encode("gb18030"))
    done = subprocess.run(
        [PROGRAM, "run", "研究.yaml"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 2
    assert b"the text is not UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr
