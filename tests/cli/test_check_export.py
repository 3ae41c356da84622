"""``kocsem check EXPORT`` shows what each column became, and what settles doubts."""

import pytest
import yaml

from small_study import draw


def checked(kocsem):
    return kocsem("check", "answers.csv", "--instrument", "small.yaml")


def test_every_column_is_listed(folder, kocsem):
    frame = draw()
    frame.loc[3, "x1"] = None
    folder.answers(frame.assign(IP="9.9.9.9", comment="hello"))
    outcome = checked(kocsem)
    lines = {
        words[1]: words
        for line in outcome.out.splitlines()
        if len(words := line.split()) > 2
    }
    assert lines["x1"][:5] == ["1", "x1", "code", "1-7,", "1"]
    assert lines["SEX"][:4] == ["11", "SEX", "words", "1,2"]
    assert "12  the origin, for duplicates only: 'IP'" in outcome.out
    assert "13  'comment'" in outcome.out
    assert "9.9.9.9" not in outcome.out + outcome.err
    assert "the study file needs no mapping" in outcome.out


@pytest.mark.parametrize("rest", ["run", "check"])
def test_the_block_can_be_pasted(folder, kocsem, rest):
    folder.answers(draw().rename(columns={"SEX": "gender"}))
    outcome = checked(kocsem)
    assert outcome.status in (0, 1)
    block = outcome.out[outcome.out.index("data:\n") :].partition("\n\n")[0]
    data = yaml.safe_load(block)["data"]
    assert data == {"file": "answers.csv", "mapping": {"SEX": None}}
    data["mapping"]["SEX"] = "gender"
    study = yaml.safe_load(folder.file.read_text(encoding="utf-8")) | {"data": data}
    folder.file.write_text(yaml.safe_dump(study), encoding="utf-8")
    args = ("--out", "out", "--format", "csv") if rest == "run" else ()
    assert kocsem(rest, "study.yaml", *args).status == 0


def test_what_cannot_be_read_is_shown_first(folder, kocsem):
    frame = draw().astype(object)
    frame.loc[0, "x2"] = 9
    folder.answers(frame)
    outcome = checked(kocsem)
    assert outcome.status == 2
    assert "1 wrong" in outcome.out
    assert "x2, row 2: '9' is not one of 1 to 7" in outcome.err


def test_platform_and_coding_can_be_tried(folder, kocsem):
    folder.answers(draw())
    said = ("--instrument", "small.yaml", "--platform", "plain", "--coding", "number")
    assert kocsem("check", "answers.csv", *said).status == 0


@pytest.mark.parametrize(
    ("option", "word", "expected"),
    [
        ("--platform", "wenjuanxin", "did you mean wenjuanxing?"),
        ("--platform", "redcap", "redcap"),
        ("--coding", "txt", "did you mean text?"),
    ],
)
def test_words_that_are_not_offered(folder, kocsem, option, word, expected):
    folder.answers(draw())
    said = ("--instrument", "small.yaml", option, word)
    outcome = kocsem("check", "answers.csv", *said)
    assert outcome.status == 2
    assert expected in outcome.err
    assert outcome.err.count("?.") == 0
