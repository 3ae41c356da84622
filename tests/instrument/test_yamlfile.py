"""Errors of a YAML file name the file, the line and the key."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from kocsem.errors import InstrumentError, StudyError
from kocsem.instrument.yamlfile import load_model


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width: float
    kind: str = "x"


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    on: bool = False
    parts: list[Inner] = []
    named: dict[str, Inner] = {}
    either: bool | Inner = False


def load(tmp_path: Path, text: str) -> Outer:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    return load_model(file, Outer, error=StudyError)


def message_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(StudyError) as caught:
        load(tmp_path, text)
    return str(caught.value).removeprefix(str(tmp_path / "file.yaml"))


def test_a_file_becomes_a_record(tmp_path: Path) -> None:
    record = load(tmp_path, "name: a\nparts:\n  - {width: 1e-6}\n  - {width: 2}\n")
    assert [part.width for part in record.parts] == [1e-6, 2.0]


@pytest.mark.parametrize("word", ["no", "off", "Yes", "1:30", "2025-01-01", "007"])
def test_words_that_yaml_1_1_would_change_stay_text(tmp_path: Path, word: str) -> None:
    assert load(tmp_path, f"name: {word}\n").name == word


def test_a_merged_part_is_read(tmp_path: Path) -> None:
    text = "name: a\nparts:\n- &one {width: 1}\n- {<<: *one, kind: y}\n"
    assert load(tmp_path, text).parts[1] == Inner(width=1, kind="y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nam: a\n", "line 1: nam: unknown key; did you mean name?"),
        ("name: a\nzzz: 1\n", ", line 2: zzz: unknown key; known: name, on, parts"),
        (
            "name: a\nparts:\n- width: 1\n  kin: 2\n",
            ", line 4: parts[1].kin: unknown key",
        ),
        (
            "name: a\nparts:\n- kind: b\n",
            ", line 3: parts[1].width: this key is missing",
        ),
        (
            "name: a\nnamed:\n  b:\n    widht: 1\n    width: 1\n",
            ", line 4: named.b.widht: unknown key; did you mean width?",
        ),
        (
            "name: 3\n",
            ", line 1: name: must be text, not the number 3; put it in quotes",
        ),
        ("name: a\nparts: 3\n", ", line 2: parts: must be a list, not 3."),
        ("name: a\nparts: [3]\n", ", line 2: parts[1]: must"),
        (
            "name: a\nname: b\n",
            ", line 2: name: given twice, first on line 1; keep one.",
        ),
        ("name: a\neither: {widht: 1}\n", "line 2: either.widht: unknown key; did you"),
        ("", ": the file is empty."),
        ("# nothing\n", ": the file is empty."),
        ("- a\n", ": expected keys with values"),
        ("just words\n", ": expected keys with values"),
        ("name: [1\n", "line 2, column 1: this is no YAML"),
        ("name: &a [*a]\n", "line 1, column 7: this is no YAML (a part that contains"),
        ("name: *b\n", "line 1, column 7: this is no YAML"),
        ("name: \x07\n", ": character 7 is not allowed"),
        ("? [a]\n: b\n", "is no YAML"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in message_of(tmp_path, text)


def test_syntax_errors_show_the_line_with_a_caret(tmp_path: Path) -> None:
    lines = message_of(tmp_path, "name: a\nparts: {a: b: c}\n").splitlines()
    assert lines[1].strip() == "parts: {a: b: c}"
    assert lines[2].index("^") == lines[1].index(": c")


def test_all_problems_are_listed_in_order(tmp_path: Path) -> None:
    message = message_of(tmp_path, "parts:\n- {width: x}\nnme: a\nparts: []\n")
    assert message.splitlines() == [
        ": 3 problems.",
        "  line 1: name: this key is missing",
        "  line 3: nme: unknown key; did you mean name?",
        "  line 4: parts: given twice, first on line 1; keep one",
    ]


def test_a_missing_file_a_folder_and_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="there is no such file"):
        load_model(tmp_path / "none.yaml", Outer, error=InstrumentError)
    with pytest.raises(InstrumentError, match="cannot be read"):
        load_model(tmp_path, Outer, error=InstrumentError)
    (tmp_path / "gbk.yaml").write_bytes("name: 信任\n".encode("gbk"))
    with pytest.raises(
        InstrumentError, match="line 1: the text is not UTF-8 but seems to be GB 18030"
    ):
        load_model(tmp_path / "gbk.yaml", Outer, error=InstrumentError)


def bomb(width: int) -> str:
    """Write aliases of aliases, each ten times the one before."""
    tens = [", ".join([f"*a{level}"] * 10) for level in range(width)]
    lines = [f"b{level}: &a{level + 1} [{ten}]" for level, ten in enumerate(tens)]
    return "\n".join(["a: &a0 [x]", *lines])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (bomb(8), "look for aliases, '*name', that repeat each other"),
        (bomb(40), "look for aliases, '*name', that repeat each other"),
        ("a: " + "[" * 3000 + "]" * 3000, "nested too deep"),
        ("a: " + "[" * 90 + "]" * 90, "beyond what a survey or a study can hold"),
        ("a: " + "x" * 4_000_001, "4,000,004 signs are too many"),
        ("a: &a [*a]", "contains itself"),
    ],
    ids=["bomb", "big bomb", "abyss", "deep", "long", "circle"],
)
def test_files_made_to_explode_are_refused(
    tmp_path: Path, text: str, expected: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        load_model(file, Outer, error=InstrumentError)
    assert expected in str(caught.value)
    assert str(file) in str(caught.value)
