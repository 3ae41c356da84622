"""A way to read samples of exports."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kocsem.data.read import inspect as reader
from kocsem.data.read.responses import read_responses
from kocsem.data.types import Responses
from kocsem.instrument.types import Instrument
from platform_samples.samples import Sample

Read = Callable[..., Responses]


@pytest.fixture
def read(tmp_path: Path, small: Instrument, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read a sample from a file, or from its cells where it is none of text."""

    def read_sample(
        sample: Sample, name: str = "answers.csv", **options: Any
    ) -> Responses:
        file = tmp_path / name
        file.write_text(sample.text, encoding="utf-8-sig")
        if sample.kind:
            monkeypatch.setattr(reader, "read_table", lambda path: sample.table())
        return read_responses(file, small, **options)

    return read_sample
