"""Files of SPSS and Stata from their bytes to answers, with labels in Chinese."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.data.types import Responses
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument
from platform_samples.samples import COLUMNS, EXPECTED

SCALE: dict[Any, str] = {1: "不同意", 2: "一般", 3: "同意"}
SCALED = ("A1", "A2", "B1", "B2", "AT")
TICKED: dict[Any, str] = {0: "未选中", 1: "选中"}
LABELS: dict[str, dict[Any, str]] = {
    "SC": {1: "是", 2: "否"},
    **dict.fromkeys(SCALED, SCALE),
    "GEN": {1: "男", 2: "女"},
    **dict.fromkeys(("CAT_1", "CAT_2", "CAT_3"), TICKED),
}
TITLES = {
    "SC": "您关注KOC吗？",
    "A1": "TA说实话。",
    "A2": "TA有话直说。",
    "B1": "我会买。",
    "B2": "B2",
    "AT": "AT",
    "GEN": "您的性别",
    "CAT_1": "哪些领域？（可多选）: 美食",
    "CAT_2": "哪些领域？（可多选）: 数码(含手机)",
    "CAT_3": "哪些领域？（可多选）: 其他",
    "YEARS": "您多大？",
    "who": "您的昵称",
}
WRITERS: dict[str, Callable[..., None]] = {
    "sav": pyreadstat.write_sav,
    "zsav": partial(pyreadstat.write_sav, compress=True),
    "dta": pyreadstat.write_dta,
}
every_kind = pytest.mark.parametrize("kind", WRITERS)


@dataclass(frozen=True)
class File:
    """What goes into a file: answers, and what SPSS or Stata know of them."""

    answers: pd.DataFrame
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=lambda: LABELS)
    titles: Mapping[str, str] = field(default_factory=lambda: TITLES)

    def write(self, path: Path, **options: Any) -> Path:
        frame = self.answers.assign(who=["张三", "小红", "小红"])
        WRITERS[path.suffix[1:]](
            frame,
            str(path),
            column_labels=[self.titles.get(str(name), "") for name in frame],
            variable_value_labels=dict(self.labels),
            **options,
        )
        return path

    def renamed(self) -> "File":
        """Return the same file with its words in the titles alone."""
        names = {code: f"V{n}" for n, code in enumerate(self.answers, start=1)}
        return File(
            self.answers.rename(columns=names),
            {names[code]: labels for code, labels in self.labels.items()},
            {names.get(code, code): title for code, title in self.titles.items()},
        )


def answered() -> File:
    return File(pd.DataFrame(EXPECTED, columns=COLUMNS))


def turned_round() -> File:
    """Return the same answers from the other end, with labels that say so."""
    file = answered()
    reverse = {code: 4 - file.answers[code] for code in SCALED}
    labels: dict[Any, str] = {4 - code: word for code, word in SCALE.items()}
    answers = file.answers.assign(**reverse)
    return File(answers, {**LABELS, **dict.fromkeys(SCALED, labels)})


def check(responses: Responses, kind: str) -> None:
    assert responses.source.platform == ("stata" if kind == "dta" else "spss")
    assert list(responses.answers.columns) == COLUMNS
    np.testing.assert_array_equal(responses.answers.to_numpy(), EXPECTED)
    assert list(responses.answers.index) == [1, 2, 3]
    assert not {"张三", "小红"} & set(repr(responses).replace("'", " ").split())


def codes(responses: Responses) -> set[str]:
    return {f.code for f in responses.findings if f.severity != "info"}


@every_kind
@pytest.mark.parametrize("file", [answered(), answered().renamed()], ids=["a", "b"])
@pytest.mark.parametrize("coding", ["auto", "number", "text"])
def test_codes_with_labels(
    file: File, kind: str, coding: Any, tmp_path: Path, small: Instrument
) -> None:
    path = file.write(tmp_path / f"a.{kind}")
    responses = read_responses(path, small, coding=coding)
    check(responses, kind)
    assert codes(responses) == set()
    personal = [f.subject for f in responses.findings if f.code == "personal-column"]
    assert personal == ["who"]


@every_kind
def test_codes_without_labels(kind: str, tmp_path: Path, small: Instrument) -> None:
    path = File(answered().answers, {}, {}).write(tmp_path / f"a.{kind}")
    check(read_responses(path, small), kind)


@every_kind
def test_labels_the_other_way_round(
    kind: str, tmp_path: Path, small: Instrument
) -> None:
    path = turned_round().write(tmp_path / f"a.{kind}")
    check(read_responses(path, small, coding="text"), kind)
    responses = read_responses(path, small)
    (finding,) = [f for f in responses.findings if f.code == "value-labels"]
    assert finding.severity == "error"
    assert "A1, A2, B1, B2, AT are reversed" in finding.message


@every_kind
def test_a_label_that_is_no_answer(
    kind: str, tmp_path: Path, small: Instrument
) -> None:
    labels = {**LABELS, "GEN": {1: "男", 2: "保密"}}
    path = File(answered().answers, labels).write(tmp_path / f"a.{kind}")
    responses = read_responses(path, small)
    check(responses, kind)
    (finding,) = [f for f in responses.findings if f.severity != "info"]
    assert (finding.code, finding.severity) == ("unknown-labels", "warning")
    assert "GEN, 2 is 'Female' in the instrument" in finding.message
    assert "保密" not in finding.message
    assert codes(read_responses(path, small, coding="number")) == set()
    with pytest.raises(DataError, match="GEN"):
        read_responses(path, small, coding="text")


@pytest.mark.parametrize(
    "labels",
    [
        {1: "1", 2: "2", 3: "3"},
        {1: "1 不同意", 3: "3=同意"},
        {1: "Disagree", 2: "Neither", 3: "Agree"},
        {1: "不同意", 9: "不适用"},
    ],
)
def test_labels_in_other_shapes_are_known(
    labels: dict[Any, str], tmp_path: Path, small: Instrument
) -> None:
    given = {**LABELS, **dict.fromkeys(SCALED, labels)}
    path = File(answered().answers, given).write(tmp_path / "a.sav")
    responses = read_responses(path, small)
    check(responses, "sav")
    assert codes(responses) == set()


@pytest.mark.parametrize("kind", ["sav", "zsav"])
@pytest.mark.parametrize("coding", ["auto", "text"])
def test_codes_declared_missing_in_spss(
    kind: str, coding: Any, tmp_path: Path, small: Instrument
) -> None:
    labels = {code: {**words, -9: "拒答"} for code, words in LABELS.items()}
    answers = answered().answers.fillna(-9.0)
    path = File(answers, labels).write(
        tmp_path / f"a.{kind}", missing_ranges={code: [-9] for code in COLUMNS}
    )
    responses = read_responses(path, small, coding=coding)
    check(responses, kind)
    assert codes(responses) == set()
    assert "declared-missing" in {finding.code for finding in responses.findings}


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_a_missing_code_that_is_not_declared_is_an_error(
    kind: str, tmp_path: Path, small: Instrument
) -> None:
    path = File(answered().answers.fillna(-9.0)).write(tmp_path / f"a.{kind}")
    with pytest.raises(DataError, match="-9"):
        read_responses(path, small)


def test_missing_letters_of_stata(tmp_path: Path, small: Instrument) -> None:
    answers = answered().answers
    answers = answers.astype(object).where(answers.notna(), "a")
    holed = [code for code in COLUMNS if (answers[code] == "a").any()]
    labels = {
        code: {**words, "a": "拒答"} if code in holed else words
        for code, words in LABELS.items()
    }
    path = File(answers, labels).write(
        tmp_path / "a.dta", missing_user_values={code: ["a"] for code in holed}
    )
    responses = read_responses(path, small)
    check(responses, "dta")
    assert codes(responses) == set()


def test_declared_missing_words_about_a_person_stay_unsaid(
    tmp_path: Path, small: Instrument
) -> None:
    path = answered().write(tmp_path / "a.sav", missing_ranges={"who": ["小红"]})
    responses = read_responses(path, small)
    check(responses, "sav")
    assert "小红" not in str(responses.findings)
