"""A corpus of broken exports and instruments, each as a user hands it in.

What can be read gives the answers of the clean file; what cannot says where, and what
to do. Nothing is written, nothing personal is shown, and nothing ends in a traceback.
"""

import pandas as pd
import pytest

from broken_files.books import BOOKS, as_workbook
from broken_files.clean import ANSWERS, INSTRUMENT, SECRETS, STUDY, clean, csv_of
from broken_files.instruments import INSTRUMENTS, RING
from broken_files.labelled import LABELLED
from broken_files.studies import STUDIES
from broken_files.texts import RECOVERED, REFUSED
from kocsem.data.read.responses import read_responses
from kocsem.instrument.load import load_instrument

TEXTS = {**RECOVERED, **REFUSED}
TWINS = {
    f"{name}, as a workbook": as_workbook(case)
    for name, case in TEXTS.items()
    if case.rows
}
EXPORTS = {**TEXTS, **TWINS, **BOOKS, **LABELLED}
READ = [name for name, case in EXPORTS.items() if case.reads]


def plain(text):
    """Return words without the line breaks of a narrow terminal."""
    return "".join(text.split())


def check_outcome(outcome, folder, before, status, words):
    """Check what a command said, and that it left nothing behind."""
    said = outcome.out + outcome.err
    for word in words:
        assert plain(word) in plain(said), said
    assert outcome.status == status, said
    assert "Traceback" not in said
    assert "kocsem itself went wrong" not in said
    assert not [secret for secret in SECRETS if plain(secret) in plain(said)]
    assert sorted(folder.rglob("*")) == before


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the questionnaire, in which the command is given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "probe.yaml").write_text(INSTRUMENT, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "answers.csv").write_bytes(csv_of(clean()))
    return tmp_path


@pytest.mark.parametrize("name", EXPORTS)
def test_export(folder, kocsem, name):
    case = EXPORTS[name]
    (folder / case.name).write_bytes(case.make())
    (folder / "probe.yaml").write_text(case.instrument, encoding="utf-8")
    before = sorted(folder.rglob("*"))
    outcome = kocsem("check", case.name, "--instrument", "probe.yaml")
    check_outcome(outcome, folder, before, case.status, case.words)


@pytest.mark.parametrize("name", READ)
def test_answers_are_those_of_the_clean_file(folder, name):
    case = EXPORTS[name]
    (folder / case.name).write_bytes(case.make())
    (folder / "probe.yaml").write_text(case.instrument, encoding="utf-8")
    read = read_responses(folder / case.name, load_instrument(folder / "probe.yaml"))
    expected, answers = ANSWERS, read.answers
    if read.source.encoding in ("sav", "dta"):
        expected = expected.set_axis(range(1, len(expected) + 1))
    pd.testing.assert_frame_equal(
        answers[sorted(answers)],
        expected[sorted(expected)],
        check_names=False,
        check_index_type=False,
    )


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_instrument(folder, kocsem, name):
    case = INSTRUMENTS[name]
    text = case.text if isinstance(case.text, bytes) else case.text.encode()
    (folder / "probe.yaml").write_bytes(text)
    (folder / "ring.yaml").write_text(RING, encoding="utf-8")
    before = sorted(folder.rglob("*"))
    outcome = kocsem("check", "probe.yaml")
    check_outcome(outcome, folder, before, case.status, case.words)


@pytest.mark.parametrize("name", STUDIES)
def test_study(folder, kocsem, name):
    case = STUDIES[name]
    (folder / "study.yaml").write_text(case.study, encoding="utf-8")
    (folder / "answers.csv").write_bytes(case.make())
    before = sorted(folder.rglob("*"))
    outcome = kocsem("run", "study.yaml", "--out", "out", *case.options)
    check_outcome(outcome, folder, before, 2, case.words)


def test_answers_outside_the_folder_are_told(folder, kocsem, monkeypatch):
    (folder / "inside").mkdir()
    outside = STUDY.replace("probe.yaml", "../probe.yaml").replace(
        "answers", "../answers"
    )
    (folder / "inside" / "study.yaml").write_text(outside, encoding="utf-8")
    before = sorted(folder.rglob("*"))
    outcome = kocsem("check", "inside/study.yaml")
    words = (
        "../answers.csv, which lies outside the study's folder",
        "../probe.yaml, wh",
    )
    check_outcome(outcome, folder, before, 1, words)
