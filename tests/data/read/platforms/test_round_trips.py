"""What a platform writes is what is read: random instruments, answers and styles."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kocsem.data.read import inspect as reader
from kocsem.data.read.responses import read_responses
from kocsem.data.types import Responses
from kocsem.instrument.types import Instrument
from platform_answers.labelled import labelled_table
from platform_answers.strategies import surveys

PLATFORMS = (
    *("wenjuanxing", "tencent", "qualtrics", "limesurvey", "redcap", "kobo"),
    *("google_forms", "plain"),
)
Write = Callable[..., bytes]
Survey = tuple[Instrument, pd.DataFrame]

quick = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # what fails is shown as drawn: shrinking takes minutes
)


def writer_of(platform: str) -> Write:
    module = import_module(f"platform_answers.{platform}")
    write: Write = getattr(module, f"write_{platform}")
    return write


def check(responses: Responses, answers: pd.DataFrame, platform: str) -> None:
    assert responses.source.platform == platform
    assert list(responses.answers.columns) == list(answers.columns)
    np.testing.assert_array_equal(responses.answers.to_numpy(), answers.to_numpy())
    rows = responses.answers.index.to_numpy()
    first = {"qualtrics": 4}.get(platform, 2)
    np.testing.assert_array_equal(rows, np.arange(first, first + len(answers)))


@pytest.mark.parametrize("coding", ["number", "text"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_texts(
    platform: str, coding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write = writer_of(platform)
    file = tmp_path_factory.mktemp("answers") / "answers.csv"

    @quick
    @given(surveys(), st.integers(0, 2**32 - 1))
    def reads_back(survey: Survey, seed: int) -> None:
        instrument, answers = survey
        rng = np.random.default_rng(seed)
        file.write_bytes(write(instrument, answers, coding=coding, rng=rng))
        check(read_responses(file, instrument), answers, platform)

    reads_back()


@pytest.mark.parametrize(("kind", "platform"), [("sav", "spss"), ("dta", "stata")])
def test_labelled_files(
    kind: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {}
    monkeypatch.setattr(reader, "read_table", lambda path: tables["drawn"])

    @quick
    @given(surveys(), st.integers(0, 2**32 - 1))
    def reads_back(survey: Survey, seed: int) -> None:
        instrument, answers = survey
        rng = np.random.default_rng(seed)
        tables["drawn"] = labelled_table(instrument, answers, kind=kind, rng=rng)
        responses = read_responses(Path("drawn"), instrument)
        check(responses, answers, platform)
        assert [f for f in responses.findings if f.code == "value-labels"] == []

    reads_back()
