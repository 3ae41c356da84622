"""An option that goes by a word for "not answered" is read, and told."""

import numpy as np
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.instrument.types import Instrument

CODES = {"a": 1.0, "b": 2.0, "c": 3.0}


def survey(labels):
    """Make a questionnaire of three items with these three answers."""
    return Instrument(
        id="s",
        version="1",
        title="S",
        scale={"points": 3, "anchors": list(labels)},
        constructs=[{"id": "A", "name": "A", "items": ["A1", "A2"]}],
    )


def answered(tmp_path, labels, cells, **more):
    lines = ["A1,A2", *(f"{cell},{labels[1]}" for cell in cells)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    responses = read_responses(tmp_path / "a.csv", survey(labels), **more)
    doubts = [f.value for f in responses.findings if f.code == "option-or-nothing"]
    return responses.answers["A1"].to_numpy(), doubts


@pytest.mark.parametrize("word", ["n/a", "NA", "None", "null", ".", "#N/A"])
def test_the_label_wins_over_a_word_for_nothing(tmp_path, word):
    values, doubts = answered(tmp_path, [word, "b", "c"], [word, "b", "c", ""])
    np.testing.assert_array_equal(values, [1, 2, 3, np.nan])
    assert doubts == [word]


@pytest.mark.parametrize("code", ["A1", "scale"])
def test_a_study_settles_what_the_word_means(tmp_path, code):
    recode = {code: {"N/A": None}}
    cells = ["n/a", "b", "c"]
    values, doubts = answered(tmp_path, ["n/a", "b", "c"], cells, recode=recode)
    np.testing.assert_array_equal(values, [np.nan, 2, 3])
    assert doubts == []


def test_a_word_that_no_label_bears_is_no_answer(tmp_path):
    values, doubts = answered(tmp_path, ["a", "b", "c"], ["n/a", "a", "b"])
    np.testing.assert_array_equal(values, [np.nan, 1, 2])
    assert doubts == []


def test_among_numbers_the_word_says_nothing(tmp_path):
    lines = ["A1,A2", "n/a,1", "3,2", "2,3"]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    responses = read_responses(tmp_path / "a.csv", survey(["n/a", "b", "c"]))
    np.testing.assert_array_equal(responses.answers["A1"], [np.nan, 3, 2])


def test_numbers_for_skipped_questions_stay_labels_of_a_bipolar_scale(tmp_path):
    lines = ["1、A1,2、A2", "-3,-3", "0,3", "3,0", "(跳过),-3"]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    responses = read_responses(tmp_path / "a.csv", survey(["-3", "0", "3"]))
    assert responses.source.platform == "wenjuanxing"
    np.testing.assert_array_equal(responses.answers["A1"], [1, 2, 3, np.nan])
    np.testing.assert_array_equal(responses.answers["A2"], [1, 3, 2, 1])


def test_a_label_in_brackets_is_a_label(tmp_path):
    cells = ["〖a〗", "b", "c〖why〗", ""]
    values, doubts = answered(tmp_path, ["〖a〗", "b", "c"], cells)
    np.testing.assert_array_equal(values, [1, 2, 3, np.nan])
    assert doubts == []
