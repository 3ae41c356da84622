"""Of who answered, nothing leaves an export of any platform that is read."""

from pathlib import Path

import pytest

from kocsem.cli.export_report import export_lines
from kocsem.data.read.choices import ReadingChoices
from kocsem.data.read.inspect import inspect_export
from kocsem.data.read.responses import read_responses, responses_of
from kocsem.data.screening.screen import screen
from kocsem.errors import DataError
from kocsem.instrument.types import Instrument
from platform_samples.people import (
    PEOPLE,
    found_in,
    headers_of,
    with_people,
    write_with_people,
)
from platform_samples.samples import SAMPLES, check

every_sample = pytest.mark.parametrize("name", SAMPLES)


@every_sample
def test_nothing_of_them_is_read_shown_or_kept(
    name: str, tmp_path: Path, small: Instrument
) -> None:
    sample = SAMPLES[name]
    file = write_with_people(sample, tmp_path)
    inspection = inspect_export(file, small, ReadingChoices())
    responses = responses_of(inspection, small)
    check(responses, sample)
    screening = screen(responses, small)
    everything = [
        *(repr(inspection), repr(responses), repr(screening)),
        *export_lines(inspection, small),
        responses.answers.to_csv(),
        screening.dropped.to_csv(),
    ]
    assert found_in("\n".join(everything)) == []


@every_sample
def test_columns_that_ask_who_are_named(
    name: str, tmp_path: Path, small: Instrument
) -> None:
    file = write_with_people(SAMPLES[name], tmp_path)
    inspection = inspect_export(file, small, ReadingChoices())
    findings = responses_of(inspection, small).findings
    named = {f.subject for f in findings if f.code == "personal-column"}
    *about, free_text = inspection.columns[-len(PEOPLE) :]
    open_ = {column.header for column in about if column.role == "question"}
    assert open_ <= named
    assert free_text.header not in named
    assert len(about) - len(open_) <= 8  # what the platform itself tells of a person


@pytest.mark.parametrize("name", [n for n, s in SAMPLES.items() if not s.kind])
@pytest.mark.parametrize("person", PEOPLE)
def test_no_message_repeats_what_stands_in_place_of_an_answer(
    name: str, person: str, tmp_path: Path, small: Instrument
) -> None:
    sample = SAMPLES[name]
    headers = headers_of(sample)
    rows = with_people(sample.rows(), headers)
    place = len(rows[0]) - len(PEOPLE) + list(PEOPLE).index(person)
    answered = next(
        column
        for column, header in enumerate(rows[0])
        if any(word in header for word in ("A1", "Q2_1", "TA说实话", "tells the truth"))
        or header in ("a1", "ROWS[A1]", "rows_A1")
    )
    for row in rows[headers:]:
        row[answered] = row[place]
    file = tmp_path / "answers.csv"
    file.write_text(sample.with_rows(rows).text, encoding="utf-8-sig")
    with pytest.raises(DataError) as caught:
        read_responses(file, small)
    assert found_in(str(caught.value)) == []
    assert caught.value.__cause__ is None
