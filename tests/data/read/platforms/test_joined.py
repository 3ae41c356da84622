"""Exports that were joined below each other are noticed on every platform."""

from collections.abc import Callable

import pytest

from kocsem.data.types import Responses
from kocsem.errors import DataError
from platform_samples.samples import SAMPLES

Read = Callable[..., Responses]
TEXTS = [name for name, sample in SAMPLES.items() if not sample.kind]
NUMBERED = {  # where answer sheets bear a number under a fixed name
    *("wenjuanxing/number", "wenjuanxing/text", "wenjuanxing/old"),
    *("wenjuanxing/tagged", "tencent/export", "tencent/filled_in"),
    *("limesurvey/codes", "limesurvey/full_text"),
    *("redcap/raw", "redcap/labels", "redcap/headers", "kobo/split"),
}


REPEATING = ("qualtrics/numbers", "qualtrics/words", "qualtrics/no")  # one ResponseId


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_headers_in_the_middle_are_refused(name: str, turned: bool, read: Read) -> None:
    sample = SAMPLES[name]
    below = sample.turned().rows() if turned else sample.rows()
    with pytest.raises(DataError, match=r"repeats the headers|but the header has"):
        read(sample.with_rows([*sample.rows(), *below]))


@pytest.mark.parametrize("name", sorted(NUMBERED))
def test_sheets_that_come_twice_are_told(name: str, read: Read) -> None:
    sample = SAMPLES[name]
    rows = sample.rows()
    responses = read(sample.with_rows([*rows, *rows[-2:]]))
    found = [f for f in responses.findings if f.code == "repeated-number"]
    assert found
    assert {f.severity for f in found} == {"warning"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_sample_itself_is_not_taken_for_joined(name: str, read: Read) -> None:
    codes = {finding.code for finding in read(SAMPLES[name]).findings}
    assert codes.isdisjoint({"unanswered-stretch", "end-never-chosen"})
    assert ("repeated-number" in codes) == name.startswith(REPEATING)
