"""Exports of every platform and coding give the same answers, and no personal data."""

from collections.abc import Callable

import pytest

from kocsem.data.read.platforms.registry import PLATFORMS, find_platform
from kocsem.data.types import Responses
from kocsem.errors import DataError
from platform_samples.samples import SAMPLES, SECRETS, check

Read = Callable[..., Responses]

every_sample = pytest.mark.parametrize("name", SAMPLES)


@every_sample
def test_answers_agree(name: str, read: Read) -> None:
    sample = SAMPLES[name]
    check(read(sample), sample)


@every_sample
def test_the_order_of_columns_does_not_matter(name: str, read: Read) -> None:
    sample = SAMPLES[name]
    check(read(sample.turned()), sample)


@every_sample
def test_codes_and_words_agree(name: str, read: Read) -> None:
    codes = {finding.code for finding in read(SAMPLES[name]).findings}
    assert not codes & {"code-and-words-differ", "value-labels", "export-by-score"}


@every_sample
def test_only_its_own_platform_knows_an_export(name: str) -> None:
    sample = SAMPLES[name]
    knowing = [p.name for p in PLATFORMS if p.recognises(sample.table())]
    also = ["spss"] if sample.kind == "sav" and sample.platform != "spss" else []
    expected = [sample.platform, *also, "plain"]
    assert knowing == (["plain"] if sample.platform == "plain" else expected)


@every_sample
def test_no_personal_data_in_anything_read(name: str, read: Read) -> None:
    sample = SAMPLES[name]
    responses = read(sample)
    everything = repr(responses) + responses.answers.to_csv()
    assert [secret for secret in SECRETS if secret in everything] == []


@pytest.mark.parametrize("platform", [p.name for p in PLATFORMS if p.name != "plain"])
def test_a_platform_is_not_taken_at_its_word(platform: str) -> None:
    table = SAMPLES["plain/codes"].table()
    with pytest.raises(DataError, match=f"no export of {platform}; its content looks"):
        find_platform(platform, table)


def test_every_platform_has_a_sample() -> None:
    assert {s.platform for s in SAMPLES.values()} == {p.name for p in PLATFORMS}


def test_secrets_are_in_the_samples() -> None:
    everything = "".join(sample.text for sample in SAMPLES.values())
    assert [secret for secret in SECRETS if secret not in everything] == []
